//! Findings of a run: people on recordings, sessions without a recording, bursts of failed logins.

use std::collections::BTreeMap;

use comfy_table::{Table, presets};
use domain::address::Printable;
use domain::decide::session::bursts;
use domain::policy::join::FailedLogins;
use domain::record::catalogue::Entry;
use domain::record::join::Match;
use domain::record::session::{BurstKey, SessionEntry, SessionState, TunnelId};
use jiff::Timestamp;
use pipeline::Ports;
use pipeline::ports::{Fault, SessionListRequest, SessionPlace};
use serde::Serialize;

/// Maximum number of rows per kind.
const SHOWN: usize = 15;
/// Maximum number of these recordings without a matched session.
const UNCERTAIN_SHOWN: usize = 8;
/// Number of sessions per page.
const PAGE: usize = 500;
/// Width of names and people, in characters.
const WIDTH: usize = 30;

/// Findings of a run.
#[derive(Debug, Default, Serialize)]
pub struct RunFindings {
    matches: BTreeMap<&'static str, u64>,
    who: Vec<Who>,
    gap_count: u64,
    gaps: Vec<WithoutRecording>,
    bursts: Vec<Burst>,
    #[serde(skip)]
    certain: Vec<Who>,
}

/// A recording with its person.
#[derive(Debug, Serialize)]
struct Who {
    recording: String,
    began: Option<Timestamp>,
    person: Option<String>,
    #[serde(rename = "match")]
    verdict: &'static str,
}

/// A session without a recording.
#[derive(Debug, Serialize)]
struct WithoutRecording {
    machine: Option<String>,
    began: Timestamp,
    person: Option<String>,
    cause: &'static str,
}

/// A burst of failed logins.
#[derive(Debug, Serialize)]
struct Burst {
    counted_by: &'static str,
    value: String,
    count: usize,
    first_at: Timestamp,
    last_at: Timestamp,
}

impl RunFindings {
    /// Adds a recording; call with newer ones first.
    pub fn recording(&mut self, entry: &Entry) {
        let verdict = &entry.match_state.verdict;
        *self.matches.entry(verdict.name()).or_default() += 1;
        let (rows, limit) = match verdict {
            Match::Matched(_) => (&mut self.certain, SHOWN),
            Match::Pending | Match::Ambiguous { .. } | Match::Unmatched { .. } => (&mut self.who, UNCERTAIN_SHOWN),
        };
        if rows.len() < limit {
            rows.push(Who {
                recording: entry.address.name.as_str().to_owned(),
                began: entry.created_at(),
                person: verdict.person().map(str::to_owned),
                verdict: verdict.name(),
            });
        }
    }

    /// Reads the sessions, and completes the list of recordings.
    pub async fn sessions(mut self, ports: &Ports, rule: FailedLogins) -> Result<Self, Fault> {
        self.who.append(&mut self.certain);
        self.who.truncate(SHOWN);
        self.who.sort_by_key(|who| std::cmp::Reverse(who.began));
        let mut failures: BTreeMap<BurstKey, Vec<(Timestamp, TunnelId)>> = BTreeMap::new();
        let mut below = None;
        loop {
            let request =
                SessionListRequest { bastion: None, without_recording: false, below, from: None, limit: PAGE };
            let page = ports.sessions.list(&request).await?;
            let Some(last) = page.last() else { break };
            below = Some(SessionPlace { at: last.at(), id: last.id.clone() });
            for entry in &page {
                self.gap(entry);
                fail(&mut failures, entry);
            }
        }
        for (key, failures) in failures {
            self.bursts.extend(bursts(failures, rule).into_iter().map(|burst| Burst {
                counted_by: key.kind(),
                value: key.value().to_owned(),
                count: burst.tunnels.len(),
                first_at: burst.first_at,
                last_at: burst.last_at,
            }));
        }
        Ok(self)
    }

    fn gap(&mut self, entry: &SessionEntry) {
        let Some(gap) = entry.gap.as_ref().filter(|_| entry.has_gap()) else { return };
        self.gap_count += 1;
        if self.gaps.len() < SHOWN {
            let facts = entry.session().facts;
            let (machine, person) = (facts.machine(), facts.user_email.as_deref().map(str::to_owned));
            self.gaps.push(WithoutRecording { machine, began: entry.at(), person, cause: gap.cause.name() });
        }
    }

    /// Formats the findings as tables. Returns an empty text if there are none.
    pub fn tables(&self) -> String {
        if self.matches.is_empty() && self.gaps.is_empty() && self.bursts.is_empty() {
            return String::new();
        }
        let mut who = table(&["recording", "began", "person", "match"]);
        for row in &self.who {
            who.add_row([name(&row.recording), time(row.began), person(&row.person), row.verdict.to_owned()]);
        }
        let counts: Vec<String> = Match::NAMES.iter().map(|name| format!("{} {name}", self.count(name))).collect();
        let mut gaps = table(&["session without a recording", "began", "person", "cause"]);
        for row in &self.gaps {
            let machine = name(row.machine.as_deref().unwrap_or("-"));
            gaps.add_row([machine, time(Some(row.began)), person(&row.person), row.cause.to_owned()]);
        }
        let mut bursts = table(&["logins that kept failing", "began", "ended", "count"]);
        for row in &self.bursts {
            let whose = name(&format!("{} {}", row.counted_by, row.value));
            bursts.add_row([whose, time(Some(row.first_at)), time(Some(row.last_at)), row.count.to_string()]);
        }
        let shown =
            |table: Table, is_empty: bool| if is_empty { String::new() } else { format!("{}\n\n", table.trim_fmt()) };
        format!(
            "{}{}\n\n{}{}",
            shown(who, self.who.is_empty()),
            counts.join(", "),
            shown(gaps, self.gaps.is_empty()),
            shown(bursts, self.bursts.is_empty())
        )
    }

    fn count(&self, verdict: &str) -> u64 {
        self.matches.get(verdict).copied().unwrap_or_default()
    }
}

fn fail(failures: &mut BTreeMap<BurstKey, Vec<(Timestamp, TunnelId)>>, entry: &SessionEntry) {
    let session = entry.session();
    let Some(failed) = entry.records.failed.filter(|_| session.state == SessionState::Failed) else {
        return;
    };
    for key in BurstKey::for_session(&session) {
        failures.entry(key).or_default().push((failed.first, entry.id.tunnel.clone()));
    }
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(head);
    table
}

fn person(person: &Option<String>) -> String {
    name(person.as_deref().unwrap_or("-"))
}

fn name(text: &str) -> String {
    let shown = Printable(text).to_string();
    match shown.char_indices().nth(WIDTH) {
        Some((at, _)) => format!("{}…", &shown[..at]),
        None => shown,
    }
}

fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.strftime("%m-%d %H:%M").to_string())
}
