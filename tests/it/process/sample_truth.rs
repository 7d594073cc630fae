//! Compares the catalogue of the sample weeks with their truth.

use std::collections::BTreeMap;

use adapters_local::sqlite::{SqliteCatalogue, SqliteSessions, SqliteStore};
use domain::record::catalogue::Entry;
use domain::record::join::Match;
use host_stand_in::sample::{BASTIONS, LoggedRecords, SampleConnectionKind, SampleVisit, SampleWeeks};
use jiff::SignedDuration;
use pipeline::ports::{Catalogue, ListRequest, SessionListRequest, Sessions};
use tempfile::TempDir;

use super::sample::{CATALOGUE, done, start};
use crate::support::process::free_port;

/// Distance of begins above which the default tolerances exclude a wrong match of the same name.
const FAR_APART: SignedDuration = SignedDuration::from_mins(5);

/// The truth of the weeks with the catalogue of a run.
struct Compared {
    weeks: SampleWeeks,
    entries: Vec<Entry>,
    /// Causes of gaps by tunnel id.
    gaps: BTreeMap<String, String>,
}

impl Compared {
    fn of_a_run() -> Self {
        let home = TempDir::new().unwrap();
        done(start(&home, &["local", "--sample", "--once", "--port", &free_port().to_string()]));
        let store = SqliteStore::open_existing(home.path().join(CATALOGUE)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let all = ListRequest { under: None, below: None, from: None, limit: 1_000 };
        let entries = runtime.block_on(SqliteCatalogue::new(&store).list(&all)).unwrap();
        let gaps = SessionListRequest { bastion: None, without_recording: true, below: None, from: None, limit: 1_000 };
        let gaps = runtime.block_on(SqliteSessions::new(&store).list(&gaps)).unwrap();
        let cause = |gap: Option<domain::record::session::Gap>| gap.unwrap().cause.name().to_owned();
        let gaps = gaps.into_iter().map(|one| (one.id.tunnel.as_str().to_owned(), cause(one.gap))).collect();
        Self { weeks: SampleWeeks::new().unwrap(), entries, gaps }
    }

    fn visits(&self) -> impl Iterator<Item = &SampleVisit> {
        self.weeks.visits().iter().map(|visit| &visit.what)
    }

    fn bastion(&self, visit: &SampleVisit) -> &'static str {
        let of = self.weeks.visits().iter().find(|other| other.what.tunnel_id == visit.tunnel_id);
        BASTIONS[of.unwrap().bastion].name
    }

    /// Returns the verdict on every recording with its visit.
    fn recordings(&self) -> impl Iterator<Item = (&SampleVisit, &Match)> {
        let bastion = |visit: &SampleVisit| self.bastion(visit);
        let entry = move |visit: &SampleVisit| {
            let name = visit.recording.as_ref()?;
            let is_of = |entry: &&Entry| {
                let is_named = entry.bastion.as_str() == bastion(visit) && entry.address.name == *name;
                is_named && entry.created_at() == Some(visit.started_at)
            };
            Some(
                &self
                    .entries
                    .iter()
                    .find(is_of)
                    .unwrap_or_else(|| panic!("{visit:?} is not in the catalogue"))
                    .match_state
                    .verdict,
            )
        };
        self.visits().filter_map(move |visit| Some((visit, entry(visit)?)))
    }

    /// Returns true if the recording can be matched: the log has its session, and no visit with a shared name is near.
    fn is_decidable(&self, visit: &SampleVisit) -> bool {
        let is_told = visit.kind == SampleConnectionKind::Browser
            && visit.told != LoggedRecords::Nothing
            && visit.is_recorded_whole;
        let is_near = |other: &&SampleVisit| {
            let apart = other.started_at.duration_since(visit.started_at).abs();
            let is_other = other.tunnel_id != visit.tunnel_id && self.bastion(other) == self.bastion(visit);
            is_other && apart <= FAR_APART && share_a_name(other, visit)
        };
        is_told && !self.visits().any(|other| is_near(&other))
    }

