//! Generates a day from a seed.

use domain::address::AddressError;
use random::SplitMix;

use crate::arrival::Arrival;
use crate::estate::SimulatedEstate;
use crate::stage::{Draft, SceneKind, Stage};
use crate::truth::{DayTruth, RecordingOutage, TrueSession};
use crate::{delivery, log, notice, recorder, scenes, trouble};

/// A day of the estate: the truth and its observable changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateDay {
    /// Bastions and containers of the day.
    pub estate: SimulatedEstate,
    /// Sessions, recordings and outages as they really were.
    pub truth: DayTruth,
    /// Observable changes in order of time.
    pub arrivals: Vec<Arrival>,
}

impl EstateDay {
    /// Generates the day of a seed with about `sessions` sessions and failed logins; 20 to 60 keep a replay fast. The
    /// same arguments give the same day, byte for byte.
    ///
    /// Sessions begin on 2 March 2026 between 05:59 and 21:00 UTC. All arrivals are within two days.
    ///
    /// Returns an error if a generated address is invalid.
    pub fn generate(seed: u64, sessions: usize) -> Result<Self, AddressError> {
        let random = &mut SplitMix::new(seed);
        let estate = SimulatedEstate::new()?;
        let (drafts, outages) = play(sessions, random);
        let (recordings, mut deeds) = recorder::record(&drafts, &outages, &estate, random)?;
        let mut sessions: Vec<TrueSession> = drafts.iter().map(|draft| session(draft, random)).collect();
        for (index, recording) in recordings.iter().enumerate() {
            sessions[recording.session].recording = Some(index);
        }
        let mut notices = Vec::new();
        for (session, draft) in sessions.iter_mut().zip(&drafts) {
            let bastion = &estate.bastions[session.bastion];
            notices.extend(notice::notices(session, bastion, draft.late, random));
        }
        deeds.sort_by_key(|deed| deed.at);
        let mut arrivals = delivery::deliveries(&deeds, &recordings, random);
        arrivals.extend(log::appends(notices, &estate, random)?);
        arrivals.sort_by_key(|arrival| arrival.at);
        Ok(Self { estate, truth: DayTruth { sessions, recordings, outages }, arrivals })
    }
}

/// Plays scenes until there are at least `sessions` drafts.
fn play(sessions: usize, random: &mut SplitMix) -> (Vec<Draft>, Vec<RecordingOutage>) {
    let mut stage = Stage { random, outages: Vec::new(), drafts: Vec::new() };
    let rare: [(u64, SceneKind); 6] = [
        (40, trouble::outage),
        (40, trouble::reuse),
        (40, trouble::burst),
        (60, trouble::failed),
        (30, trouble::failed),
        (15, scenes::many_reconnects),
    ];
    for (percent, scene) in rare {
        if stage.random.happens(percent) {
            scene(&mut stage);
        }
    }
    while stage.drafts.len() < sessions {
        let scene = stage.random.pick(&scenes::SCENES);
        scene(&mut stage);
        trouble::clear_edges(&mut stage);
    }
    stage.drafts.sort_by_key(|draft| draft.started_at);
    (stage.drafts, stage.outages)
}

/// Builds the session of a draft, before any of its records is delivered.
fn session(draft: &Draft, random: &mut SplitMix) -> TrueSession {
    TrueSession {
        bastion: draft.place.bastion,
        tunnel_id: tunnel_id(random),
        person: draft.person.clone(),
        client: draft.client.clone(),
        account: draft.place.account.clone(),
        target: draft.place.target.clone(),
        kind: draft.kind,
        started_at: draft.started_at,
        ended_at: draft.ended_at,
        recording: None,
        start_told_at: None,
        end_told_at: None,
    }
}

fn tunnel_id(random: &mut SplitMix) -> String {
    let (high, low) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        0x8000 | low >> 48 & 0x3fff,
        low & 0xffff_ffff_ffff
    )
}
