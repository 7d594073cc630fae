//! `archivist evidence verify`.

use std::fs::File;
use std::io::BufReader;

use domain::address::Printable;
use evidence::{Finding, PageState, Proof, SignatureState, VerifyingKey, verify};
use serde::Serialize;

use super::progress::CountedReader;
use super::{VerifyEvidenceArgs, read, shown};
use crate::output::say;
use crate::{CliError, Exit};

/// Maximum number of findings that are shown; all are counted.
const MOST_SHOWN: usize = 10_000;

/// Result as a document. A long-lived format: version 1.
#[derive(Serialize)]
struct VerificationDocument<'a> {
    version: u32,
    /// True if there are no findings.
    sound: bool,
    findings: &'a [Finding],
    /// Number of findings left out, because there are too many.
    left_out: u64,
    #[serde(flatten)]
    proof: &'a Proof,
}

pub(super) fn run(args: &VerifyEvidenceArgs) -> Result<Exit, CliError> {
    let key = args.key.as_deref().map(|path| {
        VerifyingKey::from_pem(&read(path)?)
            .map_err(|error| CliError::Problems(format!("--key: {}: {error}", shown(path))))
    });
    let key = key.transpose()?;
    let unreadable = |error| CliError::Problems(format!("{}: cannot be read: {error}", shown(&args.file)));
    let file = File::open(&args.file).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(CliError::Problems(format!("{}: it is a folder, not a bundle", shown(&args.file))));
    }
    let length = metadata.len();
    let (mut findings, mut left_out) = (Vec::new(), 0);
    let mut report = |finding: Finding| {
        if findings.len() < MOST_SHOWN {
            findings.push(finding);
        } else {
            left_out += 1;
        }
    };
    let input = CountedReader::new(BufReader::with_capacity(1 << 20, file), length);
    let proof = verify(input, key.as_ref(), args.head, &mut report)?;
    let sound = findings.is_empty();
    if args.json {
        let document = VerificationDocument { version: 1, sound, findings: &findings, left_out, proof: &proof };
        say(&serde_json::to_string(&document)?);
    } else {
        findings.iter().for_each(|finding| say(&Printable(&finding.to_string()).to_string()));
        if left_out > 0 {
            say(&format!("{left_out} more findings"));
        }
        lines(&proof, sound).iter().for_each(|line| say(&Printable(line).to_string()));
    }
    Ok(if sound { Exit::Done } else { Exit::Findings })
}

fn lines(proof: &Proof, sound: bool) -> Vec<String> {
    let mut lines = vec![
        format!("files {}, bytes {}", proof.files, proof.bytes),
        format!("recordings {}, contents {}, audit records {}", proof.recordings, proof.contents, proof.audit_records),
        format!("ledger lines about them {}", proof.facts),
    ];
    lines.extend(proof.as_of.as_ref().map(|at| format!("state as of {at}")));
    if proof.unknown > 0 {
        lines.push(format!("{} things are unknown: see unknown.jsonl or index.html in the bundle", proof.unknown));
    }
    lines.extend(proof.facts_under_head.map(|count| {
        format!("{count} of the ledger lines come before the given head: they existed when you received it")
    }));
    lines.push(match &proof.anchor {
        Some(anchor) => format!(
            "{} of the ledger lines come before a head that the bundle says was sent; the last one, {}, on {}: compare it \
             with what a receiver kept",
            proof.facts_anchored, anchor.head.hash, anchor.sent_at
        ),
        None => "the bundle names no head of the ledger that was sent to receivers".to_owned(),
    });
    lines.push(match &proof.signature {
        SignatureState::Unsigned => {
            "not signed: anybody may have made it; only ledger lines before a head that you know are proven".to_owned()
        }
        SignatureState::NotChecked { keys } => {
            format!(
                "signed, but the signer is not checked: give the public key with --key; it says key {}",
                keys.join(", ")
            )
        }
        SignatureState::Valid { key } => format!("signed by the given key {key}"),
        SignatureState::Wrong { keys } => format!("the signature does not count; it says key {}", keys.join(", ")),
    });
    lines.push(verdict(proof.page, sound).to_owned());
    lines
}

fn verdict(page: PageState, sound: bool) -> &'static str {
    match (sound, page) {
        (false, _) => "there are findings: do not rely on it",
        (true, PageState::OfTheData) => "every byte fits, and nothing contradicts",
        (true, PageState::NotCompared | PageState::Differs) => {
            "every byte fits, and the data does not contradict itself; index.html was not compared with it, because another \
             version of the archivist made it: rely on the other files"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_not_compared_is_never_called_good() {
        assert!(verdict(PageState::NotCompared, true).contains("not compared"));
        assert_eq!(verdict(PageState::OfTheData, true), "every byte fits, and nothing contradicts");
        assert!(verdict(PageState::Differs, false).contains("do not rely"));
    }
}
