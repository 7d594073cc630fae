//! Checks the recording container of a bastion.

use super::check::{Check, FactJudgement, critical, good, unknown, warning};
use super::facts::{ContentFacts, Watched};
use super::known::MaybeKnown;
use super::question::Question as Q;
use super::suffix::HIGHEST_SUFFIX;

/// Runs every check of the container.
pub(super) fn checks(one: &Watched) -> Vec<Check> {
    let at = &one.expected.recordings;
    let (account, container) = (at.account.as_str(), at.container.as_str());
    let subject = at.to_string();
    let there = || one.container.present("there is no such container");
    let service = || one.service.as_ref();
    vec![
        Q::ContainerExists.check(&subject, existence(one), |there| match there {
            true => good("it exists"),
            false => critical(
                "there is no such container: nothing can be recorded into it",
                format!("az storage container create --account-name {account} --name {container} --auth-mode login"),
            ),
        }),
        Q::ContainerPrivate.check(&subject, there(), |facts| match &facts.public_access {
            None => good("no public access"),
            Some(level) => critical(
                format!("reading it requires no sign-in ({level})"),
                format!("az storage container set-permission --account-name {account} --name {container} --public-access off --auth-mode login"),
            ),
        }),
        Q::ContainerVersioning.check(&subject, service().and_then(|facts| facts.is_versioned.clone()), |on| match on {
            false => good("off"),
            true => warning(
                "it is on, which the bastion does not support for recordings",
                format!("az storage account blob-service-properties update --account-name {account} --enable-versioning false"),
            ),
        }),
        Q::ContainerImmutability.check(&subject, there(), |facts| match (facts.is_immutable, facts.has_legal_hold) {
            (false, false) => good("none"),
            (true, _) => critical(
                "an immutability policy is active: the bastion cannot finish recordings",
                format!("az storage container immutability-policy delete --account-name {account} --container-name {container} --if-match ETAG (only while it is not locked; else record into another container)"),
            ),
            (false, true) => critical(
                "a legal hold of storage is active: the bastion cannot finish recordings",
                format!("az storage container legal-hold clear --account-name {account} --container-name {container} --tags TAG; then `archivist hold place`"),
            ),
        }),
        Q::ContainerNamespace.check(&subject, one.account.present("the storage account is not visible"), |facts| {
            match facts.is_hierarchical {
                false => good("flat"),
                true => critical(
                    "the account has a hierarchical namespace, where blobs have no tags and so no guards",
                    "record into a general purpose account without it: portal > Storage accounts > Create; it cannot be removed",
                ),
            }
        }),
        Q::ContainerSoftDelete.check(&subject, service(), |facts| {
            good(match facts.soft_delete_days {
                Some(days) => format!("on: deleted blobs are kept for {days} days and can be restored until then"),
                None => "off: deleted blobs are gone at once".to_owned(),
            })
        }),
        region(one, &subject),
        Q::ContainerContent.check(&subject, one.content.as_ref(), |facts| content(facts, &subject)),
        Q::ContainerSuffixes.check(&subject, one.content.as_ref(), suffixes),
    ]
}

/// A container whose blobs were listed exists.
fn existence(one: &Watched) -> MaybeKnown<bool> {
    match (&one.container, &one.content) {
        (MaybeKnown::NotReadable(_), MaybeKnown::Read(_)) => MaybeKnown::Read(true),
        (read, _) => read.as_ref().map(Option::is_some),
    }
}

fn region(one: &Watched, subject: &str) -> Check {
    let account = one.account.present("the storage account is not visible");
    let both = account.and_then(|account| one.host.present("the bastion is not visible").map(|host| (account, host)));
    Q::ContainerRegion.check(subject, both, |(account, host)| {
        if is_same_region(&account.location, &host.location) {
            good(host.location.clone())
        } else {
            warning(
                format!("the account is in {}, the bastion in {}", account.location, host.location),
                format!("record into an account in {}: portal > Storage accounts > Create", host.location),
            )
        }
    })
}

/// Compares regions, which Azure writes as `westeurope` or `West Europe`.
pub(super) fn is_same_region(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.replace(' ', "").to_ascii_lowercase();
    bare(one) == bare(other)
}

fn content(facts: &ContentFacts, subject: &str) -> FactJudgement {
    let ContentFacts { seen, has_more, foreign, foreign_count, .. } = facts;
    let looked = if *has_more {
        format!("the first {seen} blobs were checked")
    } else {
        format!("all {seen} blobs were checked")
    };
    if *foreign_count == 0 {
        return if *has_more { unknown(looked) } else { good(looked) };
    }
    let names = foreign.join(", ");
    warning(
        format!("{looked}, {foreign_count} of them are not recordings: {names}"),
        format!("give the bastion a container of its own, or move them elsewhere: portal > {subject}"),
    )
}

fn suffixes(facts: &ContentFacts) -> FactJudgement {
    match facts.suffixes.iter().max_by_key(|(_, suffix)| *suffix) {
        None if facts.has_more => {
            unknown(format!("none among the first {} blobs, the others were not checked", facts.seen))
        }
        None => good("none"),
        Some((name, suffix)) => warning(
            format!(
                "{} names are near their last suffix, {name} is at .{suffix}; beyond .{HIGHEST_SUFFIX} nothing of that name is recorded",
                facts.suffixes.len()
            ),
            "let retention delete recordings, which frees names, or record into another container: archivist retention plan",
        ),
    }
}
