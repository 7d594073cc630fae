//! Measures a SQLite catalogue of a million entries and as many sessions: one more recording, one more audit record,
//! and a page of the list.

use std::path::Path;
use std::time::Duration;

use adapters_local::sqlite::{SqliteCatalogue, SqliteStore};
use domain::record::recording_id::RecordingId;
use pipeline::ports::{Catalogue, ListRequest};
use tokio::runtime::Runtime;

use crate::growth::{Grown, SMALL, compare};
use crate::report::{Measurement, Round, Wanted};
use crate::sqlite::bare::Bare;
use crate::world::Number;
use crate::{Effort, Measured, cpu};

/// Entries per page.
const PAGE: usize = 50;
/// Pages per round.
const PAGES: usize = 500;

/// Measures port calls and CPU per event and per record, pages against the same query without decoding, and the last
/// page against the first.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (runtime, size) = (crate::runtime()?, effort.pick(50_000, 1_000_000));
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let file = |size: Number| folder.path().join(format!("{size}.sqlite"));
    let (begin, large) = (cpu::elapsed(), Grown::in_sqlite(&runtime, size, &file(size))?);
    println!("{size} entries and sessions written in {:.0} s", cpu::elapsed().saturating_sub(begin).as_secs_f64());
    let mut figures = pages(&runtime, &file(size), size, effort.pick(3, 15))?;

    let small = Grown::in_sqlite(&runtime, SMALL, &file(SMALL))?;
    let what = format!("SQLite, {size} recordings and sessions against {SMALL}");
    // The database may use its own threads.
    let clock = cpu::of_this_process;
    figures.extend(compare(&what, &runtime, [large, small], effort.pick(9, 31), clock, Wanted::AtMost(1.5))?);
    Ok(figures)
}

fn pages(runtime: &Runtime, file: &Path, size: Number, rounds: usize) -> Measured<Vec<Measurement>> {
    let (catalogue, bare) = (SqliteCatalogue::new(&SqliteStore::open(file)?), Bare::open(file)?);
    let ours = |below: &Option<RecordingId>| {
        let request = ListRequest { under: None, below: *below, from: None, limit: PAGE };
        let (cost, page) = cpu::measure(cpu::elapsed, || runtime.block_on(catalogue.list(&request)));
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((cost, page?))
    };
    let ids = bare.ids(size / Number::try_from(PAGES)?)?;
    let cursors = ids.iter().map(|id| Ok(Some(RecordingId::parse(id)?))).collect::<Measured<Vec<_>>>()?;

    // The measured pages are spread over the catalogue; the first and the last are read repeatedly.
    let round = |_| {
        let (mut to_ours, mut to_bare) = (Vec::new(), Vec::new());
        for (cursor, id) in cursors.iter().zip(&ids) {
            let (cost, page) = ours(cursor)?;
            let (bare_cost, docs) = cpu::measure(cpu::elapsed, || bare.page(id, PAGE));
            if page.len() != docs?.len() {
                return Err("the pages differ, so their times cannot be compared".into());
            }
            to_ours.push(cost);
            to_bare.push(bare_cost);
        }
        Ok(Round { ours: p99(to_ours), baseline: p99(to_bare) })
    };
    let spread = (0..rounds).map(round).collect::<Measured<Vec<_>>>()?;

    let oldest = bare.oldest(PAGE)?;
    let last = Some(RecordingId::parse(&oldest)?);
    let again = |below: &Option<RecordingId>| {
        let costs = (0..PAGES).map(|_| ours(below).map(|(cost, _)| cost));
        costs.sum::<Measured<Duration>>()
    };
    let ends = Round::alternate(rounds, || again(&last), || again(&None))?;
    Ok(vec![
        Measurement::cost(
            format!("page of {PAGE} of {size}, p99, against the bare query"),
            &spread,
            1,
            Wanted::AtMost(3.0),
        ),
        Measurement::cost("last page against the first", &ends, PAGES, Wanted::AtMost(1.2)),
    ])
}

fn p99(mut costs: Vec<Duration>) -> Duration {
    costs.sort_unstable();
    costs.get(costs.len() * 99 / 100).copied().unwrap_or_default()
}
