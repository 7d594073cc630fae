use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use thiserror::Error;

const PREFIX: &str = "whsec_";
const SHORTEST_KEY: usize = 24;
const LONGEST_KEY: usize = 64;

/// Key of the scheme `v1` (HMAC-SHA256). `Debug` redacts it.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

/// Invalid signing key. Reveals only the length of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SigningKeyError {
    /// The text is not standard base64 with padding, after an optional `whsec_`.
    #[error("not base64")]
    NotBase64,
    /// The key is shorter or longer than the scheme allows; holds the length in bytes.
    #[error("the key has {0} bytes, not {SHORTEST_KEY} to {LONGEST_KEY}")]
    Length(usize),
}

impl SigningKey {
    /// Parses a secret as handed to receivers: `whsec_` followed by base64.
    pub fn parse(secret: &str) -> Result<Self, SigningKeyError> {
        let encoded = secret.strip_prefix(PREFIX).unwrap_or(secret);
        // Drop the decoder's error: it would reveal a character of the secret.
        let key = STANDARD.decode(encoded).map_err(|_| SigningKeyError::NotBase64)?;
        if !(SHORTEST_KEY..=LONGEST_KEY).contains(&key.len()) {
            return Err(SigningKeyError::Length(key.len()));
        }
        Hmac::new_from_slice(&key).map(Self).map_err(|_| SigningKeyError::Length(key.len()))
    }

    /// Returns the signature: `v1,` followed by base64. `timestamp` is in whole seconds since 1970; `id` contains no
    /// full stop.
    pub fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let mut mac = self.0.clone();
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

/// Formats the time of an attempt as whole seconds since 1970.
pub(super) fn timestamp(at: Timestamp) -> String {
    at.as_second().to_string()
}

/// Returns the value of `webhook-signature`: one signature per key, in the order of the keys, or `None` if there is no
/// key. `id` must contain no full stop; `body` must be the exact bytes of the request.
pub(super) fn header(keys: &[SigningKey], id: &str, timestamp: &str, body: &[u8]) -> Option<String> {
    let signatures: Vec<_> = keys.iter().map(|key| key.sign(id, timestamp, body)).collect();
    if signatures.is_empty() { None } else { Some(signatures.join(" ")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use standardwebhooks::Webhook;

    use super::*;

    const FIRST: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const SECOND: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const UTF8: &str =
        r#"{"type":"recording.created","timestamp":"2026-01-02T03:04:05Z","data":{"name":"Zoë – sesión"}}"#;

    fn signed(secrets: &[&str], id: &str, timestamp: &str, body: &str) -> Option<String> {
        let keys: Vec<_> = secrets.iter().map(|secret| SigningKey::parse(secret).unwrap()).collect();
        header(&keys, id, timestamp, body.as_bytes())
    }

    #[test]
    fn the_published_signature_vectors_match() {
        let vectors = [
            (
                FIRST,
                "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                "1649367553",
                r#"{"email":"test@example.com","username":"test_user"}"#,
                "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            ),
            (
                SECOND,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                r#"{"test": 2432232314}"#,
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
            (FIRST, "msg_utf8", "1767323045", UTF8, "v1,N0KQFwiYxlKalhNCqvdsFdLemaTCsryvOJZhXYy1tIA="),
            (FIRST, "msg_empty", "1767323045", "", "v1,I5ZAn/AVQosr1TGqad6mRS4/uYUkIYlSR7RASk3KXIs="),
        ];
        for (secret, id, timestamp, body, expected) in vectors {
            assert_eq!(signed(&[secret], id, timestamp, body).as_deref(), Some(expected), "{id}");
        }
    }

    #[test]
    fn during_a_rotation_every_key_signs_newest_first() {
        let both = "v1,87dfeYLKH79VoGBC6UzbvyAAtEUo+olzezBMb2X/cPc= v1,N0KQFwiYxlKalhNCqvdsFdLemaTCsryvOJZhXYy1tIA=";
        assert_eq!(signed(&[SECOND, FIRST], "msg_utf8", "1767323045", UTF8).as_deref(), Some(both));
    }

    #[test]
    fn without_a_key_there_is_no_signature() {
        assert_eq!(signed(&[], "msg_utf8", "1767323045", UTF8), None);
    }

    #[test]
    fn a_secret_reads_the_same_without_its_prefix() {
        let bare = FIRST.strip_prefix(PREFIX).unwrap();
        assert_eq!(signed(&[bare], "a", "1", "x"), signed(&[FIRST], "a", "1", "x"));
    }

    #[test]
    fn a_key_has_24_to_64_bytes() {
        let of = |length| SigningKey::parse(&format!("whsec_{}", STANDARD.encode(vec![7; length]))).map(|_| ());
        assert_eq!(SigningKey::parse("whsec_").unwrap_err(), SigningKeyError::Length(0));
        assert_eq!(of(23), Err(SigningKeyError::Length(23)));
        assert_eq!(of(24), Ok(()));
        assert_eq!(of(64), Ok(()));
        assert_eq!(of(65), Err(SigningKeyError::Length(65)));
    }

    #[test]
    fn a_non_base64_secret_is_rejected_without_showing_it() {
        for secret in ["whsk_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD", "hunter2!"] {
            let refused = SigningKey::parse(secret).unwrap_err();
            assert_eq!(refused, SigningKeyError::NotBase64);
            assert_eq!(refused.to_string(), "not base64");
        }
    }

    proptest! {
        #[test]
        fn the_official_library_signs_the_same(
            key in proptest::collection::vec(any::<u8>(), 24..=64),
            id in "[a-z0-9_]{1,40}",
            second in 0i64..4_000_000_000,
            body: String,
        ) {
            let secret = format!("whsec_{}", STANDARD.encode(key));
            let theirs = Webhook::new(&secret).unwrap().sign(&id, second, body.as_bytes()).unwrap();
            let at = timestamp(Timestamp::from_second(second).unwrap());
            prop_assert_eq!(signed(&[&secret], &id, &at, &body), Some(theirs));
        }
    }
}
