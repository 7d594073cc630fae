//! Rule: queues, tables and containers match the functions and the binary.

use std::collections::BTreeSet;

use pipeline::ports::QueueName;
use regex_lite::Regex;

use crate::repository::Repository;

const CONTENTS: &str = "infra/modules/state-contents.bicep";

/// Checks that the templates create exactly what the binary would create.
pub fn check(repository: &Repository) -> Vec<String> {
    let list = |name: &str| -> BTreeSet<String> {
        let list = repository.template(CONTENTS).and_then(|template| template.variable(name));
        list.map(|list| list.texts().into_iter().map(str::to_owned).collect()).unwrap_or_default()
    };
    let mut findings = queues(repository, &list("queues"));
    let tables = literals(repository.file("crates/adapters-azure/src/tables/store.rs"), r#"\btable\("([a-z]+)"\)"#);
    findings.extend(compare("table", &tables, &list("tables")));
    let containers =
        literals(repository.file("crates/wiring/src/state_store.rs"), r#"const [A-Z_]+: &str = "([a-z-]+)";"#);
    let mut made = list("containers");
    made.insert("ledger".to_owned());
    findings.extend(compare("container", &containers, &made));
    findings
}

fn queues(repository: &Repository, made: &BTreeSet<String>) -> Vec<String> {
    let functions = repository.functions();
    let triggers = functions.values().filter_map(|binding| binding["queueName"].as_str());
    let mut needed: BTreeSet<String> =
        triggers.flat_map(|queue| [queue.to_owned(), format!("{queue}-poison")]).collect();
    needed.extend(QueueName::ALL.map(|queue| queue.as_str().to_owned()));
    let mut findings = compare("queue", &needed, made);
    let subscribed = ["event-subscriptions", "estate", "change-alarm"]
        .map(|name| repository.file(&format!("infra/modules/{name}.bicep")));
    let named = subscribed.iter().flat_map(|text| {
        let mut named = literals(text, r"\bqueue(?:Name)?: '([a-z-]+)'");
        let lists = literals(text, r"queueNames: \[([^\]]*)\]");
        named.extend(lists.iter().flat_map(|list| literals(list, "'([a-z-]+)'")));
        named
    });
    findings.extend(
        named
            .filter(|queue| !made.contains(queue))
            .map(|queue| format!("infra: events go to {queue}, which is not created")),
    );
    findings
}

fn literals(text: &str, pattern: &str) -> BTreeSet<String> {
    Regex::new(pattern).unwrap().captures_iter(text).map(|found| found[1].to_owned()).collect()
}

fn compare(what: &str, needed: &BTreeSet<String>, made: &BTreeSet<String>) -> Vec<String> {
    let missing = needed.difference(made).map(|name| format!("{CONTENTS}: {what} {name} is not created"));
    missing.chain(made.difference(needed).map(|name| format!("{CONTENTS}: {what} {name} is not used"))).collect()
}

#[test]
fn a_missing_or_surplus_queue_table_or_container_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    for name in ["hashes-poison", "recording-events", "entries", "quarantine"] {
        assert_eq!(
            found(CONTENTS, &format!("  '{name}'\n"), &format!("  '{name}s'\n")),
            if name == "recording-events" { 4 } else { 2 },
            "{name}"
        );
    }
    assert_eq!(found("functions/recording_hash/function.json", "hashes", "digests"), 2);
    assert_eq!(found("crates/wiring/src/state_store.rs", "\"ledger\"", "\"book\""), 2);
    for (module, text, other) in [
        ("event-subscriptions", "queue: 'audit-log-events'", "queue: 'audit-events'"),
        ("event-subscriptions", "queueName: 'resource-events'", "queueName: 'change-events'"),
        ("estate", "['recording-events', 'audit", "['recordings-events', 'audit"),
        ("change-alarm", "['resource-events']", "['change-events']"),
    ] {
        assert_eq!(found(&format!("infra/modules/{module}.bicep"), text, other), 1, "{module}: {other}");
    }
}

#[test]
fn a_queue_is_awaited_until_its_function_is_there() {
    let here = Repository::here();
    let mut files = here.files.clone();
    let trigger = |queue: &str| format!(r#"{{"bindings":[{{"type":"queueTrigger","queueName":"{queue}"}}]}}"#);
    files.insert("functions/resource_changed/function.json".to_owned(), trigger("changes"));
    let pairs: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found = check(&Repository::from_files(&pairs));
    let expected = ["queue changes is not created", "queue changes-poison is not created"];
    assert!(expected.iter().all(|what| found.iter().any(|finding| finding.ends_with(what))), "{found:?}");
}
