//! Parses the command line of `cargo xtask`.

use std::fmt;
use std::path::PathBuf;

use crate::package::{BuildProfile, PackagedProgram};

/// Printed by `cargo xtask help` and after invalid usage.
pub const USAGE: &str = "\
usage: cargo xtask CHORE

  test [--seeds N]              all tests: unit, integration, property, doc, tidy
  bench [-- ARGUMENTS]          benchmarks, as ratios measured in the same run
  fuzz [--seconds N]            every fuzz target, N seconds each (default 20)
  tidy                          repository rules that no lint checks
  advisories                    licences, sources and advisories; fails if the database cannot be reached
  package [--out DIR] [--debug] build the deployed app: the folder DIR (default dist) and archivist.zip beside it;
          [--binary FILE]       with FILE, use a program that is already built
  package --arm64               build the command line for arm64: archivist-arm64.zip
  reproduce                     package the commit here and in another folder, and compare every byte
  dev [--debug] [--check]       run the package on the storage emulator with a working day of a minute; keeps running,
      [-- ARGUMENTS]            or with --check: play the day with and without ten kills, and compare
  ci [--seeds N] [--seconds N]  all checks of the pipeline (default 256 seeds, 20 seconds)

N seeds are N cases for each property test; without --seeds, `test` runs the property tests' own default.";

/// A change must not wait longer; each night and before a release the tests play more.
const CI_SEEDS: u32 = 256;
const FUZZ_SECONDS: u32 = 20;

/// A chore with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub enum Chore {
    Help,
    /// Runs every test, with `seeds` cases for each property test; `None` uses the default of the property tests.
    Test {
        seeds: Option<u32>,
    },
    /// Runs the benchmarks with these arguments.
    Bench {
        arguments: Vec<String>,
    },
    /// Runs each fuzz target for `seconds` seconds.
    Fuzz {
        seconds: u32,
    },
    /// Checks the repository rules that no lint covers.
    Tidy,
    /// Checks dependencies against the advisory database; required before a release.
    Advisories,
    /// Packages the deployed app into `out`, or into `dist` if `out` is `None`.
    Package {
        out: Option<PathBuf>,
        program: PackagedProgram,
    },
    /// Packages the command line for arm64.
    Arm64,
    /// Packages twice in different folders and compares the bytes.
    Reproduce,
    /// Packages the app and runs it on the storage emulator with these arguments.
    Dev {
        profile: BuildProfile,
        arguments: Vec<String>,
    },
    /// Runs every check of the pipeline.
    Ci {
        seeds: u32,
        seconds: u32,
    },
}

/// Error of a command line that is not a valid chore.
#[derive(Debug, PartialEq, Eq)]
pub enum WrongUse {
    /// Unknown chore name.
    Unknown(String),
    /// The chore does not take this argument.
    Unexpected(String),
    /// The flag needs a whole number above zero.
    NoNumber(String),
    /// The flag needs the path of a file or folder.
    NoPath(String),
}

impl fmt::Display for WrongUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "there is no chore {name:?}"),
            Self::Unexpected(argument) => write!(f, "unexpected argument {argument:?}"),
            Self::NoNumber(flag) => write!(f, "{flag} needs a whole number above zero"),
            Self::NoPath(flag) => write!(f, "{flag} needs a path"),
        }
    }
}

