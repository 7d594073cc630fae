//! Tests reviews of recordings: who may review, what is stored, and which recordings the rules ask for.

use std::sync::Arc;

use domain::decide::catalogue::{EntryCommand, ReviewRefusal, ReviewSubmission};
use domain::policy::matcher::{Condition, Facts, Pattern, Test, TextFact};
use domain::policy::retention::{Period, RetentionRule};
use domain::policy::review::{DueWithin, PriorSessionFacts, ReviewPolicy, ReviewRule};
use domain::record::catalogue::{Entry, EntryChangeKind, RecordingState};
use domain::record::hold::Actor;
use domain::record::join::{Candidate, Match, MatchGrounds, Matched};
use domain::record::ledger::{LedgerEvent, Sha256};
use domain::record::recording_id::RecordingId;
use domain::record::retention::Fingerprint;
use domain::record::retention::Then;
use domain::record::review::ReviewOutcome;
use domain::record::review_mark::ReviewValidity;
use domain::record::session::{Records, Session, SessionFacts, TunnelId};
use jiff::SignedDuration;

use crate::catalogue::custody::{class, finished, known};
use crate::catalogue::world::{Name, at, etag, there, written};

const LATER: i64 = 14 * 3600;

fn person(name: &str) -> Actor {
    Actor { name: name.to_owned(), is_verified: true }
}

fn unverified(name: &str) -> Actor {
    Actor { name: name.to_owned(), is_verified: false }
}

fn submission(by: Actor, outcome: ReviewOutcome) -> ReviewSubmission {
    ReviewSubmission { outcome, by, ticket: Some("INC-1".to_owned()), note: Some("as agreed".to_owned()) }
}

fn submit(name: &mut Name, submitted: &ReviewSubmission, second: i64) -> bool {
    name.command(EntryCommand::Review(submitted.clone()), there(0, 0, 9), at(second))
}

fn session(tunnel: &str, person: &str) -> SessionFacts {
    let mut facts = Session::assemble(&TunnelId::parse(tunnel).unwrap(), &Records::default()).facts;
    facts.user_email = Some(person.into());
    facts
}

fn ambiguous(people: &[&str]) -> Match {
    let one = |(at, person): (usize, &&str)| Candidate {
        session: session(&format!("t-{at}"), person),
        evidence: Vec::new(),
        grounds: MatchGrounds::default(),
    };
    Match::Ambiguous { candidates: people.iter().enumerate().map(one).collect(), more: 0, person: None }
}

fn matched(person: &str) -> Match {
    let (session, evidence, grounds) = (session("t-1", person), Vec::new(), MatchGrounds::default());
    Match::Matched(Box::new(Matched { session, evidence, grounds }))
}

/// A final recording with this match.
fn recording(verdict: Match) -> Name {
    let mut name = finished(known());
    name.lives.entries[0].match_state.verdict = verdict;
    name
}

fn reviewed_facts(entry: &Entry) -> usize {
    entry.history.iter().filter(|change| matches!(change.what, EntryChangeKind::Reviewed { .. })).count()
}

#[test]
fn a_review_is_stored_with_its_author_and_a_ledger_fact() {
    let mut name = recording(matched("ada@contoso.example"));
    let submitted = submission(unverified("bob"), ReviewOutcome::Finding);
    let command = Some((name.only().id, EntryCommand::Review(submitted.clone())));
    name.decide_and_die(command, there(0, 0, 9), at(LATER));

    let mark = name.only().review().unwrap();
    assert_eq!((mark.outcome, &mark.by), (ReviewOutcome::Finding, &submitted.by));
    assert_eq!((mark.ticket.as_deref(), mark.note.as_deref()), (Some("INC-1"), Some("as agreed")));
    let facts = name.only().pending.iter().filter_map(|pending| match &pending.effect {
        domain::record::effect::Effect::Record(fact) => Some(&fact.what),
        _ => None,
    });
    let told: Vec<_> = facts.filter(|fact| matches!(fact, LedgerEvent::RecordingReviewed { .. })).collect();
    assert!(
        matches!(told[..], [LedgerEvent::RecordingReviewed { outcome: ReviewOutcome::Finding, by, .. }] if by == "bob (unverified)"),
        "{told:?}"
    );
}

#[test]
fn the_person_of_a_session_cannot_review_it_in_any_spelling() {
    for by in [person("ada@contoso.example"), person("ADA@Contoso.Example"), unverified("ada@contoso.example")] {
        let mut name = recording(matched("Ada@contoso.example"));
        assert_eq!(name.only().refuses_review(&by), Some(ReviewRefusal::OwnSession), "{by:?}");
        submit(&mut name, &submission(by, ReviewOutcome::Ok), LATER);
        assert_eq!(name.only().reviews, []);
    }
}

