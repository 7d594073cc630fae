use std::time::Duration;

use domain::address_guard::Loopback;

/// Settings of the guarded client.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Permission to call receivers on this machine.
    pub loopback: Loopback,
    /// Hosts that may have a non-public address: names, or addresses as written in a URL. The platform's own
    /// addresses, including the metadata service, stay blocked.
    pub allowed_hosts: Vec<String>,
    /// Timeout for connecting, including name resolution and TLS.
    pub connect_timeout: Duration,
    /// Timeout of the whole call. Keep it below the remaining time of the function.
    pub request_timeout: Duration,
}

/// Public receivers only, 5 seconds to connect, 15 seconds in total.
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
