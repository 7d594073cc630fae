//! Cards of posture checks.

use super::{all, bastion_of, text, time};
use crate::card::Section;
use crate::card::body::ParsedBody;
use domain::words::count;

pub(super) fn sas_expiring(body: &ParsedBody) -> (String, Section) {
    let mut rows = Section::default();
    rows.add("Bastion", text(body, "bastion"));
    rows.add("Ends", time(body, "expires_at"));
    let left = match body.number("days_left") {
        Some(0) => "in less than a day".to_owned(),
        Some(days) => format!("in {}", count(days, "day")),
        None => "soon".to_owned(),
    };
    let summary = format!(
        "{} loses its access to the container with recordings {left}; after that, no session can be opened.",
        bastion_of(body)
    );
    (summary, rows)
}

pub(super) fn suffix_limit(body: &ParsedBody) -> (String, Section) {
    let summary =
        "Names of recordings are near their last suffix; beyond it, sessions of that name are not recorded.".to_owned();
    (summary, found(body))
}

pub(super) fn finding(body: &ParsedBody) -> (String, Section) {
    let wanted = body.text("expected").map(|wanted| format!(" Expected: {wanted}.")).unwrap_or_default();
    (format!("{} is not set up correctly.{wanted}", body.subject), found(body))
}

pub(super) fn changed(body: &ParsedBody) -> (String, Section) {
    let done = body.text("done").unwrap_or("changed");
    let by = body.text("by").map(|by| format!(" by {by}")).unwrap_or_default();
    let thinks = match (body.number("findings"), body.number("not_checked")) {
        (Some(0), Some(0)) => " The setup is still correct.".to_owned(),
        (Some(0), Some(open)) => {
            format!(" No problem was found, but {} could not run.", count(open, "check"))
        }
        (Some(findings), _) => format!(" {} found.", count(findings, "problem")),
        (None, _) => String::new(),
    };
    let mut rows = Section::default();
    rows.add("What", text(body, "what").map(|what| what.replace('_', " ")));
    rows.add("Bastion", text(body, "bastion"));
    rows.add("Operation", text(body, "operation"));
    rows.add("From", text(body, "from"));
    rows.add("Found", all(body, "found"));
    rows.add("Correlation id", text(body, "correlation_id"));
    (format!("{} was {done}{by}.{thinks}", body.subject), rows)
}

fn found(body: &ParsedBody) -> Section {
    let mut rows = Section::default();
    rows.add("About", Some(body.subject.clone()));
    rows.add("Found", text(body, "found"));
    rows.add("Check", text(body, "check"));
    rows
}
