//! Tests the coverage of holds with incomplete knowledge about sessions.

use domain::policy::hold::ScopeError;
use domain::policy::matcher::ConditionResult;
use domain::record::blob::BlobObservation;
use domain::record::catalogue::{Entry, JudgedTimes};
use domain::record::hold::HoldScope;
use domain::record::join::{Candidate, Match, MatchGrounds, Matched};
use domain::record::session::{SessionFacts, TunnelId};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::catalogue::custody::{DAY, finished, known};
use crate::catalogue::world::{at, there, written};

/// A final recording with this verdict.
fn recording(verdict: Match, is_settled: bool) -> Entry {
    let mut entry = finished(known()).only().clone();
    let recorded = entry.evidence().unwrap();
    entry.match_state.verdict = verdict;
    entry.match_state.judged =
        is_settled.then_some(JudgedTimes { created_at: recorded.created_at, last_modified: recorded.last_modified });
    entry
}

pub fn nobody(tunnel: &str) -> SessionFacts {
    SessionFacts {
        tunnel_id: TunnelId::parse(tunnel).unwrap(),
        user_name: None,
        user_email: None,
        client_ip: None,
        protocol: None,
        target_resource_id: None,
        target_ip: None,
        started_at: None,
        ended_at: None,
        duration: None,
    }
}

fn person(tunnel: &str, person: &str) -> SessionFacts {
    SessionFacts { user_email: Some(person.into()), ..nobody(tunnel) }
}

pub fn matched(session: SessionFacts) -> Match {
    Match::Matched(Box::new(Matched { session, evidence: Vec::new(), grounds: MatchGrounds::default() }))
}

pub fn ambiguous(sessions: Vec<SessionFacts>, more: u64, person: Option<&str>) -> Match {
    let candidates = sessions
        .into_iter()
        .map(|session| Candidate { session, evidence: Vec::new(), grounds: MatchGrounds::default() })
        .collect();
    Match::Ambiguous { candidates, more, person: person.map(str::to_owned) }
}

fn by_person(person: &str) -> HoldScope {
    HoldScope { person: Some(person.to_owned()), ..HoldScope::default() }
}

fn by_machine(machine: &str) -> HoldScope {
    HoldScope { machine: Some(machine.to_owned()), ..HoldScope::default() }
}

#[test]
fn only_a_settled_match_excludes_a_person() {
    let bob = || person("t-bob", "bob@contoso.com");
    let asked = |verdict, is_settled| by_person("ada@contoso.com").covers(&recording(verdict, is_settled));
    assert_eq!(asked(matched(bob()), true), ConditionResult::False);
    assert_eq!(asked(matched(bob()), false), ConditionResult::Unknown);
    assert_eq!(asked(ambiguous(vec![bob(), bob()], 0, Some("bob@contoso.com")), true), ConditionResult::Unknown);
    assert_eq!(asked(ambiguous(vec![bob()], 4, None), true), ConditionResult::Unknown);
    assert_eq!(asked(matched(nobody("t-1")), true), ConditionResult::Unknown, "the log does not name the person");
    assert_eq!(asked(Match::Unmatched { attempt: None }, true), ConditionResult::Unknown);
    let mut not_final = recording(matched(bob()), true);
    not_final.final_at = None;
    assert_eq!(by_person("ada@contoso.com").covers(&not_final), ConditionResult::Unknown);
    let mut asked_again = recording(matched(bob()), true);
    asked_again.match_state.ask_at = asked_again.final_at;
    assert_eq!(by_person("ada@contoso.com").covers(&asked_again), ConditionResult::Unknown);
}

#[test]
fn a_hold_is_certain_if_every_candidate_is_the_person() {
    let ada = || person("t-ada", "ada@contoso.com");
    let asked =
        |more, person| by_person("ada@contoso.com").covers(&recording(ambiguous(vec![ada()], more, person), true));
    assert_eq!(asked(0, Some("ada@contoso.com")), ConditionResult::True);
    assert_eq!(asked(1, Some("ada@contoso.com")), ConditionResult::Unknown);
    assert_eq!(asked(0, None), ConditionResult::Unknown);
}

#[test]
fn an_unobserved_write_keeps_a_hold_by_time_undecided() {
    let since = HoldScope { from: Some(at(5 * DAY)), ..HoldScope::default() };
    let mut name = finished(known());
    assert_eq!(since.covers(name.only()), ConditionResult::False);
    name.hear(written(10 * DAY, 9), BlobObservation::NotRead, at(10 * DAY));
    assert_eq!(since.covers(name.only()), ConditionResult::Unknown);
    name.look(there(0, 10 * DAY, 9), at(10 * DAY + 1));
    assert_eq!(since.covers(name.only()), ConditionResult::True);
}

