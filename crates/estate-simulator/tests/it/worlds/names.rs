use std::collections::{BTreeMap, BTreeSet};

use estate_simulator::worlds::{LoggedSession, Machine};

use super::{kind, pairs, percent, world};

#[test]
fn plain_names_are_machine_and_account_with_a_number() {
    let world = world("calm");
    for (blob, session) in pairs(&world) {
        let Machine::Vm(id) = &session.machine else { panic!("{session:?}") };
        let base = format!("{}-{}", id.rsplit('/').next().unwrap(), session.account).to_lowercase();
        let rest = blob.name.to_lowercase().strip_prefix(&base).unwrap().to_owned();
        assert!(rest.is_empty() || rest[1..].parse::<u32>().is_ok(), "{}", blob.name);
    }
}

#[test]
fn the_numbers_of_a_name_rise_with_creation() {
    let world = world("shared accounts");
    let mut by_base: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for blob in &world.recordings {
        let (base, number) = blob.name.rsplit_once('.').unwrap_or((&blob.name, "0"));
        by_base.entry(base).or_default().push((number.parse::<usize>().unwrap(), blob.created_at));
    }
    for blobs in by_base.values_mut() {
        blobs.sort_unstable();
        assert!(blobs.is_sorted_by_key(|(_, created)| *created));
        assert!(blobs.iter().enumerate().all(|(index, (number, _))| index == *number));
    }
}

#[test]
fn a_deleted_name_is_reused() {
    let world = world("names used again");
    let names: BTreeSet<_> = world.recordings.iter().map(|blob| &blob.name).collect();
    assert!(names.len() * 2 < world.recordings.len(), "{}", names.len());
}

#[test]
fn odd_names_have_scale_sets_addresses_domains_and_other_case() {
    // Several worlds, because all accounts of a place are drawn once per estate.
    let worlds: Vec<_> = (0..5).map(|seed| kind("odd names").generate(seed, 1000)).collect();
    let share =
        |is_so: &dyn Fn(&LoggedSession) -> bool| percent(worlds.iter().flat_map(|world| &world.sessions), is_so);
    let scale_sets = share(&|one| matches!(one.machine, Machine::ScaleSetInstance(_)));
    let addresses = share(&|one| one.machine == Machine::AddressOnly);
    assert!((12..=28).contains(&scale_sets) && (12..=28).contains(&addresses), "{scale_sets} {addresses}");
    assert!(share(&|one| one.account.contains('\\')) >= 8);
    assert!(share(&|one| one.account.contains('@')) >= 2);
    let blobs = worlds.iter().flat_map(|world| &world.recordings);
    assert!(percent(blobs, |blob| blob.name.contains('/')) >= 4);
    let pairs = worlds.iter().flat_map(pairs);
    assert!(percent(pairs, |(blob, one)| !blob.name.contains(&one.account)) >= 20);
}

#[test]
fn two_machines_can_make_the_same_odd_name() {
    let world = kind("odd names").generate(1, 4000);
    let mut machines: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (blob, session) in pairs(&world) {
        let (base, _) = blob.name.rsplit_once('.').unwrap_or((&blob.name, ""));
        if matches!(session.machine, Machine::Vm(_)) {
            machines.entry((blob.container, base.to_owned())).or_default().insert(&session.address);
        }
    }
    assert!(machines.values().any(|machines| machines.len() == 2));
}

#[test]
fn odd_agents_name_no_engine() {
    let engine = |one: &LoggedSession| ["Gecko", "AppleWebKit"].iter().any(|engine| one.agent.contains(engine));
    assert!((90..=97).contains(&percent(&world("calm").sessions, engine)));
    assert!((30..=65).contains(&percent(&world("odd agents, some").sessions, engine)));
    assert_eq!(percent(&world("odd agents, all").sessions, engine), 0);
}

#[test]
fn two_bastions_can_write_into_one_container() {
    let world = world("one container");
    assert!(world.bastions.len() == 2 && world.bastions.iter().all(|bastion| bastion.container == 0));
    assert!(world.recordings.iter().all(|blob| blob.container == 0));
    let bastions: BTreeSet<_> = world.sessions.iter().map(|session| session.bastion).collect();
    assert_eq!(bastions.len(), 2);
}
