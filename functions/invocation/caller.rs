//! Caller of a request, for the log only: callers can forge these headers unless the platform overwrites
//! them.

use axum::http::HeaderMap;

/// Longest part of a header to log, in bytes.
const LONGEST: usize = 200;

/// Caller according to the headers.
#[derive(Debug, PartialEq, Eq)]
pub struct Caller<'a> {
    /// User signed in by the platform, or empty.
    pub principal: &'a str,
    /// Client address, or empty.
    pub client: &'a str,
}

impl<'a> Caller<'a> {
    /// Reads the headers.
    pub fn from_headers(headers: &'a HeaderMap) -> Self {
        let forwarded = text(headers, "x-forwarded-for");
        // The platform's front end appends the address that it saw to the caller's text.
        let client = forwarded.rsplit(',').next().unwrap_or_default().trim();
        Self { principal: short(text(headers, "x-ms-client-principal-name")), client: short(client) }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get_all(name).into_iter().next_back().and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Cuts a header value. Header text is ASCII, so any index is a character boundary.
fn short(text: &str) -> &str {
    text.get(..LONGEST).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_the_platform_saw_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(Caller::from_headers(&headers), Caller { principal: "", client: "" });
        headers.append("x-forwarded-for", "203.0.113.9, 198.51.100.7:5000".parse().unwrap());
        headers.append("x-ms-client-principal-name", "anna@contoso.example".parse().unwrap());
        assert_eq!(
            Caller::from_headers(&headers),
            Caller { principal: "anna@contoso.example", client: "198.51.100.7:5000" }
        );
        headers.insert("x-forwarded-for", "1".repeat(5_000).parse().unwrap());
        assert_eq!(Caller::from_headers(&headers).client.len(), LONGEST);
    }
}
