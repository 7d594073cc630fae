//! Replays quarantined pieces of audit logs and of logs of accesses, which a later version may be able to parse.

use std::collections::BTreeMap;

use audit_log::{LogItem, Reader};
use domain::address::BlobAddress;
use domain::record::access::AccessLine;
use domain::record::session::{Records, SessionId};
use futures_util::future::BoxFuture;
use storage_log::{StorageFormat, StorageRecord};

use crate::access::{ApplyAccesses, line_of};
use crate::apply_audit_records::ApplyAuditRecords;
use crate::audit_log::{ReadAuditLog, record_facts};
use crate::outcome::Ignored;
use crate::outcome::ReplayResult;
use crate::ports::Fault;

const NOT_LOGGED: &str = "the record is of no account whose accesses archivist.yaml reads (access_logs)";
const NO_RECORD: &str = "it has no complete record";

impl ReadAuditLog {
    /// Applies the records in a piece of a log. The piece counts as taken if all of it parses; otherwise the readable
    /// records are applied and the piece stays. The position of the log does not change, because reading continued after
    /// the piece long ago.
    ///
    /// The log's name is not stored with the piece: a request about a blob is in no audit log.
    pub fn replay_piece<'a>(&'a self, piece: &'a [u8]) -> BoxFuture<'a, Result<ReplayResult, Fault>> {
        Box::pin(async move {
            match self.accesses_in(piece) {
                Some(found) => {
                    let changed = self.accesses.apply_accesses(found.lines).await?;
                    Ok(result(found.refused, changed))
                }
                None => self.audit_records.replay_audit_piece(piece).await,
            }
        })
    }

    /// Reads a piece as requests to storage. Returns `None` if none of them is about a blob.
    fn accesses_in(&self, piece: &[u8]) -> Option<AccessesInPiece> {
        let (mut found, mut is_of_blobs) = (AccessesInPiece::default(), false);
        let mut reader = Reader::<StorageFormat>::of_format(0);
        let mut feed = reader.feed(piece);
        while let Some(item) = feed.next_item() {
            match item {
                LogItem::Record(record) => {
                    is_of_blobs |= record.object().is_some();
                    self.take_access(&record, &mut found);
                }
                LogItem::Foreign { .. } => {}
                LogItem::Rejected(rejected) => found.refused = Some(rejected.reason.to_string()),
            }
        }
        if reader.consumed() < piece.len() as u64 {
            found.refused = found.refused.or_else(|| Some(NO_RECORD.to_owned()));
        }
        is_of_blobs.then_some(found)
    }

    fn take_access(&self, record: &StorageRecord<'_>, found: &mut AccessesInPiece) {
        let Some((blob, line)) = line_of(record) else { return };
        let container = blob.container();
        match self.estate.bastion_of(&container) {
            Some(bastion) if bastion.access_logs.is_some() => {
                if ApplyAccesses::is_kept(bastion, &line) {
                    found.lines.entry(blob).or_default().push(line);
                }
            }
            // Another container of the same account.
            None if self.estate.knows_account(&container) => {}
            Some(_) | None => found.refused = Some(NOT_LOGGED.to_owned()),
        }
    }
}

/// Accesses in a piece, and the reason why the piece stays.
#[derive(Default)]
struct AccessesInPiece {
    lines: BTreeMap<BlobAddress, Vec<AccessLine>>,
    refused: Option<String>,
}

impl ApplyAuditRecords {
    /// Applies the records in a piece of an audit log.
    async fn replay_audit_piece(&self, piece: &[u8]) -> Result<ReplayResult, Fault> {
        let mut sessions = BTreeMap::<SessionId, Records>::new();
        let (mut reader, mut is_foreign, mut refused) = (Reader::at(0), false, None::<String>);
        let mut feed = reader.feed(piece);
        while let Some(item) = feed.next_item() {
            match item {
                LogItem::Record(record) => {
                    let facts = record_facts(&record);
                    // The log's name is not stored with the piece, so the record itself must name the bastion.
                    let named = facts.resource_id.as_deref();
                    match named.and_then(|id| self.estate.bastion_with_resource_id(id)) {
                        Some(bastion) => {
                            let id = SessionId { bastion: bastion.name.clone(), tunnel: facts.tunnel };
                            sessions.entry(id).or_default().merge(&facts.records);
                        }
                        None => refused = Some("the record names no bastion of the configuration".to_owned()),
                    }
                }
                LogItem::Foreign { .. } => is_foreign = true,
                LogItem::Rejected(rejected) => refused = Some(rejected.reason.to_string()),
            }
        }
        if reader.consumed() < piece.len() as u64 || (sessions.is_empty() && !is_foreign) {
            refused = refused.or_else(|| Some(NO_RECORD.to_owned()));
        }
        let changed = self.apply_audit_records(sessions).await?;
        Ok(result(refused, changed))
    }
}

fn result(refused: Option<String>, changed: usize) -> ReplayResult {
    match refused {
        Some(reason) => ReplayResult::Refused(reason),
        None if changed > 0 => ReplayResult::Applied,
        None => ReplayResult::Ignored(Ignored::AlreadyKnown.label()),
    }
}
