//! Classifies HTTP responses and send errors for delivery.
//!
//! A reason consists of one of a small closed set of labels, a colon and a detail: `serverError: 503`. The label is an
//! attribute of a metric. A reason contains no text of the receiver except the host of a redirect.

use std::fmt::Display;

use domain::record::delivery::ChannelAnswer;
use jiff::Timestamp;

use crate::client::{Reply, SendError};

mod retry_after;

/// Reason for a body that is not a notification.
pub(crate) const NOT_UNDERSTOOD: &str = "other: the body is not understood";

/// Classifies a response by its status. `now` is the base for a relative wait if `Retry-After` is a date.
pub(crate) fn answer(outcome: Result<Reply, SendError>, now: Timestamp) -> ChannelAnswer {
    answer_as(outcome, |reply| of_reply(reply, now))
}

/// Like [`answer`], but `read` classifies the response, for services whose status alone is not conclusive.
pub(crate) fn answer_as(
    outcome: Result<Reply, SendError>,
    read: impl FnOnce(&Reply) -> ChannelAnswer,
) -> ChannelAnswer {
    match outcome {
        Ok(reply) => read(&reply),
        Err(error) => of_error(&error),
    }
}

/// Classifies a response by its status alone.
pub(crate) fn of_reply(reply: &Reply, now: Timestamp) -> ChannelAnswer {
    let status = reply.status;
    match status {
        200..=299 => ChannelAnswer::Accepted,
        408 | 425 | 429 | 500..=599 => ChannelAnswer::TryLater {
            reason: reason(label(status), status),
            retry_after: reply.retry_after.as_deref().and_then(|text| retry_after::parse(text, now)),
            overloaded: status == 429,
        },
        410 => ChannelAnswer::Gone { reason: reason(label(status), status) },
        _ => ChannelAnswer::Refused {
            reason: match &reply.redirected_to {
                Some(host) => reason(label(status), format_args!("{status} to {host}")),
                None => reason(label(status), status),
            },
        },
    }
}

fn label(status: u16) -> &'static str {
    match status {
        300..=399 => "redirected",
        401 | 403 => "authError",
        413 => "payloadTooLarge",
        429 => "rateLimited",
        400..=499 => "clientError",
        500..=599 => "serverError",
        _ => "other",
    }
}

fn of_error(error: &SendError) -> ChannelAnswer {
    match error {
        SendError::Blocked { .. } => {
            ChannelAnswer::Refused { reason: reason("blockedAddress", "blocked by configuration") }
        }
        SendError::TimedOut { .. } => later(reason("contextDeadlineExceeded", "no answer in time"), true),
        SendError::NoAnswer { cause, .. } => later(reason("other", cause), false),
    }
}

fn later(reason: String, overloaded: bool) -> ChannelAnswer {
    ChannelAnswer::TryLater { reason, retry_after: None, overloaded }
}

/// Joins a label of the closed set and a detail.
pub(crate) fn reason(label: &str, detail: impl Display) -> String {
    format!("{label}: {detail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16) -> Reply {
        Reply { status, retry_after: None, redirected_to: None, body: Vec::new() }
    }

    fn told(status: u16) -> String {
        match of_reply(&reply(status), Timestamp::UNIX_EPOCH) {
            ChannelAnswer::Accepted => "accepted".to_owned(),
            ChannelAnswer::TryLater { reason, overloaded: true, .. } => format!("later, overloaded, {reason}"),
            ChannelAnswer::TryLater { reason, .. } => format!("later, {reason}"),
            ChannelAnswer::Refused { reason } => format!("refused, {reason}"),
            ChannelAnswer::Gone { reason } => format!("gone, {reason}"),
        }
    }

    #[test]
    fn every_2xx_is_accepted() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(told(status), "accepted");
        }
    }

    #[test]
    fn a_transient_status_is_retried_later() {
        assert_eq!(told(408), "later, clientError: 408");
        assert_eq!(told(425), "later, clientError: 425");
        assert_eq!(told(429), "later, overloaded, rateLimited: 429");
        for status in [500, 502, 503, 504, 599] {
            assert_eq!(told(status), format!("later, serverError: {status}"));
        }
    }

    #[test]
    fn a_permanent_status_is_a_refusal() {
        for status in [400, 404, 405, 415, 422, 451] {
            assert_eq!(told(status), format!("refused, clientError: {status}"));
        }
        assert_eq!(told(401), "refused, authError: 401");
        assert_eq!(told(403), "refused, authError: 403");
        assert_eq!(told(413), "refused, payloadTooLarge: 413");
        assert_eq!(told(304), "refused, redirected: 304");
        assert_eq!(told(999), "refused, other: 999");
    }

    #[test]
    fn a_receiver_answering_gone_is_gone() {
        assert_eq!(told(410), "gone, clientError: 410");
    }

    #[test]
    fn a_redirect_is_refused_and_names_the_new_host() {
        let moved = Reply { redirected_to: Some("new.example".to_owned()), ..reply(308) };
        let refused = ChannelAnswer::Refused { reason: "redirected: 308 to new.example".to_owned() };
        assert_eq!(of_reply(&moved, Timestamp::UNIX_EPOCH), refused);
    }

    #[test]
    fn the_retry_after_of_a_busy_receiver_is_respected() {
        for status in [429, 503] {
            let busy = Reply { retry_after: Some("90".to_owned()), ..reply(status) };
            let ChannelAnswer::TryLater { retry_after, .. } = of_reply(&busy, Timestamp::UNIX_EPOCH) else {
                panic!("{status}")
            };
            assert_eq!(retry_after, Some(jiff::SignedDuration::from_secs(90)));
        }
    }

    #[test]
    fn a_blocked_host_is_refused_without_naming_it() {
        let blocked = SendError::Blocked { host: "siem.example".to_owned() };
        let refused = ChannelAnswer::Refused { reason: "blockedAddress: blocked by configuration".to_owned() };
        assert_eq!(of_error(&blocked), refused);
    }
}
