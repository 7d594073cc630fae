//! The real program, as a user or the host starts it.

mod estate;
pub mod http;
mod running;

use std::process::Command;
use std::thread;
use std::time::Duration;

pub use estate::{Estate, Handler, body, free_port};
pub use running::{Ended, Running};

/// The program.
pub const ARCHIVIST: &str = env!("CARGO_BIN_EXE_archivist");

/// How long a condition may take to come true. Only a test that fails waits as long.
pub const LIMIT: Duration = Duration::from_secs(180);

/// How long to leave another process alone before looking again.
const PAUSE: Duration = Duration::from_millis(50);

/// Waits until the condition holds: what another process does can only be looked at again.
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
