//! Several independent handler processes on one account.

mod alone;
mod outcome;
mod story;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use pipeline::ports::QueueName;
use storage_events::encode_event_grid;

use crate::support::Receiver;
use crate::support::azure::{EmulatorAccount, PlayedBastion};
use crate::support::process::{Handler, ProcessEstate, eventually};
use outcome::{lives, told};
use work::{deliver, notify, sweep};

/// Number of processes.
const HANDLERS: usize = 4;

const SETTLE_AFTER: i64 = 2;
const ACTIVE_AT_MOST: i64 = 20;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn concurrent_processes_handle_reordered_events_like_one_process() {
    let account = EmulatorAccount::new();
    let receiver = account.runtime.block_on(Receiver::start(&[]));
    let estate = ProcessEstate::new();
    let [settle_after, active_at_most] = [SETTLE_AFTER, ACTIVE_AT_MOST].map(|seconds| format!("PT{seconds}S"));
    let channel = format!("siem: {{ kind: webhook, url: \"{}\", secret_env: SECRET }}", receiver.url());
    // No process here consumes the hash queue.
    let configuration = account.configuration(&settle_after, &active_at_most, &channel);
    estate.write("archivist.yaml", &format!("{configuration}ledger: {{ hash_recordings: false }}\n"));
    let handlers: Vec<Handler> = (0..HANDLERS).map(|_| start(&estate, &account)).collect();
    let ports: Vec<u16> = handlers.iter().map(|handler| handler.port).collect();
    let events = account.runtime.block_on(story::events(&PlayedBastion::new(&account)));
    assert_eq!(events.len(), 2_000);

    let messages: Vec<String> = events.iter().map(|event| encode_event_grid(event).unwrap()).collect();
    deliver(&ports, &messages);
    eventually("nothing is left to do", || {
        sweep(&ports);
        notify(&account, &ports) == 0 && account.nothing_is_due()
    });

    let (blobs, entries) = (account.blobs(), account.entries());
    let alone = account.runtime.block_on(alone::alone(account.container(), &events, &blobs));
    assert_eq!(lives(&entries), lives(&alone.entries));
    let tags: BTreeMap<_, _> = blobs.into_iter().map(|blob| (blob.name, blob.tags.unwrap())).collect();
    assert_eq!(tags, alone.blobs);
    let received = receiver.received();
    let ids: BTreeSet<&str> = received.iter().map(|received| received.id.as_str()).collect();
    assert_eq!(ids.len(), received.len(), "a notification came twice");
    assert_eq!(told(received.iter().map(|received| serde_json::from_slice(&received.body).unwrap())), told(alone.told));
    assert!(account.quarantined().is_empty() && account.depth(QueueName::RecordingEventsPoison) == 0);
}

fn start(estate: &ProcessEstate, account: &EmulatorAccount) -> Handler {
    let mut serve = estate.command(&["serve"]);
    serve.env_remove("ARCHIVIST_CATALOGUE").env("RUST_LOG", "warn,functions::serve=info");
    Handler::start({
        serve.env("AzureWebJobsStorage", account.connection_string()).env("SECRET", SECRET);
        serve
    })
}
