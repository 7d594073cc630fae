//! App settings, the environment of an app.

use std::collections::BTreeMap;

/// App settings by name. The handler receives them as its environment.
pub type HandlerEnvironment = BTreeMap<String, String>;

/// Replaces each `%NAME%` by `value(NAME)`. Returns the first name without a value as the error.
///
/// An unpaired `%`, or a pair with a blank or nothing in between, is kept.
pub(crate) fn expand(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        expanded.push_str(before);
        match after.split_once('%').filter(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace)) {
            Some((name, after)) => {
                expanded.push_str(&value(name).ok_or(name)?);
                rest = after;
            }
            None => {
                expanded.push('%');
                rest = after;
            }
        }
    }
    Ok(expanded + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let value = |name: &str| (name == "HERE").then(|| "x %HERE%".to_owned());
        assert_eq!(expand(text, value).as_deref().map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn a_setting_replaces_its_name_without_further_expansion() {
        check("a %HERE%%HERE% b", Ok("a x %HERE%x %HERE% b"));
        check("no setting", Ok("no setting"));
    }

    #[test]
    fn a_missing_setting_is_named() {
        check("%HERE% %GONE%", Err("GONE"));
    }

    #[test]
    fn a_percent_sign_alone_stands_for_itself() {
        check("50%", Ok("50%"));
        check("50% of %HERE%", Ok("50% of x %HERE%"));
        check("%%", Ok("%%"));
    }
}
