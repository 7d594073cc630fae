//! Classifies the responses of Slack.

use domain::record::delivery::ChannelAnswer;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::classify;
use crate::client::Reply;

/// Error codes of a removed webhook.
const GONE: [&str; 6] =
    ["no_service", "no_service_id", "no_team", "team_disabled", "invalid_token", "channel_is_archived"];
/// Error codes of permanent refusals.
const REFUSED: [&str; 10] = [
    "invalid_payload",
    "invalid_blocks",
    "no_text",
    "channel_not_found",
    "action_prohibited",
    "posting_to_general_channel_denied",
    "too_many_attachments",
    "user_not_found",
    "missing_text_or_fallback_or_attachments",
    "msg_blocks_too_long",
];
/// Error codes of rate limiting.
const BUSY: [&str; 2] = ["rate_limited", "ratelimited"];
/// Error codes of failures on Slack's side.
const MISHAPS: [&str; 2] = ["rollup_error", "internal_error"];

/// Classifies a reply: 200 is a success only if the body is `ok`; for other statuses the error code decides.
pub(super) fn read(reply: &Reply, now: Timestamp) -> ChannelAnswer {
    let text = String::from_utf8_lossy(&reply.body);
    let json: Option<Value> = serde_json::from_str(&text).ok();
    let code = json.as_ref().and_then(|json| json.get("error")?.as_str()).unwrap_or(text.trim());
    let known = |codes: &[&'static str]| codes.iter().copied().find(|known| *known == code);
    let by_status = classify::of_reply(reply, now);
    if let ChannelAnswer::TryLater { reason, retry_after, overloaded } = by_status {
        let retry_after = retry_after.or_else(|| wish(json.as_ref()?).filter(|_| overloaded));
        return ChannelAnswer::TryLater { reason, retry_after, overloaded };
    }
    if let Some(code) = known(&GONE) {
        return ChannelAnswer::Gone { reason: classify::reason("clientError", code) };
    }
    if let Some(code) = known(&BUSY) {
        let retry_after = json.as_ref().and_then(wish);
        return ChannelAnswer::TryLater {
            reason: classify::reason("rateLimited", code),
            retry_after,
            overloaded: true,
        };
    }
    if let Some(code) = known(&MISHAPS) {
        return ChannelAnswer::TryLater {
            reason: classify::reason("serverError", code),
            retry_after: None,
            overloaded: false,
        };
    }
    if let Some(code) = known(&REFUSED) {
        return ChannelAnswer::Refused { reason: classify::reason("clientError", code) };
    }
    let is_ok = text.trim() == "ok" || json.is_some_and(|json| json.get("ok") == Some(&Value::Bool(true)));
    match by_status {
        ChannelAnswer::Accepted if !is_ok => {
            ChannelAnswer::Refused { reason: classify::reason("other", "success without ok") }
        }
        other => other,
    }
}

/// Returns the wait requested in the body, in seconds.
fn wish(json: &Value) -> Option<SignedDuration> {
    let seconds = json.get("retry_after")?.as_f64().filter(|seconds| *seconds >= 0.0)?;
    Some(SignedDuration::from_secs(seconds.ceil() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, body: &str) -> ChannelAnswer {
        let reply = Reply { status, retry_after: None, redirected_to: None, body: body.as_bytes().to_vec() };
        read(&reply, Timestamp::UNIX_EPOCH)
    }

    fn refused(reason: &str) -> ChannelAnswer {
        ChannelAnswer::Refused { reason: reason.to_owned() }
    }

    #[test]
    fn a_success_says_ok() {
        for body in ["ok", "ok\n", r#"{"ok":true}"#] {
            assert_eq!(told(200, body), ChannelAnswer::Accepted, "{body}");
        }
    }

    #[test]
    fn a_success_without_ok_is_a_refusal() {
        for body in ["", "okay", "<html>sign in</html>", r#"{"ok":false}"#, r#"{"ok":"true"}"#, r#"{"error":"odd"}"#] {
            assert_eq!(told(200, body), refused("other: success without ok"), "{body}");
        }
        assert_eq!(told(200, "invalid_blocks"), refused("clientError: invalid_blocks"));
    }

    #[test]
    fn a_dead_webhook_is_gone_at_any_status() {
        for code in GONE {
            let gone = ChannelAnswer::Gone { reason: format!("clientError: {code}") };
            for status in [200, 400, 403, 404] {
                assert_eq!(told(status, code), gone, "{status} {code}");
            }
        }
        assert_eq!(told(410, "whatever"), ChannelAnswer::Gone { reason: "clientError: 410".to_owned() });
    }

    #[test]
    fn a_refusal_shows_its_code_and_no_other_text() {
        assert_eq!(told(400, "invalid_payload"), refused("clientError: invalid_payload"));
        assert_eq!(told(400, "hunter2"), refused("clientError: 400"));
        assert_eq!(told(403, "action_prohibited"), refused("clientError: action_prohibited"));
    }

    #[test]
    fn a_busy_slack_is_paused_as_requested() {
        let throttled = r#"{"retry_after":1.2,"ok":false,"error":"rate_limited"}"#;
        let wait = |reason: &str| ChannelAnswer::TryLater {
            reason: reason.to_owned(),
            retry_after: Some(SignedDuration::from_secs(2)),
            overloaded: true,
        };
        assert_eq!(told(429, throttled), wait("rateLimited: 429"));
        assert_eq!(told(200, throttled), wait("rateLimited: rate_limited"));
    }

    #[test]
    fn a_slack_failure_is_retried_later() {
        let later =
            |reason: &str| ChannelAnswer::TryLater { reason: reason.to_owned(), retry_after: None, overloaded: false };
        assert_eq!(told(500, "rollup_error"), later("serverError: 500"));
        assert_eq!(told(400, "rollup_error"), later("serverError: rollup_error"));
        assert_eq!(told(503, "no_service"), later("serverError: 503"), "a status of 5xx goes before the code");
    }
}
