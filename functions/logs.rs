//! Where log lines go. Levels: error, somebody must act; warn, it mends itself; info, what was done.

mod redacting;
mod traced;

use telemetry::{TraceLayer, wanted};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use self::redacting::Redacting;
use self::traced::Traced;

/// The HTTP client's own lines below `info` show where receivers are, and that is nobody's business.
const NEVER_BELOW_INFO: &str = "hyper=info,hyper_util=info,reqwest=info,rustls=info";

/// JSON lines on stdout: the host takes lines on stderr for errors. What `layer` hears is its own, whatever is logged; with
/// it, each line of a call names trace and span.
pub fn for_the_host(filter: Option<&str>, layer: Option<TraceLayer>) {
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
    let lines = lines
        .map_event_format(Traced)
        .with_writer(|| Redacting(std::io::stdout()))
        .with_filter(filtered(filter.unwrap_or("info")));
    let watched = layer.map(|layer| layer.with_filter(filter_fn(wanted)));
    // A second subscriber in one process is a test's own; the first one stays.
    let _ = tracing_subscriber::registry().with(lines).with(watched).try_init();
}

/// Readable lines on stderr, warnings only unless asked for more: stdout is for answers.
pub fn for_people(filter: Option<&str>) {
    let subscriber = tracing_subscriber::fmt().compact().with_target(false);
    // As above.
    let _ = subscriber
        .with_env_filter(filtered(filter.unwrap_or("warn")))
        .with_writer(|| Redacting(std::io::stderr()))
        .try_init();
}

fn filtered(filter: &str) -> EnvFilter {
    EnvFilter::new(format!("{filter},{NEVER_BELOW_INFO}"))
}
