//! Unusable functions.

use thiserror::Error;

use crate::schedule::ScheduleError;

/// Reason why the host would skip a function, or why the stand-in cannot fire it. The other functions run.
#[derive(Debug, Error)]
pub enum Unusable {
    /// The host does not accept the name.
    #[error("function name {0:?} is not one that the host accepts")]
    Name(String),
    /// Another function has the same name, compared case-insensitively.
    #[error("function {0} has the name of another function")]
    DoubledName(String),
    /// The file is not JSON of the known form.
    #[error("function.json of function {function} cannot be read")]
    Form {
        /// Name of the function.
        function: String,
        /// Error of the JSON parser.
        source: serde_json::Error,
    },
    /// The function is disabled in its `function.json`.
    #[error("function {0} is disabled")]
    Disabled(String),
    /// The function does not have exactly one trigger.
    #[error("function {function} has {count} triggers instead of one")]
    Triggers {
        /// Name of the function.
        function: String,
        /// Number of its triggers.
        count: usize,
    },
    /// The host does not accept the name of a binding, or the function has it twice.
    #[error("function {function} has a binding named {binding:?}, which the host does not accept")]
    Binding {
        /// Name of the function.
        function: String,
        /// Name of the binding.
        binding: String,
    },
    /// The stand-in does not support the trigger.
    #[error("function {function} has a {kind}, which this stand-in does not support")]
    Kind {
        /// Name of the function.
        function: String,
        /// Type of the trigger.
        kind: String,
    },
    /// The queue does not exist.
    #[error("function {function} waits for queue {queue:?}, which does not exist here")]
    Queue {
        /// Name of the function.
        function: String,
        /// Name of the queue.
        queue: String,
    },
    /// The trigger refers to an unset app setting.
    #[error("function {function} needs app setting {setting}, which is not set")]
    Setting {
        /// Name of the function.
        function: String,
        /// Name of the app setting.
        setting: String,
    },
    /// The host proxies requests only for functions whose only bindings are HTTP in and out.
    #[error("function {0} is not one httpTrigger and one http binding out, so the host would not pass requests on")]
    HttpBindings(String),
    /// `host.json` does not enable proxying of requests.
    #[error("function {0} needs customHandler.enableProxyingHttpRequest in host.json")]
    NotProxied(String),
    /// The stand-in does not support the route.
    #[error("function {function} has route {route:?}, which this stand-in does not support")]
    Route {
        /// Name of the function.
        function: String,
        /// Route template.
        route: String,
    },
    /// A method name is invalid.
    #[error("function {function} has an unknown method {method:?}")]
    Method {
        /// Name of the function.
        function: String,
        /// Invalid method name.
        method: String,
    },
    /// The schedule of the timer is invalid.
    #[error("function {function} cannot be timed")]
    Schedule {
        /// Name of the function.
        function: String,
        /// Reason.
        source: ScheduleError,
    },
}
