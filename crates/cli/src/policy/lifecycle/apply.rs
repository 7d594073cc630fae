//! `archivist policy lifecycle --apply`.

use domain::address::{AccountName, Printable};
use domain::decide::posture::{MaybeKnown, ResourceId};
use pipeline::ports::{Fault, LifecyclePolicies, LifecyclePolicy};

use super::document::LifecycleDocument;
use super::{LifecycleArgs, containers, ours, write_changes};
use crate::policy::{NO_POLICY, write_pretty};
use crate::{CliError, Exit, WorkContext};

const NO_API: &str = "the management API cannot be called: give bastions their `resource_id`, and their recordings an account \
                      that is not on this machine";

const EMPTY: &str = "no rule would be left, which the platform rejects: delete the policy with \
                     az storage account management-policy delete";

const CHANGED: &str = "the account's policy was changed in the meantime. Nothing was written: repeat the command to \
                       see the changes";

/// Reason why the policy was not written, or not confirmed. An answer, not a failure of the command.
struct NotApplied(String);

pub(crate) async fn run(args: &LifecycleArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    match apply(args, context).await? {
        Ok(()) => Ok(Exit::Done),
        Err(NotApplied(why)) => {
            writeln!(context.err, "{}", Printable(&why))?;
            Ok(Exit::Findings)
        }
    }
}

async fn apply(args: &LifecycleArgs, context: &mut WorkContext<'_>) -> Result<Result<(), NotApplied>, CliError> {
    let policy = context.policy.ok_or_else(|| CliError::Problems(NO_POLICY.to_owned()))?;
    let api = context.lifecycle.ok_or_else(|| CliError::Problems(NO_API.to_owned()))?;
    let (account, containers) = containers(context.estate, args.account.as_deref())?;
    let id = match find(api, &account, context).await? {
        Ok(id) => id,
        Err(why) => return Ok(Err(why)),
    };
    let before = match read(api, &id).await? {
        Ok(before) => before,
        Err(why) => return Ok(Err(why)),
    };
    let (merged, changes) = document(before.as_ref())?.with(ours(policy, context.tiers, &containers));
    if let Some(what) = merged.beyond_limits() {
        return Err(CliError::Problems(what));
    }
    write_pretty(context.out, merged.value())?;
    context.out.flush()?;
    write_changes(context.err, &changes)?;
    if changes.is_empty() {
        return Ok(Ok(()));
    }
    if merged.rules().is_empty() {
        return Err(CliError::Problems(EMPTY.to_owned()));
    }
    let question = format!("Write this as the lifecycle management policy of {}?", account.as_str());
    if !context.is_wanted(args.yes, &question)? {
        return Ok(Err(NotApplied("nothing was written".to_owned())));
    }
    Ok(write(api, &id, before, &merged).await?.map(|()| {
        // The policy is written; a closed standard error is no reason to fail.
        let _ = writeln!(context.err, "written, and verified by reading it back");
    }))
}

/// Writes the policy if it did not change since it was shown, then reads it back and compares.
async fn write(
    api: &dyn LifecyclePolicies,
    id: &ResourceId,
    before: Option<LifecyclePolicy>,
    merged: &LifecycleDocument,
) -> Result<Result<(), NotApplied>, CliError> {
    // The service has no conditional write, so the check runs directly before the write.
    match read(api, id).await? {
        Ok(now) if now == before => {}
        Ok(_) => return Ok(Err(NotApplied(CHANGED.to_owned()))),
        Err(why) => return Ok(Err(why)),
    }
    if let MaybeKnown::NotReadable(why) = api.write(id, &merged.request().to_string()).await? {
        return Ok(Err(NotApplied(format!("not written, because {why}"))));
    }
    let after = match read(api, id).await? {
        Ok(after) => document(after.as_ref())?,
        Err(NotApplied(why)) => return Ok(Err(NotApplied(format!("written, but not verified: {why}")))),
    };
    let differences = merged.differences(&after);
    if differences.is_empty() {
        return Ok(Ok(()));
    }
    let what = format!("written, but the account's policy now differs in the rules {}", differences.join(", "));
    Ok(Err(NotApplied(what)))
}

/// Finds the resource id of the account. Searches the subscriptions of the bastions that record into it.
async fn find(
    api: &dyn LifecyclePolicies,
    account: &AccountName,
    context: &WorkContext<'_>,
) -> Result<Result<ResourceId, NotApplied>, Fault> {
    let bastions = context.estate.bastions.iter();
    let own = bastions.filter(|bastion| bastion.recordings.iter().any(|place| place.account == *account));
    let mut asked: Vec<ResourceId> = Vec::new();
    let mut unread = None;
    for id in own.filter_map(|bastion| ResourceId::parse(bastion.resource_id.as_deref()?)) {
        if asked.iter().any(|other| other.subscription().eq_ignore_ascii_case(id.subscription())) {
            continue;
        }
        match api.account(account, &id).await? {
            MaybeKnown::Read(Some(found)) => return Ok(Ok(found)),
            MaybeKnown::Read(None) => {}
            MaybeKnown::NotReadable(why) => unread = Some(why),
        }
        asked.push(id);
    }
    let subscriptions: Vec<&str> = asked.iter().map(ResourceId::subscription).collect();
    let name = account.as_str();
    let why = match unread {
        Some(why) => format!("not written, because {why}"),
        None => format!("the account {name} is not visible in subscription {}", subscriptions.join(", ")),
    };
    Ok(Err(NotApplied(why)))
}

async fn read(
    api: &dyn LifecyclePolicies,
    id: &ResourceId,
) -> Result<Result<Option<LifecyclePolicy>, NotApplied>, Fault> {
    Ok(match api.read(id).await? {
        MaybeKnown::Read(policy) => Ok(policy),
        MaybeKnown::NotReadable(why) => Err(NotApplied(format!("the account's policy is not known, because {why}"))),
    })
}

fn document(policy: Option<&LifecyclePolicy>) -> Result<LifecycleDocument, CliError> {
    let Some(policy) = policy else { return Ok(LifecycleDocument::empty()) };
    let read = serde_json::from_str(&policy.document).ok().and_then(LifecycleDocument::read);
    read.ok_or_else(|| CliError::Problems("the account's policy cannot be parsed; nothing was written".to_owned()))
}
