//! Tests of what a search reads.

use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::{CarriedHold, HoldId};
use jiff::{SignedDuration, Timestamp};

use super::catalogue::{ListedCatalogue, entry};
use super::{Page, Query, names, page, search, walk};
use crate::query::SearchText;
use crate::testing::sample;

fn find(catalogue: &ListedCatalogue, text: &str) -> Page {
    page(catalogue, &Query { search: search(text), ..Query::default() })
}

fn matched(name: &str, second: i64, person: &str) -> Entry {
    let mut entry = entry(name, second);
    let at = Timestamp::from_second(second).unwrap();
    let session = sample::facts(&format!("t{second}"), at);
    entry.match_state.verdict = sample::matched(domain::record::session::SessionFacts {
        user_email: Some(person.into()),
        target_resource_id: None,
        target_ip: None,
        user_name: None,
        ..session
    });
    entry
}

fn held(mut entry: Entry) -> Entry {
    let hold = HoldId::parse("hold_0sjsbfgbk4dn68yjsz5jgpqz3a").unwrap();
    let since = Timestamp::from_second(6).unwrap();
    entry.custody.holds = vec![CarriedHold { hold, case: "case".to_owned(), since, is_certain: true }];
    entry
}

#[test]
fn a_search_reads_only_the_recordings_with_its_word() {
    let many = (1..3000).map(|n| entry(&format!("vm-{n}-ops"), n));
    let catalogue = ListedCatalogue::from_entries(many.chain([entry("old-rare.7", 0)]));
    let found = find(&catalogue, "rare");
    assert_eq!((names(&found), found.next_cursor), (vec!["old-rare.7"], None));
    assert_eq!((catalogue.asked(), catalogue.given()), (vec![51], 1));
}

#[test]
fn an_address_is_found_among_many_of_its_network_without_a_walk() {
    let network = (1..=60).map(|n| entry(&format!("10.0.0.{n}-ops"), 5000 + n));
    let others = (1..3000).map(|n| entry(&format!("vm-{n}"), n));
    let catalogue = ListedCatalogue::from_entries(network.chain(others).chain([entry("10.0.0.4", 0)]));
    let found = find(&catalogue, "10.0.0.4");
    let names = names(&found);
    assert!(names.contains(&"10.0.0.4") && names.contains(&"10.0.0.4-ops"), "{names:?}");
    assert_eq!((names.len(), found.next_cursor), (12, None), "10.0.0.40 to 10.0.0.49 begin with it too");
}

#[test]
fn the_word_of_the_fewest_names_drives() {
    let of = |name: &str, at: i64| {
        (0..200)
            .map(move |n| (n, at))
            .map({
                let name = name.to_owned();
                move |(n, at)| entry(&format!("{name}-{}.{n}", n % 5), at + n)
            })
            .collect::<Vec<_>>()
    };
    let entries = of("web", 1000).into_iter().chain([entry("web-9-rare", 7), entry("db-rare", 8)]);
    let catalogue = ListedCatalogue::from_entries(entries);
    assert_eq!(names(&find(&catalogue, "web rare")), ["web-9-rare"]);
    assert_eq!(catalogue.given(), 2, "only recordings with `rare` are read");
}

#[test]
fn a_word_of_a_bastion_drives_only_alone() {
    let catalogue = ListedCatalogue::from_entries((0..300).map(|n| entry(&format!("vm-{}", n % 3), n)));
    assert_eq!(find(&catalogue, "bas vm-1").items.len(), 50);
    assert_eq!(catalogue.given(), 100, "one heading of a name, and not that of the bastion");
    assert_eq!(find(&catalogue, "bas").items.len(), 50);
}

#[test]
fn a_word_of_more_than_50_names_is_checked_on_the_entries_read() {
    let catalogue =
        ListedCatalogue::from_entries((0..60).map(|n| entry(&format!("vm-{n}"), n)).chain([entry("db", 70)]));
    assert_eq!(find(&catalogue, "vm").items.len(), 50);
    assert_eq!(catalogue.asked(), [100], "a walk");
}

