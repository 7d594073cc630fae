//! Indexes of audit logs by session, kept for the logs read last.

use std::collections::{HashMap, VecDeque};

use audit_log::{LogItem, Reader};
use domain::address::{BlobAddress, ContainerAddress};
use domain::digest;
use domain::record::session::TunnelId;

use crate::audit_log::record_facts;
use crate::ports::{BlobPage, BlobStore, Fault, FaultKind, ListBlobs};
use crate::stores::StrangeStore;

/// Bytes per read.
const PIECE: usize = 2 << 20;
/// Blobs per page.
const PAGE: usize = 1000;
/// Maximum number of logs in a listing that is kept.
const MOST_LOGS: usize = 100_000;
/// Number of kept indexes: the hours of two days.
const KEPT_LOGS: usize = 48;
/// Maximum number of records in the kept indexes, about 30 bytes each. The newest index is kept at any size.
const KEPT_RECORDS: usize = 500_000;
/// Number of kept listings.
const KEPT_LISTINGS: usize = 8;

/// Byte ranges of the records of each session. Only a part of the id's hash is kept: the reader compares the whole id.
type Ranges = HashMap<u64, Vec<(u64, u64)>>;

/// Logs of some days, or the reason why they are unknown.
#[derive(Debug, Clone)]
pub(super) enum FoundLogs {
    Logs(Vec<BlobAddress>),
    Unknown(String),
}

/// Recently read logs and listings, newest first.
#[derive(Default)]
pub(super) struct LogIndexes {
    logs: VecDeque<(BlobAddress, Result<Ranges, String>)>,
    listings: VecDeque<(String, FoundLogs)>,
}

impl LogIndexes {
    /// Returns the byte ranges that may be records of the session, or the reason why the log cannot be read.
    pub(super) async fn ranges(
        &mut self,
        blobs: &dyn BlobStore,
        log: &BlobAddress,
        tunnel: &TunnelId,
    ) -> Result<Result<Vec<(u64, u64)>, String>, Fault> {
        let of = |index: &Result<Ranges, String>| match index {
            Ok(ranges) => Ok(ranges.get(&key(tunnel)).cloned().unwrap_or_default()),
            Err(reason) => Err(reason.clone()),
        };
        if let Some((_, index)) = self.logs.iter().find(|(known, _)| known == log) {
            return Ok(of(index));
        }
        let index = match read(blobs, log).await {
            Ok(Some(ranges)) => Ok(ranges),
            Ok(None) => Err("it does not exist any more".to_owned()),
            Err(fault) if is_worth_a_repeat(&fault) => return Err(fault),
            Err(fault) => Err(fault.to_string()),
        };
        let found = of(&index);
        self.logs.push_front((log.clone(), index));
        while self.logs.len() > 1 && (self.logs.len() > KEPT_LOGS || self.records() > KEPT_RECORDS) {
            self.logs.pop_back();
        }
        Ok(found)
    }

    /// Returns the logs with this prefix.
    pub(super) async fn list(
        &mut self,
        blobs: &dyn BlobStore,
        container: &ContainerAddress,
        prefix: &str,
    ) -> Result<FoundLogs, Fault> {
        let name = format!("{container} {prefix}");
        if let Some((_, logs)) = self.listings.iter().find(|(known, _)| *known == name) {
            return Ok(logs.clone());
        }
        let logs = match listed(blobs, container, prefix).await {
            Ok(logs) => logs,
            Err(fault) if is_worth_a_repeat(&fault) => return Err(fault),
            Err(fault) => FoundLogs::Unknown(fault.to_string()),
        };
        self.listings.push_front((name, logs.clone()));
        self.listings.truncate(KEPT_LISTINGS);
        Ok(logs)
    }

    fn records(&self) -> usize {
        self.logs.iter().filter_map(|(_, index)| index.as_ref().ok()).flat_map(HashMap::values).map(Vec::len).sum()
    }
}

/// Returns true if a repeated export may read what this one could not. A container in another store than the catalogue
/// was made from stays unreadable.
pub(super) fn is_worth_a_repeat(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Transient { .. }) && !fault.is_because_of::<StrangeStore>()
}

/// Reads a log from its beginning. Returns `None` if it does not exist.
async fn read(blobs: &dyn BlobStore, log: &BlobAddress) -> Result<Option<Ranges>, Fault> {
    let (mut reader, mut from, mut ranges) = (Reader::at(0), 0, Ranges::new());
    loop {
        let Some(piece) = blobs.read(log, from, PIECE, None).await? else {
            return Ok(None);
        };
        from += piece.bytes.len() as u64;
        let is_last = piece.bytes.is_empty() || from >= piece.size;
        let mut feed = reader.feed(&piece.bytes);
        loop {
            let tunnel = match feed.next_item() {
                Some(LogItem::Record(record)) => {
                    let named = record.tunnel_id.as_deref().and_then(TunnelId::parse);
                    key(&named.unwrap_or_else(|| record_facts(&record).tunnel))
                }
                Some(_) => continue,
                None => break,
            };
            let range = feed.record_range();
            ranges.entry(tunnel).or_default().push((range.start, range.end));
        }
        if is_last {
            return Ok(Some(ranges));
        }
    }
}

async fn listed(blobs: &dyn BlobStore, container: &ContainerAddress, prefix: &str) -> Result<FoundLogs, Fault> {
    let (mut found, mut marker) = (Vec::new(), None::<String>);
    loop {
        let request = ListBlobs::first(container, PAGE).under(prefix).after(marker.as_deref());
        let Some(BlobPage { blobs: page, next }) = blobs.list(request).await? else {
            return Ok(FoundLogs::Unknown(format!("the container {container} does not exist")));
        };
        found.extend(page.into_iter().map(|blob| container.blob(blob.name)));
        if found.len() > MOST_LOGS {
            return Ok(FoundLogs::Unknown(format!("{container} has too many logs without a date in their names")));
        }
        marker = next;
        if marker.is_none() {
            return Ok(FoundLogs::Logs(found));
        }
    }
}

fn key(tunnel: &TunnelId) -> u64 {
    digest::number(&[tunnel.as_str().as_bytes()], 64)
}
