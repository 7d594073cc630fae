//! Finds the paths that a file of the domain names.

/// Returns the paths below the crate that the code names by `crate` or `super`, each with its line. `place` is the path
/// of the file's own module. Paths by `super` in unit tests count from the tests and are left out.
pub fn named(code: &str, place: &[String]) -> Vec<(usize, Vec<String>)> {
    let tests = code.find("\nmod tests {").unwrap_or(code.len());
    let mut found = Vec::new();
    for (at, first) in words(code) {
        let mut rest = &code[at + first.len()..];
        let base = match first {
            "crate" => Vec::new(),
            "super" if at < tests && !code[..at].ends_with("::") => {
                let mut above = place.len().saturating_sub(1);
                while let Some(after) = rest.strip_prefix("::super") {
                    (rest, above) = (after, above.saturating_sub(1));
                }
                place[..above].to_vec()
            }
            _ => continue,
        };
        if let Some(rest) = rest.strip_prefix("::") {
            let line = code[..at].matches('\n').count() + 1;
            let mut paths = Vec::new();
            expand(rest, base, &mut paths);
            found.extend(paths.into_iter().map(|path| (line, path)));
        }
    }
    found
}

/// Returns the words of the code with their positions.
fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.split(move |c| !is_word(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - code.as_ptr() as usize, word))
}

/// Adds the paths that begin with `base` and continue with the tree at the beginning of `rest`. Returns the text behind
/// the tree.
fn expand<'a>(rest: &'a str, mut base: Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut list) = rest.strip_prefix('{') {
        loop {
            list = list.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            if let Some(after) = list.strip_prefix('}') {
                return after;
            }
            let after = expand(list, base.clone(), found);
            if after.len() == list.len() {
                return after;
            }
            list = after;
        }
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*').unwrap_or(rest.len());
    let (name, mut after) = rest.split_at(end);
    if !name.is_empty() {
        base.push(name.to_owned());
    }
    if let Some(tail) = after.strip_prefix("::").filter(|tail| !tail.starts_with('<')) {
        return expand(tail, base, found);
    }
    if let Some(renamed) = after.trim_start().strip_prefix("as ") {
        after = renamed.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    }
    found.push(base);
    after
}

#[cfg(test)]
mod tests {
    use super::named;

    fn paths(code: &str) -> Vec<(usize, String)> {
        let place = ["record", "session", "entry"].map(str::to_owned);
        named(code, &place).into_iter().map(|(line, path)| (line, path.join("::"))).collect()
    }

    fn on(line: usize, path: &str) -> (usize, String) {
        (line, path.to_owned())
    }

    #[test]
    fn every_path_of_a_tree_is_named() {
        let code = "x\nuse crate::{a::{self, b as c}, d::*, e};\nfn f() -> Vec<crate::g::H> { crate::i::j::<K>(l) }";
        let expected = [on(2, "a::self"), on(2, "a::b"), on(2, "d::*"), on(2, "e"), on(3, "g::H"), on(3, "i::j")];
        assert_eq!(paths(code), expected);
    }

    #[test]
    fn super_counts_from_the_module_of_the_file() {
        let code = "use super::gap::Gap;\nuse super::super::blob;\nmod tests {\n    use super::*;\n}";
        assert_eq!(paths(code), [on(1, "record::session::gap::Gap"), on(2, "record::blob")]);
    }

    #[test]
    fn a_longer_word_is_no_crate() {
        assert!(paths("let supercrate::a = crates::b; pub(super) fn c() {} pub(crate) fn d() {}").is_empty());
    }
}
