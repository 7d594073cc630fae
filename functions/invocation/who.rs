//! Who asks, for the log. Nothing is granted for it: callers can write these headers, unless the platform overwrites them.

use axum::http::HeaderMap;

/// How much of a header is logged, in bytes.
const LONGEST: usize = 200;

/// Who asks, as far as headers say.
#[derive(Debug, PartialEq, Eq)]
pub struct Who<'a> {
    /// Whom the platform has signed in; empty where nobody is.
    pub principal: &'a str,
    /// From where; empty where nobody says.
    pub client: &'a str,
}

impl<'a> Who<'a> {
    /// What the headers say.
    pub fn of(headers: &'a HeaderMap) -> Self {
        let forwarded = text(headers, "x-forwarded-for");
        // The platform's front end adds the address that it saw behind what the caller wrote.
        let client = forwarded.rsplit(',').next().unwrap_or_default().trim();
        Self { principal: short(text(headers, "x-ms-client-principal-name")), client: short(client) }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get_all(name).into_iter().next_back().and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Such a header is ASCII, so that it can be cut anywhere.
fn short(text: &str) -> &str {
    text.get(..LONGEST).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_the_platform_saw_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(Who::of(&headers), Who { principal: "", client: "" });
        headers.append("x-forwarded-for", "203.0.113.9, 198.51.100.7:5000".parse().unwrap());
        headers.append("x-ms-client-principal-name", "anna@contoso.example".parse().unwrap());
        assert_eq!(Who::of(&headers), Who { principal: "anna@contoso.example", client: "198.51.100.7:5000" });
        headers.insert("x-forwarded-for", "1".repeat(5_000).parse().unwrap());
        assert_eq!(Who::of(&headers).client.len(), LONGEST);
    }
}
