//! Figures and the table that shows them.

use std::fmt;
use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use crate::Measured;

/// Cost of our side and of the baseline in one round, measured one straight after the other.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    pub ours: Duration,
    pub baseline: Duration,
}

impl Round {
    /// Measures both sides in turn, and alternates the order from round to round.
    pub fn alternate(
        rounds: usize,
        mut ours: impl FnMut() -> Measured<Duration>,
        mut baseline: impl FnMut() -> Measured<Duration>,
    ) -> Measured<Vec<Self>> {
        let round = |number: usize| {
            let early = if number.is_multiple_of(2) { Some(ours()?) } else { None };
            let baseline = baseline()?;
            Ok(Self { ours: early.map_or_else(&mut ours, Ok)?, baseline })
        };
        (0..rounds).map(round).collect()
    }
}

/// Required ratio of a figure.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    AtMost(f64),
    AtLeast(f64),
    /// No requirement; the figure is for information.
    Nothing,
}

/// One line of the table.
#[derive(Debug)]
pub struct Measurement {
    name: String,
    ours: String,
    baseline: String,
    /// Median, lower and upper quartile over the rounds.
    ratio: Option<[f64; 3]>,
    wanted: Wanted,
}

impl Measurement {
    /// Cost of one of `count` items by the median of the rounds; each round gives one ratio.
    pub fn cost(name: impl Into<String>, rounds: &[Round], count: usize, wanted: Wanted) -> Self {
        Self {
            name: name.into(),
            ours: micros(median(rounds.iter().map(|round| round.ours)), count),
            baseline: micros(median(rounds.iter().map(|round| round.baseline)), count),
            ratio: Some(quartiles(rounds.iter().map(|round| round.ours.as_secs_f64() / round.baseline.as_secs_f64()))),
            wanted,
        }
    }

    /// Rate of `count` items per second by the median of the rounds.
    pub fn rate(name: impl Into<String>, rounds: &[Round], count: usize, wanted: Wanted) -> Self {
        let per_second = |cost: Duration| format!("{:.0}/s", count as f64 / cost.as_secs_f64());
        Self {
            name: name.into(),
            ours: per_second(median(rounds.iter().map(|round| round.ours))),
            baseline: per_second(median(rounds.iter().map(|round| round.baseline))),
            ratio: Some(quartiles(rounds.iter().map(|round| round.baseline.as_secs_f64() / round.ours.as_secs_f64()))),
            wanted,
        }
    }

    /// Two exact counts.
    pub fn count(name: impl Into<String>, ours: f64, baseline: f64, wanted: Wanted) -> Self {
        let ratio = Some([ours / baseline; 3]);
        Self { name: name.into(), ours: format!("{ours}"), baseline: format!("{baseline}"), ratio, wanted }
    }

    /// An exact count without a baseline.
    pub fn number(name: impl Into<String>, number: f64) -> Self {
        let (ours, baseline) = (format!("{number}"), String::new());
        Self { name: name.into(), ours, baseline, ratio: None, wanted: Wanted::Nothing }
    }

    /// A size in bytes and its maximum.
    pub fn size(name: impl Into<String>, bytes: u64, most: u64) -> Self {
        let mebibytes = |bytes: u64| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
        let ratio = Some([bytes as f64 / most as f64; 3]);
        let (ours, baseline) = (mebibytes(bytes), mebibytes(most));
        Self { name: name.into(), ours, baseline, ratio, wanted: Wanted::AtMost(1.0) }
    }

    /// A cost without a baseline.
    pub fn shown(name: impl Into<String>, cost: Duration) -> Self {
        let (ours, baseline) = (micros(cost, 1), String::new());
        Self { name: name.into(), ours, baseline, ratio: None, wanted: Wanted::Nothing }
    }

    fn verdict(&self) -> &'static str {
        // Judges the two digits that the table shows.
        let ratio = self.ratio.map(|[median, ..]| (median * 100.0).round() / 100.0);
        match (self.wanted, ratio) {
            (Wanted::AtMost(limit), Some(ratio)) if ratio <= limit => "ok",
            (Wanted::AtLeast(limit), Some(ratio)) if ratio >= limit => "ok",
            (Wanted::Nothing, _) | (_, None) => "",
            _ => "missed",
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(limit) => write!(f, "≤ {limit}"),
            Self::AtLeast(limit) => write!(f, "≥ {limit}"),
            Self::Nothing => Ok(()),
        }
    }
}

/// Formats the figures as a table.
pub fn table(figures: &[Measurement]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["", "ours", "baseline", "ratio", "quartiles", "wanted", ""]);
    for figure in figures {
        let (ratio, spread) = figure.ratio.map_or_else(Default::default, |[median, lower, upper]| {
            let spread = if lower == upper { String::new() } else { format!("{lower:.2}–{upper:.2}") };
            (format!("{median:.2}"), spread)
        });
        let (wanted, verdict) = (figure.wanted.to_string(), figure.verdict().to_owned());
        table.add_row([
            figure.name.clone(),
            figure.ours.clone(),
            figure.baseline.clone(),
            ratio,
            spread,
            wanted,
            verdict,
        ]);
    }
    for column in 1..=3 {
        if let Some(numbers) = table.column_mut(column) {
            numbers.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// Returns the median, or zero if there are no costs.
pub fn median(costs: impl Iterator<Item = Duration>) -> Duration {
    let mut costs: Vec<_> = costs.collect();
    costs.sort_unstable();
    costs.get(costs.len() / 2).copied().unwrap_or_default()
}

fn quartiles(ratios: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut ratios: Vec<_> = ratios.collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let at = |quarter: usize| ratios.get(ratios.len() * quarter / 4).copied().unwrap_or(f64::NAN);
    [at(2), at(1), at(3)]
}

fn micros(cost: Duration, count: usize) -> String {
    format!("{:.2} µs", cost.as_secs_f64() * 1e6 / count as f64)
}
