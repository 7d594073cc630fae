//! Page for refused requests.

use catalogue_page::{Frame, RefusedPage};
use domain::address::Printable;

use super::access::{ROLE, Refused};

/// Explains the refusal and its remedy.
pub fn refusal(frame: Frame, refused: &Refused) -> RefusedPage {
    let (title, what, steps) = match refused {
        Refused::NotSetUp => (
            "This page is not open yet",
            "Nobody may see the catalogue until sign-in stands in front of it.".to_owned(),
            vec![
                "In the portal, open the function app, then Settings, Authentication, and add Microsoft as identity provider; requests that are not signed in are to be refused.".to_owned(),
                format!("In the app registration, add the app role {ROLE}, and assign it to those who may read."),
                "Set the app setting ARCHIVIST_PAGE_AUTH to app-service. The templates in infra do all three.".to_owned(),
            ],
        ),
        Refused::NotSignedIn => (
            "Nobody is signed in",
            "App Service authentication is said to stand in front of this page, and has let a request through without a name.".to_owned(),
            vec!["In the portal, open the function app, then Settings, Authentication, and choose that requests which are not signed in are refused.".to_owned()],
        ),
        Refused::WithoutRole(name) => (
            "You have not the role for this page",
            format!("You are signed in as {}, who has not the app role {ROLE}.", Printable(name)),
            vec![format!("Ask whoever looks after the app registration to assign you {ROLE}, then sign in again.")],
        ),
        Refused::NotThisMachine => (
            "This page is for this machine",
            "It answers under localhost, 127.0.0.1 and [::1] only.".to_owned(),
            Vec::new(),
        ),
    };
    RefusedPage { frame, title, what, steps }
}
