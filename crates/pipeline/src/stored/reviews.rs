//! Stored form of the reviews of an entry.

use std::borrow::Cow;

use domain::record::blob::ETag;
use domain::record::hold::Actor;
use domain::record::ledger::Sha256;
use domain::record::review::ReviewOutcome;
use domain::record::review_mark::{ReviewMark, ReviewedContent};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::known;

/// One review. A missing `unverified` means that the name of the reviewer is verified, a missing `etag` that the
/// reviewed content is unknown.
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
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    etag: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
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
            etag: mark.content.as_ref().map(|content| content.etag.as_str().into()),
            sha256: mark.content.as_ref().and_then(|content| content.sha256).map(|hash| hash.to_string()),
        }
    }
}

impl TryFrom<ReviewForm<'_>> for ReviewMark {
    type Error = serde_json::Error;

    fn try_from(form: ReviewForm<'_>) -> Result<Self, Self::Error> {
        let sha256 = form.sha256.map(|text| known(Sha256::parse(&text), "sha256", &text)).transpose()?;
        let content = form.etag.map(|etag| ReviewedContent { etag: ETag::new(&etag), sha256 });
        Ok(Self {
            outcome: known(ReviewOutcome::parse(&form.outcome), "outcome", &form.outcome)?,
            by: Actor { name: form.by.into_owned(), is_verified: !form.unverified },
            at: form.at,
            ticket: form.ticket.map(Cow::into_owned),
            note: form.note.map(Cow::into_owned),
            content,
        })
    }
}