#[test]
fn a_merge_reads_about_2000_entries_per_call() {
    let old = held(entry("web-1", 0));
    let many = (1..4500).map(|n| entry(&format!("web-{}.{n}", n % 20), n));
    let catalogue = ListedCatalogue::from_entries(many.chain([old]));
    let query = Query { search: search("web held"), ..Query::default() };
    let first = page(&catalogue, &query);
    assert!(first.items.is_empty() && first.next_cursor.is_some());
    assert!((2000..4000).contains(&catalogue.given()), "{}", catalogue.given());
    assert_eq!(walk(&catalogue, &query, || {}).len(), 1);
}

#[test]
fn a_recording_with_several_names_is_found_once() {
    let entries = (0..9).map(|n| matched(&format!("anna-{}", n % 2), n, "anna@corp"));
    let catalogue = ListedCatalogue::from_entries(entries);
    for limit in [1, 2, 8, 9] {
        let found = walk(&catalogue, &Query { search: search("anna"), limit, ..Query::default() }, || {});
        assert_eq!(found.len(), 9, "pages of {limit}");
        assert!(found.is_sorted_by(|newer, older| newer > older));
    }
}

#[test]
fn a_page_that_takes_the_last_entry_of_a_merge_is_the_last_one() {
    let catalogue = ListedCatalogue::from_entries((0..4).map(|n| entry(&format!("web-{n}"), n)));
    let query = Query { limit: 4, search: search("web"), ..Query::default() };
    assert_eq!(page(&catalogue, &query).next_cursor, None);
}

#[test]
fn days_states_holds_and_filters_narrow_a_search() {
    let day = 24 * 3600;
    let mut settled = held(entry("web-2", 2 * day));
    settled.state = RecordingState::Settled;
    let catalogue = ListedCatalogue::from_entries([
        entry("web-1", day),
        settled,
        entry("web-3", 3 * day),
        entry("db", 2 * day + 1),
    ]);
    let now = Timestamp::from_second(3 * day + 60).unwrap();
    let find = |text: &str, from: Option<i64>| {
        let search = SearchText::parse(text).unwrap().at(now, &jiff::tz::TimeZone::UTC);
        let from = from.map(|from| Timestamp::from_second(from).unwrap());
        let created = crate::query::TimeRange { from, to: None };
        let found = page(&catalogue, &Query { search, created, ..Query::default() });
        names(&found).join(" ")
    };
    assert_eq!(find("web", None), "web-3 web-2 web-1");
    assert_eq!(find("web yesterday", None), "web-2");
    assert_eq!(find("yesterday", None), "db web-2");
    assert_eq!(find("2d web", Some(3 * day)), "web-3");
    assert_eq!(find("today yesterday", None), "");
    assert_eq!(find("web settled", None), "web-2");
    assert_eq!(find("held", None), "web-2");
    assert_eq!(find("held active", None), "");
    assert_eq!(find("active settled", None), "");
}

#[test]
fn a_recording_is_due_after_its_last_day_unless_it_is_held_or_gone() {
    let expiring = |name: &str| {
        let at = Timestamp::from_second(5).unwrap();
        sample::expiring(&sample::address(name), &ETag::new("0x1"), at)
    };
    let gone = Entry { state: RecordingState::Deleted, ..expiring("gone") };
    let catalogue = ListedCatalogue::from_entries([expiring("due"), held(expiring("held")), gone, entry("new", 9)]);
    let later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 3650);
    for (now, expected) in [(Timestamp::UNIX_EPOCH, vec![]), (later, vec!["due"])] {
        let search = SearchText::parse("due").unwrap().at(now, &jiff::tz::TimeZone::UTC);
        assert_eq!(names(&page(&catalogue, &Query { search, ..Query::default() })), expected);
    }
}

