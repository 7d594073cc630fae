//! `archivist policy`: checks, explains, tests and applies the retention policy.

mod assign;
mod check;
mod explain;
mod lifecycle;
mod reapply;
mod test;

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use configuration::{AppPlace, Configuration};
use domain::address::Printable;
use domain::policy::retention::Policy;
use serde_json::Value;

use crate::{CliError, Exit};

pub use assign::AssignArgs;
pub(crate) use assign::assign;
pub use explain::ExplainArgs;
pub(crate) use explain::explain_recording;
pub(crate) use lifecycle::apply as apply_lifecycle;
pub use reapply::ReapplyArgs;
pub(crate) use reapply::reapply;

/// Subcommands of `policy`.
#[derive(Debug, Clone, Subcommand)]
pub enum PolicyCommand {
    /// Validate the configuration: errors and likely mistakes.
    ///
    /// Exit code 0 if there are none, 1 if there are warnings only, 2 if there are errors.
    Check(PolicyCheckArgs),
    /// Explain how long a recording is kept: rule by rule, with the facts and the dates.
    Explain(ExplainArgs),
    /// Run a file of assertions against the policy. Exit code 1 if one fails.
    Test(TestArgs),
    /// Print the JSON Schema of the section `retention` of archivist.yaml.
    Schema(SchemaArgs),
    /// Print the lifecycle management policy for a storage account with recordings; with --apply, write it.
    ///
    /// The rules move the recordings of a class to cheaper tiers, but never those on hold. With `executor:
    /// lifecycle`, one more rule deletes recordings tagged as due by the archivist. Names of these rules
    /// begin with `archivist-`; other rules are not changed.
    Lifecycle(LifecycleArgs),
    /// Report recordings whose retention differs from today's policy; with --allow-shorten, apply it.
    Reapply(ReapplyArgs),
    /// Assign a class to a recording, whatever the rules say, or let the rules decide again.
    Assign(AssignArgs),
}

/// Arguments of `policy check`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist policy check --config archivist.yaml")]
pub struct PolicyCheckArgs {
    /// Write one JSON document: `{"digest": "sha256:…", "problems": [...], "warnings": [...], "policy": {...}}`.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `policy test`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist policy test policy-tests.yaml

The file lists recordings and the decisions expected of the policy:
  version: 1
  tests:
    - name: card data stays for a year and a half
      facts: { resource_group: rg-pci-prod, ended: 2026-03-02T09:40:02Z }
      expect: { class: pci, retain_until: 2027-03-02, delete_after: 2027-09-02, then: review }

A fact that is left out is not known. Keys that are left out of `expect` are not compared, except `unknown`: it must name
each rule that may match or not, depending on an unknown fact. `delete_after: never`, or null, means that the recording
has no date of deletion.")]
pub struct TestArgs {
    /// The file with the assertions, as YAML or JSON.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write one JSON document: `{"passed": N, "failed": [...]}`.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `policy schema`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist policy schema > retention.schema.json")]
pub struct SchemaArgs {
    /// No effect: the schema is always JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `policy lifecycle`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  az storage account management-policy show --account-name stbastionrec01 -g rg-hub > current.json
  archivist policy lifecycle --current current.json > new.json
  az storage account management-policy create --account-name stbastionrec01 -g rg-hub --policy @new.json
  archivist policy lifecycle --apply

An account has one policy, which is replaced as a whole: without --current, rules of other applications would be lost.
The changes are listed on standard error.

With --apply, the command reads the present policy from the account, asks for confirmation, writes the new policy unless
the present one changed in the meantime, and reads it back to compare. Exit code 1 if there are changes and nothing was
written, or if the policy that was read back differs.")]
pub struct LifecycleArgs {
    /// The account's present policy, as the management API shows it.
    #[arg(long, value_name = "FILE", conflicts_with = "apply")]
    pub current: Option<PathBuf>,
    /// The storage account; required if recordings are in several.
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,
    /// Write the policy to the storage account.
    #[arg(long)]
    pub apply: bool,
    /// Skip the confirmation prompt.
    #[arg(long, requires = "apply")]
    pub yes: bool,
    /// No effect: the policy is always JSON.
    #[arg(long)]
    pub json: bool,
}

impl PolicyCommand {
    /// Returns true if the command changes something; [`run_work`](crate::run_work) carries it out.
    pub fn is_work(&self) -> bool {
        match self {
            Self::Reapply(_) | Self::Assign(_) => true,
            Self::Lifecycle(args) => args.apply,
            _ => false,
        }
    }

