//! `archivist doctor --follow`: follows one recording from its blob to its notification.

#[cfg(test)]
mod tests;
mod view;

use std::io::Write;
use std::time::Duration;

use domain::address::{BlobAddress, BlobName};
use domain::decide::follow::{FollowFacts, Link, LinkState, chain, is_complete};
use domain::decide::posture::MaybeKnown;
use jiff::SignedDuration;
use pipeline::{FollowRecording, NewestBlobs};

use crate::output::{human, json};
use crate::{CliError, Exit};
use view::{Chain, Lines};

/// Time between two reads.
const POLL: Duration = Duration::from_secs(10);

/// Recording to follow, and the form of the answer.
pub(super) struct Wanted<'a> {
    /// Name of the blob. `None` for the next recording.
    pub name: Option<&'a BlobName>,
    /// Longest time to follow it.
    pub timeout: SignedDuration,
    /// True for one JSON document instead of lines.
    pub as_json: bool,
}

/// Parses an ISO 8601 duration of hours, minutes and seconds.
pub(super) fn period(text: &str) -> Result<SignedDuration, &'static str> {
    let read = text.starts_with("PT").then(|| text.parse().ok()).flatten();
    read.ok_or("write hours, minutes and seconds as PT30M or PT2H")
}

/// Follows a recording until its chain is complete or broken, the time runs out, or `stop` is ready. Waits with `pause`
/// between two reads.
pub(super) async fn run(
    wanted: &Wanted<'_>,
    following: &FollowRecording,
    mut pause: impl AsyncFnMut(Duration),
    stop: impl Future<Output = ()>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    tokio::pin!(stop);
    let until = following.now().saturating_add(wanted.timeout).unwrap_or(jiff::Timestamp::MAX);
    let (mut at, mut newest, mut lines) = (None, NewestBlobs::default(), Lines::default());
    let mut links = chain(&FollowFacts::before(MaybeKnown::Read(())), following.now());
    let end = loop {
        let facts = tokio::select! {
            facts = facts(following, wanted.name, &mut newest, &mut at) => facts,
            () = &mut stop => break End::Interrupted,
        };
        let now = following.now();
        links = chain(&facts, now);
        if !wanted.as_json {
            lines.write(at.as_ref(), &links, now, out)?;
        }
        if is_complete(&links) || links.iter().any(is_broken) {
            break End::Decided;
        }
        if now >= until {
            break End::TimeRanOut;
        }
        tokio::select! {
            () = pause(POLL) => {}
            () = &mut stop => break End::Interrupted,
        }
    };
    if wanted.as_json {
        json::write_line(&mut *out, &Chain::from_links(at.as_ref(), &links, end == End::Interrupted, following.now()))?;
    }
    out.flush()?;
    conclude(at.as_ref(), &links, end, err)
}

/// Why the command stops following.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The chain is complete or broken.
    Decided,
    TimeRanOut,
    Interrupted,
}

async fn facts(
    following: &FollowRecording,
    name: Option<&BlobName>,
    newest: &mut NewestBlobs,
    at: &mut Option<BlobAddress>,
) -> FollowFacts {
    if at.is_none() {
        let found = match name {
            None => following.next(newest).await,
            Some(name) => following.named(name).await,
        };
        match found {
            MaybeKnown::Read(found) => *at = found,
            MaybeKnown::NotReadable(why) => return FollowFacts::before(MaybeKnown::NotReadable(why)),
        }
    }
    match at {
        Some(at) => following.facts(at).await,
        None => FollowFacts::before(MaybeKnown::Read(())),
    }
}

fn is_broken(link: &Link) -> bool {
    matches!(link.state, LinkState::Broken { .. })
}

/// Writes the result as a note and returns the exit code.
fn conclude(at: Option<&BlobAddress>, links: &[Link], end: End, err: &mut dyn Write) -> Result<Exit, CliError> {
    if is_complete(links) {
        writeln!(err, "the chain is complete")?;
        return Ok(Exit::Done);
    }
    let broken = names(links, is_broken);
    if !broken.is_empty() {
        writeln!(err, "broken: {broken}")?;
        return Ok(Exit::Findings);
    }
    let why = if end == End::Interrupted { "interrupted" } else { "the time ran out" };
    let waiting = names(links, |link| matches!(link.state, LinkState::Waiting(_)));
    let unknown = names(links, |link| matches!(link.state, LinkState::Unknown(_)));
    for (state, links) in [("waiting", &waiting), ("unknown", &unknown)] {
        if !links.is_empty() {
            writeln!(err, "{why}, {state}: {links}")?;
        }
    }
    if let Some(at) = at {
        writeln!(err, "go on with: archivist doctor --follow '{}'", human::text(at.name.as_str()))?;
    }
    Ok(if unknown.is_empty() { Exit::Findings } else { Exit::OutsideFailed })
}

fn names(links: &[Link], is_meant: impl Fn(&Link) -> bool) -> String {
    let meant = links.iter().filter(|link| is_meant(link));
    meant.map(|link| link.name.name().replace('_', " ")).collect::<Vec<_>>().join(", ")
}
