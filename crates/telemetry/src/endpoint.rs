//! Address of the collector, from the settings of OpenTelemetry.

use std::fmt;

use percent_encoding::percent_decode_str;
use thiserror::Error;

/// URL and headers of a collector. `Debug` redacts both, because they may be credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Base URL of `v1/traces` and `v1/metrics`.
    pub url: String,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
}

/// Invalid headers. Reveals no header values.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EndpointError {
    /// A part is not `name=value`; holds its position, from 1.
    #[error("header {0} is not written as name=value; write name=value,name=value")]
    NotAPair(usize),
    /// The text before `=` is not a header name; holds its position, from 1.
    #[error("header {0} has an invalid name")]
    Name(usize),
    /// The text after `=` is not a header value; holds its position, from 1.
    #[error("header {0} has an invalid value")]
    Value(usize),
}

impl Endpoint {
    /// Parses `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_EXPORTER_OTLP_HEADERS` (`name=value,name=value`, values
    /// percent-encoded).
    ///
    /// # Errors
    /// Returns an error if a header is malformed.
    pub fn parse(url: &str, headers: Option<&str>) -> Result<Self, EndpointError> {
        let parts = headers.unwrap_or_default().split(',').map(str::trim);
        let pairs = (1..).zip(parts.filter(|part| !part.is_empty())).map(|(at, part)| pair(at, part));
        Ok(Self { url: url.trim().trim_end_matches('/').to_owned(), headers: pairs.collect::<Result<_, _>>()? })
    }
}

fn pair(at: usize, part: &str) -> Result<(String, String), EndpointError> {
    let (name, value) = part.split_once('=').ok_or(EndpointError::NotAPair(at))?;
    let name = name.trim();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(EndpointError::Name(at));
    }
    let value = percent_decode_str(value.trim()).decode_utf8().map_err(|_| EndpointError::Value(at))?;
    if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(EndpointError::Value(at));
    }
    Ok((name.to_ascii_lowercase(), value.into_owned()))
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Endpoint([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_pairs_with_percent_encoded_values() {
        let endpoint = Endpoint::parse("https://otel.example:4318/", Some("Api-Key=a%20b=, x = y,")).unwrap();
        assert_eq!(endpoint.url, "https://otel.example:4318");
        assert_eq!(endpoint.headers, [("api-key".into(), "a b=".into()), ("x".into(), "y".into())]);
        assert_eq!(format!("{endpoint:?}"), "Endpoint([redacted])");
    }

    #[test]
    fn headers_that_cannot_be_sent_are_refused_without_showing_them() {
        for (headers, error) in [
            ("a=b,secret", EndpointError::NotAPair(2)),
            ("se cret=x", EndpointError::Name(1)),
            ("=secret", EndpointError::Name(1)),
            ("a=secret%0Ax", EndpointError::Value(1)),
            ("a=%ff", EndpointError::Value(1)),
        ] {
            let refused = Endpoint::parse("https://otel.example", Some(headers)).unwrap_err();
            assert_eq!(refused, error);
            assert!(!refused.to_string().contains("secret"));
        }
    }
}
