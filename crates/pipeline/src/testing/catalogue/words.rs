//! Conformance cases of [`Catalogue::words`].

use std::collections::BTreeSet;

use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::session::SessionFacts;

use super::save_one;
use crate::ports::{Catalogue, Heading, cut, fold};
use crate::testing::sample::{HOSTILE_NAMES, address, ambiguous, entry, facts, matched, second};

const ALL: usize = 1000;

async fn words(catalogue: &impl Catalogue, prefix: &str) -> BTreeSet<Heading> {
    let found = catalogue.words(prefix, ALL).await.unwrap();
    let set: BTreeSet<Heading> = found.iter().cloned().collect();
    assert_eq!(set.len(), found.len(), "each heading appears once");
    set
}

fn facts_of(person: &str, machine: &str, account: &str) -> SessionFacts {
    SessionFacts {
        user_email: Some(person.into()),
        target_resource_id: None,
        target_ip: Some(machine.into()),
        user_name: Some(account.into()),
        ..facts("t", second(0))
    }
}

fn recording(name: &str, bastion: &str, verdict: Match) -> Entry {
    let mut entry = entry(&address(name), second(0));
    entry.bastion = BastionName::new(bastion);
    entry.match_state.verdict = verdict;
    entry
}

/// Covers every kind of heading that a search finds, and no other kind.
pub async fn a_heading_is_found_by_the_beginning_of_each_word(catalogue: &impl Catalogue) {
    assert_eq!(words(catalogue, "a").await, BTreeSet::new());
    let session = facts_of("Anna.Smith@corp", "VM-Sql-3", "CORP\\Adm-7");
    let entry = recording("rec-web.12", "Bas-Hub", matched(session));
    save_one(catalogue, &entry).await;
    let (person, machine) = (Heading::person("anna.smith@corp"), Heading::machine("vm-sql-3"));
    let (account, bastion) =
        (Heading::Account("corp\\adm-7".to_owned()), Heading::Bastion(BastionName::new("Bas-Hub")));
    let stem = Heading::stem("rec-web");
    for (prefix, expected) in [
        ("a", vec![&person, &account]),
        ("anna.smith@corp", vec![&person]),
        ("anna.smith@corp2", vec![]),
        ("smith", vec![&person]),
        ("corp", vec![&person, &account]),
        ("sql-3", vec![&machine]),
        ("3", vec![&machine]),
        ("7", vec![&account]),
        ("hub", vec![&bastion]),
        ("b", vec![&bastion]),
        ("rec", vec![&stem]),
        ("web", vec![&stem]),
        ("12", vec![]),
        ("nna", vec![]),
        ("active", vec![]),
        ("matched", vec![]),
        ("t", vec![]),
    ] {
        assert_eq!(words(catalogue, prefix).await, expected.into_iter().cloned().collect(), "{prefix}");
    }
}

/// Nobody is found by the candidates of an uncertain recording or by a failed login.
pub async fn an_uncertain_session_adds_no_words(catalogue: &impl Catalogue) {
    let session = facts_of("anna@corp", "vm-sql", "adm");
    let verdicts = [
        Match::Pending,
        ambiguous(vec![session.clone(), facts_of("ben@corp", "vm-web", "ops")], None),
        Match::Unmatched { attempt: Some(Box::new(session)) },
    ];
    for (verdict, n) in verdicts.into_iter().zip(0..) {
        save_one(catalogue, &recording(&format!("0815-{n}"), "bas", verdict)).await;
    }
    for prefix in ["anna", "vm", "adm", "corp", "ben"] {
        assert_eq!(words(catalogue, prefix).await, BTreeSet::new(), "{prefix}");
    }
}

/// Each save adds the words of its entries, also if an earlier entry or save had some of them.
pub async fn a_changed_match_adds_the_words_of_its_new_names(catalogue: &impl Catalogue) {
    let mut entry = recording("0815", "bas", Match::Pending);
    save_one(catalogue, &entry).await;
    let people = ["anna@corp", "ben@corp", "anna@corp", "anna.lee@corp"];
    for (n, person) in people.into_iter().enumerate() {
        entry.match_state.verdict = matched(facts_of(person, "vm", "ops"));
        entry.revision += 1;
        save_one(catalogue, &entry).await;
        for known in &people[..=n] {
            let found = words(catalogue, fold(known).as_str()).await;
            let is_current = *known == person;
            assert!(!is_current || found.contains(&Heading::person(known)), "{known} at {n}: {found:?}");
        }
    }
    assert_eq!(words(catalogue, "vm").await, BTreeSet::from([Heading::machine("vm")]));
}

/// The limit counts headings, and no heading is found twice.
pub async fn headings_of_a_word_are_limited(catalogue: &impl Catalogue) {
    for n in 0..7 {
        let session = facts_of(&format!("web-{n}-web@web"), "vm", "ops");
        save_one(catalogue, &recording(&format!("0815-{n}"), "bas", matched(session))).await;
    }
    for limit in [1, 3, 6, 7, 9] {
        let found: BTreeSet<Heading> = catalogue.words("web", limit).await.unwrap().into_iter().collect();
        assert_eq!(found.len(), limit.min(7), "at most {limit}");
        assert!(found.iter().all(|heading| heading.value().starts_with("web-")));
    }
}

/// Any text is a value, and any beginning of a word finds it. Words that differ after the cut are found together.
pub async fn hostile_words_are_found(catalogue: &impl Catalogue) {
    let long = ["w".repeat(900), format!("{}-x", "\u{1f511}k".repeat(400)), "n-".repeat(500)];
    let mut values: Vec<&str> = HOSTILE_NAMES.into_iter().chain(long.iter().map(String::as_str)).collect();
    values.extend([
        "per%", "per_on", "per/x", "per\\x", "per#?", "per~", "per'", "J\u{d6}RG M\u{dc}LLER", "per\u{10ffff}",
    ]);
    let mut saved = BTreeSet::new();
    for (value, n) in values.iter().zip(0..) {
        let session = facts_of(value, &format!("{n}"), "ops");
        let entry = recording(&format!("0815-{n}"), "bas", matched(session));
        save_one(catalogue, &entry).await;
        saved.extend(Heading::for_entry(&entry));
    }
    for heading in &saved {
        for word in heading.words() {
            let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
            for end in ends.take(3).chain([word.len()]) {
                let prefix = cut(&word[..end]);
                let has = |one: &&Heading| one.words().iter().any(|word| word.starts_with(prefix));
                let expected: BTreeSet<Heading> = saved.iter().filter(has).cloned().collect();
                assert_eq!(words(catalogue, prefix).await, expected, "{prefix:?}");
            }
        }
    }
}
