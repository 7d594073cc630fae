//! Where log lines go. Levels: error, somebody must act; warn, it mends itself; info, what was done.

use tracing_subscriber::EnvFilter;

/// The HTTP client's own lines below `info` show where receivers are, and that is nobody's business.
const NEVER_BELOW_INFO: &str = "hyper=info,hyper_util=info,reqwest=info,rustls=info";

/// JSON lines on stdout: the host takes lines on stderr for errors.
pub fn for_the_host(filter: Option<&str>) {
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_current_span(true).with_span_list(false);
    // A second subscriber in one process is a test's own; the first one stays.
    let _ = subscriber.with_env_filter(filtered(filter.unwrap_or("info"))).with_writer(std::io::stdout).try_init();
}

/// Readable lines on stderr, warnings only unless asked for more: stdout is for answers.
pub fn for_people(filter: Option<&str>) {
    let subscriber = tracing_subscriber::fmt().compact().with_target(false);
    // As above.
    let _ = subscriber.with_env_filter(filtered(filter.unwrap_or("warn"))).with_writer(std::io::stderr).try_init();
}

fn filtered(filter: &str) -> EnvFilter {
    EnvFilter::new(format!("{filter},{NEVER_BELOW_INFO}"))
}