#[test]
fn an_unverified_short_name_counts_as_the_person_of_a_mailbox() {
    let name = recording(matched("ada@contoso.example"));
    for user in ["Ada", "CONTOSO\\ada"] {
        assert_eq!(name.only().refuses_review(&unverified(user)), Some(ReviewRefusal::OwnSession), "{user}");
    }
    assert_eq!(name.only().refuses_review(&unverified("bob")), None);
}

#[test]
fn a_guest_cannot_review_their_own_session_under_another_form_of_the_name() {
    let guest = "ada_contoso.example#EXT#@fabrikam.onmicrosoft.com";
    for (of, by) in
        [("ada@contoso.example", guest), (guest, "ada@contoso.example"), ("live.com#ada@contoso.example", guest)]
    {
        let name = recording(matched(of));
        assert_eq!(name.only().refuses_review(&person(by)), Some(ReviewRefusal::OwnSession), "{by} of {of}");
        assert_eq!(name.only().refuses_review(&person("bob@contoso.example")), None);
    }
}

#[test]
fn a_name_that_cannot_be_compared_with_the_person_may_be_theirs() {
    let id = "5f1c1d9e-7f0c-4a53-9d3c-2f6f7f3c0b11";
    for by in [id, "ada", "ada@contoso.onmicrosoft.example", "ada+audit@contoso.example"] {
        let name = recording(matched("ada@contoso.example"));
        assert_eq!(name.only().refuses_review(&person(by)), Some(ReviewRefusal::OwnSession), "{by}");
        let name = recording(Match::Unmatched { attempt: None });
        assert_eq!(name.only().refuses_review(&person(by)), None, "while no person is known, nobody is excluded");
    }
}

#[test]
fn a_repeated_review_of_what_turned_out_to_be_the_own_session_is_refused() {
    let mut name = recording(Match::Unmatched { attempt: None });
    let submitted = submission(person("ada@contoso.example"), ReviewOutcome::Ok);
    submit(&mut name, &submitted, LATER);
    assert!(name.only().has_review(&submitted));
    name.lives.entries[0].match_state.verdict = matched("ada@contoso.example");
    assert!(!name.only().has_review(&submitted));
    assert_eq!(name.only().refuses_review(&submitted.by), Some(ReviewRefusal::OwnSession));
}

#[test]
fn no_candidate_of_an_ambiguous_match_can_review_the_recording() {
    let name = recording(ambiguous(&["ada@contoso.example", "bob@contoso.example"]));
    for by in ["ada@contoso.example", "BOB@contoso.example"] {
        assert_eq!(name.only().refuses_review(&person(by)), Some(ReviewRefusal::OwnSession), "{by}");
    }
    assert_eq!(name.only().refuses_review(&person("eve@contoso.example")), None);
}

#[test]
fn a_review_of_what_turns_out_to_be_the_reviewers_own_session_does_not_count() {
    let mut name = recording(Match::Unmatched { attempt: None });
    submit(&mut name, &submission(person("eve@contoso.example"), ReviewOutcome::Finding), LATER);
    submit(&mut name, &submission(person("ada@contoso.example"), ReviewOutcome::Ok), LATER + 60);
    assert_eq!(name.only().review_outcome(), "ok");

    name.lives.entries[0].match_state.verdict = matched("ada@contoso.example");
    assert_eq!(name.only().review_outcome(), "finding");
    name.lives.entries[0].match_state.verdict = ambiguous(&["ada@contoso.example", "eve@contoso.example"]);
    assert_eq!((name.only().review_outcome(), name.only().reviews.len()), ("none", 2));
}

#[test]
fn the_same_submission_changes_nothing_the_second_time() {
    let mut name = recording(matched("ada@contoso.example"));
    let submitted = submission(person("bob@contoso.example"), ReviewOutcome::Ok);
    assert!(submit(&mut name, &submitted, LATER));
    let once = name.only().clone();
    submit(&mut name, &submitted, LATER + 60);
    assert_eq!((&name.only().reviews, reviewed_facts(name.only())), (&once.reviews, 1));

    let other = ReviewSubmission { note: Some("seen again".to_owned()), ..submitted };
    assert!(submit(&mut name, &other, LATER + 120));
    assert_eq!((name.only().reviews.len(), reviewed_facts(name.only())), (2, 2));
}

/// Hash of the present content, as a command stores it.
fn hashed(name: &mut Name, modified: i64, content: &[u8], second: i64) {
    let print = Fingerprint::new(etag(modified), 9, Sha256::hash(content));
    name.command(EntryCommand::Hashed(print), there(0, modified, 9), at(second));
}

