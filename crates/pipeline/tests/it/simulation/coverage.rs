//! Figures of the coverage report against the truth.

use std::collections::BTreeSet;

use domain::record::join::Match;
use estate_simulator::{ConnectionKind, EstateDay, TrueSession};
use pipeline::coverage_report::{BastionCoverage, CoverageReport, FIGURES, ReportMonth, coverage_report};

use crate::simulation::play::{Played, now, play};
use crate::simulation::watcher::entries;
use crate::simulation::world::Processes;

/// Approximate number of sessions of a day.
const SESSIONS: usize = 40;

/// A played and counted day, with the months that its sessions and recordings lie in.
fn counted(seed: u64) -> (EstateDay, Played, Vec<ReportMonth>) {
    let day = EstateDay::generate(seed, SESSIONS).unwrap();
    let played = play(&day, Processes::Shared);
    let summary = played.world.archivist().summary.clone();
    while now(summary.summarise(&|| true)).unwrap().unfinished {}
    let sessions = day.truth.sessions.iter().map(|session| session.started_at);
    let created = day.truth.recordings.iter().map(|recording| recording.created_at);
    let months: BTreeSet<ReportMonth> = sessions.chain(created).map(ReportMonth::at).collect();
    (day, played, months.into_iter().collect())
}

fn value(one: &BastionCoverage, name: &str) -> u64 {
    let figure = FIGURES.iter().find(|figure| figure.name == name).unwrap();
    (figure.value)(&one.counts).unwrap_or_else(|why| panic!("{name}: {}", why.reason()))
}

fn report_of(played: &Played, month: ReportMonth) -> CoverageReport {
    let archivist = played.world.archivist();
    now(coverage_report(&archivist.reading(), month, &[])).unwrap()
}

#[test]
fn the_figures_of_a_simulated_month_equal_those_counted_from_the_truth() {
    let mut compared = 0;
    for seed in 0..6 {
        let (day, played, months) = counted(seed);
        for month in months {
            let report = report_of(&played, month);
            for (index, one) in report.bastions.iter().enumerate() {
                let count = |is: &dyn Fn(&TrueSession) -> bool| {
                    let sessions = day.truth.sessions.iter();
                    let of = sessions.filter(|it| it.bastion == index && it.is_told() && month.holds(it.started_at));
                    of.filter(|session| is(session)).count() as u64
                };
                let has_end = |it: &TrueSession| it.end_told_at.is_some();
                let is_web = |it: &TrueSession| it.kind == ConnectionKind::Web;
                let context = format!("day {seed}, {month}, {}", one.bastion.as_str());
                assert_eq!(value(one, "sessions"), count(&|_| true), "{context}");
                assert_eq!(value(one, "recordable"), count(&|it| has_end(it) && is_web(it)), "{context}");
                let one_of = value(one, "gaps_one_of");
                let certain = value(one, "gaps") - one_of;
                assert_eq!(certain, count(&|it| has_end(it) && it.recording.is_none()), "{context}");
                let native = |it: &TrueSession| has_end(it) && it.kind == ConnectionKind::Native;
                assert_eq!(value(one, "gaps_native_client"), count(&native), "{context}");
                let recorded = count(&|it| has_end(it) && is_web(it) && it.recording.is_some());
                assert_eq!(value(one, "recorded") + one_of, recorded, "{context}");
                compared += recorded;
            }
        }
    }
    assert!(compared > 100, "{compared} recorded sessions were compared");
}

#[test]
fn the_named_and_deleted_recordings_of_a_simulated_month_are_those_of_the_truth() {
    let mut deleted = 0;
    for seed in 0..6 {
        let (day, played, months) = counted(seed);
        assert_eq!(played.watcher.wrong, Vec::<String>::new());
        let entries = now(entries(&played.world));
        for month in months {
            let report = report_of(&played, month);
            let (mut recordings, mut named, mut gone) = (0, 0, 0);
            for one in &report.bastions {
                recordings += value(one, "recordings");
                named += value(one, "named");
                gone += value(one, "deletions_others");
                assert_eq!((value(one, "deletions_archivist"), value(one, "holds")), (0, 0));
            }
            let seen = entries.iter().filter(|entry| month.holds(entry.id.first_received()));
            let is_named = |verdict: &Match| verdict.session().is_some_and(|session| session.user_email.is_some());
            let truly = seen.clone().filter(|entry| is_named(&entry.match_state.verdict)).count() as u64;
            assert_eq!((recordings, named), (seen.count() as u64, truly), "day {seed}");
            let truth = day.truth.recordings.iter().filter_map(|recording| recording.deleted_at);
            assert_eq!(gone, truth.filter(|at| month.holds(*at)).count() as u64, "day {seed}");
            deleted += gone;
        }
    }
    assert!(deleted > 0, "some recordings are deleted");
}
