//! Rule: rights exist and have had time to take effect before their first use.

use super::Findings;
use crate::repository::Repository;
use crate::template::{Declaration, DeclarationKind, Template};

const MAIN: &str = "infra/main.bicep";
const ESTATE: &str = "infra/modules/estate.bicep";
const LIVE_SESSIONS: &str = "infra/modules/live-sessions.bicep";
const SUBSCRIPTIONS: &str = "event-subscriptions.bicep";

/// Modules that create an event subscription.
const SUBSCRIBING: [&str; 2] = ["storage-subscription.bicep", "change-subscription.bicep"];

/// Checks that event subscriptions are created after the app, and assignments of custom roles after the roles.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = Findings::default();
    let last = module(repository.template(MAIN), &format!("modules/{SUBSCRIPTIONS}"));
    findings.expect(
        last.is_some_and(|it| depends_on(it, "app") && it.syntax.text.contains("estate.outputs.topicNames")),
        MAIN,
        "event subscriptions are not created after the app and the topics",
    );
    for template in repository.templates.iter().filter(|it| !it.path.ends_with(SUBSCRIPTIONS)) {
        let early = template.declarations(DeclarationKind::Module).any(|it| SUBSCRIBING.contains(&it.of.as_str()));
        findings.expect(!early, &template.path, "an event subscription is created before the app");
    }
    let access = module(repository.template(ESTATE), "recordings-access.bicep");
    findings.expect(
        access.is_some_and(|it| depends_on(it, "recordingsRole")),
        ESTATE,
        "a role is assigned before its definition",
    );
    let asks = repository
        .template(LIVE_SESSIONS)
        .and_then(|it| it.declarations(DeclarationKind::Resource).find(|it| it.of.contains("/roleAssignments@")));
    findings.expect(
        asks.is_some_and(|it| depends_on(it, "role")),
        LIVE_SESSIONS,
        "a role is assigned before its definition",
    );
    findings.found
}

fn module<'a>(template: Option<&'a Template>, of: &str) -> Option<&'a Declaration> {
    template?.declarations(DeclarationKind::Module).find(|it| it.of == of)
}

fn depends_on(declaration: &Declaration, name: &str) -> bool {
    let lists = declaration.syntax.text.split("dependsOn: [").skip(1).filter_map(|rest| rest.split(']').next());
    lists.flat_map(|list| list.split(',')).any(|it| it.trim() == name)
}

#[test]
fn a_role_used_before_it_takes_effect_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(MAIN, "dependsOn: [app]", "dependsOn: [contents]"), 1);
    assert_eq!(found(ESTATE, "dependsOn: [recordingsRole, topicAccess]", "dependsOn: [topicAccess]"), 1);
    assert_eq!(found(ESTATE, "'audit-access.bicep'", "'storage-subscription.bicep'"), 1);
    assert_eq!(found(LIVE_SESSIONS, "  dependsOn: [role]\n", ""), 1);
}
