//! Ids in a search: of recordings, whole or short, and of sessions.

use domain::record::recording_id::RecordingId;
use domain::record::session::TunnelId;

/// Minimum number of letters of a short id.
const SHORTEST: usize = 4;
/// Letters of an id after its `rec_`.
const WHOLE: usize = 26;
const PREFIX: &str = "rec_";
/// Lengths of the parts of a GUID.
const GUID: [usize; 5] = [8, 4, 4, 4, 12];

/// Id of a recording or a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum IdWord {
    /// Whole id of a recording.
    Whole(RecordingId),
    /// Beginning and end of the id of a recording, without `rec_`; one of them may be empty.
    Short { beginning: String, end: String },
    /// Id of a session.
    Tunnel(TunnelId),
}

impl IdWord {
    /// Parses a folded word: `rec_01kjpyph1yv56czgxgxa6hk7hq`, `rec_…6hk7hq`, `…6hk7hq`, `rec_01kjpy`, or a GUID. Returns
    /// `None` if it is not written like an id.
    pub(super) fn read(word: &str) -> Option<Self> {
        if let Ok(id) = RecordingId::parse(word) {
            return Some(Self::Whole(id));
        }
        if is_guid(word) {
            return TunnelId::parse(word).map(Self::Tunnel);
        }
        let (beginning, end) = match word.split_once('…').or_else(|| word.split_once("...")) {
            Some((beginning, end)) => (beginning.strip_prefix(PREFIX).unwrap_or(beginning), end),
            // Names may begin with `rec_` too; ids of this century have a 0 behind it.
            None => (word.strip_prefix(PREFIX).filter(|beginning| beginning.starts_with('0'))?, ""),
        };
        let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let is_short = (SHORTEST..WHOLE).contains(&(beginning.len() + end.len()));
        (is_short && is_part(beginning) && is_part(end))
            .then(|| Self::Short { beginning: beginning.to_owned(), end: end.to_owned() })
    }

    /// Returns true if this is the id of a recording, whole or in part.
    pub(super) fn fits(&self, id: RecordingId) -> bool {
        match self {
            Self::Whole(whole) => *whole == id,
            Self::Short { beginning, end } => {
                let id = id.to_string();
                id[PREFIX.len()..].starts_with(beginning.as_str()) && id.ends_with(end.as_str())
            }
            Self::Tunnel(_) => true,
        }
    }

    /// Returns the meaning in words.
    pub(super) fn explained(&self) -> String {
        match self {
            Self::Whole(id) => format!("Recording: {id}"),
            Self::Short { beginning, end } => format!("Recording: {PREFIX}{beginning}…{end}"),
            Self::Tunnel(tunnel) => format!("Session: {tunnel}"),
        }
    }
}

fn is_guid(word: &str) -> bool {
    let mut parts = word.split('-');
    let is_part = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    GUID.iter().all(|length| parts.next().is_some_and(|part| is_part(part, *length))) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "rec_01kjpyph1yv56czgxgxa6hk7hq";

    #[test]
    fn a_short_id_fits_the_whole_one() {
        let id = RecordingId::parse(ID).unwrap();
        for word in [ID, "rec_…6hk7hq", "…6hk7hq", "rec_...6hk7hq", "rec_01kj…7hq", "rec_01kjpy"] {
            assert!(IdWord::read(word).is_some_and(|read| read.fits(id)), "{word}");
        }
        for word in ["rec_…6hk7hr", "rec_01kk…7hq", "rec_02kjpy"] {
            assert!(IdWord::read(word).is_some_and(|read| !read.fits(id)), "{word}");
        }
    }

    #[test]
    fn a_guid_is_the_id_of_a_session() {
        let tunnel = "5f0c1c1e-09ab-4def-8123-0123456789ab";
        assert_eq!(IdWord::read(tunnel), TunnelId::parse(tunnel).map(IdWord::Tunnel));
    }

    #[test]
    fn names_are_no_ids() {
        for word in
            ["rec_", "rec_db01", "rec_01", "…7hq", "vm...1", "vm-web-01", "5f0c1c1e-09ab", "rec_0815.x", "6hk7hq"]
        {
            assert_eq!(IdWord::read(word), None, "{word}");
        }
    }
}
