//! Page of the bastions: status, coverage by week and recording habits.

mod coverage;

use askama::Template;
use domain::address::Printable;
use pipeline::BastionHabits;
use pipeline::query::BastionStatus;
use pipeline::summary::BastionDays;

use self::coverage::StatusRow;
use crate::clock::PageClock;
use crate::{Frame, NavigationEntry};

/// Page of the bastions.
#[derive(Template)]
#[template(path = "bastions.html")]
pub struct BastionsPage {
    frame: Frame,
    weeks: Vec<String>,
    statuses: Vec<StatusRow>,
    bastions: Vec<Bastion>,
}

struct Bastion {
    name: String,
    lead: String,
    habits: Vec<(String, String)>,
}

impl BastionsPage {
    /// Creates the page from the status, the counted days and the calibration of each bastion.
    pub fn new(frame: Frame, statuses: &[BastionStatus], days: &BastionDays, habits: &[BastionHabits]) -> Self {
        let weeks = days.weeks();
        Self {
            statuses: statuses
                .iter()
                .map(|status| StatusRow::from_status(status, days, &weeks, &frame.clock))
                .collect(),
            weeks: weeks.iter().map(|monday| monday.strftime("%b %-d").to_string()).collect(),
            bastions: habits.iter().map(|one| Bastion::from_habits(one, &frame.clock)).collect(),
            frame,
        }
    }
}

impl Bastion {
    fn from_habits(one: &BastionHabits, clock: &PageClock) -> Self {
        let since = match one.since {
            Some(day) => format!("Learned from {} recordings since {day}.", one.habits.recordings),
            None => "Nothing has been learned yet.".to_owned(),
        };
        let counted = one.counted_at.map(|at| format!(" Names were counted {}.", clock.minute(at)));
        let habits = one.habits.explained().into_iter();
        Self {
            name: Printable(one.bastion.as_str()).to_string(),
            lead: format!("{since}{}", counted.unwrap_or_default()),
            habits: habits.map(|(about, known)| (capitalised(about), known)).collect(),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
