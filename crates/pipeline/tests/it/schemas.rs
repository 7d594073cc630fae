//! JSON Schema of every event, published for receivers under `docs/schemas`.

use std::fs;
use std::path::PathBuf;

use domain::record::catalogue::RecordingState;
use domain::record::notification::{Event, KnownFact, ValueForm};
use domain::record::retention::Then;
use pipeline::body;
use serde_json::{Map, Value, json};

/// Folder of the schemas beside the documentation.
fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas"))
}

/// Facts of an event by name. All are optional, and more may be added without a new version.
fn facts(event: Event) -> Value {
    if event != Event::ChannelDigest {
        let properties: Map<String, Value> = event.facts().map(|fact| (fact.name.to_owned(), property(fact))).collect();
        let others = json!({ "type": ["string", "integer"], "minimum": 0 });
        return json!({ "type": "object", "properties": properties, "additionalProperties": others });
    }
    digest()
}

fn property(fact: &KnownFact) -> Value {
    let mut property = match fact.form {
        ValueForm::Text => json!({ "type": "string" }),
        ValueForm::Time => json!({ "type": "string", "format": "date-time" }),
        ValueForm::Date => json!({ "type": "string", "format": "date" }),
        ValueForm::Number => json!({ "type": "integer", "minimum": 0 }),
        ValueForm::OneOf(words) => json!({ "enum": words }),
    };
    property["description"] = json!(fact.meaning);
    property
}

/// Facts of a digest.
fn digest() -> Value {
    let time = json!({ "type": "string", "format": "date-time" });
    let names: Vec<&str> =
        Event::ALL.into_iter().filter(|event| *event != Event::ChannelDigest).map(Event::name).collect();
    json!({
        "type": "object",
        "required": ["total", "by_event", "lines"],
        "properties": {
            "total": { "type": "integer", "minimum": 1 },
            "by_event": {
                "type": "object",
                "propertyNames": { "enum": names },
                "additionalProperties": { "type": "integer", "minimum": 1 },
            },
            "lines": {
                "type": "array",
                "maxItems": domain::record::notification_digest::LINES,
                "items": {
                    "type": "object",
                    "required": ["type", "timestamp", "id", "key", "severity", "subject"],
                    "properties": {
                        "type": { "enum": names },
                        "timestamp": time,
                        "id": { "type": "string", "pattern": "^ntf_" },
                        "key": { "type": "string", "pattern": "^key_" },
                        "severity": severities(),
                        "subject": { "type": "string" },
                    },
                },
            },
            "expiring": expiring(),
        },
    })
}

/// Recordings about to be deleted, by retention class. Absent if there are none.
fn expiring() -> Value {
    let person = "who is on the recording; absent unless its match is certain and the privacy setting shows people";
    json!({
        "type": "array",
        "description": "recordings about to be deleted, by retention class; absent if there are none, and not in lines",
        "items": {
            "type": "object",
            "required": ["class", "total", "recordings"],
            "properties": {
                "class": { "type": "string", "description": "the retention class" },
                "total": { "type": "integer", "minimum": 1, "description": "number of recordings, listed or not" },
                "recordings": {
                    "type": "array",
                    "description": "the listed recordings, the soonest first",
                    "maxItems": domain::record::notification_digest::OF_CLASS,
                    "items": {
                        "type": "object",
                        "required": ["id", "key", "recording", "name", "bastion", "goes_at", "then"],
                        "properties": {
                            "id": { "type": "string", "pattern": "^ntf_" },
                            "key": { "type": "string", "pattern": "^key_" },
                            "recording": { "type": "string", "description": "the id of its entry in the catalogue" },
                            "name": { "type": "string" },
                            "person": { "type": "string", "description": person },
                            "bastion": { "type": "string" },
                            "goes_at": { "type": "string", "format": "date-time" },
                            "then": { "enum": ["delete", "review"] },
                        },
                    },
                },
            },
        },
    })
}

fn severities() -> Value {
    json!({ "enum": ["info", "warning", "critical"] })
}

fn schema(event: Event) -> String {
    let severity = if event.has_own_severity() {
        severities()
    } else {
        json!({ "const": event.severity().name() })
    };
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": event.name(),
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": { "const": event.name() },
            "timestamp": { "type": "string", "format": "date-time", "description": "time of the event, in UTC" },
            "data": {
                "type": "object",
                "required": ["version", "id", "key", "severity", "subject", "facts", "link"],
                "properties": {
                    "version": { "const": 1 },
                    "id": { "type": "string", "pattern": "^ntf_", "description": "the same on every attempt and replay" },
                    "key": {
                        "type": "string",
                        "pattern": "^key_",
                        "description": "the same for a trouble and its end",
                    },
                    "severity": severity,
                    "subject": { "type": "string", "description": "the object of the event" },
                    "facts": facts(event),
                    "configuration": {
                        "type": "string",
                        "pattern": "^sha256:[0-9a-f]{64}$",
                        "description": "the configuration in force, if several machines share one",
                    },
                    "link": { "type": ["string", "null"], "format": "uri" },
                },
            },
        },
    });
    serde_json::to_string_pretty(&schema).unwrap() + "\n"
}

/// `UPDATE_SCHEMA=1 cargo test -p pipeline --test it schemas` writes them again.
#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE_SCHEMA is set on purpose only")]
fn every_event_has_exactly_one_schema() {
    let mut expected = Vec::new();
    for event in Event::ALL {
        let name = format!("{}.v1.json", event.name());
        let file = folder().join(&name);
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs::create_dir_all(folder()).unwrap();
            fs::write(&file, schema(event)).unwrap();
        }
        let written = fs::read_to_string(&file).unwrap_or_default();
        assert!(written == schema(event), "{name}: run UPDATE_SCHEMA=1 cargo test -p pipeline --test it schemas");
        expected.push(name);
    }
    let there = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let others: Vec<String> = there.filter(|name| !expected.contains(name)).collect();
    assert_eq!(others, [""; 0]);
}

/// Receivers were promised these bodies, so a schema rejecting one is wrong.
#[test]
fn the_version_1_bodies_conform_to_their_schema() {
    for golden in [
        include_str!("../golden/notification-v1/recording-ready.json"),
        include_str!("../golden/notification-v1/bare.json"),
    ] {
        assert_eq!(body::read(golden).unwrap().strangers().next(), None);
    }
}

#[test]
fn words_of_a_schema_are_those_of_the_catalogue() {
    let words = |name: &str| match Event::RecordingReady.facts().find(|fact| fact.name == name).unwrap().form {
        ValueForm::OneOf(words) => words.to_vec(),
        _ => Vec::new(),
    };
    assert_eq!(words("state"), RecordingState::ALL.map(RecordingState::name));
    assert_eq!(words("then"), Then::ALL.map(Then::name));
}
