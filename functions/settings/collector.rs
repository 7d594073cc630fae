use telemetry::Endpoint;

/// Where traces and metrics go, and who they say they are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// Where.
    pub endpoint: Endpoint,
    /// What the process is to be called, where somebody says so.
    pub service: Option<String>,
    /// The function app's name, where the process runs in one.
    pub app: Option<String>,
}

impl Collector {
    /// As the settings say. An error says what is wrong with them, and shows no value.
    pub(super) fn read(text: &impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        let (url, headers) = (text("OTEL_EXPORTER_OTLP_ENDPOINT"), text("OTEL_EXPORTER_OTLP_HEADERS"));
        let Some(url) = url else { return Ok(None) };
        let endpoint = Endpoint::parse(&url, headers.as_deref());
        let endpoint = endpoint.map_err(|error| format!("OTEL_EXPORTER_OTLP_HEADERS: {error}"))?;
        Ok(Some(Self { endpoint, service: text("OTEL_SERVICE_NAME"), app: text("WEBSITE_SITE_NAME") }))
    }
}
