//! Requests caused by many recordings and many sessions.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use pipeline::query::{Query, SearchText, list};

use super::counted::Counted;
use super::requests::Requests;
use crate::promises::visits::AzureVisit;

const RECORDINGS: usize = 50;
const SESSIONS: usize = 100;

/// Steps by their name on the page, with their requests.
pub async fn steps() -> Vec<(&'static str, Requests)> {
    let (recordings, sessions) = tokio::join!(recordings(), sessions());
    recordings.into_iter().chain(sessions).collect()
}

async fn recordings() -> Vec<(&'static str, Requests)> {
    let counted = Counted::new().await;
    let [_, _, idle, _] = counted.all_timers().await;
    for number in 0..RECORDINGS {
        counted.written(&format!("vm-{number}"), 9).await;
    }
    // Waits past the hour in which a listing checks new recordings once more.
    for _ in 0..2 {
        counted.world.pass_time(SignedDuration::from_hours(2));
        counted.reconcile().await;
    }
    let hourly = counted.reconcile().await;
    counted.world.pass_time(SignedDuration::from_hours(24));
    let daily = counted.reconcile().await;
    let (page, found) = counted.asks(list(&*counted.archivist.ports().catalogue, &Query::default())).await;
    assert_eq!(found.items.len(), RECORDINGS);
    let search = SearchText::parse("vm-7").unwrap().at(counted.world.now(), &TimeZone::UTC);
    let query = Query { search, ..Query::default() };
    let (search, found) = counted.asks(list(&*counted.archivist.ports().catalogue, &query)).await;
    assert_eq!(found.items.len(), 1);
    vec![
        ("`reconcile_sweep`, 50 recordings of today", hourly - idle),
        ("`reconcile_sweep`, once a day, 50 recordings", daily - idle),
        ("a page of 50 recordings", page),
        ("a search that finds one of them", search),
    ]
}

async fn sessions() -> [(&'static str, Requests); 2] {
    let counted = Counted::new().await;
    let [_, _, idle, _] = counted.all_timers().await;
    let visit = |number| AzureVisit::new(&format!("{number}"), counted.world.now(), SignedDuration::from_mins(1));
    let records: String = (0..SESSIONS).map(|number| visit(number).begun() + &visit(number).over()).collect();
    counted.world.storage.grow_log(&records).await;
    let (asked, tailed) = counted.asks(counted.archivist.tailing.tail(&|| true)).await;
    assert_eq!(tailed.read.records, 2 * SESSIONS);
    counted.reconcile().await;
    let hourly = counted.reconcile().await;
    [
        ("`audit_log_tail`, 200 records of 100 sessions", asked),
        ("`reconcile_sweep`, 100 sessions of today", hourly - idle),
    ]
}
