//! Stored form of the accesses of a blob name.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use domain::record::access::{AccessGroup, AccessGroupKey, AccessKind, AnnouncedAccess, BlobAccesses, FoldedGroups};
use domain::record::accessor::{Accessor, Authentication, ReaderId};
use domain::record::blob::ETag;
use domain::record::notification::Event;
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Schema;
use super::checkpoint::CheckpointDocument;
use crate::ports::Fault;

/// Seconds of a group.
const HALF_HOUR: i64 = 30 * 60;

/// Accesses of a blob name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessesForm {
    schema: Schema,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<GroupForm>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    folded: BTreeSet<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    folded_has_more: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    announced: Vec<AnnouncedForm>,
    /// True if something may have to be announced.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupForm {
    kind: String,
    authentication: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    application_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token_hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    first: Timestamp,
    last: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    largest: Option<u64>,
    /// Number and bytes of each line.
    lines: Vec<(u64, Option<u64>)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_more: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnouncedForm {
    recording: String,
    event: String,
    kind: String,
    reader: String,
    from: Timestamp,
    to: Timestamp,
    occurrence: String,
    is_sent: bool,
}

impl CheckpointDocument for AccessesForm {
    const WHAT: &str = "accesses of a recording";

    /// Every time is a claim of the log, and none is of our clock.
    fn without_future(self, _: Timestamp) -> Self {
        let Self { schema, groups, folded, folded_has_more, announced, is_open } = self;
        Self { schema, groups, folded, folded_has_more, announced, is_open }
    }
}

impl AccessesForm {
    /// Converts the accesses; nothing is open.
    pub fn from_accesses(accesses: BlobAccesses) -> Self {
        let BlobAccesses { groups, folded: FoldedGroups { numbers, has_more }, announced } = accesses;
        Self {
            schema: Schema,
            groups: groups.into_iter().map(|(key, group)| GroupForm::from_group(key, group)).collect(),
            folded: numbers,
            folded_has_more: has_more,
            announced: announced.into_iter().map(AnnouncedForm::from_announced).collect(),
            is_open: false,
        }
    }

    /// Returns true if the accesses are the same; what is open does not count.
    pub fn is_same_set(&self, other: &Self) -> bool {
        Self { is_open: false, ..self.clone() } == Self { is_open: false, ..other.clone() }
    }

    /// Converts back. Returns an error if a word is not known.
    pub fn accesses(&self) -> Result<BlobAccesses, Fault> {
        let groups = self.groups.iter().map(GroupForm::group).collect::<Option<BTreeMap<_, _>>>();
        let announced = self.announced.iter().map(AnnouncedForm::announced).collect::<Option<Vec<_>>>();
        let (Some(groups), Some(announced)) = (groups, announced) else {
            return Err(Fault::permanent("read the accesses of a recording", "it has an unknown word"));
        };
        let folded = FoldedGroups { numbers: self.folded.clone(), has_more: self.folded_has_more };
        Ok(BlobAccesses { groups, folded, announced })
    }
}

impl GroupForm {
    fn from_group(key: AccessGroupKey, group: AccessGroup) -> Self {
        let Accessor { authentication, person, object_id, application_id, token_hash } = key.accessor;
        let text = |text: Option<std::sync::Arc<str>>| text.map(|text| text.to_string());
        Self {
            kind: key.kind.name().to_owned(),
            authentication: authentication.name().to_owned(),
            person: text(person),
            object_id: text(object_id),
            application_id: text(application_id),
            token_hash: text(token_hash),
            address: key.address,
            etag: key.etag.map(|etag| etag.as_str().to_owned()),
            first: group.first,
            last: group.last,
            largest: group.largest,
            lines: group.lines.into_iter().collect(),
            has_more: group.has_more,
        }
    }

    fn group(&self) -> Option<(AccessGroupKey, AccessGroup)> {
        let text = |text: &Option<String>| text.as_deref().map(Into::into);
        let accessor = Accessor {
            authentication: Authentication::parse(&self.authentication)?,
            person: text(&self.person),
            object_id: text(&self.object_id),
            application_id: text(&self.application_id),
            token_hash: text(&self.token_hash),
        };
        let key = AccessGroupKey {
            half_hour: self.first.as_second().div_euclid(HALF_HOUR),
            kind: AccessKind::parse(&self.kind)?,
            accessor,
            address: self.address,
            etag: self.etag.as_deref().map(ETag::new),
        };
        let group = AccessGroup {
            first: self.first,
            last: self.last,
            largest: self.largest,
            lines: self.lines.iter().copied().collect(),
            has_more: self.has_more,
        };
        Some((key, group))
    }
}

impl AnnouncedForm {
    fn from_announced(announced: AnnouncedAccess) -> Self {
        Self {
            recording: announced.recording.to_string(),
            event: announced.event.name().to_owned(),
            kind: announced.kind.name().to_owned(),
            reader: announced.reader.0.to_string(),
            from: announced.from,
            to: announced.to,
            occurrence: announced.occurrence,
            is_sent: announced.is_sent,
        }
    }

    fn announced(&self) -> Option<AnnouncedAccess> {
        Some(AnnouncedAccess {
            recording: RecordingId::parse(&self.recording).ok()?,
            event: Event::parse(&self.event)?,
            kind: AccessKind::parse(&self.kind)?,
            reader: ReaderId(self.reader.as_str().into()),
            from: self.from,
            to: self.to,
            occurrence: self.occurrence.clone(),
            is_sent: self.is_sent,
        })
    }
}
