//! One session with its recording, from its first event to its line in the ledger.

use jiff::SignedDuration;
use pipeline::message::{Attempt, HashRequest};
use pipeline::ports::QueueName;

use super::counted::Counted;
use super::requests::Requests;
use crate::promises::visits::AzureVisit;
use crate::promises::world::SETTLE_AFTER;

const LENGTH: SignedDuration = SignedDuration::from_mins(10);

/// Steps by their name on the page, with their requests.
pub async fn steps() -> Vec<(&'static str, Requests)> {
    steps_of(&Counted::new().await).await
}

/// Like [`steps`], in a new world.
pub async fn steps_of(counted: &Counted) -> Vec<(&'static str, Requests)> {
    let [idle_sweep, idle_tail, idle_reconcile, idle_retain] = counted.all_timers().await;
    let mut steps = vec![
        ("`join_sweep`, idle", idle_sweep),
        ("`audit_log_tail`, idle", idle_tail),
        ("`reconcile_sweep`, idle", idle_reconcile),
        ("`retention_sweep`, idle", idle_retain),
    ];
    let visit = AzureVisit::new("a", counted.world.now(), LENGTH);
    steps.push(("first event of a recording", counted.written("vm-user", 1).await));
    counted.world.storage.grow_log(&visit.begun()).await;
    let (asked, tailed) = counted.asks(counted.archivist.tailing.tail(&|| true)).await;
    assert_eq!(tailed.read.records, 1);
    steps.push(("`audit_log_tail`, the begin of a session", asked));
    counted.world.pass_time(LENGTH);
    steps.push(("last event of a recording", counted.written("vm-user", 9).await));
    counted.world.storage.grow_log(&visit.over()).await;
    let (asked, _) = counted.asks(counted.archivist.tailing.tail(&|| true)).await;
    steps.push(("`audit_log_tail`, the end of a session", asked));
    counted.world.pass_time(SETTLE_AFTER * 2);
    steps.push(("settled, matched and final", counted.swept(idle_sweep).await));
    let requests = counted.messages(QueueName::Hashes).await;
    assert_eq!(requests.len(), 1, "its hash is asked for once");
    let request = HashRequest::decode(requests[0].as_bytes()).unwrap();
    let (asked, _) = counted.asks(counted.archivist.hashing.hash_recording(request.recording)).await;
    steps.push(("hashed", asked));
    steps.push(("written to the ledger", counted.swept(idle_sweep).await));
    steps.push(("one delivery attempt to one channel", told(counted).await));
    steps
}

/// Requests of one delivery attempt; all attempts need the same.
async fn told(counted: &Counted) -> Requests {
    let mut asked = Vec::new();
    for message in counted.messages(QueueName::Notifications).await {
        let attempt = Attempt::decode(message.as_bytes()).unwrap();
        asked.push(counted.asks(counted.archivist.delivery.deliver(&attempt)).await.0);
    }
    assert_eq!(asked.len(), 2, "that it is catalogued, and that it is ready");
    assert!(asked.iter().all(|each| *each == asked[0]), "{asked:?}");
    asked[0]
}