#[test]
fn a_session_is_outside_a_hold_only_with_consistent_times() {
    let ended = |start, end| SessionFacts { started_at: Some(at(start)), ended_at: Some(at(end)), ..nobody("t") };
    let since = HoldScope { from: Some(at(100)), ..HoldScope::default() };
    assert_eq!(since.covers_session("bas", &ended(10, 50)), ConditionResult::False);
    assert_eq!(since.covers_session("bas", &ended(10, 150)), ConditionResult::True);
    assert_eq!(since.covers_session("bas", &ended(200, 50)), ConditionResult::Unknown, "its end is before its start");
    let until = HoldScope { to: Some(at(100)), ..HoldScope::default() };
    assert_eq!(until.covers_session("bas", &ended(200, 50)), ConditionResult::Unknown, "its end is before its start");
}

#[test]
fn a_hold_on_a_machine_matches_the_logged_machine() {
    let vm = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-1";
    let set = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/api";
    let instance = format!("{}/VIRTUALMACHINES/3", set.to_uppercase());
    let flexible = vm.replace("vm-1", "api_1a2b3c4d");
    let elsewhere = vm.replace("/rg/", "/other/");
    let (yes, no, unknown) = (ConditionResult::True, ConditionResult::False, ConditionResult::Unknown);
    let table: &[(&str, &str, &str, ConditionResult)] = &[
        // Columns: the hold, then id and address from the log, then the answer.
        ("vm-1", vm, "10.0.0.4", yes),
        (" VM-1 ", vm, "10.0.0.4", yes),
        ("vm-1.contoso.local", vm, "10.0.0.4", unknown),
        ("vm-2", vm, "10.0.0.4", no),
        ("vm-1", "", "10.0.0.4", unknown),
        ("10.0.0.4", "", "10.0.0.4", yes),
        ("10.0.0.4", vm, "10.0.0.4", yes),
        ("::ffff:10.0.0.4", vm, "10.0.0.4", yes),
        ("10.0.0.4:3389", vm, "10.0.0.4", yes),
        ("10.0.0.0/24", vm, "10.0.0.4", yes),
        ("10.0.0.5", vm, "10.0.0.4", no),
        ("10.0.0.4", vm, "", unknown),
        ("vm-1", "", "", unknown),
        (vm, &vm.to_uppercase(), "10.0.0.4", yes),
        (&vm[1..], vm, "", yes),
        (&format!("https://portal.azure.com/#@contoso/resource{vm}?x"), vm, "", yes),
        (&format!("https://portal.azure.com/#@contoso/resource{vm}/overview"), vm, "", yes),
        (&format!("{vm}/instanceView?api-version=2024-07-01"), vm, "", yes),
        (&format!("{instance}/overview"), &instance, "", yes),
        (&format!("{set}/instances"), &instance, "", yes),
        ("/subscriptions/s/resourceGroups/rg", vm, "", yes),
        ("/subscriptions/s", vm, "", yes),
        ("/subscriptions/s/resourceGroups/r", vm, "", no),
        (vm, "", "10.0.0.4", unknown),
        (vm, &elsewhere, "10.0.0.4", unknown),
        ("rg/providers/microsoft.compute/virtualmachines/vm-1", vm, "", yes),
        (&vm.replace("vm-1", "vm-2"), vm, "", no),
        ("api", &instance, "10.0.0.7", yes),
        ("api_3", &instance, "10.0.0.7", yes),
        ("api-3", &instance, "10.0.0.7", yes),
        ("api000003", &instance, "10.0.0.7", yes),
        ("api_4", &instance, "10.0.0.7", no),
        ("api-gateway", &instance, "10.0.0.7", no),
        (set, &instance, "10.0.0.7", yes),
        ("api", &flexible, "10.0.0.7", unknown),
        (set, &flexible, "10.0.0.7", unknown),
        ("api_3", set, "10.0.0.7", unknown),
        (&instance, set, "10.0.0.7", unknown),
        ("api", set, "10.0.0.7", yes),
        ("other", set, "10.0.0.7", no),
    ];
    for (hold, id, address, answer) in table {
        let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Into::into);
        let session = SessionFacts { target_resource_id: text(id), target_ip: text(address), ..nobody("t-1") };
        let asked = by_machine(hold).covers(&recording(matched(session), true));
        assert_eq!(asked, *answer, "{hold} of {id} {address}");
    }
}

/// A session as it really was.
#[derive(Debug, Clone)]
struct True {
    tunnel: String,
    person: String,
    set: Option<String>,
    machine: String,
    address: String,
}

impl True {
    fn id(&self) -> String {
        let of = "/subscriptions/S-1/resourceGroups/RG/providers/Microsoft.Compute";
        match &self.set {
            Some(set) => format!("{of}/virtualMachineScaleSets/{set}/virtualMachines/{}", self.machine),
            None => format!("{of}/virtualMachines/{}", self.machine),
        }
    }

    fn machines(&self) -> Vec<String> {
        let id = self.id();
        let mut ways = vec![self.address.clone(), format!("{}:3389", self.address), format!("{}/24", self.address)];
        ways.extend([id.clone(), id.to_uppercase(), format!("https://portal.azure.com/#@t/resource{id}")]);
        match &self.set {
            Some(set) => {
                let n = &self.machine;
                ways.extend([set.clone(), format!("{set}_{n}"), format!("{}-{n}", set.to_uppercase())]);
                ways.extend([format!("{set}00000{n}"), id.rsplit_once("/virtualMachines").unwrap().0.to_owned()]);
            }
            None => {
                ways.extend([format!(" {} ", self.machine.to_uppercase()), format!("{}.contoso.local", self.machine)]);
            }
        }
        ways
    }

