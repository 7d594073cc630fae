//! Rule: one deployment takes many bastions. Nothing is created twice, and one more bastion changes nothing of the
//! others.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::Findings;
use crate::repository::Repository;
use crate::template::DeclarationKind;

const MAIN: &str = "infra/main.bicep";
const FILE: &str = "infra/bastions.json";
const WRITER: &str = "crates/cli/src/init/parameters.rs";
const ESTATE: &str = "infra/modules/estate.bicep";

/// Checks that `archivist init` writes what the template reads, that each source has one topic, and that names do not
/// depend on a position in a list.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Findings::default();
    let (main, writer) = (repository.file(MAIN), repository.file(WRITER));
    let type_text = main.split("type bastionSource = {").nth(1).and_then(|rest| rest.split("\n}").next());
    let key = Regex::new(r"\n  (\w+): string").unwrap();
    let keys: BTreeSet<String> =
        key.captures_iter(type_text.unwrap_or_default()).map(|found| found[1].to_owned()).collect();
    findings.expect(keys.len() == 4, MAIN, "the keys of a bastion cannot be read");
    for name in &keys {
        findings.expect(writer.contains(&format!("\"{name}\"")), WRITER, &format!("does not write {name}"));
    }
    let shipped = repository.json(FILE);
    for name in ["bastions", "topicNames", "changeAlarmTopicNames"] {
        let is_read = main.contains(&format!("param {name} "))
            && main.contains(&format!("loadJsonContent('bastions.json').{name}\n"));
        findings.expect(is_read, MAIN, &format!("{name} has no default in bastions.json"));
        findings.expect(!shipped[name].is_null(), FILE, &format!("{name} is missing"));
        findings.expect(writer.contains(&format!("\"{name}\"")), WRITER, &format!("does not write {name}"));
    }
    let abbreviation = repository.json("infra/abbreviations.json")["systemTopic"].as_str().unwrap_or("-").to_owned();
    findings.expect(
        writer.contains(&format!("\"{abbreviation}-archivist-\"")),
        WRITER,
        "a topic of the templates would be taken for one of others",
    );
    let is_once = main.contains("var sourceKeys = union([], ")
        && repository.file(ESTATE).contains("var accountKeys = union([], ");
    findings.expect(is_once, MAIN, "a container or an account may occur twice");
    for template in repository.templates.iter().filter(|it| it.path.starts_with("infra/modules/") || it.path == MAIN) {
        for module in template.declarations(DeclarationKind::Module) {
            let own = ["operatorAccess", "stateEndpoints"].contains(&module.name.as_str());
            let has_index = module.syntax.text.contains("${index}");
            findings.expect(own || !has_index, &template.path, &format!("the name of {} is a position", module.name));
        }
    }
    findings.found
}

#[test]
fn a_file_that_the_template_would_not_read_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(MAIN, "  auditAccountId: string", "  logAccountId: string"), 1);
    assert_eq!(found(MAIN, "param topicNames object", "param accountTopicNames object"), 1);
    assert_eq!(found(FILE, "\"bastions\"", "\"hosts\""), 1);
    assert_eq!(found("infra/abbreviations.json", "\"egst\"", "\"evgt\""), 1);
}

#[test]
fn a_resource_that_depends_on_the_order_of_bastions_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(MAIN, "var sourceKeys = union([], ", "var sourceKeys = concat([], "), 1);
    let name = "'archivist-topic-${uniqueString(account.accountId)}-${token}'";
    assert_eq!(found(ESTATE, name, "'archivist-topic-${index}-${token}'"), 1);
}
