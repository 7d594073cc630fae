//! `archivist policy`.

mod applied;
mod check;
mod documentation;
mod explain;
mod lifecycle;
mod templates;
mod test;

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::Path;

use clap::Parser;
use cli::{CliCommand, PolicyContext};
use configuration::Configuration;
use domain::policy::retention::Policy;

use crate::line::{CliLine, Ran, words};

/// A policy that uses most features.
pub const CONFIGURATION: &str = r#"version: 1
time_zone: Europe/Berlin
bastions:
  - name: bas-hub-01
    resource_id: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01
    recordings: { account_url: "https://stbastionrec01.blob.core.windows.net", container: recordings }
retention:
  default_class: standard
  classes:
    standard: { retain_for: P1Y, delete_after: P1Y, then: delete }
    pci:
      retain_for: P1Y
      delete_after: P18M
      then: review
      immediately_available: P90D
      tiers: { cool_after: P30D, archive_after: P180D }
    short: { retain_for: P1M, delete_after: P3M, then: delete }
    evidence: { retain_for: P7Y, then: keep }
  rules:
    - { name: card-data machines, when: { resource_group: rg-pci-* }, class: pci, minimum: true }
    - { name: break glass, when: { person: "bg-*@contoso.example", not: { match: pending } }, class: evidence }
    - name: night work
      when:
        any:
          - { time_of_day: { from: "18:00", to: "07:00" } }
          - { weekday: [sat, sun] }
        client_ip: 10.0.0.0/8
      class: pci
    - { name: short ones, when: { duration: { under: PT15S }, size: { under: 1MiB } }, class: short }
  enforce: true
"#;

/// The policy of [`CONFIGURATION`].
pub fn policy() -> Policy {
    read(CONFIGURATION).retention.unwrap()
}

fn read(text: &str) -> Configuration {
    configuration::read("archivist.yaml", text, &|_| None).unwrap()
}

/// Runs a policy command with this configuration and these files.
fn run(configuration: Option<&str>, files: &[(&str, &str)], arguments: &str) -> Ran {
    let line = CliLine::try_parse_from(words(arguments)).unwrap();
    let CliCommand::Policy(command) = line.command else {
        panic!("{arguments} is not a policy command")
    };
    let default = Configuration::local(Path::new("/srv/data")).unwrap();
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut context = PolicyContext {
        file: configuration.map(|text| ("archivist.yaml", text)),
        default: &default,
        place: configuration::AppPlace::AsSet,
        app_setting: &|_| None,
        read: &|path: &Path| {
            let text = files.get(path.to_str().unwrap()).ok_or(Error::from(ErrorKind::NotFound))?;
            Ok((*text).to_owned())
        },
        out: &mut out,
        err: &mut err,
    };
    let ran = cli::run_policy(&command, &mut context);
    let code = ran.map_or_else(
        |error| {
            err.extend_from_slice(format!("error: {error}\n").as_bytes());
            error.exit().code()
        },
        cli::Exit::code,
    );
    Ran { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}
