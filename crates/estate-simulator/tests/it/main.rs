//! Tests of the simulated days and worlds.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod bursts;
mod cases;
mod containers;
mod days;
mod knowable;
mod logs;
mod matching;
mod worlds;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use estate_simulator::{Arriving, EstateDay};

/// 200 days shared by the tests.
static DAYS: LazyLock<Vec<EstateDay>> =
    LazyLock::new(|| (0..200).map(|seed| EstateDay::generate(seed, 40).unwrap()).collect());

fn days() -> impl Iterator<Item = &'static EstateDay> {
    DAYS.iter()
}

/// Returns the complete audit logs of a day by blob name.
fn logs(day: &EstateDay) -> BTreeMap<&str, Vec<u8>> {
    let mut logs: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for arrival in &day.arrivals {
        if let Arriving::LogAppended { address, bytes } = &arrival.what {
            logs.entry(address.name.as_str()).or_default().extend(bytes);
        }
    }
    logs
}
