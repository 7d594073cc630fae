//! Stored form of pending effects.

use std::borrow::Cow;

use domain::record::effect::{Effect, Pending};
use domain::record::notification::{Event, FactValue, Notification, NotificationFact, NotificationId, NotificationKey};
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::fact::FactForm as LedgerFactForm;
use super::known;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PendingForm<'a> {
    #[serde(borrow)]
    effect: EffectForm<'a>,
    attempts: u32,
    since: Timestamp,
    retry_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EffectForm<'a> {
    WriteTags,
    #[serde(borrow)]
    Notify(NotificationForm<'a>),
    Rejoin,
    DeleteBlob,
    Hash,
    Record(LedgerFactForm),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationForm<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    at: Timestamp,
    #[serde(borrow)]
    subject: Cow<'a, str>,
    #[serde(borrow)]
    facts: Vec<FactForm<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    link: Option<Cow<'a, str>>,
}

/// Has exactly one of `text` and `number`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactForm<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
}

impl<'a> From<&'a Pending> for PendingForm<'a> {
    fn from(pending: &'a Pending) -> Self {
        let effect = match &pending.effect {
            Effect::WriteTags => EffectForm::WriteTags,
            Effect::Notify(notification) => EffectForm::Notify(notification.into()),
            Effect::Rejoin => EffectForm::Rejoin,
            Effect::DeleteBlob => EffectForm::DeleteBlob,
            Effect::Hash => EffectForm::Hash,
            Effect::Record(fact) => EffectForm::Record(fact.into()),
        };
        Self { effect, attempts: pending.attempts, since: pending.since, retry_at: pending.retry_at }
    }
}

impl TryFrom<PendingForm<'_>> for Pending {
    type Error = serde_json::Error;

    fn try_from(form: PendingForm<'_>) -> Result<Self, Self::Error> {
        let effect = match form.effect {
            EffectForm::WriteTags => Effect::WriteTags,
            EffectForm::Notify(notification) => Effect::Notify(notification.try_into()?),
            EffectForm::Rejoin => Effect::Rejoin,
            EffectForm::DeleteBlob => Effect::DeleteBlob,
            EffectForm::Hash => Effect::Hash,
            EffectForm::Record(fact) => Effect::Record(fact.try_into()?),
        };
        Ok(Self { effect, attempts: form.attempts, since: form.since, retry_at: form.retry_at })
    }
}

impl<'a> From<&'a Notification> for NotificationForm<'a> {
    fn from(notification: &'a Notification) -> Self {
        Self {
            id: notification.id.as_str().into(),
            key: notification.key.as_str().into(),
            event: notification.event.name().into(),
            at: notification.at,
            subject: notification.subject.as_str().into(),
            facts: notification.facts.iter().map(FactForm::from).collect(),
            link: notification.link.as_deref().map(Cow::from),
        }
    }
}

impl TryFrom<NotificationForm<'_>> for Notification {
    type Error = serde_json::Error;

    fn try_from(form: NotificationForm<'_>) -> Result<Self, Self::Error> {
        Ok(Self {
            id: known(NotificationId::parse(&form.id), "notification id", &form.id)?,
            key: known(NotificationKey::parse(&form.key), "notification key", &form.key)?,
            event: known(Event::parse(&form.event), "event", &form.event)?,
            at: form.at,
            subject: form.subject.into_owned(),
            facts: form.facts.into_iter().map(NotificationFact::try_from).collect::<Result<_, _>>()?,
            link: form.link.map(Cow::into_owned),
        })
    }
}

impl<'a> From<&'a NotificationFact> for FactForm<'a> {
    fn from(fact: &'a NotificationFact) -> Self {
        let (text, number) = match &fact.value {
            FactValue::Text(text) => (Some(text.as_str().into()), None),
            FactValue::Number(number) => (None, Some(*number)),
        };
        Self { name: fact.name.as_str().into(), text, number }
    }
}

impl TryFrom<FactForm<'_>> for NotificationFact {
    type Error = serde_json::Error;

    fn try_from(form: FactForm<'_>) -> Result<Self, Self::Error> {
        let value = match (form.text, form.number) {
            (Some(text), None) => FactValue::Text(text.into_owned()),
            (None, Some(number)) => FactValue::Number(number),
            _ => {
                let problem = format_args!("fact {:?} needs either a text or a number", form.name);
                return Err(serde_json::Error::custom(problem));
            }
        };
        Ok(Self { name: form.name.into_owned(), value })
    }
}
