//! Checks that no file is too long, silences a lint, hides a test or contains a stub.

use super::Finding;
use super::source::Source;
use super::tree::Tree;

const LONGEST: usize = 400;

/// Code that no Rust file may contain, with the reason.
const BANNED: [(&str, &str); 6] = [
    ("#[allow", "use #[expect(…, reason = \"…\")], which warns when it is no longer needed"),
    ("#![allow", "use #![expect(…, reason = \"…\")], which warns when it is no longer needed"),
    ("#[ignore", "a test that does not run checks nothing"),
    ("todo!", "absent beats stubbed"),
    ("unimplemented!", "absent beats stubbed"),
    ("dbg!", "left from a search for a bug"),
];

/// Checks length and banned code of every Rust file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust().flat_map(|(path, text)| too_long(path, text).into_iter().chain(banned(path, text))).collect()
}

fn too_long(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    (lines > LONGEST).then(|| Finding::file(path, format!("{lines} lines, more than {LONGEST}: split it by subject")))
}

fn banned(path: &str, text: &str) -> Vec<Finding> {
    let source = Source::read(text);
    let hits = source.lines().flat_map(|(number, line)| {
        let hits = BANNED.iter().filter(move |(word, _)| line.contains(word));
        hits.map(move |(word, reason)| Finding::line(path, number, format!("`{word}`: {reason}")))
    });
    hits.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    #[test]
    fn a_file_of_401_lines_is_too_long() {
        let (fits, too_long) = ("\n".repeat(400), "\n".repeat(401));
        let findings = check(&Tree::from_files(&[("fits.rs", &fits), ("long.rs", &too_long), ("long.md", &too_long)]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "long.rs");
    }

    #[test]
    fn silenced_lints_hidden_tests_and_stubs_are_found() {
        for bad in ["#[allow(dead_code)]", "#![allow(x)]", "#[ignore]", "todo!()", "unimplemented!()", "dbg!(x)"] {
            let text = format!("fn f() {{}}\n{bad}\n");
            let findings = check(&Tree::from_files(&[("a.rs", &text)]));
            assert_eq!(findings.len(), 1, "{bad}");
            assert_eq!(findings[0].line, 2, "{bad}");
        }
    }

    #[test]
    fn a_comment_or_a_text_may_speak_of_them() {
        assert!(check(&Tree::from_files(&[("a.rs", "// no todo!() here\nlet x = \"#[allow\";")])).is_empty());
    }
}