impl Chore {
    /// Parses the arguments after the program's name. No argument means [`Chore::Help`].
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, WrongUse> {
        let Some(name) = arguments.next() else { return Ok(Self::Help) };
        match name.as_str() {
            "help" | "-h" | "--help" => Ok(Self::Help),
            "test" => {
                let [seeds] = numbers(arguments, ["--seeds"])?;
                Ok(Self::Test { seeds })
            }
            "bench" => Ok(Self::Bench { arguments: arguments.skip_while(|argument| argument == "--").collect() }),
            "fuzz" => {
                let [seconds] = numbers(arguments, ["--seconds"])?;
                Ok(Self::Fuzz { seconds: seconds.unwrap_or(FUZZ_SECONDS) })
            }
            "tidy" => {
                let [] = numbers(arguments, [])?;
                Ok(Self::Tidy)
            }
            "advisories" => {
                let [] = numbers(arguments, [])?;
                Ok(Self::Advisories)
            }
            "package" => package(arguments),
            "reproduce" => {
                let [] = numbers(arguments, [])?;
                Ok(Self::Reproduce)
            }
            "dev" => dev(arguments),
            "ci" => {
                let [seeds, seconds] = numbers(arguments, ["--seeds", "--seconds"])?;
                Ok(Self::Ci { seeds: seeds.unwrap_or(CI_SEEDS), seconds: seconds.unwrap_or(FUZZ_SECONDS) })
            }
            _ => Err(WrongUse::Unknown(name)),
        }
    }
}

/// Parses `--out DIR`, `--binary FILE` (also with `=`) and `--debug` in any order; the last value of a flag wins.
/// `--arm64` must be the only argument.
fn package(mut arguments: impl Iterator<Item = String>) -> Result<Chore, WrongUse> {
    let (mut out, mut program) = (None, PackagedProgram::Built(BuildProfile::Release));
    let mut is_first = true;
    while let Some(argument) = arguments.next() {
        if argument == "--arm64" && is_first {
            return arguments.next().map_or(Ok(Chore::Arm64), |more| Err(WrongUse::Unexpected(more)));
        }
        is_first = false;
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut path = || {
            let path = inline.clone().or_else(|| arguments.next()).filter(|path| !path.is_empty());
            path.map(PathBuf::from).ok_or_else(|| WrongUse::NoPath(flag.to_owned()))
        };
        match flag {
            "--out" => out = Some(path()?),
            "--binary" => program = PackagedProgram::There(path()?),
            "--debug" if inline.is_none() => program = PackagedProgram::Built(BuildProfile::Debug),
            _ => return Err(WrongUse::Unexpected(argument)),
        }
    }
    Ok(Chore::Package { out, program })
}

/// Parses `--debug` and `--check`; arguments after `--` are passed to the run.
fn dev(mut arguments: impl Iterator<Item = String>) -> Result<Chore, WrongUse> {
    let (mut profile, mut passed_on) = (BuildProfile::Release, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--debug" => profile = BuildProfile::Debug,
            "--check" => passed_on.push(argument),
            "--" => passed_on.extend(arguments.by_ref()),
            _ => return Err(WrongUse::Unexpected(argument)),
        }
    }
    Ok(Chore::Dev { profile, arguments: passed_on })
}