#[test]
fn a_review_of_content_that_was_overwritten_does_not_count_and_can_be_given_again() {
    let mut name = recording(matched("ada@contoso.example"));
    let submitted = submission(person("bob@contoso.example"), ReviewOutcome::Ok);
    submit(&mut name, &submitted, LATER);
    assert_eq!(name.only().review_outcome(), "ok");

    name.hear(written(LATER + 60, 9), there(0, LATER + 60, 9), at(LATER + 61));
    assert_eq!(name.only().review_outcome(), "none");
    assert_eq!(name.only().validity_of(&name.only().reviews[0]), ReviewValidity::EarlierContent);

    let command = EntryCommand::Review(submitted);
    assert!(name.command(command, there(0, LATER + 60, 9), at(LATER + 120)));
    let standings: Vec<_> = name.only().reviews.iter().map(|mark| name.only().validity_of(mark)).collect();
    assert_eq!(standings, [ReviewValidity::EarlierContent, ReviewValidity::Counts]);
    assert_eq!((name.only().review_outcome(), reviewed_facts(name.only())), ("ok", 2));
}

#[test]
fn an_overwrite_that_is_read_before_its_event_ends_the_review_too() {
    let mut name = recording(matched("ada@contoso.example"));
    submit(&mut name, &submission(person("bob@contoso.example"), ReviewOutcome::Ok), LATER);
    name.look(there(0, LATER + 60, 9), at(LATER + 61));
    assert_eq!(name.only().review_outcome(), "none");
    name.hear(written(LATER + 60, 9), there(0, LATER + 60, 9), at(LATER + 62));
    assert_eq!(name.only().review_outcome(), "none");
}

#[test]
fn a_review_counts_for_another_version_only_if_both_have_the_same_hash() {
    for (content, outcome) in [(&b"same"[..], "ok"), (&b"other"[..], "none")] {
        let mut name = recording(matched("ada@contoso.example"));
        hashed(&mut name, 0, b"same", LATER);
        submit(&mut name, &submission(person("bob@contoso.example"), ReviewOutcome::Ok), LATER + 10);
        name.hear(written(LATER + 60, 9), there(0, LATER + 60, 9), at(LATER + 61));
        assert_eq!(name.only().review_outcome(), "none", "the new hash is not known yet");
        hashed(&mut name, LATER + 60, content, LATER + 120);
        assert_eq!(name.only().review_outcome(), outcome);
    }
}

#[test]
fn a_review_of_unknown_content_does_not_count() {
    let mut name = recording(matched("ada@contoso.example"));
    submit(&mut name, &submission(person("bob@contoso.example"), ReviewOutcome::Ok), LATER);
    name.lives.entries[0].reviews[0].content = None;
    assert_eq!(name.only().review_outcome(), "none");
}

#[test]
fn only_a_final_recording_that_exists_can_be_reviewed() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    let submitted = submission(person("bob@contoso.example"), ReviewOutcome::Ok);
    assert_eq!(name.only().refuses_review(&submitted.by), Some(ReviewRefusal::NotFinal));
    submit(&mut name, &submitted, 60);
    assert_eq!(name.only().reviews, []);

    let mut name = recording(Match::Unmatched { attempt: None });
    name.lives.entries[0].state = RecordingState::Deleted;
    let refused = ReviewRefusal::NotThere(RecordingState::Deleted);
    assert_eq!(name.only().refuses_review(&submitted.by), Some(refused));
}

#[test]
fn many_reviews_leave_the_first_and_the_latest() {
    let mut name = recording(Match::Unmatched { attempt: None });
    for number in 0..40 {
        let note = Some(number.to_string());
        let submitted = ReviewSubmission { note, ..submission(person("bob"), ReviewOutcome::Ok) };
        submit(&mut name, &submitted, LATER + number);
    }
    let notes: Vec<_> = name.only().reviews.iter().filter_map(|mark| mark.note.as_deref()).collect();
    assert_eq!(notes, ["0", "37", "38", "39"]);
}

#[test]
fn a_finding_gives_the_recording_another_class_at_once_and_its_withdrawal_shortens_nothing() {
    let mut policy = known();
    policy.classes.push(class("finding", "P7Y", "P7Y", Then::Review));
    let when = Condition::Is(Test::Text(TextFact::ReviewOutcome, vec![Pattern::any_case("finding")]));
    policy.rules.push(RetentionRule { name: "findings".to_owned(), when, class: 3, minimum: true });
    let mut name = finished(policy);
    let class_of = |name: &Name| name.only().custody.retention.clone().unwrap();
    assert_eq!(class_of(&name).class, "standard");

    submit(&mut name, &submission(person("bob"), ReviewOutcome::Finding), LATER);
    let found = class_of(&name);
    assert_eq!((found.class.as_str(), found.retain_until.to_string().as_str()), ("finding", "2033-03-02"));
    submit(&mut name, &submission(person("bob"), ReviewOutcome::Ok), LATER + 60);
    assert_eq!(class_of(&name).retain_until, found.retain_until);
}

