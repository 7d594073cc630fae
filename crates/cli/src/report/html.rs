//! Coverage report as one page without scripts, ready to print.

use std::fmt::Write;

use domain::address::Printable;
use pipeline::view::{CoverageView, FigureDefinitionView, FiguresView};

const STYLE: &str = "body{font:10pt/1.4 system-ui,sans-serif;margin:2em;color:#111;background:#fff}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .5em;text-align:left;\
vertical-align:top;overflow-wrap:anywhere}td.number{text-align:right;font-variant-numeric:tabular-nums}\
.unknown{color:#555;font-style:italic}thead{display:table-header-group}tr{break-inside:avoid}h1{font-size:16pt}\
h2{font-size:12pt;break-after:avoid}@page{margin:1.5cm;size:A4}";

/// Returns the page.
pub(super) fn page(view: &CoverageView) -> String {
    let mut page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Coverage of {month}</title><style>{STYLE}</style></head><body><h1>Coverage of {month}</h1>\
         <p>{from} to {to}, in UTC. Made {as_of}{over}. Sessions are counted {counted}. The ledger was {verified}.</p>",
        month = view.month,
        from = view.from,
        to = view.to,
        as_of = view.as_of,
        over = if view.over { "" } else { ", before the month was over" },
        counted = view.counted_to.map_or_else(|| "not on every day".to_owned(), |day| format!("to {day}")),
        verified = view.ledger_verified_at.map_or_else(|| "not verified yet".to_owned(), |at| format!("verified {at}")),
    );
    section(&mut page, "All bastions", None, &view.total, &view.definitions);
    for one in &view.bastions {
        let read = match one.log_read_to {
            Some(at) => format!("Its audit log was read to {at}."),
            None => "Its audit log was not read.".to_owned(),
        };
        section(&mut page, &escaped(&one.bastion), Some(&read), &one.figures, &view.definitions);
    }
    page.push_str("</body></html>\n");
    page
}

/// Writes a table of figures with their definitions. `title` is escaped already.
fn section(
    page: &mut String,
    title: &str,
    note: Option<&str>,
    figures: &FiguresView,
    definitions: &[FigureDefinitionView],
) {
    let note = note.map(|note| format!("<p>{note}</p>")).unwrap_or_default();
    page.push_str("<section><h2><bdi>");
    page.push_str(title);
    page.push_str("</bdi></h2>");
    page.push_str(&note);
    page.push_str("<table><thead><tr><th>Figure</th><th>Value</th><th>Definition</th></tr></thead><tbody>");
    for definition in definitions {
        let Some(value) = figures.figures.get(definition.name) else { continue };
        let value = match value {
            Some(value) if definition.unit == "percent" => format!("{value} %"),
            Some(value) => value.to_string(),
            None => {
                let why = figures.unknown.get(definition.name).copied().unwrap_or_default();
                format!("<span class=\"unknown\">not counted: {}</span>", escaped(why))
            }
        };
        let (title, meaning) = (escaped(definition.title), escaped(definition.definition));
        // Writing to a string cannot fail.
        let _ = write!(page, "<tr><th>{title}</th><td class=\"number\">{value}</td><td>{meaning}</td></tr>");
    }
    page.push_str("</tbody></table></section>");
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in Printable(text).to_string().chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_stays_text() {
        assert_eq!(escaped("<b onload='x'>&\"\n"), "&lt;b onload=&#39;x&#39;&gt;&amp;&quot;\\u{a}");
    }
}
