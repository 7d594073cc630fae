//! Requests caused by accesses of recordings, in passes of `audit_log_tail`.

use jiff::SignedDuration;

use super::counted::Counted;
use super::requests::Requests;
use crate::promises::visits::AzureRequest;

/// Accesses of one recording, each a viewing of its own.
const ACCESSES: u32 = 3;
/// Time before each access, so that the hourly pass over the audit logs is not counted.
const PAUSE: SignedDuration = SignedDuration::from_mins(49);
/// Time between the passes that list the containers with accesses.
const LISTED: SignedDuration = SignedDuration::from_mins(11);

/// Steps by their name on the page, with their requests.
pub async fn steps() -> Vec<(&'static str, Requests)> {
    let counted = Counted::with_accesses().await;
    counted.written("vm-user", 9).await;
    pass(&counted, LISTED).await;
    // An empty log costs a further read.
    appended(&counted, 0).await;
    for after in [SignedDuration::from_mins(1), LISTED] {
        pass(&counted, after).await;
    }
    let idle = pass(&counted, SignedDuration::from_mins(1)).await;
    let listing = pass(&counted, LISTED).await - idle;
    let (mut read, mut announced) = (Vec::new(), Vec::new());
    for id in 1..=ACCESSES {
        pass(&counted, PAUSE).await;
        appended(&counted, id).await;
        read.push(pass(&counted, SignedDuration::from_mins(1)).await - idle);
        announced.push(pass(&counted, LISTED).await - idle - listing);
    }
    for of in [&read, &announced] {
        assert!(of.iter().all(|each| *each == of[0]), "an access costs the same after any others: {of:?}");
    }
    vec![
        ("`audit_log_tail`, idle, with a log of accesses", idle),
        ("`audit_log_tail`, list the logs of accesses", listing),
        ("`audit_log_tail`, one access", read[0]),
        ("`audit_log_tail`, announce its viewing", announced[0]),
    ]
}

/// Appends the line of an access to the log.
async fn appended(counted: &Counted, id: u32) {
    let request = AzureRequest { id, at: counted.world.now(), person: Some("ada@contoso.example"), bytes: 3 };
    counted.world.storage.grow_access_log(&request.line()).await;
}

/// Requests of one pass, after this time.
async fn pass(counted: &Counted, after: SignedDuration) -> Requests {
    counted.world.pass_time(after);
    let (asked, tailed) = counted.asks(counted.archivist.tailing.tail(&|| true)).await;
    assert_eq!((tailed.failed, tailed.unfinished), (0, false));
    asked
}
