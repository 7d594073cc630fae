//! Cards of legal holds.

use super::text;
use crate::card::Section;
use crate::card::body::ParsedBody;

pub(super) fn placed(body: &ParsedBody) -> (String, Section) {
    let summary = format!("Recordings are kept for case {} until the hold is released.", case(body));
    (summary, rows(body, "Placed by"))
}

pub(super) fn released(body: &ParsedBody) -> (String, Section) {
    let summary = format!(
        "Recordings are no longer kept for case {}. Their policy applies again, unless another hold keeps them.",
        case(body)
    );
    (summary, rows(body, "Released by"))
}

fn case(body: &ParsedBody) -> &str {
    body.text("case").unwrap_or(&body.subject)
}

fn rows(body: &ParsedBody, by: &str) -> Section {
    let mut rows = Section::default();
    rows.add("Case", Some(case(body).to_owned()));
    rows.add("Reason", text(body, "reason"));
    rows.add("Covers", text(body, "scope"));
    rows.add(by, text(body, "by").map(|name| name + verified(body)));
    rows.add("Hold", text(body, "hold"));
    rows
}

fn verified(body: &ParsedBody) -> &'static str {
    match body.text("verified") {
        Some("no") => " (not verified)",
        _ => "",
    }
}
