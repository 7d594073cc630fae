//! Page of coming deletions, waiting plans and past retention runs.

use askama::Template;
use domain::address::Printable;
use domain::policy::retention::Policy;
use domain::words;
use pipeline::retention::{PastRun, WaitingPlan};
use pipeline::summary::Summary;
use pipeline::view::{ForecastRow, ForecastView, RecordingView};

use crate::clock::{PageClock, PageTime};
use crate::row::RecordingRow;
use crate::{Frame, NavigationEntry};

/// Page of coming deletions.
#[derive(Template)]
#[template(path = "deletions.html")]
pub struct DeletionsPage<'a> {
    frame: Frame,
    in_short: &'static str,
    plans: Vec<Plan>,
    forecast: Option<ForecastView<'a>>,
    rows: Vec<Foreseen>,
    counted: Option<String>,
    in_grace: Vec<Coming<'a>>,
    due: Vec<Coming<'a>>,
    more_waiting: bool,
    more_coming: bool,
    runs: Vec<Run>,
}

/// Data of the page.
pub struct ComingData<'a> {
    /// Active policy.
    pub policy: Option<&'a Policy>,
    /// Counts of the summary.
    pub summary: &'a Summary,
    /// Recordings in their grace period, the next first.
    pub in_grace: &'a [RecordingView<'a>],
    /// Recordings that are due next, the next first.
    pub due: &'a [RecordingView<'a>],
    /// True if more recordings wait: their grace period or last day is over.
    pub more_waiting: bool,
    /// True if more recordings follow whose grace period or last day is not over.
    pub more_coming: bool,
    /// Plans that wait for an approval.
    pub plans: &'a [WaitingPlan],
    /// Past runs that did something, newest first.
    pub runs: &'a [PastRun],
}

struct Plan {
    what: String,
    stopped: String,
    as_of: String,
    command: String,
}

/// Recordings of a bastion and class.
struct Foreseen {
    bastion: String,
    class: String,
    past: u64,
    soon: u64,
    later: u64,
}

struct Coming<'a> {
    row: RecordingRow<'a>,
    class: Printable<'a>,
    rules: String,
    last_day: String,
    in_days: String,
    then: &'static str,
    until: Option<PageTime>,
}

struct Run {
    at: PageTime,
    marked: u64,
    ordered: u64,
    failed: u64,
    stopped: String,
}

impl<'a> DeletionsPage<'a> {
    /// Creates the page.
    pub fn new(frame: Frame, data: &ComingData<'a>) -> Self {
        let clock = &frame.clock;
        let today = jiff::tz::TimeZone::UTC.to_datetime(clock.now()).date();
        let summary = data.summary;
        let forecast = summary.outlook.as_ref().map(|counts| ForecastView::from_counts(counts, today));
        Self {
            in_short: if is_of_other_policy(data) { OTHER_POLICY } else { in_short(data.policy) },
            plans: data.plans.iter().map(|plan| Plan::from_waiting(plan, clock)).collect(),
            rows: forecast.iter().flat_map(|forecast| &forecast.rows).map(Foreseen::from_row).collect(),
            forecast,
            counted: summary.counted_since.map(|at| clock.minute(at)),
            in_grace: data.in_grace.iter().filter_map(|view| Coming::from_recording(view, clock)).collect(),
            due: data.due.iter().filter_map(|view| Coming::from_recording(view, clock)).collect(),
            more_waiting: data.more_waiting,
            more_coming: data.more_coming,
            runs: data.runs.iter().map(|run| Run::from_past_run(run, clock)).collect(),
            frame,
        }
    }
}

/// Statement if the policy here is not the one that decides. A catalogue can be read without its configuration.
const OTHER_POLICY: &str = "These dates come from another retention policy than the one configured here: whether it is \
                            enforced is unknown here. Name the configuration of the catalogue to see it.";

/// Returns true if the shown recordings have a policy, and none has the one configured here.
fn is_of_other_policy(data: &ComingData<'_>) -> bool {
    let shown = data.in_grace.iter().chain(data.due);
    let mut digests =
        shown.filter_map(|view| view.retention.as_ref().map(|retention| retention.policy_digest)).peekable();
    let has_policy = digests.peek().is_some();
    has_policy && !digests.any(|digest| data.policy.is_some_and(|policy| policy.digest.0 == digest))
}

fn in_short(policy: Option<&Policy>) -> &'static str {
    match policy {
        None => "No retention policy is configured here: nothing is deleted.",
        Some(policy) if policy.enforce => {
            "The policy is enforced: after its last day a recording is warned about, and deleted after the grace period."
        }
        Some(_) => {
            "Dry run: the policy is not enforced, and nothing is warned about or deleted. Set retention.enforce to change that."
        }
    }
}

impl Plan {
    fn from_waiting(plan: &WaitingPlan, clock: &PageClock) -> Self {
        let what = match plan.kind.as_str() {
            "review" => format!("{} to review", words::count(plan.count, "recording")),
            _ => format!("{} to delete, stopped", words::count(plan.count, "recording")),
        };
        let reason = plan.stopped.as_deref().map(|reason| Printable(reason).to_string());
        Self {
            what,
            stopped: reason.unwrap_or_else(|| "Their class asks for a person before the deletion".to_owned()),
            as_of: clock.minute(plan.as_of),
            command: format!("archivist retention approve {}", Printable(&plan.digest)),
        }
    }
}

impl Foreseen {
    fn from_row(row: &ForecastRow<'_>) -> Self {
        let ForecastRow { past, soon, later, .. } = *row;
        let [bastion, class] = [row.bastion, row.class].map(|name| Printable(name).to_string());
        Self { bastion, class, past, soon, later }
    }
}

impl<'a> Coming<'a> {
    fn from_recording(view: &'a RecordingView<'a>, clock: &PageClock) -> Option<Self> {
        let retention = view.retention.as_ref()?;
        let rules: Vec<String> = retention.rules.iter().map(|rule| Printable(rule).to_string()).collect();
        Some(Self {
            row: RecordingRow(view),
            class: Printable(retention.class),
            rules: if rules.is_empty() { "the default".to_owned() } else { rules.join(", ") },
            last_day: retention.delete_after.map(|day| day.to_string()).unwrap_or_default(),
            then: retention.then,
            in_days: retention.delete_after.map(|day| clock.distance(day)).unwrap_or_default(),
            until: retention.grace_until.map(|at| clock.time(at)),
        })
    }
}

impl Run {
    fn from_past_run(run: &PastRun, clock: &PageClock) -> Self {
        let stopped = run.stopped.as_deref().map(|reason| Printable(reason).to_string()).unwrap_or_default();
        Self { at: clock.time(run.at), marked: run.marked, ordered: run.ordered, failed: run.failed, stopped }
    }
}
