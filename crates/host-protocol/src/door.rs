//! Decides which requests a loopback port answers: those of programs on this machine and of its own pages, never those
//! of pages of other sites.
//!
//! A loopback port has no key, and a browser on this machine can reach it for any page it shows. Headers that a page
//! cannot choose reveal such requests: `Host` names the address given to the browser (a foreign name that resolves to
//! this machine stays foreign), and `Origin` and `Sec-Fetch-Site` name the page that sends the request.

use std::fmt;

use serde_json::json;

/// Headers about the addressee and the sender of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Knock<'a> {
    /// `Host` header, or the authority of HTTP/2. `None` if it is absent, repeated or not text.
    pub host: Option<&'a str>,
    /// `Origin` header. Pass an empty text for an unreadable one, which counts as foreign.
    pub origin: Option<&'a str>,
    /// `Sec-Fetch-Site` header.
    pub fetch_site: Option<&'a str>,
    /// True for a `GET` or `HEAD` by which a person opens a page: `Sec-Fetch-Mode: navigate`, `Sec-Fetch-Dest:
    /// document`, on a path that has pages.
    pub opens_page: bool,
}

/// Reason why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestRefusal {
    /// The `Host` header is missing, malformed or names another machine.
    Host,
    /// A page of another origin sent the request.
    Origin,
    /// A browser sent the request for another site.
    Site,
}

impl Knock<'_> {
    /// Decides whether the request is answered. Any port is valid in `Host`, because a person may forward one; the
    /// page that sends the request must have the same port.
    ///
    /// # Errors
    /// Returns the reason if the request must be refused.
    pub fn admit(&self) -> Result<(), RequestRefusal> {
        let host = self.host.filter(|host| name(host).is_some_and(is_this_machine)).ok_or(RequestRefusal::Host)?;
        let is_same = |origin: &str| origin.strip_prefix("http://").is_some_and(|it| it.eq_ignore_ascii_case(host));
        if self.origin.is_some_and(|origin| !is_same(origin)) {
            return Err(RequestRefusal::Origin);
        }
        let is_other_site = self.fetch_site.is_some_and(|site| !["same-origin", "none"].contains(&site));
        if is_other_site && !self.opens_page {
            Err(RequestRefusal::Site)
        } else {
            Ok(())
        }
    }
}

/// Returns the host of an authority, or `None` if anything but a port follows it.
fn name(host: &str) -> Option<&str> {
    let after = host.rfind(']').map_or(0, |end| end + 1);
    let Some(at) = host[after..].find(':') else { return Some(host) };
    let (name, port) = (&host[..after + at], &host[after + at + 1..]);
    let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    is_port.then_some(name)
}

fn is_this_machine(name: &str) -> bool {
    matches!(name, "127.0.0.1" | "[::1]") || name.eq_ignore_ascii_case("localhost")
}

impl RequestRefusal {
    /// Media type of [`problem`](Self::problem).
    pub const CONTENT_TYPE: &'static str = "application/problem+json";

    /// Returns the problem document of the response, which has status 403. Repeats nothing of the request.
    pub fn problem(self) -> String {
        let kind = "urn:bastion-archivist:problem:not-this-machine";
        json!({ "type": kind, "title": "Forbidden", "status": 403, "detail": self.to_string() }).to_string()
    }
}

impl fmt::Display for RequestRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Host => {
                "the request is addressed to another host; this port answers to localhost, 127.0.0.1 and [::1]"
            }
            Self::Origin => "a page of another origin sent the request; pages of this port alone may",
            Self::Site => "a browser sent the request for another site; open the page by its own address",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: &str) -> Knock<'_> {
        Knock { host: Some(host), ..Knock::default() }
    }

    #[test]
    fn a_port_answers_to_the_names_of_this_machine() {
        for host in ["127.0.0.1:7071", "localhost:7071", "LOCALHOST:8080", "[::1]:7071", "localhost", "[::1]"] {
            assert_eq!(at(host).admit(), Ok(()), "{host}");
        }
    }

    #[test]
    fn no_other_name_is_answered_wherever_it_leads() {
        for host in [
            "evil.example",
            "evil.example:7071",
            "localhost.evil.example:7071",
            "127.0.0.1.evil.example:7071",
            "localhost:7071:7071",
            "localhost:",
            "localhost:707100",
            "",
            ":7071",
            "[::1]evil:7071",
            "127.0.0.2:7071",
            "0.0.0.0:7071",
            "127.1:7071",
            "localhost.:7071",
            "a@localhost:7071",
            "localhost:7071, evil.example",
        ] {
            assert_eq!(at(host).admit(), Err(RequestRefusal::Host), "{host}");
        }
        assert_eq!(Knock::default().admit(), Err(RequestRefusal::Host));
    }

    #[test]
    fn a_page_of_another_origin_is_refused_and_ours_accepted() {
        let from = |origin| Knock { origin: Some(origin), ..at("localhost:7071") }.admit();
        assert_eq!(from("http://localhost:7071"), Ok(()));
        for origin in [
            "http://evil.example", "null", "", "https://localhost:7071", "http://localhost:3000",
            "http://127.0.0.1:7071",
        ] {
            assert_eq!(from(origin), Err(RequestRefusal::Origin), "{origin}");
        }
    }

    #[test]
    fn a_cross_site_request_is_refused_unless_it_opens_a_page() {
        let knock =
            |fetch_site, opens_page| Knock { fetch_site: Some(fetch_site), opens_page, ..at("127.0.0.1:7071") }.admit();
        assert_eq!([knock("none", false), knock("same-origin", false), knock("cross-site", true)], [Ok(()); 3]);
        for site in ["cross-site", "same-site", "else"] {
            assert_eq!(knock(site, false), Err(RequestRefusal::Site), "{site}");
        }
    }

    #[test]
    fn a_refusal_is_a_problem_document_that_repeats_nothing() {
        let problem: serde_json::Value = serde_json::from_str(&RequestRefusal::Origin.problem()).unwrap();
        assert_eq!((problem["status"].as_u64(), problem["title"].as_str()), (Some(403), Some("Forbidden")));
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("another origin")));
    }
}
