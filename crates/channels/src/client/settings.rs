use std::time::Duration;

use domain::address_guard::Loopback;

/// How the client may call out.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Whether receivers on this machine may be called.
    pub loopback: Loopback,
    /// Hosts that may have an address that is not public. Names, or addresses as they stand in a URL. The platform's own
    /// addresses, with the metadata service, are refused to them as well.
    pub allowed_hosts: Vec<String>,
    /// How long connecting may take, with name resolution and TLS.
    pub connect_timeout: Duration,
    /// How long one call may take in all. Keep it below the time that the function has left.
    pub request_timeout: Duration,
}

/// Public receivers only, 5 seconds to connect, 15 seconds in all.
impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            loopback: Loopback::Refused,
            allowed_hosts: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(15),
        }
    }
}
