//! Reads the bastions of every visible subscription.

use std::io::Write;

use domain::decide::posture::{BastionFacts, DiagnosticSetting, MaybeKnown, ResourceId};
use pipeline::ports::discovery::{ResourceKind, VisibleResource};
use pipeline::ports::posture::Read;
use pipeline::ports::{Discovery, Fault};

use crate::output::progress::Spinner;
use crate::{CliError, Terminal};

/// Bastions read between two lines of progress, if there is no terminal.
const PER_LINE: usize = 10;

/// What the signed-in person can see.
pub(super) struct Survey {
    /// Bastions, ordered by id.
    pub bastions: Vec<SurveyedBastion>,
    /// Storage accounts of every subscription.
    pub accounts: MaybeKnown<Vec<VisibleResource>>,
    /// System topics of every subscription.
    pub topics: MaybeKnown<Vec<VisibleResource>>,
}

/// A bastion with its settings.
pub(super) struct SurveyedBastion {
    pub id: ResourceId,
    pub region: String,
    pub facts: MaybeKnown<Option<BastionFacts>>,
    pub settings: MaybeKnown<Vec<DiagnosticSetting>>,
}

/// Reads everything, with progress on `err`. A bastion that cannot be read is unknown; without any connection the
/// survey fails.
pub(super) async fn survey(
    port: &dyn Discovery,
    subscriptions: &[String],
    terminal: Terminal,
    err: &mut dyn Write,
) -> Result<Survey, CliError> {
    let spinner = Spinner::begin(terminal, "bastions");
    let mut visible = match port.visible(ResourceKind::Bastions, subscriptions).await? {
        MaybeKnown::Read(visible) => visible,
        MaybeKnown::NotReadable(why) => return Err(Fault::permanent("find the bastions", why).into()),
    };
    visible.sort_by_cached_key(|bastion| bastion.id.as_str().to_ascii_lowercase());
    visible.dedup_by(|one, other| one.id == other.id);
    let (count, mut bastions) = (visible.len(), Vec::new());
    for VisibleResource { id, location, .. } in visible {
        let facts = unless_out(port.bastion(&id).await)?;
        let settings = unless_out(port.diagnostics(&id).await)?;
        bastions.push(SurveyedBastion { id, region: location, facts, settings });
        spinner.count(bastions.len());
        if !terminal.progress && bastions.len() % PER_LINE == 0 {
            writeln!(err, "{} of {count} bastions read", bastions.len())?;
        }
    }
    // The accounts may be in other subscriptions than the bastions.
    let accounts = unless_out(port.visible(ResourceKind::Accounts, &[]).await)?;
    let topics = unless_out(port.visible(ResourceKind::SystemTopics, &[]).await)?;
    spinner.end();
    Ok(Survey { bastions, accounts, topics })
}

/// Turns a failed call into an unknown fact. An outage concerns every call, so it stays an error.
fn unless_out<T>(read: Read<T>) -> Result<MaybeKnown<T>, Fault> {
    match read {
        Err(fault) if fault.outage().is_none() => Ok(MaybeKnown::unread(fault.to_string())),
        read => read,
    }
}
