//! Chooses the headings under which a query reads.

use futures_util::future::try_join_all;

use super::parts::{base, ends_with, heading_has};
use super::{Search, UnknownWord, nearest};
use crate::ports::{Catalogue, Fault, Heading, cut};

/// Maximum number of headings of a word that drives the reading.
const MOST_HEADINGS: usize = 50;
/// Maximum number of headings with a word that begins with the base of a part, such as all machines of `10.0.0` for
/// `10.0.0.4`. Only the stems that end with the base count as headings of the part.
const MOST_OF_BASE: usize = 1000;

/// Headings under which a query reads.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::query) enum Reading {
    /// Everything under one heading, or everything.
    Under(Option<Heading>),
    /// Everything under these headings, because each entry with this word is under one of them.
    Merged(Vec<Heading>),
    /// Nothing, because no heading has these words.
    Nothing(Vec<UnknownWord>),
}

/// Chooses what to read. `exact` is the heading of a filter that selects a person or machine, `broad` any other.
///
/// Reads the headings of each part of a name in the vocabulary. The word with the fewest headings drives; one that is
/// also a part of a bastion's name only if there is no other, because a bastion has many recordings.
pub(in crate::query) async fn reading(
    catalogue: &dyn Catalogue,
    search: &Search,
    exact: Option<Heading>,
    broad: Option<Heading>,
) -> Result<Reading, Fault> {
    let found = try_join_all(search.parts().map(|(_, part)| headings(catalogue, part))).await?;
    let unknown: Vec<usize> = search
        .parts()
        .zip(&found)
        .filter(|(_, found)| found.as_ref().is_some_and(Vec::is_empty))
        .map(|((at, _), _)| at)
        .collect();
    if !unknown.is_empty() {
        return nearest::unknown_words(catalogue, search, &unknown).await.map(Reading::Nothing);
    }
    let exact = exact.map(|heading| vec![heading]);
    let fewest = exact
        .into_iter()
        .chain(found.into_iter().flatten())
        .min_by_key(|headings| (headings.iter().any(|heading| matches!(heading, Heading::Bastion(_))), headings.len()));
    Ok(match fewest {
        None => Reading::Under(broad),
        Some(mut headings) if headings.len() == 1 => Reading::Under(headings.pop()),
        Some(headings) => Reading::Merged(headings),
    })
}

/// Returns the headings that every entry with this part of a name is under one of; `None` if there are too many.
async fn headings(catalogue: &dyn Catalogue, part: &str) -> Result<Option<Vec<Heading>>, Fault> {
    let mut all = catalogue.words(cut(part), MOST_HEADINGS + 1).await?;
    if all.len() > MOST_HEADINGS {
        return Ok(None);
    }
    all.retain(|heading| heading_has(heading, part));
    if let Some(base) = base(part) {
        let of_base = catalogue.words(cut(base), MOST_OF_BASE + 1).await?;
        if of_base.len() > MOST_OF_BASE {
            return Ok(None);
        }
        all.extend(of_base.into_iter().filter(|heading| ends_with(heading, base)));
        all.sort();
        all.dedup();
    }
    Ok(Some(all).filter(|all| all.len() <= MOST_HEADINGS))
}
