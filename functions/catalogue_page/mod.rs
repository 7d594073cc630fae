//! HTTP: the catalogue as web pages, which only read.

mod access;
mod pages;
mod respond;
mod route;

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use catalogue_page::{Asked, Frame, Place, RefusedPage, assets};
use futures_util::FutureExt;
use pipeline::Archivist;
use tracing::{Instrument, info_span};

pub use self::access::{PageAccess, ROLE, Refused};
use self::respond::Answer;
use self::route::Wanted;
use crate::invocation::{Counts, Deadline, Outcome, Who};
use crate::watched;

/// The function's name: its folder, its span.
pub const FUNCTION: &str = "catalogue_page";

/// The longest question that is read, in bytes.
const LONGEST_QUESTION: usize = 4096;

/// Answers one request for a page. Who asked for what is logged.
pub async fn run(archivist: &Archivist, counts: &Counts, access: PageAccess, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let path = head.uri.path();
    let span = info_span!("catalogue_page");
    let watched = watched::page(FUNCTION, &span, &head.method, &head.headers);
    let call = async {
        let wanted = Wanted::of(path);
        let asked =
            head.uri.query().filter(|question| question.len() <= LONGEST_QUESTION).map(asked).unwrap_or_default();
        let is_read = [Method::GET, Method::HEAD].contains(&head.method);
        let answer = async {
            match wanted {
                _ if !is_read => Answer::not_allowed(),
                Some(Wanted::Style) => Answer::asset(assets::STYLE, "text/css; charset=utf-8"),
                Some(Wanted::Icon) => Answer::asset(assets::ICON, "image/svg+xml"),
                wanted => page(archivist, access, &head.headers, wanted, &asked).await,
            }
        };
        let deadline = Deadline::of_a_request();
        let answer = match tokio::time::timeout_at(deadline.at(), AssertUnwindSafe(answer).catch_unwind()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => {
                tracing::error!("call panicked");
                Answer::failed("The page broke down. It has been logged; try again.")
            }
            Err(_) => {
                tracing::error!("call given up at its deadline");
                Answer::failed("The page took too long. Ask for less, or try again.")
            }
        };
        let (status, reader, client) =
            (answer.status.as_u16(), answer.reader.as_deref(), Who::of(&head.headers).client);
        tracing::info!(function = FUNCTION, path, question = head.uri.query(), reader, client, status, "page read");
        counts.add(FUNCTION, outcome(answer.status));
        answer.respond(&head.headers, head.method == Method::HEAD)
    };
    let response = call.instrument(span).await;
    watched.end_page(response.status());
    response
}

fn outcome(status: StatusCode) -> Outcome {
    match status.as_u16() {
        ..400 => Outcome::Applied,
        400..500 => Outcome::Ignored("refused"),
        _ => Outcome::Transient("not_answered"),
    }
}

fn asked(question: &str) -> Asked {
    Asked(form_urlencoded::parse(question.as_bytes()).into_owned().collect())
}

async fn page(
    archivist: &Archivist,
    access: PageAccess,
    headers: &HeaderMap,
    wanted: Option<Wanted>,
    asked: &Asked,
) -> Answer {
    let reading = archivist.reading();
    let frame = |place, reader| Frame { place, now: reading.now, reader };
    let reader = match access.admit(headers) {
        Ok(reader) => reader,
        Err(refused) => return Answer::page(StatusCode::FORBIDDEN, &refusal(frame(None, None), &refused)),
    };
    let Some(wanted) = wanted else {
        return nothing_there(frame(None, reader.clone())).read_by(reader);
    };
    match pages::show(archivist, &wanted, asked, frame(place(&wanted), reader.clone())).await {
        Ok(answer) => answer.read_by(reader),
        Err(fault) => {
            tracing::warn!(%fault, "page not shown");
            Answer::failed("What the page shows cannot be read now. Try again in a minute.").read_by(reader)
        }
    }
}

fn place(wanted: &Wanted) -> Option<Place> {
    match wanted {
        Wanted::Overview => Some(Place::Overview),
        Wanted::Recordings | Wanted::Recording(_) => Some(Place::Recordings),
        Wanted::Sessions | Wanted::Session(..) | Wanted::Live => Some(Place::Sessions),
        Wanted::Gaps => Some(Place::Gaps),
        Wanted::Health => Some(Place::Health),
        Wanted::Style | Wanted::Icon => None,
    }
}

fn nothing_there(frame: Frame) -> Answer {
    let what = "It may have been removed, or the address is not complete.".to_owned();
    Answer::page(StatusCode::NOT_FOUND, &RefusedPage { frame, title: "There is no such page", what, steps: Vec::new() })
}

/// What to do for somebody who may not see a page.
fn refusal(frame: Frame, refused: &Refused) -> RefusedPage {
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
            format!("You are signed in as {}, who has not the app role {ROLE}.", domain::address::Printable(name)),
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
