//! Finds the raw audit records of a session in the logs around its time.

use audit_log::{LogItem, Reader};
use domain::address::{BlobAddress, ContainerAddress};
use domain::record::estate::Bastion;
use domain::record::ledger::Sha256;
use domain::record::session::{Records, SessionEntry, TimeSpan};
use evidence::{AuditRecordForm, AuditSection, AuditSessionForm, UnreadLog};
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::audit_index::{FoundLogs, LogIndexes, is_worth_a_repeat};
use crate::audit_log::{LogPlace, bastion_of, prefixes, record_facts};
use crate::ports::{BlobStore, Fault};
use crate::query::watermark;
use crate::reading::CatalogueReader;

/// A record may be in the log of an hour before or after the time that it states.
const AROUND: SignedDuration = SignedDuration::from_hours(1);
/// A record that the platform delivers late is in the log of a later hour than the time that it states.
const LATE: SignedDuration = SignedDuration::from_hours(6);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Maximum number of days whose logs are read for one session.
const MOST_DAYS: usize = 14;
/// Maximum number of records per recording.
const MOST_RECORDS: usize = 2_000;
/// Maximum number of bytes of records per recording.
const MOST_BYTES: usize = 8 << 20;

/// Finder of audit records. Sessions of neighbouring recordings share logs, so recently read ones stay indexed.
pub(super) struct FindAuditRecords<'a> {
    reader: CatalogueReader<'a>,
    blobs: &'a dyn BlobStore,
    indexes: LogIndexes,
}

/// Logs that may hold a session's records.
struct Around<'e> {
    bastion: &'e Bastion,
    container: &'e ContainerAddress,
    /// Times at which its records were written.
    written: TimeSpan,
    days: Vec<Date>,
}

impl<'a> FindAuditRecords<'a> {
    pub(super) fn new(reader: CatalogueReader<'a>, blobs: &'a dyn BlobStore) -> Self {
        Self { reader, blobs, indexes: LogIndexes::default() }
    }

    /// Adds the records of a session to a section, and whether they are all.
    ///
    /// # Errors
    /// A store fails for now; a repeated export may succeed.
    pub(super) async fn find(&mut self, session: &SessionEntry, section: &mut AuditSection) -> Result<(), Fault> {
        let tunnel_id = session.id.tunnel.as_str().to_owned();
        let unknown = match self.around(session) {
            Ok(around) => self.read(session, &around, section).await?,
            Err(reason) => Some(reason.to_owned()),
        };
        section.sessions.push(AuditSessionForm { tunnel_id, unknown });
        Ok(())
    }

