//! Stored form of a fact in a line of the ledger.
//!
//! The line carries the version. Encoding is deterministic, so that recording the same fact again yields the same text.

use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::ledger::{LedgerEvent, LedgerFact, Sha256, Stay};
use domain::record::recording_id::RecordingId;
use domain::record::review::ReviewOutcome;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::{StoredError, known};

const WHAT: &str = "fact";

/// Encodes a fact as JSON.
pub fn encode(fact: &LedgerFact) -> Result<String, StoredError> {
    written(fact).map_err(|source| StoredError::Unstorable { what: WHAT, source })
}

/// Decodes a fact. Returns an error if the text differs from the output of [`encode`].
pub fn decode(text: &str) -> Result<LedgerFact, StoredError> {
    let fact = serde_json::from_str::<FactForm>(text).and_then(LedgerFact::try_from).and_then(|fact| {
        let is_same = written(&fact)? == text;
        is_same
            .then_some(fact)
            .ok_or_else(|| serde_json::Error::custom("it is not in the form in which facts are written"))
    });
    fact.map_err(|source| StoredError::Damaged { what: WHAT, source })
}

fn written(fact: &LedgerFact) -> Result<String, serde_json::Error> {
    serde_json::to_string(&FactForm::from(fact))
}

#[derive(Serialize, Deserialize)]
pub(super) struct FactForm {
    id: String,
    at: Timestamp,
    #[serde(flatten)]
    what: WhatForm,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind")]
enum WhatForm {
    #[serde(rename = "recording.hashed")]
    RecordingHashed {
        recording: String,
        #[serde(flatten)]
        address: AddressForm,
        etag: String,
        size: u64,
        sha256: String,
    },
    #[serde(rename = "recording.deleted")]
    RecordingDeleted {
        recording: String,
        #[serde(flatten)]
        address: AddressForm,
        size: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
        policy: String,
        class: String,
        rules: Vec<String>,
        by: String,
    },
    #[serde(rename = "hold.placed")]
    HoldPlaced {
        hold: String,
        case: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
        by: String,
    },
    #[serde(rename = "hold.released")]
    HoldReleased { hold: String, case: String, by: String },
    #[serde(rename = "retention.approved")]
    RetentionApproved { plan: String, by: String, count: u64 },
    #[serde(rename = "retention.shortened")]
    RetentionShortened {
        recording: String,
        #[serde(flatten)]
        address: AddressForm,
        policy: String,
        was: StayForm,
        now: StayForm,
        by: String,
    },
    #[serde(rename = "recording.confirmed")]
    RecordingConfirmed {
        recording: String,
        #[serde(flatten)]
        address: AddressForm,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<String>,
        by: String,
        reason: String,
    },
    #[serde(rename = "recording.reviewed")]
    RecordingReviewed {
        recording: String,
        #[serde(flatten)]
        address: AddressForm,
        outcome: String,
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        etag: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
    },
    #[serde(rename = "session.disconnecting")]
    SessionDisconnecting { bastion: String, session: String, by: String },
    #[serde(rename = "session.not_disconnected")]
    SessionNotDisconnected { bastion: String, session: String, by: String, reason: String },
    #[serde(rename = "session.disconnected")]
    SessionDisconnected { bastion: String, session: String, by: String },
}

#[derive(Serialize, Deserialize)]
struct StayForm {
    class: String,
    retain_until: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delete_after: Option<Date>,
}

#[derive(Serialize, Deserialize)]
struct AddressForm {
    account: String,
    container: String,
    name: String,
}

impl From<&LedgerFact> for FactForm {
    fn from(fact: &LedgerFact) -> Self {
        let what = match fact.what.clone() {
            LedgerEvent::RecordingHashed { recording, address, etag, size, sha256 } => WhatForm::RecordingHashed {
                recording: recording.to_string(),
                address: (&address).into(),
                etag: etag.as_str().to_owned(),
                size,
                sha256: sha256.to_string(),
            },
            LedgerEvent::RecordingDeleted { recording, address, size, sha256, policy, class, rules, by } => {
                let (recording, address) = (recording.to_string(), AddressForm::from(&address));
                let sha256 = sha256.map(|sha256| sha256.to_string());
                WhatForm::RecordingDeleted { recording, address, size, sha256, policy, class, rules, by }
            }
            LedgerEvent::HoldPlaced { hold, case, scope, by } => WhatForm::HoldPlaced { hold, case, scope, by },
            LedgerEvent::HoldReleased { hold, case, by } => WhatForm::HoldReleased { hold, case, by },
            LedgerEvent::RetentionApproved { plan, by, count } => WhatForm::RetentionApproved { plan, by, count },
            LedgerEvent::RetentionShortened { recording, address, policy, was, now, by } => {
                let (recording, address) = (recording.to_string(), AddressForm::from(&address));
                WhatForm::RetentionShortened { recording, address, policy, was: was.into(), now: now.into(), by }
            }
            LedgerEvent::RecordingConfirmed { recording, address, session, by, reason } => {
                let (recording, address) = (recording.to_string(), AddressForm::from(&address));
                WhatForm::RecordingConfirmed { recording, address, session, by, reason }
            }
            LedgerEvent::RecordingReviewed { recording, address, outcome, by, ticket, note, etag, sha256 } => {
                let (recording, address) = (recording.to_string(), AddressForm::from(&address));
                let outcome = outcome.name().to_owned();
                let (etag, sha256) = (etag.map(|etag| etag.as_str().to_owned()), sha256.map(|hash| hash.to_string()));
                WhatForm::RecordingReviewed { recording, address, outcome, by, ticket, note, etag, sha256 }
            }
            LedgerEvent::SessionDisconnecting { bastion, session, by } => {
                WhatForm::SessionDisconnecting { bastion, session, by }
            }
            LedgerEvent::SessionNotDisconnected { bastion, session, by, reason } => {
                WhatForm::SessionNotDisconnected { bastion, session, by, reason }
            }
            LedgerEvent::SessionDisconnected { bastion, session, by } => {
                WhatForm::SessionDisconnected { bastion, session, by }
            }
        };
        Self { id: fact.id.to_string(), at: fact.at, what }
    }
}

impl TryFrom<FactForm> for LedgerFact {
    type Error = serde_json::Error;

