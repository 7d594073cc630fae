//! Tunnel id of a session as an argument: whole, or short as a terminal shows it.

use std::collections::BTreeSet;

use domain::record::session::TunnelId;
use pipeline::ports::{SessionListRequest, SessionPlace, Sessions};

use crate::CliError;
use crate::output::human;

/// Number of newest sessions among which a short id is looked up.
const NEWEST: usize = 10_000;
/// Sessions per read.
const PAGE: usize = 1000;
/// Minimum number of letters of a short id.
const SHORTEST: usize = 4;

/// Tunnel id: whole, or its end after `…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TunnelArg {
    /// A whole id.
    Whole(TunnelId),
    /// The end of an id.
    End(String),
}

impl TunnelArg {
    /// Parses a tunnel id, or `…` and its end.
    pub fn parse(text: &str) -> Result<Self, String> {
        let end = text.strip_prefix('…').or_else(|| text.strip_prefix("..."));
        match end {
            Some(end) if end.len() >= SHORTEST => Ok(Self::End(end.to_lowercase())),
            Some(_) => Err(format!("write at least {SHORTEST} of the last letters of the tunnel id")),
            None => TunnelId::parse(text).map(Self::Whole).ok_or_else(|| format!("{text:?} is not a tunnel id")),
        }
    }

    /// Returns the whole id. Reads the newest 10,000 sessions for a short one.
    ///
    /// # Errors
    /// No session or several sessions have such an id.
    pub(crate) async fn find(&self, sessions: &dyn Sessions) -> Result<TunnelId, CliError> {
        let end = match self {
            Self::Whole(id) => return Ok(id.clone()),
            Self::End(end) => end,
        };
        let (mut below, mut read, mut found) = (None, 0, BTreeSet::new());
        while read < NEWEST {
            let request =
                SessionListRequest { bastion: None, without_recording: false, below, from: None, limit: PAGE };
            let page = sessions.list(&request).await?;
            let Some(last) = page.last() else { break };
            below = Some(SessionPlace { at: last.at(), id: last.id.clone() });
            read += page.len();
            let fits = page.iter().map(|entry| &entry.id.tunnel).filter(|tunnel| tunnel.as_str().ends_with(end));
            found.extend(fits.map(|tunnel| tunnel.as_str().to_owned()));
        }
        only(end, &found)
    }
}

fn only(end: &str, found: &BTreeSet<String>) -> Result<TunnelId, CliError> {
    let end = human::text(end);
    let mut ids = found.iter().filter_map(|id| TunnelId::parse(id));
    match (ids.next(), found.len()) {
        (Some(id), 1) => Ok(id),
        (None, _) => Err(CliError::Problems(format!(
            "no tunnel id of the newest 10,000 sessions ends with {end}; write the whole id"
        ))),
        (_, count) => {
            let list: String = found.iter().take(10).map(|id| format!("\n  {}", human::text(id))).collect();
            Err(CliError::Problems(format!("{count} tunnel ids end with {end}; write more of it:{list}")))
        }
    }
}
