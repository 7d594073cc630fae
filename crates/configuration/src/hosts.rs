//! Formats of host names and event sources.

use url::Host;

use crate::fault::TextProblem;

/// Longest DNS name, in bytes.
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

const REMEDY: &str = "write the host's name alone, as in siem.corp.example, and each host by itself";

/// Returns an error if a text is not the name of a host that can be allowed: URLs, patterns, addresses and
/// this machine are rejected.
pub fn name(text: &str) -> Result<(), TextProblem> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let is_address =
        bare.parse::<std::net::IpAddr>().is_ok() || matches!(Host::parse(text), Ok(Host::Ipv4(_) | Host::Ipv6(_)));
    if is_address {
        let remedy = "write the host's name: hosts are allowed by name only, and the platform's own addresses never";
        return Err(TextProblem::new("is an address", remedy));
    }
    let label = |label: &str| {
        let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        plain && !label.is_empty() && label.len() <= LONGEST_LABEL
    };
    if text.len() > LONGEST || !text.split('.').all(label) {
        return Err(TextProblem::new("is not the name of a host", REMEDY));
    }
    let last = text.rsplit('.').next().unwrap_or_default();
    if last.eq_ignore_ascii_case("localhost") {
        let remedy = "leave it out: only a local run calls this machine, and needs no permission for it";
        return Err(TextProblem::new("is this machine", remedy));
    }
    Ok(())
}

/// Returns an error if a text cannot be the attribute `source` of a CloudEvent.
pub fn event_source(text: &str) -> Result<(), TextProblem> {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
    if !text.is_empty() && text.bytes().all(is_allowed) {
        return Ok(());
    }
    Err(TextProblem::new(
        "is neither a URI nor the path of one",
        "write it as /bastion-archivist, or the app's resource id",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> Option<String> {
        name(text).err().map(|fault| fault.what)
    }

    #[test]
    fn a_host_is_allowed_by_name() {
        for text in ["siem.corp.example", "SIEM", "a-1.b_2.example", "xn--bcher-kva.example", "10.0.0.1.example"] {
            assert_eq!(what(text), None, "{text}");
        }
    }

    #[test]
    fn neither_an_address_nor_a_url_nor_localhost_is_a_host_name() {
        let addresses = [
            "10.0.0.1", "168.63.129.16", "169.254.169.254", "127.1", "2130706433", "0x7f.1", "::1", "[::1]",
            "::ffff:168.63.129.16", "[fd00::1]",
        ];
        for text in addresses {
            assert_eq!(what(text).as_deref(), Some("is an address"), "{text}");
        }
        let others = [
            "", ".", "siem.", "https://siem.example", "siem.example/x", "siem.example:443", "u@siem.example",
            "*.example", "a b", "bücher.example", "10.0.0.0/8",
        ];
        for text in others {
            assert_eq!(what(text).as_deref(), Some("is not the name of a host"), "{text}");
        }
        for text in ["localhost", "LocalHost", "a.localhost"] {
            assert_eq!(what(text).as_deref(), Some("is this machine"), "{text}");
        }
    }

    #[test]
    fn an_event_source_accepts_only_uri_characters() {
        assert!(event_source("/bastion-archivist").is_ok() && event_source("https://a.example/x#y").is_ok());
        assert!(event_source("").is_err() && event_source("a b").is_err() && event_source("/a\\b").is_err());
    }
}
