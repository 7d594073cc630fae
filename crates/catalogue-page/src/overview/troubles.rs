//! Attention list: troubles of recordings, of the setup and of our own work.

use domain::address::Printable;
use domain::record::notification::Severity;
use domain::words;
use pipeline::ChannelTrouble;
use pipeline::query::{Attention, FindingGroup};
use pipeline::retention::WaitingPlan;
use pipeline::summary::Trouble;

use super::attention::AttentionItem;
use crate::clock::PageClock;

/// Subjects named in one line.
const NAMED: usize = 3;
/// Days of access left from which it is critical.
const A_WEEK: i64 = 7;

/// Returns a line on recordings or sessions in trouble.
pub(super) fn of_recordings(trouble: Trouble, count: u64) -> AttentionItem {
    let recordings = words::count(count, "recording");
    let (tone, what, advice, path) = match trouble {
        Trouble::DeletedUnexpectedly => (
            "critical",
            format!("{recordings} deleted by somebody else in the last 30 days"),
            "Find the caller in the account's resource log, and restore them while soft delete keeps them.",
            "/ui/recordings?state=deleted",
        ),
        Trouble::Missing => (
            "critical",
            format!("{recordings} missing in storage"),
            "No delete was reported: look into the container, and at deleted blobs.",
            "/ui/recordings?state=missing",
        ),
        Trouble::Stale => (
            "warning",
            format!("{recordings} unfinished for too long"),
            "They may be cut: check whether their sessions still run.",
            "/ui/recordings?state=active",
        ),
        Trouble::FailedLogins => (
            "warning",
            format!("{} in bursts in the last 30 days", words::count(count, "failed login")),
            "Check the clients' addresses and the accounts that they tried.",
            "/ui/sessions?state=failed",
        ),
    };
    AttentionItem { tone, what, advice: advice.to_owned(), path }
}

/// Returns the lines on the setup and on our own work.
pub(super) fn of_setup(found: &Attention, clock: &PageClock) -> Vec<AttentionItem> {
    let ledger = found.ledger.map(|(breaks, since)| AttentionItem {
        tone: "critical",
        what: format!("The ledger has {}", words::count(breaks, "break")),
        advice: format!("First found {}. List them with archivist ledger verify.", clock.minute(since)),
        path: "/ui/health",
    });
    let soon = |days: &i64| *days <= A_WEEK;
    let (ending, later): (Vec<_>, Vec<_>) = found.access.iter().partition(|(_, days)| soon(days));
    let access = [access("critical", &ending), access("warning", &later)].into_iter().flatten();
    let findings = found.findings.iter().map(finding);
    let channels = found.channels.iter().map(|trouble| channel(trouble, clock));
    ledger.into_iter().chain(channels).chain(access).chain(findings).chain(found.plans.iter().map(plan)).collect()
}

fn plan(plan: &WaitingPlan) -> AttentionItem {
    let reason = plan.stopped.as_deref().map(|reason| format!("{}. ", Printable(reason))).unwrap_or_default();
    AttentionItem {
        tone: "warning",
        what: format!("{} for approval before deletion", words::count(plan.count, "recording")),
        advice: format!("{reason}Review the plan, then copy its command."),
        path: "/ui/deletions",
    }
}

fn channel(trouble: &ChannelTrouble, clock: &PageClock) -> AttentionItem {
    let (name, reason) = (Printable(&trouble.channel), Printable(&trouble.reason));
    let next = if trouble.is_disabled {
        format!("fix the cause, then run archivist notify enable {name}")
    } else {
        "set the app setting that it needs".to_owned()
    };
    AttentionItem {
        tone: "critical",
        what: format!("Channel {name} gets no notifications"),
        advice: format!("Since {}: {reason}. To do: {next}.", clock.minute(trouble.since)),
        path: "/ui/health",
    }
}

fn access(tone: &'static str, bastions: &[&(String, i64)]) -> Option<AttentionItem> {
    let first = bastions.iter().map(|(_, days)| *days).min()?;
    let names = named(bastions.iter().map(|(name, _)| name.as_str()));
    let what = match first {
        ..0 => format!("Access to storage has ended: {names}"),
        days => format!("Access to storage ends in {} or less: {names}", words::count(days.unsigned_abs(), "day")),
    };
    let advice = "Give each bastion a new SAS, and change sas_expires in archivist.yaml.".to_owned();
    Some(AttentionItem { tone, what, advice, path: "/ui/bastions" })
}

fn finding(group: &FindingGroup) -> AttentionItem {
    let subjects = named(group.subjects.iter().map(String::as_str));
    let fix = group.fix.as_deref().map(|fix| format!("To do: {}", Printable(fix)));
    AttentionItem {
        tone: if group.severity == Severity::Critical { "critical" } else { "warning" },
        what: format!("Check failed: {} ({subjects})", group.question.asks()),
        advice: fix.unwrap_or_else(|| "The check has the details.".to_owned()),
        path: "/ui/health",
    }
}

/// Names the first subjects, and counts the others.
fn named<'n>(subjects: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = subjects.len().saturating_sub(NAMED);
    let names: Vec<String> = subjects.take(NAMED).map(|name| Printable(name).to_string()).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_subjects_are_one_line() {
        let bastions: Vec<String> = (0..80).map(|n| format!("b{n}")).collect();
        assert_eq!(named(bastions.iter().map(String::as_str)), "b0, b1, b2 and 77 more");
        assert_eq!(named(["b0"].into_iter()), "b0");
    }

    #[test]
    fn access_that_ends_this_week_is_critical() {
        let clock = PageClock::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC);
        let access = vec![("hub".to_owned(), 6), ("spoke".to_owned(), 25), ("old".to_owned(), -2)];
        let lines = of_setup(&Attention { access, ..Attention::default() }, &clock);
        let lines: Vec<_> = lines.iter().map(|line| (line.tone, line.what.as_str())).collect();
        let (ended, soon) =
            ("Access to storage has ended: hub, old", "Access to storage ends in 25 days or less: spoke");
        assert_eq!(lines, [("critical", ended), ("warning", soon)]);
    }
}