/// Parses `--flag N` and `--flag=N` for the given flags in any order; the last value of a flag wins.
fn numbers<const N: usize>(
    mut arguments: impl Iterator<Item = String>,
    flags: [&str; N],
) -> Result<[Option<u32>; N], WrongUse> {
    let mut found = [None; N];
    while let Some(argument) = arguments.next() {
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let Some(position) = flags.iter().position(|known| *known == flag) else {
            return Err(WrongUse::Unexpected(argument));
        };
        let number = inline.or_else(|| arguments.next()).and_then(|value| value.parse().ok()).filter(|n| *n > 0);
        found[position] = Some(number.ok_or_else(|| WrongUse::NoNumber(flag.to_owned()))?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Chore, WrongUse};
    use crate::package::{BuildProfile, PackagedProgram};

    fn parse(line: &str) -> Result<Chore, WrongUse> {
        Chore::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn no_arguments_show_the_help() {
        assert_eq!(parse(""), Ok(Chore::Help));
    }

    #[test]
    fn flags_take_their_number_in_either_form() {
        assert_eq!(parse("test --seeds 5000"), Ok(Chore::Test { seeds: Some(5000) }));
        assert_eq!(parse("fuzz --seconds=60"), Ok(Chore::Fuzz { seconds: 60 }));
        assert_eq!(parse("ci --seconds 5 --seeds 10"), Ok(Chore::Ci { seeds: 10, seconds: 5 }));
    }

    #[test]
    fn a_left_out_flag_has_its_default() {
        assert_eq!(parse("test"), Ok(Chore::Test { seeds: None }));
        assert_eq!(parse("ci"), Ok(Chore::Ci { seeds: 256, seconds: 20 }));
    }

    #[test]
    fn the_benchmark_gets_the_arguments_after_the_dashes() {
        assert_eq!(
            parse("bench -- handler --quick"),
            Ok(Chore::Bench { arguments: vec!["handler".into(), "--quick".into()] })
        );
    }

    #[test]
    fn a_package_uses_the_release_profile_and_the_given_folder() {
        assert_eq!(
            parse("package"),
            Ok(Chore::Package { out: None, program: PackagedProgram::Built(BuildProfile::Release) })
        );
        let elsewhere =
            Chore::Package { out: Some("a/b".into()), program: PackagedProgram::Built(BuildProfile::Debug) };
        assert_eq!(parse("package --debug --out=a/b").as_ref(), Ok(&elsewhere));
        assert_eq!(parse("package --out a/b --debug"), Ok(elsewhere));
    }

    #[test]
    fn an_existing_program_is_packaged_unchanged() {
        let there = Chore::Package { out: Some("a/b".into()), program: PackagedProgram::There("c/archivist".into()) };
        assert_eq!(parse("package --binary c/archivist --out a/b").as_ref(), Ok(&there));
        assert_eq!(parse("package --out=a/b --binary=c/archivist"), Ok(there));
        assert_eq!(parse("package --binary"), Err(WrongUse::NoPath("--binary".into())));
        assert_eq!(parse("package --debug=x"), Err(WrongUse::Unexpected("--debug=x".into())));
    }

    #[test]
    fn the_command_line_for_arm64_is_a_package_of_its_own() {
        assert_eq!(parse("package --arm64"), Ok(Chore::Arm64));
        assert_eq!(parse("package --arm64 --debug"), Err(WrongUse::Unexpected("--debug".into())));
        assert_eq!(parse("package --debug --arm64"), Err(WrongUse::Unexpected("--arm64".into())));
        assert_eq!(parse("reproduce"), Ok(Chore::Reproduce));
        assert_eq!(parse("reproduce --out a"), Err(WrongUse::Unexpected("--out".into())));
    }

    #[test]
    fn a_run_gets_the_arguments_after_the_dashes() {
        assert_eq!(parse("dev"), Ok(Chore::Dev { profile: BuildProfile::Release, arguments: Vec::new() }));
        let arguments = vec!["--once".to_owned(), "--debug".to_owned()];
        assert_eq!(parse("dev --debug -- --once --debug"), Ok(Chore::Dev { profile: BuildProfile::Debug, arguments }));
        let check = vec!["--check".to_owned()];
        assert_eq!(parse("dev --check"), Ok(Chore::Dev { profile: BuildProfile::Release, arguments: check }));
        assert_eq!(parse("dev --once"), Err(WrongUse::Unexpected("--once".into())));
    }

    #[test]
    fn wrong_use_is_named() {
        assert_eq!(parse("tset"), Err(WrongUse::Unknown("tset".into())));
        assert_eq!(parse("tidy --seeds 3"), Err(WrongUse::Unexpected("--seeds".into())));
        assert_eq!(parse("test --seeds"), Err(WrongUse::NoNumber("--seeds".into())));
        assert_eq!(parse("package --out"), Err(WrongUse::NoPath("--out".into())));
        assert_eq!(parse("package --release"), Err(WrongUse::Unexpected("--release".into())));
        assert_eq!(parse("fuzz --seconds 0"), Err(WrongUse::NoNumber("--seconds".into())));
    }
}
