//! Stored form of the notified findings.

use std::collections::BTreeMap;

use domain::decide::posture::{Memory, News};
use domain::record::notification::Severity;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use crate::stored::Schema;
use crate::stored::checkpoint::CheckpointDocument;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemoryForm {
    schema: Schema,
    told: BTreeMap<String, NewsForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewsForm {
    gist: String,
    severity: String,
    times: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mended: bool,
}

impl CheckpointDocument for MemoryForm {
    const WHAT: &str = "memory of findings";

    fn without_future(self, _: Timestamp) -> Self {
        // The form has no times.
        self
    }
}

impl From<&Memory> for MemoryForm {
    fn from(memory: &Memory) -> Self {
        let form = |news: &News| NewsForm {
            gist: news.gist.clone(),
            severity: news.severity.name().to_owned(),
            times: news.times,
            mended: !news.stands,
        };
        Self { schema: Schema, told: memory.notified.iter().map(|(key, news)| (key.clone(), form(news))).collect() }
    }
}

impl TryFrom<MemoryForm> for Memory {
    type Error = serde_json::Error;

    fn try_from(form: MemoryForm) -> Result<Self, Self::Error> {
        let news = |news: NewsForm| {
            let severity = Severity::parse(&news.severity)
                .ok_or_else(|| serde_json::Error::custom(format_args!("{:?} is not a severity", news.severity)))?;
            Ok(News { gist: news.gist, severity, times: news.times, stands: !news.mended })
        };
        let notified = form.told.into_iter().map(|(key, form)| news(form).map(|news| (key, news)));
        Ok(Self { notified: notified.collect::<Result<_, Self::Error>>()? })
    }
}
