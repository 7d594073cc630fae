//! Page for people: what the bundle contains, without scripts, ready to print.

use std::fmt::Write;
use std::io;

use crate::documents::{RecordingDocument, Unknown};
use crate::manifest::{AnchorForm, HeadForm, Manifest, Selected};

/// Version of the page for the same data. Raise it with every change of the page's bytes: verification compares a page
/// of its own version only.
pub const PAGE_VERSION: u32 = 2;

/// Facts at the head of the page.
pub struct PageHead<'a> {
    /// Newest time in the shown state.
    pub as_of: &'a str,
    /// Selection of the recordings.
    pub selection: &'a [Selected],
    /// Number of recordings.
    pub recordings: u64,
    /// Last line of the ledger.
    pub head: Option<&'a HeadForm>,
    /// Last anchored head.
    pub anchor: Option<&'a AnchorForm>,
}

impl<'a> PageHead<'a> {
    /// Returns the facts of a manifest.
    pub fn from_manifest(manifest: &'a Manifest) -> Self {
        let Manifest { as_of, selection, recordings, head, anchor, .. } = manifest;
        Self { as_of, selection, recordings: *recordings, head: head.as_ref(), anchor: anchor.as_ref() }
    }
}

const STYLE: &str = "body{font:10pt/1.4 system-ui,sans-serif;margin:2em;color:#111;background:#fff}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .5em;text-align:left;\
vertical-align:top;overflow-wrap:anywhere}thead{display:table-header-group}tr{break-inside:avoid}\
code{font-size:9pt}h1{font-size:16pt}h2{font-size:12pt;break-after:avoid}@page{margin:1.5cm;size:A4 landscape}";

const CHECK: &str = "<h2>How to check this bundle</h2><p>This page is a summary. The files beside it are the evidence: \
<code>recordings.jsonl</code> (entry, sessions, audit records and policy of each recording), <code>holds.jsonl</code>, \
<code>ledger/</code> and <code>manifest.json</code> with the SHA-256 of every file. \
<code>archivist evidence verify FILE</code> checks all of them without a network. Unsigned, the bundle proves only that \
its parts fit each other. A signature shows who made it. A head of the ledger that a receiver holds shows what cannot have \
been written later.</p>";

const AFTER_ROWS: &str = "</tbody></table>";
const NO_UNKNOWN: &str = "<h2>Unknown</h2><p>Nothing that was asked for is missing.</p>";
const UNKNOWN: &str = "<h2>Unknown</h2><table><thead><tr><th>Recording or hold</th><th>Missing</th><th>Reason</th></tr></thead>\
<tbody>";
const END: &str = "</body></html>\n";

/// Writes the page. `next` returns one line of `recordings.jsonl` at a time, and `None` at the end; `unknown` are the
/// things that are unknown.
///
/// # Errors
/// The lines cannot be read, or the page cannot be written.
pub fn write_page(
    head: &PageHead<'_>,
    unknown: &[Unknown],
    mut next: impl FnMut() -> io::Result<Option<Vec<u8>>>,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    write(beginning(head).as_bytes())?;
    while let Some(line) = next()? {
        let document = serde_json::from_slice::<RecordingDocument>(&line).map_err(io::Error::other)?;
        write(row(&document).as_bytes())?;
    }
    let mut end = PageEnd::default();
    for one in unknown {
        write(end.unknown(one).as_bytes())?;
    }
    write(end.finish().as_bytes())
}

/// Writes the part behind the recordings in pieces.
#[derive(Default)]
pub(crate) struct PageEnd {
    has_unknown: bool,
}

impl PageEnd {
    /// Returns the next piece: the row of something unknown.
    pub(crate) fn unknown(&mut self, one: &Unknown) -> String {
        let before = if std::mem::replace(&mut self.has_unknown, true) {
            String::new()
        } else {
            format!("{AFTER_ROWS}{UNKNOWN}")
        };
        let Unknown { about, what, reason } = one;
        let [about, what, reason] = [about, what, reason].map(|text| escaped(text));
        format!("{before}<tr><td>{about}</td><td>{what}</td><td>{reason}</td></tr>")
    }

    /// Returns the last piece.
    pub(crate) fn finish(&self) -> String {
        if self.has_unknown {
            format!("</tbody></table>{CHECK}{END}")
        } else {
            format!("{AFTER_ROWS}{NO_UNKNOWN}{CHECK}{END}")
        }
    }
}

/// Returns the part before the recordings.
pub(crate) fn beginning(head: &PageHead<'_>) -> String {
    let mut page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Evidence bundle</title><style>{STYLE}</style></head><body><h1>Evidence bundle</h1><table><tbody>"
    );
    let mut fact = |name: &str, value: &str| {
        let _ = write!(page, "<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value));
    };
    fact("State as of", head.as_of);
    for Selected { option, value } in head.selection {
        fact(&format!("Selected by {option}"), value);
    }
    fact("Recordings", &head.recordings.to_string());
    match head.head {
        Some(head) => fact("Head of the ledger", &in_words(head)),
        None => fact("Head of the ledger", "there is no ledger"),
    }
    match head.anchor {
        Some(anchor) => {
            let anchor_text = format!("{}, sent {}", in_words(&anchor.head), anchor.sent_at);
            fact("Last head sent to receivers", &anchor_text);
        }
        None => fact("Last head sent to receivers", "none was sent"),
    }
    page.push_str("</tbody></table><h2>Recordings</h2><table><thead><tr>");
    for heading in ["Recording", "Person and machine", "Time (UTC)", "Content", "Retention and holds", "Audit records"]
    {
        let _ = write!(page, "<th>{heading}</th>");
    }
    page.push_str("</tr></thead><tbody>");
    page
}

