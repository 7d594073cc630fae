//! Rules for classes: a name accepted by a tag, consistent periods.

use domain::policy::retention::Period;
use domain::record::retention::Then;
use domain::record::tags::TagValue;

use super::tiers;
use crate::findings::Findings;
use crate::texts;
use crate::tree::{ConfigurationNode, Content, Member, TextPosition, below};

pub fn check(classes: &ConfigurationNode, findings: &mut Findings) {
    let members = classes.members();
    if matches!(classes.content, Content::Map(_)) && members.is_empty() {
        let remedy = "define the class that default_class names, as in standard: { retain_for: P1Y, delete_after: P1Y, then: delete }";
        findings.add(classes.place, "retention.classes", "has no class", remedy);
    }
    for (at, member) in members.iter().enumerate() {
        let path = below("retention.classes", &member.key);
        name(member, &members[..at], &path, findings);
        let class = Written::from_node(&member.value);
        class.check(member.key_place, &path, findings);
        tiers::check(&member.value, class.ends_after(), &path, findings);
    }
}

fn name(member: &Member, before: &[Member], path: &str, findings: &mut Findings) {
    if member.key.is_empty() || TagValue::parse(&member.key).is_err() {
        let remedy =
            "write 1 to 256 letters, digits, blanks and + - . : = _ /: the name becomes the value of the tag bsr-class";
        findings.add(member.key_place, path, "is not a class's name", remedy);
    }
    if let Some(twin) =
        before.iter().find(|other| other.key != member.key && other.key.eq_ignore_ascii_case(&member.key))
    {
        let what = format!("differs only in case from {} in line {}", twin.key, twin.key_place.line);
        findings.add(member.key_place, path, what, "keep one of the two: in tags, case counts");
    }
}

/// Valid values of a class.
struct Written<'n> {
    retain_for: Option<(Period, &'n ConfigurationNode)>,
    delete_after: Option<&'n ConfigurationNode>,
    then: Option<(Then, &'n ConfigurationNode)>,
}

impl<'n> Written<'n> {
    fn from_node(class: &'n ConfigurationNode) -> Self {
        let text = |key: &str| class.get(key).and_then(|node| Some((node.text()?, node)));
        let period = |(text, node): (&str, &'n ConfigurationNode)| Some((texts::period(text).ok()?, node));
        Self {
            retain_for: text("retain_for").and_then(period),
            delete_after: class.get("delete_after"),
            then: text("then").and_then(|(text, node)| Some((texts::then(text).ok()?, node))),
        }
    }

    fn delete_after(&self) -> Option<Period> {
        texts::period(self.delete_after?.text()?).ok()
    }

    /// Minimum days until a recording of this class may be deleted. `None` if it is kept or the value is
    /// invalid.
    fn ends_after(&self) -> Option<i64> {
        let (retain_for, _) = self.retain_for?;
        let (then, _) = self.then?;
        (then != Then::Keep).then_some(self.delete_after()?.least_days().max(retain_for.least_days()))
    }

    fn check(&self, place: TextPosition, path: &str, findings: &mut Findings) {
        match (self.then, self.delete_after) {
            (Some((Then::Keep, _)), Some(node)) => {
                let remedy = "remove it: kept recordings are not deleted; or write then: delete or then: review";
                findings.add(node.place, &format!("{path}.delete_after"), "is set together with then: keep", remedy);
            }
            (Some((then @ (Then::Delete | Then::Review), _)), None) => {
                let what = format!("is missing, with then: {}", then.name());
                let remedy = "add the period after which they are due, as delete_after: P1Y; there is no default";
                findings.add(place, &format!("{path}.delete_after"), what, remedy);
            }
            _ => {}
        }
        let Some((retain_for, node)) = self.retain_for else { return };
        if let Some((then @ (Then::Delete | Then::Review), _)) = self.then
            && retain_for.is_zero()
        {
            let what = format!("\"{retain_for}\" retains nothing, with then: {}", then.name());
            let remedy = "write how long these recordings must not be deleted";
            findings.add(node.place, &format!("{path}.retain_for"), what, remedy);
        }
        if let (Some(delete_after), Some(written)) = (self.delete_after(), self.delete_after)
            && retain_for.is_never_shorter_than(delete_after)
            && retain_for.least_days() > delete_after.least_days()
        {
            let what = format!("\"{delete_after}\" is shorter than retain_for, \"{retain_for}\", and is raised to it");
            findings.warn(written.place, &format!("{path}.delete_after"), what, format!("write {retain_for}"));
        }
    }
}
