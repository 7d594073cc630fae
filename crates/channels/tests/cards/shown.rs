use channels::{PreviewError, slack, teams};
use domain::record::notification::{Event, NotificationFact};
use serde_json::Value;

use crate::samples::{PAGE, frozen, samples};

#[test]
fn every_event_has_a_message_for_teams() {
    for (name, body) in samples() {
        let message: Value = serde_json::from_str(&teams::preview(&body, Some(PAGE)).unwrap()).unwrap();
        insta::assert_json_snapshot!(format!("teams-{name}"), message);
    }
}

#[test]
fn every_event_has_a_message_for_slack() {
    for (name, body) in samples() {
        let message: Value = serde_json::from_str(&slack::preview(&body, Some(PAGE)).unwrap()).unwrap();
        insta::assert_json_snapshot!(format!("slack-{name}"), message);
    }
}

#[test]
fn without_a_page_and_a_portal_there_is_no_button() {
    let body = frozen(Event::RecordingReady, "a", vec![NotificationFact::text("recording", "rec_1")], None);
    assert!(!teams::preview(&body, None).unwrap().contains("Action.OpenUrl"));
    assert!(!slack::preview(&body, None).unwrap().contains("button"));
}

/// Counts the facts that a message shows at once.
fn shown_facts(teams: &Value, slack: &Value) -> [usize; 2] {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let body = list(&teams["attachments"][0]["content"], "body");
    let blocks = list(slack, "blocks");
    [
        body.iter().map(|element| list(element, "facts").len()).sum(),
        blocks.iter().map(|block| list(block, "fields").len() / 2).sum(),
    ]
}

#[test]
fn every_card_shows_five_facts_and_a_next_step_and_folds_the_rest() {
    for (name, body) in samples() {
        let teams = teams::preview(&body, Some(PAGE)).unwrap();
        let slack = slack::preview(&body, Some(PAGE)).unwrap();
        let parsed = [&teams, &slack].map(|message| serde_json::from_str::<Value>(message).unwrap());
        let shown = shown_facts(&parsed[0], &parsed[1]);
        assert!(shown.into_iter().all(|facts| facts <= 5) && shown[0] == shown[1], "{name}: {shown:?}");
        assert!(teams.contains("\"Next: ") && slack.contains("\"Next: "), "{name}");
        let is_folded = teams.contains("\"isVisible\":false");
        assert_eq!(is_folded, teams.contains("Action.ToggleVisibility"), "{name}");
        assert_eq!(is_folded, slack.contains("\"More\\n"), "{name}");
        assert!(!is_folded || shown[0] == 5, "{name}");
    }
}

#[test]
fn a_digest_shows_each_class_of_expiring_recordings_and_links_to_the_deletions() {
    let daily = samples().into_iter().find(|(name, _)| name == "channel.digest.daily").unwrap().1;
    for message in [teams::preview(&daily, Some(PAGE)), slack::preview(&daily, Some(PAGE))] {
        let message = message.unwrap().replace("\\\\", "");
        let at = |text: &str| message.find(text).unwrap_or_else(|| panic!("{text}: {message}"));
        assert!(at("4 recordings of class standard") < at("14 recordings of class pci"), "the soonest first");
        assert!(at("2026-03-09") < at("vm-pay-04-root · ada@contoso.example · bas-hub-01"), "{message}");
        assert!(at("vm-web-06-root · grace@contoso.example · bas-hub-02") < at("and 12 more"), "{message}");
        at("18 recordings are about to be deleted: 4 of class standard, 14 of class pci.");
        at(&format!("{PAGE}/deletions"));
    }
}

#[test]
fn a_command_to_copy_contains_no_text_of_others() {
    let odd = "rec_1; rm -rf ~";
    let facts = vec![NotificationFact::text("recording", odd), NotificationFact::text("case", odd)];
    for event in Event::ALL {
        let body = frozen(event, "a", facts.clone(), None);
        let message: Value = serde_json::from_str(&teams::preview(&body, None).unwrap()).unwrap();
        let texts = message["attachments"][0]["content"]["body"].as_array().unwrap();
        let next = texts.iter().filter_map(|text| text["text"].as_str()).find(|text| text.starts_with("Next: "));
        assert!(!next.unwrap().contains("rm -rf"), "{next:?}");
    }
}

#[test]
fn a_person_is_shown_only_if_the_body_names_one() {
    let body = frozen(Event::RecordingReady, "a", vec![NotificationFact::text("machine", "vm-01")], None);
    for message in [teams::preview(&body, None).unwrap(), slack::preview(&body, None).unwrap()] {
        assert!(!message.contains("Person") && message.contains("a session on vm-01"), "{message}");
    }
}

#[test]
fn a_type_without_letters_has_a_default_title() {
    for kind in ["", " ", "...", "_"] {
        let body = frozen(Event::RecordingReady, "a", vec![], None);
        let body = body.replacen("\"recording.ready\"", &format!("\"{kind}\""), 1);
        let slack: Value = serde_json::from_str(&slack::preview(&body, None).unwrap()).unwrap();
        assert_eq!(slack["blocks"][0]["text"]["text"], "Notification");
        let teams: Value = serde_json::from_str(&teams::preview(&body, None).unwrap()).unwrap();
        assert_eq!(teams["attachments"][0]["content"]["body"][0]["text"], "Notification");
    }
}

#[test]
fn an_invalid_body_or_page_has_no_preview() {
    let body = frozen(Event::RecordingReady, "a", vec![], None);
    for preview in [teams::preview, slack::preview] {
        assert!(matches!(preview("{}", None), Err(PreviewError::Body(_))));
        assert!(matches!(preview(&body, Some("http://page.example")), Err(PreviewError::Page(_))));
    }
}
