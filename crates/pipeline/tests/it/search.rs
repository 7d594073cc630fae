//! The search box finds over the vocabulary what a walk over all entries finds.

use std::collections::BTreeSet;

use adapters_local::memory::MemoryCatalogue;
use adapters_local::sqlite::{SqliteCatalogue, SqliteStore};
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::recording_id::RecordingId;
use domain::record::session::SessionFacts;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::ports::Catalogue;
use pipeline::query::{Page, Query, SearchText, list};
use pipeline::testing::sample::{address, ambiguous, entry, facts, matched, second};
use pipeline::testing::schedule::now;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fewer_cases::{check, config};

/// Few names, so that searches hit.
const NAMES: [&str; 12] = [
    "anna", "Anna.Smith", "ann", "vm-sql-3", "sql3", "VM_web01", "web", "sun-01", "anna@corp.example", "ops", "a-1",
    "ÄNNE-2",
];
const BEGIN: i64 = 1_790_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(BEGIN + second).unwrap()
}

fn names() -> impl Strategy<Value = String> {
    (select(&NAMES[..]), option::of(select(&NAMES[..])), select(&["-", ".", "", "@", " "][..]))
        .prop_map(|(one, other, between)| other.map_or(one.to_owned(), |other| format!("{one}{between}{other}")))
}

fn sessions() -> impl Strategy<Value = SessionFacts> {
    let name = || option::of(names().prop_map(|name| name.as_str().into()));
    (name(), name(), name()).prop_map(|(person, machine, account)| SessionFacts {
        user_email: person,
        target_resource_id: None,
        target_ip: machine,
        user_name: account,
        ..facts("t", second(0))
    })
}

fn verdicts() -> impl Strategy<Value = Match> {
    prop_oneof![
        4 => sessions().prop_map(matched),
        1 => sessions().prop_map(|session| ambiguous(vec![session.clone(), session], None)),
        1 => sessions().prop_map(|session| {
            let person = session.user_email.as_deref().map(str::to_owned);
            ambiguous(vec![session.clone(), session], person.as_deref())
        }),
        1 => Just(Match::Pending),
        1 => sessions().prop_map(|session| Match::Unmatched { attempt: Some(Box::new(session)) }),
    ]
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (names(), option::of(0..20u8), names(), verdicts(), select(&RecordingState::ALL[..]), 0..400_000i64);
    vec(one, 0..25).prop_map(|all| {
        let mut ids = BTreeSet::new();
        let made = all.into_iter().map(|(name, number, bastion, verdict, state, second)| {
            let name = number.map_or(name.clone(), |number| format!("{name}.{number}"));
            let mut made = Entry { bastion: BastionName::new(&bastion), state, ..entry(&address(&name), at(second)) };
            made.match_state.verdict = verdict;
            made
        });
        made.filter(|made| ids.insert(made.address.clone())).collect()
    })
}

