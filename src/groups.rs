//! Groups of commands in `archivist --help`.

use clap::Command;

/// Headings with their commands, in the order of the help.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Run", &["local", "serve", "page"]),
    ("Look", &["recordings", "sessions", "gaps", "review", "report"]),
    ("Retention and holds", &["policy", "hold", "retention", "ledger", "evidence"]),
    ("Set up and operate", &["init", "config", "doctor", "backfill", "notify", "replay", "completions", "help"]),
];

/// Replaces the list of commands in the help by the groups.
pub fn grouped(command: Command) -> Command {
    let mut template = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (heading, names) in GROUPS {
        template.push_str(&format!("\n{heading}:\n"));
        for name in names {
            template.push_str(&format!("  {name:<12} {}\n", about(&command, name)));
        }
    }
    command.help_template(template + "\nOptions:\n{options}{after-help}")
}

fn about(command: &Command, name: &str) -> String {
    let found = command.get_subcommands().find(|one| one.get_name() == name);
    let about = found.and_then(Command::get_about).map(ToString::to_string);
    // clap adds the command `help` when it parses.
    about.unwrap_or_else(|| "Print this message, or the help of a command".to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::GROUPS;

    #[test]
    fn every_command_is_in_one_group() {
        let tree = crate::command_tree();
        let known: BTreeSet<&str> = tree.get_subcommands().map(clap::Command::get_name).chain(["help"]).collect();
        let listed: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        assert_eq!(listed.len(), known.len(), "a command is listed twice, or not at all");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), known);
    }

    #[test]
    fn the_help_shows_every_group_with_its_commands() {
        let help = crate::command_tree().render_long_help().to_string();
        assert!(help.contains("\nLook:\n  recordings   List, show and export"), "{help}");
        assert!(help.contains("\nOptions:\n"), "{help}");
    }
}
