//! Parses the parts of `host.json` about firing functions.

use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;
use thiserror::Error;

/// Settings of the host. Absent values have the host's own defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSettings {
    /// Maximum duration of an invocation; `None` for unlimited.
    pub function_timeout: Option<SignedDuration>,
    /// Rules for queues.
    pub queues: QueueRules,
    /// Handler to start.
    pub handler: HandlerDescription,
    /// Rules for HTTP functions.
    pub http: HttpRules,
}

/// Handler as described in `host.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlerDescription {
    /// Program: a file of the app, or a name to look up on PATH.
    pub executable: String,
    /// Arguments, unexpanded.
    pub arguments: Vec<String>,
    /// Working directory, relative to the app's root; empty for the root.
    pub working_directory: String,
}

/// Rules for HTTP functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRules {
    /// Prefix of every route.
    pub route_prefix: String,
    /// True if requests are proxied instead of wrapped in invocations.
    pub is_proxied: bool,
}

/// Rules for receiving queue messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRules {
    /// Number of messages received at once.
    pub batch_size: usize,
    /// The next batch is received when at most this many messages are in progress.
    pub new_batch_threshold: usize,
    /// Number of attempts after which a message goes to the poison queue.
    pub max_dequeue_count: u32,
    /// Time for which a message stays hidden after a failed attempt.
    pub visibility_timeout: SignedDuration,
    /// Maximum polling interval of an empty queue.
    pub max_polling_interval: Duration,
}

