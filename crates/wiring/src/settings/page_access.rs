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
    /// No one: App Service authentication is expected, but the platform does not say that it is enabled. Without it,
    /// anyone can send the header with the signed-in user.
    WithoutAuthentication,
    /// Users of this machine.
    Loopback,
}

impl PageAccess {
    /// Reads the settings. Under a function app, which has `WEBSITE_SITE_NAME`, App Service authentication counts only
    /// if the platform says in `WEBSITE_AUTH_ENABLED` that it is enabled. Returns an error for an unknown value.
    pub(super) fn read(text: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let Some(value) = text("ARCHIVIST_PAGE_AUTH") else { return Ok(Self::Nobody) };
        if value != APP_SERVICE {
            return Err(format!(
                "ARCHIVIST_PAGE_AUTH: {value:?} is not a kind of sign-in for the page; write app-service, or leave it out"
            ));
        }
        let is_enabled = text("WEBSITE_AUTH_ENABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if text("WEBSITE_SITE_NAME").is_some() && !is_enabled {
            return Ok(Self::WithoutAuthentication);
        }
        Ok(Self::AppService)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<PageAccess, String> {
        PageAccess::read(&|name| pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn an_unknown_page_access_is_rejected() {
        assert_eq!(read(&[]), Ok(PageAccess::Nobody));
        assert_eq!(read(&[("ARCHIVIST_PAGE_AUTH", "app-service")]), Ok(PageAccess::AppService));
        for value in ["none", "App-Service", "loopback"] {
            assert!(read(&[("ARCHIVIST_PAGE_AUTH", value)]).is_err(), "{value}");
        }
    }

    #[test]
    fn a_function_app_whose_authentication_is_off_serves_no_pages() {
        let app = [("ARCHIVIST_PAGE_AUTH", "app-service"), ("WEBSITE_SITE_NAME", "func")];
        assert_eq!(read(&app), Ok(PageAccess::WithoutAuthentication));
        let with = |value| read(&[app[0], app[1], ("WEBSITE_AUTH_ENABLED", value)]);
        for value in ["True", "true", "tRUE"] {
            assert_eq!(with(value), Ok(PageAccess::AppService), "{value}");
        }
        for value in ["False", "1", " true", ""] {
            assert_eq!(with(value), Ok(PageAccess::WithoutAuthentication), "{value}");
        }
        assert_eq!(read(&[app[1], ("WEBSITE_AUTH_ENABLED", "True")]), Ok(PageAccess::Nobody));
    }
}
