//! Layout of charts, in the units of the picture.

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
    pub(crate) width: u64,
    pub(crate) height: u64,
}

pub(crate) struct ChartColumn {
    pub(crate) label: String,
    pub(crate) short: String,
    pub(crate) middle: u64,
    pub(crate) is_named: bool,
    pub(crate) bars: Vec<ChartBar>,
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
}

/// Long name, short name and values of a column.
pub(crate) type ColumnCounts = (String, String, Vec<u64>);

impl Bars {
    pub(crate) fn new(
        caption: &'static str,
        unit: &'static str,
        series: Vec<&'static str>,
        counted: Vec<ColumnCounts>,
    ) -> Self {
        let highest = counted.iter().flat_map(|(.., values)| values).copied().max().unwrap_or(0);
        let top = round_up(highest.max(1));
        let room = HEIGHT - BELOW - ABOVE;
        let y = |value: u64| HEIGHT - BELOW - scaled(value, top, room);
        let count = counted.len().max(1);
        let step = WIDTH / as_u64(count);
        let every = count.div_ceil(NAMED);
        let bar_width = (step * 3 / 4 / as_u64(series.len().max(1))).clamp(1, 28);
        let column = |(at, (label, short, values)): (usize, ColumnCounts)| {
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
            ChartColumn { label, short, middle, is_named: at % every == 0, bars }
        };
        let columns = counted.into_iter().enumerate().map(column).collect();
        let halves = if top > 1 { vec![top, top / 2] } else { vec![top] };
        let lines = halves.into_iter().map(|value| ChartLine { y: y(value), label: value }).collect();
        Self { caption, unit, series, columns, lines, width: WIDTH, height: HEIGHT }
    }
}

impl Shares {
    /// Scales the rows to the largest one.
    pub(crate) fn new(caption: &'static str, rows: Vec<(String, u64, String)>) -> Self {
        let largest = rows.iter().map(|(_, amount, _)| *amount).max().unwrap_or(0).max(1);
        let share = |(label, amount, value): (String, u64, String)| ChartShare {
            label,
            percent: scaled(amount, largest, 100),
            value,
        };
        Self { caption, rows: rows.into_iter().map(share).collect() }
    }
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
        let counted = values.iter().map(|value| (value.to_string(), value.to_string(), vec![*value])).collect();
        Bars::new("", "", vec!["one"], counted)
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
    fn the_highest_line_is_at_or_above_the_highest_bar() {
        let tops = [1, 2, 3, 9, 11, 41, 1001].map(|value| bars(&[value]).lines.first().unwrap().label);
        assert_eq!(tops, [2, 2, 4, 10, 20, 60, 2000]);
    }

    #[test]
    fn shares_are_relative_to_the_largest_value() {
        let shares = Shares::new("", vec![("a".into(), 50, String::new()), ("b".into(), 100, String::new())]);
        assert_eq!(shares.rows.iter().map(|row| row.percent).collect::<Vec<_>>(), [50, 100]);
        let none = Shares::new("", vec![("a".into(), 0, String::new())]);
        assert_eq!(none.rows.first().unwrap().percent, 0);
    }
}
