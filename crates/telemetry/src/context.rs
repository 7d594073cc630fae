//! Trace context of a span, as in W3C Trace Context.

use std::fmt;

/// Span of this or another process that others can be children of or linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceContext {
    pub(crate) trace: [u8; 16],
    pub(crate) span: [u8; 8],
    pub(crate) is_sampled: bool,
}

impl TraceContext {
    /// Parses a `traceparent`. Returns `None` if the text, which is untrusted, is not one.
    ///
    /// A later version may append further parts.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let [version] = bytes::<1>(parts.next()?)?;
        let (trace, span, [flags]) = (bytes(parts.next()?)?, bytes(parts.next()?)?, bytes(parts.next()?)?);
        let is_known = version != 0xff && (version > 0 || parts.next().is_none());
        (is_known && trace != [0; 16] && span != [0; 8]).then_some(Self { trace, span, is_sampled: flags & 1 == 1 })
    }

    /// Returns the trace id in hexadecimal, as collectors show it.
    pub fn trace_id(&self) -> String {
        hex(&self.trace)
    }

    /// Returns the span id in hexadecimal, as collectors show it.
    pub fn span_id(&self) -> String {
        hex(&self.span)
    }
}

/// Formats the `traceparent`.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-{:02x}", hex(&self.trace), hex(&self.span), u8::from(self.is_sampled))
    }
}

/// Lower case, as required by OTLP and `traceparent`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;

    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_hex = text.len() == N * 2 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2).filter(|_| is_hex)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_traceparent_reads_back() {
        let known = TraceContext::parse(KNOWN).unwrap();
        assert_eq!(known.to_string(), KNOWN);
        assert_eq!(format!("00-{}-{}-01", known.trace_id(), known.span_id()), KNOWN);
        let unsampled = KNOWN.replace("-01", "-00");
        assert_eq!(TraceContext::parse(&unsampled).unwrap().to_string(), unsampled);
    }

    #[test]
    fn a_later_traceparent_version_may_be_longer() {
        let later = KNOWN.replacen("00", "cc", 1) + "-what-the-future-will-be-like";
        assert_eq!(TraceContext::parse(&later), TraceContext::parse(KNOWN));
    }

    #[test]
    fn an_invalid_traceparent_is_not_parsed() {
        let more = format!("{KNOWN}-01");
        let zero_trace = KNOWN.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32));
        let zero_span = KNOWN.replace("00f067aa0ba902b7", &"0".repeat(16));
        let (capitals, version) = (KNOWN.to_uppercase(), KNOWN.replacen("00", "ff", 1));
        for text in ["", "-", "00-", "00-é", &more, &zero_trace, &zero_span, &capitals, &version, &KNOWN[..54]] {
            assert_eq!(TraceContext::parse(text), None, "{text}");
        }
    }
}
