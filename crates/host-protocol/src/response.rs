//! Response bodies for the host.

use std::borrow::Cow;

use serde::Serialize;

/// Required media type of a response; without it the host fails a successful run.
pub const CONTENT_TYPE: &str = "application/json";

const WITHOUT_LOGS: &str = r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#;

/// Returns the body of a successful response: no outputs, no return value, and lines for the log of the invocation.
///
/// Never empty and never `null`, since either would hang the invocation until the host's function timeout.
/// `ReturnValue` is always null, because the host would merge an object there into the outputs.
pub fn success_body(logs: &[&str]) -> Cow<'static, str> {
    if logs.is_empty() {
        return Cow::Borrowed(WITHOUT_LOGS);
    }
    let body = Success { outputs: Outputs {}, logs, return_value: () };
    serde_json::to_string(&body).map_or(Cow::Borrowed(WITHOUT_LOGS), Cow::Owned)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Success<'a> {
    outputs: Outputs,
    logs: &'a [&'a str],
    return_value: (),
}

#[derive(Serialize)]
struct Outputs {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_is_a_json_object_with_its_log_lines() {
        assert_eq!(success_body(&[]), WITHOUT_LOGS);
        assert_eq!(
            success_body(&["recording \"a\" catalogued"]),
            r#"{"Outputs":{},"Logs":["recording \"a\" catalogued"],"ReturnValue":null}"#
        );
    }
}
