//! A session, computed from what its records say.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::facts::SessionFacts;
use super::records::Records;
use super::tunnel::TunnelId;

/// Starts that are further apart contradict each other.
const STARTS_AGREE_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// A record that is written longer before the end that it tells of contradicts it.
const CLOCKS_AGREE_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionState {
    /// It began, and no record tells of its end yet.
    Open,
    /// It ended.
    Ended,
    /// No more than a login that failed.
    Failed,
}

impl SessionState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Ended, Self::Failed];

    /// The name in stored and shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Failed => "failed",
        }
    }

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What is odd about the records of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// It ended before it began.
    EndBeforeStart,
    /// Records name different starts; the earliest counts.
    StartsDiffer,
    /// Records name different people, so nobody is named.
    PeopleDiffer,
    /// Records name different accounts.
    AccountsDiffer,
    /// Records name different machines.
    MachinesDiffer,
    /// A date or a duration could not be understood.
    OddTime,
    /// It ended long after the record that says so was written; for its gap, that record's time counts.
    EndAfterRecord,
}

impl Warning {
    /// The name in shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::EndBeforeStart => "end_before_start",
            Self::StartsDiffer => "starts_differ",
            Self::PeopleDiffer => "people_differ",
            Self::AccountsDiffer => "accounts_differ",
            Self::MachinesDiffer => "machines_differ",
            Self::OddTime => "odd_time",
            Self::EndAfterRecord => "end_after_record",
        }
    }
}

/// A connection as its records tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Where it stands.
    pub state: SessionState,
    /// What is known of it.
    pub facts: SessionFacts,
    /// Whether it was made with a client that is known to be no browser, which the bastion does not record.
    pub is_native: bool,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// When the last record of its end was written.
    pub end_written_at: Option<Timestamp>,
}

impl Session {
    /// What these records, of the connection `tunnel_id`, tell.
    pub fn of(tunnel_id: &TunnelId, records: &Records) -> Self {
        let state = state(records);
        let failed_at = records.failed.filter(|_| state == SessionState::Failed).map(|failed| failed.first);
        let (started_at, ended_at) = (failed_at.or_else(|| started_at(records)), ended_at(records));
        let is_backwards = matches!((started_at, ended_at), (Some(start), Some(end)) if end < start);
        let between = || Some(ended_at?.duration_since(started_at?)).filter(|_| !is_backwards);
        let text = |texts: &super::Texts| texts.agreed().cloned();
        let facts = SessionFacts {
            tunnel_id: tunnel_id.clone(),
            user_name: text(&records.user_name),
            user_email: text(&records.user_email),
            client_ip: text(&records.client_ip),
            protocol: text(&records.protocol).map(lower_case),
            target_resource_id: text(&records.target_resource_id),
            target_ip: text(&records.target_ip),
            started_at,
            ended_at,
            duration: records.duration.or_else(between),
        };
        let starts_differ =
            records.starts.is_some_and(|starts| starts.last.duration_since(starts.first) > STARTS_AGREE_WITHIN);
        let end_written_at = records.end_written.map(|written| written.last);
        let is_after_record =
            ended_at.zip(end_written_at).is_some_and(|(end, at)| end.duration_since(at) > CLOCKS_AGREE_WITHIN);
        let warnings = [
            (is_backwards, Warning::EndBeforeStart),
            (starts_differ, Warning::StartsDiffer),
            (records.user_email.differ(), Warning::PeopleDiffer),
            (records.user_name.differ(), Warning::AccountsDiffer),
            (records.target_resource_id.differ() || records.target_ip.differ(), Warning::MachinesDiffer),
            (!records.odd.is_empty(), Warning::OddTime),
            (is_after_record, Warning::EndAfterRecord),
        ];
        let warnings = warnings.into_iter().filter_map(|(holds, warning)| holds.then_some(warning)).collect();
        Self { state, facts, is_native: records.user_agent.iter().any(is_native_client), warnings, end_written_at }
    }

    /// When it ended as far as its gap goes: no end that cannot be hides that it has no recording. An end that lies long
    /// after its record, or before its start, is replaced by the time of that record.
    pub fn ended_by(&self) -> Option<Timestamp> {
        let is_odd = self.usable_end().is_none() || self.warnings.contains(&Warning::EndAfterRecord);
        if is_odd { self.end_written_at } else { self.usable_end() }
    }

    /// When it ended, where that can be compared with a recording: not before it began.
    pub fn usable_end(&self) -> Option<Timestamp> {
        self.facts.ended_at.filter(|_| !self.warnings.contains(&Warning::EndBeforeStart))
    }
}

/// Most records have it so already, and then it stays the same text.
fn lower_case(text: Arc<str>) -> Arc<str> {
    let is_lower = text.chars().all(|letter| letter.to_lowercase().eq([letter]));
    if is_lower { text } else { text.to_lowercase().into() }
}

fn state(records: &Records) -> SessionState {
    if records.ends.is_some() || records.duration.is_some() {
        SessionState::Ended
    } else if records.failed.is_some() && records.connected.is_none() {
        SessionState::Failed
    } else {
        SessionState::Open
    }
}

/// The earliest start told, or when the first record of the connection was written, or else what end and duration give.
fn started_at(records: &Records) -> Option<Timestamp> {
    let told = records.starts.map(|starts| starts.first);
    let connected = records.connected.map(|connected| connected.first);
    let counted_back = || records.ends.map(|ends| ends.last)?.checked_sub(records.duration?).ok();
    told.or(connected).or_else(counted_back)
}

/// The latest end told, or what start and duration give, or else when the record of the end was written.
fn ended_at(records: &Records) -> Option<Timestamp> {
    let told = records.ends.map(|ends| ends.last);
    let counted = || started_at(records)?.checked_add(records.duration?).ok();
    told.or_else(counted).or_else(|| records.end_written.map(|written| written.last))
}

/// What the agents of clients that are no browser have in them, as far as they are known. An agent is a text that a person
/// can choose, so it never excludes anything.
const NATIVE: [&str; 8] =
    ["azurecli", "azure-cli", "azurepowershell", "powershell", "python", "msal", "openssh", "mstsc"];

/// Whether a client is known to be no browser. What is unknown is taken for one.
fn is_native_client(user_agent: &str) -> bool {
    let agent = user_agent.to_ascii_lowercase();
    agent == "az" || agent.starts_with("az/") || NATIVE.iter().any(|known| agent.contains(known))
}
