//! Sends telemetry to the collector, with the same guarded client as channels.

use std::sync::Arc;

use adapters_local::SystemClock;
use async_trait::async_trait;
use channels::client::{ClientSettings, Destination, GuardedClient};
use domain::address_guard::Loopback;
use pipeline::ports::Clock;
use telemetry::{Collection, NotSent, Resource, Sending, Signal, TraceLayer};
use wiring::CommandError;
use wiring::settings::CollectorSettings;

/// Name of the program.
const PROGRAM: &str = "bastion-archivist";

/// Starts telemetry for a collector. Its URL must be https, or on this machine; its host may have a private
/// address.
pub fn collect(collector: &CollectorSettings) -> Result<(TraceLayer, Collection), CommandError> {
    let sending = OverHttp::to(collector)?;
    let clock = SystemClock;
    // Nanoseconds since 1970 fit into 64 bits until 2554.
    let now = move || u64::try_from(clock.now().as_nanosecond()).unwrap_or_default();
    Ok(telemetry::start(resource(collector), now, Arc::new(sending)))
}

/// Service name: as set, or the app's name, or the program's name.
fn resource(collector: &CollectorSettings) -> Resource {
    let app = collector.app.clone();
    let service = collector.service.clone().or_else(|| app.clone());
    let service = service.unwrap_or_else(|| PROGRAM.to_owned());
    Resource { service, version: env!("CARGO_PKG_VERSION"), app }
}

struct OverHttp {
    client: GuardedClient,
    traces: Destination,
    metrics: Destination,
    headers: Vec<(String, String)>,
}

impl OverHttp {
    fn to(collector: &CollectorSettings) -> Result<Self, CommandError> {
        let (url, headers) = (&collector.endpoint.url, collector.endpoint.headers.clone());
        let client = ClientSettings {
            loopback: Loopback::Allowed,
            allowed_hosts: host(url).into_iter().collect(),
            ..ClientSettings::default()
        };
        let client = GuardedClient::new(client).map_err(CommandError::needed)?;
        let to = |signal: Signal| {
            let wrong = |error| format!("OTEL_EXPORTER_OTLP_ENDPOINT: {error}; write the https URL of a collector");
            client.destination(&format!("{url}/{}", signal.path())).map_err(wrong)
        };
        match (to(Signal::Traces), to(Signal::Metrics)) {
            (Ok(traces), Ok(metrics)) => Ok(Self { traces, metrics, headers, client }),
            (Err(problem), _) | (_, Err(problem)) => Err(CommandError::Problems(vec![problem])),
        }
    }
}

/// Returns the host of a URL.
fn host(url: &str) -> Option<String> {
    let uri: axum::http::Uri = url.parse().ok()?;
    uri.host().map(|host| host.trim_matches(['[', ']']).to_owned())
}

#[async_trait]
impl Sending for OverHttp {
    async fn send(&self, signal: Signal, body: String) -> Result<(), NotSent> {
        let to = match signal {
            Signal::Traces => &self.traces,
            Signal::Metrics => &self.metrics,
        };
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers: Vec<_> = headers.chain([("content-type", "application/json")]).collect();
        let reply = self.client.post(to, &headers, body).await.map_err(|error| NotSent(error.to_string()))?;
        let is_taken = (200..300).contains(&reply.status);
        is_taken.then_some(()).ok_or_else(|| NotSent(format!("status {}", reply.status)))
    }
}

#[cfg(test)]
mod tests {
    use telemetry::Endpoint;

    use super::*;

    #[test]
    fn a_service_is_named_by_setting_app_or_program() {
        let endpoint = Endpoint { url: "https://otel.example".to_owned(), headers: Vec::new() };
        let named = |service: Option<&str>, app: Option<&str>| {
            let (service, app) = (service.map(str::to_owned), app.map(str::to_owned));
            resource(&CollectorSettings { endpoint: endpoint.clone(), service, app }).service
        };
        assert_eq!(named(Some("x"), Some("func")), "x");
        assert_eq!(named(None, Some("func")), "func");
        assert_eq!(named(None, None), "bastion-archivist");
    }

    #[test]
    fn a_collector_on_a_private_address_requires_tls() {
        let to = |url: &str| {
            let endpoint = Endpoint { url: url.to_owned(), headers: Vec::new() };
            OverHttp::to(&CollectorSettings { endpoint, service: None, app: None }).is_ok()
        };
        assert!(to("https://10.0.0.4:4318") && to("https://otel.example") && to("http://127.0.0.1:4318"));
        assert!(!to("http://10.0.0.4:4318") && !to("http://otel.example:4317") && !to("otel.example"));
        assert!(!to("https://169.254.169.254"), "the platform's own");
    }
}
