//! Search forms: fields with the entered text and its errors.

use std::fmt::Display;

use domain::address::Printable;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pipeline::query::SearchText;

use crate::search_box::{self, SearchBox};

/// Maximum length of a field, in bytes.
const LONGEST: usize = 256;

/// Decoded query parameters. Only names known to pages are kept, so that a function key in the address gets neither
/// into links nor into logs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageQuery(Vec<(String, String)>);

/// Field names of all forms.
const NAMES: [&str; 18] = [
    "account", "bastion", "by", "class", "cursor", "format", "from", "held", "machine", "match", "month", "person",
    "q", "refresh", "state", "to", "tz", "without_recording",
];

/// Parameters that filter, with their names for people.
const FILTERS: [(&str, &str); 14] = [
    ("q", "Search"),
    ("person", "Person"),
    ("machine", "Machine"),
    ("account", "Account"),
    ("bastion", "Bastion"),
    ("class", "Class"),
    ("state", "State"),
    ("match", "Session"),
    ("from", "From"),
    ("to", "To"),
    ("held", "Under legal hold"),
    ("without_recording", "Without a recording"),
    ("by", "Lanes by"),
    ("month", "Month"),
];

/// Form with the entered values.
pub struct PageForm {
    pub(crate) texts: Vec<FormField>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) is_held: bool,
    /// True if a field other than the search box is set.
    pub(crate) is_filtered: bool,
    pub(crate) search: Option<SearchBox>,
}

pub(crate) struct FormField {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) problem: Option<String>,
}

/// Field with a list of options.
pub(crate) struct Choice {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) options: Vec<Opted>,
    pub(crate) problem: Option<String>,
}

pub(crate) struct Opted {
    pub(crate) value: String,
    pub(crate) is_chosen: bool,
}

impl PageQuery {
    /// Keeps the pairs whose names pages know.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().filter(|(name, _)| NAMES.contains(&name.as_str())).collect())
    }

    /// Returns the parameters with these names, and those that every page has.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let is_wanted = |name: &str| names.contains(&name) || ["format", "refresh"].contains(&name);
        Self(self.0.iter().filter(|(name, _)| is_wanted(name)).cloned().collect())
    }

    /// Returns the names and trimmed values, for the fields of a form.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.0.iter().map(|(name, value)| (name.as_str(), value.trim()));
        fields.filter(|(name, value)| *name != "format" && !value.is_empty())
    }

    /// Encodes the parameters for the log.
    pub fn question(&self) -> String {
        self.at(self.get("cursor").as_ref().map(|cursor| cursor as &dyn Display))
    }

    /// Returns the trimmed value of `name`, or `None` if it is absent or empty: browsers also send empty fields.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Describes the filters in words: `Search: anna tue. State: settled.`
    pub(crate) fn in_words(&self) -> String {
        let filter = |(name, label): (&str, &str)| match self.get(name)? {
            "true" => Some(format!("{label}.")),
            text => Some(format!("{label}: {}.", Printable(text))),
        };
        let cursor = self.get("cursor").map(|_| "Older rows.".to_owned());
        FILTERS.into_iter().filter_map(filter).chain(cursor).collect::<Vec<_>>().join(" ")
    }

    /// Encodes the parameters as a query string with another cursor.
    pub(crate) fn at(&self, cursor: Option<&dyn Display>) -> String {
        let kept = self.0.iter().filter(|(name, value)| name != "cursor" && !value.trim().is_empty());
        let mut pairs: Vec<String> =
            kept.map(|(name, value)| format!("{}={}", escaped(name), escaped(value.trim()))).collect();
        pairs.extend(cursor.map(|cursor| format!("cursor={}", escaped(&cursor.to_string()))));
        pairs.join("&")
    }
}

impl PageQuery {
    /// Encodes the address of the first page with another text for `name`; an empty text removes it.
    pub(crate) fn path_with(&self, path: &str, name: &str, text: &str) -> String {
        let others = self.0.iter().filter(|(known, _)| known != name).cloned();
        let query = Self(others.chain([(name.to_owned(), text.to_owned())]).collect()).at(None);
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// Returns true if a browser's date field can show the text; it would drop any other value.
fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == text)
}