/// Reason why the host would not start with this `host.json`.
#[derive(Debug, Error)]
pub enum HostJsonError {
    /// The text is not JSON of the known form.
    #[error("host.json cannot be read")]
    Form(#[from] serde_json::Error),
    /// The version is not 2.0.
    #[error("host.json has version {0:?} instead of \"2.0\"")]
    Version(String),
    /// No executable is configured.
    #[error("host.json names no customHandler.description.defaultExecutablePath")]
    NoExecutable,
    /// A time span is not of the form `hh:mm:ss`.
    #[error("host.json has {text:?} for {key}, which is not hh:mm:ss")]
    TimeSpan {
        /// Name of the setting.
        key: &'static str,
        /// Configured text.
        text: String,
    },
    /// A number is outside the host's range.
    #[error("host.json has {number} for {key}, which is not {allowed}")]
    Number {
        /// Name of the setting.
        key: &'static str,
        /// Configured number.
        number: usize,
        /// Description of the allowed range.
        allowed: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    version: String,
    custom_handler: Option<CustomHandler>,
    function_timeout: Option<String>,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomHandler {
    description: Description,
    #[serde(default)]
    enable_proxying_http_request: bool,
    #[serde(default)]
    enable_forwarding_http_request: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    default_executable_path: String,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    working_directory: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extensions {
    queues: Queues,
    http: Http,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Http {
    route_prefix: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Queues {
    batch_size: Option<usize>,
    new_batch_threshold: Option<usize>,
    max_dequeue_count: Option<u32>,
    visibility_timeout: Option<String>,
    max_polling_interval: Option<String>,
}

const LARGEST_BATCH: usize = 32;
const SHORTEST_POLLING_INTERVAL: Duration = Duration::from_millis(100);

impl HostSettings {
    /// Parses `host.json`. Unknown keys are ignored, as by the host.
    ///
    /// # Errors
    /// Returns an error if the host would not start with the file.
    pub fn parse(host_json: &str) -> Result<Self, HostJsonError> {
        let wire: Wire = serde_json::from_str(host_json)?;
        if wire.version != "2.0" {
            return Err(HostJsonError::Version(wire.version));
        }
        let handler = wire.custom_handler.filter(|handler| !handler.description.default_executable_path.is_empty());
        let Some(CustomHandler { description, enable_proxying_http_request, enable_forwarding_http_request }) = handler
        else {
            return Err(HostJsonError::NoExecutable);
        };
        let function_timeout = match wire.function_timeout.as_deref() {
            Some("-1") => None,
            Some(text) => Some(time_span("functionTimeout", text)?),
            None => Some(SignedDuration::from_mins(5)),
        };
        let handler = HandlerDescription {
            executable: description.default_executable_path,
            arguments: description.arguments,
            working_directory: description.working_directory,
        };
        let http = HttpRules {
            route_prefix: wire.extensions.http.route_prefix.unwrap_or_else(|| "api".to_owned()),
            is_proxied: enable_proxying_http_request || enable_forwarding_http_request,
        };
        Ok(Self { function_timeout, queues: wire.extensions.queues.rules()?, handler, http })
    }
}

impl Queues {
    fn rules(self) -> Result<QueueRules, HostJsonError> {
        let batch_size = self.batch_size.unwrap_or(16);
        if !(1..=LARGEST_BATCH).contains(&batch_size) {
            return Err(HostJsonError::Number { key: "batchSize", number: batch_size, allowed: "1 to 32" });
        }
        let max_dequeue_count = self.max_dequeue_count.unwrap_or(5);
        if max_dequeue_count == 0 {
            return Err(HostJsonError::Number { key: "maxDequeueCount", number: 0, allowed: "1 or more" });
        }
        let visibility_timeout = self.visibility_timeout.as_deref().unwrap_or("00:00:00");
        let max_polling_interval = self.max_polling_interval.as_deref().unwrap_or("00:01:00");
        Ok(QueueRules {
            batch_size,
            new_batch_threshold: self.new_batch_threshold.unwrap_or(batch_size / 2),
            max_dequeue_count,
            visibility_timeout: time_span("visibilityTimeout", visibility_timeout)?,
            max_polling_interval: time_span("maxPollingInterval", max_polling_interval)?
                .unsigned_abs()
                .max(SHORTEST_POLLING_INTERVAL),
        })
    }
}

/// Parses `hh:mm:ss`.
fn time_span(key: &'static str, text: &str) -> Result<SignedDuration, HostJsonError> {
    let parts: Option<Vec<u32>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some(&[hours @ 0..24, minutes @ 0..60, seconds @ 0..60]) => {
            Ok(SignedDuration::from_secs(i64::from(hours * 3600 + minutes * 60 + seconds)))
        }
        _ => Err(HostJsonError::TimeSpan { key, text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(extensions: &str, timeout: &str) -> Result<HostSettings, HostJsonError> {
        HostSettings::parse(&format!(
            r#"{{"version":"2.0","customHandler":{{"description":{{"defaultExecutablePath":"archivist"}}}},
               "functionTimeout":"{timeout}","extensions":{{"queues":{extensions}}}}}"#
        ))
    }

    #[test]
    fn a_left_out_setting_has_the_default_of_the_host() {
        let settings = with("{}", "-1").unwrap();
        assert_eq!(settings.function_timeout, None);
        assert_eq!((settings.queues.batch_size, settings.queues.new_batch_threshold), (16, 8));
        assert_eq!((settings.queues.max_dequeue_count, settings.queues.visibility_timeout), (5, SignedDuration::ZERO));
        assert_eq!(settings.queues.max_polling_interval, Duration::from_secs(60));
        assert_eq!((settings.http.route_prefix.as_str(), settings.http.is_proxied), ("api", false));
    }

    #[test]
    fn a_given_setting_overrides_its_default() {
        let queues = r#"{"batchSize":8,"newBatchThreshold":4,"maxDequeueCount":12,"visibilityTimeout":"00:05:00"}"#;
        let settings = with(queues, "00:05:00").unwrap();
        assert_eq!(settings.function_timeout, Some(SignedDuration::from_mins(5)));
        assert_eq!((settings.queues.batch_size, settings.queues.new_batch_threshold), (8, 4));
        assert_eq!(settings.queues.visibility_timeout, SignedDuration::from_mins(5));
    }

    #[test]
    fn a_setting_refused_by_the_host_is_refused() {
        assert!(matches!(HostSettings::parse("{"), Err(HostJsonError::Form(_))));
        assert!(matches!(HostSettings::parse(r#"{"version":"3.0"}"#), Err(HostJsonError::Version(_))));
        assert!(matches!(HostSettings::parse(r#"{"version":"2.0"}"#), Err(HostJsonError::NoExecutable)));
        assert!(matches!(with("{}", "5 minutes"), Err(HostJsonError::TimeSpan { key: "functionTimeout", .. })));
        assert!(matches!(with(r#"{"batchSize":33}"#, "-1"), Err(HostJsonError::Number { key: "batchSize", .. })));
        assert!(matches!(with(r#"{"maxDequeueCount":0}"#, "-1"), Err(HostJsonError::Number { .. })));
    }
}
