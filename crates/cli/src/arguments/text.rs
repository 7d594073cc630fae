//! Texts that are stored as a person gives them.

/// Trims `text`. Returns an error if nothing is left.
pub(crate) fn not_empty(text: &str) -> Result<String, String> {
    at_most(text, usize::MAX)
}

/// Trims `text`. Returns an error if nothing is left, or more than `longest` characters.
pub(crate) fn at_most(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("it is empty".to_owned()),
        count if count <= longest => Ok(text.to_owned()),
        _ => Err(format!("it is longer than {longest} characters")),
    }
}
