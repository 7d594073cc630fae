//! HTTP trigger: serves the catalogue as read-only web pages.

mod access;
mod csv;
mod pages;
mod refusal;
mod respond;
mod route;

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use catalogue_page::{Frame, PageClock, PageQuery, assets};
use pipeline::Archivist;
use tracing::{Instrument, info_span};
use wiring::settings::PageAccess;

pub use self::access::{PageRefused, ROLE};
use self::respond::PageResponse;
use self::route::RequestedPage;
use crate::invocation::instrumentation::CallSpan;
use crate::invocation::{Caller, Counts, Deadline, InvocationOutcome, NoAnswer, RequestOutcome, with_deadline};

/// Function name: folder and span.
pub const FUNCTION: &str = "catalogue_page";

/// Longest query string to read, in bytes.
const LONGEST_QUESTION: usize = 4096;

/// Longest part of a path to log, in bytes.
const PATH_LOGGED: usize = 200;

/// Answers a request for a page, and logs who read it.
pub async fn run(archivist: &Archivist, counts: &Counts, access: PageAccess, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let span = info_span!("catalogue_page");
    let watched = CallSpan::of_a_request(FUNCTION, &span, &head, "/ui/{*path}");
    let call = async {
        let answer = with_deadline(Deadline::of_a_request(), answer(archivist, access, &head)).await;
        let answer = answer.unwrap_or_else(|why| match why {
            NoAnswer::Panicked => PageResponse::failed("The page failed. The error has been logged; try again."),
            NoAnswer::TooLate => PageResponse::failed("The page took too long. Ask for less, or try again."),
        });
        let path = head.uri.path();
        let (path, question) = (path.get(..PATH_LOGGED).unwrap_or(path), asked_in(&head).question());
        let client = Caller::of(&head.headers).client;
        let (status, reader) = (answer.outcome.status(), answer.reader.as_deref());
        tracing::info!(function = FUNCTION, path, question, reader, client, status = status.as_u16(), "page read");
        counts.add(FUNCTION, InvocationOutcome::of_a_request(status));
        answer.respond(&head.headers, head.method == Method::HEAD)
    };
    let response = call.instrument(span).await;
    watched.answered(response.status());
    response
}

async fn answer(archivist: &Archivist, access: PageAccess, head: &Parts) -> PageResponse {
    let is_read = [Method::GET, Method::HEAD].contains(&head.method);
    match head.uri.path() {
        _ if !is_read => PageResponse::not_allowed(),
        "/ui/style.css" => PageResponse::asset(assets::STYLE, "text/css; charset=utf-8"),
        "/ui/icon.svg" => PageResponse::asset(assets::ICON, "image/svg+xml"),
        path => page(archivist, access, &head.headers, path, &asked_in(head)).await,
    }
}

fn asked_in(head: &Parts) -> PageQuery {
    let question = head.uri.query().filter(|question| question.len() <= LONGEST_QUESTION);
    PageQuery::of(form_urlencoded::parse(question.unwrap_or_default().as_bytes()).into_owned())
}

async fn page(
    archivist: &Archivist,
    access: PageAccess,
    headers: &HeaderMap,
    path: &str,
    asked: &PageQuery,
) -> PageResponse {
    let reading = archivist.reading();
    let wanted = RequestedPage::of(path);
    let asked = &asked.only(wanted.as_ref().map_or(&[], RequestedPage::parameters));
    let frame = |place, reader| {
        let clock = PageClock::new(reading.now, reading.time_zone.clone());
        Frame::new(place, clock, reader).addressed(path, asked.clone())
    };
    let reader = match access::admit(access, headers) {
        Ok(reader) => reader,
        Err(refused) => {
            return PageResponse::page(RequestOutcome::Refused, &refusal::refusal(frame(None, None), &refused));
        }
    };
    let Some(wanted) = wanted else {
        return pages::absent(frame(None, reader.clone()), "There is no such page").read_by(reader);
    };
    match pages::show(archivist, &wanted, asked, frame(Some(wanted.place()), reader.clone())).await {
        Ok(answer) => answer.read_by(reader),
        Err(fault) => {
            tracing::warn!(%fault, "page not shown");
            PageResponse::failed("The data of the page cannot be read now. Try again in a minute.").read_by(reader)
        }
    }
}