    fn around(&self, session: &SessionEntry) -> Result<Around<'a>, &'static str> {
        let bastion = self.reader.estate.bastion(&session.id.bastion).ok_or("its bastion is no longer configured")?;
        let container = bastion.audit_logs.as_ref().ok_or("the audit log of its bastion is not configured")?;
        let written = session.records.written.ok_or("none of its records says when it was written")?;
        let first = written.first.saturating_sub(AROUND).unwrap_or(written.first).to_zoned(TimeZone::UTC).date();
        let last = written.last.saturating_add(LATE).unwrap_or(written.last).to_zoned(TimeZone::UTC).date();
        let days: Vec<Date> =
            first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).take(MOST_DAYS + 1).collect();
        if days.len() > MOST_DAYS {
            return Err("its records are spread over more than 14 days");
        }
        Ok(Around { bastion, container, written, days })
    }

    /// Reads the records. Returns the reason why it is unknown whether they are all.
    async fn read(
        &mut self,
        session: &SessionEntry,
        around: &Around<'_>,
        section: &mut AuditSection,
    ) -> Result<Option<String>, Fault> {
        let logs = match self.logs(around).await? {
            FoundLogs::Logs(logs) => logs,
            FoundLogs::Unknown(reason) => return Ok(Some(reason)),
        };
        let (mut merged, mut is_cut) = (Records::default(), false);
        for log in logs {
            let ranges = match self.indexes.ranges(self.blobs, &log, &session.id.tunnel).await? {
                Ok(ranges) => ranges,
                Err(reason) => {
                    let unread = UnreadLog { log: log.to_string(), reason };
                    if !section.unread.contains(&unread) {
                        section.unread.push(unread);
                    }
                    continue;
                }
            };
            for (begin, end) in ranges {
                let Some((text, records)) = self.record(&log, begin, end, session).await? else {
                    continue;
                };
                merged.merge(&records);
                let bytes: usize = section.records.iter().map(|record| record.text.len()).sum();
                if section.records.len() >= MOST_RECORDS || bytes + text.len() > MOST_BYTES {
                    (is_cut, section.left_out) = (true, section.left_out + 1);
                    continue;
                }
                section.records.push(form(session, &log, begin, end, text));
            }
        }
        Ok(if is_cut {
            Some("there are too many to include all".to_owned())
        } else if merged == Records::default() {
            Some("no record of it is in the logs that can still be read".to_owned())
        } else if merged != session.records {
            Some("the records that can still be read do not say all that the catalogue knows".to_owned())
        } else {
            None
        })
    }

    async fn logs(&mut self, around: &Around<'_>) -> Result<FoundLogs, Fault> {
        let Around { bastion, container, written, days } = around;
        let known = watermark(self.reader.checkpoints, &bastion.name).await?;
        let learned = known.and_then(|watermark| watermark.prefix);
        let mut found = Vec::new();
        for prefix in prefixes(bastion, learned.as_deref(), days) {
            match self.indexes.list(self.blobs, container, &prefix).await? {
                FoundLogs::Logs(logs) => found.extend(logs),
                unknown @ FoundLogs::Unknown(_) => return Ok(unknown),
            }
        }
        found.retain(|log| may_hold(log, *written));
        Ok(FoundLogs::Logs(found))
    }

    /// Reads one record. Returns `None` if it belongs to another bastion, or if the log was replaced since.
    async fn record(
        &self,
        log: &BlobAddress,
        begin: u64,
        end: u64,
        session: &SessionEntry,
    ) -> Result<Option<(String, Records)>, Fault> {
        let length = usize::try_from(end - begin).unwrap_or(usize::MAX);
        let piece = match self.blobs.read(log, begin, length, None).await {
            Ok(Some(piece)) => piece,
            Ok(None) => return Ok(None),
            Err(fault) if is_worth_a_repeat(&fault) => return Err(fault),
            Err(_) => return Ok(None),
        };
        let Ok(text) = String::from_utf8(piece.bytes) else { return Ok(None) };
        let mut reader = Reader::at(0);
        let mut feed = reader.feed(text.as_bytes());
        let facts = match feed.next_item() {
            Some(LogItem::Record(record)) => record_facts(&record),
            _ => return Ok(None),
        };
        let is_own = facts.tunnel == session.id.tunnel
            && bastion_of(self.reader.estate, &facts, log).as_ref() == Some(&session.id.bastion);
        Ok(is_own.then_some((text, facts.records)))
    }
}

/// Returns false if the hour in the log's name is too far from the records. A name without an hour may hold any record.
fn may_hold(log: &BlobAddress, written: TimeSpan) -> bool {
    let Some(place) = LogPlace::parse(log.name.as_str()) else { return true };
    let begins = place.hour_ends.saturating_sub(HOUR).unwrap_or(place.hour_ends);
    let is_before = place.hour_ends.saturating_add(AROUND).is_ok_and(|latest| latest < written.first);
    let is_after = begins.saturating_sub(LATE).is_ok_and(|earliest| earliest > written.last);
    !is_before && !is_after
}

fn form(session: &SessionEntry, log: &BlobAddress, begin: u64, end: u64, text: String) -> AuditRecordForm {
    AuditRecordForm {
        tunnel_id: session.id.tunnel.as_str().to_owned(),
        account: log.account.as_str().to_owned(),
        container: log.container.as_str().to_owned(),
        log: log.name.as_str().to_owned(),
        begin,
        end,
        sha256: Sha256::hash(text.as_bytes()).to_string(),
        text,
    }
}
