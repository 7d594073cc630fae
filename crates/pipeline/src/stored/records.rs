//! The stored form of what the records of a connection say together.

use std::borrow::Cow;

use domain::session::{Records, Span, Texts};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordsForm<'a> {
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    user_name: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    user_email: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    client_ip: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    protocol: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    target_resource_id: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    target_ip: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    resource_type: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    user_agent: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    message: TextsForm<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    odd: TextsForm<'a>,
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

type TextsForm<'a> = Vec<Cow<'a, str>>;

/// The first and the last moment.
#[derive(Serialize, Deserialize)]
struct SpanForm(Timestamp, Timestamp);

impl<'a> From<&'a Records> for RecordsForm<'a> {
    fn from(records: &'a Records) -> Self {
        let texts = |texts: &'a Texts| texts.iter().map(Cow::from).collect();
        let span = |span: Option<Span>| span.map(|span| SpanForm(span.first, span.last));
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

impl From<RecordsForm<'_>> for Records {
    fn from(form: RecordsForm<'_>) -> Self {
        let texts = |texts: TextsForm<'_>| Texts::new(texts.into_iter().map(Cow::into_owned));
        let span = |span: Option<SpanForm>| span.map(|SpanForm(first, last)| Span { first, last });
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
