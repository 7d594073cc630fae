//! Judges the response of a handler as the host does.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Parts of a handler's response read by the host.
#[derive(Debug, Clone, Copy)]
pub struct HandlerResponse<'a> {
    /// HTTP status code.
    pub status: u16,
    /// Content type, if present.
    pub content_type: Option<&'a str>,
    /// Whole body.
    pub body: &'a [u8],
}

/// Consequence of a response for its invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// The invocation succeeds: the host deletes a queue message.
    Succeeds,
    /// The invocation fails for this reason: a queue message becomes visible again, a timer waits for its next tick.
    Fails(&'static str),
    /// The invocation never completes: the host waits for the function timeout and then kills the process.
    Hangs,
}

impl HandlerResponse<'_> {
    /// Returns the host's reaction to this response of a function; `http_output` is the name of its `http` binding, if
    /// it has one.
    pub fn reaction(&self, http_output: Option<&str>) -> Reaction {
        let body = self.body.trim_ascii();
        if !(200..300).contains(&self.status) {
            return Reaction::Fails("the status is not 2xx");
        }
        if body.is_empty() {
            return Reaction::Hangs;
        }
        if !self.content_type.is_some_and(is_json) {
            return Reaction::Fails("the content type is not JSON");
        }
        if body == b"null" {
            return Reaction::Hangs;
        }
        match check(body, http_output) {
            Ok(()) => Reaction::Succeeds,
            Err(reason) => Reaction::Fails(reason),
        }
    }
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case(crate::CONTENT_TYPE) || media_type.eq_ignore_ascii_case("text/json")
}

type Members<'a> = BTreeMap<String, &'a RawValue>;

fn check(body: &[u8], http_output: Option<&str>) -> Result<(), &'static str> {
    let members: Members<'_> = serde_json::from_slice(body).map_err(|_| "the body is not a JSON object")?;
    if let Some(outputs) = member(&members, "Outputs") {
        let outputs: Option<Members<'_>> =
            serde_json::from_str(outputs.get()).map_err(|_| "`Outputs` is not an object")?;
        let http = http_output.and_then(|name| outputs.as_ref().and_then(|outputs| member(outputs, name)));
        if http.is_some_and(|value| !value.get().starts_with('{')) {
            return Err("the http output is not an object");
        }
    }
    if let Some(logs) = member(&members, "Logs") {
        serde_json::from_str::<Option<Vec<String>>>(logs.get()).map_err(|_| "`Logs` is not a list of strings")?;
    }
    Ok(())
}

/// The host matches names case-insensitively.
fn member<'a>(members: &Members<'a>, name: &str) -> Option<&'a RawValue> {
    members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reaction(status: u16, content_type: Option<&str>, body: &str) -> Reaction {
        HandlerResponse { status, content_type, body: body.as_bytes() }.reaction(None)
    }

    #[test]
    fn our_own_answer_succeeds() {
        let body = crate::success_body(&["a line"]);
        assert_eq!(reaction(200, Some(crate::CONTENT_TYPE), &body), Reaction::Succeeds);
        assert_eq!(reaction(200, Some("application/json; charset=utf-8"), "{}"), Reaction::Succeeds);
    }

    #[test]
    fn an_empty_success_hangs() {
        for (status, content_type, body) in [(204, None, ""), (200, Some("application/json"), " null ")] {
            assert_eq!(reaction(status, content_type, body), Reaction::Hangs);
        }
    }

    #[test]
    fn a_success_without_a_json_type_fails() {
        for content_type in [None, Some("text/plain"), Some("application/jsonl")] {
            assert!(matches!(reaction(200, content_type, "{}"), Reaction::Fails(_)), "{content_type:?}");
        }
    }

    #[test]
    fn any_other_status_fails_with_any_body() {
        for status in [302, 400, 500, 503] {
            assert!(matches!(reaction(status, Some("application/json"), "{}"), Reaction::Fails(_)), "{status}");
        }
    }

    #[test]
    fn member_names_match_without_case() {
        assert!(matches!(reaction(200, Some("application/json"), r#"{"logs":[1]}"#), Reaction::Fails(_)));
    }
}
