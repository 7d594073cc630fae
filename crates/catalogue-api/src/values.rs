//! Parses the query parameters of a request. All of them are checked before any lookup, so that one response lists
//! every error.

use std::fmt;

use domain::record::estate::BastionName;
use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::coverage_report::ReportMonth;
use pipeline::query::{Cursor, SearchText, SessionCursor, TimeRange, USUAL_LIMIT, range_begin, range_end};
use pipeline::recording_review::QueuePlace;

use crate::parameter::{Parameter, ParameterKind};
use crate::problem::WrongView;
use crate::query_text::parts;

/// Maximum length of a query, in bytes.
const LONGEST_QUERY: usize = 8 * 1024;
/// Maximum number of characters of a parameter name repeated in an error.
const NAME_SHOWN: usize = 40;
/// Maximum number of wrong parameters listed in an error.
const WRONG_SHOWN: usize = 32;

/// Parameters in which the host accepts the function key. The host has already read them, so they are skipped.
const OF_THE_HOST: [&str; 2] = ["code", "clientId"];

/// Parsed parameters by name.
#[derive(Debug, Default)]
pub(crate) struct Values(Vec<(&'static str, Value)>);

#[derive(Debug)]
enum Value {
    Text(String),
    Number(usize),
    Time(Timestamp),
    Day(Date),
    Month(ReportMonth),
    /// Words, and their text for the log.
    Search(SearchText, String),
    Recordings(Cursor),
    Sessions(SessionCursor),
    Reviews(QueuePlace),
}

impl Values {
    /// Parses a query. Returns every wrong parameter if there is one.
    pub(crate) fn read(known: &[Parameter], query: &str) -> Result<Self, Vec<WrongView>> {
        if query.len() > LONGEST_QUERY {
            return Err(vec![wrong("query", "is too long", format!("at most {LONGEST_QUERY} bytes"))]);
        }
        let (mut values, mut all_wrong) = (Self::default(), Vec::new());
        for (name, value) in parts(query) {
            let name = name.unwrap_or_default();
            if OF_THE_HOST.contains(&name.as_str()) {
                continue;
            }
            let Some(parameter) = known.iter().find(|parameter| parameter.name == name) else {
                let names: Vec<&str> = known.iter().map(|parameter| parameter.name).collect();
                let write = if names.is_empty() {
                    "nothing".to_owned()
                } else {
                    format!("only {}", names.join(", "))
                };
                all_wrong.push(wrong(&name, "is not a parameter of this path", write));
                continue;
            };
            if values.0.iter().any(|(known, _)| *known == parameter.name) {
                all_wrong.push(wrong(&name, "is given twice", "it once".to_owned()));
                continue;
            }
            let write = || parameter.kind.write();
            match value.ok_or_else(|| ("is not UTF-8", write())).and_then(|value| parameter.kind.read(&value)) {
                Ok(value) => values.0.push((parameter.name, value)),
                Err((problem, write)) => all_wrong.push(wrong(&name, problem, write)),
            }
        }
        all_wrong.truncate(WRONG_SHOWN);
        if all_wrong.is_empty() { Ok(values) } else { Err(all_wrong) }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(crate) fn bastion(&self) -> Option<BastionName> {
        self.text("bastion").map(BastionName::new)
    }

    pub(crate) fn truth(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| text == "true")
    }

    pub(crate) fn limit(&self) -> usize {
        match self.value("limit") {
            Some(Value::Number(number)) => *number,
            _ => USUAL_LIMIT,
        }
    }

    pub(crate) fn range(&self) -> TimeRange {
        TimeRange { from: self.time("from"), to: self.time("to") }
    }

    pub(crate) fn day(&self, name: &str) -> Option<Date> {
        match self.value(name)? {
            Value::Day(day) => Some(*day),
            _ => None,
        }
    }

    pub(crate) fn month(&self, name: &str) -> Option<ReportMonth> {
        match self.value(name)? {
            Value::Month(month) => Some(*month),
            _ => None,
        }
    }

    /// Returns the words of `q`; without the parameter there are none.
    pub(crate) fn search(&self) -> SearchText {
        match self.value("q") {
            Some(Value::Search(search, _)) => search.clone(),
            _ => SearchText::default(),
        }
    }

    pub(crate) fn recordings_cursor(&self) -> Option<Cursor> {
        match self.value("cursor")? {
            Value::Recordings(cursor) => Some(*cursor),
            _ => None,
        }
    }

    pub(crate) fn sessions_cursor(&self) -> Option<SessionCursor> {
        match self.value("cursor")? {
            Value::Sessions(cursor) => Some(cursor.clone()),
            _ => None,
        }
    }

    pub(crate) fn reviews_cursor(&self) -> Option<QueuePlace> {
        match self.value("cursor")? {
            Value::Reviews(place) => Some(*place),
            _ => None,
        }
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        match self.value(name)? {
            Value::Time(time) => Some(*time),
            _ => None,
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

fn wrong(name: &str, problem: &'static str, write: String) -> WrongView {
    WrongView { name: name.chars().take(NAME_SHOWN).collect(), problem, write }
}

impl ParameterKind {
    /// Parses a value. Returns the problem and what to write instead if it is wrong.
    fn read(self, text: &str) -> Result<Value, (&'static str, String)> {
        if let (Self::Search, false) = (self, text.is_empty()) {
            let search = SearchText::parse(text).map_err(|error| (error.problem(), error.advice()))?;
            return Ok(Value::Search(search, text.to_owned()));
        }
        self.read_plain(text).map_err(|problem| (problem, self.write()))
    }

    fn read_plain(self, text: &str) -> Result<Value, &'static str> {
        if text.is_empty() {
            return Err("is empty");
        }
        match self {
            Self::Text(longest) if text.chars().count() > longest => Err("is too long"),
            Self::Text(_) | Self::Search => Ok(Value::Text(text.to_owned())),
            Self::Word(words) if words.contains(&text) => Ok(Value::Text(text.to_owned())),
            Self::Word(_) => Err("is not an allowed value"),
            Self::Number(most) => number(text, most).map(Value::Number).ok_or("is not an allowed number"),
            Self::Begin => range_begin(text).map(Value::Time).map_err(|_| "is not a time"),
            Self::End => range_end(text).map(Value::Time).map_err(|_| "is not a time"),
            Self::Day => day(text).map(Value::Day).ok_or("is not a date"),
            Self::Month => ReportMonth::parse(text).map(Value::Month).ok_or("is not a month"),
            Self::RecordingsCursor => Cursor::parse(text).map(Value::Recordings).map_err(|_| "is not a cursor"),
            Self::SessionsCursor => SessionCursor::parse(text).map(Value::Sessions).map_err(|_| "is not a cursor"),
            Self::ReviewsCursor => QueuePlace::parse(text).map(Value::Reviews).ok_or("is not a cursor"),
        }
    }
}

/// Accepts digits only: a sign, a blank or a leading zero would be a second spelling of the same number.
fn number(text: &str, most: usize) -> Option<usize> {
    let is_plain = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|number| is_plain && (1..=most).contains(number))
}

/// Accepts only the form `2026-03-02`.
fn day(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|day| day.to_string() == text)
}

/// Log form: `name=value` pairs, separated by blanks.
impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { " " };
            match value {
                Value::Text(text) | Value::Search(_, text) => write!(f, "{between}{name}={}", text.escape_debug())?,
                Value::Number(number) => write!(f, "{between}{name}={number}")?,
                Value::Time(time) => write!(f, "{between}{name}={time}")?,
                Value::Day(day) => write!(f, "{between}{name}={day}")?,
                Value::Month(month) => write!(f, "{between}{name}={month}")?,
                Value::Recordings(cursor) => write!(f, "{between}{name}={cursor}")?,
                Value::Reviews(place) => write!(f, "{between}{name}={place}")?,
                Value::Sessions(cursor) => write!(f, "{between}{name}={cursor}")?,
            }
        }
        Ok(())
    }
}
