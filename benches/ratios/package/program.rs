//! Programs that the host can start, and their processes.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use azurite::{Account, free_port};

use crate::{Measured, cpu};

/// Root of the repository, which contains the package.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Target of `cargo xtask package`.
const TARGET: &str = "x86_64-unknown-linux-musl";

/// A program with its working folder and environment.
pub struct Program {
    executable: PathBuf,
    folder: PathBuf,
    settings: Vec<(&'static str, String)>,
}

/// A running program; dropping it kills the process, as the host does.
pub struct RunningProgram {
    child: Child,
    port: u16,
}

/// Builds the empty server in this folder.
pub fn empty_server(folder: &Path) -> Measured<Program> {
    let executable = folder.join("empty-server");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/ratios/package/empty_server.rs");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "-O", "-C", "strip=symbols", "--target", TARGET, source, "-o"]).arg(&executable);
    if !rustc.status()?.success() {
        return Err("the empty server was not built".into());
    }
    Ok(Program { executable, folder: folder.to_owned(), settings: Vec::new() })
}

/// Returns the packaged handler with all state on this machine.
pub fn in_file(folder: &Path) -> Measured<Program> {
    let account = folder.join("records01");
    fs::create_dir_all(account.join("recordings"))?;
    let settings = vec![("ARCHIVIST_CATALOGUE", "sqlite:catalogue.sqlite".to_owned())];
    packaged(folder, &format!("file://{}", account.display()), "", settings)
}

/// Like [`in_file`], but with an audit log in the folder of the same account.
pub fn with_log(folder: &Path) -> Measured<Program> {
    let account = folder.join("records01");
    for container in ["recordings", "insights-logs-bastionauditlogs"] {
        fs::create_dir_all(account.join(container))?;
    }
    let url = format!("file://{}", account.display());
    let settings = vec![("ARCHIVIST_CATALOGUE", "sqlite:catalogue.sqlite".to_owned())];
    packaged(folder, &url, &format!("    audit_logs: {{ account_url: \"{url}\" }}\n"), settings)
}

/// Returns the packaged handler with recordings and state in this account.
pub fn in_storage(folder: &Path, account: &Account) -> Measured<Program> {
    fs::create_dir_all(folder)?;
    let Account { name, key, blob_url, queue_url, table_url } = account;
    let connection = format!(
        "AccountName={name};AccountKey={key};BlobEndpoint={blob_url};QueueEndpoint={queue_url};TableEndpoint={table_url}"
    );
    packaged(folder, blob_url, "", vec![("AzureWebJobsStorage", connection)])
}

fn packaged(folder: &Path, account_url: &str, more: &str, settings: Vec<(&'static str, String)>) -> Measured<Program> {
    let recordings = format!("{{ account_url: \"{account_url}\", container: recordings }}");
    let text = format!("version: 1\nbastions:\n  - name: bas-hub-01\n    recordings: {recordings}\n{more}");
    fs::write(folder.join("archivist.yaml"), text)?;
    let executable = Path::new(ROOT).join("dist/archivist");
    if !executable.is_file() {
        return Err("there is no package; run `cargo xtask package`".into());
    }
    Ok(Program { executable, folder: folder.to_owned(), settings })
}

impl RunningProgram {
    /// Starts a program. Also returns the time until its first answer.
    pub fn start(program: &Program) -> Measured<(Duration, Self)> {
        let port = free_port();
        let mut command = Command::new(&program.executable);
        command.arg("serve").env_clear().envs(program.settings.iter().cloned()).current_dir(&program.folder);
        command.env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let (cost, running) = cpu::measure(cpu::elapsed, || {
            let mut running = Self { child: command.spawn()?, port };
            running.first_answer()?;
            Ok(running)
        });
        running.map(|running| (cost, running))
    }

    /// Returns the address it listens on.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Returns the resident memory in bytes.
    pub fn resident(&self) -> Measured<u64> {
        self.status("VmRSS:")
    }

    /// Returns the peak resident memory in bytes.
    pub fn most_resident(&self) -> Measured<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, key: &str) -> Measured<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let value = status.lines().find_map(|line| line.strip_prefix(key)).ok_or("the process has no memory")?;
        Ok(value.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    /// Asks repeatedly without a pause, which would distort the measurement.
    fn first_answer(&mut self) -> Measured<()> {
        loop {
            if let Ok(mut stream) = TcpStream::connect(self.address()) {
                stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")?;
                let mut answer = [0; 15];
                stream.read_exact(&mut answer)?;
                return if answer == *b"HTTP/1.1 200 OK" {
                    Ok(())
                } else {
                    Err("the health probe failed".into())
                };
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("it ended with {status}").into());
            }
            std::thread::yield_now();
        }
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        // Killing fails only if the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