    fn of_machine<'a>(&'a self, machine: &'a str) -> impl Iterator<Item = (&'a SampleVisit, &'a Match)> {
        self.recordings().filter(move |(visit, _)| visit.machine == machine)
    }
}

fn share_a_name(one: &SampleVisit, other: &SampleVisit) -> bool {
    let (one, other) = (names(one), names(other));
    one.iter().any(|name| other.contains(name))
}

/// Returns the possible names of a visit's recording, with and without a trailing number.
fn names(visit: &SampleVisit) -> Vec<String> {
    let mut names = vec![format!("{}-{}", visit.machine, visit.account).to_lowercase()];
    names.extend(visit.recording.iter().map(|name| name.as_str().to_lowercase()));
    let bases = names.iter().filter_map(|name| name.rsplit_once('.')).map(|(base, _)| base.to_owned());
    let bases: Vec<String> = bases.collect();
    names.extend(bases);
    names
}

#[test]
fn no_recording_is_mismatched_and_every_decidable_one_is_matched() {
    let compared = Compared::of_a_run();
    let (mut decidable, mut all) = (0, 0);
    for (visit, verdict) in compared.recordings() {
        all += 1;
        assert!(verdict.person().is_none_or(|person| person == visit.person), "{visit:?} is {verdict:?}");
        if let Some(session) = verdict.session() {
            assert_eq!(session.tunnel_id.as_str(), visit.tunnel_id, "{visit:?}");
        }
        if compared.is_decidable(visit) {
            decidable += 1;
            assert!(matches!(verdict, Match::Matched(_)), "{visit:?} is {verdict:?}");
        }
    }
    assert_eq!(all, compared.entries.len());
    assert!(decidable * 3 > all * 2, "{decidable} of {all} are easy");
    of_staged_cases(&compared);
    gaps_are_those_of_the_weeks(&compared);
}

fn of_staged_cases(compared: &Compared) {
    let verdict = |machine| compared.of_machine(machine).map(|(_, verdict)| verdict).collect::<Vec<_>>();
    for shared in verdict("vm-pay-01") {
        assert!(matches!(shared, Match::Ambiguous { person: None, .. }), "two people on one account: {shared:?}");
    }
    for machine in ["vm-pay", "vm-pay-02"] {
        let [together, apart] = verdict(machine)[..] else { panic!("{machine}") };
        assert!(matches!(together, Match::Ambiguous { person: None, .. }), "one name for both: {together:?}");
        assert!(matches!(apart, Match::Matched(_)), "one name at another time: {apart:?}");
    }
    for (_, attempt) in compared.of_machine("vm-pay-08") {
        assert_eq!(attempt.person(), Some("dana.levi@contoso.com"), "whichever attempt it is: {attempt:?}");
    }
    let [Match::Unmatched { attempt: Some(attempt) }] = verdict("vm-pay-05")[..] else {
        panic!("a failed login")
    };
    assert_eq!(attempt.user_email.as_deref(), Some("ben.meyer@contoso.com"));
    assert_eq!(verdict("vm-pay-07"), [&Match::Unmatched { attempt: None }], "its session was lost");
}

fn gaps_are_those_of_the_weeks(compared: &Compared) {
    let unrecorded = compared.visits().filter(|visit| visit.recording.is_none());
    let expected = unrecorded.filter_map(|visit| {
        let cause = match visit.kind {
            SampleConnectionKind::NativeClient => "native_client",
            SampleConnectionKind::Browser if compared.bastion(visit) == "bas-hub-neu" => "recording_off",
            SampleConnectionKind::Browser => "unknown",
            SampleConnectionKind::FailedLogin => return None,
        };
        Some((visit.tunnel_id.clone(), cause.to_owned()))
    });
    assert_eq!(compared.gaps, expected.collect());
}
