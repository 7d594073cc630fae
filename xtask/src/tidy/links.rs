//! Relative links in Markdown files: the target exists, and a linked source file defines the item that the link names.
//!
//! A link with the text `` `name` `` to a `.rs` file means the function, type or constant `name` of that file.

use super::Finding;
use super::tree::Tree;

/// Checks every relative link outside code blocks.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let pages = tree.files.iter().filter(|(path, _)| path.ends_with(".md"));
    pages.flat_map(|(path, text)| check_page(tree, path, text)).collect()
}

fn check_page(tree: &Tree, page: &str, text: &str) -> Vec<Finding> {
    let mut in_code_block = false;
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code_block = !in_code_block;
        } else if !in_code_block {
            let problems = links(line).filter_map(|link| problem(tree, page, link));
            findings.extend(problems.map(|what| Finding::line(page, index + 1, what)));
        }
    }
    findings
}

/// Text and target of each link of the line.
fn links(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.match_indices("](").filter_map(|(at, separator)| {
        let text = line[..at].rsplit_once('[')?.1;
        let target = line[at + separator.len()..].split_once(')')?.0;
        Some((text, target))
    })
}

/// Returns the problem of a link, or `None` if its target is elsewhere or as the link says.
fn problem(tree: &Tree, page: &str, (text, target): (&str, &str)) -> Option<String> {
    if target.contains(':') {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = resolve(page, file);
    if file.is_empty() || file.ends_with(".md") {
        let Some(content) = tree.file(&path) else {
            return Some(format!("no file {path}"));
        };
        let is_there = anchor.is_empty() || content.lines().filter_map(heading_anchor).any(|name| name == anchor);
        return (!is_there).then(|| format!("{path} has no heading for #{anchor}"));
    }
    let folder = format!("{}/", path.trim_end_matches('/'));
    if tree.file(&path).is_none() && !tree.files.keys().any(|file| file.starts_with(&folder)) {
        return Some(format!("no file {path}"));
    }
    let item = text.strip_prefix('`')?.strip_suffix('`')?;
    let is_missing = path.ends_with(".rs") && !tree.file(&path).is_some_and(|content| defines(content, item));
    is_missing.then(|| format!("{path} defines no {item}"))
}

fn defines(content: &str, item: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    ITEMS.iter().any(|kind| {
        let definition = format!("{kind} {item}");
        content.match_indices(&definition).any(|(at, _)| ends(&content[at + definition.len()..]))
    })
}

const ITEMS: [&str; 6] = ["fn", "struct", "enum", "trait", "type", "const"];

/// Path below the root of a target that is relative to the folder of `page`.
fn resolve(page: &str, target: &str) -> String {
    if target.is_empty() {
        return page.to_owned();
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// Anchor of a heading as code hosts make it: lower case, dashes for blanks, letters, digits, `-` and `_` kept.
fn heading_anchor(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim();
    let kept = heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>();
    Some(kept.replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    fn found(line: &str) -> Vec<String> {
        let files = [
            ("docs/page.md", line),
            ("docs/other.md", "# Other\n\n## When a name is given, and `why`\n"),
            ("src/decide.rs", "pub fn decide() {}\n"),
        ];
        check(&Tree::from_files(&files)).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_link_to_an_existing_target_is_accepted() {
        for line in [
            "[a](other.md) and [b](../src/decide.rs), [c](../src/)",
            "[`decide`](../src/decide.rs)",
            "[other](other.md#when-a-name-is-given-and-why)",
            "[outside](https://a.example/x)",
            "# Here\n[self](#here)",
            "```\n[x](gone.md)\n```",
        ] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_link_to_a_missing_file_heading_or_item_is_found() {
        assert_eq!(found("[a](gone.md)"), ["no file docs/gone.md"]);
        assert_eq!(found("[a](../src/gone.rs)"), ["no file src/gone.rs"]);
        assert_eq!(found("[a](other.md#gone)"), ["docs/other.md has no heading for #gone"]);
        assert_eq!(found("[`gone`](../src/decide.rs)"), ["src/decide.rs defines no gone"]);
        assert_eq!(found("[`dec`](../src/decide.rs)"), ["src/decide.rs defines no dec"]);
    }
}