fn too_long() -> String {
    format!("too long; write at most {LONGEST} bytes")
}

fn escaped(text: &str) -> impl Display + '_ {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}

/// Builds a form from the parameters and records whether a field is wrong.
pub(crate) struct FormBuilder<'a> {
    asked: &'a PageQuery,
    form: PageForm,
    is_right: bool,
}

impl<'a> FormBuilder<'a> {
    pub(crate) fn new(asked: &'a PageQuery) -> Self {
        let form =
            PageForm { texts: Vec::new(), choices: Vec::new(), is_held: false, is_filtered: false, search: None };
        Self { asked, form, is_right: true }
    }

    /// Adds a field whose text is parsed by `read`, which returns the error message. Returns `None` if the field is
    /// empty or wrong.
    pub(crate) fn field<T>(
        &mut self,
        name: &'static str,
        label: &'static str,
        kind: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let typed = self.asked.get(name);
        let read = typed.map(|text| match text.len() {
            0..=LONGEST => read(text),
            _ => Err(too_long()),
        });
        let (value, problem) = match read {
            None => (None, None),
            Some(Ok(value)) => (Some(value), None),
            Some(Err(problem)) => (None, Some(problem)),
        };
        self.is_right &= problem.is_none();
        self.form.is_filtered |= typed.is_some();
        let kind = if kind == "date" && typed.is_some_and(|text| !is_day(text)) {
            "text"
        } else {
            kind
        };
        self.form.texts.push(FormField { name, label, kind, value: typed.unwrap_or_default().to_owned(), problem });
        value
    }

    /// Adds the search box. Returns `None` if its text is no search.
    pub(crate) fn search(&mut self) -> Option<SearchText> {
        let parsed = search_box::text(self.asked);
        self.form.search = Some(SearchBox::new(self.asked, &parsed));
        self.is_right &= parsed.is_ok();
        parsed.ok()
    }

    /// Adds a field of plain text.
    pub(crate) fn text(&mut self, name: &'static str, label: &'static str) -> Option<String> {
        self.field(name, label, "text", |text| Ok(text.to_owned()))
    }

    /// Adds a list of options. Another text is reported as an error.
    pub(crate) fn choice<'o>(
        &mut self,
        name: &'static str,
        label: &'static str,
        options: impl IntoIterator<Item = &'o str>,
    ) -> Option<String> {
        let options: Vec<String> = options.into_iter().map(str::to_owned).collect();
        let typed = self.asked.get(name).filter(|typed| !options.iter().any(|option| option == typed));
        let problem = typed.map(|typed| match typed.len() {
            0..=LONGEST => format!("not an option: {}", Printable(typed)),
            _ => too_long(),
        });
        self.add_choice(name, label, options, problem)
    }

    /// Adds the list of bastions. Another text becomes an option, because the catalogue may have recordings of a bastion
    /// that is not configured any more.
    pub(crate) fn bastion<'o>(&mut self, bastions: impl IntoIterator<Item = &'o str>) -> Option<String> {
        let mut options: Vec<String> = bastions.into_iter().map(str::to_owned).collect();
        let typed = self.asked.get("bastion").filter(|typed| !options.iter().any(|option| option == typed));
        let problem = typed.filter(|typed| typed.len() > LONGEST).map(|_| too_long());
        options.extend(typed.filter(|_| problem.is_none()).map(str::to_owned));
        self.add_choice("bastion", "Bastion", options, problem)
    }

    fn add_choice(
        &mut self,
        name: &'static str,
        label: &'static str,
        options: Vec<String>,
        problem: Option<String>,
    ) -> Option<String> {
        let typed = self.asked.get(name);
        let chosen = typed.filter(|_| problem.is_none()).map(str::to_owned);
        let opted = |value: String| Opted { is_chosen: chosen.as_ref() == Some(&value), value };
        let options = options.into_iter().map(opted).collect();
        self.is_right &= problem.is_none();
        self.form.is_filtered |= typed.is_some();
        self.form.choices.push(Choice { name, label, options, problem });
        chosen
    }

    /// Adds a checkbox.
    pub(crate) fn tick(&mut self, name: &str) -> bool {
        self.form.is_held = self.asked.get(name) == Some("true");
        self.form.is_filtered |= self.form.is_held;
        self.form.is_held
    }

    /// Returns the form, and true if every field is valid.
    pub(crate) fn end(self) -> (PageForm, bool) {
        (self.form, self.is_right)
    }
}

