use std::collections::{BTreeMap, BTreeSet};

use audit_log::{AuditRecord, LogItem, Reader};
use estate_simulator::{Arriving, ConnectionKind, EstateDay};
use jiff::Timestamp;

use crate::{days, logs};

/// Returns every record of a day with the name of its blob.
pub fn records(day: &EstateDay) -> Vec<(String, AuditRecord<'static>)> {
    let mut records = Vec::new();
    for (name, bytes) in logs(day) {
        let mut reader = Reader::at(0);
        let mut feed = reader.feed(&bytes);
        while let Some(item) = feed.next_item() {
            let LogItem::Record(record) = item else { panic!("{name}: {item:?}") };
            records.push((name.to_owned(), record.into_owned()));
        }
        drop(feed);
        assert_eq!(reader.finish(), None, "{name}");
    }
    records
}

#[test]
fn the_logs_contain_the_records_listed_in_the_truth() {
    for day in days() {
        let told = |ends: bool| -> BTreeSet<String> {
            let sessions = day.truth.sessions.iter();
            let told = sessions.filter(|one| if ends { one.end_told_at } else { one.start_told_at }.is_some());
            told.map(|session| session.tunnel_id.clone()).collect()
        };
        let mut read: BTreeMap<bool, BTreeSet<String>> = [(false, BTreeSet::new()), (true, BTreeSet::new())].into();
        for (_, record) in records(day) {
            let tunnel = record.tunnel_id.unwrap().to_ascii_lowercase();
            read.entry(record.session_end.is_some()).or_default().insert(tunnel);
        }
        assert_eq!((&read[&false], &read[&true]), (&told(false), &told(true)));
    }
}

#[test]
fn every_record_says_the_truth_in_some_case() {
    for day in days() {
        let sessions: BTreeMap<_, _> = day.truth.sessions.iter().map(|one| (one.tunnel_id.as_str(), one)).collect();
        for (name, record) in records(day) {
            let session = sessions[record.tunnel_id.unwrap().to_ascii_lowercase().as_str()];
            let bastion = &day.estate.bastions[session.bastion];
            let known = |at: Option<audit_log::Moment<'_>>| at.map(|at| at.known().unwrap());
            assert!(name.contains(&bastion.resource_id.to_ascii_uppercase()), "{name}");
            assert!(record.resource_id.unwrap().eq_ignore_ascii_case(&bastion.resource_id));
            assert_eq!(record.user_email.map(|text| text.to_ascii_lowercase()), session.person);
            let account = record.user_name.unwrap_or_default();
            assert!(account.eq_ignore_ascii_case(&session.account));
            assert_eq!(record.client_ip.as_deref(), Some(session.client.address.as_str()));
            assert_eq!(record.user_agent.as_deref(), Some(session.client.agent.as_str()));
            let id = record.target_resource_id.map(|id| id.to_ascii_lowercase());
            assert_eq!(id, session.target.resource_id.as_ref().map(|id| id.to_ascii_lowercase()));
            let start = (session.kind != ConnectionKind::Failed).then_some(session.started_at);
            assert_eq!(known(record.session_start), start);
            let end = known(record.session_end);
            assert!(end.is_none() || end == session.ended_at);
        }
    }
}

#[test]
fn bytes_are_in_the_file_of_their_hour_of_arrival() {
    let (mut there, mut late) = (0, 0);
    for day in days() {
        for arrival in &day.arrivals {
            if let Arriving::LogAppended { address, .. } = &arrival.what {
                there += 1;
                // The second half of a split record may arrive just after the hour.
                late += usize::from(!address.name.as_str().ends_with(&hour(arrival.at)));
            }
        }
    }
    assert!(late * 200 < there, "{late} of {there}");
}

fn hour(at: Timestamp) -> String {
    let at = jiff::tz::Offset::UTC.to_datetime(at);
    format!("y={}/m={:02}/d={:02}/h={:02}/m=00/PT1H.json", at.year(), at.month(), at.day(), at.hour())
}
