//! Starts a handler process.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::console::{Console, forward, of_stderr, of_stdout};
use crate::app_settings::HandlerEnvironment;
use crate::guid::guid;

/// Program, arguments and environment of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlerStart {
    /// Program: a path, or a name to look up on the PATH of the app settings.
    pub executable: PathBuf,
    /// Arguments of the program.
    pub arguments: Vec<String>,
    /// Folder of the app.
    pub app_root: PathBuf,
    /// Working directory.
    pub working_directory: PathBuf,
    /// Environment, besides the host's additions; nothing else is inherited.
    pub app_settings: HandlerEnvironment,
}

/// Running handler process.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) address: SocketAddr,
    console: Vec<JoinHandle<()>>,
}

/// Maximum wait for the last lines of a handler: a child process may keep the streams open.
const LAST_LINES: Duration = Duration::from_secs(1);

impl HandlerStart {
    /// Starts the handler on a free port. Dropping the result kills it.
    pub(super) fn spawn(&self, console: &Console, now: Timestamp) -> io::Result<Started> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let (port, id) = (address.port().to_string(), worker_id(now));
        let mut command = Command::new(&self.executable);
        command
            .args(&self.arguments)
            .current_dir(&self.working_directory)
            .env_clear()
            .envs(&self.app_settings)
            .envs([("FUNCTIONS_CUSTOMHANDLER_PORT", &port), ("FUNCTIONS_HTTPWORKER_PORT", &port)])
            .envs([("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", &id), ("FUNCTIONS_HTTPWORKER_ID", &id)])
            .env("FUNCTIONS_APP_ROOT_PATH", &self.app_root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C is for the host; the host ends the handler by killing it.
            .process_group(0)
            .kill_on_drop(true);
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().map(|stream| tokio::spawn(forward(stream, console.clone(), of_stdout)));
        let stderr = child.stderr.take().map(|stream| tokio::spawn(forward(stream, console.clone(), of_stderr)));
        Ok(Started { child, address, console: stdout.into_iter().chain(stderr).collect() })
    }
}

impl Started {
    /// Waits until all output of the handler is forwarded.
    pub(super) async fn console_ends(self) {
        // Later output is lost, as with the real host.
        let _ = timeout(LAST_LINES, join_all(self.console)).await;
    }
}

fn worker_id(now: Timestamp) -> String {
    static STARTS: AtomicU64 = AtomicU64::new(0);
    guid(now.as_nanosecond() as u64, STARTS.fetch_add(1, Ordering::Relaxed))
}
