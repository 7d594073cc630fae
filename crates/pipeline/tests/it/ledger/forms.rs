//! Stored forms of the ledger, which must stay readable for ever.

use adapters_local::memory::MemoryLedger;
use domain::record::blob::ETag;
use domain::record::ledger::{LedgerEvent, LedgerFact, Sha256, Stay};
use domain::record::recording_id::RecordingId;
use domain::record::review::ReviewOutcome;
use jiff::Span;
use jiff::civil::Date;
use pipeline::stored::fact;
use pipeline::testing::arbitrary::{blob_addresses, texts, timestamps};
use pipeline::testing::sample::{address, second};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};

use crate::ledger::world::{LedgerWorld, segment};

const FIRST: &str = include_str!("../../golden/ledger-v1/000001.jsonl");
const LATER: &str = include_str!("../../golden/ledger-v1/later.jsonl");
const SECOND: &str = include_str!("../../golden/ledger-v1/000002.jsonl");

fn one_of_each() -> Vec<LedgerFact> {
    let address = address("vm-\"user\"\u{202e}\n");
    let recording = RecordingId::derive(&address, second(0), b"sample");
    let (size, sha256) = (3, Sha256::hash(b"abc"));
    let [policy, class, by] = ["pol_1", "default", "alice@contoso.example"].map(str::to_owned);
    let [hold, case, plan] = ["hold-1", "case Ä", "plan_1"].map(str::to_owned);
    let hashed = |etag: &str| LedgerEvent::RecordingHashed {
        recording,
        address: address.clone(),
        etag: ETag::new(etag),
        size,
        sha256,
    };
    let deleted = |sha256| LedgerEvent::RecordingDeleted {
        recording,
        address: address.clone(),
        size,
        sha256,
        policy: policy.clone(),
        class: class.clone(),
        rules: vec!["rule 1".to_owned(), "rule 2".to_owned()],
        by: by.clone(),
    };
    let whats = [
        hashed("0x8DC0FFEE"),
        deleted(Some(sha256)),
        deleted(None),
        LedgerEvent::HoldPlaced { hold: hold.clone(), case: case.clone(), scope: None, by: by.clone() },
        LedgerEvent::HoldReleased { hold, case, by: by.clone() },
        LedgerEvent::RetentionApproved { plan, by, count: 7 },
    ];
    whats.into_iter().zip(0..).map(|(what, n)| LedgerFact::new(second(n), what)).collect()
}

#[test]
fn a_ledger_of_version_1_is_written_as_it_was() {
    let world = LedgerWorld::default();
    let facts = one_of_each();
    world.append(&facts[..2]).unwrap();
    world.set_clock("2026-04-01T00:00:00.5Z");
    world.append(&facts[3..]).unwrap();
    assert_eq!(world.content(1), FIRST);
    assert_eq!(world.content(2), SECOND);
}

/// Later additions to version 1: the scope of a hold, and three kinds of facts.
fn told_later() -> Vec<LedgerFact> {
    let address = address("vm-\"user\"\u{202e}\n");
    let recording = RecordingId::derive(&address, second(0), b"sample");
    let by = "alice@contoso.example".to_owned();
    let stay = |class: &str, delete_after| Stay {
        class: class.to_owned(),
        retain_until: Date::constant(2027, 3, 2),
        delete_after,
    };
    let whats = [
        LedgerEvent::HoldPlaced {
            hold: "hold-1".to_owned(),
            case: "case Ä".to_owned(),
            scope: Some("person \"bg-1@contoso.example\"".to_owned()),
            by: by.clone(),
        },
        LedgerEvent::RetentionShortened {
            recording,
            address: address.clone(),
            policy: "pol_2".to_owned(),
            was: stay("evidence", None),
            now: stay("default", Some(Date::constant(2027, 3, 2))),
            by: by.clone(),
        },
        LedgerEvent::SessionDisconnected {
            bastion: "bas-hub-01".to_owned(),
            session: "5e55-01".to_owned(),
            by: by.clone(),
        },
        LedgerEvent::RecordingReviewed {
            recording,
            address: address.clone(),
            outcome: ReviewOutcome::Finding,
            by: by.clone(),
            ticket: Some("INC-4711".to_owned()),
            note: Some("copied a \u{202e}table".to_owned()),
            etag: Some(ETag::new("0x8DC0FFEE")),
            sha256: Some(Sha256::hash(b"abc")),
        },
        LedgerEvent::RecordingReviewed {
            recording,
            address,
            outcome: ReviewOutcome::Ok,
            by,
            ticket: None,
            note: None,
            etag: Some(ETag::new("0x8DC0FFEE")),
            sha256: None,
        },
    ];
    whats.into_iter().zip(0..).map(|(what, n)| LedgerFact::new(second(n), what)).collect()
}

#[test]
fn later_additions_to_version_1_round_trip() {
    let world = LedgerWorld::default();
    world.append(&told_later()).unwrap();
    assert_eq!(world.content(1), LATER);
    world.holds(&told_later());
}

#[test]
fn a_ledger_of_version_1_is_read() {
    let world = LedgerWorld::with(MemoryLedger::default());
    world.ledger.tamper(segment(1), |bytes| bytes.extend(FIRST.bytes()));
    world.ledger.tamper(segment(2), |bytes| bytes.extend(SECOND.bytes()));
    let mut facts = one_of_each();
    facts.remove(2);
    world.holds(&facts);
    assert_eq!(world.facts(), facts);
}

fn dates() -> impl Strategy<Value = Date> {
    (0i32..40_000).prop_map(|days| Date::constant(1970, 1, 1).saturating_add(Span::new().days(days)))
}