impl PageForm {
    /// Message for an empty result; `more` is true if older entries remain to be searched.
    pub(crate) fn nothing(&self, more: bool) -> &'static str {
        let search = self.search.as_ref();
        let is_wrong = search.is_some_and(|search| search.problem.is_some())
            || self.texts.iter().any(|field| field.problem.is_some())
            || self.choices.iter().any(|choice| choice.problem.is_some());
        match (is_wrong, more, self.is_filtered || search.is_some_and(|search| !search.text.is_empty())) {
            (true, ..) => "Some values are invalid; see the fields above.",
            (_, true, _) => "No match among the newest; older ones follow.",
            (_, _, true) => "No matches. Use fewer words or filters, or clear the search.",
            _ => "Nothing is catalogued yet.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_field_shows_an_invalid_value_as_text() {
        for (typed, kind) in [("", "date"), ("2026-03-02", "date"), ("20260302", "text"), ("soon", "text")] {
            let asked = PageQuery::from_pairs([("from".to_owned(), typed.to_owned())]);
            let mut form = FormBuilder::new(&asked);
            form.field("from", "From", "date", |text| Ok(text.to_owned()));
            let (form, _) = form.end();
            let shown: Vec<_> = form.texts.iter().map(|field| (field.value.as_str(), field.kind)).collect();
            assert_eq!(shown, [(typed, kind)]);
        }
    }

    #[test]
    fn a_text_over_the_limit_is_reported_and_not_searched() {
        let asked = PageQuery::from_pairs(["q", "person"].map(|name| (name.to_owned(), "x".repeat(LONGEST + 1))));
        let mut form = FormBuilder::new(&asked);
        assert_eq!((form.search(), form.text("person", "Person")), (None, None));
        let (form, is_right) = form.end();
        assert!(!is_right && form.texts.iter().all(|field| field.problem.is_some()));
        assert!(form.search.is_some_and(|search| search.problem.is_some()));
    }

    #[test]
    fn a_value_that_is_not_an_option_is_reported_and_not_ignored() {
        let asked = PageQuery::from_pairs([("state".to_owned(), "lost".to_owned())]);
        let mut form = FormBuilder::new(&asked);
        assert_eq!(form.choice("state", "State", ["active", "missing"]), None);
        let (form, is_right) = form.end();
        assert_eq!((is_right, form.choices[0].problem.as_deref()), (false, Some("not an option: lost")));
        assert_eq!(form.nothing(false), "Some values are invalid; see the fields above.");
    }

    #[test]
    fn a_bastion_that_is_not_configured_is_searched_and_stays_chosen() {
        let asked = PageQuery::from_pairs([("bastion".to_owned(), "bas-old".to_owned())]);
        let mut form = FormBuilder::new(&asked);
        assert_eq!(form.bastion(["bas-hub"]).as_deref(), Some("bas-old"));
        let (form, is_right) = form.end();
        let options: Vec<_> = form.choices[0].options.iter().map(|one| (one.value.as_str(), one.is_chosen)).collect();
        assert_eq!((is_right, options), (true, vec![("bas-hub", false), ("bas-old", true)]));
    }

    #[test]
    fn the_filters_are_told_in_words() {
        let pairs = [("q", "anna tue"), ("held", "true"), ("state", ""), ("cursor", "c"), ("code", "hunter2")];
        let asked = PageQuery::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(asked.in_words(), "Search: anna tue. Under legal hold. Older rows.");
        assert_eq!(PageQuery::default().in_words(), "");
    }

    #[test]
    fn a_key_in_the_url_is_neither_logged_nor_linked() {
        let pairs = [("q", "vm 1"), ("code", "hunter2"), ("x-functions-key", "hunter2"), ("cursor", "c1")];
        let asked = PageQuery::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(asked.question(), "q=vm%201&cursor=c1");
        assert_eq!(asked.at(None), "q=vm%201");
    }
}
