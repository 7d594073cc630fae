//! Rule: a parameter that would have no effect, or that contradicts another, fails the deployment with a message before
//! anything is created.

use super::Findings;
use crate::repository::Repository;

const MAIN: &str = "infra/main.bicep";

/// Condition and beginning of the message, which names the parameter.
const PROBLEMS: [(&str, &str); 9] = [
    ("networkIsolation && empty(appSubnetId) != empty(endpointSubnetId)", "appSubnetId and endpointSubnetId: "),
    ("!networkIsolation && !empty(endpointSubnetId)", "endpointSubnetId: "),
    ("!networkIsolation && !appPublicAccess", "appPublicAccess: "),
    ("!empty(unclearDiagnostics)", "bastionDiagnostics: "),
    ("!empty(filter(diagnosedBastions, bastion => empty(bastion.auditAccountId)))", "bastionDiagnostics: "),
    ("length(loggedAccountKeys) != length(loggedAccountIds)", "accessLogs: "),
    (
        "!empty(filter(accessLogs, log => toLower(log.recordingsAccountId) == toLower(log.logAccountId)))",
        "accessLogs: ",
    ),
    ("!empty(unknownOrigins)", "corsOrigins: "),
    ("monthlyBudget > 0 && (empty(alertEmails) || empty(budgetStartDate))", "monthlyBudget: "),
];

/// First resource, which all others need.
const STOP: &str = "\n  location: empty(problems) ? location : fail(join(problems, '; '))\n";

/// Texts without which a parameter is ignored.
const TAKEN: [(&str, &str); 3] = [
    ("subnetId: ownNetwork ? network!.outputs.appSubnetId : appSubnetId\n", "appSubnetId is ignored"),
    ("contains(diagnosticKeys, toLower(bastion.resourceId))", "bastionDiagnostics takes no resource id"),
    ("(filter(bastionIds, id => id == key || last(split(id, '/')) == key)) != 1", "a name may be of two bastions"),
];

/// Checks that every problem is found, and stops the deployment.
pub fn check(repository: &Repository) -> Vec<String> {
    let main = repository.file(MAIN);
    let mut findings = Findings::default();
    for (condition, message) in PROBLEMS {
        let is_told = main.contains(&format!("\n  {condition} ? '{message}"));
        findings.expect(is_told, MAIN, &format!("no message \"{message}\" if {condition}"));
    }
    let group = main.split("\nresource group 'Microsoft.Resources/resourceGroups@").nth(1).unwrap_or_default();
    findings.expect(
        group.split("\n}").next().is_some_and(|group| group.contains(STOP)),
        MAIN,
        "the deployment does not stop at a problem",
    );
    for (text, wrong) in TAKEN {
        findings.expect(main.contains(text), MAIN, wrong);
    }
    findings.found
}

#[test]
fn a_silently_ignored_parameter_is_found() {
    let here = Repository::here();
    let found = |text: &str, other: &str| check(&here.with(MAIN, text, other)).len();
    for (condition, _) in PROBLEMS {
        assert_eq!(found(&format!("  {condition} ? "), "  false ? "), 1, "{condition}");
    }
    assert_eq!(found("  location: empty(problems) ? location : fail(join(problems, '; '))", "  location: location"), 1);
    assert_eq!(
        found("ownNetwork ? network!.outputs.appSubnetId", "!networkIsolation ? '' : network!.outputs.appSubnetId"),
        1
    );
    assert_eq!(found("contains(diagnosticKeys, toLower(bastion.resourceId)) || ", ""), 1);
    assert_eq!(found("== key)) != 1)", "== key)) < 1)"), 1);
}
