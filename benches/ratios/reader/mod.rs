//! Measures reading an audit log from a file, against sonic-rs with borrowing structs and against other programs as
//! whole processes.

mod hostile;
pub mod log;
mod sonic;
pub mod whole;

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use audit_log::{AuditRecord, Length, LogItem, Moment, Reader};

use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured, cpu};

/// Bytes read at a time.
const CHUNK: usize = 256 << 10;

/// Factor by which the larger log is larger; a line must cost the same in both.
const LARGER: usize = 10;

/// Measures CPU per line, whole processes, memory, and hostile input.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let file = folder.path().join("PT1H.json");
    let lines = write(&file, effort.pick(20_000_000, 200_000_000))?;
    let (mut ours, mut theirs) = (Sum::default(), Sum::default());
    let rounds = Round::alternate(
        effort.pick(5, 15),
        || measure(&mut ours, || read(&file)),
        || measure(&mut theirs, || sonic::read(&file)),
    )?;
    if ours != theirs || ours.records != lines as u64 {
        return Err(format!("{lines} lines are not read alike: {ours:?}, sonic-rs {theirs:?}").into());
    }
    let mut figures =
        vec![Measurement::cost("a line of the audit log, sonic-rs into structs", &rounds, lines, Wanted::AtMost(1.5))];
    figures.extend(whole::figures(effort, folder.path(), &file)?);
    figures.push(growth(folder.path(), &file, effort)?);
    figures.extend(hostile::figures(effort)?);
    Ok(figures)
}

/// Measures the cost of a line in this log, against a log of a tenth of its size.
fn growth(folder: &Path, file: &Path, effort: Effort) -> Measured<Measurement> {
    let small = folder.join("small.json");
    let bytes = usize::try_from(std::fs::metadata(file)?.len())? / LARGER;
    let lines = write(&small, bytes)?;
    let cost = |file: &Path| measure(&mut Sum::default(), || read(file));
    let rounds = Round::alternate(effort.pick(5, 15), || Ok(cost(file)? / LARGER as u32), || cost(&small))?;
    let name = format!("a line of a log, {LARGER} × {} MB", bytes / 1_000_000);
    Ok(Measurement::cost(name, &rounds, lines, Wanted::AtMost(1.2)))
}

fn measure(sum: &mut Sum, read: impl FnOnce() -> Measured<Sum>) -> Measured<std::time::Duration> {
    let (cost, read) = cpu::measure(cpu::of_this_thread, read);
    *sum = read?;
    Ok(cost)
}

fn write(file: &Path, bytes: usize) -> Measured<usize> {
    let mut writer = BufWriter::new(File::create(file)?);
    let (mut lines, mut written) = (0, 0);
    while written < bytes {
        let line = log::line(lines);
        writer.write_all(line.as_bytes())?;
        written += line.len();
        lines += 1;
    }
    writer.flush()?;
    Ok(lines)
}

fn read(file: &Path) -> Measured<Sum> {
    let (mut sum, mut reader) = (Sum::default(), Reader::at(0));
    each_chunk(file, |chunk| {
        let mut feed = reader.feed(chunk);
        while let Some(item) = feed.next_item() {
            match item {
                LogItem::Record(record) => sum.add(&record),
                other => return Err(format!("{other:?} is not a record").into()),
            }
        }
        Ok(())
    })?;
    match reader.finish() {
        None => Ok(sum),
        Some(rest) => Err(format!("{rest:?}").into()),
    }
}

fn each_chunk(file: &Path, mut take: impl FnMut(&[u8]) -> Measured<()>) -> Measured<()> {
    let (mut file, mut chunk) = (File::open(file)?, vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(()),
            count => take(&chunk[..count])?,
        }
    }
}

/// Sums that both sides must agree on: lengths of texts, and counts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
    records: u64,
    letters: usize,
    ports: u64,
    ends: u64,
}

impl Sum {
    fn add(&mut self, record: &AuditRecord<'_>) {
        let texts = [
            &record.resource_id,
            &record.operation_name,
            &record.message,
            &record.user_name,
            &record.user_email,
            &record.client_ip,
            &record.protocol,
            &record.target_resource_id,
            &record.target_ip,
            &record.resource_type,
            &record.tunnel_id,
            &record.user_agent,
        ];
        self.records += 1;
        self.letters += texts.into_iter().flatten().map(|text| text.len()).sum::<usize>();
        self.ports += u64::from(record.client_port.unwrap_or_default());
        let times = [&record.time, &record.session_start, &record.session_end];
        self.ends += times.into_iter().flatten().filter(|moment| matches!(moment, Moment::At(_))).count() as u64;
        self.ends += u64::from(matches!(record.duration, Some(Length::Of(_))));
    }
}
