//! Requests by billing category.

use std::fmt;
use std::ops::{Add, Mul, Sub};

/// Columns of the page: six billed categories, and the rows written to the busiest partition, that of all entries.
pub const KINDS: [&str; 7] = ["blob read", "blob write", "blob list", "blob other", "queue", "table", "rows"];

/// Number of requests of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Requests(pub [i64; KINDS.len()]);

impl Requests {
    /// Counts the requests behind these labels.
    pub fn from_labels(labels: &[String]) -> Self {
        let mut requests = Self::default();
        for label in labels {
            if let Some(kind) = kind(label) {
                requests.0[kind] += 1;
            }
            requests.0[6] += rows_of_entries(label);
        }
        requests
    }

    /// Creates a count of table requests.
    pub fn tables(count: i64) -> Self {
        Self([0, 0, 0, 0, 0, count, 0])
    }

    /// Excess over `other`, per kind.
    pub fn beyond(self, other: Self) -> Self {
        self.each(other, |one, other| (one - other).max(0))
    }

    /// Number of billed requests.
    pub fn total(&self) -> i64 {
        self.0[..6].iter().sum()
    }

    /// Number of table requests.
    pub fn table(&self) -> i64 {
        self.0[5]
    }

    fn each(self, other: Self, and: impl Fn(i64, i64) -> i64) -> Self {
        Self(std::array::from_fn(|kind| and(self.0[kind], other.0[kind])))
    }
}

/// Number of rows that a transaction writes to or removes from the partition of all entries.
fn rows_of_entries(label: &str) -> i64 {
    let Some(change) = label.strip_prefix("POST $batch: ") else { return 0 };
    let Some((change, rows)) = change.strip_suffix(" in all").and_then(|change| change.rsplit_once(", ")) else {
        panic!("{label:?} does not end with the number of its changes");
    };
    if change.contains(" entries") { rows.parse().unwrap() } else { 0 }
}

/// Category under which the platform bills a request to a general-purpose v2 account. `None` if it is free.
fn kind(label: &str) -> Option<usize> {
    let (method, what) = label.split_once(' ').unwrap();
    let path = what.split(' ').next().unwrap();
    if path.trim_end_matches(':').ends_with("$batch") || path.ends_with(')') {
        return Some(5);
    }
    if path.contains("/messages") {
        return Some(4);
    }
    match method {
        _ if what.contains("comp=list") => Some(2),
        _ if what.contains("comp=tags") => Some(3),
        "GET" => Some(0),
        "HEAD" => Some(3),
        "DELETE" => None,
        _ => Some(1),
    }
}

impl Add for Requests {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.each(other, |one, other| one + other)
    }
}

impl Sub for Requests {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.each(other, |one, less| one - less)
    }
}

impl Mul<i64> for Requests {
    type Output = Self;

    fn mul(self, times: i64) -> Self {
        self.each(self, |one, _| one * times)
    }
}

/// Prints the cells of a row of the page.
impl fmt::Display for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&cells.join(" | "))
    }
}

#[test]
fn every_request_is_counted_by_its_billing_kind() {
    let kinds = [
        ("GET recordings/vm-user", Some(0)),
        ("PUT quarantine/a", Some(1)),
        ("GET recordings restype=container&comp=list", Some(2)),
        ("HEAD recordings/vm-user", Some(3)),
        ("PUT recordings/vm-user comp=tags", Some(3)),
        ("DELETE recordings/vm-user", None),
        ("POST notifications/messages visibilitytimeout=0", Some(4)),
        ("POST $batch: POST entries, 9 in all", Some(5)),
        ("GET entries(PartitionKey='all',RowKey='r')", Some(5)),
        ("GET entries() $filter=PartitionKey eq 'all'", Some(5)),
    ];
    for (label, expected) in kinds {
        assert_eq!(kind(label), expected, "{label}");
    }
    let rows = ["POST $batch: POST entries, 9 in all", "POST $batch: POST sessions, 9 in all", "PUT quarantine/a"];
    assert_eq!(rows.map(rows_of_entries), [9, 0, 0]);
}
