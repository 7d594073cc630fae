//! Compares the error rate that leads predict with the measured one.

use std::fmt;

use domain::decide::join::{RecordingEvidence, match_reasoning};
use domain::policy::join::MatchingRules;
use domain::record::join::{Match, Points};
use domain::record::session::SessionFacts;

use crate::estate::place_of;
use crate::player::Near;

/// Lower limits of the lead bands in points.
const BANDS: [i32; 6] = [0, 10, 20, 30, 40, 50];

/// The likeliest session of a recording, matched or not.
pub struct Best {
    /// Index of the session in the world.
    pub session: usize,
    lead: Points,
    is_named: bool,
}

impl Best {
    /// Returns the best candidate of a verdict; `None` if there is no candidate or no lead.
    pub fn from_verdict(subject: &RecordingEvidence, near: &Near<'_>, verdict: &Match<&SessionFacts>) -> Option<Self> {
        let (facts, lead) = match verdict {
            Match::Matched(matched) => (matched.session, matched.grounds.points),
            Match::Ambiguous { candidates, .. } => {
                (candidates.first()?.session, match_reasoning(subject, near, &MatchingRules::default(), verdict).lead?)
            }
            Match::Pending | Match::Unmatched { .. } => return None,
        };
        Some(Self { session: place_of(&facts.tunnel_id), lead, is_named: matches!(verdict, Match::Matched(_)) })
    }
}

/// Counts of best candidates and of wrong ones, by lead.
#[derive(Default)]
pub struct Leads {
    bands: [Band; BANDS.len()],
    expected_of_named: f64,
}

#[derive(Default, Clone, Copy)]
struct Band {
    all: usize,
    named: usize,
    expected: f64,
    wrong: usize,
    wrong_named: usize,
}

impl Leads {
    /// Counts the best candidate of a recording. Ignores a negative lead.
    pub fn count(&mut self, best: &Best, is_right: bool) {
        let tenths = best.lead.tenths();
        let Some(at) = BANDS.iter().rposition(|from| tenths >= from * 10) else {
            return;
        };
        let odds = 10_f64.powf(-f64::from(tenths) / 100.0);
        let expected = odds / (1.0 + odds);
        let band = &mut self.bands[at];
        band.all += 1;
        band.expected += expected;
        band.wrong += usize::from(!is_right);
        if best.is_named {
            band.named += 1;
            band.wrong_named += usize::from(!is_right);
            self.expected_of_named += expected;
        }
    }

    /// Returns the expected number of wrong matches.
    pub fn expected_of_named(&self) -> f64 {
        self.expected_of_named
    }

    /// Adds the counts of another world.
    pub fn add(&mut self, other: &Self) {
        for (band, more) in self.bands.iter_mut().zip(&other.bands) {
            band.all += more.all;
            band.named += more.named;
            band.expected += more.expected;
            band.wrong += more.wrong;
            band.wrong_named += more.wrong_named;
        }
        self.expected_of_named += other.expected_of_named;
    }
}

impl fmt::Display for Leads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| lead | recordings | expected wrong | wrong | of them named | named and wrong |")?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- |")?;
        for (at, band) in self.bands.iter().enumerate() {
            let range = match BANDS.get(at + 1) {
                Some(to) => format!("{} to {to}", BANDS[at]),
                None => format!("{} and more", BANDS[at]),
            };
            let Band { all, named, expected, wrong, wrong_named } = band;
            writeln!(f, "| {range} | {all} | {expected:.1} | {wrong} | {named} | {wrong_named} |")?;
        }
        Ok(())
    }
}
