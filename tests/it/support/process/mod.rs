//! The real program, started like a user or the host does.

mod estate;
pub mod http;
mod running;

use std::process::Command;
use std::thread;
use std::time::Duration;

pub use azurite::free_port;
pub use estate::{Handler, ProcessEstate, body};
pub use running::{EndedProcess, Running};

/// Path of the program.
pub const ARCHIVIST: &str = env!("CARGO_BIN_EXE_archivist");

/// Maximum time for a condition to become true; only a failing test waits this long.
pub const LIMIT: Duration = Duration::from_secs(180);

/// Polling interval.
const PAUSE: Duration = Duration::from_millis(50);

/// Polls until the condition holds. Panics after [`LIMIT`].
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..LIMIT.as_millis() / PAUSE.as_millis() {
        if holds() {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "no clock port drives another process")]
        thread::sleep(PAUSE);
    }
    panic!("never: {what}");
}

/// Sends a signal by its name.
fn signal(name: &str, process: u32) {
    let sent = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap();
    assert!(sent.success(), "SIG{name} was not sent to {process}");
}