    /// Computes the id from the content. A text with another id therefore fails the comparison in [`decode`].
    fn try_from(FactForm { at, what, .. }: FactForm) -> Result<Self, Self::Error> {
        let what = match what {
            WhatForm::RecordingHashed { recording, address, etag, size, sha256 } => LedgerEvent::RecordingHashed {
                recording: recording_of(&recording)?,
                address: address.try_into()?,
                etag: ETag::new(&etag),
                size,
                sha256: sha256_of(&sha256)?,
            },
            WhatForm::RecordingDeleted { recording, address, size, sha256, policy, class, rules, by } => {
                let sha256 = sha256.map(|sha256| sha256_of(&sha256)).transpose()?;
                let (recording, address) = (recording_of(&recording)?, address.try_into()?);
                LedgerEvent::RecordingDeleted { recording, address, size, sha256, policy, class, rules, by }
            }
            WhatForm::HoldPlaced { hold, case, scope, by } => LedgerEvent::HoldPlaced { hold, case, scope, by },
            WhatForm::HoldReleased { hold, case, by } => LedgerEvent::HoldReleased { hold, case, by },
            WhatForm::RetentionApproved { plan, by, count } => LedgerEvent::RetentionApproved { plan, by, count },
            WhatForm::RetentionShortened { recording, address, policy, was, now, by } => {
                let (recording, address) = (recording_of(&recording)?, address.try_into()?);
                LedgerEvent::RetentionShortened { recording, address, policy, was: was.into(), now: now.into(), by }
            }
            WhatForm::RecordingConfirmed { recording, address, session, by, reason } => {
                let (recording, address) = (recording_of(&recording)?, address.try_into()?);
                LedgerEvent::RecordingConfirmed { recording, address, session, by, reason }
            }
            WhatForm::RecordingReviewed { recording, address, outcome, by, ticket, note, etag, sha256 } => {
                let (recording, address) = (recording_of(&recording)?, address.try_into()?);
                let outcome = known(ReviewOutcome::parse(&outcome), "outcome", &outcome)?;
                let etag = etag.map(|etag| ETag::new(&etag));
                let sha256 = sha256.map(|sha256| sha256_of(&sha256)).transpose()?;
                LedgerEvent::RecordingReviewed { recording, address, outcome, by, ticket, note, etag, sha256 }
            }
            WhatForm::SessionDisconnecting { bastion, session, by } => {
                LedgerEvent::SessionDisconnecting { bastion, session, by }
            }
            WhatForm::SessionNotDisconnected { bastion, session, by, reason } => {
                LedgerEvent::SessionNotDisconnected { bastion, session, by, reason }
            }
            WhatForm::SessionDisconnected { bastion, session, by } => {
                LedgerEvent::SessionDisconnected { bastion, session, by }
            }
        };
        Ok(Self::new(at, what))
    }
}

impl From<Stay> for StayForm {
    fn from(Stay { class, retain_until, delete_after }: Stay) -> Self {
        Self { class, retain_until, delete_after }
    }
}

impl From<StayForm> for Stay {
    fn from(StayForm { class, retain_until, delete_after }: StayForm) -> Self {
        Self { class, retain_until, delete_after }
    }
}

impl From<&BlobAddress> for AddressForm {
    fn from(address: &BlobAddress) -> Self {
        let BlobAddress { account, container, name } = address;
        let (account, container) = (account.as_str().to_owned(), container.as_str().to_owned());
        Self { account, container, name: name.as_str().to_owned() }
    }
}

impl TryFrom<AddressForm> for BlobAddress {
    type Error = serde_json::Error;

    fn try_from(AddressForm { account, container, name }: AddressForm) -> Result<Self, Self::Error> {
        Self::parse(&account, &container, &name).map_err(serde_json::Error::custom)
    }
}

fn recording_of(text: &str) -> Result<RecordingId, serde_json::Error> {
    RecordingId::parse(text).map_err(serde_json::Error::custom)
}

fn sha256_of(text: &str) -> Result<Sha256, serde_json::Error> {
    known(Sha256::parse(text), "SHA-256", text)
}
