//! Ends of troubles: who is told, and in which order.

use domain::policy::matcher::{Condition, Pattern, Test, TextFact};
use domain::policy::route::NotificationRoute;
use domain::record::delivery::ChannelAnswer;
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::SignedDuration;
use pipeline::ports::Fault;
use pipeline::replay::{InputSummary, Intake, Letter, Replay, ReplayOutcome, ReplayResult, ReplaySelection};
use pipeline::testing::schedule::now;

use crate::delivery::post::{Post, critical, everything, minutes};

const BEGIN: &str = "session.unrecorded";
const END: &str = "session.unrecorded.resolved";

fn hand_over(post: &Post, event: Event, occurrence: &str, person: Option<&str>) {
    let facts = person.map(|person| NotificationFact::text("person", person)).into_iter().collect();
    let at = pipeline::ports::Clock::now(&*post.clock);
    let notification = Notification { facts, ..Notification::new("a session", event, occurrence, at) };
    now(post.healthy().outbox.hand_over(&notification)).unwrap();
}

fn begin(post: &Post, occurrence: &str) {
    hand_over(post, Event::SessionUnrecorded, occurrence, None);
}

fn end(post: &Post, occurrence: &str) {
    hand_over(post, Event::SessionUnrecordedResolved, occurrence, Some("ann@contoso.com"));
}

fn not_now() -> ChannelAnswer {
    ChannelAnswer::TryLater { reason: "503".to_owned(), retry_after: None, overloaded: false }
}

#[test]
fn an_end_goes_to_the_channels_that_were_told_even_if_its_facts_take_other_routes() {
    let mut post = Post::with(&["vip", "others"]);
    let of_bob = Condition::Is(Test::Text(TextFact::Person, vec![Pattern::any_case("bob@*")]));
    let bob = NotificationRoute { when: of_bob, ..everything("bob", &["vip"]) };
    post.routing.routes = vec![bob, everything("others", &["others"])];
    hand_over(&post, Event::SessionUnrecorded, "1", Some("bob@contoso.com"));
    end(&post, "1");
    post.run_for(minutes(10), minutes(1));
    assert_eq!(post.events("vip"), [BEGIN, END]);
    assert!(post.events("others").is_empty());
}

#[test]
fn an_end_of_a_trouble_that_nobody_was_told_of_goes_to_nobody() {
    let mut post = Post::with(&["pager"]);
    end(&post, "1");
    post.routing.routes = vec![critical("critical", &["pager"])];
    begin(&post, "2");
    post.routing.routes = vec![everything("all", &["pager"])];
    end(&post, "2");
    post.run_for(minutes(10), minutes(1));
    assert!(post.events("pager").is_empty());
}

#[test]
fn an_end_waits_until_the_channel_has_accepted_the_trouble() {
    let post = Post::with(&["siem", "ops"]);
    (0..3).for_each(|_| post.receivers["siem"].will_answer(not_now()));
    begin(&post, "1");
    post.run(&post.healthy());
    end(&post, "1");
    post.run_for(minutes(5), minutes(1));
    assert_eq!((post.events("siem"), post.events("ops")), (vec![], vec![BEGIN, END]));
    post.run_for(SignedDuration::from_hours(2), minutes(1));
    assert_eq!(post.events("siem"), [BEGIN, END]);
}

#[test]
fn a_trouble_that_comes_back_is_told_and_ended_again() {
    let post = Post::with(&["siem"]);
    for occurrence in ["1", "2"] {
        begin(&post, occurrence);
        // The same effects are carried out again after a crash.
        begin(&post, occurrence);
        end(&post, occurrence);
        end(&post, occurrence);
        begin(&post, occurrence);
        post.run_for(minutes(2), minutes(1));
    }
    assert_eq!(post.events("siem"), [BEGIN, END, BEGIN, END]);
    end(&post, "3");
    post.run_for(minutes(2), minutes(1));
    assert_eq!(post.events("siem").len(), 4, "the trouble is not open any more");
}

/// Functions without input: only notifications are replayed.
struct NoInput;

#[async_trait::async_trait]
impl Intake for NoInput {
    fn look(&self, _: &str, _: &[u8]) -> Vec<InputSummary> {
        Vec::new()
    }

    fn letters<'a>(&self, _: &'a [u8]) -> Vec<Letter<'a>> {
        Vec::new()
    }

    async fn take(&self, _: &str, _: &[u8]) -> Result<ReplayResult, Fault> {
        Ok(ReplayResult::Applied)
    }

    async fn take_letter(&self, _: &[u8]) -> Result<ReplayResult, Fault> {
        Ok(ReplayResult::Applied)
    }
}

/// Replays every given-up delivery.
fn replayed(post: &Post) -> Vec<ReplayOutcome> {
    let archivist = post.healthy();
    let wanted = ReplaySelection { since: None, until: None, kind: None, name: None, limit: 99 };
    let mut watch = |_: &pipeline::replay::ReplayItem| ();
    let mut replay = Replay::dry(&archivist.replay, &NoInput, &wanted, &mut watch).applied();
    now(replay.given_up()).unwrap();
    replay.end().items.into_iter().map(|item| item.outcome).collect()
}

#[test]
fn the_begin_of_a_trouble_that_is_over_is_not_replayed() {
    let post = Post::with(&["siem", "ops"]);
    post.receivers["siem"].will_answer(ChannelAnswer::Refused { reason: "400".to_owned() });
    begin(&post, "1");
    post.run_for(minutes(2), minutes(1));
    assert_eq!((post.events("siem").len(), post.events("ops")), (0, vec![BEGIN]));
    end(&post, "1");
    post.run_for(minutes(2), minutes(1));
    assert_eq!(replayed(&post), [ReplayOutcome::Ignored("trouble_is_over")]);
    post.run_for(minutes(2), minutes(1));
    assert_eq!((post.events("siem"), post.events("ops")), (vec![END], vec![BEGIN, END]));
}

#[test]
fn the_begin_of_an_open_trouble_is_replayed() {
    let post = Post::with(&["siem"]);
    post.receivers["siem"].will_answer(ChannelAnswer::Refused { reason: "400".to_owned() });
    begin(&post, "1");
    post.run_for(minutes(2), minutes(1));
    assert_eq!(replayed(&post).len(), 1);
    post.run_for(minutes(2), minutes(1));
    assert_eq!(post.events("siem"), [BEGIN]);
}
