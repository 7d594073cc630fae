//! Checks the document against the schema: unknown and missing keys, types, formats.
//!
//! Interprets the part of JSON Schema produced by the document types, and finds every problem in one walk.

use regex_lite::Regex;
use serde_json::Value;

use crate::app_setting::{AppSettings, NoValue};
use crate::fault::TextProblem;
use crate::findings::Findings;
use crate::formats;
use crate::remedies::{self, in_words};
use crate::tree::{ConfigurationNode, Content, Member, Scalar, ScalarKind, below};

/// Checks the document against the schema, and fills in the app settings named by its `_env` keys.
pub fn check(root: &mut ConfigurationNode, schema: &Value, settings: AppSettings<'_>, findings: &mut Findings) {
    Walk { definitions: &schema["$defs"], settings, findings }.node(root, schema, "");
}

/// Problem of a text.
enum Unfit {
    /// The text is wrong.
    Wrong(TextProblem),
    /// A channel lacks an app setting: the channel is off, with this placeholder as text.
    Off(TextProblem, &'static str),
}

struct Walk<'a> {
    definitions: &'a Value,
    settings: AppSettings<'a>,
    findings: &'a mut Findings,
}

impl<'a> Walk<'a> {
    fn node(&mut self, node: &mut ConfigurationNode, schema: &'a Value, path: &str) {
        let schema = self.resolved(schema);
        match &mut node.content {
            Content::Refused => return,
            Content::Absent(faults) => {
                let faults = std::mem::take(faults);
                return self.absent(node, schema, faults, path);
            }
            _ => {}
        }
        if let Some(alternatives) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return self.one_of(node, alternatives, path);
        }
        let expected = schema["type"].as_str().unwrap_or_default();
        match (expected, &mut node.content) {
            ("object", Content::Map(members)) => {
                let place = node.place;
                self.members(members, schema, path);
                for key in missing(members, schema) {
                    let remedy = remedies::for_missing(key, &schema["properties"][key]);
                    self.findings.add(place, &below(path, key), "is missing", remedy);
                }
            }
            ("array", Content::List(items)) => {
                if items.is_empty() && schema["minItems"] == 1 {
                    self.findings.add(
                        node.place,
                        path,
                        "is an empty list",
                        schema["x-empty"].as_str().unwrap_or("give it an item"),
                    );
                }
                for (at, item) in items.iter_mut().enumerate() {
                    self.node(item, &schema["items"], &format!("{path}[{at}]"));
                }
            }
            ("string", Content::Scalar(scalar)) if scalar.kind == ScalarKind::Text => match self.text(scalar, schema) {
                Ok(()) => {}
                Err(Unfit::Off(fault, stand_in)) => {
                    self.findings.off(node.place, path, &fault);
                    *scalar = Scalar { kind: ScalarKind::Text, text: stand_in.to_owned(), written: None };
                }
                Err(Unfit::Wrong(fault)) => {
                    self.findings.add(node.place, path, fault.what, fault.remedy);
                    node.content = Content::Refused;
                }
            },
            ("integer", &mut Content::Scalar(Scalar { kind: ScalarKind::Integer(value), .. })) => {
                if let Err(fault) = integer(value, schema) {
                    self.findings.add(node.place, path, fault.what, fault.remedy);
                }
            }
            ("boolean", Content::Scalar(Scalar { kind: ScalarKind::Bool(value), .. })) => {
                if schema["const"] == true && !*value {
                    self.findings.add(node.place, path, "is false", "write true, or leave the key out");
                }
            }
            ("null", Content::Scalar(Scalar { kind: ScalarKind::Null, .. })) => {}
            _ => self.wrong_type(node, &[expected], path),
        }
    }

    /// Reports absent app settings. A channel that needs one is turned off; elsewhere they are problems.
    fn absent(&mut self, node: &mut ConfigurationNode, schema: &Value, faults: Vec<TextProblem>, path: &str) {
        let stand_in = schema["format"].as_str().and_then(formats::stand_in);
        node.content = match stand_in {
            Some(text) => Content::Scalar(Scalar { kind: ScalarKind::Text, text: text.to_owned(), written: None }),
            None => Content::Refused,
        };
        for fault in faults {
            match stand_in {
                Some(_) => self.findings.off(node.place, path, &fault),
                None => self.findings.add(node.place, path, fault.what, fault.remedy),
            }
        }
    }

    fn members(&mut self, members: &mut [Member], schema: &'a Value, path: &str) {
        let known = schema["properties"].as_object();
        for Member { key, key_place, value } in members {
            let path = below(path, key);
            let named = known.and_then(|known| known.get(key.as_str())).or_else(|| shaped(key, schema));
            match (named, &schema["additionalProperties"]) {
                (Some(schema), _) | (None, schema @ Value::Object(_)) => self.node(value, schema, &path),
                (None, _) => {
                    let remedy = known.map(|known| remedies::for_unknown(key, known)).unwrap_or_default();
                    self.findings.add(*key_place, &path, "is not a known key", remedy);
                }
            }
        }
    }

    /// Selects the alternative by the type of the value. Mappings are distinguished by the constant of one
    /// key that all of them have.
    fn one_of(&mut self, node: &mut ConfigurationNode, alternatives: &'a [Value], path: &str) {
        let alternatives: Vec<&Value> = alternatives.iter().map(|schema| self.resolved(schema)).collect();
        let own = type_of(&node.content);
        let fitting: Vec<&Value> = alternatives.iter().copied().filter(|schema| schema["type"] == own).collect();
        match fitting.as_slice() {
            [] => {
                let mut types: Vec<&str> = alternatives.iter().filter_map(|schema| schema["type"].as_str()).collect();
                types.dedup();
                self.wrong_type(node, &types, path);
            }
            [only] => self.node(node, only, path),
            several => match tagged(node, several) {
                Ok(schema) => self.node(node, schema, path),
                Err(Untagged { key, constants }) => self.untagged(node, key, &constants, path),
            },
        }
    }

    fn untagged(&mut self, node: &ConfigurationNode, key: &str, constants: &[&str], path: &str) {
        let remedy = format!("write {key}: {}", constants.join(&format!(" or {key}: ")));
        let path = below(path, key);
        match node.get(key) {
            None => self.findings.add(node.place, &path, "is missing", remedy),
            Some(ConfigurationNode { place, content: Content::Scalar(scalar) }) => {
                self.findings.add(*place, &path, format!("{} is not known", scalar.shown()), remedy);
            }
            Some(ConfigurationNode { content: Content::Refused | Content::Absent(_), .. }) => {}
            Some(value) => self.findings.add(value.place, &path, "is not a text", remedy),
        }
    }

    fn text(&mut self, scalar: &mut Scalar, schema: &Value) -> Result<(), Unfit> {
        let is_setting = schema["format"] == "app-setting";
        let format = if is_setting { &schema["x-value-format"] } else { &schema["format"] };
        let stand_in = format.as_str().and_then(formats::stand_in);
        if is_setting {
            let value = self.settings.value(&scalar.text).map_err(|none| match (none, stand_in) {
                (NoValue::Absent(fault), Some(stand_in)) => Unfit::Off(fault, stand_in),
                (none, _) => Unfit::Wrong(none.fault()),
            })?;
            scalar.written = Some(std::mem::replace(&mut scalar.text, value));
        }
        let Some(format) = format.as_str().and_then(formats::named) else {
            return Ok(());
        };
        let secret = (format.secret)(&scalar.text);
        format.check(&scalar.text, self.settings.extra).map_err(|TextProblem { what, remedy }| {
            let fault = match (secret, &scalar.written) {
                (false, _) => TextProblem { what: format!("{} {what}", scalar.shown()), remedy },
                (true, Some(name)) if is_setting => {
                    TextProblem { what: format!("the value of app setting {name} {what}"), remedy }
                }
                (true, _) => TextProblem { what: format!("the text {what}"), remedy },
            };
            match (&scalar.written, stand_in) {
                (Some(_), Some(stand_in)) => Unfit::Off(fault, stand_in),
                _ => Unfit::Wrong(fault),
            }
        })
    }

    fn wrong_type(&mut self, node: &ConfigurationNode, expected: &[&str], path: &str) {
        let what = match &node.content {
            Content::Scalar(Scalar { kind: ScalarKind::Null, .. }) => "is empty".to_owned(),
            content => format!("is {}", in_words(type_of(content))),
        };
        let numeric =
            matches!(&node.content, Content::Scalar(Scalar { kind: ScalarKind::Integer(_) | ScalarKind::Bool(_), .. }));
        let expected = expected.iter().map(|name| match in_words(name) {
            text @ "a text" if numeric => format!("{text} in quotes"),
            other => other.to_owned(),
        });
        self.findings.add(node.place, path, what, format!("write {}", expected.collect::<Vec<_>>().join(" or ")));
    }

    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/"));
        name.map_or(schema, |name| &self.definitions[name])
    }
}

