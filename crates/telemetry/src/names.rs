//! Names of attributes and metrics, as received by a collector. The conventions for functions, messages and
//! CloudEvents are not stable yet (v1.44), so the names are defined only here.

/// `service.name` of the resource.
pub const SERVICE_NAME: &str = "service.name";
/// `service.version` of the resource.
pub const SERVICE_VERSION: &str = "service.version";
/// Resource: always `azure`; absent outside a function app.
pub const CLOUD_PROVIDER: &str = "cloud.provider";
/// Resource: always `azure.functions`; absent outside a function app.
pub const CLOUD_PLATFORM: &str = "cloud.platform";

/// App and function, such as `func-archivist/recording_landed`; only the function outside an app.
pub const FAAS_NAME: &str = "faas.name";
/// `pubsub`, `timer` or `http`.
pub const FAAS_TRIGGER: &str = "faas.trigger";
/// Invocation id assigned by the host.
pub const FAAS_INVOCATION_ID: &str = "faas.invocation_id";
/// Timer: schedule from `function.json`.
pub const FAAS_CRON: &str = "faas.cron";
/// Timer: time of the call, in UTC.
pub const FAAS_TIME: &str = "faas.time";
/// True for the first call of the process.
pub const FAAS_COLDSTART: &str = "faas.coldstart";
/// Reason of a failure: a constant word, never untrusted text.
pub const ERROR_TYPE: &str = "error.type";
/// `eventgrid` for storage events, `azure_queue_storage` for the archivist's own messages.
pub const MESSAGING_SYSTEM: &str = "messaging.system";
/// `process` or `send`.
pub const MESSAGING_OPERATION_TYPE: &str = "messaging.operation.type";
/// Queue, or the kind of a channel's receiver.
pub const MESSAGING_DESTINATION: &str = "messaging.destination.name";
/// Id of the event or notification.
pub const MESSAGING_MESSAGE_ID: &str = "messaging.message.id";
/// `id` of a CloudEvent.
pub const CLOUDEVENTS_ID: &str = "cloudevents.event_id";
/// `source` of a CloudEvent: the storage account.
pub const CLOUDEVENTS_SOURCE: &str = "cloudevents.event_source";
/// `type` of a CloudEvent.
pub const CLOUDEVENTS_TYPE: &str = "cloudevents.event_type";
/// `specversion` of a CloudEvent.
pub const CLOUDEVENTS_SPEC_VERSION: &str = "cloudevents.event_spec_version";
/// Method of a request for a page.
pub const HTTP_METHOD: &str = "http.request.method";
/// Status of the response.
pub const HTTP_STATUS: &str = "http.response.status_code";
/// Route of a page, without the query.
pub const HTTP_ROUTE: &str = "http.route";

/// Outcome of a call or an input.
pub const OUTCOME: &str = "archivist.outcome";
/// Reason of the outcome; empty if there is none.
pub const REASON: &str = "archivist.reason";
/// Name of a channel in the configuration.
pub const CHANNEL: &str = "archivist.channel";
/// Answer of a channel.
pub const ANSWER: &str = "archivist.answer";
/// Kind of a blob event.
pub const HAPPENING: &str = "archivist.event.what";
/// Type of a notification.
pub const NOTIFICATION_TYPE: &str = "archivist.notification.type";

/// Aggregation of a metric's values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MetricKind {
    /// Sum that never decreases during the life of the process.
    Counter,
    /// Latest value.
    Gauge,
    /// Number of values in each bucket; holds the upper bounds.
    Histogram(&'static [f64]),
}

/// Definition of a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetricName {
    /// Name.
    pub name: &'static str,
    /// Unit, in UCUM.
    pub unit: &'static str,
    /// Description.
    pub what: &'static str,
    /// Aggregation.
    pub kind: MetricKind,
}

const fn counter(name: &'static str, unit: &'static str, what: &'static str) -> MetricName {
    MetricName { name, unit, what, kind: MetricKind::Counter }
}

const fn gauge(name: &'static str, unit: &'static str, what: &'static str) -> MetricName {
    MetricName { name, unit, what, kind: MetricKind::Gauge }
}

const fn seconds(name: &'static str, bounds: &'static [f64], what: &'static str) -> MetricName {
    MetricName { name, unit: "s", what, kind: MetricKind::Histogram(bounds) }
}

/// Bounds for calls, in seconds.
const SHORT: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 240.0];
/// Bounds for waits, in seconds.
const LONG: &[f64] = &[1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0, 604_800.0];

/// Function calls.
pub const INVOCATIONS: MetricName = counter("faas.invocations", "{invocation}", "Calls that ended in time");
/// Calls to be retried by the platform.
pub const ERRORS: MetricName = counter("faas.errors", "{error}", "Calls that failed; the platform retries them");
/// Calls that reached their deadline.
pub const TIMEOUTS: MetricName = counter("faas.timeouts", "{timeout}", "Calls that were given up at their deadline");
/// First calls of a process.
pub const COLDSTARTS: MetricName = counter("faas.coldstarts", "{coldstart}", "First calls of a process");
/// Duration of calls.
pub const INVOKE_DURATION: MetricName = seconds("faas.invoke_duration", SHORT, "How long calls took");
/// Outcomes of inputs and runs.
pub const OUTCOMES: MetricName = counter("archivist.outcomes", "{input}", "Inputs and runs by result and reason");
/// Delay from a blob event to its catalogue entry.
pub const LAG: MetricName =
    seconds("archivist.event.lag", LONG, "Time from an event of a blob to its entry in the catalogue");
/// Delay between the due time of a message and its delivery to a function.
pub const QUEUE_AGE: MetricName =
    seconds("archivist.queue.age", LONG, "How long messages waited after they were due, before a function got them");
/// Answers of channels.
pub const CHANNEL_ANSWERS: MetricName = counter("archivist.channel.answers", "{attempt}", "Answers of channels");
/// Response time of channels.
pub const CHANNEL_DURATION: MetricName =
    seconds("archivist.channel.duration", SHORT, "How long channels took to answer");
/// Applied effects of recordings and sessions.
pub const EFFECTS: MetricName =
    counter("archivist.effects", "{effect}", "Executed effects: tags, notifications by type, deletions, facts");
/// Recordings by match.
pub const RECORDINGS: MetricName =
    gauge("archivist.recordings", "{recording}", "Catalogued recordings, by their match");
/// Sessions without a recording.
pub const GAPS: MetricName = gauge("archivist.gaps", "{session}", "Sessions that are known to have no recording");
/// Unsent spans.
pub const DROPPED: MetricName =
    counter("archivist.telemetry.dropped", "{span}", "Spans dropped for lack of room or of a collector");

/// All metrics.
pub const METRICS: [MetricName; 14] = [
    INVOCATIONS, ERRORS, TIMEOUTS, COLDSTARTS, INVOKE_DURATION, OUTCOMES, LAG, QUEUE_AGE, CHANNEL_ANSWERS,
    CHANNEL_DURATION, EFFECTS, RECORDINGS, GAPS, DROPPED,
];
