//! Finds the words of the vocabulary that nearly are a word without headings.

use std::collections::BTreeMap;

use super::Search;
use super::parse::written;
use crate::ports::{Catalogue, Fault, Heading, ListRequest, beginnings, fold};

/// Maximum number of similar words.
const MOST: usize = 5;
/// Headings to compare with.
const COMPARED: usize = 400;

/// Word of a search that no name has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// Index of the word in the search.
    pub index: usize,
    /// The word as typed.
    pub text: String,
    /// Similar words that names have, the nearest first, as they are written in a search.
    pub nearest: Vec<String>,
}

pub(super) async fn unknown_words(
    catalogue: &dyn Catalogue,
    search: &Search,
    unknown: &[usize],
) -> Result<Vec<UnknownWord>, Fault> {
    let mut words = Vec::new();
    for (index, part) in search.parts().filter(|(index, _)| unknown.contains(index)) {
        let text = search.words[index].text.clone();
        words.push(UnknownWord { index, text, nearest: nearest(catalogue, part).await? });
    }
    Ok(words)
}

/// Returns words similar to `part` with the same first two characters, or else the same first one.
async fn nearest(catalogue: &dyn Catalogue, part: &str) -> Result<Vec<String>, Fault> {
    let most = match part.chars().count() {
        0..=5 => 1,
        6..=11 => 2,
        _ => 3,
    };
    for shared in [2, 1] {
        let prefix: String = part.chars().take(shared).collect();
        let mut near = BTreeMap::new();
        for heading in catalogue.words(&prefix, COMPARED).await? {
            for word in beginnings_of(&heading) {
                let distance = strsim::damerau_levenshtein(part, &word);
                if distance <= most && word.starts_with(&prefix) {
                    near.entry((distance, word)).or_insert_with(Vec::new).push(heading.clone());
                }
            }
        }
        let mut found = Vec::new();
        for ((_, word), headings) in near {
            if found.len() < MOST && is_current(catalogue, &headings).await? {
                found.extend(written(&word));
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Returns true if a recording is under one of the headings: the vocabulary also has those of withdrawn matches.
async fn is_current(catalogue: &dyn Catalogue, headings: &[Heading]) -> Result<bool, Fault> {
    for heading in headings {
        let request = ListRequest { under: Some(heading.clone()), below: None, from: None, limit: 1 };
        if !catalogue.list(&request).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns each text from the beginning of a word of the heading to the end of it or of a later one.
fn beginnings_of(heading: &Heading) -> Vec<String> {
    let folded = fold(heading.value());
    let mut texts = Vec::new();
    for at in beginnings(&folded) {
        let rest = &folded[at..];
        let ends = rest.char_indices().filter(|(_, letter)| !letter.is_alphanumeric()).map(|(end, _)| end);
        let to_end = ends.chain([rest.len()]).map(|end| &rest[..end]);
        texts.extend(to_end.filter(|text| text.ends_with(char::is_alphanumeric)).map(str::to_owned));
    }
    texts
}
