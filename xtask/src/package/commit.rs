//! Reads the time of the packaged commit, which serves as the time of the package.

use std::process::Stdio;

use jiff::Timestamp;

use crate::step::{self, StepError, command};

/// Returns `SOURCE_DATE_EPOCH` if set, else the time of the commit, as RFC 3339. Returns `None` outside a clone.
pub fn made_at() -> Result<Option<String>, StepError> {
    #[expect(clippy::disallowed_methods, reason = "the standard variable for the time of a build")]
    let given = std::env::var("SOURCE_DATE_EPOCH").ok();
    let seconds = given.or_else(committed_at);
    seconds
        .as_deref()
        .map(written)
        .transpose()
        .map_err(|source| StepError::Unreadable { what: "the time of the commit".into(), source })
}

fn committed_at() -> Option<String> {
    let mut log = command("git", &["log", "--max-count=1", "--format=%ct"]);
    let output = log.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Formats seconds since 1970 as RFC 3339 in UTC.
fn written(seconds: &str) -> Result<String, Box<dyn std::error::Error>> {
    Ok(Timestamp::from_second(seconds.trim().parse()?)?.to_string())
}

/// Returns an error if a tracked file differs from the commit.
pub fn must_be_all() -> Result<(), StepError> {
    let changed = step::output(command("git", &["status", "--porcelain", "--untracked-files=no"]))?;
    if changed.is_empty() {
        return Ok(());
    }
    let source = format!("changed since:\n{}", String::from_utf8_lossy(&changed));
    Err(StepError::Unreadable { what: "the commit".into(), source: source.into() })
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn the_time_is_written_in_utc() {
        assert_eq!(written("1772323200\n").unwrap(), "2026-03-01T00:00:00Z");
        assert!(written("yesterday").is_err());
    }
}
