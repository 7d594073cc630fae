//! Places of the bastions in the text of a file, for edits that keep everything else.

use std::ops::RangeInclusive;

use domain::cloud::ExtraSuffixes;

use crate::app_setting::AppSettings;
use crate::findings::Findings;
use crate::tree::{ConfigurationNode, Content, Member, TextPosition};
use crate::yaml;

/// Section `bastions` of a file. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Lines of the section with its key. `None` if the file has none.
    pub lines: Option<RangeInclusive<usize>>,
    /// Its entries, in order.
    pub entries: Vec<WrittenBastion>,
}

/// One bastion of the file. Values are as written: `${NAME}` is not filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenBastion {
    /// Its name.
    pub name: String,
    /// Its resource id, if the entry has one.
    pub resource_id: Option<String>,
    /// Containers of its recordings, in order.
    pub recordings: Vec<WrittenContainer>,
    /// Container of its audit log.
    pub audit_logs: Option<WrittenContainer>,
    /// Value of `recording_access.managed_identity`, if written.
    pub managed_identity: Option<String>,
    /// Lines of the entry, without blank lines and comments after it.
    pub lines: RangeInclusive<usize>,
    /// Keys with their lines. `None` if the entry is not in block style.
    pub keys: Option<Vec<(String, RangeInclusive<usize>)>>,
    /// Column of its keys, from 1.
    pub column: usize,
}

/// A container as written in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenContainer {
    /// Blob endpoint of the account.
    pub account_url: String,
    /// Name of the container, if written.
    pub container: Option<String>,
    /// Last day of use, if written.
    pub until: Option<String>,
}

/// Returns the outline of a file. `None` if the text is not a YAML mapping in block style.
pub fn outline(text: &str) -> Option<Outline> {
    let extra = ExtraSuffixes::default();
    let as_written = |name: &str| Some(format!("${{{name}}}"));
    let settings = AppSettings { value: &as_written, extra: &extra };
    let root = yaml::read(text, settings, &mut Findings::default())?;
    let source = Source { lines: text.lines().collect() };
    if !matches!(root.content, Content::Map(_)) || source.is_flow(root.place) {
        return None;
    }
    let mut sections = source.members(root.members(), source.lines.len()).into_iter();
    let Some((member, lines)) = sections.find(|(member, _)| member.key == "bastions") else {
        return Some(Outline { lines: None, entries: Vec::new() });
    };
    let items = member.value.items();
    let is_flow = source.is_flow(member.value.place);
    let entries = items.iter().enumerate().map(|(at, item)| {
        let limit = items.get(at + 1).map_or(*lines.end(), |next| next.place.line - 1);
        source.entry(item, limit, is_flow)
    });
    Some(Outline { entries: entries.collect(), lines: Some(lines) })
}

struct Source<'t> {
    lines: Vec<&'t str>,
}

impl Source<'_> {
    /// Returns true if a list or mapping in brackets begins here.
    fn is_flow(&self, at: TextPosition) -> bool {
        let line = self.lines.get(at.line - 1);
        line.and_then(|line| line.chars().nth(at.column - 1)).is_some_and(|c| matches!(c, '[' | '{'))
    }

    /// Returns the last line up to `limit` with more than blanks and a comment, but not before `first`.
    fn end(&self, first: usize, limit: usize) -> usize {
        let has_content = |line: &usize| {
            let text = self.lines.get(line - 1).map_or("", |text| text.trim_start());
            !text.is_empty() && !text.starts_with('#')
        };
        (first..=limit).rev().find(has_content).unwrap_or(first)
    }

    /// Returns the members of a mapping with their lines.
    fn members<'n>(&self, members: &'n [Member], limit: usize) -> Vec<(&'n Member, RangeInclusive<usize>)> {
        let lines = |(at, member): (usize, &'n Member)| {
            let first = member.key_place.line;
            let limit = members.get(at + 1).map_or(limit, |next| next.key_place.line.saturating_sub(1));
            (member, first..=self.end(first, limit))
        };
        members.iter().enumerate().map(lines).collect()
    }

    fn entry(&self, item: &ConfigurationNode, limit: usize, is_flow: bool) -> WrittenBastion {
        let text = |key: &str| item.get(key).and_then(ConfigurationNode::text).map(str::to_owned);
        let (first, members) = (item.place.line, self.members(item.members(), limit));
        let is_block = !is_flow
            && !self.is_flow(item.place)
            && members.windows(2).all(|two| matches!(two, [one, next] if one.1.end() < next.1.start()));
        let recordings = item.get("recordings").map(|value| match &value.content {
            Content::List(all) => all.iter().map(written).collect(),
            _ => vec![written(value)],
        });
        let keys = members.into_iter().map(|(member, lines)| (member.key.clone(), lines)).collect();
        WrittenBastion {
            name: text("name").unwrap_or_default(),
            resource_id: text("resource_id"),
            recordings: recordings.unwrap_or_default(),
            audit_logs: item.get("audit_logs").map(written),
            managed_identity: item
                .get("recording_access")
                .and_then(|access| access.get("managed_identity"))
                .and_then(ConfigurationNode::scalar)
                .map(|scalar| scalar.text.clone()),
            lines: first..=self.end(first, limit),
            keys: is_block.then_some(keys),
            column: item.place.column,
        }
    }
}

fn written(container: &ConfigurationNode) -> WrittenContainer {
    let text = |key: &str| container.get(key).and_then(ConfigurationNode::text).map(str::to_owned);
    WrittenContainer {
        account_url: text("account_url").unwrap_or_default(),
        container: text("container"),
        until: text("until"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# head\nversion: 1\nbastions:\n  - name: bas-1   # first\n    resource_id: \"${ID}\"\n    recordings:\n      account_url: https://a.blob.core.windows.net\n      # inside\n      container: recordings\n    # of the access\n    recording_access: { managed_identity: true }\n\n  # second\n  - { name: bas-2, recordings: [{ account_url: x, container: y, until: 2026-01-31 }] }\n\nledger: {}\n";

    #[test]
    fn an_entry_knows_its_lines_and_values_as_written() {
        let outline = outline(TEXT).unwrap();
        assert_eq!(outline.lines, Some(3..=14));
        let [one, two] = outline.entries.as_slice() else { panic!("{outline:?}") };
        assert_eq!(
            (one.name.as_str(), one.resource_id.as_deref(), one.lines.clone()),
            ("bas-1", Some("${ID}"), 4..=11)
        );
        let keys = one.keys.as_ref().unwrap();
        assert_eq!(keys[2], ("recordings".to_owned(), 6..=9));
        assert_eq!((keys[3].1.clone(), one.column), (11..=11, 5));
        assert_eq!((two.keys.as_ref(), two.lines.clone()), (None, 14..=14));
        assert_eq!((one.managed_identity.as_deref(), &two.managed_identity), (Some("true"), &None));
        assert_eq!(two.recordings[0].until.as_deref(), Some("2026-01-31"));
    }

    #[test]
    fn a_file_without_bastions_has_no_section() {
        assert_eq!(outline("version: 1\n"), Some(Outline { lines: None, entries: Vec::new() }));
        assert_eq!(outline("{ version: 1 }"), None);
        assert_eq!(outline("version: ["), None);
    }
}
