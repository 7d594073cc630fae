//! Computes a session from its audit records.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::facts::SessionFacts;
use super::records::Records;
use super::tunnel::TunnelId;
use crate::named;

/// Starts further apart than this contradict each other.
const STARTS_AGREE_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// A record written earlier than this before the end it states contradicts that end.
const CLOCKS_AGREE_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// State of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum SessionState {
    /// Began; no record of its end yet.
    Open,
    /// Ended.
    Ended,
    /// Consists of a failed login only.
    Failed,
}

named!(SessionState: ALL, name, parse);

/// Inconsistency in the records of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Warning {
    /// The end is before the start.
    EndBeforeStart,
    /// Records state different starts; the earliest counts.
    StartsDiffer,
    /// Records name different people; the person is left unknown.
    PeopleDiffer,
    /// Records name different accounts.
    AccountsDiffer,
    /// Records name different machines.
    MachinesDiffer,
    /// A date or a duration could not be parsed.
    OddTime,
    /// The stated end is long after its record was written; the gap then uses the record's time.
    EndAfterRecord,
}

named!(Warning: name);

/// Connection, computed from its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// State of the connection.
    pub state: SessionState,
    /// Known facts.
    pub facts: SessionFacts,
    /// True if the client is known not to be a browser; the bastion does not record such clients.
    pub is_native: bool,
    /// Inconsistencies.
    pub warnings: Vec<Warning>,
    /// Time at which the last record of the end was written.
    pub end_written_at: Option<Timestamp>,
}

impl Session {
    /// Computes the session `tunnel_id` from its records.
    pub fn assemble(tunnel_id: &TunnelId, records: &Records) -> Self {
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

    /// Returns the end for detecting a gap. An end long after its record, or before the start, is replaced by the
    /// record's time, so an impossible end cannot hide a missing recording.
    pub fn ended_by(&self) -> Option<Timestamp> {
        let is_odd = self.usable_end().is_none() || self.warnings.contains(&Warning::EndAfterRecord);
        if is_odd { self.end_written_at } else { self.usable_end() }
    }

    /// Returns the end if comparable with a recording: `None` if it is before the start.
    pub fn usable_end(&self) -> Option<Timestamp> {
        self.facts.ended_at.filter(|_| !self.warnings.contains(&Warning::EndBeforeStart))
    }
}

/// Returns the same text if it is in lower case already, as in most records.
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

/// Returns the earliest stated start, else the time of the first connection record, else end minus duration.
fn started_at(records: &Records) -> Option<Timestamp> {
    let logged = records.starts.map(|starts| starts.first);
    let connected = records.connected.map(|connected| connected.first);
    let counted_back = || records.ends.map(|ends| ends.last)?.checked_sub(records.duration?).ok();
    logged.or(connected).or_else(counted_back)
}

/// Returns the latest stated end, else start plus duration, else the time of the end record.
fn ended_at(records: &Records) -> Option<Timestamp> {
    let logged = records.ends.map(|ends| ends.last);
    let counted = || started_at(records)?.checked_add(records.duration?).ok();
    logged.or_else(counted).or_else(|| records.end_written.map(|written| written.last))
}

/// Substrings of user agents that are known not to be browsers. Users can choose their agent, so it never rules
/// anything out.
const NATIVE: [&str; 8] =
    ["azurecli", "azure-cli", "azurepowershell", "powershell", "python", "msal", "openssh", "mstsc"];

/// True if the client is known not to be a browser. An unknown client counts as a browser.
fn is_native_client(user_agent: &str) -> bool {
    let agent = user_agent.to_ascii_lowercase();
    agent == "az" || agent.starts_with("az/") || NATIVE.iter().any(|known| agent.contains(known))
}
