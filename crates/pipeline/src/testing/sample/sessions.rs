//! Sample sessions and verdicts.

use domain::policy::join::Naming;
use domain::record::estate::BastionName;
use domain::record::join::{Candidate, Evidence, Match, MatchGrounds, Matched, Offset, Points, WritingMode};
use domain::record::session::{Records, SessionEntry, SessionFacts, SessionId, Texts, TimeSpan, TunnelId};
use jiff::{SignedDuration, Timestamp};

/// Returns a session id.
pub fn session_id(bastion: &str, tunnel: &str) -> SessionId {
    SessionId { bastion: BastionName::new(bastion), tunnel: TunnelId::parse(tunnel).unwrap() }
}

/// Returns a session with an uninformative record; saved once.
pub fn unknown(id: SessionId) -> SessionEntry {
    SessionEntry { revision: 1, ..SessionEntry::new(id) }
}

/// Returns a ten-minute session that began at `start`; saved once.
pub fn ended(id: SessionId, vm: &str, user: &str, start: Timestamp) -> SessionEntry {
    let end = start.saturating_add(SignedDuration::from_mins(10)).unwrap();
    let records = Records {
        written: Some(TimeSpan::at(end)),
        starts: Some(TimeSpan::at(start)),
        ends: Some(TimeSpan::at(end)),
        end_written: Some(TimeSpan::at(end)),
        ..records(vm, user)
    };
    told(id, records)
}

/// Returns a failed login at `at`; saved once.
pub fn failed(id: SessionId, vm: &str, user: &str, at: Timestamp) -> SessionEntry {
    let failed = Some(TimeSpan::at(at));
    told(id, Records { written: failed, failed, message: texts("Login Failed"), ..records(vm, user) })
}

/// Returns session facts with every field set.
pub fn facts(tunnel: &str, start: Timestamp) -> SessionFacts {
    SessionFacts {
        tunnel_id: TunnelId::parse(tunnel).unwrap(),
        user_name: Some("user".into()),
        user_email: Some("person@contoso.example".into()),
        client_ip: Some("198.51.100.7".into()),
        protocol: Some("ssh".into()),
        target_resource_id: Some(machine("vm").into()),
        target_ip: Some("10.0.0.4".into()),
        started_at: Some(start),
        ended_at: start.checked_add(SignedDuration::from_mins(10)).ok(),
        duration: Some(SignedDuration::new(600, 123_456_789)),
    }
}

/// Returns the verdict that a recording belongs to this session.
pub fn matched(session: SessionFacts) -> Match {
    Match::Matched(Box::new(Matched { session, evidence: Evidence::ALL.into(), grounds: grounds() }))
}

/// Returns the grounds of a recording written live at the usual offsets.
pub fn grounds() -> MatchGrounds {
    MatchGrounds {
        points: Points::from_tenths(618),
        needed: Some(Points::whole(30)),
        written: WritingMode::Live,
        start: Some(Offset { millis: 9_000, usual: (-1, 23) }),
        end: Some(Offset { millis: 4_000, usual: (-3, 24) }),
        learned_from: 344,
    }
}

/// Returns the verdict that a recording belongs to one of these sessions.
pub fn ambiguous(sessions: Vec<SessionFacts>, person: Option<&str>) -> Match {
    let evidence = [Evidence::Name, Evidence::Start];
    let without_end = MatchGrounds { end: None, needed: Some(Points::whole(40)), ..grounds() };
    let candidate = |session| Candidate { session, evidence: evidence.into(), grounds: without_end };
    Match::Ambiguous {
        candidates: sessions.into_iter().map(candidate).collect(),
        more: 0,
        person: person.map(str::to_owned),
    }
}

fn told(id: SessionId, records: Records) -> SessionEntry {
    let mut entry = SessionEntry { records, ..unknown(id) };
    entry.keys = Naming::default().keys_of_session(&entry.session().facts);
    entry
}

fn records(vm: &str, user: &str) -> Records {
    Records {
        user_name: texts(user),
        user_email: texts("person@contoso.example"),
        client_ip: texts("198.51.100.7"),
        protocol: texts("ssh"),
        target_resource_id: texts(&machine(vm)),
        ..Records::default()
    }
}

fn texts(text: &str) -> Texts {
    Texts::new([text.to_owned()])
}

fn machine(vm: &str) -> String {
    format!("/subscriptions/0/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/{vm}")
}
