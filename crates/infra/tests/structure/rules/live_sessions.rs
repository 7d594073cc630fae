//! Rule: the app may only list the sessions of a bastion, and only if the page shows them.

use super::Findings;
use crate::repository::Repository;
use crate::template::{Declaration, DeclarationKind};
use crate::value::BicepValue;

const ROLE: &str = "infra/modules/live-sessions.bicep";
const MAIN: &str = "infra/main.bicep";
const CALLS: &str = "crates/adapters-azure/src/management/sessions.rs";

/// Checks that the role has the one action that the app calls, on the bastion only, and only if requested. Ending
/// sessions is left to people.
pub fn check(repository: &Repository) -> Vec<String> {
    let (Some(template), Some(main)) = (repository.template(ROLE), repository.template(MAIN)) else {
        return vec![format!("{ROLE} is missing")];
    };
    let mut findings = Findings::default();
    let role = template
        .declarations(DeclarationKind::Resource)
        .find(|it| it.of.starts_with("Microsoft.Authorization/roleDefinitions@"));
    let rights = |list: &str| -> Vec<String> {
        let body = role.map(Declaration::body);
        let lists = body.iter().flat_map(|body| body.at("properties.permissions"));
        let lists = lists.flat_map(|permissions| match permissions {
            BicepValue::List(items) => items.iter().flat_map(|item| item.at(list)).collect::<Vec<_>>(),
            _ => Vec::new(),
        });
        lists.flat_map(|list| list.texts().into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    let asked = "Microsoft.Network/bastionHosts/getactivesessions/action";
    findings.expect(
        rights("actions") == [asked] && rights("dataActions").is_empty(),
        ROLE,
        "the role has other rights",
    );
    let calls = repository.file(CALLS).to_ascii_lowercase();
    findings.expect(calls.contains("{bastion}/getactivesessions\""), CALLS, "the app calls another operation");
    findings.expect(
        template.text.contains("  scope: bastion[index]\n"),
        ROLE,
        "the role's scope is wider than the bastion",
    );
    let module = main.declarations(DeclarationKind::Module).find(|it| it.of == "modules/live-sessions.bicep");
    let is_conditional = module.is_some_and(|it| it.syntax.text.contains(": if (liveSessions) {"));
    findings.expect(is_conditional, MAIN, "the right to list sessions has another condition");
    findings.expect(
        main.text.contains("param liveSessions bool = false\n"),
        MAIN,
        "the right to list sessions is given by default",
    );
    let ends = repository.templates.iter().find(|it| it.text.to_ascii_lowercase().contains("disconnectactivesessions"));
    findings.expect(
        ends.is_none(),
        ends.map_or("", |it| &it.path),
        "the app gets the right to end sessions, which it never does",
    );
    findings.found
}

#[test]
fn an_excessive_role_on_sessions_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    let action = "'Microsoft.Network/bastionHosts/getactivesessions/action'";
    assert_eq!(found(ROLE, action, "'Microsoft.Network/bastionHosts/*'"), 1);
    let both = format!("{action}, 'Microsoft.Network/bastionHosts/disconnectactivesessions/action'");
    assert_eq!(found(ROLE, action, &both), 2);
    assert_eq!(found(ROLE, "dataActions: []", "dataActions: ['*']"), 1);
    assert_eq!(found(ROLE, "  scope: bastion[index]\n", ""), 1);
    assert_eq!(found(MAIN, ": if (liveSessions) {", ": {"), 1);
    assert_eq!(found(MAIN, "param liveSessions bool = false", "param liveSessions bool = true"), 1);
    assert_eq!(found(CALLS, "/getActiveSessions", "/getShareableLinks"), 1);
}
