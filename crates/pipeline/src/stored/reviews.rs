//! Stored form of the reviews of an entry.

use std::borrow::Cow;

use domain::record::hold::Actor;
use domain::record::review::{ReviewMark, ReviewOutcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::known;

/// One review. A missing `unverified` means that the name of the reviewer is verified.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewForm<'a> {
    #[serde(borrow)]
    outcome: Cow<'a, str>,
    #[serde(borrow)]
    by: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "is_false")]
    unverified: bool,
    at: Timestamp,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    ticket: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    note: Option<Cow<'a, str>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given by serde")]
fn is_false(value: &bool) -> bool {
    !value
}

impl<'a> From<&'a ReviewMark> for ReviewForm<'a> {
    fn from(mark: &'a ReviewMark) -> Self {
        Self {
            outcome: mark.outcome.name().into(),
            by: mark.by.name.as_str().into(),
            unverified: !mark.by.is_verified,
            at: mark.at,
            ticket: mark.ticket.as_deref().map(Cow::from),
            note: mark.note.as_deref().map(Cow::from),
        }
    }
}

impl TryFrom<ReviewForm<'_>> for ReviewMark {
    type Error = serde_json::Error;

    fn try_from(form: ReviewForm<'_>) -> Result<Self, Self::Error> {
        Ok(Self {
            outcome: known(ReviewOutcome::parse(&form.outcome), "outcome", &form.outcome)?,
            by: Actor { name: form.by.into_owned(), is_verified: !form.unverified },
            at: form.at,
            ticket: form.ticket.map(Cow::into_owned),
            note: form.note.map(Cow::into_owned),
        })
    }
}
