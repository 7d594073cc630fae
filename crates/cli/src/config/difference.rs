//! Difference of two texts.

use domain::address::Printable;
use similar::TextDiff;

/// Context lines around a change.
const AROUND: usize = 3;

/// Returns the differing lines in the format of `diff -u`, or an empty text. Each argument is a name and a
/// text.
pub fn between((app, before): (&str, &str), (ours, after): (&str, &str)) -> String {
    let diff = TextDiff::from_lines(before, after);
    let shown = diff.unified_diff().context_radius(AROUND).header(app, ours).to_string();
    shown
        .split_inclusive('\n')
        .map(|line| line.trim_end_matches('\n'))
        .map(|line| format!("{}\n", Printable(line)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(between(("app", "a: 1\n"), ("ours", "a: 1\n")), "");
    }

    #[test]
    fn a_difference_is_shown_with_control_characters_escaped() {
        let shown = between(("app", "a: 1\nb: 2\n"), ("ours", "a: 1\nb: \u{1b}3\n"));
        assert_eq!(shown, "--- app\n+++ ours\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: \\u{1b}3\n");
    }
}
