use telemetry::{Endpoint, Resource};

/// Where traces and metrics go, and who they say they are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// Where.
    pub endpoint: Endpoint,
    /// Who.
    pub resource: Resource,
}

impl Collector {
    /// As the settings say. An error says what is wrong with them, and shows no value.
    pub(super) fn read(text: &impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        let (url, headers) = (text("OTEL_EXPORTER_OTLP_ENDPOINT"), text("OTEL_EXPORTER_OTLP_HEADERS"));
        let Some(url) = url else { return Ok(None) };
        let endpoint = Endpoint::parse(&url, headers.as_deref());
        let endpoint = endpoint.map_err(|error| format!("OTEL_EXPORTER_OTLP_HEADERS: {error}"))?;
        let app = text("WEBSITE_SITE_NAME");
        let named = text("OTEL_SERVICE_NAME").or_else(|| app.clone());
        let service = named.unwrap_or_else(|| env!("CARGO_PKG_NAME").to_owned());
        Ok(Some(Self { endpoint, resource: Resource { service, version: env!("CARGO_PKG_VERSION"), app } }))
    }
}