/// A review of a hashed content.
fn reviewed((what, by, ticket, note): (LedgerEvent, String, Option<String>, Option<String>)) -> LedgerEvent {
    let LedgerEvent::RecordingHashed { recording, address, etag, size, sha256 } = what else {
        return what;
    };
    let (outcome, sha256) = (ReviewOutcome::ALL[usize::from(size % 2 == 0)], ticket.is_some().then_some(sha256));
    LedgerEvent::RecordingReviewed { recording, address, outcome, by, ticket, note, etag: Some(etag), sha256 }
}

fn any_facts() -> impl Strategy<Value = LedgerFact> {
    let id = (blob_addresses(), timestamps());
    let id = id.prop_map(|(address, at)| (RecordingId::derive(&address, at, b"x"), address));
    let hash = || any::<u64>().prop_map(|n| Sha256::hash(&n.to_be_bytes()));
    let hashed = (id, texts(), any::<u64>(), hash()).prop_map(|((recording, address), etag, size, sha256)| {
        LedgerEvent::RecordingHashed { recording, address, etag: ETag::new(&etag), size, sha256 }
    });
    let hashed = hashed.boxed();
    let rest = (texts(), texts(), vec(texts(), 0..3), texts(), option::of(hash()));
    let deleted = (hashed.clone(), rest).prop_map(|(what, (policy, class, rules, by, sha256))| match what {
        LedgerEvent::RecordingHashed { recording, address, size, .. } => {
            LedgerEvent::RecordingDeleted { recording, address, size, sha256, policy, class, rules, by }
        }
        other => other,
    });
    let hold = (texts(), texts(), texts()).boxed();
    let placed = (hold.clone(), option::of(texts())).prop_map(|((hold, case, by), scope)| LedgerEvent::HoldPlaced {
        hold,
        case,
        scope,
        by,
    });
    let stay = || {
        (texts(), dates(), option::of(dates())).prop_map(|(class, retain_until, delete_after)| Stay {
            class,
            retain_until,
            delete_after,
        })
    };
    let shortened = (blob_addresses(), texts(), stay(), stay(), texts()).prop_map(|(address, policy, was, now, by)| {
        let recording = RecordingId::derive(&address, second(0), b"x");
        LedgerEvent::RetentionShortened { recording, address, policy, was, now, by }
    });
    let disconnected = prop_oneof![
        hold.clone().prop_map(|(bastion, session, by)| LedgerEvent::SessionDisconnecting { bastion, session, by }),
        hold.clone().prop_map(|(bastion, session, by)| LedgerEvent::SessionDisconnected { bastion, session, by }),
        (hold.clone(), texts()).prop_map(|((bastion, session, by), reason)| {
            LedgerEvent::SessionNotDisconnected { bastion, session, by, reason }
        }),
    ];
    let reviewed = (hashed.clone(), texts(), option::of(texts()), option::of(texts())).prop_map(reviewed);
    let released = hold.prop_map(|(hold, case, by)| LedgerEvent::HoldReleased { hold, case, by });
    let approved = (texts(), texts(), any::<u64>()).prop_map(|(plan, by, count)| LedgerEvent::RetentionApproved {
        plan,
        by,
        count,
    });
    let whats = prop_oneof![hashed, deleted, placed, released, approved, shortened, disconnected, reviewed];
    (timestamps(), whats).prop_map(|(at, what)| LedgerFact::new(at, what))
}

proptest! {
    #[test]
    fn a_fact_reads_back_and_is_one_line(told in any_facts()) {
        let text = fact::encode(&told).unwrap();
        prop_assert_eq!(text.lines().count(), 1);
        prop_assert_eq!(fact::decode(&text).unwrap(), told);
    }
}

#[test]
fn a_fact_in_a_non_canonical_form_is_rejected() {
    for fact in one_of_each().into_iter().chain(told_later()) {
        let text = fact::encode(&fact).unwrap();
        let other = [
            text.replacen("fct_0", "fct_1", 1).replacen("fct_", "fct_0", 1),
            text.replace("\"by\"", "\"who\":\"x\",\"by\""),
            text.replace("alice", "bob").replace("hold-1", "hold-2").replace("plan_1", "plan_2").replace("0x8", "0x9"),
            format!(" {text}"),
            text.replace("\"kind\":\"", "\"kind\":\"x"),
        ];
        for other in other.into_iter().filter(|other| *other != text) {
            let same_id = fact::decode(&other).is_ok_and(|read| read.id == fact.id && read != fact);
            assert!(fact::decode(&other).is_err() || same_id, "{other}");
        }
    }
}

/// Verifies the instructions of the documentation that need no archivist.
#[cfg(target_os = "linux")]
mod without_the_archivist {
    use std::process::Command;

    use super::{FIRST, SECOND};

    const PAGE: &str = include_str!("../../../../../docs/ledger.md");

    fn told(first: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [("000001.jsonl", first), ("000002.jsonl", SECOND)] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        let (_, script) = PAGE.split_once("```sh\nprev=").unwrap();
        let (script, _) = script.split_once("```").unwrap();
        let ended = Command::new("sh").args(["-c", &format!("prev={script}")]).current_dir(folder.path()).output();
        String::from_utf8(ended.unwrap().stdout).unwrap()
    }

    #[test]
    fn a_shell_and_sha256sum_verify_a_ledger() {
        assert_eq!(told(FIRST), "");
        assert_eq!(told(&FIRST.replace("alice", "alicE")), "000001.jsonl:3 was changed\n");
        let shorter: String = FIRST.split_inclusive('\n').take(3).collect();
        assert_eq!(told(&shorter), "000002.jsonl:1 is not chained to the line before\n");
    }
}