fn in_words(head: &HeadForm) -> String {
    format!("segment {}, line {}, {}, hash {}", head.segment, head.seq + 1, head.at, head.hash)
}

/// Returns the row of a recording.
pub(crate) fn row(document: &RecordingDocument) -> String {
    let recording = &document.recording;
    let session = recording.session.as_ref();
    let or_unknown = |text: Option<&String>| text.cloned().unwrap_or_else(|| "unknown".to_owned());
    let machine = session.and_then(|session| session.target_resource_id.as_ref().or(session.target_ip.as_ref()));
    let names = [
        document.id.clone(),
        format!("{} in {}/{}", recording.name, recording.account, recording.container),
        format!("bastion {}, {}", recording.bastion, recording.state),
    ];
    let people = [
        format!("person: {} ({})", or_unknown(recording.person.as_ref()), recording.matching),
        format!("account: {}", or_unknown(session.and_then(|session| session.user_name.as_ref()))),
        format!("machine: {}", or_unknown(machine)),
        format!("from: {}", or_unknown(session.and_then(|session| session.client_ip.as_ref()))),
    ];
    let times = [
        format!("session: {}", or_unknown(session.and_then(|session| session.started_at.as_ref()))),
        format!("to {}", or_unknown(session.and_then(|session| session.ended_at.as_ref()))),
        format!("recording: {}", or_unknown(recording.created_at.as_ref())),
        format!("to {}", or_unknown(recording.last_modified.as_ref())),
    ];
    let size = recording.size_bytes.map_or_else(|| "unknown size".to_owned(), |size| format!("{size} bytes"));
    let mut content = vec![size, format!("SHA-256 {}", or_unknown(recording.content_sha256.as_ref()))];
    content.extend(document.content.as_ref().map(|content| match (&content.file, &content.unknown) {
        (Some(file), _) => format!("included: {file}"),
        (None, reason) => format!("not included: {}", or_unknown(reason.as_ref())),
    }));
    let mut custody: Vec<String> = recording
        .retention
        .iter()
        .map(|kept| {
            let end = kept
                .delete_after
                .as_deref()
                .map_or_else(|| "for ever".to_owned(), |end| format!("at most until {end}"));
            format!(
                "class {}: not deleted before {} ends, stays {end}; {}",
                kept.class, kept.retain_until, kept.verdict
            )
        })
        .collect();
    custody.extend(recording.holds.iter().map(|held| format!("on hold for case {}", held.case)));
    custody.extend(recording.deletion.iter().map(|deletion| format!("deleted {}", deletion.at)));
    let mut audit = vec![format!("{} included", document.audit.records.len())];
    audit.extend(document.audit.sessions.iter().filter_map(|session| session.unknown.clone()));
    let cells = [names.to_vec(), people.to_vec(), times.to_vec(), content, custody, audit];
    let cells: String = cells.iter().map(|lines| format!("<td>{}</td>", escaped_lines(lines))).collect();
    format!("<tr>{cells}</tr>")
}

fn escaped_lines(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br>")
}

/// Returns a text for any place outside of a tag. Control characters are shown as they are written in Rust.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Marks that change the direction of text would let a name pose as another.
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
                safe.extend(letter.escape_unicode());
            }
            letter if letter.is_control() => safe.extend(letter.escape_debug()),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use domain::record::ledger::{Hashing, Sha256};

    use super::*;

    const FULL: &str = include_str!("../tests/golden/recording.json");

    fn page_of(lines: &[&str], unknown: &[Unknown], head: &PageHead<'_>) -> Sha256 {
        let (mut hashing, mut lines) = (Hashing::default(), lines.iter());
        let mut write = |piece: &[u8]| {
            hashing.add(piece);
            Ok(())
        };
        write_page(head, unknown, || Ok(lines.next().map(|line| line.as_bytes().to_vec())), &mut write).unwrap();
        hashing.done()
    }

    #[test]
    fn a_page_with_other_bytes_has_another_version() {
        let head = HeadForm { segment: "000001".to_owned(), seq: 1, at: "t".to_owned(), hash: "h".to_owned() };
        let anchor = AnchorForm { head: head.clone(), sent_at: "s".to_owned(), notification: "n".to_owned() };
        let selection = [Selected { option: "case".to_owned(), value: "C1".to_owned() }];
        let full =
            PageHead { as_of: "a", selection: &selection, recordings: 1, head: Some(&head), anchor: Some(&anchor) };
        let empty = PageHead { as_of: "a", selection: &[], recordings: 0, head: None, anchor: None };
        let unknown = Unknown { about: "r".to_owned(), what: "w".to_owned(), reason: "<>".to_owned() };
        let pages = [page_of(&[FULL], &[unknown], &full), page_of(&[], &[], &empty)].map(|page| page.to_string());
        // If this fails, raise the version as well: the verification of older bundles depends on it.
        assert_eq!(
            (PAGE_VERSION, pages.each_ref().map(String::as_str)),
            (
                2,
                [
                    "efc218f400130e187a609c511c1f69c8eeebcb8bd512de0056b81e2a48e81658",
                    "5e8b16108b6245921817b3e009094c2d65c13fe3f635fcf45ebd7c27fb2630cb"
                ]
            )
        );
    }

    #[test]
    fn a_name_cannot_become_part_of_the_page() {
        let text = "<script>alert('1')</script>&\"\u{202e}\u{1b}";
        let safe = escaped(text);
        assert_eq!(safe, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;\\u{202e}\\u{1b}");
    }
}
