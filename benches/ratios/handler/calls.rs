//! Our handler and the calls of the host.

use std::io;
use std::sync::Arc;

use functions::router::{App, router};
use functions::serve::ServeError;
use pipeline::Archivist;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use wiring::live::LiveArchivist;
use wiring::ready::Ready;
use wiring::settings::Front;
use wiring::settings::PageAccess;

use crate::Measured;
use crate::world::{self, BenchWorld, LandedRecording, Number, START};

/// A recording event as the host passes it to the handler.
pub const BODY: &[u8] = include_bytes!("../../../tests/fixtures/custom-handler/queue-eventgrid.json");

const NAME: &str = "vm-web-01-azureadmin";
const ETAG: &str = "0x8DE1C4E87FA2233";
const ACCOUNT: &str = "stbastionrec01";
const TIME: &str = "2025-11-05T09:21:09.7715530Z";
const SIZE: &str = "7340032";
const SEQUENCER: &str = "00000000000000000000000000001F0A000000000000008c";

/// Formats logs as in production and discards them.
pub fn logs_to_nowhere() -> Measured<()> {
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_current_span(true).with_span_list(false);
    subscriber.with_env_filter(EnvFilter::new("info")).with_writer(io::sink).try_init()
}

/// Serves forever.
pub async fn serve(listener: TcpListener, app: App) -> Result<(), ServeError> {
    functions::serve::serve(listener, router(app), Front::Nobody, std::future::pending()).await
}

/// Returns a handler that ignores every event of [`BODY`], because it watches another account.
pub fn app_of_another_account() -> Measured<App> {
    let settings = world::settings(world::estate("stanother")?);
    Ok(App {
        live: LiveArchivist::fixed(Archivist::new(BenchWorld::in_memory()?.ports, settings)),
        counts: Arc::default(),
        ready: Ready::at_once(),
        pages: PageAccess::Nobody,
    })
}

/// Returns a handler and calls that each bring a new recording.
pub fn app_and_new_recordings(count: Number) -> Measured<(App, Vec<Vec<u8>>)> {
    let world = BenchWorld::in_memory()?;
    let bodies = new_recordings(&world, count)?;
    Ok((
        App {
            live: LiveArchivist::fixed(world.archivist),
            counts: Arc::default(),
            ready: Ready::at_once(),
            pages: PageAccess::Nobody,
        },
        bodies,
    ))
}

/// Returns calls that each bring a recording, all of them in storage.
pub fn new_recordings(world: &BenchWorld, count: Number) -> Measured<Vec<Vec<u8>>> {
    let text = std::str::from_utf8(BODY)?;
    let body = |number| {
        let landed = world.land_at(number, START)?;
        let body = text.replace(NAME, landed.address.name.as_str()).replace(ETAG, landed.etag.as_str());
        Ok(body.into_bytes())
    };
    (0..count).map(body).collect()
}

/// Returns the call for a landed recording of one byte, in any account.
pub fn body_of(landed: &LandedRecording) -> Vec<u8> {
    let (address, event) = (&landed.address, &landed.event);
    let text = String::from_utf8_lossy(BODY);
    let text = text.replace(NAME, address.name.as_str()).replace(ACCOUNT, address.account.as_str());
    let text = text.replace(ETAG, landed.etag.as_str()).replace(TIME, &event.at.to_string()).replace(SIZE, "1");
    text.replace(SEQUENCER, event.sequencer.as_str()).into_bytes()
}