    /// The session according to the log: any part may be missing, and the machine may be given by its set.
    fn told(&self, parts: (bool, bool, u8, bool)) -> SessionFacts {
        let (person, is_guest, id, address) = parts;
        let full = self.id();
        let id = match (id, &self.set) {
            (0, _) => None,
            (1, Some(_)) => full.rsplit_once("/virtualMachines").map(|(set, _)| set.to_owned()),
            (2, _) => Some(full.to_uppercase()),
            _ => Some(full),
        };
        let guest = || format!("{}#EXT#@fabrikam.onmicrosoft.com", self.person.replace('@', "_"));
        let name = if is_guest { guest() } else { self.person.clone() };
        SessionFacts {
            user_email: person.then(|| name.as_str().into()),
            target_resource_id: id.map(Into::into),
            target_ip: address.then(|| self.address.as_str().into()),
            ..nobody(&self.tunnel)
        }
    }
}

fn truths() -> impl Strategy<Value = True> {
    let people = select(vec!["ada@contoso.com", "bob@contoso.com", "j\u{f6}rg@contoso.com"]);
    let machines = select(vec![(None, "vm-1"), (None, "api_1a2b3c4d"), (Some("api"), "3"), (Some("web"), "7")]);
    (0..40_u32, people, machines, 1..9_u8).prop_map(|(tunnel, person, (set, machine), host)| True {
        tunnel: format!("00000000-0000-4000-8000-0000000000{tunnel:02}"),
        person: person.to_owned(),
        set: set.map(str::to_owned),
        machine: machine.to_owned(),
        address: format!("10.0.0.{host}"),
    })
}

fn told() -> impl Strategy<Value = SessionFacts> {
    (truths(), (any::<bool>(), any::<bool>(), 0..4_u8, any::<bool>())).prop_map(|(truth, parts)| truth.told(parts))
}

/// Possible verdicts about the recording of a session, each with a flag if it is settled.
fn verdicts(of: &True) -> impl Strategy<Value = (Match, bool)> + use<> {
    let of = of.clone();
    let own = (any::<bool>(), any::<bool>(), 0..4_u8, any::<bool>()).prop_map(move |parts| of.told(parts));
    let others = (vec(told(), 0..24), 0..40_u64, option::of(Just("bob@contoso.com")));
    prop_oneof![
        any::<bool>().prop_map(|is_settled| (Match::Pending, is_settled)),
        (option::of(told()), any::<bool>())
            .prop_map(|(attempt, is_settled)| (Match::Unmatched { attempt: attempt.map(Box::new) }, is_settled)),
        (others, any::<bool>())
            .prop_map(|((all, more, person), is_settled)| (ambiguous(all, more, person), is_settled)),
        (own, any::<bool>()).prop_map(|(own, is_settled)| (matched(own), is_settled)),
        told().prop_map(|other| (matched(other), false)),
    ]
}

/// Scopes that a session matches, in different spellings.
fn scopes(of: &True) -> impl Strategy<Value = HoldScope> + use<> {
    let sessions = vec![of.tunnel.clone(), format!("{{{}}}", of.tunnel.to_uppercase()), of.tunnel.replace('-', "")];
    let people = vec![of.person.clone(), format!(" {} ", of.person.to_uppercase()), format!("A <{}>", of.person)];
    let parts = (option::of(select(sessions)), option::of(select(people)), option::of(select(of.machines())));
    parts.prop_map(|(session, person, machine)| HoldScope { session, person, machine, ..HoldScope::default() })
}

proptest! {
    #[test]
    fn a_hold_on_the_true_session_is_never_excluded(
        (truth, scope, (verdict, is_settled)) in truths().prop_flat_map(|truth| {
            let (scopes, verdicts) = (scopes(&truth), verdicts(&truth));
            (Just(truth), scopes, verdicts)
        })
    ) {
        let entry = recording(verdict, is_settled);
        prop_assert!(scope.covers(&entry) != ConditionResult::False, "{scope:?} of {truth:?} at {:?}", entry.match_state.verdict);
    }
}

#[test]
fn a_pattern_or_a_blank_is_no_name() {
    let machine = |name: &str| HoldScope { machine: Some(name.into()), ..HoldScope::default() }.check();
    for pattern in ["vm-*", "*", "vm-?"] {
        assert_eq!(machine(pattern), Err(ScopeError::Pattern), "{pattern}");
    }
    for blank in ["", "  ", "\u{200b}", "/"] {
        assert_eq!(machine(blank), Err(ScopeError::Blank), "{blank:?}");
    }
    assert_eq!(machine("/subscriptions/s/virtualMachines/vm?api-version=1"), Ok(()));
    let person = HoldScope { person: Some("*@contoso.com".into()), ..HoldScope::default() };
    assert_eq!(person.check(), Err(ScopeError::Pattern));
}
