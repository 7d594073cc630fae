//! Parses YAML into the tree: one document, plain values, unique keys.
//!
//! Rejects anchors, aliases, tags and directives: a configuration does not need them, and without aliases
//! the tree is never larger than the text.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use granit_parser::{Event, Marker, Options, Parser, ScalarStyle, ScanError, Span, StrInput};

use crate::app_setting::{AppSettings, NoValue};
use crate::findings::Findings;
use crate::tree::{ConfigurationNode, Content, Member, Scalar, ScalarKind, TextPosition, below};

/// Longest text, in bytes.
const LONGEST: usize = 1 << 20;

/// Maximum nesting of lists and mappings.
const DEEPEST: usize = 32;

/// Parses the single document of a text. `None` if it is not a YAML document; the reason is in the
/// findings.
pub fn read(text: &str, settings: AppSettings<'_>, findings: &mut Findings) -> Option<ConfigurationNode> {
    let start = TextPosition { line: 1, column: 1 };
    if text.len() > LONGEST {
        findings.add(start, "", "is larger than 1 MiB", "name the right file");
        return None;
    }
    if text.contains(char::REPLACEMENT_CHARACTER) {
        findings.add(start, "", "is not UTF-8", "save it as UTF-8");
        return None;
    }
    let mut options = Options::default();
    options.disallow_directives = true;
    options.emit_unresolved_aliases = true;
    options.flow_nesting_limit = DEEPEST;
    options.block_nesting_limit = DEEPEST;
    let parser = Parser::new_from_str_with_options(text, options);
    match (Reader { parser, settings, findings }).document() {
        Ok(Some(root)) => Some(root),
        Ok(None) => {
            findings.add(start, "", "holds no document", "write version: 1 and the keys that you need");
            None
        }
        Err(error) => {
            let what = format!("is not YAML: {}", error.info());
            findings.add(
                place(error.marker()),
                "",
                what,
                "correct the syntax at or near this line, and indent with spaces",
            );
            None
        }
    }
}

struct Reader<'a, 'f> {
    parser: Parser<'a, StrInput<'a>>,
    settings: AppSettings<'a>,
    findings: &'f mut Findings,
}

impl<'a> Reader<'a, '_> {
    fn document(&mut self) -> Result<Option<ConfigurationNode>, ScanError> {
        let mut root = None;
        while let Some((event, span)) = self.parser.next_event().transpose()? {
            match event {
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    self.findings.add(
                        place(&span.start),
                        "",
                        "a second document begins",
                        "keep one document in the file",
                    );
                    break;
                }
                Event::DocumentStart(..) => {}
                event => root = Some(self.node(event, &span, "")?),
            }
        }
        Ok(root)
    }

    fn node(&mut self, event: Event<'a>, span: &Span, path: &str) -> Result<ConfigurationNode, ScanError> {
        let place = place(&span.start);
        if event.anchor_id().is_some() {
            self.findings.add(place, path, "carries an anchor", "remove it and write values out where they belong");
        }
        if event.tag().is_some() {
            self.findings.add(place, path, "carries a tag", "remove it: the key decides how the value is read");
        }
        let content = match event {
            Event::Scalar(text, style, ..) => self.scalar(&text, style, place, path),
            Event::SequenceStart(..) => self.list(path)?,
            Event::MappingStart(..) => self.map(path)?,
            _ => {
                self.findings.add(place, path, "is an alias", "write the value out");
                Content::Refused
            }
        };
        Ok(ConfigurationNode { place, content })
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, place: TextPosition, path: &str) -> Content {
        let kind = if matches!(style, ScalarStyle::Plain) { kind(text) } else { ScalarKind::Text };
        match self.settings.fill(text) {
            Ok(Some(filled)) => {
                Content::Scalar(Scalar { kind: ScalarKind::Text, text: filled, written: Some(text.to_owned()) })
            }
            Ok(None) => Content::Scalar(Scalar { kind, text: text.to_owned(), written: None }),
            Err(all) if all.iter().all(|one| matches!(one, NoValue::Absent(_))) => {
                Content::Absent(all.into_iter().map(NoValue::fault).collect())
            }
            Err(all) => {
                for fault in all.into_iter().map(NoValue::fault) {
                    self.findings.add(place, path, fault.what, fault.remedy);
                }
                Content::Refused
            }
        }
    }

    fn list(&mut self, path: &str) -> Result<Content, ScanError> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.parser.next_event().transpose()? {
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            let item = self.node(event, &span, &format!("{path}[{}]", items.len()))?;
            items.push(item);
        }
        Ok(Content::List(items))
    }

    fn map(&mut self, path: &str) -> Result<Content, ScanError> {
        let (mut members, mut places) = (Vec::new(), HashMap::new());
        while let Some((event, span)) = self.parser.next_event().transpose()? {
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key_place = place(&span.start);
            let key = self.key(event, &span, path)?;
            let Some((event, span)) = self.parser.next_event().transpose()? else { break };
            let path = key.as_deref().map_or_else(|| path.to_owned(), |key| below(path, key));
            let value = self.node(event, &span, &path)?;
            let Some(key) = key else { continue };
            match places.entry(key.clone()) {
                Entry::Vacant(vacant) => {
                    vacant.insert(key_place.line);
                    members.push(Member { key, key_place, value });
                }
                Entry::Occupied(first) => {
                    let what = format!("is set twice, first in line {}", first.get());
                    self.findings.add(key_place, &path, what, "keep one of the two");
                }
            }
        }
        Ok(Content::Map(members))
    }

    fn key(&mut self, event: Event<'a>, span: &Span, path: &str) -> Result<Option<String>, ScanError> {
        if let Event::Scalar(text, _, 0, None) = event {
            return Ok(Some(text.into_owned()));
        }
        self.findings.add(place(&span.start), path, "has a key that is not a plain word", "write it as a plain word");
        self.node(event, span, path)?;
        Ok(None)
    }
}

fn place(mark: &Marker) -> TextPosition {
    TextPosition { line: mark.line(), column: mark.col() + 1 }
}

/// Kind of a plain scalar in the YAML core schema. Fractions are texts, because no key accepts them.
fn kind(text: &str) -> ScalarKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "true" | "True" | "TRUE" => ScalarKind::Bool(true),
        "false" | "False" | "FALSE" => ScalarKind::Bool(false),
        _ => text.parse().map_or(ScalarKind::Text, ScalarKind::Integer),
    }
}
