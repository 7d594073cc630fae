//! Route table of the API.

use crate::BASE;
use crate::parameter::{COVERAGE, GAPS, Parameter, RECORDINGS, REVIEWS, SESSION, SESSIONS, SUMMARY};
use crate::query_text::in_path;

/// Route of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiRoute {
    /// Path below [`BASE`]; only its last segment may be a parameter.
    pub path: &'static str,
    /// Resource served by the route.
    pub shown: ServedResource,
    /// Summary for the OpenAPI document.
    pub says: &'static str,
    /// Known query parameters.
    pub parameters: &'static [Parameter],
}

/// Resource served by a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServedResource {
    /// Page of recordings.
    Recordings,
    /// One recording with its history.
    Recording,
    /// Page of sessions.
    Sessions,
    /// One session with its audit records.
    Session,
    /// Sessions without a recording and recordings without a session.
    Gaps,
    /// Recordings that wait for a review.
    Reviews,
    /// Recording habits of each bastion.
    Bastions,
    /// Counts per day.
    Summary,
    /// Coverage report of a month.
    Coverage,
    /// Health of the catalogue and its inputs.
    Health,
    /// OpenAPI document of this API.
    OpenApi,
}

/// Route and the decoded value of its path parameter; the value is empty if the route has no parameter.
pub type MatchedRoute = (&'static ApiRoute, String);

/// All routes.
pub const ROUTES: [ApiRoute; 11] = [
    ApiRoute {
        path: "/recordings",
        shown: ServedResource::Recordings,
        says: "Recordings, newest first by their first event, in pages. All filters must match.",
        parameters: &RECORDINGS,
    },
    ApiRoute {
        path: "/recordings/{id}",
        shown: ServedResource::Recording,
        says: "A recording with its history.",
        parameters: &[],
    },
    ApiRoute {
        path: "/sessions",
        shown: ServedResource::Sessions,
        says: "Sessions, newest first, in pages. All filters must match.",
        parameters: &SESSIONS,
    },
    ApiRoute {
        path: "/sessions/{tunnel_id}",
        shown: ServedResource::Session,
        says: "A session with the unchanged values of its audit records.",
        parameters: &SESSION,
    },
    ApiRoute {
        path: "/gaps",
        shown: ServedResource::Gaps,
        says: "Gaps: sessions without a recording, recordings without a session, bastions that stopped recording or logging.",
        parameters: &GAPS,
    },
    ApiRoute {
        path: "/reviews",
        shown: ServedResource::Reviews,
        says: "Recordings that wait for a review by a person, the earliest due first, in pages.",
        parameters: &REVIEWS,
    },
    ApiRoute {
        path: "/bastions",
        shown: ServedResource::Bastions,
        says: "How each bastion writes recordings, learned from its last two weeks, and how many names are undecided and why.",
        parameters: &[],
    },
    ApiRoute {
        path: "/summary",
        shown: ServedResource::Summary,
        says: "Totals: per day, overall, and by date of expiry.",
        parameters: &SUMMARY,
    },
    ApiRoute {
        path: "/coverage",
        shown: ServedResource::Coverage,
        says: "How much of each bastion was recorded, named, kept and looked at in a month, with the definition of each figure.",
        parameters: &COVERAGE,
    },
    ApiRoute {
        path: "/health",
        shown: ServedResource::Health,
        says: "Whether the catalogue can be read, and how far the audit logs were read.",
        parameters: &[],
    },
    ApiRoute { path: "/openapi.json", shown: ServedResource::OpenApi, says: "This document.", parameters: &[] },
];

/// Returns the route matching `path`, or `None`.
pub(crate) fn find(path: &str) -> Option<MatchedRoute> {
    // The host matches its part of the path case-insensitively.
    let (base, rest) = path.split_at_checked(BASE.len())?;
    if !base.eq_ignore_ascii_case(BASE) {
        return None;
    }
    ROUTES.iter().find_map(|route| Some((route, filled(route.path, rest)?)))
}

fn filled(template: &str, path: &str) -> Option<String> {
    let Some((before, _)) = template.split_once('{') else {
        return (template == path).then(String::new);
    };
    let parameter = path.strip_prefix(before)?;
    (!parameter.is_empty() && !parameter.contains('/')).then(|| in_path(parameter)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str) -> Option<(ServedResource, String)> {
        find(path).map(|(route, parameter)| (route.shown, parameter))
    }

    #[test]
    fn a_path_matches_at_most_one_route() {
        assert_eq!(shown("/api/v1/recordings"), Some((ServedResource::Recordings, String::new())));
        assert_eq!(shown("/API/V1/sessions/a%2Fb%20c"), Some((ServedResource::Session, "a/b c".to_owned())));
        for other in [
            "", "/", "/api/v1", "/api/v1/", "/api/v1/recordings/", "/api/v1/recordings/a/b", "/api/v1/Gaps",
            "/api/v2/gaps", "/api/v1gaps", "/api/v1/sessions/%ff", "/äpi/v1/gaps",
        ] {
            assert_eq!(shown(other), None, "{other}");
        }
    }
}
