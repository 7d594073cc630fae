//! Stored form of a session's facts within an entry.

use std::borrow::Cow;
use std::sync::Arc;

use domain::record::session::{SessionFacts, TunnelId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::known;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactsForm<'a> {
    #[serde(borrow)]
    tunnel: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    user_name: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    user_email: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    client_ip: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    protocol: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    target_resource_id: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    target_ip: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<SignedDuration>,
}

impl<'a> From<&'a SessionFacts> for FactsForm<'a> {
    fn from(facts: &'a SessionFacts) -> Self {
        let text = |text: &'a Option<Arc<str>>| text.as_deref().map(Cow::from);
        Self {
            tunnel: facts.tunnel_id.as_str().into(),
            user_name: text(&facts.user_name),
            user_email: text(&facts.user_email),
            client_ip: text(&facts.client_ip),
            protocol: text(&facts.protocol),
            target_resource_id: text(&facts.target_resource_id),
            target_ip: text(&facts.target_ip),
            started_at: facts.started_at,
            ended_at: facts.ended_at,
            duration: facts.duration,
        }
    }
}

impl TryFrom<FactsForm<'_>> for SessionFacts {
    type Error = serde_json::Error;

    fn try_from(form: FactsForm<'_>) -> Result<Self, Self::Error> {
        let text = |text: Option<Cow<'_, str>>| text.map(Arc::from);
        Ok(Self {
            tunnel_id: known(TunnelId::parse(&form.tunnel), "tunnel id", &form.tunnel)?,
            user_name: text(form.user_name),
            user_email: text(form.user_email),
            client_ip: text(form.client_ip),
            protocol: text(form.protocol),
            target_resource_id: text(form.target_resource_id),
            target_ip: text(form.target_ip),
            started_at: form.started_at,
            ended_at: form.ended_at,
            duration: form.duration,
        })
    }
}
