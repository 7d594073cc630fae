//! Builds the OpenAPI document from the routes, their parameters and the response types, and compares it with
//! `docs/openapi.json`.

mod operation;
mod schemas;

use std::fs;
use std::path::PathBuf;

use catalogue_api::{BASE, OPENAPI, ROUTES};
use serde_json::{Map, Value, json};

fn document() -> Value {
    let mut schemas = schemas::Schemas::default();
    let mut paths = Map::new();
    for route in &ROUTES {
        paths.insert(route.path.to_owned(), operation::for_route(route, &mut schemas));
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Bastion Archivist",
            "version": "1",
            "description": "Catalogue of the session recordings of Azure Bastion, and of the sessions. The API is read-only.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": BASE }],
        "security": [{ "key_in_header": [] }, { "key_in_query": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas.named(),
            "securitySchemes": {
                "key_in_header": { "type": "apiKey", "in": "header", "name": "x-functions-key" },
                "key_in_query": { "type": "apiKey", "in": "query", "name": "code" },
            },
        },
    })
}

/// `UPDATE_SCHEMA=1 cargo test -p catalogue-api --test document` rewrites the document.
#[expect(clippy::disallowed_methods, reason = "a switch of a chore, not a setting of the app")]
#[test]
fn the_document_is_that_of_the_types() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json"));
    let made = format!("{:#}\n", document());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(written == made, "run UPDATE_SCHEMA=1 cargo test -p catalogue-api --test document");
}

#[test]
fn the_served_document_is_complete_and_its_references_resolve() {
    let served: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut references = Vec::new();
    collect(&served, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        assert!(served.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                references.push(reference.clone());
            }
            members.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
