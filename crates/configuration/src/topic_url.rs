//! Endpoint of an Event Grid topic.

use std::fmt;

use domain::cloud::{CalledService, Cloud, ExtraSuffixes};
use thiserror::Error;
use url::Url;

/// Endpoint of a custom topic: `https://<topic>.<region>-1.eventgrid.azure.net/api/events`, in any known
/// cloud or right below an extra suffix. Requests carry a token of the app's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicUrl {
    url: Url,
    cloud: Cloud,
}

/// Error of a topic endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TopicUrlError {
    /// Not an https URL, or it carries a user, a port, a query or a fragment.
    #[error("is not the endpoint of a topic")]
    Malformed,
    /// A host of no known cloud, to which no token may be sent.
    #[error("is not a host of a known cloud, and gets no token")]
    UnknownHost,
}

impl TopicUrlError {
    /// Returns the correct form to write.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Malformed => {
                "copy the topic endpoint from the portal: https://<topic>.<region>-1.eventgrid.azure.net/api/events"
            }
            Self::UnknownHost => {
                "copy the topic endpoint from the portal: https://<topic>.<region>-1.eventgrid.azure.net/api/events, or its equivalent in another cloud; a suffix of your own must be in the app setting ARCHIVIST_EXTRA_SUFFIXES"
            }
        }
    }
}

impl TopicUrl {
    /// Parses a topic endpoint.
    pub fn parse(text: &str, extra: &ExtraSuffixes) -> Result<Self, TopicUrlError> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\%@?#".contains(&byte));
        let url = Url::parse(text).ok().filter(|url| is_plain && url.scheme() == "https" && url.port().is_none());
        let url = url.ok_or(TopicUrlError::Malformed)?;
        let known = CalledService::Topic.known(url.host_str().unwrap_or_default(), extra);
        let cloud = known.ok_or(TopicUrlError::UnknownHost)?.cloud;
        Ok(Self { url, cloud })
    }

    /// Returns the cloud of the topic, which determines the scope of its token.
    pub fn cloud(&self) -> Cloud {
        self.cloud
    }
}

impl fmt::Display for TopicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Cloud, TopicUrlError> {
        TopicUrl::parse(text, &ExtraSuffixes::parse("topics.corp.example").unwrap()).map(|url| url.cloud())
    }

    #[test]
    fn a_topic_belongs_to_a_known_cloud_or_an_extra_suffix() {
        assert_eq!(parse("https://t01.westeurope-1.eventgrid.azure.net/api/events"), Ok(Cloud::Public));
        assert_eq!(parse("https://t01.chinanorth3-1.eventgrid.azure.cn/api/events"), Ok(Cloud::China));
        assert_eq!(parse("https://t01.usgovvirginia-1.eventgrid.azure.us/api/events"), Ok(Cloud::UsGovernment));
        assert_eq!(parse("https://t01.topics.corp.example/api/events"), Ok(Cloud::Public));
    }

    #[test]
    fn no_other_host_is_a_topic() {
        for text in [
            "https://t01.westeurope-1.eventgrid.azure.net.evil.example/api/events",
            "https://evil.example/api/events",
            "https://10.0.0.4/api/events",
            "https://127.0.0.1/api/events",
            "https://localhost/api/events",
        ] {
            assert_eq!(parse(text), Err(TopicUrlError::UnknownHost), "{text}");
        }
        for text in [
            "http://t01.westeurope-1.eventgrid.azure.net/api/events",
            "http://127.0.0.1:7000/api/events",
            "https://t01.westeurope-1.eventgrid.azure.net:8443/api/events",
            "https://evil.example@t01.westeurope-1.eventgrid.azure.net/api/events",
            "https://t01.westeurope-1.eventgrid.azure.net/api/events?code=x",
            "https://t01.westeurope-1.eventgrid\u{3002}azure.net/api/events",
            "t01.westeurope-1.eventgrid.azure.net",
        ] {
            assert_eq!(parse(text), Err(TopicUrlError::Malformed), "{text}");
        }
    }
}
