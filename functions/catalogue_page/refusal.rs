//! Page for refused requests.

use catalogue_page::{Frame, RefusedPage};
use domain::address::Printable;

use super::access::{PageRefused, ROLE};

/// Longest name of a time zone to repeat, in characters.
const ZONE_SHOWN: usize = 64;

/// Explains that there is no time zone of this name, and how to write one.
pub fn no_such_zone(frame: Frame, name: &str) -> RefusedPage {
    let name: String = name.chars().take(ZONE_SHOWN).collect();
    let what = format!("{} is not a name of the IANA time zone database.", Printable(&name));
    let steps = [
        "Write the continent and the city, as in Europe/Berlin, or UTC, in the field for the time zone below.",
        "Leave the field empty to see the times in the time zone of the configuration.",
    ];
    RefusedPage { frame, title: "There is no such time zone", what, steps: steps.map(str::to_owned).into() }
}

/// Explains that a file is not made with a filter that has no effect: nobody would notice it in the rows.
pub fn unknown_filter(frame: Frame) -> RefusedPage {
    RefusedPage {
        frame,
        title: "The file was not made",
        what: "The address has a parameter that this list does not have, so the file would contain more than you asked for."
            .to_owned(),
        steps: vec!["Remove the parameter from the address, or set the filter on the page and download from there.".to_owned()],
    }
}

/// Explains the refusal and its remedy.
pub fn refusal(frame: Frame, refused: &PageRefused) -> RefusedPage {
    let (title, what, steps) = match refused {
        PageRefused::NotSetUp => (
            "This page is not open yet",
            "The catalogue is not shown until it is protected by sign-in.".to_owned(),
            vec![
                "In the portal, open the function app, then Settings, Authentication, and add Microsoft as identity provider, and choose that requests which are not signed in are refused.".to_owned(),
                format!("In the app registration, add the app role {ROLE}, and assign it to the people who may read."),
                "Set the app setting ARCHIVIST_PAGE_AUTH to app-service. The templates in infra do all three.".to_owned(),
            ],
        ),
        PageRefused::WithoutAuthentication => (
            "App Service authentication is off",
            "ARCHIVIST_PAGE_AUTH is app-service, but WEBSITE_AUTH_ENABLED is not true: the platform does not say that it checks who signs in.".to_owned(),
            vec![
                "In the portal, open the function app, then Settings, Authentication: add Microsoft as identity provider, and enable App Service authentication. The templates in infra do this before they set ARCHIVIST_PAGE_AUTH.".to_owned(),
                "If it is enabled, restart the app: the platform sets WEBSITE_AUTH_ENABLED when the app starts.".to_owned(),
            ],
        ),
        PageRefused::NotSignedIn => (
            "Not signed in",
            "App Service authentication is configured for this page, but let a request through without a name.".to_owned(),
            vec!["In the portal, open the function app, then Settings, Authentication, and choose that requests which are not signed in are refused.".to_owned()],
        ),
        PageRefused::WithoutRole(name) => (
            "You do not have the role for this page",
            format!("You are signed in as {}, without the app role {ROLE}.", Printable(name)),
            vec![format!("Ask the administrator of the app registration to assign you {ROLE}, then sign in again.")],
        ),
        PageRefused::NotThisMachine => (
            "This page is for this machine",
            "It answers under localhost, 127.0.0.1 and [::1] only.".to_owned(),
            Vec::new(),
        ),
    };
    RefusedPage { frame, title, what, steps }
}
