//! All kinds of worlds with their goals.

use super::kinds::{
    calm, clocks, containers, crowded, failed, first_day, habits, late, losses, mixed, odd, reconnects, shared,
    together, uploaded,
};
use super::plan::WorldPlan;
use super::world::World;

/// A kind of world with the goal of a matcher.
#[derive(Debug, Clone, Copy)]
pub struct WorldKind {
    /// Name of the kind, as in the tables of `docs/matching.md`.
    pub name: &'static str,
    /// Number of recordings that the goal is set for.
    pub usual_size: usize,
    /// Minimum share of correctly matched recordings among those with a logged session. `None` if no goal is set.
    pub goal: Option<f64>,
    /// Number of wrong matches tolerated in a world of the usual size.
    pub excused: usize,
    plan: fn(usize) -> WorldPlan,
}

impl WorldKind {
    /// Generates a world with this seed and number of recordings. The covered time grows with the number.
    pub fn generate(&self, seed: u64, recordings: usize) -> World {
        (self.plan)(recordings).generate(seed)
    }

    const fn new(name: &'static str, goal: f64, plan: fn(usize) -> WorldPlan) -> Self {
        Self { goal: Some(goal), ..Self::without_goal(name, plan) }
    }

    const fn without_goal(name: &'static str, plan: fn(usize) -> WorldPlan) -> Self {
        Self { name, usual_size: 2000, goal: None, excused: 0, plan }
    }

    /// Sets the number of recordings that the goal is set for.
    const fn of_size(self, usual_size: usize) -> Self {
        Self { usual_size, ..self }
    }

    const fn excusing(self, excused: usize) -> Self {
        Self { excused, ..self }
    }
}

/// Every kind of world; those with a goal come first.
pub const WORLDS: &[WorldKind] = &[
    // Written live.
    WorldKind::new("calm", 0.999, calm::plan),
    WorldKind::new("shared accounts", 0.993, shared::plan),
    WorldKind::new("crowded", 0.990, crowded::plan).of_size(20_000),
    WorldKind::new("biased and drifting clocks", 0.992, |size| clocks::drifting(shared::plan(size))),
    WorldKind::new("clock step", 0.991, |size| clocks::stepping(shared::plan(size))),
    WorldKind::new("heavy tails", 0.91, |size| late::writes(shared::plan(size))),
    WorldKind::new("reconnects", 0.915, |size| reconnects::within(shared::plan(size))),
    WorldKind::new("odd names", 0.997, |size| odd::names(calm::plan(size))),
    WorldKind::new("odd agents, some", 0.993, |size| odd::some_agents(shared::plan(size))),
    WorldKind::new("odd agents, all", 0.993, |size| odd::all_agents(shared::plan(size))),
    WorldKind::new("failed logins", 0.994, |size| failed::logins(shared::plan(size))),
    WorldKind::new("heavy losses", 0.90, |size| losses::heavy(shared::plan(size))),
    WorldKind::new("all together", 0.79, together::plan).excusing(1),
    // Uploaded after the session.
    WorldKind::new("uploaded, calm", 0.958, |size| uploaded::after(calm::plan(size))),
    WorldKind::new("uploaded, shared accounts", 0.85, |size| uploaded::after(shared::plan(size))),
    WorldKind::new("uploaded, crowded", 0.10, |size| uploaded::after(crowded::plan(size))).of_size(20_000),
    WorldKind::new("uploaded, biased clocks", 0.84, |size| uploaded::after(clocks::drifting(shared::plan(size)))),
    WorldKind::new("uploaded, heavy tails", 0.79, |size| uploaded::after(late::writes(shared::plan(size)))),
    WorldKind::new("uploaded, reconnects", 0.48, |size| uploaded::after(reconnects::within(shared::plan(size)))),
    WorldKind::new("uploaded, heavy losses", 0.16, |size| uploaded::after(losses::heavy(shared::plan(size)))),
    // Both ways.
    WorldKind::new("mixed in time", 0.92, |size| mixed::in_time(shared::plan(size))),
    WorldKind::new("mixed by bastion", 0.92, |size| mixed::by_bastion(shared::plan(size))),
    WorldKind::new("mixed and crowded", 0.51, |size| mixed::in_time(crowded::plan(size))).of_size(20_000),
    WorldKind::new("everything, mixed", 0.40, |size| mixed::in_time(together::plan(size))),
    // The first day of a bastion.
    WorldKind::new("first day, 3 sessions", 0.95, first_day::plan).of_size(3),
    WorldKind::new("first day, 10 sessions", 0.98, first_day::plan).of_size(10),
    WorldKind::new("first day, 100 sessions", 0.99, first_day::plan).of_size(100),
    // Without a goal.
    WorldKind::without_goal("outages of recording", |size| losses::outages(shared::plan(size))),
    WorldKind::without_goal("late records", |size| late::records(shared::plan(size))),
    WorldKind::without_goal("storage an hour off", |size| clocks::storage_hour_off(shared::plan(size))),
    WorldKind::without_goal("log an hour off", |size| clocks::log_hour_off(shared::plan(size))),
    WorldKind::without_goal("uploaded, log an hour off", |size| {
        uploaded::after(clocks::log_hour_off(shared::plan(size)))
    }),
    WorldKind::without_goal("shift begin", |size| habits::shift_begin(calm::plan(size))),
    WorldKind::without_goal("shift begin, shared accounts", |size| habits::shift_begin(shared::plan(size))),
    WorldKind::without_goal("uploaded, shift begin", |size| uploaded::after(habits::shift_begin(shared::plan(size)))),
    WorldKind::without_goal("hourly jobs", |size| habits::hourly_jobs(calm::plan(size))),
    WorldKind::without_goal("hourly jobs, biased clocks", |size| {
        clocks::drifting(habits::hourly_jobs(calm::plan(size)))
    }),
    WorldKind::without_goal("hourly jobs, log an hour off", |size| {
        clocks::log_hour_off(habits::hourly_jobs(calm::plan(size)))
    }),
    WorldKind::without_goal("uploaded, hourly jobs", |size| uploaded::after(habits::hourly_jobs(calm::plan(size)))),
    WorldKind::without_goal("sessions of 20 hours", |size| habits::twenty_hours(calm::plan(size))),
    WorldKind::without_goal("sessions of 2 seconds", |size| habits::two_seconds(shared::plan(size))),
    WorldKind::without_goal("uploaded, sessions of 2 seconds", |size| {
        uploaded::after(habits::two_seconds(shared::plan(size)))
    }),
    WorldKind::without_goal("one container", |size| containers::shared(shared::plan(size))),
    WorldKind::without_goal("one container, mixed by bastion", |size| {
        mixed::by_bastion(containers::shared(shared::plan(size)))
    }),
    WorldKind::without_goal("names used again", |size| containers::names_again(shared::plan(size))),
    WorldKind::without_goal("uploaded, first day, 10 sessions", |size| uploaded::after(first_day::plan(size)))
        .of_size(10),
];
