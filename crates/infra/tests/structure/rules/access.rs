//! Rule: access rights. An unnecessary right would go unnoticed until it is used.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use super::Findings;
use crate::repository::Repository;
use crate::syntax::Syntax;
use crate::template::{Declaration, DeclarationKind, Template};
use crate::value::BicepValue;

/// Assignable built-in roles, with the ids documented by Azure.
const KNOWN: [(&str, &str); 9] = [
    ("reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"),
    ("storageBlobDataOwner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"),
    ("storageBlobDataContributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
    ("storageBlobDataReader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"),
    ("storageQueueDataContributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"),
    ("storageQueueDataMessageSender", "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"),
    ("storageTableDataContributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
    ("monitoringMetricsPublisher", "3913510d-42f4-4e42-8a64-420c390055eb"),
    ("keyVaultSecretsUser", "4633458b-17de-408a-b874-0445c86b69e6"),
];

const OWN_ROLE: &str = "infra/modules/recordings-role.bicep";

const BLOBS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";

const CONTAINERS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/";

/// Checks that roles are known and used, that each assignment has principal type, description and a derived name, and
/// that the custom role is minimal.
pub fn check(repository: &Repository) -> Vec<String> {
    let mut findings = roles(repository);
    for template in &repository.templates {
        for assignment in template
            .declarations(DeclarationKind::Resource)
            .filter(|it| it.of.starts_with("Microsoft.Authorization/roleAssignments@"))
        {
            findings.extend(assigned(template, assignment));
        }
    }
    findings.extend(own_role(repository));
    findings.extend(looks(repository));
    findings
}

/// Resource types that the configuration checks list, and the template that grants the right to read them. Without the
/// right, the list is empty and `doctor` would report that nothing exists.
const LISTED: [(&str, &str, &str); 3] = [
    ("account", "Microsoft.Storage/storageAccounts", "infra/modules/account-reader.bicep"),
    ("events", "Microsoft.EventGrid/systemTopics", "infra/modules/account-reader.bicep"),
    ("bastion", "Microsoft.Network/bastionHosts", "infra/modules/bastion-reader.bicep"),
];

fn looks(repository: &Repository) -> Vec<String> {
    let mut findings = Findings::default();
    for (code, of, path) in LISTED {
        let asked = format!("crates/adapters-azure/src/management/{code}.rs");
        let is_listed = repository.file(&asked).contains(&format!("/providers/{of}\""));
        findings.expect(is_listed, &asked, &format!("no code lists {of} any more"));
        let Some(template) = repository.template(path) else { continue };
        let seen = template.declarations(DeclarationKind::Existing).filter(|it| it.of.starts_with(&format!("{of}@")));
        let is_given = seen.into_iter().any(|it| {
            let right = format!("guid({}.id, principal.principalId, roles.reader)", it.name);
            template.text.contains(&right) && template.text.contains(&format!("scope: {}\n", it.name))
        });
        findings.expect(is_given, path, &format!("the app may not see {of}, which it lists"));
    }
    findings.found
}

fn roles(repository: &Repository) -> Vec<String> {
    let file: BTreeMap<String, String> = serde_json::from_str(repository.file("infra/roles.json")).unwrap_or_default();
    let known: BTreeMap<String, String> = KNOWN.map(|(name, id)| (name.to_owned(), id.to_owned())).into();
    let mut findings = Vec::new();
    for (name, id) in &file {
        if known.get(name) != Some(id) {
            findings.push(format!("infra/roles.json: {name} is not {id}, or is not a known role"));
        }
    }
    let (named, id) = (
        Regex::new(r"(?:^|[^/\w])roles\.(\w+)").unwrap(),
        Regex::new(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").unwrap(),
    );
    let mut used = BTreeSet::new();
    for template in &repository.templates {
        for name in named.captures_iter(&template.text).map(|found| found[1].to_owned()) {
            if !file.contains_key(&name) {
                findings.push(template.finding(1, &format!("roles.json has no {name}")));
            }
            used.insert(name);
        }
        let ids = template
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| id.is_match(line) && !line.starts_with("@description"));
        findings.extend(ids.map(|(index, _)| {
            template.finding(index + 1, "an id of a role or person must not be here: roles are in roles.json")
        }));
    }
    findings.extend(
        file.keys().filter(|name| !used.contains(*name)).map(|name| format!("infra/roles.json: {name} is not used")),
    );
    findings
}

fn assigned(template: &Template, assignment: &Declaration) -> Vec<String> {
    let body = assignment.body();
    let line = assignment.syntax.line;
    let mut findings = Vec::new();
    let kind = body.at("properties.principalType");
    let is_known = match kind.as_slice() {
        [BicepValue::Plain(kind)] => kind == "ServicePrincipal",
        [BicepValue::Code(kind)] => kind == "principalType" || kind.ends_with(".principalType"),
        _ => false,
    };
    if !is_known {
        findings.push(template.finding(line, "an assignment without principalType fails on an identity that is new"));
    }
    if body.text("properties.description").is_none_or(str::is_empty)
        && !assignment.syntax.text.contains("description: 'Bastion Archivist: ")
    {
        findings.push(template.finding(line, "an assignment does not say what it is for"));
    }
    if !assignment.syntax.text.contains("name: guid(") {
        findings.push(template.finding(line, "the name of an assignment is not guid(scope, principal, role)"));
    }
    let name = assignment.syntax.text.split("name: guid(").nth(1).and_then(|rest| rest.lines().next());
    if name.is_some_and(|name| name.contains("[0]")) {
        findings.push(template.finding(line, "the name changes with a list, and Azure refuses a second assignment"));
    }
    let role = assignment.syntax.all().into_iter().find(|node| is_property(node, "roleDefinitionId"));
    if role.is_none_or(|role| !is_known_role(template, &role.children[1])) {
        findings.push(template.finding(line, "the role is neither of roles.json nor a role of our own"));
    }
    findings
}

fn is_property(node: &Syntax, name: &str) -> bool {
    node.kind == "object_property" && node.children.len() == 2 && node.children[0].text == name
}

/// Accepts `subscriptionResourceId('…', roles.x)`, the item of a loop over such a list, or the name of a custom role:
/// one of ours, or a given one.
fn is_known_role(template: &Template, expression: &Syntax) -> bool {
    let Some(("subscriptionResourceId", [of, id])) = expression.call() else {
        return false;
    };
    let is_definition = of.plain().as_deref() == Some("Microsoft.Authorization/roleDefinitions");
    let is_listed = template.text.contains(&format!("for {} in needed", id.text));
    let own = template
        .declarations(DeclarationKind::Variable)
        .find(|it| it.name == id.text)
        .map_or("", |it| it.syntax.text.as_str());
    let is_own =
        own.contains("? guid(toLower(resourceGroup().id), token, 'bastion-archivist-") && own.contains(": last(split(");
    is_definition && (id.text.starts_with("roles.") || is_listed || is_own)
}

/// Checks the custom role: read and tag recordings, and delete them only if requested.
fn own_role(repository: &Repository) -> Vec<String> {
    let Some(template) = repository.template(OWN_ROLE) else { return Vec::new() };
    let list = |name: &str| template.variable(name).map(|list| list.texts().join(" ")).unwrap_or_default();
    let tagging = ["read", "tags/read", "tags/write"].map(|action| format!("{BLOBS}{action}")).join(" ");
    let mut findings = Findings::default();
    findings.expect(list("tagging") == tagging, OWN_ROLE, "the rights to read and tag differ");
    findings.expect(list("deleting") == format!("{BLOBS}delete"), OWN_ROLE, "the right to delete differs");
    findings.expect(
        template.text.contains("dataActions: mayDelete ? concat(tagging, deleting) : tagging"),
        OWN_ROLE,
        "the right to delete is given by default",
    );
    let managing = format!("actions: ['{CONTAINERS}read']\n");
    let with_policies = format!("actions: ['{CONTAINERS}read', '{CONTAINERS}getAcl/action']\n");
    findings.expect(
        [managing, with_policies].iter().all(|list| template.text.matches(list).count() == 1),
        OWN_ROLE,
        "the right to manage differs",
    );
    // People tag, and never delete: deletions are the app's, by policy.
    findings.expect(
        template.text.matches("dataActions: tagging\n").count() == 1 && template.text.matches("deleting").count() == 2,
        OWN_ROLE,
        "operators get more or fewer rights than to read and tag",
    );
    findings.expect(
        template.text.matches("Actions:").count() == 6,
        OWN_ROLE,
        "there are more lists of rights than roles",
    );
    let main = repository.file("infra/main.bicep");
    findings.expect(
        main.contains("mayDelete: retentionEnforce && retentionExecutor == 'archivist'"),
        OWN_ROLE,
        "main.bicep requests the right to delete under another condition",
    );
    findings.found
}

#[test]
fn an_unknown_unused_or_misassigned_role_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    let vault = "infra/modules/vault.bicep";
    assert_eq!(found("infra/roles.json", "4633458b", "4633458c"), 1);
    assert_eq!(found("infra/roles.json", "{", "{\n  \"owner\": \"8e3af657-a8ff-443c-a75c-2fe8c4bcb635\","), 2);
    assert_eq!(found(vault, "principalType: 'ServicePrincipal'", ""), 1);
    assert_eq!(found(vault, "principalType: 'ServicePrincipal'", "principalType: 'User'"), 1);
    assert_eq!(
        found(vault, "Definitions', roles.keyVaultSecretsUser", "Definitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c'"),
        2
    );
    assert_eq!(found(vault, "name: guid(vault.id", "name: uniqueString(vault.id"), 1);
    assert_eq!(found(vault, "    description: 'Bastion", "    condition: 'Bastion"), 1);
    let audits = "infra/modules/audit-access.bicep";
    assert_eq!(found(audits, "guid(account.id, 'insights-logs-bastionauditlogs'", "guid(account.id, containers[0]"), 1);
    let recordings = "infra/modules/recordings-access.bicep";
    assert_eq!(found(recordings, "roleDefinitions', roleName", "roleDefinitions', recordings.name"), 1);
    assert_eq!(found(recordings, "principalType: operator.principalType", "principalType: 'User'"), 1);
}

#[test]
fn a_check_without_its_read_permission_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| looks(&here.with(path, text, other)).len();
    assert_eq!(found("infra/modules/account-reader.bicep", "scope: topic\n", "scope: account\n"), 1);
    assert_eq!(found("infra/modules/bastion-reader.bicep", "roles.reader)", "roles.owner)"), 1);
    assert_eq!(found("crates/adapters-azure/src/management/events.rs", "/systemTopics\"", "/topics\""), 1);
}

#[test]
fn an_excessive_role_on_recordings_is_found() {
    let here = Repository::here();
    let found = |path: &str, text: &str, other: &str| check(&here.with(path, text, other)).len();
    assert_eq!(found(OWN_ROLE, "blobs/tags/write'", "blobs/write'"), 1);
    assert_eq!(found(OWN_ROLE, "blobs/tags/read'", "blobs/*'"), 1);
    assert_eq!(found(OWN_ROLE, "mayDelete ? concat(tagging, deleting) : tagging", "concat(tagging, deleting)"), 1);
    assert_eq!(found(OWN_ROLE, "dataActions: tagging\n", "dataActions: concat(tagging, deleting)\n"), 1);
    assert_eq!(found(OWN_ROLE, "containers/getAcl/action']", "containers/*']"), 1);
    assert_eq!(found("infra/main.bicep", "retentionEnforce && retentionExecutor", "retentionExecutor"), 1);
}
