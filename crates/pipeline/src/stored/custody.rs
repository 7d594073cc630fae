//! Stored form of retention, holds and disposition of a recording.

use domain::record::blob::ETag;
use domain::record::hold::{CarriedHold, HoldId};
use domain::record::ledger::Sha256;
use domain::record::recording_id::RecordingId;
use domain::record::retention::{
    Approval, Custody, DeletionOrder, Disposal, Executor, Fingerprint, ForeignHold, PolicyDigest, Retention, Then,
    Tombstone,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustodyForm {
    #[serde(skip_serializing_if = "Option::is_none")]
    retention: Option<RetentionForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<FingerprintForm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    returned_from: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    perhaps_returned_from: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holds: Vec<HeldForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_hold: Option<ForeignHoldForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disposal: Option<DisposalForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tombstone: Option<TombstoneForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionForm {
    class: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
    counted_from: Date,
    retain_until: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_after: Option<Date>,
    then: String,
    policy: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FingerprintForm {
    etag: String,
    size: u64,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    altered: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeldForm {
    hold: String,
    case: String,
    since: Timestamp,
    is_certain: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ForeignHoldForm {
    value: String,
    since: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DisposalForm {
    etag: String,
    marked_at: Timestamp,
    grace_until: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<ApprovalForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<OrderForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalForm {
    plan: String,
    by: String,
    until: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderForm {
    at: Timestamp,
    by: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TombstoneForm {
    at: Timestamp,
    by: String,
    etag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    policy: String,
    class: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    retain_until: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_after: Option<Date>,
    then: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<ApprovalForm>,
}

impl From<&Custody> for CustodyForm {
    fn from(custody: &Custody) -> Self {
        Self {
            retention: custody.retention.as_ref().map(RetentionForm::from),
            given_class: custody.given_class.clone(),
            fingerprint: custody.fingerprint.as_ref().map(|print| FingerprintForm {
                etag: print.etag.as_str().to_owned(),
                size: print.size,
                sha256: print.sha256.to_string(),
                altered: print.altered,
            }),
            returned_from: custody.returned_from.iter().map(ToString::to_string).collect(),
            perhaps_returned_from: custody.perhaps_returned_from.iter().map(ToString::to_string).collect(),
            holds: custody.holds.iter().map(HeldForm::from).collect(),
            foreign_hold: custody
                .foreign_hold
                .as_ref()
                .map(|hold| ForeignHoldForm { value: hold.value.clone(), since: hold.since }),
            disposal: custody.disposal.as_ref().map(DisposalForm::from),
            missing_since: custody.missing_since,
            tombstone: custody.tombstone.as_ref().map(TombstoneForm::from),
        }
    }
}

impl TryFrom<CustodyForm> for Custody {
    type Error = serde_json::Error;

    fn try_from(form: CustodyForm) -> Result<Self, Self::Error> {
        let id = |text: &String| known(RecordingId::parse(text).ok(), "recording", text);
        Ok(Self {
            returned_from: form.returned_from.iter().map(id).collect::<Result<_, _>>()?,
            perhaps_returned_from: form.perhaps_returned_from.iter().map(id).collect::<Result<_, _>>()?,
            retention: form.retention.map(Retention::try_from).transpose()?,
            given_class: form.given_class,
            fingerprint: form.fingerprint.map(Fingerprint::try_from).transpose()?,
            holds: form.holds.into_iter().map(CarriedHold::try_from).collect::<Result<_, _>>()?,
            foreign_hold: form.foreign_hold.map(|hold| ForeignHold { value: hold.value, since: hold.since }),
            disposal: form.disposal.map(Disposal::try_from).transpose()?,
            missing_since: form.missing_since,
            tombstone: form.tombstone.map(Tombstone::try_from).transpose()?,
        })
    }
}

impl From<&Retention> for RetentionForm {
    fn from(retention: &Retention) -> Self {
        Self {
            class: retention.class.clone(),
            rules: retention.rules.clone(),
            unknown: retention.unknown.clone(),
            counted_from: retention.counted_from,
            retain_until: retention.retain_until,
            delete_after: retention.delete_after,
            then: retention.then.name().to_owned(),
            policy: retention.policy.0.clone(),
        }
    }
}

impl TryFrom<RetentionForm> for Retention {
    type Error = serde_json::Error;

    fn try_from(form: RetentionForm) -> Result<Self, Self::Error> {
        Ok(Self {
            class: form.class,
            rules: form.rules,
            unknown: form.unknown,
            counted_from: form.counted_from,
            retain_until: form.retain_until,
            delete_after: form.delete_after,
            then: known(Then::parse(&form.then), "end of retention", &form.then)?,
            policy: PolicyDigest(form.policy),
        })
    }
}

impl TryFrom<FingerprintForm> for Fingerprint {
    type Error = serde_json::Error;

    fn try_from(form: FingerprintForm) -> Result<Self, Self::Error> {
        let FingerprintForm { etag, size, altered, .. } = &form;
        Ok(Self { etag: ETag::new(etag), size: *size, sha256: sha256(&form.sha256)?, altered: *altered })
    }
}

impl From<&CarriedHold> for HeldForm {
    fn from(held: &CarriedHold) -> Self {
        let (hold, case) = (held.hold.as_str().to_owned(), held.case.clone());
        Self { hold, case, since: held.since, is_certain: held.is_certain }
    }
}

impl TryFrom<HeldForm> for CarriedHold {
    type Error = serde_json::Error;

    fn try_from(form: HeldForm) -> Result<Self, Self::Error> {
        let hold = known(HoldId::parse(&form.hold), "hold", &form.hold)?;
        Ok(Self { hold, case: form.case, since: form.since, is_certain: form.is_certain })
    }
}

impl From<&Disposal> for DisposalForm {
    fn from(disposal: &Disposal) -> Self {
        Self {
            etag: disposal.etag.as_str().to_owned(),
            marked_at: disposal.marked_at,
            grace_until: disposal.grace_until,
            approval: disposal.approval.as_ref().map(ApprovalForm::from),
            order: disposal.order.map(|order| OrderForm { at: order.at, by: order.by.name().to_owned() }),
        }
    }
}

impl TryFrom<DisposalForm> for Disposal {
    type Error = serde_json::Error;

    fn try_from(form: DisposalForm) -> Result<Self, Self::Error> {
        Ok(Self {
            etag: ETag::new(&form.etag),
            marked_at: form.marked_at,
            grace_until: form.grace_until,
            approval: form.approval.map(Approval::from),
            order: form.order.map(|order| Ok(DeletionOrder { at: order.at, by: executor(&order.by)? })).transpose()?,
        })
    }
}

impl From<&Approval> for ApprovalForm {
    fn from(approval: &Approval) -> Self {
        Self { plan: approval.plan.clone(), by: approval.by.clone(), until: approval.until }
    }
}

impl From<ApprovalForm> for Approval {
    fn from(form: ApprovalForm) -> Self {
        Self { plan: form.plan, by: form.by, until: form.until }
    }
}

impl From<&Tombstone> for TombstoneForm {
    fn from(tombstone: &Tombstone) -> Self {
        Self {
            at: tombstone.at,
            by: tombstone.by.name().to_owned(),
            etag: tombstone.etag.as_str().to_owned(),
            size: tombstone.size,
            sha256: tombstone.sha256.map(|sha256| sha256.to_string()),
            policy: tombstone.policy.0.clone(),
            class: tombstone.class.clone(),
            rules: tombstone.rules.clone(),
            retain_until: tombstone.retain_until,
            delete_after: tombstone.delete_after,
            then: tombstone.then.name().to_owned(),
            approval: tombstone.approval.as_ref().map(ApprovalForm::from),
        }
    }
}

impl TryFrom<TombstoneForm> for Tombstone {
    type Error = serde_json::Error;

    fn try_from(form: TombstoneForm) -> Result<Self, Self::Error> {
        Ok(Self {
            at: form.at,
            by: executor(&form.by)?,
            etag: ETag::new(&form.etag),
            size: form.size,
            sha256: form.sha256.as_deref().map(sha256).transpose()?,
            policy: PolicyDigest(form.policy),
            class: form.class,
            rules: form.rules,
            retain_until: form.retain_until,
            delete_after: form.delete_after,
            then: known(Then::parse(&form.then), "end of retention", &form.then)?,
            approval: form.approval.map(Approval::from),
        })
    }
}

fn sha256(digits: &str) -> Result<Sha256, serde_json::Error> {
    known(Sha256::parse(digits), "SHA-256", digits)
}

fn executor(name: &str) -> Result<Executor, serde_json::Error> {
    known(Executor::parse(name), "executor", name)
}