#[test]
fn a_recording_is_found_by_its_certain_person_even_if_its_session_is_not_certain() {
    let mut one = entry("web-1", 1);
    let session = sample::facts("t1", Timestamp::from_second(1).unwrap());
    let person = "person@contoso.example";
    one.match_state.verdict = sample::ambiguous(vec![session.clone(), session.clone()], Some(person));
    let mut other = entry("web-2", 2);
    other.match_state.verdict = sample::ambiguous(vec![session.clone(), session.clone()], None);
    let catalogue = ListedCatalogue::from_entries([one, other]);
    assert_eq!(names(&find(&catalogue, "person@contoso")), ["web-1"]);
    let of_person = Query { person: Some(person.to_owned()), ..Query::default() };
    assert_eq!(names(&page(&catalogue, &of_person)), ["web-1"]);
    let of_machine = Query { machine: session.machine(), ..Query::default() };
    assert!(of_machine.machine.is_some() && names(&page(&catalogue, &of_machine)).is_empty());
}

#[test]
fn a_word_that_no_name_has_comes_with_similar_ones() {
    let people = ["anna.smith@corp", "anton@corp", "ben@corp", "anne@corp", "sun@corp"];
    let catalogue = ListedCatalogue::from_entries(people.iter().zip(0..).map(|(person, n)| matched("0815", n, person)));
    let nearest = |text: &str| {
        let found = find(&catalogue, text);
        assert_eq!((found.items.len(), found.next_cursor), (0, None), "{text}");
        found.unknown.into_iter().map(|word| (word.index, word.text, word.nearest.join(" "))).collect::<Vec<_>>()
    };
    let word = |index, text: &str, near: &str| (index, text.to_owned(), near.to_owned());
    assert_eq!(nearest("anma"), [word(0, "anma", "anna")]);
    assert_eq!(nearest("0815 Anna.Smoth"), [word(1, "Anna.Smoth", "anna.smith")]);
    assert_eq!(nearest("annx zzz"), [word(0, "annx", "anna anne"), word(1, "zzz", "")]);
    assert_eq!(nearest("sum"), [word(0, "sum", "\"sun\"")], "a keyword is in quotes");
    assert_eq!(find(&catalogue, "corp").unknown, []);
}

#[test]
fn a_whole_id_is_read_at_once_and_must_fit_the_other_words() {
    let catalogue = ListedCatalogue::from_entries((1..3000).map(|n| entry(&format!("vm-{n}"), n)));
    let id = entry("vm-7", 7).id;
    assert_eq!(names(&find(&catalogue, &id.to_string())), ["vm-7"]);
    assert_eq!(names(&find(&catalogue, &format!("{id} missing"))), Vec::<&str>::new());
    assert_eq!(catalogue.given(), 0, "no list is read");
}

#[test]
fn a_short_id_is_compared_with_the_newest_and_goes_on() {
    let catalogue = ListedCatalogue::from_entries((1..3000).map(|n| entry(&format!("vm-{n}"), n)));
    let id = entry("vm-2900", 2900).id.to_string();
    // The first reports of these recordings are equal, and so are the last seven letters of their ids.
    let found = find(&catalogue, &format!("rec_…{}", &id[id.len() - 14..]));
    assert_eq!(names(&found), ["vm-2900"]);
    assert!(found.next_cursor.is_some(), "older recordings may end so too");
}

#[test]
fn the_id_of_a_session_reads_only_its_recordings() {
    let tunnel = "5f0c1c1e-09ab-4def-8123-0123456789ab";
    let mut of_session = entry("vm-x", 0);
    of_session.match_state.verdict = sample::matched(sample::facts(tunnel, Timestamp::UNIX_EPOCH));
    let catalogue = ListedCatalogue::from_entries((1..3000).map(|n| entry(&format!("vm-{n}"), n)).chain([of_session]));
    assert_eq!((names(&find(&catalogue, tunnel)), catalogue.given()), (vec!["vm-x"], 1));
}
