//! Conformance cases of listing entries under a heading.

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::BastionName;
use domain::record::join::Match;
use domain::record::session::SessionFacts;

use super::save_one;
use crate::ports::{Catalogue, Heading, ListRequest};
use crate::testing::sample::{HOSTILE_NAMES, address, ambiguous, entry, facts, matched, second};

/// A changed verdict moves the entry from its old headings to the new ones.
pub async fn an_entry_is_listed_only_under_its_present_headings(catalogue: &impl Catalogue) {
    let first = facts("t1", second(0));
    let other = SessionFacts { user_email: Some("other@contoso.example".into()), ..facts("t2", second(0)) };
    let nobody = SessionFacts { user_email: None, target_resource_id: None, target_ip: None, ..facts("t3", second(0)) };
    let verdicts = [
        Match::Pending,
        Match::Unmatched { attempt: None },
        ambiguous(vec![first.clone(), other.clone()], None),
        ambiguous(vec![first.clone(), first.clone()], Some("person@contoso.example")),
        matched(first),
        matched(other),
        matched(nobody),
        Match::Unmatched { attempt: Some(Box::new(facts("t4", second(0)))) },
        Match::Pending,
    ];
    let bystander = entry(&address("vm-other"), second(1));
    save_one(catalogue, &bystander).await;
    let mut changing = entry(&address("vm-user"), second(0));
    let mut met: Vec<Heading> = Heading::for_entry(&bystander);
    for (verdict, state) in verdicts.into_iter().zip(RecordingState::ALL.into_iter().cycle()) {
        changing.match_state.verdict = verdict;
        changing.state = state;
        changing.revision += 1;
        save_one(catalogue, &changing).await;
        met.extend(Heading::for_entry(&changing));
        for heading in &met {
            let both = [&bystander, &changing].into_iter();
            let expected: Vec<_> = both.filter(|entry| Heading::for_entry(entry).contains(heading)).cloned().collect();
            assert_eq!(under(catalogue, heading.clone()).await, expected, "{heading:?}");
        }
    }
}

/// Covers pages and bounds.
pub async fn a_heading_is_listed_page_by_page(catalogue: &impl Catalogue) {
    let mut own = Vec::new();
    for n in 0..9 {
        let mut entry = entry(&address(&format!("vm-{n}")), second(n));
        if n % 2 == 0 {
            entry.match_state.verdict = matched(facts(&format!("t{n}"), second(n)));
            own.insert(0, entry.clone());
        }
        save_one(catalogue, &entry).await;
    }
    for heading in
        [Heading::person("Person@Contoso.example "), Heading::machine("VM"), Heading::Match("matched".into())]
    {
        let mut request = ListRequest { under: Some(heading), below: None, from: None, limit: 2 };
        let mut listed = Vec::new();
        loop {
            let page = catalogue.list(&request).await.unwrap();
            assert!(page.len() <= 2, "a page has at most the requested length");
            let Some(last) = page.last() else { break };
            request.below = Some(last.id);
            listed.extend(page);
        }
        assert_eq!(listed, own);
        let between = ListRequest { below: Some(own[0].id), from: Some(own[3].id), limit: 9, ..request };
        assert_eq!(catalogue.list(&between).await.unwrap(), own[1..=3]);
    }
}

/// Equal values of different kinds are different headings.
pub async fn headings_of_different_kinds_are_separate(catalogue: &impl Catalogue) {
    let session = SessionFacts {
        user_email: Some("person".into()),
        target_resource_id: None,
        target_ip: Some("machine".into()),
        ..facts("tunnel", second(0))
    };
    let mut entry = entry(&address("vm-user"), second(0));
    entry.bastion = BastionName::new("bastion");
    entry.match_state.verdict = matched(session);
    save_one(catalogue, &entry).await;
    for value in ["active", "bastion", "matched", "person", "machine", "tunnel"].map(str::to_owned) {
        let headings = [
            Heading::Bastion(BastionName::new(&value)),
            Heading::Match(value.clone()),
            Heading::Person(value.clone()),
            Heading::Machine(value.clone()),
            Heading::Session(value),
        ];
        for heading in headings {
            let is_own = Heading::for_entry(&entry).contains(&heading);
            let expected = if is_own { vec![entry.clone()] } else { vec![] };
            assert_eq!(under(catalogue, heading.clone()).await, expected, "{heading:?}");
        }
    }
}

/// Values are data; only case is ignored.
pub async fn hostile_headings_are_kept_apart(catalogue: &impl Catalogue) {
    let longest = ["p".repeat(1000), "p".repeat(999), format!("{}\u{1f511}", "p".repeat(998))];
    let mut values: Vec<&str> = HOSTILE_NAMES.into_iter().chain(longest.iter().map(String::as_str)).collect();
    values.extend(["person", "perso", "person%", "per_on", "person/x", "PERSON", "J\u{d6}RG M\u{dc}LLER"]);
    let mut saved = Vec::new();
    for (value, n) in values.iter().zip(0..) {
        let session = SessionFacts {
            user_email: Some((*value).into()),
            target_resource_id: None,
            target_ip: Some(format!("machine {value}").into()),
            ..facts(&format!("t{n}"), second(n))
        };
        let mut entry = entry(&address(&format!("vm-{n}")), second(n));
        entry.bastion = BastionName::new(value);
        entry.match_state.verdict = matched(session);
        save_one(catalogue, &entry).await;
        saved.insert(0, entry);
    }
    for value in values {
        let bastion = Heading::Bastion(BastionName::new(value));
        for heading in [Heading::person(value), Heading::machine(&format!("machine {value}")), bastion] {
            let own = saved.iter().filter(|entry| Heading::for_entry(entry).contains(&heading));
            let own: Vec<Entry> = own.cloned().collect();
            assert!(!own.is_empty());
            assert_eq!(under(catalogue, heading.clone()).await, own, "{heading:?}");
        }
    }
}

async fn under(catalogue: &impl Catalogue, heading: Heading) -> Vec<Entry> {
    catalogue.list(&ListRequest { under: Some(heading), below: None, from: None, limit: 100 }).await.unwrap()
}
