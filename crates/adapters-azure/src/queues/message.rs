//! Encodes and decodes queue messages.

use azure_storage_queue::models::ReceivedMessage;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{QueueMessage, Receipt};

/// Longest body, in bytes: 64 KiB as Base64.
pub(super) const LONGEST_BODY: usize = 48 * 1024;

/// Longest invisibility of a message, in seconds: 7 days.
const LONGEST_HIDING: i64 = 7 * 24 * 60 * 60;

/// Encodes the text of a message as Base64, which the Functions host writes and expects.
pub(super) fn encoded(body: &str) -> String {
    STANDARD.encode(body)
}

/// Converts a received message. Returns `None` if the answer lacks the message id, the pop receipt or the insertion
/// time.
pub(super) fn taken(received: ReceivedMessage) -> Option<QueueMessage> {
    let text = received.message_text.unwrap_or_default();
    let decoded = decoded(&text);
    Some(QueueMessage {
        is_encoded: decoded.is_some(),
        body: decoded.unwrap_or(text),
        dequeue_count: received.dequeue_count.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        inserted_at: Timestamp::from_second(received.insertion_time?.unix_timestamp()).ok()?,
        receipt: Receipt { id: received.message_id?, pop: received.pop_receipt? },
    })
}

/// Seconds to hide a message, rounded up so it never appears early.
pub(super) fn seconds(wait: SignedDuration, least: i64) -> i32 {
    let whole = wait.as_secs().saturating_add(i64::from(wait.subsec_nanos() > 0));
    i32::try_from(whole.clamp(least, LONGEST_HIDING)).unwrap_or(i32::MAX)
}

/// Decodes Base64. Returns `None` if the text is not encoded: others put such messages into a queue by hand. They are
/// passed on as they are, and the reader decides.
fn decoded(text: &str) -> Option<String> {
    STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_outside_base64_is_taken_verbatim() {
        for text in ["{\"json\": true}", "YWJj=", "abc", "/w==", "ä"] {
            assert_eq!(decoded(text), None, "{text}");
        }
        assert_eq!(decoded(&encoded("ä{}")).as_deref(), Some("ä{}"));
    }

    #[test]
    fn a_wait_is_whole_seconds_and_never_shorter_than_asked_for() {
        let rounded = |wait: SignedDuration| seconds(wait, 0);
        assert_eq!(rounded(SignedDuration::ZERO), 0);
        assert_eq!(rounded(SignedDuration::from_millis(1)), 1);
        assert_eq!(rounded(SignedDuration::from_millis(2_000)), 2);
        assert_eq!(rounded(SignedDuration::from_secs(-5)), 0);
        assert_eq!(rounded(SignedDuration::MAX), 604_800);
        assert_eq!(seconds(SignedDuration::ZERO, 1), 1, "a taking hides for a second at least");
    }
}