fn rule(name: &str, when: Condition, sample: u8) -> ReviewRule {
    let due_within = DueWithin::Days(Period::parse("P7D").unwrap());
    ReviewRule { name: name.to_owned(), when, sample, due_within }
}

fn rules(rules: Vec<ReviewRule>) -> ReviewPolicy {
    ReviewPolicy { rules, ..ReviewPolicy::default() }
}

fn everything() -> Condition {
    Condition::All(Vec::new())
}

fn ids() -> Vec<RecordingId> {
    let address = &finished(known()).lives.address;
    (0..2_000).map(|number: i32| RecordingId::derive(address, at(0), &number.to_be_bytes())).collect()
}

#[test]
fn a_sample_is_the_same_in_every_process_and_grows_with_its_share() {
    let ids = ids();
    let sampled = |name: &str, share: u8| -> Vec<RecordingId> {
        let rule = rule(name, everything(), share);
        ids.iter().copied().filter(|id| rule.samples(*id)).collect()
    };
    let mut smaller = sampled("tenth", 0);
    assert_eq!(smaller, []);
    for share in [1, 10, 11, 50, 99, 100] {
        let larger = sampled("tenth", share);
        assert!(smaller.iter().all(|id| larger.contains(id)), "{share}");
        assert_eq!(larger, sampled("tenth", share));
        smaller = larger;
    }
    assert_eq!(smaller.len(), ids.len());
    let tenth = sampled("tenth", 10).len();
    assert!((120..280).contains(&tenth), "{tenth}");
    assert_ne!(sampled("tenth", 10), sampled("another", 10));
    // The sample must be the same in every release: a change here changes which recordings people are asked for.
    let known = RecordingId::parse("rec_01kjpyph1yv56czgxgxa6hk7hq").unwrap();
    let least = (0..=100).find(|share| rule("tenth", everything(), *share).samples(known));
    assert_eq!(least, Some(LEAST_SHARE));
}

/// Smallest share of the rule `tenth` that contains a known recording.
const LEAST_SHARE: u8 = 24;

#[test]
fn the_first_rule_with_the_recording_in_its_sample_asks() {
    let entry = finished(known()).only().clone();
    let policy = rules(vec![
        rule("none", everything(), 0),
        rule("held", Condition::Is(Test::Held(true)), 100),
        rule("all", everything(), 100),
    ]);
    let request = policy.asks_of(&entry, PriorSessionFacts::default()).unwrap();
    assert_eq!((request.rule.name.as_str(), request.unknown_facts.len()), ("all", 0));
    let due = entry.final_at.unwrap() + SignedDuration::from_hours(7 * 24);
    assert_eq!(request.due_at, due);
    assert_eq!(
        rules(vec![rule("held", Condition::Is(Test::Held(true)), 100)]).asks_of(&entry, PriorSessionFacts::default()),
        None
    );
}

#[test]
fn an_unknown_condition_asks_and_names_the_unknown_facts() {
    let entry = finished(known()).only().clone();
    let of_ada = Condition::Is(Test::Text(TextFact::Person, vec![Pattern::any_case("ada*")]));
    let on_bas = Condition::Is(Test::Text(TextFact::Bastion, vec![Pattern::any_case("bas")]));
    let policy = rules(vec![rule("ada", Condition::All(vec![on_bas, of_ada]), 100)]);
    let request = policy.asks_of(&entry, PriorSessionFacts::default()).unwrap();
    assert_eq!(request.unknown_facts.iter().map(String::as_str).collect::<Vec<_>>(), ["person"]);

    let facts = Facts { person: Some("bob"), bastion: Some("bas"), ..Facts::default() };
    assert_eq!(policy.asks(&entry, &facts), None);
}

#[test]
fn a_recording_that_is_not_final_is_not_asked_for() {
    let mut name = Name::new();
    name.rules.reviews = Arc::new(rules(vec![rule("all", everything(), 100)]));
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    assert_eq!(name.rules.reviews.asks_of(name.only(), PriorSessionFacts::default()), None);
}

#[test]
fn a_review_in_hours_is_due_to_the_second() {
    let from = at(0);
    let hours = DueWithin::Hours(SignedDuration::from_hours(36));
    assert_eq!(hours.after(from), from + SignedDuration::from_hours(36));
}
