//! Settings of the telemetry collector.

use telemetry::Endpoint;

/// Collector of traces and metrics, and the name of their source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorSettings {
    /// URL and headers of the collector.
    pub endpoint: Endpoint,
    /// Configured service name.
    pub service: Option<String>,
    /// Name of the function app, if the process runs in one.
    pub app: Option<String>,
}

impl CollectorSettings {
    /// Reads the settings. Returns an error with the name of the invalid setting, without its value.
    pub(super) fn read(text: &impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        let (url, headers) = (text("OTEL_EXPORTER_OTLP_ENDPOINT"), text("OTEL_EXPORTER_OTLP_HEADERS"));
        let Some(url) = url else { return Ok(None) };
        let endpoint = Endpoint::parse(&url, headers.as_deref());
        let endpoint = endpoint.map_err(|error| format!("OTEL_EXPORTER_OTLP_HEADERS: {error}"))?;
        Ok(Some(Self { endpoint, service: text("OTEL_SERVICE_NAME"), app: text("WEBSITE_SITE_NAME") }))
    }
}
