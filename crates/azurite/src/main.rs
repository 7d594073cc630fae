//! Runs the storage emulator until standard input ends; prints one account.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use azurite::Azurite;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("azurite: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Azurite::start()?;
    let account = emulator.account()?;
    let urls = [&account.blob_url, &account.queue_url, &account.table_url];
    let mut stdout = io::stdout();
    for line in urls.into_iter().chain([&account.key]) {
        writeln!(stdout, "{line}")?;
    }
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
