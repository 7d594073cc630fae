//! Checks the URLs of buttons.

use std::borrow::Cow;

use thiserror::Error;
use url::Url;

use super::CardAction;
use domain::address_guard::{AddressGuard, Loopback};

/// Maximum length of a button's URL, in bytes.
const LONGEST: usize = 2000;

/// Base URL of the catalogue's web page, which shows each recording under `/recordings/{id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageUrl(String);

/// Page of the catalogue that helps with the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NextPage {
    /// Label of the button.
    pub(super) label: &'static str,
    /// Path under the base URL, without a leading slash.
    pub(super) path: Cow<'static, str>,
}

/// Reason why a URL is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PageError {
    /// The URL is not absolute `https` (or `http` on this machine), contains a user, or is too long.
    #[error("not an https URL without a user and of at most 2000 characters")]
    NotSafe,
    /// The URL has a query or a fragment, so no path can be appended.
    #[error("a URL with a query or a fragment")]
    NotBase,
}

impl PageUrl {
    /// Parses a base URL, with or without a trailing slash.
    pub fn parse(text: &str) -> Result<Self, PageError> {
        let url = safe(text).ok_or(PageError::NotSafe)?;
        if url.contains(['?', '#']) {
            return Err(PageError::NotBase);
        }
        Ok(Self(url.trim_end_matches('/').to_owned()))
    }

    /// Returns the URL of a recording's page, or `None` if `id` is not a recording id.
    pub(super) fn recording(&self, id: &str) -> Option<String> {
        let digits = id.strip_prefix("rec_")?;
        let is_id = !digits.is_empty() && digits.len() <= 64 && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_id.then(|| format!("{}/recordings/{id}", self.0))
    }

    /// Returns the button that opens this page.
    pub(super) fn action(&self, to: &NextPage) -> CardAction {
        CardAction { label: to.label, url: format!("{}/{}", self.0, to.path).trim_end_matches('/').to_owned() }
    }
}

/// Normalizes the URL of a button: `https`, or `http` on this machine, without a user. Returns `None` for any other.
pub(super) fn safe(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_local = || AddressGuard::new(Loopback::Allowed, []).permits_plain_http(url.host_str().unwrap_or_default());
    let is_safe = match url.scheme() {
        "https" => url.has_host(),
        "http" => is_local(),
        _ => false,
    };
    // The URL parser accepts quotation marks and the like in a host and does not encode them.
    let is_plain = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte));
    let is_safe = is_safe && url.host_str().is_some_and(is_plain);
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    let url = String::from(url);
    (is_safe && is_anonymous && url.len() <= LONGEST).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_opens_only_https_and_loopback() {
        let portal = "https://portal.azure.com/#resource/subscriptions/1/resourceGroups/rg/x";
        assert_eq!(safe(portal).as_deref(), Some(portal));
        assert_eq!(safe("http://localhost:7071/x").as_deref(), Some("http://localhost:7071/x"));
        for url in [
            "http://siem.example/",
            "javascript:alert(1)",
            "ftp://a.example/",
            "https://user@a.example/",
            "https://:pass@a.example/",
            "//a.example",
            "a.example",
            "",
            "ht\ntps://a.example/",
            "https://a.example/ b",
            "data:text/html,x",
            "mailto:a@b.example",
            "msteams:/l/x",
            "https://evil.example\"!",
            "https://evil.example'(x)",
        ] {
            assert_eq!(safe(url), None, "{url}");
        }
        assert_eq!(safe(&format!("https://a.example/{}", "x".repeat(LONGEST))), None);
    }

    #[test]
    fn a_character_ending_a_link_is_encoded() {
        assert_eq!(safe("https://a.example/<b>\"#<c>").as_deref(), Some("https://a.example/%3Cb%3E%22#%3Cc%3E"));
    }

    #[test]
    fn only_a_recording_is_linked_to_its_page() {
        for base in ["https://page.example/archive", "https://page.example/archive/"] {
            let page = PageUrl::parse(base).unwrap();
            assert_eq!(page.recording("rec_1a").as_deref(), Some("https://page.example/archive/recordings/rec_1a"));
            for id in ["", "rec_", "ses_1", "rec_1/../..", "rec_1?x", "rec_é"] {
                assert_eq!(page.recording(id), None, "{id}");
            }
        }
    }

    #[test]
    fn a_page_url_is_https_and_accepts_a_path() {
        assert_eq!(PageUrl::parse("http://page.example"), Err(PageError::NotSafe));
        assert_eq!(PageUrl::parse("https://page.example/?a=b"), Err(PageError::NotBase));
        assert_eq!(PageUrl::parse("https://page.example/#a"), Err(PageError::NotBase));
    }
}
