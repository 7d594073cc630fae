//! Id of a recording as an argument: whole, or short as a terminal shows it.

use domain::recording_id::RecordingId;
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

    /// Returns the whole id. Reads the newest 10,000 entries for a short one.
    ///
    /// # Errors
    /// No entry or several entries have such an id.
    pub async fn find(&self, catalogue: &dyn Catalogue) -> Result<RecordingId, CliError> {
        let short = match self {
            Self::Whole(id) => return Ok(*id),
            Self::Short(short) => short,
        };
        let (mut below, mut read, mut found) = (None, 0, Vec::new());
        while read < NEWEST {
            let request = ListRequest { under: None, below, from: None, limit: PAGE };
            let entries = catalogue.list(&request).await?;
            let Some(last) = entries.last() else { break };
            below = Some(last.id);
            read += entries.len();
            found.extend(entries.iter().map(|entry| entry.id).filter(|id| short.fits(*id)));
        }
        short.only(&found)
    }
}

impl ShortId {
    fn fits(&self, id: RecordingId) -> bool {
        let id = id.to_string();
        id[PREFIX.len()..].starts_with(&self.beginning) && id.ends_with(&self.end)
    }

    fn only(&self, found: &[RecordingId]) -> Result<RecordingId, CliError> {
        let Self { beginning, end } = self;
        match found {
            [id] => Ok(*id),
            [] => Err(CliError::Problems(format!(
                "no id of the newest 10,000 recordings is like rec_{beginning}…{end}; write the whole id"
            ))),
            several => {
                let first = several.iter().take(10).map(|id| format!("\n  {id}"));
                let list: String = first.collect();
                let count = several.len();
                Err(CliError::Problems(format!("{count} ids are like rec_{beginning}…{end}; write more of it:{list}")))
            }
        }
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
