//! Rules for names: unique, and defined if referenced.

use crate::findings::Findings;
use crate::tree::{ConfigurationNode, Member, quoted};

/// Longest name of a rule, in characters.
const LONGEST_NAME: usize = 120;

/// Names that can be referenced.
pub struct Defined<'a> {
    /// Kind, such as `class`.
    pub what: &'a str,
    /// Path of the definitions.
    pub under: &'a str,
    /// Definitions.
    pub members: &'a [Member],
}

/// Returns the name in this node. Reports a problem if it is not defined.
pub fn known<'n>(
    node: &'n ConfigurationNode,
    path: &str,
    defined: &Defined<'_>,
    findings: &mut Findings,
) -> Option<&'n str> {
    let name = node.text()?;
    let Defined { what, under, members } = defined;
    if members.iter().all(|member| member.key != name) {
        let known: Vec<&str> = members.iter().map(|member| member.key.as_str()).collect();
        let remedy = match known.as_slice() {
            [] => format!("define it under {under}"),
            known => format!("write one of {}, or define it under {under}", known.join(", ")),
        };
        findings.add(node.place, path, format!("{} is not a {what}", quoted(name)), remedy);
    }
    Some(name)
}

/// Reports invalid and duplicate names. Explanations and tombstones identify a rule by its name.
pub fn names(rules: &[ConfigurationNode], list: &str, what_it_is: &str, findings: &mut Findings) {
    let mut first: Vec<(&str, usize)> = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let Some((name, node)) = rule.get("name").and_then(|node| Some((node.text()?, node))) else {
            continue;
        };
        let path = format!("{list}[{at}].name");
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            let what = format!("is not a {what_it_is}'s name");
            findings.add(node.place, &path, what, "write 1 to 120 characters that people can read");
        } else if let Some((_, line)) = first.iter().find(|(known, _)| *known == name) {
            let what = format!("is the same as in line {line}");
            findings.add(node.place, &path, what, format!("give each {what_it_is} its own name"));
        }
        first.push((name, node.place.line));
    }
}
