use std::collections::{BTreeMap, BTreeSet};

use estate_simulator::{BurstBy, ConnectionKind, EstateDay, TrueSession};
use jiff::SignedDuration;

use crate::days;

#[test]
fn a_failed_login_belongs_to_a_burst_of_five_in_fifteen_minutes() {
    for day in days() {
        let mut found: BTreeMap<BurstBy, BTreeSet<usize>> = BTreeMap::new();
        for burst in day.truth.bursts() {
            found.entry(burst.by).or_default().extend(burst.attempts);
        }
        for (index, session) in day.truth.sessions.iter().enumerate() {
            for by in commons(session) {
                let is_found = found.get(&by).is_some_and(|attempts| attempts.contains(&index));
                assert_eq!(is_found, five_around(day, index, &by), "{by:?} {session:?}");
            }
        }
    }
}

/// Returns true if a span of 15 minutes that begins with an attempt contains this attempt and at least four others.
fn five_around(day: &EstateDay, index: usize, by: &BurstBy) -> bool {
    let sessions = &day.truth.sessions;
    let is_attempt =
        |one: &&TrueSession| one.kind == ConnectionKind::Failed && one.is_told() && commons(one).contains(by);
    let attempts: Vec<_> = sessions.iter().filter(is_attempt).collect();
    let spans = attempts.iter().map(|first| {
        let within = |one: &TrueSession| {
            let after = one.started_at.duration_since(first.started_at);
            !after.is_negative() && after <= SignedDuration::from_mins(15)
        };
        attempts.iter().filter(|one| within(one)).map(|one| &one.tunnel_id).collect::<BTreeSet<_>>()
    });
    let mut spans = spans.filter(|span| span.len() >= 5);
    spans.any(|span| span.contains(&sessions[index].tunnel_id))
}

fn commons(session: &TrueSession) -> Vec<BurstBy> {
    let person = session.person.clone().map(BurstBy::Person);
    let client = BurstBy::Client(session.client.address.clone());
    person.into_iter().chain([client, BurstBy::SessionTarget(session.target.address.clone())]).collect()
}
