//! Reviews, viewings and exports of evidence in the course of the years.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use domain::decide::catalogue::ReviewSubmission;
use domain::record::access::AccessKind;
use domain::record::catalogue::Entry;
use domain::record::hold::Actor;
use domain::record::review::ReviewOutcome;
use jiff::Timestamp;
use pipeline::evidence::{EvidenceSelection, ExportEvidence, SelectedRecordings};
use pipeline::ports::{Clock, Ledger};
use pipeline::testing::schedule::now;

use crate::retention::world::RetentionWorld;

/// Evidence as it truly is.
#[derive(Debug, Default)]
pub struct TrueEvidence {
    /// Number of reviews by recording.
    pub reviews: BTreeMap<String, usize>,
    /// Viewings: recording, person and time. Two at one time are one.
    pub views: BTreeSet<(String, &'static str, Timestamp)>,
    /// Number of bundles.
    pub exports: usize,
}

impl RetentionWorld {
    fn entry_named(&self, name: &str) -> Option<Entry> {
        self.entries().into_iter().find(|entry| entry.address.name.as_str() == name)
    }

    /// A person who was in no session reviews a recording. The archivist may refuse it, for example before it is final.
    pub fn review(&self, name: &str, outcome: ReviewOutcome) {
        let Some(entry) = self.entry_named(name) else { return };
        let by = Actor { name: "eve@contoso.example".to_owned(), is_verified: true };
        let submitted = ReviewSubmission { outcome, by, ticket: None, note: None };
        let marked = now(self.healthy().reviews.mark(entry.id, &submitted)).unwrap();
        if marked.is_ok_and(|marked| marked.is_changed) {
            *self.truth().evidence.reviews.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// A person opens a recording, as a line of the access log shows.
    pub fn view(&mut self, name: &str, person: &'static str) {
        let (number, at) = (self.next_event(), self.clock.now());
        let line = format!(
            r#"{{"time":"{at}","category":"StorageRead","operationName":"GetBlob","statusCode":200,"callerIpAddress":"203.0.113.7:5000","correlationId":"{number:08x}-601e-0001-0001-000000000000","identity":{{"type":"OAuth","requester":{{"appId":"portal","objectId":"oid-{person}","upn":"{person}"}}}},"properties":{{"accountName":"stbastionrec01","responseBodySize":3}},"uri":"https://stbastionrec01.blob.core.windows.net:443/recordings/{name}"}}
"#
        );
        now(self.healthy().audit_log.replay_piece(line.as_bytes())).unwrap();
        self.truth().evidence.views.insert((name.to_owned(), person, at));
    }

    /// Exports everything, and verifies the bundle.
    pub fn export(&self) {
        let (before, archivist) = (self.entries(), self.healthy());
        let (blobs, ledger) = (self.blobs.as_ref(), self.ledger.as_ref());
        let export = ExportEvidence { reader: archivist.reading(), blobs, ledger, with_content: true, signer: None };
        let recordings = SelectedRecordings::Query(Box::default());
        let selection = EvidenceSelection { recordings, described: Vec::new() };
        let (output, spool) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
        let (output, exported) = now(export.run(&selection, output, spool, &mut |_| ())).unwrap();
        let mut broken = Vec::new();
        let proof = evidence::verify(output.get_ref().as_slice(), None, None, &mut |finding| {
            broken.push(format!("a bundle: {finding}"));
        });
        let proof = proof.unwrap();
        if (proof.recordings, exported.recordings) != (before.len() as u64, before.len() as u64) {
            broken.push(format!("a bundle of {} recordings has {}", before.len(), proof.recordings));
        }
        if self.entries() != before {
            broken.push("an export changed an entry".to_owned());
        }
        let mut truth = self.truth();
        truth.broken.append(&mut broken);
        truth.evidence.exports += 1;
    }

    /// Compares reviews and viewings with the truth.
    pub fn evidence_is_true(&self) -> Result<(), String> {
        let segments = now(self.ledger.segments()).unwrap();
        let read =
            |segment| String::from_utf8(now(self.ledger.read(segment, 0, usize::MAX)).unwrap().unwrap()).unwrap();
        let text: String = segments.into_iter().map(read).collect();
        let reviewed: Vec<&str> = text.lines().filter(|line| line.contains("\"recording.reviewed\"")).collect();
        let archivist = self.healthy();
        for entry in self.entries() {
            let (name, id) = (entry.address.name.as_str(), entry.id.to_string());
            let accesses = now(archivist.reading().accesses(&entry)).unwrap().accesses;
            let shown: BTreeSet<_> = accesses
                .iter()
                .filter(|access| access.viewing.kind == AccessKind::Read)
                .map(|access| {
                    (access.viewing.accessor.person.as_deref().unwrap_or_default().to_owned(), access.viewing.from)
                })
                .collect();
            let truth = self.truth();
            let of_name = truth.evidence.views.iter().filter(|(viewed, ..)| viewed == name);
            let true_views: BTreeSet<_> = of_name.map(|(_, person, at)| ((*person).to_owned(), *at)).collect();
            if shown != true_views {
                return Err(format!("{name} was viewed {true_views:?}, and {shown:?} is shown"));
            }
            let count = reviewed.iter().filter(|line| line.contains(&id)).count();
            let true_count = truth.evidence.reviews.get(name).copied().unwrap_or(0);
            if count != true_count {
                return Err(format!("{name} was reviewed {true_count} times, and the ledger has {count}"));
            }
        }
        Ok(())
    }
}
