//! Checks what only the whole bundle shows: manifest, signature, missing files, and the end of the ledger.

use std::collections::{HashMap, HashSet};

use domain::record::ledger::Sha256;
use jiff::Timestamp;

use super::finding::{BundleProblem, Finding};
use super::{LONGEST_BUFFER, Proof, SignatureState, Verifier};
use crate::envelope::{Envelope, KeyCheck, VerifyingKey};
use crate::manifest::{FORMAT, Manifest, ManifestFile, VERSION};
use crate::names::{ENVELOPE, FileKind, MANIFEST};

type Report<'r> = &'r mut dyn FnMut(Finding);

/// Reads the manifest, and compares the files before it with those that it names.
pub fn read_manifest(bytes: Vec<u8>, files: &[ManifestFile], report: Report<'_>) -> Option<(Manifest, Vec<u8>)> {
    let parsed = serde_json::from_slice::<Manifest>(&bytes).ok().filter(|_| bytes.len() <= LONGEST_BUFFER);
    let Some(manifest) = parsed.filter(|manifest| manifest.bytes() == bytes) else {
        report(Finding::new(MANIFEST, BundleProblem::Format, "it does not have the form of a manifest"));
        return None;
    };
    if manifest.format != FORMAT || manifest.version != VERSION {
        report(Finding::new(
            MANIFEST,
            BundleProblem::Format,
            "it has another format or version; use a newer archivist",
        ));
    }
    let found: HashMap<&str, &ManifestFile> = files.iter().map(|file| (file.name.as_str(), file)).collect();
    for named in &manifest.files {
        match found.get(named.name.as_str()) {
            None => report(Finding::new(&named.name, BundleProblem::Files, "the manifest names it, but it is missing")),
            Some(found) if *found != named => {
                let ManifestFile { size, sha256, .. } = found;
                let stated = format!("the manifest says {} ({} bytes)", named.sha256, named.size);
                let detail = format!("its SHA-256 is {sha256} ({size} bytes), but {stated}");
                report(Finding::new(&named.name, BundleProblem::Changed, detail));
            }
            Some(_) => {}
        }
    }
    let named: HashSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    for file in files.iter().filter(|file| !named.contains(file.name.as_str())) {
        report(Finding::new(&file.name, BundleProblem::Files, "the manifest does not name it"));
    }
    let names = |files: &[ManifestFile]| files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
    let is_complete = named.len() == files.len() && files.iter().all(|file| named.contains(file.name.as_str()));
    if is_complete && names(&manifest.files) != names(files) {
        let detail = "it names a file twice, or the files in another order than they have";
        report(Finding::new(MANIFEST, BundleProblem::Contradiction, detail));
    }
    Some((manifest, bytes))
}

impl Verifier {
    /// Ends the verification.
    pub(super) fn finish(mut self, key: Option<&VerifyingKey>, head: Option<Sha256>, report: Report<'_>) -> Proof {
        for kind in FileKind::MANDATORY {
            if !self.seen.contains(&kind) {
                report(Finding::new(&kind.name(), BundleProblem::Files, "it is missing"));
            }
        }
        self.recordings.finish(report);
        if let Some((manifest, _)) = &self.manifest {
            self.compare_state(manifest, report);
        }
        let page = std::mem::take(&mut self.recordings.page);
        let page = page.finish(self.manifest.as_ref().map(|(manifest, _)| manifest), report);
        if head.is_some() && self.ledger.under_wanted().is_none() {
            let detail = "no ledger line of the bundle has the given head: ledger or head is of another history, or the \
                          bundle does not reach so far";
            report(Finding { file: None, problem: BundleProblem::Head, detail: detail.to_owned() });
        }
        let signature = self.signature(key, report);
        let (head, anchor) = match &self.manifest {
            Some((manifest, _)) => (manifest.head.clone(), manifest.anchor.clone()),
            None => (None, None),
        };
        Proof {
            as_of: self.manifest.as_ref().map(|(manifest, _)| manifest.as_of.clone()),
            files: self.files.len() as u64,
            bytes: self.bytes,
            recordings: self.recordings.count,
            contents: self.recordings.contents_checked,
            audit_records: self.recordings.audit_records,
            unknown: self.recordings.unknowns,
            facts: self.ledger.facts,
            facts_anchored: self.ledger.anchored(),
            facts_under_head: self.ledger.under_wanted(),
            head,
            anchor,
            page,
            signature,
        }
    }

    fn compare_state(&self, manifest: &Manifest, report: Report<'_>) {
        let recordings = &self.recordings;
        let mut find = |detail: String| report(Finding::new(MANIFEST, BundleProblem::Contradiction, detail));
        if manifest.recordings != recordings.count {
            find(format!("it counts {} recordings, but there are {}", manifest.recordings, recordings.count));
        }
        let expected = if manifest.with_content { recordings.count } else { 0 };
        if recordings.with_section != expected {
            let (stated, found) = (manifest.with_content, recordings.with_section);
            find(format!("it says with_content {stated}, but {found} recordings have a section about their content"));
        }
        let time = |text: &str| text.parse::<Timestamp>().ok();
        let newest = recordings.newest.max(manifest.head.as_ref().and_then(|head| time(&head.at)));
        if recordings.count > 0 && time(&manifest.as_of) != newest {
            find("as_of is not the newest time of its recordings and of the head of the ledger".to_owned());
        }
        self.ledger.finish(manifest, report);
    }

    fn signature(&self, key: Option<&VerifyingKey>, report: Report<'_>) -> SignatureState {
        let mut find = |detail: &str| report(Finding::new(ENVELOPE, BundleProblem::Signature, detail));
        let Some(bytes) = &self.envelope else {
            if key.is_some() {
                find("it is missing: nobody signed the bundle");
            }
            return SignatureState::Unsigned;
        };
        let Some(envelope) = Envelope::parse(bytes).filter(|_| bytes.len() <= LONGEST_BUFFER) else {
            find("it is not a signature of a bundle");
            return SignatureState::Wrong { keys: Vec::new() };
        };
        let keys = envelope.key_ids();
        let Some((_, manifest)) = &self.manifest else {
            return SignatureState::Wrong { keys };
        };
        if !envelope.holds(manifest) {
            find("it signs another manifest");
            return SignatureState::Wrong { keys };
        }
        match key.map(|key| (key, envelope.check(manifest, key))) {
            None => SignatureState::NotChecked { keys },
            Some((key, KeyCheck::Valid)) => SignatureState::Valid { key: key.id().to_owned() },
            Some((_, KeyCheck::Wrong)) => {
                find("the signature does not fit the manifest");
                SignatureState::Wrong { keys }
            }
            Some((key, KeyCheck::Other)) => {
                find(&format!("the given key {} did not sign it", key.id()));
                SignatureState::Wrong { keys }
            }
        }
    }
}
