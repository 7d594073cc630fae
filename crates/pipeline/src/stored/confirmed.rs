//! Stored form of a person's confirmation of a recording's session.

use std::borrow::Cow;

use domain::record::catalogue::{Confirmed, Contradiction};
use domain::record::join::Match;
use domain::record::recording_id::RecordingId;
use domain::record::session::TunnelId;
use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Serialize};

use super::match_state::{VerdictForm, verdict_form};

/// A missing `found` means that the log has no verdict yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmedForm<'a> {
    #[serde(borrow)]
    by: Cow<'a, str>,
    #[serde(borrow)]
    reason: Cow<'a, str>,
    at: Timestamp,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    found: Option<VerdictForm<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contradictions: Vec<ContradictionForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ContradictionForm {
    Session(String),
    Recording(String),
}

impl<'a> From<&'a Confirmed> for ConfirmedForm<'a> {
    fn from(confirmed: &'a Confirmed) -> Self {
        Self {
            by: confirmed.by.as_str().into(),
            reason: confirmed.reason.as_str().into(),
            at: confirmed.at,
            found: verdict_form(&confirmed.found),
            contradictions: confirmed.contradictions.iter().map(ContradictionForm::from).collect(),
        }
    }
}

impl TryFrom<ConfirmedForm<'_>> for Confirmed {
    type Error = serde_json::Error;

    fn try_from(form: ConfirmedForm<'_>) -> Result<Self, Self::Error> {
        Ok(Self {
            by: form.by.into_owned(),
            reason: form.reason.into_owned(),
            at: form.at,
            found: form.found.map(Match::try_from).transpose()?.unwrap_or_default(),
            contradictions: form.contradictions.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Contradiction> for ContradictionForm {
    fn from(contradiction: &Contradiction) -> Self {
        match contradiction {
            Contradiction::Session(tunnel) => Self::Session(tunnel.as_str().to_owned()),
            Contradiction::Recording(id) => Self::Recording(id.to_string()),
        }
    }
}

impl TryFrom<ContradictionForm> for Contradiction {
    type Error = serde_json::Error;

    fn try_from(form: ContradictionForm) -> Result<Self, Self::Error> {
        match form {
            ContradictionForm::Session(tunnel) => TunnelId::parse(&tunnel)
                .map(Self::Session)
                .ok_or_else(|| Error::custom(format_args!("{tunnel:?} is not a tunnel id"))),
            ContradictionForm::Recording(id) => RecordingId::parse(&id).map(Self::Recording).map_err(Error::custom),
        }
    }
}
