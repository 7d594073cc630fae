//! Formats of recording names: a template or a regular expression.

use regex_lite::Regex;

use crate::fault::TextProblem;

const TEMPLATE: &str = "write {vm} and {user} once each, and no other brace, as in {vm}-{user}";
const PATTERN: &str =
    r"name the groups vm and user, and suffix if you like, as in ^(?<user>.+)@(?<vm>.+?)(\.(?<suffix>[0-9]+))?$";

/// Returns an error if a text is not a name template.
pub fn template(text: &str) -> Result<(), TextProblem> {
    let once = |part: &str| text.matches(part).count() == 1;
    if once("{vm}") && once("{user}") && text.matches(['{', '}']).count() == 4 {
        Ok(())
    } else {
        Err(TextProblem::new("is not a template of names", TEMPLATE))
    }
}

/// Returns an error if a text is not a regular expression with the known groups.
pub fn pattern(text: &str) -> Result<(), TextProblem> {
    let pattern = Regex::new(text).map_err(|error| {
        let remedy = "correct it; look-around and back-references are not known here";
        TextProblem::new(format!("is not a regular expression: {error}"), remedy)
    })?;
    let groups: Vec<&str> = pattern.capture_names().flatten().collect();
    if let Some(missing) = ["vm", "user"].into_iter().find(|group| !groups.contains(group)) {
        return Err(TextProblem::new(format!("has no group {missing}"), PATTERN));
    }
    // An unknown group is probably misspelt.
    match groups.iter().find(|group| !["vm", "user", "suffix"].contains(group)) {
        Some(unknown) => Err(TextProblem::new(format!("has a group {unknown}, which is not known"), PATTERN)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_contains_each_part_once() {
        for text in ["{vm}-{user}", "{user}{vm}", "rec/{user} on {vm}.mp4"] {
            assert_eq!(template(text), Ok(()), "{text}");
        }
        for text in ["", "{vm}", "{vm}-{user}-{vm}", "{vm}-{user}}", "{{vm}}-{user}", "{us{vm}er}", "{VM}-{user}"] {
            assert!(template(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_has_the_required_groups() {
        for text in ["(?<vm>a)(?P<user>b)", r"^(?<user>.+)@(?<vm>.+?)(\.(?<suffix>[0-9]+))?$"] {
            assert_eq!(pattern(text), Ok(()), "{text}");
        }
        for text in ["", "(", "(.*)-(.*)", "(?<vm>a)", "(?<vm>a)(?<user>b)(?<sufix>c)", "(?<vm>a)(?<user>b)(?=c)"] {
            assert!(pattern(text).is_err(), "{text}");
        }
    }
}
