//! Naming rules of the host; it skips functions that break them and logs an error.

/// Returns true if the host accepts `name` for a function; the name is also that of its folder and its route.
pub fn is_function_name(name: &str) -> bool {
    is_word(name, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) && !name.eq_ignore_ascii_case("host")
}

/// Returns true if the host accepts `name` for a binding: letters and digits, or `$return`.
pub fn is_binding_name(name: &str) -> bool {
    name == "$return" || is_word(name, |c| c.is_ascii_alphanumeric())
}

fn is_word(name: &str, allowed: impl Fn(char) -> bool) -> bool {
    (1..=128).contains(&name.len()) && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_name_may_hold_underscores_and_hyphens() {
        for name in ["recording_landed", "OnRecording-2", "a"] {
            assert!(is_function_name(name), "{name}");
        }
        for name in ["", "host", "Host", "_a", "1a", "a.b", "ä", &"a".repeat(129)] {
            assert!(!is_function_name(name), "{name}");
        }
    }

    #[test]
    fn a_binding_name_may_not() {
        for name in ["message", "$return", "a1"] {
            assert!(is_binding_name(name), "{name}");
        }
        for name in ["", "my_message", "my-message", "$other", "1a", &"a".repeat(129)] {
            assert!(!is_binding_name(name), "{name}");
        }
    }
}
