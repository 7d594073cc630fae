//! Stored form of the combined audit records of a session.

use std::borrow::Cow;

use domain::record::session::{Records, Texts, TimeSpan};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordsForm {
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    user_name: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    user_email: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    client_ip: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    protocol: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    target_resource_id: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    target_ip: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    resource_type: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    user_agent: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    message: TextsForm,
    #[serde(default, skip_serializing_if = "TextsForm::is_empty")]
    odd: TextsForm,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<SpanForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts: Option<SpanForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<SpanForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<SignedDuration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_written: Option<SpanForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected: Option<SpanForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<SpanForm>,
}

/// Distinct texts of a field, as a list.
#[derive(Default)]
struct TextsForm(Texts);

impl TextsForm {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for TextsForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for TextsForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<TextForm<'de>>::deserialize(deserializer)?;
        Ok(Self(Texts::new(texts.iter().map(|TextForm(text)| text))))
    }
}

#[derive(Deserialize)]
struct TextForm<'a>(#[serde(borrow)] Cow<'a, str>);

/// First and last timestamp.
#[derive(Serialize, Deserialize)]
struct SpanForm(Timestamp, Timestamp);

impl From<&Records> for RecordsForm {
    fn from(records: &Records) -> Self {
        let texts = |texts: &Texts| TextsForm(texts.clone());
        let span = |span: Option<TimeSpan>| span.map(|span| SpanForm(span.first, span.last));
        Self {
            user_name: texts(&records.user_name),
            user_email: texts(&records.user_email),
            client_ip: texts(&records.client_ip),
            protocol: texts(&records.protocol),
            target_resource_id: texts(&records.target_resource_id),
            target_ip: texts(&records.target_ip),
            resource_type: texts(&records.resource_type),
            user_agent: texts(&records.user_agent),
            message: texts(&records.message),
            odd: texts(&records.odd),
            written: span(records.written),
            starts: span(records.starts),
            ends: span(records.ends),
            duration: records.duration,
            end_written: span(records.end_written),
            connected: span(records.connected),
            failed: span(records.failed),
        }
    }
}

impl From<RecordsForm> for Records {
    fn from(form: RecordsForm) -> Self {
        let texts = |TextsForm(texts): TextsForm| texts;
        let span = |span: Option<SpanForm>| span.map(|SpanForm(first, last)| TimeSpan { first, last });
        Self {
            user_name: texts(form.user_name),
            user_email: texts(form.user_email),
            client_ip: texts(form.client_ip),
            protocol: texts(form.protocol),
            target_resource_id: texts(form.target_resource_id),
            target_ip: texts(form.target_ip),
            resource_type: texts(form.resource_type),
            user_agent: texts(form.user_agent),
            message: texts(form.message),
            odd: texts(form.odd),
            written: span(form.written),
            starts: span(form.starts),
            ends: span(form.ends),
            duration: form.duration,
            end_written: span(form.end_written),
            connected: span(form.connected),
            failed: span(form.failed),
        }
    }
}
