//! Parts of names.

use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::session::SessionFacts;

use super::super::parts::names;
use crate::testing::sample::{address, ambiguous, entry, facts, matched, second};

fn anna() -> SessionFacts {
    SessionFacts {
        user_email: Some("Anna.Smith@Contoso.example".into()),
        user_name: Some("CONTOSO\\adm-asmith".into()),
        target_resource_id: Some("/s/providers/Microsoft.Compute/virtualMachines/VM-SQL-3".into()),
        ..facts("t1", second(0))
    }
}

fn recording(name: &str, verdict: Match) -> Entry {
    let mut entry = Entry { bastion: BastionName::new("bas-Hub01"), ..entry(&address(name), second(0)) };
    entry.match_state.verdict = verdict;
    entry
}

#[test]
fn a_part_begins_at_a_word_of_any_name_in_any_case() {
    let entry = recording("rec-0815-x.3", matched(anna()));
    for part in [
        "anna", "anna.smith@con", "smith", "contoso", "example", "sql-3", "vm", "3", "adm-asmith", "asmith", "hub01",
        "01", "bas", "0815", "rec-0815-x", "x",
    ] {
        assert!(names(&entry, part), "{part}");
    }
    for part in ["nna", "ql-3", "ub01", "815", "sqlx", "virtualmachines", "person"] {
        assert!(!names(&entry, part), "{part}");
    }
}

#[test]
fn a_part_may_reach_into_the_numeric_suffix_and_not_begin_in_it() {
    let entry = recording("vm-user.37", Match::Pending);
    for part in ["vm-user.37", "user.3", "user.", "user"] {
        assert!(names(&entry, part), "{part}");
    }
    for part in ["37", "user.4", "vm-user.378"] {
        assert!(!names(&entry, part), "{part}");
    }
}

#[test]
fn only_a_certain_session_names_somebody() {
    let candidates = ambiguous(vec![anna(), facts("t2", second(0))], None);
    let attempt = Match::Unmatched { attempt: Some(Box::new(anna())) };
    for verdict in [Match::Pending, candidates, attempt] {
        let entry = recording("0815", verdict);
        for part in ["anna", "sql", "adm"] {
            assert!(!names(&entry, part), "{part} of {:?}", entry.match_state.verdict);
        }
    }
}
