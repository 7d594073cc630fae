//! Rule: no key and no secret passes through a template, because the deployment history would contain it.
//!
//! The linter checks parameters (`infra/bicepconfig.json`). It does not see secrets in outputs of properties, in texts
//! and in calls.

use regex_lite::Regex;

use crate::repository::Repository;
use crate::template::DeclarationKind;

/// Rules of the linter that this rule relies on.
const LINTED: [&str; 2] = ["secure-secrets-in-params", "outputs-should-not-contain-secrets"];

/// Pattern of names of secrets.
const SECRET: &str =
    r"(?i)password|secret|credential|connectionstring|instrumentationkey|accesskey|sharedkey|apikey|sasurl|sastoken";

const LINTER: &str = "infra/bicepconfig.json";

/// Typical texts of keys and signatures.
const KEYS: [&str; 3] = ["AccountKey=", "SharedAccessKey", "sig="];

/// Checks that no keys are listed, no output is a secret, and the linter refuses open parameters.
pub fn check(repository: &Repository) -> Vec<String> {
    let secret = Regex::new(SECRET).unwrap();
    let mut findings = Vec::new();
    for template in &repository.templates {
        for node in template.root.all() {
            let called = node.call().map(|(name, _)| name.rsplit('.').next().unwrap_or(name));
            if called.is_some_and(|name| name.starts_with("list") || name == "getSecret") {
                findings.push(template.finding(node.line, &format!("`{}` reads a secret", node.text)));
            }
            if node.kind == "string" && KEYS.iter().any(|key| node.text.contains(key)) {
                findings.push(template.finding(node.line, "a text contains a key"));
            }
        }
        let outputs =
            template.declarations(DeclarationKind::Output).filter(|output| secret.is_match(&output.syntax.text));
        findings.extend(outputs.map(|output| template.finding(output.syntax.line, "an output may be a secret")));
    }
    let linter = repository.file(LINTER);
    let is_error = |rule: &&str| linter.contains(&format!("\"{rule}\": {{ \"level\": \"error\" }}"));
    findings.extend(LINTED.iter().filter(|rule| !is_error(rule)).map(|rule| format!("{LINTER}: {rule} is no error")));
    findings
}

#[test]
fn keys_and_secret_outputs_are_found() {
    let here = Repository::here();
    let config = here.file(LINTER);
    let found = |text: &str| check(&Repository::from_files(&[("infra/a.bicep", text), (LINTER, config)])).len();
    assert_eq!(found("@secure()\nparam adminPassword string\nvar a = 'x/listKeys/action'\n"), 0);
    assert_eq!(found("var k = listKeys(account.id, '2025-06-01').keys[0].value\n"), 1);
    assert_eq!(found("var k = account.listKeys().keys[0].value\n"), 1);
    assert_eq!(found("var k = vault.getSecret('x')\n"), 1);
    assert_eq!(found("var c = 'AccountName=a;AccountKey=${k}'\n"), 1);
    assert_eq!(found("output c string = component.properties.ConnectionString\n"), 1);
}

#[test]
fn a_linter_that_lets_open_parameters_pass_is_found() {
    let here = Repository::here();
    for rule in LINTED {
        let text = format!("\"{rule}\": {{ \"level\": \"error\" }}");
        assert_eq!(check(&here.with(LINTER, &text, &text.replace("error", "warning"))).len(), 1, "{rule}");
    }
}
