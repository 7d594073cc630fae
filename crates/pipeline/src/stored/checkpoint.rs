//! Stored forms of checkpoint documents. Each is one line of JSON with its version, like all stored forms.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{encode_form, refusal};
use crate::ports::Fault;

/// Stored document of a checkpoint.
pub(crate) trait CheckpointDocument: Serialize + DeserializeOwned {
    /// Kind of document, for error messages.
    const WHAT: &str;
    /// Newest version, as in the type of the field `schema`.
    const NEWEST: u32 = 1;

    /// Returns the document without timestamps after `now`, which a wrong clock has set. Implementations name every
    /// field, so that a new field requires a decision.
    #[must_use]
    fn without_future(self, now: Timestamp) -> Self;
}

/// Encodes a document as JSON.
pub(crate) fn encode<D: CheckpointDocument>(document: &D) -> Result<String, Fault> {
    encode_form(D::WHAT, document).map_err(|error| error.fault(format!("save the {}", D::WHAT)))
}

/// Time with nothing after it; for documents that are only displayed.
pub(crate) const AS_WRITTEN: Timestamp = Timestamp::MAX;

/// Decodes a document [without](CheckpointDocument::without_future) timestamps after `now`. Returns a refusal if a newer version
/// wrote it, and a permanent error if it is damaged.
pub(crate) fn decode<D: CheckpointDocument>(text: &str, now: Timestamp) -> Result<D, Fault> {
    let read = serde_json::from_str::<D>(text).map(|document| document.without_future(now));
    read.map_err(|source| refusal(D::WHAT, D::NEWEST, text, source).fault(format!("read the {}", D::WHAT)))
}

/// Returns true if a count can be left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde requires this signature")]
pub(crate) fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use domain::address::BlobAddress;

    use super::*;
    use crate::audit_log::LogCheckpoint;
    use crate::watermark::Watermark;

    /// Asserts that a golden document decodes and encodes to the same text.
    fn stays<D: CheckpointDocument + PartialEq + std::fmt::Debug>(golden: &str) {
        let read: D = decode(golden.trim_end(), AS_WRITTEN).unwrap();
        assert_eq!(encode(&read).unwrap(), golden.trim_end());
    }

    #[test]
    fn every_document_is_read_and_written_as_it_was() {
        stays::<LogCheckpoint>(include_str!("../../tests/golden/stored-v1/position.json"));
        stays::<Watermark>(include_str!("../../tests/golden/stored-v1/watermark.json"));
        stays::<crate::listings::ContainerListing>(include_str!("../../tests/golden/stored-v1/listing.json"));
        stays::<crate::listings::ContainerListing>(include_str!("../../tests/golden/stored-v1/listing-lost.json"));
        stays::<crate::stores::StoreMark>(include_str!("../../tests/golden/stored-v1/store.json"));
        stays::<crate::stored::hold::HoldForm>(include_str!("../../tests/golden/stored-v1/hold.json"));
        stays::<crate::retention::AppliedPolicy>(include_str!("../../tests/golden/stored-v1/stance.json"));
        stays::<crate::retention::AppliedPolicy>(include_str!("../../tests/golden/stored-v1/stance-counting.json"));
        stays::<crate::retention::PlanForm>(include_str!("../../tests/golden/stored-v1/plan.json"));
        stays::<crate::retention::PlanForm>(include_str!("../../tests/golden/stored-v1/plan-approved.json"));
        stays::<crate::retention::PlanForm>(include_str!("../../tests/golden/stored-v1/plan-stopped.json"));
        stays::<crate::retention::RunsForm>(include_str!("../../tests/golden/stored-v1/retention-runs.json"));
        stays::<crate::reconcile::Rounds>(include_str!("../../tests/golden/stored-v1/absence.json"));
        stays::<crate::stored::channel::ChannelForm>(include_str!("../../tests/golden/stored-v1/channel.json"));
        stays::<crate::ledger::Round>(include_str!("../../tests/golden/stored-v1/ledger-round.json"));
        stays::<crate::ledger::Round>(include_str!("../../tests/golden/stored-v1/ledger-round-within.json"));
        stays::<crate::ledger::Anchoring>(include_str!("../../tests/golden/stored-v1/ledger-anchoring.json"));
        stays::<crate::coverage_report::SentReport>(include_str!("../../tests/golden/stored-v1/sent-report.json"));
        stays::<crate::ledger::AnchorDocument>(include_str!("../../tests/golden/stored-v1/ledger-anchor.json"));
        stays::<crate::summary::Month>(include_str!("../../tests/golden/stored-v1/month.json"));
        stays::<crate::summary::Months>(include_str!("../../tests/golden/stored-v1/months.json"));
        stays::<crate::summary::Names>(include_str!("../../tests/golden/stored-v1/names.json"));
        stays::<crate::summary::Names>(include_str!("../../tests/golden/stored-v1/names-sessions.json"));
        stays::<crate::summary::DaysTotal>(include_str!("../../tests/golden/stored-v1/total-outlook.json"));
        stays::<crate::summary::DaysTotal>(include_str!("../../tests/golden/stored-v1/total.json"));
        stays::<crate::stored::channel::ChannelForm>(include_str!(
            "../../tests/golden/stored-v1/channel-severities.json"
        ));
        stays::<crate::stored::channel::ChannelForm>(include_str!(
            "../../tests/golden/stored-v1/channel-expiring.json"
        ));
        stays::<crate::stored::accesses::AccessesForm>(include_str!("../../tests/golden/stored-v1/accesses.json"));
        stays::<crate::access::NewsMarker>(include_str!("../../tests/golden/stored-v1/access-news.json"));
        stays::<crate::posture::MemoryForm>(include_str!("../../tests/golden/stored-v1/posture.json"));
        stays::<crate::posture::FindingLogForm>(include_str!("../../tests/golden/stored-v1/finding-log.json"));
        stays::<crate::posture::FindingLogForm>(include_str!("../../tests/golden/stored-v1/finding-log-cut.json"));
        stays::<crate::posture::ReportForm>(include_str!("../../tests/golden/stored-v1/report.json"));
    }

    #[test]
    fn a_newer_document_is_refused_and_a_damaged_one_named() {
        let newer = decode::<Watermark>(r#"{"schema":2,"read_to":"2026-03-02T09:00:00Z"}"#, AS_WRITTEN).unwrap_err();
        assert!(newer.to_string().contains("newer"), "{newer}");
        let damaged = decode::<Watermark>(r#"{"schema":1,"read_to":"yesterday"}"#, AS_WRITTEN).unwrap_err();
        assert!(damaged.to_string().contains("damaged"), "{damaged}");
    }

    #[test]
    fn a_position_contains_its_log() {
        let log = BlobAddress::parse("staudit01", "logs", "resourceId=/x/PT1H.json").unwrap();
        let start = LogCheckpoint::start(&log, "2026-03-02T09:00:00Z".parse().unwrap());
        assert_eq!(decode::<LogCheckpoint>(&encode(&start).unwrap(), AS_WRITTEN).unwrap().log().unwrap(), log);
    }
}
