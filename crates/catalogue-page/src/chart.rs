//! Layout of charts, in the units of the picture.

use domain::words;

/// Width of a column chart. Close to the displayed width, so that labels have the size of the surrounding text.
const WIDTH: u64 = 420;
/// Height of a column chart.
const HEIGHT: u64 = 180;
/// Space below for the column labels.
const BELOW: u64 = 20;
/// Space above for the label of the highest line.
const ABOVE: u64 = 16;
/// Maximum number of labelled columns.
const NAMED: usize = 6;

/// Column chart with one bar per series in each column.
pub(crate) struct Bars {
    pub(crate) caption: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) series: Vec<&'static str>,
    pub(crate) columns: Vec<ChartColumn>,
    pub(crate) lines: Vec<ChartLine>,
    /// Width of the link of a column.
    pub(crate) step: u64,
    pub(crate) width: u64,
    pub(crate) height: u64,
}

pub(crate) struct ChartColumn {
    pub(crate) label: String,
    pub(crate) short: String,
    pub(crate) middle: u64,
    pub(crate) is_named: bool,
    pub(crate) bars: Vec<ChartBar>,
    /// Page or list that the column shows.
    pub(crate) path: String,
    /// Accessible name of the link: begins with its visible text.
    pub(crate) in_words: String,
    /// Left edge of the link's area.
    pub(crate) left: u64,
}

pub(crate) struct ChartBar {
    pub(crate) x: u64,
    pub(crate) y: u64,
    pub(crate) width: u64,
    pub(crate) height: u64,
    pub(crate) value: u64,
}

/// Horizontal line, labelled with its value.
pub(crate) struct ChartLine {
    pub(crate) y: u64,
    pub(crate) label: u64,
}

/// Chart of horizontal shares, one below the other.
pub(crate) struct Shares {
    pub(crate) caption: &'static str,
    pub(crate) rows: Vec<ChartShare>,
}

pub(crate) struct ChartShare {
    pub(crate) label: String,
    pub(crate) percent: u64,
    pub(crate) value: String,
    pub(crate) path: Option<String>,
}

/// Names, link and values of a column.
pub(crate) struct ColumnCounts {
    pub(crate) label: String,
    pub(crate) short: String,
    pub(crate) path: String,
    pub(crate) values: Vec<u64>,
}

/// Name, amount, amount in words and link of a share.
pub(crate) type ShareCount = (String, u64, String, Option<String>);

impl Bars {
    pub(crate) fn new(
        caption: &'static str,
        unit: &'static str,
        series: Vec<&'static str>,
        counted: Vec<ColumnCounts>,
    ) -> Self {
        let highest = counted.iter().flat_map(|column| &column.values).copied().max().unwrap_or(0);
        let top = round_up(highest.max(1));
        let room = HEIGHT - BELOW - ABOVE;
        let y = |value: u64| HEIGHT - BELOW - scaled(value, top, room);
        let count = counted.len().max(1);
        let step = WIDTH / as_u64(count);
        let every = count.div_ceil(NAMED);
        let bar_width = (step * 3 / 4 / as_u64(series.len().max(1))).clamp(1, 28);
        let column = |(at, counts): (usize, ColumnCounts)| {
            let ColumnCounts { label, short, path, values } = counts;
            let in_words = format!("{short}: {}", in_words(&series, &values));
            let middle = step * as_u64(at) + step / 2;
            let left = middle - (bar_width * as_u64(values.len()) / 2).min(middle);
            let bar = |(nth, value): (usize, u64)| ChartBar {
                x: left + bar_width * as_u64(nth),
                y: y(value),
                width: bar_width.saturating_sub(1).max(1),
                height: HEIGHT - BELOW - y(value),
                value,
            };
            let bars = values.into_iter().enumerate().map(bar).collect();
            let left = step * as_u64(at);
            ChartColumn { label, short, middle, is_named: at % every == 0, bars, path, in_words, left }
        };
        let columns = counted.into_iter().enumerate().map(column).collect();
        let halves = if top > 1 { vec![top, top / 2] } else { vec![top] };
        let lines = halves.into_iter().map(|value| ChartLine { y: y(value), label: value }).collect();
        Self { caption, unit, series, columns, lines, step, width: WIDTH, height: HEIGHT }
    }
}

