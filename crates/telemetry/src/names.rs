//! Every name that a collector sees. Those of functions, messages and CloudEvents are not stable in the conventions yet
//! (v1.44), so they stand here and nowhere else.

/// `service.name` of the resource.
pub const SERVICE_NAME: &str = "service.name";
/// `service.version` of the resource.
pub const SERVICE_VERSION: &str = "service.version";
/// Of the resource: always `azure`, where there is a function app.
pub const CLOUD_PROVIDER: &str = "cloud.provider";
/// Of the resource: always `azure.functions`, where there is a function app.
pub const CLOUD_PLATFORM: &str = "cloud.platform";

/// App and function, such as `func-archivist/recording_landed`; the function alone outside of an app.
pub const FAAS_NAME: &str = "faas.name";
/// `pubsub`, `timer` or `http`.
pub const FAAS_TRIGGER: &str = "faas.trigger";
/// The id that the host gave the call.
pub const FAAS_INVOCATION_ID: &str = "faas.invocation_id";
/// Of a timer: its schedule, as `function.json` has it.
pub const FAAS_CRON: &str = "faas.cron";
/// Of a timer: when it was called, in UTC.
pub const FAAS_TIME: &str = "faas.time";
/// Whether it is the first call of the process.
pub const FAAS_COLDSTART: &str = "faas.coldstart";
/// Why something failed: a word of ours, never a text of others.
pub const ERROR_TYPE: &str = "error.type";
/// `eventgrid` for storage events, `azure_queue_storage` for our own messages.
pub const MESSAGING_SYSTEM: &str = "messaging.system";
/// `process` or `send`.
pub const MESSAGING_OPERATION_TYPE: &str = "messaging.operation.type";
/// The queue, or the kind of a channel's receiver.
pub const MESSAGING_DESTINATION: &str = "messaging.destination.name";
/// The id of the event or notification.
pub const MESSAGING_MESSAGE_ID: &str = "messaging.message.id";
/// `id` of a CloudEvent.
pub const CLOUDEVENTS_ID: &str = "cloudevents.event_id";
/// `source` of a CloudEvent: the storage account.
pub const CLOUDEVENTS_SOURCE: &str = "cloudevents.event_source";
/// `type` of a CloudEvent.
pub const CLOUDEVENTS_TYPE: &str = "cloudevents.event_type";
/// `specversion` of a CloudEvent.
pub const CLOUDEVENTS_SPEC_VERSION: &str = "cloudevents.event_spec_version";
/// The method of a request for a page.
pub const HTTP_METHOD: &str = "http.request.method";
/// The status of the answer to it.
pub const HTTP_STATUS: &str = "http.response.status_code";
/// The route of a page, without what was asked for.
pub const HTTP_ROUTE: &str = "http.route";

/// How a call or an input ended.
pub const OUTCOME: &str = "archivist.outcome";
/// Why it ended so; empty where there is nothing to say.
pub const REASON: &str = "archivist.reason";
/// The name of a channel in the configuration.
pub const CHANNEL: &str = "archivist.channel";
/// What a channel answered.
pub const ANSWER: &str = "archivist.answer";
/// What happened to a blob.
pub const HAPPENING: &str = "archivist.event.what";
/// The type of a notification.
pub const NOTIFICATION_TYPE: &str = "archivist.notification.type";

/// How the values of a metric add up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MetricKind {
    /// A sum that never falls while the process lives.
    Counter,
    /// The newest value.
    Gauge,
    /// How often which value was seen, by these upper bounds.
    Histogram(&'static [f64]),
}

/// A metric that there is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// The name.
    pub name: &'static str,
    /// The unit, in UCUM.
    pub unit: &'static str,
    /// What it tells.
    pub what: &'static str,
    /// How its values add up.
    pub kind: MetricKind,
}

const fn counter(name: &'static str, unit: &'static str, what: &'static str) -> Metric {
    Metric { name, unit, what, kind: MetricKind::Counter }
}

const fn gauge(name: &'static str, unit: &'static str, what: &'static str) -> Metric {
    Metric { name, unit, what, kind: MetricKind::Gauge }
}

const fn seconds(name: &'static str, bounds: &'static [f64], what: &'static str) -> Metric {
    Metric { name, unit: "s", what, kind: MetricKind::Histogram(bounds) }
}

/// For what a machine does.
const SHORT: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 240.0];
/// For what waits.
const LONG: &[f64] = &[1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0, 604_800.0];

/// Calls of functions.
pub const INVOCATIONS: Metric = counter("faas.invocations", "{invocation}", "Calls that ended in time");
/// Calls that the platform must repeat.
pub const ERRORS: Metric = counter("faas.errors", "{error}", "Calls that failed, so that the platform repeats them");
/// Calls that reached their deadline.
pub const TIMEOUTS: Metric = counter("faas.timeouts", "{timeout}", "Calls that were given up at their deadline");
/// First calls.
pub const COLDSTARTS: Metric = counter("faas.coldstarts", "{coldstart}", "First calls of a process");
/// How long calls took.
pub const INVOKE_DURATION: Metric = seconds("faas.invoke_duration", SHORT, "How long calls took");
/// What became of inputs and runs.
pub const OUTCOMES: Metric = counter("archivist.outcomes", "{input}", "Inputs and runs, by how they ended and why");
/// From an event to the catalogue.
pub const LAG: Metric =
    seconds("archivist.event.lag", LONG, "From what happened to a blob to its entry in the catalogue");
/// How long messages waited.
pub const QUEUE_AGE: Metric =
    seconds("archivist.queue.age", LONG, "How long messages waited after they were due, before a function got them");
/// Answers of channels.
pub const CHANNEL_ANSWERS: Metric = counter("archivist.channel.answers", "{attempt}", "Answers of channels");
/// How long channels took.
pub const CHANNEL_DURATION: Metric = seconds("archivist.channel.duration", SHORT, "How long channels took to answer");
/// Effects of recordings and sessions.
pub const EFFECTS: Metric =
    counter("archivist.effects", "{effect}", "What was carried out: tags, notifications by type, deletions, facts");
/// Recordings by match.
pub const RECORDINGS: Metric = gauge("archivist.recordings", "{recording}", "Catalogued recordings, by their match");
/// Sessions without a recording.
pub const GAPS: Metric = gauge("archivist.gaps", "{session}", "Sessions that are known to have no recording");
/// Spans that were not sent.
pub const DROPPED: Metric =
    counter("archivist.telemetry.dropped", "{span}", "Spans for which there was no room or no collector");

/// Every metric.
pub const METRICS: [Metric; 14] = [
    INVOCATIONS, ERRORS, TIMEOUTS, COLDSTARTS, INVOKE_DURATION, OUTCOMES, LAG, QUEUE_AGE, CHANNEL_ANSWERS,
    CHANNEL_DURATION, EFFECTS, RECORDINGS, GAPS, DROPPED,
];
