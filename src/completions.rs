//! `archivist completions`.

use std::io;

use clap::{Args, ValueEnum};
use clap_complete::{generate, shells};
use serde_json::json;

/// Print a script that completes commands and options in a shell
///
/// The script knows commands, options and their fixed values; it reads no catalogue.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archivist completions bash > ~/.local/share/bash-completion/completions/archivist
  archivist completions zsh > ~/.zfunc/_archivist
  archivist completions fish > ~/.config/fish/completions/archivist.fish
  archivist completions powershell >> $PROFILE")]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
    /// Write one JSON document: `{"version": 1, "shell": "bash", "script": "…"}`
    #[arg(long)]
    json: bool,
}

/// Shell with a script.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    Pwsh,
}

/// Writes the script to standard output.
pub fn run(args: &CompletionsArgs) -> io::Result<()> {
    let mut tree = crate::command_tree();
    // The generators panic if a write fails, so they write to memory.
    let mut script = Vec::new();
    match args.shell {
        Shell::Bash => generate(shells::Bash, &mut tree, "archivist", &mut script),
        Shell::Zsh => generate(shells::Zsh, &mut tree, "archivist", &mut script),
        Shell::Fish => generate(shells::Fish, &mut tree, "archivist", &mut script),
        Shell::Pwsh => generate(shells::PowerShell, &mut tree, "archivist", &mut script),
    }
    if args.json {
        let shell = args.shell.to_possible_value().map(|value| value.get_name().to_owned());
        let document = json!({ "version": 1, "shell": shell, "script": String::from_utf8_lossy(&script) });
        script = format!("{document}\n").into_bytes();
    }
    match io::Write::write_all(&mut io::stdout(), &script) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
