//! Rules. Each returns its findings in the repository, and has tests in which it fails.

mod access;
mod accounts;
mod alerts;
mod apart;
mod azd;
mod bastions;
mod descriptions;
mod events;
mod forms;
mod live_sessions;
mod modules;
mod names;
mod order;
mod page;
mod parameters;
mod queries;
mod readme;
mod runbook;
mod secrets;
mod settings;
mod shared_configuration;
mod versions;
mod workbook;

use crate::repository::Repository;

const RULES: [fn(&Repository) -> Vec<String>; 24] = [
    syntax,
    access::check,
    accounts::check,
    alerts::check,
    apart::check,
    azd::check,
    bastions::check,
    descriptions::check,
    events::check,
    forms::check,
    live_sessions::check,
    modules::check,
    names::check,
    order::check,
    page::check,
    parameters::check,
    queries::check,
    readme::check,
    runbook::check,
    secrets::check,
    settings::check,
    shared_configuration::check,
    versions::check,
    workbook::check,
];

/// Findings of a rule.
#[derive(Default)]
struct Findings {
    found: Vec<String>,
}

impl Findings {
    /// Adds the finding unless `holds`.
    fn expect(&mut self, holds: bool, path: &str, wrong: &str) {
        if !holds {
            self.found.push(format!("{path}: {wrong}"));
        }
    }
}

/// Checks that every file is valid Bicep.
fn syntax(repository: &Repository) -> Vec<String> {
    let wrong = repository
        .templates
        .iter()
        .flat_map(|template| template.wrong.iter().map(|line| template.finding(*line, "this is not Bicep")));
    wrong.collect()
}

#[test]
fn the_templates_hold_every_rule() {
    let repository = Repository::here();
    assert!(repository.templates.len() > 20, "{} templates", repository.templates.len());
    let findings: Vec<String> = RULES.iter().flat_map(|rule| rule(&repository)).collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn an_invalid_bicep_file_is_found() {
    let found = |text| syntax(&Repository::from_files(&[("infra/a.bicep", text)]));
    assert_eq!(found("param a string\n"), [""; 0]);
    assert_eq!(
        found("param a string\n\nresource x 'a/b@1' = {\n  name 'a'\n}\n"),
        ["infra/a.bicep:4: this is not Bicep"]
    );
    assert!(!found("module m 'a.bicep' {\n}\n").is_empty());
}
