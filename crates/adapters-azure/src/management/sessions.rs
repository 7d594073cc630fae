//! Live sessions of a bastion in the management API.

use async_trait::async_trait;
use domain::decide::posture::{MaybeKnown, ResourceId};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::posture::Read;
use pipeline::ports::{Disconnected, LiveSession, LiveSessions};
use serde::Deserialize;
use serde_json::json;

use super::client::Management;

const VERSION: &str = "2024-01-01";

#[derive(Deserialize)]
struct Listed<T> {
    #[serde(default = "Vec::new")]
    value: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    session_id: String,
    #[serde(default)]
    start_time: Option<serde_json::Value>,
    #[serde(default)]
    session_duration_in_mins: Option<f64>,
    #[serde(default)]
    user_name: Option<String>,
    #[serde(default)]
    protocol: Option<String>,
    #[serde(default)]
    target_host_name: Option<String>,
    #[serde(default)]
    target_resource_id: Option<String>,
    #[serde(default)]
    target_ip_address: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    session_id: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    state: String,
}

#[async_trait]
impl LiveSessions for Management {
    async fn live(&self, bastion: &ResourceId) -> Read<Vec<LiveSession>> {
        let (path, remedy) = (format!("{bastion}/getActiveSessions"), remedy("getactivesessions"));
        let answer = self.ask::<Listed<Wire>>(&path, VERSION, None, &remedy).await?;
        Ok(answer.map(|listed| {
            listed.map(|listed| listed.value).unwrap_or_default().into_iter().map(LiveSession::from).collect()
        }))
    }

    async fn disconnect(&self, bastion: &ResourceId, ids: &[String]) -> Read<Vec<Disconnected>> {
        let body = json!({ "sessionIds": ids }).to_string();
        let (path, remedy) = (format!("{bastion}/disconnectActiveSessions"), remedy("disconnectactivesessions"));
        let answer = self.ask::<Listed<Ended>>(&path, VERSION, Some(body), &remedy).await?;
        let ended = |Ended { session_id, message, state }: Ended| Disconnected {
            id: session_id,
            is_done: state.eq_ignore_ascii_case("Disconnected"),
            message: if message.is_empty() { state } else { message },
        };
        Ok(answer.and_then(|listed| match listed {
            Some(listed) => MaybeKnown::Read(listed.value.into_iter().map(ended).collect()),
            None => MaybeKnown::unread("the bastion did not report the result"),
        }))
    }
}

/// No read-only role has either action.
fn remedy(action: &str) -> String {
    format!(
        "give it a role on the bastion with Microsoft.Network/bastionHosts/{action}/action; of the built-in ones Network \
         Contributor has it, and Reader has not"
    )
}

impl From<Wire> for LiveSession {
    fn from(wire: Wire) -> Self {
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let seconds = wire.session_duration_in_mins.filter(|minutes| minutes.is_finite()).map(|minutes| minutes * 60.0);
        Self {
            id: wire.session_id,
            started_at: wire.start_time.as_ref().and_then(|answer| moment(answer.as_str()?)),
            lasted: seconds.and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok()),
            user_name: text(wire.user_name),
            protocol: text(wire.protocol).map(|protocol| protocol.to_ascii_lowercase()),
            host_name: text(wire.target_host_name),
            target_resource_id: text(wire.target_resource_id),
            target_ip: text(wire.target_ip_address),
        }
    }
}

/// Parses a time whose month and day may have one digit, as in the published sample; UTC if it names no offset.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let (date, time) = text.split_once(['T', ' '])?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (month, day) = (month.parse::<u8>().ok()?, day.parse::<u8>().ok()?);
    let time = time.strip_suffix('Z').unwrap_or(time);
    let civil: DateTime = format!("{year}-{month:02}-{day:02}T{time}").parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_may_have_one_digit() {
        for (text, expected) in [
            ("2019-1-1T12:00:00.0000Z", Some("2019-01-01T12:00:00Z")),
            ("2026-11-02T09:12:44.5Z", Some("2026-11-02T09:12:44.5Z")),
            ("2026-11-2T09:12:44", Some("2026-11-02T09:12:44Z")),
            ("2026-11-02T09:12:44+01:00", Some("2026-11-02T08:12:44Z")),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(moment(text), expected.map(|at| at.parse().unwrap()), "{text}");
        }
    }
}
