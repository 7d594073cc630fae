//! Converts audit records into facts about a session.

use audit_log::{AuditRecord, Length, Moment};
use domain::record::session::{Records, TimeSpan, TunnelId, is_failed_login};
use jiff::Timestamp;

/// Facts of one audit record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFacts {
    /// Tunnel id, or a derived id if the record has none.
    pub tunnel: TunnelId,
    /// Resource id of the bastion, in any case.
    pub resource_id: Option<String>,
    /// Time at which the record was written.
    pub written_at: Option<Timestamp>,
    /// Facts about the session.
    pub records: Records,
}

/// Extracts the facts of a record. A record without a tunnel id gets a session of its own.
pub fn record_facts(record: &AuditRecord<'_>) -> RecordFacts {
    let mut records = Records::default();
    let texts = [
        (&mut records.user_name, &record.user_name),
        (&mut records.user_email, &record.user_email),
        (&mut records.client_ip, &record.client_ip),
        (&mut records.protocol, &record.protocol),
        (&mut records.target_resource_id, &record.target_resource_id),
        (&mut records.target_ip, &record.target_ip),
        (&mut records.resource_type, &record.resource_type),
        (&mut records.user_agent, &record.user_agent),
        (&mut records.message, &record.message),
    ];
    for (kept, text) in texts {
        text.iter().for_each(|text| kept.add(text));
    }
    let written_at = record.time.as_ref().and_then(Moment::known);
    take_times(&mut records, record, written_at);
    RecordFacts {
        tunnel: record.tunnel_id.as_deref().and_then(TunnelId::parse).unwrap_or_else(|| unnamed(record, written_at)),
        resource_id: record.resource_id.as_deref().map(str::to_owned),
        written_at,
        records,
    }
}

fn take_times(records: &mut Records, record: &AuditRecord<'_>, written_at: Option<Timestamp>) {
    let dates = [&record.time, &record.session_start, &record.session_end];
    for moment in dates.into_iter().flatten() {
        if let Moment::Odd(text) = moment {
            records.odd.add(text);
        }
    }
    if let Some(Length::Odd(text)) = &record.duration {
        records.odd.add(text);
    }
    let span = |moment: &Option<Moment<'_>>| moment.as_ref().and_then(Moment::known).map(TimeSpan::at);
    records.written = written_at.map(TimeSpan::at);
    if record.message.as_deref().is_some_and(is_failed_login) {
        records.failed = records.written.or_else(|| span(&record.session_start));
        return;
    }
    records.starts = span(&record.session_start);
    records.ends = span(&record.session_end);
    records.duration = record.duration.as_ref().and_then(Length::known);
    if records.ends.is_some() || records.duration.is_some() {
        records.end_written = records.written;
    } else {
        records.connected = records.written;
    }
}

/// Derives a stable id for a record without a tunnel id.
fn unnamed(record: &AuditRecord<'_>, written_at: Option<Timestamp>) -> TunnelId {
    let texts =
        [&record.user_name, &record.user_email, &record.client_ip, &record.target_resource_id, &record.target_ip];
    let described = texts.map(|text| text.as_deref().unwrap_or_default());
    TunnelId::of_unnamed(format!("{written_at:?} {:?} {described:?}", record.client_port).as_bytes())
}
