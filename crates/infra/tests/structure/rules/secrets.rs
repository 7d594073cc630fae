//! Rule: no key and no secret passes through a template, because the deployment history would contain it.

use regex_lite::Regex;

use crate::repository::Repository;
use crate::template::{Declaration, DeclarationKind};

/// Pattern of names of secrets.
const SECRET: &str =
    r"(?i)password|secret|credential|connectionstring|instrumentationkey|accesskey|sharedkey|apikey|sasurl|sastoken";

/// Typical texts of keys and signatures.
const KEYS: [&str; 3] = ["AccountKey=", "SharedAccessKey", "sig="];

/// Checks that no keys are listed, no output is a secret, and secret parameters are marked `secure`.
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
        let outputs = template.of(DeclarationKind::Output).filter(|output| secret.is_match(&output.syntax.text));
        findings.extend(outputs.map(|output| template.finding(output.syntax.line, "an output may be a secret")));
        let open = template.of(DeclarationKind::Parameter).filter(|it| secret.is_match(&it.name) && !is_secure(it));
        findings
            .extend(open.map(|it| template.finding(it.syntax.line, &format!("{} is not marked @secure()", it.name))));
    }
    findings
}

fn is_secure(parameter: &Declaration) -> bool {
    parameter.decorator("secure").is_some()
}

#[test]
fn keys_secret_outputs_and_open_parameters_are_found() {
    let found = |text: &str| check(&Repository::of(&[("infra/a.bicep", text)])).len();
    assert_eq!(found("@secure()\nparam adminPassword string\nvar a = 'x/listKeys/action'\n"), 0);
    assert_eq!(found("var k = listKeys(account.id, '2025-06-01').keys[0].value\n"), 1);
    assert_eq!(found("var k = account.listKeys().keys[0].value\n"), 1);
    assert_eq!(found("var k = vault.getSecret('x')\n"), 1);
    assert_eq!(found("var c = 'AccountName=a;AccountKey=${k}'\n"), 1);
    assert_eq!(found("output c string = component.properties.ConnectionString\n"), 1);
    assert_eq!(found("param adminPassword string\n"), 1);
}
