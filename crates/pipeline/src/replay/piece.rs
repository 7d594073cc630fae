//! Replays quarantined pieces of audit logs, which a later version may be able to parse.

use std::collections::BTreeMap;

use audit_log::{LogItem, Reader};
use domain::record::session::{Records, SessionId};
use futures_util::future::BoxFuture;

use crate::attend::ApplyAuditRecords;
use crate::audit_log::heard;
use crate::outcome::Ignored;
use crate::outcome::ReplayResult;
use crate::ports::Fault;

impl ApplyAuditRecords {
    /// Applies the records in a piece of an audit log. The piece counts as taken if all of it parses; otherwise the
    /// readable records are applied and the piece stays. The position of the log does not change, because reading
    /// continued after the piece long ago.
    pub fn take_in_piece<'a>(&'a self, piece: &'a [u8]) -> BoxFuture<'a, Result<ReplayResult, Fault>> {
        Box::pin(async move {
            let mut heard_of = BTreeMap::<SessionId, Records>::new();
            let (mut reader, mut is_foreign, mut refused) = (Reader::at(0), false, None::<String>);
            let mut feed = reader.feed(piece);
            while let Some(item) = feed.next_item() {
                match item {
                    LogItem::Record(record) => {
                        let heard = heard(&record);
                        // The log's name is not stored with the piece, so the record itself must name the bastion.
                        let named = heard.resource_id.as_deref();
                        match named.and_then(|id| self.estate.bastion_with_resource_id(id)) {
                            Some(bastion) => {
                                let id = SessionId { bastion: bastion.name.clone(), tunnel: heard.tunnel };
                                heard_of.entry(id).or_default().merge(&heard.records);
                            }
                            None => refused = Some("the record names no bastion of the configuration".to_owned()),
                        }
                    }
                    LogItem::Foreign { .. } => is_foreign = true,
                    LogItem::Rejected(rejected) => refused = Some(rejected.reason.to_string()),
                }
            }
            if reader.consumed() < piece.len() as u64 || (heard_of.is_empty() && !is_foreign) {
                refused = refused.or_else(|| Some("it has no complete record".to_owned()));
            }
            let changed = self.apply_audit_records(heard_of).await?;
            Ok(match refused {
                Some(reason) => ReplayResult::Refused(reason),
                None if changed > 0 => ReplayResult::Applied,
                None => ReplayResult::Ignored(Ignored::AlreadyKnown.label()),
            })
        })
    }
}
