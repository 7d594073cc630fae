//! Stored form of the archivist's tags on a blob.

use std::borrow::Cow;

use domain::record::blob::ETag;
use domain::record::catalogue::{EarlierTags, Tagged};
use domain::record::tags::{PlannedTag, TagKey, TagValue};
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaggedForm<'a> {
    #[serde(borrow)]
    etag: Cow<'a, str>,
    #[serde(borrow)]
    plan: Vec<PlannedTagForm<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedTagForm<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EarlierTagsForm<'a> {
    #[serde(borrow)]
    tags: Vec<PlannedTagForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_at: Option<Timestamp>,
}

impl<'a> From<&'a Tagged> for TaggedForm<'a> {
    fn from(tagged: &'a Tagged) -> Self {
        let plan = tagged.plan.iter().map(PlannedTagForm::from).collect();
        Self { etag: tagged.etag.as_str().into(), plan }
    }
}

impl<'a> From<&'a EarlierTags> for EarlierTagsForm<'a> {
    fn from(earlier: &'a EarlierTags) -> Self {
        Self { tags: earlier.tags.iter().map(PlannedTagForm::from).collect(), shown_at: earlier.shown_at }
    }
}

impl<'a> From<&'a PlannedTag> for PlannedTagForm<'a> {
    fn from(tag: &'a PlannedTag) -> Self {
        Self { key: tag.key.as_str().into(), value: tag.value.as_str().into() }
    }
}

impl TryFrom<TaggedForm<'_>> for Tagged {
    type Error = serde_json::Error;

    fn try_from(form: TaggedForm<'_>) -> Result<Self, Self::Error> {
        Ok(Self { etag: ETag::new(&form.etag), plan: planned(form.plan)? })
    }
}

impl TryFrom<EarlierTagsForm<'_>> for EarlierTags {
    type Error = serde_json::Error;

    fn try_from(form: EarlierTagsForm<'_>) -> Result<Self, Self::Error> {
        Ok(Self { tags: planned(form.tags)?, shown_at: form.shown_at })
    }
}

fn planned(tags: Vec<PlannedTagForm<'_>>) -> Result<Vec<PlannedTag>, serde_json::Error> {
    let planned = |tag: PlannedTagForm<'_>| {
        let key = TagKey::parse(&tag.key).map_err(serde_json::Error::custom)?;
        let value = TagValue::parse(&tag.value).map_err(serde_json::Error::custom)?;
        Ok(PlannedTag { key, value })
    };
    tags.into_iter().map(planned).collect()
}
