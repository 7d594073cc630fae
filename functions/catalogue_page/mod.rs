//! HTTP trigger: serves the catalogue as read-only web pages.

mod access;
mod csv;
mod pages;
mod refusal;
mod respond;
mod route;

use axum::extract::Request;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use catalogue_page::{Frame, PageClock, PageQuery, assets};
use jiff::tz::TimeZone;
use pipeline::{Archivist, CatalogueReader};
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

/// Parameters of every page.
const OF_EVERY_PAGE: [&str; 3] = ["format", "refresh", "tz"];
/// Parameters in which the host accepts the function key.
const OF_THE_HOST: [&str; 2] = ["code", "clientId"];
/// Maximum number of unknown parameters to name, and of the characters of a name.
const UNKNOWN_SHOWN: usize = 5;
const NAME_SHOWN: usize = 40;

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
        let client = Caller::from_headers(&head.headers).client;
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
        _ => page(archivist, access, head).await,
    }
}

fn asked_in(head: &Parts) -> PageQuery {
    PageQuery::from_pairs(pairs_in(head))
}

fn pairs_in(head: &Parts) -> impl Iterator<Item = (String, String)> {
    let question = head.uri.query().filter(|question| question.len() <= LONGEST_QUESTION);
    form_urlencoded::parse(question.unwrap_or_default().as_bytes()).into_owned()
}

/// Returns the names of the parameters that the page does not have. Their values may be keys, so only names are kept.
fn unknown_in(head: &Parts, parameters: &[&str]) -> Vec<String> {
    let is_known =
        |name: &str| parameters.contains(&name) || OF_EVERY_PAGE.contains(&name) || OF_THE_HOST.contains(&name);
    let names = pairs_in(head).map(|(name, _)| name).filter(|name| !name.is_empty() && !is_known(name));
    names.take(UNKNOWN_SHOWN).map(|name| name.chars().take(NAME_SHOWN).collect()).collect()
}

async fn page(archivist: &Archivist, access: PageAccess, head: &Parts) -> PageResponse {
    let reading = archivist.reading();
    let (path, asked) = (head.uri.path(), asked_in(head));
    let wanted = RequestedPage::parse(path);
    let parameters = wanted.as_ref().map_or(&[][..], RequestedPage::parameters);
    let selected = selected_zone(asked.get("tz"));
    let asked = &asked.only(parameters);
    let zone = selected.as_ref().ok().and_then(Option::as_ref).unwrap_or(reading.time_zone);
    let frame = |place, reader| {
        let clock = PageClock::new(reading.now, zone.clone());
        let frame = Frame::new(place, clock, reader).addressed(path, asked.clone());
        let unknown = if wanted.is_some() { unknown_in(head, parameters) } else { Vec::new() };
        Frame { is_zone_selected: matches!(selected, Ok(Some(_))), unknown, ..frame }
    };
    let reader = match access::admit(access, &head.headers) {
        Ok(reader) => reader,
        Err(refused) => {
            return PageResponse::page(RequestOutcome::Refused, &refusal::refusal(frame(None, None), &refused));
        }
    };
    if path == "/ui" {
        let question = asked_in(head).question();
        let question = if question.is_empty() { question } else { format!("?{question}") };
        return PageResponse::moved(format!("/ui/{question}")).read_by(reader);
    }
    let Some(wanted) = &wanted else {
        return pages::absent(frame(None, reader.clone()), "There is no such page").read_by(reader);
    };
    let frame = frame(Some(wanted.place()), reader.clone());
    if let Err(name) = &selected {
        let page = refusal::no_such_zone(frame, name);
        return PageResponse::page(RequestOutcome::BadQuery, &page).read_by(reader);
    }
    if asked.get("format") == Some("csv") && !frame.unknown.is_empty() {
        return PageResponse::page(RequestOutcome::BadQuery, &refusal::unknown_filter(frame)).read_by(reader);
    }
    let reading = CatalogueReader { time_zone: zone, ..reading };
    match pages::show(archivist, &reading, wanted, asked, frame).await {
        Ok(answer) => {
            let zone = selected.ok().flatten();
            answer.in_zone(zone.as_ref().and_then(TimeZone::iana_name)).read_by(reader)
        }
        Err(fault) => {
            tracing::warn!(%fault, "page not shown");
            PageResponse::failed("The data of the page cannot be read now. Try again in a minute.").read_by(reader)
        }
    }
}

/// Returns the zone of this name, or `None` without a name. Returns the name if there is no such zone.
fn selected_zone(name: Option<&str>) -> Result<Option<TimeZone>, String> {
    name.map(|name| configuration::time_zone(name).map_err(|_| name.to_owned())).transpose()
}
