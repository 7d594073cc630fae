//! Parts of names: the one definition for the vocabulary and for entries.

use domain::record::catalogue::Entry;

use crate::ports::{Heading, beginnings, fold};

/// Returns true if a name of the entry has a word that begins with `part`: its certain person, machine and account, its
/// bastion, and its own name. No word begins in the numeric suffix of its own name, but a part may reach into it.
pub(super) fn names(entry: &Entry, part: &str) -> bool {
    Heading::for_entry(entry).iter().any(|heading| match heading {
        Heading::Stem(stem) => has(stem, &fold(entry.address.name.as_str()), part),
        heading => heading_has(heading, part),
    })
}

/// Returns true if the heading is searched and has a word that begins with `part`.
pub(super) fn heading_has(heading: &Heading, part: &str) -> bool {
    let folded = fold(heading.value());
    heading.is_searched() && has(&folded, &folded, part)
}

/// Returns true if this is the stem of a name that `part`, which ends with a numeric suffix, may reach the end of.
pub(super) fn ends_with(heading: &Heading, base: &str) -> bool {
    match heading {
        Heading::Stem(stem) => beginnings(stem).any(|at| &stem[at..] == base),
        _ => false,
    }
}

/// Returns `part` without the beginning of a numeric suffix, if it has one.
pub(super) fn base(part: &str) -> Option<&str> {
    let (base, digits) = part.rsplit_once('.')?;
    (!base.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(base)
}

/// Returns true if `part` begins at a word of `stem`; `whole` continues the stem.
fn has(stem: &str, whole: &str, part: &str) -> bool {
    beginnings(stem).any(|at| whole.get(at..).is_some_and(|rest| rest.starts_with(part)))
}
