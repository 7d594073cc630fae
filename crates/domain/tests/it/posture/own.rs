//! Tests each question about our own deployment.

use domain::decide::posture::{Question as Q, *};
use domain::record::delivery::Retired;
use domain::record::notification::Severity::{Critical, Warning};

use crate::posture::told::*;
use crate::posture::world::*;

fn of_own(change: impl Fn(&mut OwnFacts), question: Q) -> Check {
    let mut own = self::own();
    change(&mut own);
    answer(&check_own(&own, now()), question)
}

#[test]
fn a_growing_queue_is_found() {
    is_good(&of_own(|_| {}, Q::OwnQueues));
    let old = |own: &mut OwnFacts| {
        (own.queues[0].messages, own.queues[0].oldest) = (read(3), read(Some(at("2026-03-02T08:00:00Z"))));
    };
    is_finding(&of_own(old, Q::OwnQueues), Warning, "60 min old", "function app");
    is_finding(&of_own(|own| own.queues[0].messages = read(5000), Q::OwnQueues), Warning, "5000", "runs");
    is_not_checked(&of_own(|own| own.queues[0].messages = unread(), Q::OwnQueues), "may not read");
}

#[test]
fn poison_and_quarantine_are_found() {
    is_good(&of_own(|_| {}, Q::OwnPoison));
    is_finding(&of_own(|own| own.poison[0].messages = read(2), Q::OwnPoison), Warning, "2 messages", "replay poison");
    is_not_checked(&of_own(|own| own.poison[0].messages = unread(), Q::OwnPoison), "may not read");
    is_good(&of_own(|_| {}, Q::OwnDeadLetters));
    is_finding(&of_own(|own| own.dead_letters = read(2), Q::OwnDeadLetters), Warning, "2 files", "replay dead-letters");
    is_not_checked(&of_own(|own| own.dead_letters = unread(), Q::OwnDeadLetters), "may not read");
    is_good(&of_own(|_| {}, Q::OwnQuarantine));
    is_finding(
        &of_own(|own| own.quarantine = read((2, 9)), Q::OwnQuarantine),
        Warning,
        "2 inputs wait",
        "replay quarantine",
    );
    is_finding(&of_own(|own| own.quarantine = read((9, 9)), Q::OwnQuarantine), Warning, "or more", "replay quarantine");
    is_not_checked(&of_own(|own| own.quarantine = unread(), Q::OwnQuarantine), "may not read");
}

#[test]
fn an_unreadable_ledger_is_not_checked() {
    is_good(&of_own(|_| {}, Q::OwnLedger));
    is_not_checked(&of_own(|own| own.ledger = unread(), Q::OwnLedger), "may not read");
}

#[test]
fn a_refused_version_of_the_configuration_is_found() {
    let refused =
        |own: &mut OwnFacts| own.refused_configuration = Some("archivist.yaml:3: colour: is no key".to_owned());
    is_finding(&of_own(refused, Q::OwnConfiguration), Critical, "colour: is no key", "config push");
}

#[test]
fn a_failing_channel_is_found() {
    is_good(&of_own(|_| {}, Q::OwnChannels));
    let with = |facts: ChannelFacts| move |own: &mut OwnFacts| own.channels[0].1 = read(facts.clone());
    let just_now = ChannelFacts { failing_since: Some(now()), ..ChannelFacts::default() };
    is_good(&of_own(with(just_now), Q::OwnChannels));
    let failing = ChannelFacts { failing_since: Some(at("2026-03-02T08:00:00Z")), ..ChannelFacts::default() };
    is_finding(&of_own(with(failing.clone()), Q::OwnChannels), Warning, "accepted nothing since", "notify test ops");
    let retired = Some(Retired { why: "given up by Microsoft", instead: "make a workflow" });
    let leading_nowhere = ChannelFacts { retired, ..failing.clone() };
    is_finding(&of_own(with(leading_nowhere), Q::OwnChannels), Warning, "given up by Microsoft", "make a workflow");
    let disabled = ChannelFacts { disabled: Some("404".to_owned()), ..failing };
    is_finding(&of_own(with(disabled), Q::OwnChannels), Critical, "404", "notify enable ops");
    let off = ChannelFacts { off: Some("OPS_URL is not set".to_owned()), ..ChannelFacts::default() };
    is_finding(
        &of_own(with(off), Q::OwnChannels),
        Critical,
        "OPS_URL",
        "appsettings/refresh?api-version=2022-03-01\"); then restart",
    );
    is_not_checked(&of_own(|own| own.channels[0].1 = unread(), Q::OwnChannels), "may not read");
}

#[test]
fn a_container_in_another_store_is_found() {
    let asked = |strange| {
        let own = OwnFacts { strange_stores: strange, ..self::own() };
        check_own(&own, now()).into_iter().find(|check| check.question == Q::OwnStores)
    };
    assert_eq!(asked(read(Vec::new())), None);
    let strange =
        vec![("st/recordings".to_owned(), "is in another store (B) than this catalogue was made from (A)".into())];
    is_finding(&asked(read(strange)).unwrap(), Critical, "another store (B)", "--adopt");
    is_not_checked(&asked(unread()).unwrap(), "may not read");
}

#[test]
fn a_clock_offset_is_shown_in_days_hours_or_minutes() {
    for (seconds, said) in [(240, "4 min off"), (9_000, "2 h off"), (366 * 86_400, "366 days off")] {
        let ours = now().saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
        let check = of_own(|own| own.clock = read((now(), ours)), Q::OwnClock);
        assert!(check.evidence.starts_with(said), "{}", check.evidence);
    }
}

#[test]
fn a_wrong_clock_is_found() {
    is_good(&of_own(|_| {}, Q::OwnClock));
    for theirs in ["2026-03-02T08:58:59Z", "2026-03-02T09:01:01Z"] {
        is_finding(
            &of_own(|own| own.clock = read((at(theirs), now())), Q::OwnClock),
            Warning,
            "61 s off",
            "timedatectl",
        );
    }
    is_not_checked(&of_own(|own| own.clock = unread(), Q::OwnClock), "may not read");
}

#[test]
fn a_host_that_listens_elsewhere_is_found() {
    is_good(&of_own(|_| {}, Q::OwnSettings));
    let elsewhere = |own: &mut OwnFacts| {
        own.endpoints = read((
            "https://sthost.queue.core.windows.net".to_owned(),
            "https://ststate.queue.core.windows.net".to_owned(),
        ));
    };
    is_finding(&of_own(elsewhere, Q::OwnSettings), Critical, "sthost", "AzureWebJobsStorage__queueServiceUri");
    is_not_checked(&of_own(|own| own.endpoints = unread(), Q::OwnSettings), "may not read");
}
