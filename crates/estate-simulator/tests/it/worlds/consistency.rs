use estate_simulator::worlds::{LoggedSession, SessionFate, Shows, WORLDS, World};

fn every_world(mut check: impl FnMut(&'static str, &World)) {
    for kind in WORLDS {
        for seed in 0..3 {
            check(kind.name, &kind.generate(seed, kind.usual_size.min(1000)));
        }
    }
}

#[test]
fn a_world_depends_only_on_its_seed() {
    for kind in WORLDS {
        assert_eq!(kind.generate(5, 300), kind.generate(5, 300), "{}", kind.name);
        assert_ne!(kind.generate(5, 300), kind.generate(6, 300), "{}", kind.name);
    }
}

#[test]
fn a_world_has_as_many_recordings_as_were_asked_for() {
    for kind in WORLDS {
        for size in [3, 10, 777] {
            assert_eq!(kind.generate(1, size).recordings.len(), size, "{}", kind.name);
        }
    }
}

#[test]
fn recordings_and_sessions_are_paired_at_most_once() {
    every_world(|name, world| {
        assert_eq!(world.truth.recordings.len(), world.recordings.len(), "{name}");
        assert_eq!(world.truth.sessions.len(), world.sessions.len(), "{name}");
        for recording in 0..world.recordings.len() {
            if let Some(session) = world.truth.session_of(recording) {
                assert_eq!(world.truth.recording_of(session), Some(recording), "{name}");
                assert_eq!(world.truth.recordings[recording].person, world.sessions[session].person, "{name}");
            }
        }
        for session in 0..world.sessions.len() {
            if let Some(recording) = world.truth.recording_of(session) {
                assert_eq!(world.truth.session_of(recording), Some(session), "{name}");
            }
        }
    });
}

#[test]
fn native_clients_are_identifiable_and_never_recorded() {
    let clients = ["AZURECLI", "AzurePowerShell", "OpenSSH"];
    every_world(|name, world| {
        for (session, fate) in world.sessions.iter().zip(&world.truth.sessions) {
            let is_native = clients.iter().any(|client| session.agent.starts_with(client));
            assert_eq!(is_native, *fate == SessionFate::NativeClient, "{name}");
        }
    });
}

#[test]
fn storage_times_are_whole_seconds_and_writes_follow_the_creation() {
    every_world(|name, world| {
        for blob in &world.recordings {
            assert_eq!((blob.created_at % 1000, blob.last_write_at % 1000), (0, 0), "{name}");
            assert!(blob.created_at <= blob.last_write_at, "{name}");
        }
    });
}

#[test]
fn entries_are_ordered_by_visibility() {
    every_world(|name, world| {
        assert!(world.recordings.is_sorted_by_key(|blob| blob.created_seen_at), "{name}");
        assert!(world.sessions.is_sorted_by_key(LoggedSession::readable_at), "{name}");
        assert!(world.failed_logins.is_sorted_by_key(|login| login.tried.readable_at), "{name}");
        assert!(world.recordings.iter().all(|blob| blob.created_seen_at <= blob.last_write_seen_at), "{name}");
        assert!(world.sessions.iter().all(|session| session.begin.is_some() || session.end.is_some()), "{name}");
    });
}

#[test]
fn no_entry_is_visible_before_its_event() {
    // Only worlds with correct clocks. A live last write is up to five seconds before the end in the log.
    for name in ["calm", "shared accounts", "uploaded, heavy losses", "reconnects"] {
        let world = super::world(name);
        for blob in &world.recordings {
            assert!(blob.created_at <= blob.created_seen_at && blob.last_write_at <= blob.last_write_seen_at, "{name}");
        }
        for session in &world.sessions {
            assert!(session.begin.is_none_or(|begin| begin.at < begin.readable_at), "{name}");
            assert!(session.end.is_none_or(|end| end.at < end.readable_at), "{name}");
        }
    }
}

#[test]
fn recording_names_are_unique_in_a_container_unless_reused() {
    for name in ["crowded", "odd names", "one container", "everything, mixed"] {
        let world = super::world(name);
        let mut names: Vec<_> = world.recordings.iter().map(|blob| (blob.container, &blob.name)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), world.recordings.len(), "{name}");
    }
}

#[test]
fn only_failed_logins_and_lost_records_leave_recordings_without_a_session() {
    let shows = |name, what| super::world(name).truth.recordings.iter().filter(|one| one.shows == what).count();
    for name in ["calm", "crowded", "uploaded, calm"] {
        assert_eq!((shows(name, Shows::FailedLogin), shows(name, Shows::UnloggedSession)), (0, 0), "{name}");
    }
    assert!(shows("failed logins", Shows::FailedLogin) > 300);
    assert!(shows("heavy losses", Shows::UnloggedSession) > 300);
}
