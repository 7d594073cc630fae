//! The stored form of our tags on a blob.

use std::borrow::Cow;

use domain::blob::ETag;
use domain::catalogue::Tagged;
use domain::tags::{PlannedTag, TagKey, TagValue};
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

impl<'a> From<&'a Tagged> for TaggedForm<'a> {
    fn from(tagged: &'a Tagged) -> Self {
        let plan = tagged.plan.iter();
        let plan = plan.map(|tag| PlannedTagForm { key: tag.key.as_str().into(), value: tag.value.as_str().into() });
        Self { etag: tagged.etag.as_str().into(), plan: plan.collect() }
    }
}

impl TryFrom<TaggedForm<'_>> for Tagged {
    type Error = serde_json::Error;

    fn try_from(form: TaggedForm<'_>) -> Result<Self, Self::Error> {
        let plan = form.plan.iter().map(|tag| {
            let key = TagKey::parse(&tag.key).map_err(serde_json::Error::custom)?;
            let value = TagValue::parse(&tag.value).map_err(serde_json::Error::custom)?;
            Ok(PlannedTag { key, value })
        });
        Ok(Self { etag: ETag::new(&form.etag), plan: plan.collect::<Result<_, serde_json::Error>>()? })
    }
}
