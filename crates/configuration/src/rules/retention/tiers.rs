//! Rules for tiers: in order, no archive while recordings must play at once, no early deletion charges.

use domain::policy::retention::lifecycle::Tier;

use crate::findings::Findings;
use crate::texts;
use crate::tree::ConfigurationNode;

/// Checks the tiers of a class. Its recordings may be deleted after `ends_after` days.
pub fn check(class: &ConfigurationNode, ends_after: Option<i64>, path: &str, findings: &mut Findings) {
    let of = |tier: Tier| {
        let key = format!("{}_after", tier.name());
        let node = class.get("tiers")?.get(&key)?;
        Some(Step { tier, days: texts::days(node.text()?).ok()?, node, path: format!("{path}.tiers.{key}") })
    };
    let steps: Vec<Step<'_>> = Tier::ALL.into_iter().filter_map(of).collect();
    for pair in steps.windows(2) {
        if pair[0].days >= pair[1].days {
            let what = format!(
                "\"P{}D\" is not later than {}_after, \"P{}D\"",
                pair[1].days,
                pair[0].tier.name(),
                pair[0].days
            );
            findings.add(pair[1].node.place, &pair[1].path, what, "lengthen it, or leave one of the two out");
        }
    }
    available(class, &steps, path, findings);
    for step in &steps {
        let Some(ends_after) = ends_after else { continue };
        let next = steps.iter().find(|next| next.days > step.days).map_or(ends_after, |next| next.days.into());
        let (name, least) = (step.tier.name(), step.tier.least_days());
        if i64::from(step.days) >= ends_after {
            let what = format!(
                "\"P{}D\" comes when the recordings may already be deleted, after {ends_after} days",
                step.days
            );
            findings.warn(step.node.place, &step.path, what, "shorten it, or leave it out");
        } else if next.min(ends_after) - i64::from(step.days) < i64::from(least) {
            let stays = next.min(ends_after) - i64::from(step.days);
            let what = format!("leaves recordings {stays} days in the {name} tier, but {least} are billed");
            findings.warn(
                step.node.place,
                &step.path,
                what,
                "move them earlier, keep them longer, or leave the tier out",
            );
        }
    }
}

struct Step<'n> {
    tier: Tier,
    days: u32,
    node: &'n ConfigurationNode,
    path: String,
}

/// Reports an archive tier within the time in which recordings must play at once.
fn available(class: &ConfigurationNode, steps: &[Step<'_>], path: &str, findings: &mut Findings) {
    let Some(node) = class.get("immediately_available") else { return };
    let Some(days) = node.text().and_then(|text| texts::days(text).ok()) else {
        return;
    };
    for step in steps.iter().filter(|step| step.tier == Tier::Archive && step.days < days) {
        let what = format!("\"P{}D\" is within {path}.immediately_available, \"P{days}D\"", step.days);
        let remedy = format!("write P{days}D or more: archived recordings take hours to play again");
        findings.add(step.node.place, &step.path, what, remedy);
    }
}
