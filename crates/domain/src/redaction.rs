//! Removes secrets from texts.
//!
//! Last safeguard before a text leaves the program, because types with secrets never print them. This catches secrets
//! typed by a person or repeated by a response before they reach a log line or an error.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

/// Replaces a secret.
const REDACTED: &str = "[redacted]";

/// Every match of a pattern contains one of these; most texts contain none.
const HINTS: [&str; 12] = [
    "://", "sig=", "code=", "key", "secret", "token", "password", "bearer ", "basic ", "whsec_", "signature", "hooks.",
];

/// Text before a secret (group 1), then the form of the secret.
static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // The complete query of a URL, and the user information before its host.
        r#"(?i)(\b[a-z][a-z0-9+.-]*://[^\s"'<>?#\\]*\?)[^\s"'<>\\]+"#,
        r#"(?i)(\b[a-z][a-z0-9+.-]*://)[^\s"'<>/?#@\\]+@"#,
        // URLs whose path is a credential.
        r#"(?i)(\bhooks\.slack(?:-gov)?\.com/)[^\s"'<>\\]+"#,
        r#"(?i)(\b[a-z0-9.-]*\.webhook\.office\.com/)[^\s"'<>\\]+"#,
        r#"(?i)(\boutlook\.office(?:365)?\.com/webhook/)[^\s"'<>\\]+"#,
        r#"(?i)(\b[a-z0-9.:-]*\.(?:logic\.azure\.[a-z]+|api\.powerplatform\.com)(?::\d+)?/)[^\s"'<>\\]+"#,
        // Single values in any position.
        r#"(?i)((?:[?&]|\b)sig=)[^\s"'<>&;,\\]+"#,
        r#"(?i)([?&](?:code|key|token|access_token|api[-_]?key|subscription-key)=)[^\s"'<>&;,\\]+"#,
        r#"(?i)(\b(?:accountkey|sharedaccesskey|sharedaccesssignature|instrumentationkey|clientsecret|client_secret|password)\s*=\s*)[^\s"'<>;,\\]+"#,
        r#"(?i)(\b(?:x-functions-key|x-identity-header|api-key)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'<>,;&\\]+"#,
        r#"(?i)(\b(?:bearer|basic|sharedkey)\s+)[a-z0-9._~+/:=-]{8,}"#,
        r#"(\bwhsec_)[A-Za-z0-9+/=_-]+"#,
    ]
    .into_iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Replaces every secret of a known form: signatures and keys in URLs, keys in connection strings and headers, tokens,
/// signing secrets, and channel URLs acting as credentials.
pub fn redacted(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    if !HINTS.iter().any(|hint| lower.contains(hint)) {
        return Cow::Borrowed(text);
    }
    PATTERNS.iter().fold(Cow::Borrowed(text), |text, pattern| {
        match pattern.replace_all(&text, |found: &Captures<'_>| format!("{}{REDACTED}", &found[1])) {
            Cow::Borrowed(_) => text,
            Cow::Owned(cut) => Cow::Owned(cut),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_redaction_pattern_compiles() {
        assert_eq!(PATTERNS.len(), 12);
    }

    #[test]
    fn a_secret_is_redacted_and_other_text_kept() {
        for (text, expected) in [
            ("nothing here: key of a map, 3 tokens", "nothing here: key of a map, 3 tokens"),
            ("https://st1.blob.core.windows.net/c/a.yaml: gone", "https://st1.blob.core.windows.net/c/a.yaml: gone"),
            ("HTTPS://st1.example/c?sv=1&sig=hunter2%3D: gone", "HTTPS://st1.example/c?[redacted] gone"),
            ("st1.blob.core.windows.net/c?sp=r&sig=hunter2%3D", "st1.blob.core.windows.net/c?sp=r&sig=[redacted]"),
            ("/ui/?code=hunter2==&q=x", "/ui/?code=[redacted]&q=x"),
            ("https://u:hunter2@host/x", "https://[redacted]host/x"),
            ("AccountName=a;AccountKey=hunter2==;X=1", "AccountName=a;AccountKey=[redacted];X=1"),
            ("SharedAccessSignature=hunter2", "SharedAccessSignature=[redacted]"),
            (r#"{"x-functions-key":"hunter2","n":1}"#, r#"{"x-functions-key":"[redacted]","n":1}"#),
            ("authorization: Bearer hunter2.hunter2", "authorization: Bearer [redacted]"),
            ("SharedKey account:hunter2=", "SharedKey [redacted]"),
            ("whsec_aHVudGVyMg==", "whsec_[redacted]"),
            ("https://hooks.slack.com/services/T0/B0/hunter2", "https://hooks.slack.com/[redacted]"),
            ("https://x.webhook.office.com/webhookb2/hunter2", "https://x.webhook.office.com/[redacted]"),
            (
                "https://prod-1.westeurope.logic.azure.com:443/workflows/hunter2/triggers",
                "https://prod-1.westeurope.logic.azure.com:443/[redacted]",
            ),
        ] {
            assert_eq!(redacted(text), expected, "{text}");
        }
    }
}
