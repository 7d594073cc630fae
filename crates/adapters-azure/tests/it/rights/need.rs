//! The rights that a request needs.

use std::fmt;

use azure_core::http::Request;
use azure_core::http::headers::HeaderName;

/// Service behind an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Blob,
    Queue,
    Table,
}

/// A right that a request needs on one scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// Operation, named as in the documentation of the service.
    pub operation: String,
    /// Resource id.
    pub scope: String,
    /// Lists of actions, of which one whole list is needed.
    pub any_of: Vec<Vec<String>>,
    /// True for a list at a subscription: it is answered with the resources on which the caller has the right, so the
    /// right on any resource below is enough.
    pub is_filtered: bool,
}

impl Need {
    /// Creates a need with documented alternatives: `read`, `add/action or write`, `delete and read or process/action`.
    /// `of` is the common beginning of the actions.
    pub fn new(operation: &str, scope: &str, of: &str, actions: &str) -> Self {
        let list = |all: &str| all.split(" and ").map(|action| format!("{of}/{action}")).collect();
        let any_of = actions.split(" or ").map(list).collect();
        Self { operation: operation.to_owned(), scope: scope.to_owned(), any_of, is_filtered: false }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternatives: Vec<String> = self.any_of.iter().map(|all| all.join(" and ")).collect();
        write!(f, "{} needs {} on {}", self.operation, alternatives.join(" or "), self.scope)
    }
}

/// Value of a header.
pub fn header<'a>(request: &'a Request, name: &'static str) -> Option<&'a str> {
    request.headers().get_optional_str(&HeaderName::from_static(name))
}

/// Value of a parameter of the query.
pub fn parameter(request: &Request, name: &str) -> Option<String> {
    request.url().query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