    /// Returns true if the command changes something but needs no catalogue.
    pub(crate) fn keeps_nothing(&self) -> bool {
        matches!(self, Self::Lifecycle(args) if args.apply)
    }

    /// Returns true if the command needs a recording of the catalogue; otherwise [`run`] carries it out.
    pub fn asks_catalogue(&self) -> bool {
        matches!(self, Self::Explain(args) if args.id.is_some())
    }
}

/// Dependencies of policy commands: files and settings, no catalogue.
pub struct PolicyContext<'a> {
    /// Name and text of the configuration file. `None` if there is no file.
    pub file: Option<(&'a str, &'a str)>,
    /// Configuration to use if there is no file.
    pub default: &'a Configuration,
    /// The place of the app that the configuration is for.
    pub place: AppPlace,
    /// Returns the value of an app setting.
    pub app_setting: &'a dyn Fn(&str) -> Option<String>,
    /// Reads a file named on the command line.
    pub read: &'a dyn Fn(&Path) -> io::Result<String>,
    /// Receives the answer.
    pub out: &'a mut dyn Write,
    /// Receives notes about the answer.
    pub err: &'a mut dyn Write,
}

/// Runs a policy command that needs no catalogue. A reader that closes the pipe early is not an error.
pub fn run(command: &PolicyCommand, context: &mut PolicyContext<'_>) -> Result<Exit, CliError> {
    let ran = match command {
        PolicyCommand::Check(args) => check::run(args, context),
        PolicyCommand::Explain(args) => explain::run(args, context),
        PolicyCommand::Test(args) => test::run(args, context),
        PolicyCommand::Schema(_) => schema(context),
        PolicyCommand::Lifecycle(args) => lifecycle::run(args, context),
        PolicyCommand::Reapply(_) | PolicyCommand::Assign(_) => Err(CliError::Problems(NEEDS_CATALOGUE.to_owned())),
    };
    let flushed = ran.and_then(|exit| context.out.flush().map(|()| exit).map_err(CliError::Output));
    match flushed {
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        outcome => outcome,
    }
}

fn schema(context: &mut PolicyContext<'_>) -> Result<Exit, CliError> {
    context.out.write_all(configuration::retention_schema().as_bytes())?;
    Ok(Exit::Done)
}

impl PolicyContext<'_> {
    /// Returns the configuration, or an error with every problem.
    fn configuration(&self) -> Result<Configuration, CliError> {
        match self.file {
            None => Ok(self.default.clone()),
            Some((name, text)) => configuration::check(name, text, self.place, self.app_setting)
                .configuration
                .map_err(|problems| CliError::Problems(problems.to_string())),
        }
    }

    /// Returns the retention policy, or an error if the configuration has none.
    fn policy(configuration: &Configuration) -> Result<&Policy, CliError> {
        configuration.retention.as_ref().ok_or_else(|| CliError::Problems(NO_POLICY.to_owned()))
    }

    fn read(&self, path: &Path) -> Result<(String, String), CliError> {
        let name = path.display().to_string();
        let text = (self.read)(path)
            .map_err(|error| CliError::Problems(format!("{}: cannot be read: {error}", Printable(&name))))?;
        Ok((name, text))
    }
}

const NEEDS_CATALOGUE: &str = "this command works on the catalogue";

const NO_POLICY: &str =
    "the configuration has no section retention, so nothing ever expires; add one to archivist.yaml";

/// Writes indented JSON, for people as well.
fn write_pretty(out: &mut dyn Write, value: &Value) -> Result<(), CliError> {
    Ok(writeln!(out, "{value:#}")?)
}
