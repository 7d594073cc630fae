//! Builds the `x-ms-if-tags` condition of a request.

use domain::record::tags::{TagError, TagKey, TagValue};

/// Returns a condition that requires each tag to have exactly this value, or `None` for no tags.
///
/// # Errors
/// Returns an error if storage would reject the tag. Valid keys and values hold no quote, so they cannot end the
/// condition early.
pub(super) fn requiring_tags<'a>(
    tags: impl Iterator<Item = (&'static str, &'a str)>,
) -> Result<Option<String>, TagError> {
    let terms: Vec<String> = tags.map(|(key, value)| term(key, value)).collect::<Result<_, _>>()?;
    Ok(Some(terms.join(" AND ")).filter(|condition| !condition.is_empty()))
}

fn term(key: &str, value: &str) -> Result<String, TagError> {
    let (key, value) = (TagKey::parse(key)?, TagValue::parse(value)?);
    Ok(format!("\"{}\" = '{}'", key.as_str(), value.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_becomes_a_condition() {
        let condition = requiring_tags([("bsr-hold", "none"), ("bsr-class", "a b")].into_iter());
        assert_eq!(condition.unwrap().unwrap(), r#""bsr-hold" = 'none' AND "bsr-class" = 'a b'"#);
        assert_eq!(requiring_tags([].into_iter()).unwrap(), None);
    }

    #[test]
    fn a_value_that_would_end_the_condition_early_is_refused() {
        assert!(requiring_tags([("bsr-hold", "x' OR \"bsr-hold\" = 'none")].into_iter()).is_err());
    }
}