impl Shares {
    /// Scales the rows to the largest one.
    pub(crate) fn new(caption: &'static str, rows: Vec<ShareCount>) -> Self {
        let largest = rows.iter().map(|(_, amount, ..)| *amount).max().unwrap_or(0).max(1);
        let share = |(label, amount, value, path): ShareCount| ChartShare {
            label,
            percent: scaled(amount, largest, 100),
            value,
            path,
        };
        Self { caption, rows: rows.into_iter().map(share).collect() }
    }
}

/// Returns the values with their series: `5 sessions, 1 recording`.
fn in_words(series: &[&str], values: &[u64]) -> String {
    let counted = series.iter().zip(values).map(|(series, value)| words::count(*value, series.trim_end_matches('s')));
    counted.collect::<Vec<_>>().join(", ")
}

/// Scales `value` so that `top` maps to `room`.
fn scaled(value: u64, top: u64, room: u64) -> u64 {
    let scaled = u128::from(value) * u128::from(room) / u128::from(top);
    u64::try_from(scaled).unwrap_or(room)
}

/// Rounds up to the next of 2, 4, 6, 8, 10, 20, 40 and so on, so that half of it is a round number too.
fn round_up(value: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        for steps in [2, 4, 6, 8, 10] {
            let top = unit.saturating_mul(steps);
            if value <= top || top == u64::MAX {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[u64]) -> Bars {
        let column = |value: &u64| ColumnCounts {
            label: value.to_string(),
            short: value.to_string(),
            path: String::new(),
            values: vec![*value],
        };
        Bars::new("", "", vec!["ones"], values.iter().map(column).collect())
    }

    #[test]
    fn every_bar_is_inside_the_picture() {
        for values in [vec![0], vec![1], vec![7; 400], vec![u64::MAX, 0, 3], (0..31).collect()] {
            for column in bars(&values).columns {
                let bar = column.bars.first().unwrap();
                assert!(bar.x + bar.width <= WIDTH, "{values:?}");
                assert!(bar.y >= ABOVE && bar.y + bar.height == HEIGHT - BELOW, "{values:?}");
            }
        }
    }

    #[test]
    fn the_links_of_the_columns_lie_side_by_side() {
        for values in [vec![1], vec![7; 400], (0..31).collect()] {
            let chart = bars(&values);
            assert!(chart.columns.windows(2).all(|pair| pair[0].left + chart.step == pair[1].left), "{values:?}");
            assert!(chart.columns.last().is_some_and(|last| last.left + chart.step <= WIDTH), "{values:?}");
        }
    }

    #[test]
    fn the_name_of_a_link_begins_with_its_text_and_has_the_values() {
        let names: Vec<String> = bars(&[1, 4]).columns.into_iter().map(|column| column.in_words).collect();
        assert_eq!(names, ["1: 1 one", "4: 4 ones"]);
    }

    #[test]
    fn the_highest_line_is_at_or_above_the_highest_bar() {
        let tops = [1, 2, 3, 9, 11, 41, 1001].map(|value| bars(&[value]).lines.first().unwrap().label);
        assert_eq!(tops, [2, 2, 4, 10, 20, 60, 2000]);
    }

    #[test]
    fn shares_are_relative_to_the_largest_value() {
        let shares =
            Shares::new("", vec![("a".into(), 50, String::new(), None), ("b".into(), 100, String::new(), None)]);
        assert_eq!(shares.rows.iter().map(|row| row.percent).collect::<Vec<_>>(), [50, 100]);
        let none = Shares::new("", vec![("a".into(), 0, String::new(), None)]);
        assert_eq!(none.rows.first().unwrap().percent, 0);
    }
}
