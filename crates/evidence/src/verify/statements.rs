//! Compares the statements of one recording with the ledger.

use domain::record::ledger::Sha256;

use super::finding::{BundleProblem, Finding};
use crate::claims::{Confirmations, Deletions, ReviewClaims};
use crate::documents::{FactForm, RecordingDocument};
use crate::names::{RECORDINGS, UNKNOWNS};

/// Statements of a recording that the ledger must confirm.
pub struct Statements {
    etag: Option<String>,
    sha256: Option<Sha256>,
    /// Hash of the content in the bundle.
    content: Option<Sha256>,
    is_hash_found: bool,
    /// Hash of this version in the ledger.
    in_ledger: Option<Sha256>,
    /// Account, container and name of the blob.
    address: [String; 3],
    /// True if the ledger has another address.
    has_other_address: bool,
    reviews: ReviewClaims,
    confirmations: Confirmations,
    deletions: Deletions,
    /// Holds on the recording, with their cases.
    holds: Vec<(String, String)>,
    /// What the line says is unknown.
    open: Vec<&'static str>,
}

impl Statements {
    /// Takes the statements of a line. `content` is the hash of the content in the bundle.
    pub fn from_document(document: RecordingDocument, content: Option<Sha256>) -> Self {
        let open = document.unknown();
        let RecordingDocument { recording, reviews, .. } = document;
        let held = recording.holds.iter().filter_map(|held| Some((held.hold.clone()?, held.case.clone())));
        Self {
            sha256: recording.content_sha256.as_deref().and_then(Sha256::parse),
            content,
            is_hash_found: false,
            in_ledger: None,
            address: recording.address().map(str::to_owned),
            has_other_address: false,
            reviews: ReviewClaims::new(reviews),
            confirmations: Confirmations::new(recording.confirmation()),
            holds: held.collect(),
            deletions: Deletions::new(recording.deletion.and_then(|deletion| deletion.tombstone)),
            etag: recording.etag,
            open,
        }
    }

    /// Returns the holds on the recording, with their cases.
    pub fn holds(&self) -> &[(String, String)] {
        &self.holds
    }

    /// Compares a fact about the recording.
    pub fn take(&mut self, fact: &FactForm) {
        let address = [&fact.account, &fact.container, &fact.name];
        let is_same = |(said, own): (&Option<String>, &String)| said.as_ref().is_none_or(|said| said == own);
        self.has_other_address |= !address.into_iter().zip(&self.address).all(is_same);
        match fact.kind.as_str() {
            "recording.hashed" => {
                let hash = fact.sha256.as_deref().and_then(Sha256::parse);
                self.is_hash_found |= self.sha256.is_some() && hash == self.sha256;
                if self.etag.is_some() && self.etag == fact.etag {
                    self.in_ledger = hash;
                }
            }
            "recording.reviewed" => self.reviews.take(fact),
            "recording.confirmed" => self.confirmations.take(fact),
            "recording.deleted" => self.deletions.take(fact),
            _ => {}
        }
    }

    /// Reports the differences to the ledger, except those that `unknown.jsonl` lists.
    pub fn report(&self, id: &str, is_listed: impl Fn(&str) -> bool, report: &mut dyn FnMut(Finding)) {
        for what in self.open.iter().filter(|what| !is_listed(what)) {
            let detail = format!("the line of {id} says that its {what} are not all known, and unknown.jsonl does not");
            report(Finding::new(UNKNOWNS, BundleProblem::Contradiction, detail));
        }
        let mut find = |detail: String| report(Finding::new(RECORDINGS, BundleProblem::Contradiction, detail));
        if self.has_other_address {
            find(format!("the ledger has another blob for {id}"));
        }
        let stated = self.content.or(self.sha256);
        if let (Some(stated), Some(recorded)) = (stated, self.in_ledger.filter(|hash| Some(*hash) != stated)) {
            find(format!("the bundle has the SHA-256 {stated} of {id}, but the ledger has {recorded}"));
        }
        let is_hash_open = self.sha256.is_some() && !self.is_hash_found;
        let open = [
            (is_hash_open, "hash_in_ledger", "its hash"),
            (self.reviews.differ(), "review_in_ledger", "its reviews"),
            (self.confirmations.differ(), "confirmation_in_ledger", "the confirmation of its session"),
            (self.deletions.differ(), "deletion_in_ledger", "its deletion"),
        ];
        for (_, _, about) in open.into_iter().filter(|(is_open, what, _)| *is_open && !is_listed(what)) {
            find(format!(
                "{id} and the ledger lines in the bundle differ on {about}, and unknown.jsonl does not say so"
            ));
        }
    }
}
