//! Log output. Levels: error, a person must act; warn, recovers by itself; info, work done.

mod redacting;
mod traced;

use telemetry::{TraceLayer, wanted};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use self::redacting::Redacting;
use self::traced::Traced;

/// Lines of the HTTP client below `info` contain the addresses of receivers, which are confidential.
const NEVER_BELOW_INFO: &str = "hyper=info,hyper_util=info,reqwest=info,rustls=info";

/// Logs JSON lines on stdout, because the host treats stderr as errors. `layer` collects traces independent
/// of the log filter; with it, each line of a call has trace and span ids.
pub fn for_the_host(filter: Option<&str>, layer: Option<TraceLayer>) {
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
    let lines = lines
        .map_event_format(Traced)
        .with_writer(|| Redacting(std::io::stdout()))
        .with_filter(filtered(filter.unwrap_or("info")));
    let watched = layer.map(|layer| layer.with_filter(filter_fn(wanted)));
    // Fails only if a test installed a subscriber before; that one stays.
    let _ = tracing_subscriber::registry().with(lines).with(watched).try_init();
}

/// Logs readable lines on stderr, warnings only by default, because stdout is for results.
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
