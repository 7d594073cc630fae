//! Writes JSON like the audit log: members in fixed order, compact or over several lines.

#[derive(Debug, Clone)]
pub(crate) enum Json {
    Text(String),
    Number(i64),
    Object(Vec<(&'static str, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Json {
    /// Writes the value on one line.
    pub(crate) fn compact(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| format!("{}:{}", quoted(name), value.compact()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
        }
    }

    /// Writes an object over several lines. All lines except the first are indented by `indent` more spaces.
    pub(crate) fn pretty(&self, indent: usize) -> String {
        let Self::Object(members) = self else { return self.compact() };
        let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 2));
        let member = |(name, value): &(&str, Json)| format!("{inner}{}: {}", quoted(name), value.pretty(indent + 2));
        format!("{{\n{}\n{outer}}}", members.iter().map(member).collect::<Vec<_>>().join(",\n"))
    }
}

/// Quotes a text. Control characters are not escaped, because the texts here contain none.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
