//! Id of a recording as an argument: whole, or short as a terminal shows it.

use std::fmt;

use domain::record::recording_id::RecordingId;
use pipeline::ports::{Catalogue, ListRequest};

use crate::CliError;

/// Number of newest entries among which a short id is looked up. Stores have no index of the ends of ids.
const NEWEST: usize = 10_000;
/// Entries per read of the catalogue.
const PAGE: usize = 1000;
/// Minimum number of letters of a short id.
const SHORTEST: usize = 4;
/// Letters of an id after its `rec_`.
const WHOLE: usize = 26;
const PREFIX: &str = "rec_";

/// Id of a recording: whole, or its beginning or end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdArg {
    /// A whole id.
    Whole(RecordingId),
    /// A short id.
    Short(ShortId),
}

/// Beginning and end of an id, both without `rec_`; at least one is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortId {
    beginning: String,
    end: String,
}

impl IdArg {
    /// Parses `rec_01kjpyph1yv56czgxgxa6hk7hq`, `rec_…6hk7hq`, `…6hk7hq`, `6hk7hq` or `rec_01kjpy`.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Ok(id) = RecordingId::parse(text) {
            return Ok(Self::Whole(id));
        }
        let (beginning, end) = match text.split_once('…').or_else(|| text.split_once("...")) {
            Some((beginning, end)) => (beginning.strip_prefix(PREFIX).unwrap_or(beginning), end),
            None => text.strip_prefix(PREFIX).map_or(("", text), |beginning| (beginning, "")),
        };
        let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let is_short = (SHORTEST..=WHOLE).contains(&(beginning.len() + end.len()));
        if !(is_short && is_part(beginning) && is_part(end)) {
            return Err(format!(
                "{text:?} is not a recording id (`rec_` and 26 letters or digits, or at least {SHORTEST} of the last ones)"
            ));
        }
        Ok(Self::Short(ShortId { beginning: beginning.to_owned(), end: end.to_owned() }))
    }

    /// Returns the whole id, for a command that only reads. Reads the newest 10,000 entries for a short one.
    ///
    /// # Errors
    /// No entry or several entries have such an id.
    pub async fn find(&self, catalogue: &dyn Catalogue) -> Result<RecordingId, CliError> {
        match self {
            Self::Whole(id) => Ok(*id),
            Self::Short(short) => short.only(&short.candidates(catalogue).await?.ids),
        }
    }

    /// Like [`Self::find`], for a command that changes something: an older entry must not have the same short id.
    ///
    /// # Errors
    /// No entry or several entries have such an id, or entries older than the newest 10,000 may have it.
    pub async fn find_to_change(&self, catalogue: &dyn Catalogue) -> Result<RecordingId, CliError> {
        let short = match self {
            Self::Whole(id) => return Ok(*id),
            Self::Short(short) => short,
        };
        let candidates = short.candidates(catalogue).await?;
        let id = short.only(&candidates.ids)?;
        if candidates.are_all {
            return Ok(id);
        }
        Err(CliError::Problems(format!(
            "{short} may be an older recording too: only the newest 10,000 were compared; write the whole id of the one \
             to change (the newest is {id})"
        )))
    }
}

/// Ids that a short one stands for.
struct Candidates {
    ids: Vec<RecordingId>,
    /// True if the whole catalogue was read.
    are_all: bool,
}

impl ShortId {
    async fn candidates(&self, catalogue: &dyn Catalogue) -> Result<Candidates, CliError> {
        let (mut below, mut read, mut ids) = (None, 0, Vec::new());
        while read < NEWEST {
            let request = ListRequest { under: None, below, from: None, limit: PAGE };
            let entries = catalogue.list(&request).await?;
            let Some(last) = entries.last() else {
                return Ok(Candidates { ids, are_all: true });
            };
            below = Some(last.id);
            read += entries.len();
            ids.extend(entries.iter().map(|entry| entry.id).filter(|id| self.fits(*id)));
        }
        Ok(Candidates { ids, are_all: false })
    }

    fn fits(&self, id: RecordingId) -> bool {
        let id = id.to_string();
        id[PREFIX.len()..].starts_with(&self.beginning) && id.ends_with(&self.end)
    }

    fn only(&self, found: &[RecordingId]) -> Result<RecordingId, CliError> {
        match found {
            [id] => Ok(*id),
            [] => Err(CliError::Problems(format!(
                "no id of the newest 10,000 recordings is like {self}; write the whole id"
            ))),
            several => {
                let first = several.iter().take(10).map(|id| format!("\n  {id}"));
                let list: String = first.collect();
                let count = several.len();
                Err(CliError::Problems(format!("{count} ids are like {self}; write more of it:{list}")))
            }
        }
    }
}

/// With both parts, of which one may be empty: `rec_01kjpy…7hq`.
impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}…{}", self.beginning, self.end)
    }
}

/// Formats an id for a terminal: `rec_…6hk7hq`.
pub(crate) fn shortened(id: RecordingId) -> String {
    let id = id.to_string();
    format!("{PREFIX}…{}", &id[id.len() - SHOWN..])
}

/// Letters of a shortened id.
const SHOWN: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_id_is_a_beginning_an_end_or_both() {
        let short = |beginning: &str, end: &str| {
            Ok(IdArg::Short(ShortId { beginning: beginning.to_owned(), end: end.to_owned() }))
        };
        assert_eq!(IdArg::parse("rec_…6hk7hq"), short("", "6hk7hq"));
        assert_eq!(IdArg::parse("...6hk7hq"), short("", "6hk7hq"));
        assert_eq!(IdArg::parse("6hk7hq"), short("", "6hk7hq"));
        assert_eq!(IdArg::parse("rec_01kjpy"), short("01kjpy", ""));
        assert_eq!(IdArg::parse("rec_01kj…7hq"), short("01kj", "7hq"));
    }

    #[test]
    fn a_whole_id_is_taken_as_it_is() {
        let whole = "rec_01kjpyph1yv56czgxgxa6hk7hq";
        assert_eq!(IdArg::parse(whole), Ok(IdArg::Whole(RecordingId::parse(whole).unwrap())));
    }

    #[test]
    fn too_few_letters_and_other_texts_are_refused() {
        for text in ["", "rec_", "7hq", "rec_…7hq", "vm-web-01", "REC_6HK7HQ", "rec_01kjpyph1yv56czgxgxa6hk7hq1"] {
            assert!(IdArg::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_shortened_form_is_accepted() {
        let id = RecordingId::parse("rec_01kjpyph1yv56czgxgxa6hk7hq").unwrap();
        assert_eq!(shortened(id), "rec_…6hk7hq");
        assert!(matches!(IdArg::parse(&shortened(id)), Ok(IdArg::Short(short)) if short.fits(id)));
    }
}