fn integer(value: i64, schema: &Value) -> Result<(), TextProblem> {
    match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) if !(least..=most).contains(&value) => {
            let remedy = format!("write a whole number from {least} to {most}");
            Err(TextProblem::new(format!("{value} is out of bounds"), remedy))
        }
        _ => Ok(()),
    }
}

/// Returns the schema of a key defined by a pattern.
fn shaped<'s>(key: &str, schema: &'s Value) -> Option<&'s Value> {
    let mut patterns = schema["patternProperties"].as_object()?.iter();
    patterns.find(|(pattern, _)| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(key))).map(|(_, it)| it)
}

/// Returns the missing required keys.
fn missing<'s>(members: &[Member], schema: &'s Value) -> Vec<&'s str> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required.filter(|key| members.iter().all(|member| member.key != *key)).collect()
}

/// The key whose constants distinguish mappings, if the value has none of these constants.
struct Untagged<'s> {
    key: &'s str,
    constants: Vec<&'s str>,
}

fn tagged<'s>(node: &ConfigurationNode, alternatives: &[&'s Value]) -> Result<&'s Value, Untagged<'s>> {
    let properties = alternatives.iter().filter_map(|schema| schema["properties"].as_object()).flatten();
    let tags: Vec<(&str, &str)> =
        properties.filter_map(|(key, it)| Some((key.as_str(), it["const"].as_str()?))).collect();
    let key = tags.first().map_or("", |(key, _)| key);
    let own = node.get(key).and_then(ConfigurationNode::text);
    let chosen = alternatives.iter().find(|schema| own.is_some() && schema["properties"][key]["const"].as_str() == own);
    let untagged = || Untagged { key, constants: tags.iter().map(|(_, constant)| *constant).collect() };
    chosen.copied().ok_or_else(untagged)
}

/// Returns the JSON Schema type of a value.
fn type_of(content: &Content) -> &'static str {
    match content {
        Content::Map(_) => "object",
        Content::List(_) => "array",
        Content::Scalar(Scalar { kind: ScalarKind::Text, .. }) => "string",
        Content::Scalar(Scalar { kind: ScalarKind::Integer(_), .. }) => "integer",
        Content::Scalar(Scalar { kind: ScalarKind::Bool(_), .. }) => "boolean",
        Content::Scalar(Scalar { kind: ScalarKind::Null, .. }) | Content::Refused | Content::Absent(_) => "null",
    }
}
