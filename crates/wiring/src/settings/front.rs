//! What stands in front of the port, as set by the platform.

/// Forwarder of requests for pages and the API. All other functions are called by the host only, at its own
/// address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Front {
    /// The platform. Its front end accepts requests for the app's own names only, signs users in, and
    /// answers browsers on other sites. The host forwards the caller's `Host` and `Origin`.
    Platform,
    /// None, or a host on this machine.
    #[default]
    Nobody,
}
