//! Writes the input of a backfill: an inventory report and a folder of audit logs.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::Measured;
use crate::matching::days::{BenchVisit, at};

/// Seconds between a session's end and its record.
const WRITTEN_AFTER: i64 = 2;

/// Writes the report. Returns the number of recordings in it.
pub fn report(visits: &[BenchVisit], file: &Path) -> Measured<u64> {
    let mut report = BufWriter::new(File::create(file)?);
    writeln!(report, "Name,Creation-Time,Last-Modified,Content-Length,Etag,AccessTier,Tags")?;
    let mut count = 0;
    for visit in visits {
        let Some((created, modified)) = visit.recording else { continue };
        let (name, created, modified) = (visit.name(), at(created), at(modified));
        writeln!(report, "recordings/{name}.{count},{created},{modified},7340032,0x8DE{count:012X},Hot,")?;
        count += 1;
    }
    report.flush()?;
    Ok(count)
}

/// Writes hourly logs with the end record of every session.
pub fn logs(visits: &[BenchVisit], folder: &Path) -> Measured<()> {
    let mut ends: Vec<(usize, &BenchVisit)> = visits.iter().enumerate().collect();
    ends.sort_by_key(|(_, visit)| visit.ends);
    for hour in ends.chunk_by(|(_, one), (_, other)| hour(one) == hour(other)) {
        let Some((_, first)) = hour.first() else { continue };
        let begins = at(first.ends + WRITTEN_AFTER).to_zoned(TimeZone::UTC);
        let place = folder.join(begins.strftime("y=%Y/m=%m/d=%d/h=%H/m=00").to_string());
        fs::create_dir_all(&place)?;
        let mut log = BufWriter::new(File::create(place.join("PT1H.json"))?);
        for (number, visit) in hour {
            writeln!(log, "{}", record(*number, visit))?;
        }
        log.flush()?;
    }
    Ok(())
}

/// Returns the time one week after the last end, when no session is open any more.
pub fn long_after(visits: &[BenchVisit]) -> Timestamp {
    let last = visits.iter().map(|visit| visit.ends).max().unwrap_or_default();
    at(last) + SignedDuration::from_hours(7 * 24)
}

fn hour(visit: &BenchVisit) -> i64 {
    at(visit.ends + WRITTEN_AFTER).as_second() / 3600
}

fn record(number: usize, visit: &BenchVisit) -> String {
    let BenchVisit { machine, account, person, begins, ends, .. } = *visit;
    let (time, from, to) = (at(ends + WRITTEN_AFTER), at(begins), at(ends));
    let (high, low, milliseconds) = (machine / 250, machine % 250, (ends - begins) * 1000);
    format!(
        concat!(
            r#"{{"time":"{time}","resourceId":"/SUBSCRIPTIONS/8D2C9A54-1F0B-4E7D-9B0E-3D5F6A7B8C90/RESOURCEGROUPS/"#,
            r#"RG-HUB/PROVIDERS/MICROSOFT.NETWORK/BASTIONHOSTS/BAS-HUB-01","operationName":"#,
            r#""Microsoft.Network/BastionHost/connect","category":"BastionAuditLogs","level":"Informational","#,
            r#""location":"westeurope","properties":{{"userName":"{account}","userAgent":"Mozilla/5.0 (Windows NT "#,
            r#"10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36","#,
            r#""clientIpAddress":"203.0.113.20","clientPort":50512,"protocol":"ssh","targetResourceId":"#,
            r#""/SUBSCRIPTIONS/8D2C9A54-1F0B-4E7D-9B0E-3D5F6A7B8C90/RESOURCEGROUPS/RG-APP/PROVIDERS/"#,
            r#"MICROSOFT.COMPUTE/VIRTUALMACHINES/VM-{machine:04}","subscriptionId":"#,
            r#""8d2c9a54-1f0b-4e7d-9b0e-3d5f6a7b8c90","message":"Session ended.","resourceType":"VM","#,
            r#""targetVMIPAddress":"10.1.{high}.{low}","userEmail":"user{person:03}@contoso.com","tunnelId":"#,
            r#""5f0c1c1e-7a5e-4a1c-9a55-{number:012}","sessionStartTime":"{from}","sessionEndTime":"{to}","#,
            r#""duration":{milliseconds}}},"Region":"westeurope"}}"#
        ),
        time = time,
        account = account,
        machine = machine,
        high = high,
        low = low,
        person = person,
        number = number,
        from = from,
        to = to,
        milliseconds = milliseconds,
    )
}
