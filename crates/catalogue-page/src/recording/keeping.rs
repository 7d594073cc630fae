//! Retention, legal holds and deletion of a recording, as its page shows them.

use domain::address::Printable;
use domain::policy::matcher::{ConditionResult, MatcherLine};
use domain::policy::retention::{AskedRule, Explanation};
use pipeline::view::{HeldView, RecordingView, RetentionView};

use crate::clock::PageClock;
use crate::fact::FactRow;

/// Retention of a recording.
pub(crate) struct Keeping<'a> {
    /// `None` if the recording is deleted.
    pub(crate) in_short: Option<String>,
    pub(crate) facts: Vec<FactRow<'a>>,
}

pub(crate) struct HoldRow {
    pub(crate) case: String,
    pub(crate) since: String,
    pub(crate) is_certain: bool,
    /// True if the tag was not written by the archivist and no known hold explains it.
    pub(crate) is_foreign: bool,
    pub(crate) is_applied: bool,
}

/// Evaluated retention rule.
pub(crate) struct RuleRow {
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) answer: &'static str,
    pub(crate) in_words: &'static str,
    pub(crate) lines: Vec<RuleLine>,
}

/// One evaluated condition of a rule.
pub(crate) struct RuleLine {
    pub(crate) depth: usize,
    pub(crate) answer: &'static str,
    pub(crate) asked: String,
    pub(crate) fact: Option<String>,
}

impl<'a> Keeping<'a> {
    /// Returns `None` if retention has not been decided.
    pub(crate) fn from_recording(recording: &'a RecordingView<'_>, clock: &PageClock) -> Option<Self> {
        let retention = recording.retention.as_ref()?;
        let joined_names =
            |names: &[String]| names.iter().map(|name| Printable(name).to_string()).collect::<Vec<_>>().join(", ");
        let after = retention.delete_after.map_or_else(|| "never".to_owned(), |day| day.to_string());
        let mut facts = vec![
            FactRow::untrusted("Class", retention.class),
            FactRow::new(
                "Given by",
                if retention.rules.is_empty() {
                    "the default".to_owned()
                } else {
                    joined_names(retention.rules)
                },
            ),
            FactRow::new("Counted from", retention.counted_from.to_string()),
            FactRow::new("Protected until", retention.retain_until.to_string()),
            FactRow::new("Last day", after),
            FactRow::new("Then", retention.then),
            FactRow::new("Verdict", retention.verdict),
            FactRow::untrusted("Policy", retention.policy_digest),
        ];
        if !retention.unknown_rules.is_empty() {
            facts.push(FactRow::new("Kept by rules with an unknown result", joined_names(retention.unknown_rules)));
        }
        if let Some(until) = retention.grace_until {
            facts.push(FactRow::new("Warned until", clock.minute(until)));
        }
        if let Some(approved) = &retention.approved {
            let leave = format!("{}, until {}", Printable(approved.by), clock.minute(approved.until));
            facts.push(FactRow::new("Approved by", leave));
        }
        let in_short = match (&recording.deletion, recording.state) {
            (Some(_), _) => None,
            (None, "missing") => Some(format!("Storage does not list it. By the policy: {}", in_short(retention))),
            (None, _) => Some(in_short(retention)),
        };
        Some(Self { in_short, facts })
    }
}

fn in_short(retention: &RetentionView<'_>) -> String {
    let day = || retention.delete_after.map_or_else(|| "for ever".to_owned(), |day| format!("until {day}"));
    match retention.verdict {
        "held" => "A legal hold keeps it, regardless of the policy.".to_owned(),
        "unknown" => "It is kept: a rule depends on a fact that is not known.".to_owned(),
        "due" => "Its last day has passed, and nothing keeps it.".to_owned(),
        _ => match retention.session_open_until {
            Some(until) if retention.delete_after.is_some() => {
                format!("It is kept {}, and at least until {until}: its session may still go on.", day())
            }
            _ => format!("It is kept {}.", day()),
        },
    }
}

impl HoldRow {
    pub(crate) fn from_view(held: &HeldView<'_>, clock: &PageClock) -> Self {
        let (is_certain, is_foreign, is_applied) = (held.certain, held.hold.is_none(), held.applied);
        let (case, since) = (Printable(held.case).to_string(), clock.minute(held.since));
        Self { case, since, is_certain, is_foreign, is_applied }
    }
}

/// Describes the deletion in a sentence. Returns `None` if the recording is not deleted.
pub(crate) fn deletion(recording: &RecordingView<'_>, clock: &PageClock) -> Option<String> {
    let deletion = recording.deletion.as_ref()?;
    let at = clock.minute(deletion.at);
    Some(match &deletion.tombstone {
        Some(tombstone) => {
            format!("Deleted {at} by {}, as class {} requires.", tombstone.by, Printable(tombstone.class))
        }
        None => format!("Deleted {at}, without a decision of the archivist."),
    })
}

/// Returns what a reader must know first, with its tone.
pub(crate) fn notices(recording: &RecordingView<'_>) -> Vec<(&'static str, &'static str)> {
    let is_foreign = recording.deletion.as_ref().is_some_and(|deletion| deletion.tombstone.is_none());
    let deleted = is_foreign.then_some((
        "critical",
        "Somebody else deleted this recording. Find the caller in the account's resource log, and restore the blob while soft delete keeps it.",
    ));
    let missing = (recording.state == "missing").then_some((
        "critical",
        "Storage does not list this recording. Look into its container, and at deleted blobs.",
    ));
    let archived = (recording.tier == Some("Archive") && recording.deletion.is_none()).then_some((
        "",
        "The blob is in the archive tier: change its tier to Hot first, and wait some hours before you play it.",
    ));
    [deleted, missing, archived].into_iter().flatten().collect()
}

/// Returns the command that places a hold on a recording, unless the recording is deleted.
pub(crate) fn hold_command(recording: &RecordingView<'_>) -> Option<String> {
    let id = recording.id;
    recording.deletion.is_none().then(|| format!("archivist hold place --case CASE --reason TEXT --recording {id}"))
}

/// Lists every rule with its result.
pub(crate) fn rules(of: &Explanation<'_>) -> Vec<RuleRow> {
    of.rules.iter().map(rule).collect()
}

fn rule(asked: &AskedRule<'_>) -> RuleRow {
    let in_words = match (asked.answer, asked.counts) {
        (_, false) => "does not count, because a person assigned a class",
        (ConditionResult::True, _) => "it matches",
        (ConditionResult::False, _) => "it does not match",
        (ConditionResult::Unknown, _) => "not known whether it matches, so it keeps the recording",
    };
    RuleRow {
        name: Printable(asked.name).to_string(),
        class: Printable(asked.class).to_string(),
        answer: asked.answer.name(),
        in_words,
        lines: asked.lines.iter().map(line).collect(),
    }
}

fn line(line: &MatcherLine) -> RuleLine {
    RuleLine {
        depth: line.depth.min(4),
        answer: line.answer.name(),
        asked: Printable(&line.asked).to_string(),
        fact: line.fact.as_deref().map(|fact| Printable(fact).to_string()),
    }
}
