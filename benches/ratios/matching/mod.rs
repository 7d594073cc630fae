//! Measures matching in memory: crowded names against calm ones, and ten times the recordings against ten times the
//! cost; and against a join in DuckDB.

mod asof;
pub mod days;
mod estates;

use estates::{BenchEstate, Habits};

use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured, cpu};

/// Measures the CPU of learning from each day and judging every recording.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let sizes: &[usize] = effort.pick(&[2_000, 20_000], &[2_000, 20_000, 200_000]);
    let mut figures = Vec::new();
    for size in sizes {
        let [calm, crowded] = [Habits::CALM, Habits::CROWDED].map(|habits| BenchEstate::new(&habits, *size));
        let rounds = Round::alternate(effort.pick(3, 7), || cost(&crowded), || cost(&calm))?;
        let name = format!("one of {size} recordings of crowded names, against calm ones");
        figures.push(Measurement::cost(name, &rounds, *size, Wanted::AtMost(1.2)));
    }
    for (habits, name) in [(Habits::CALM, "calm"), (Habits::CROWDED, "crowded")] {
        for sizes in sizes.windows(2) {
            let [few, many] = [sizes[0], sizes[1]].map(|size| BenchEstate::new(&habits, size));
            let times = u32::try_from(sizes[1] / sizes[0])?;
            let rounds = Round::alternate(effort.pick(3, 7), || cost(&many), || Ok(cost(&few)? * times))?;
            let name = format!("one of {} recordings of {name} names, against one of {}", sizes[1], sizes[0]);
            figures.push(Measurement::cost(name, &rounds, sizes[1], Wanted::AtMost(1.1)));
        }
    }
    figures.extend(asof::figures(effort, folder.path())?);
    Ok(figures)
}

fn cost(estate: &BenchEstate) -> Measured<std::time::Duration> {
    let (cost, named) = cpu::measure(cpu::of_this_thread, || estate.named());
    // Nearly all recordings have a session that fits.
    if named * 10 < estate.len() * 9 {
        return Err(format!("only {named} of {} recordings were matched", estate.len()).into());
    }
    Ok(cost)
}
