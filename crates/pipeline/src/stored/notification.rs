//! Stored form of a notification and its deliveries.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::record::delivery::Delivery;
use domain::record::notification::{Event, NotificationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Schema, StoredError, decode_form, encode_form, known};
use crate::ports::NotificationRecord;

/// Newest version.
const NEWEST: u32 = 1;
const WHAT: &str = "notification";

/// Encodes a notification and its deliveries as one line of JSON.
pub fn encode(record: &NotificationRecord) -> Result<String, StoredError> {
    encode_form(WHAT, &RecordForm::from(record))
}

/// Decodes a notification of any known version. Returns an error if it is newer or damaged.
pub fn decode(text: &str) -> Result<NotificationRecord, StoredError> {
    decode_form::<RecordForm<'_>, _>(WHAT, NEWEST, text)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordForm<'a> {
    schema: Schema<NEWEST>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    at: Timestamp,
    /// Stored as text to keep every byte of the frozen body.
    #[serde(borrow)]
    body: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    after: Option<Cow<'a, str>>,
    #[serde(borrow)]
    deliveries: BTreeMap<Cow<'a, str>, DeliveryForm<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum DeliveryForm<'a> {
    Waiting {
        attempt: u32,
        at: Timestamp,
    },
    Claimed {
        attempt: u32,
        until: Timestamp,
    },
    Gathering {
        #[serde(borrow)]
        route: Cow<'a, str>,
        at: Timestamp,
    },
    Gathered {
        at: Timestamp,
        #[serde(borrow)]
        digest: Cow<'a, str>,
    },
    Delivered {
        at: Timestamp,
        attempts: u32,
    },
    GivenUp {
        at: Timestamp,
        attempts: u32,
        #[serde(borrow)]
        reason: Cow<'a, str>,
    },
}

impl<'a> From<&'a NotificationRecord> for RecordForm<'a> {
    fn from(record: &'a NotificationRecord) -> Self {
        let deliveries = record.deliveries.iter();
        Self {
            schema: Schema,
            id: record.id.as_str().into(),
            event: record.event.name().into(),
            at: record.at,
            body: record.body.as_str().into(),
            after: record.after.as_ref().map(|after| after.as_str().into()),
            deliveries: deliveries.map(|(channel, delivery)| (channel.into(), delivery.into())).collect(),
        }
    }
}

impl TryFrom<RecordForm<'_>> for NotificationRecord {
    type Error = serde_json::Error;

    fn try_from(form: RecordForm<'_>) -> Result<Self, Self::Error> {
        let deliveries = form.deliveries.into_iter();
        Ok(Self {
            id: known(NotificationId::parse(&form.id), "notification id", &form.id)?,
            event: known(Event::parse(&form.event), "event", &form.event)?,
            at: form.at,
            body: form.body.into_owned(),
            after: form
                .after
                .map(|after| known(NotificationId::parse(&after), "notification id", &after))
                .transpose()?,
            deliveries: deliveries
                .map(|(channel, delivery)| Ok::<_, Self::Error>((channel.into_owned(), delivery.try_into()?)))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl<'a> From<&'a Delivery> for DeliveryForm<'a> {
    fn from(delivery: &'a Delivery) -> Self {
        match *delivery {
            Delivery::Waiting { attempt, at } => Self::Waiting { attempt, at },
            Delivery::Claimed { attempt, until } => Self::Claimed { attempt, until },
            Delivery::Gathering { ref route, at } => Self::Gathering { route: route.into(), at },
            Delivery::Gathered { at, ref digest } => Self::Gathered { at, digest: digest.as_str().into() },
            Delivery::Delivered { at, attempts } => Self::Delivered { at, attempts },
            Delivery::GivenUp { at, attempts, ref reason } => Self::GivenUp { at, attempts, reason: reason.into() },
        }
    }
}

impl TryFrom<DeliveryForm<'_>> for Delivery {
    type Error = serde_json::Error;

    fn try_from(form: DeliveryForm<'_>) -> Result<Self, Self::Error> {
        Ok(match form {
            DeliveryForm::Waiting { attempt, at } => Self::Waiting { attempt, at },
            DeliveryForm::Claimed { attempt, until } => Self::Claimed { attempt, until },
            DeliveryForm::Gathering { route, at } => Self::Gathering { route: route.into_owned(), at },
            DeliveryForm::Gathered { at, digest } => {
                Self::Gathered { at, digest: known(NotificationId::parse(&digest), "notification id", &digest)? }
            }
            DeliveryForm::Delivered { at, attempts } => Self::Delivered { at, attempts },
            DeliveryForm::GivenUp { at, attempts, reason } => {
                Self::GivenUp { at, attempts, reason: reason.into_owned() }
            }
        })
    }
}
