//! Opaque cursor of a page of sessions.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::record::estate::BastionName;
use domain::record::session::{SessionId, TunnelId};
use serde::{Serialize, Serializer};

use super::NotACursor;
use crate::ports::SessionPlace;

/// Separator of the parts, which never contain it.
const BETWEEN: char = '\n';

/// Position after a session in list order. Stays valid if sessions are added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCursor(SessionPlace);

impl SessionCursor {
    /// Returns the position after a session.
    pub fn after(place: SessionPlace) -> Self {
        Self(place)
    }

    /// Parses the text form. Returns an error if the text is not a cursor.
    pub fn parse(text: &str) -> Result<Self, NotACursor> {
        let parts = BASE64URL_NOPAD.decode(text.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let place = parts.as_deref().and_then(place);
        place.map(Self).ok_or_else(|| NotACursor(text.to_owned()))
    }

    pub(super) fn place(&self) -> SessionPlace {
        self.0.clone()
    }
}

fn place(text: &str) -> Option<SessionPlace> {
    let mut parts = text.splitn(3, BETWEEN);
    let (at, bastion, tunnel) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    Some(SessionPlace { at, id: SessionId { bastion: BastionName::new(bastion), tunnel: TunnelId::parse(tunnel)? } })
}

impl fmt::Display for SessionCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SessionPlace { at, id } = &self.0;
        let text = format!("{at}{BETWEEN}{}{BETWEEN}{}", id.bastion.as_str(), id.tunnel);
        f.write_str(&BASE64URL_NOPAD.encode(text.as_bytes()))
    }
}

impl Serialize for SessionCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_with_every_fraction_of_its_time() {
        let id = SessionId { bastion: BastionName::new("bas-1"), tunnel: TunnelId::parse("5f0c 1c1e").unwrap() };
        let cursor = SessionCursor(SessionPlace { at: "2026-03-02T09:12:44.123456789Z".parse().unwrap(), id });
        assert_eq!(SessionCursor::parse(&cursor.to_string()), Ok(cursor));
    }

    #[test]
    fn another_text_is_refused_by_name() {
        for text in ["", "=", "cmVjXzE", "\u{202e}"] {
            assert_eq!(SessionCursor::parse(text), Err(NotACursor(text.to_owned())));
        }
    }
}
