//! Cells of a CSV list that are safe to open in a spreadsheet.

use domain::address::Printable;
use domain::record::session::machine_of;
use serde_json::Value;

/// Formats a value as a cell: nothing if it is unknown, a list with `; ` between its items.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// Columns made from a key of each legal hold.
const OF_HOLDS: [(&str, &str); 5] = [
    ("hold_cases", "case"),
    ("hold_ids", "hold"),
    ("holds_since", "since"),
    ("holds_certain", "certain"),
    ("holds_applied", "applied"),
];

/// Adds the values that the public form of a recording or a session only implies: the name of the machine, and a list
/// for each key of the legal holds.
pub(super) fn with_implied(mut item: Value) -> Value {
    let text = |item: &Value, key: &str| {
        let facts = item.get("session").filter(|session| session.is_object()).unwrap_or(item);
        facts.get(key).and_then(Value::as_str).map(str::to_owned)
    };
    let machine = text(&item, "target_resource_id").as_deref().and_then(machine_of);
    let machine = machine.or_else(|| text(&item, "target_ip"));
    let holds = item.get("holds").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of_holds = OF_HOLDS.map(|(column, key)| {
        let values: Vec<Value> = holds.iter().filter_map(|hold| hold.get(key).cloned()).collect();
        (column.to_owned(), Value::from(values))
    });
    if let Some(item) = item.as_object_mut() {
        item.insert("machine".to_owned(), machine.into());
        item.extend(of_holds);
    }
    item
}

/// Escapes characters that would act on a terminal, and prefixes `'` to text if a spreadsheet would run it
/// as a formula.
///
/// Spreadsheets run a cell beginning with a formula sign, including the full-width signs; some also skip
/// leading blanks. With semicolons as separator, a cell begins after each semicolon, even inside quotes. A
/// part beginning with `'` gets another one, so removing one `'` per part always restores the text. Tabs
/// are escaped.
fn harmless(text: &str) -> String {
    let text = Printable(text).to_string();
    text.split(';').map(part).collect::<Vec<_>>().join(";")
}

fn part(text: &str) -> String {
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
    let runs = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\'']);
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{3000}=1", "＝1", "=", "'=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
    }

    #[test]
    fn a_leading_blank_does_not_hide_a_formula() {
        for text in ["\t=1", "\r=1", "\n=1", "\u{feff}=1", "\u{0}=1"] {
            assert!(harmless(text).starts_with("\\u{"), "{text:?}");
        }
    }

    #[test]
    fn a_cell_that_begins_after_a_semicolon_is_text_as_well() {
        for (text, expected) in [
            ("a;=1+1", "a;'=1+1"),
            ("a; =1", "a;' =1"),
            ("a;\"=1\"", "a;'\"=1\""),
            ("a;＝1;@x;b", "a;'＝1;'@x;b"),
            ("=1;-2", "'=1;'-2"),
            ("\"=1", "'\"=1"),
            ("a;'=1", "a;''=1"),
        ] {
            assert_eq!(harmless(text), expected);
        }
        assert!(harmless("a;\t=1").starts_with("a;\\u{"), "a tab is written out");
    }

    #[test]
    fn an_ordinary_name_is_kept() {
        for text in ["", "vm-web-01-azureadmin.3", "a=b", "0x8DC-1", "jörg, \"x\""] {
            assert_eq!(harmless(text), text);
        }
    }
}