/// Part of a name: any beginning of any rest of it.
fn parts() -> impl Strategy<Value = String> {
    (names(), option::of(0..20u8), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(
        |(name, number, from, to)| {
            let name: Vec<char> = number.map_or(name.clone(), |number| format!("{name}.{number}")).chars().collect();
            let from = from.index(name.len());
            name[from..=from + to.index(name.len() - from)].iter().collect()
        },
    )
}

/// The definition of a part, written without the vocabulary.
fn is_part(name: &str, part: &str, behind: usize) -> bool {
    let lower = |text: &str| text.to_lowercase().chars().collect::<Vec<char>>();
    let (name, part) = (lower(name), lower(part));
    (0..name.len() - behind).any(|at| {
        let begins = name[at].is_alphanumeric()
            && (at == 0 || !name[at - 1].is_alphanumeric() || (name[at - 1].is_alphabetic() && name[at].is_numeric()));
        begins && name[at..].starts_with(&part)
    })
}

fn fits(entry: &Entry, part: &str) -> bool {
    let part = part.trim_start_matches(|letter: char| !letter.is_alphanumeric()).trim_end();
    let own = entry.address.name.as_str();
    let suffix = own.rsplit_once('.').map_or("", |(_, digits)| digits);
    let is_number = !suffix.is_empty() && suffix.bytes().all(|byte| byte.is_ascii_digit());
    let behind = if is_number { suffix.len() + 1 } else { 0 };
    let session = entry.match_state.verdict.session();
    let person = match &entry.match_state.verdict {
        Match::Ambiguous { person, .. } => person.clone(),
        _ => session.and_then(|session| session.user_email.as_deref().map(str::to_owned)),
    };
    let certain = [
        person,
        session.and_then(SessionFacts::machine),
        session.and_then(|session| session.user_name.as_deref().map(str::to_owned)),
        Some(entry.bastion.as_str().to_owned()),
    ];
    is_part(own, part, behind) || certain.iter().flatten().any(|name| is_part(name.trim(), part, 0))
}

fn saved<C: Catalogue>(catalogue: C, entries: &[Entry]) -> C {
    for entry in entries {
        let before = now(catalogue.lives(&entry.address)).unwrap();
        now(catalogue.save(&before, std::slice::from_ref(entry))).unwrap().unwrap();
    }
    catalogue
}

/// Returns the ids of all pages.
fn found(catalogue: &dyn Catalogue, query: &Query) -> Vec<RecordingId> {
    let (mut query, mut found) = (query.clone(), Vec::new());
    loop {
        let Page { items, next_cursor, .. } = now(list(catalogue, &query)).unwrap();
        found.extend(items.iter().map(|entry| entry.id));
        query.cursor = next_cursor;
        if query.cursor.is_none() {
            return found;
        }
    }
}

fn query(text: &str) -> Query {
    Query { search: SearchText::parse(text).unwrap().at(at(0), &TimeZone::UTC), ..Query::default() }
}

fn is_searchable(part: &str) -> bool {
    part.contains(char::is_alphanumeric) && !part.contains('"')
}

#[test]
fn a_search_finds_what_a_walk_over_all_entries_finds() {
    let cases = (
        entries(),
        vec(parts().prop_filter("a part has a letter", |part| is_searchable(part)), 1..4),
        option::of(select(&RecordingState::ALL[..])),
        select(vec![1, 2, 3, 50]),
    );
    check(config(8), &cases, |(entries, parts, state, limit)| {
        let words: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
        let words = words.join(" ") + &state.map_or(String::new(), |state| format!(" {}", state.name()));
        let query = Query { limit, ..query(&words) };
        let wanted = entries.iter().filter(|entry| state.is_none_or(|state| entry.state == state));
        let wanted = wanted.filter(|entry| parts.iter().all(|part| fits(entry, part)));
        let mut expected: Vec<RecordingId> = wanted.map(|entry| entry.id).collect();
        expected.sort();
        expected.reverse();
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("catalogue.sqlite")).unwrap();
        let (memory, sqlite) =
            (saved(MemoryCatalogue::default(), &entries), saved(SqliteCatalogue::new(&store), &entries));
        prop_assert_eq!(found(&memory, &query), expected.clone(), "in memory: {}", words);
        prop_assert_eq!(found(&sqlite, &query), expected, "in SQLite: {}", words);
        Ok(())
    });
}

#[test]
fn a_withdrawn_match_is_neither_found_nor_suggested() {
    let mut changing = entry(&address("0815"), at(0));
    let catalogue = MemoryCatalogue::default();
    let mut save = |verdict: Match| {
        changing.match_state.verdict = verdict;
        let before = now(catalogue.lives(&changing.address)).unwrap();
        now(catalogue.save(&before, std::slice::from_ref(&changing))).unwrap().unwrap();
        changing.revision += 1;
    };
    let of = |person: &str| matched(SessionFacts { user_email: Some(person.into()), ..facts("t", second(0)) });
    let find = |text: &str| now(list(&catalogue, &query(text))).unwrap();
    save(of("anna@corp"));
    assert_eq!(find("anna").items.len(), 1);
    assert_eq!(find("anma").unknown[0].nearest, ["anna"]);
    save(of("ben@corp"));
    assert_eq!((find("anna"), find("ben").items.len()), (Page::default(), 1));
    assert!(find("anma").unknown[0].nearest.is_empty());
}
