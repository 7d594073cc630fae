//! Readers of the web pages, as set.

/// Value of `ARCHIVIST_PAGE_AUTH` if App Service authentication protects the pages.
const APP_SERVICE: &str = "app-service";

/// Readers of the web pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageAccess {
    /// No one: sign-in is not configured.
    #[default]
    Nobody,
    /// Users admitted by App Service authentication with the role of readers.
    AppService,
    /// Users of this machine.
    Loopback,
}

impl PageAccess {
    /// Parses `ARCHIVIST_PAGE_AUTH`. Returns `None` for an unknown value.
    pub fn parse(setting: &str) -> Option<Self> {
        (setting == APP_SERVICE).then_some(Self::AppService)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_page_access_is_rejected() {
        assert_eq!(PageAccess::parse("app-service"), Some(PageAccess::AppService));
        assert_eq!(["", "none", "App-Service", "loopback"].map(PageAccess::parse), [None; 4]);
    }
}
