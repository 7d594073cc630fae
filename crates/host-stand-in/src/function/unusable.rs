//! Why a function cannot be fired.

use thiserror::Error;

use crate::schedule::ScheduleError;

/// Why the host would skip a function, or this stand-in cannot fire it. The other functions run.
#[derive(Debug, Error)]
pub enum Unusable {
    /// Not a name that the host accepts.
    #[error("function name {0:?} is not one that the host accepts")]
    Name(String),
    /// Names are compared without case.
    #[error("function {0} has the name of another function")]
    DoubledName(String),
    /// The file is not JSON of the known form.
    #[error("function.json of function {function} cannot be read")]
    Form {
        /// The function.
        function: String,
        /// Where reading stopped.
        source: serde_json::Error,
    },
    /// Somebody switched it off.
    #[error("function {0} is disabled")]
    Disabled(String),
    /// A function has exactly one trigger.
    #[error("function {function} has {count} triggers instead of one")]
    Triggers {
        /// The function.
        function: String,
        /// How many it has.
        count: usize,
    },
    /// A binding's name is not one that the host accepts, or the function has it twice.
    #[error("function {function} has a binding named {binding:?}, which the host does not accept")]
    Binding {
        /// The function.
        function: String,
        /// The binding.
        binding: String,
    },
    /// A trigger that nothing here can pull.
    #[error("function {function} has a {kind}, which this stand-in does not know")]
    Kind {
        /// The function.
        function: String,
        /// The trigger's type.
        kind: String,
    },
    /// No such queue is here.
    #[error("function {function} waits for queue {queue:?}, which does not exist here")]
    Queue {
        /// The function.
        function: String,
        /// The queue.
        queue: String,
    },
    /// An app setting that its trigger names is not set.
    #[error("function {function} needs app setting {setting}, which is not set")]
    Setting {
        /// The function.
        function: String,
        /// The app setting.
        setting: String,
    },
    /// Requests are passed on as they are only where HTTP is the one way in and out.
    #[error("function {0} is not one httpTrigger and one http binding out, so the host would not pass requests on")]
    HttpBindings(String),
    /// Requests are not passed on as they are.
    #[error("function {0} needs customHandler.enableProxyingHttpRequest in host.json")]
    NotProxied(String),
    /// A route that nothing here can match.
    #[error("function {function} has route {route:?}, which this stand-in does not know")]
    Route {
        /// The function.
        function: String,
        /// The route.
        route: String,
    },
    /// Something that is no method.
    #[error("function {function} has method {method:?}, which is none")]
    Method {
        /// The function.
        function: String,
        /// What stands there.
        method: String,
    },
    /// Its timer cannot be read.
    #[error("function {function} cannot be timed")]
    Schedule {
        /// The function.
        function: String,
        /// Why.
        source: ScheduleError,
    },
}
