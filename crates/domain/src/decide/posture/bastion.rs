//! Checks the bastion itself.

use super::check::{Check, critical, good, unknown, warning};
use super::facts::{BastionFacts, Watched};
use super::known::MaybeKnown;
use super::question::Question as Q;
use super::resource::ResourceId;

/// Runs every check of one bastion; `all` are the watched ones.
pub(super) fn checks(one: &Watched, all: &[Watched]) -> Vec<Check> {
    let name = one.expected.bastion.as_str();
    let host = || one.host.present("there is no such bastion");
    let id = one.expected.resource_id.as_deref().unwrap_or("ID");
    let update = |change: &str| format!("az network bastion update --ids {id} {change}");
    vec![
        Q::BastionSku.check(name, one.host.as_ref(), |host| match host {
            None => critical(
                "there is no bastion with this resource id",
                "correct resource_id of the bastion in archivist.yaml",
            ),
            Some(host) if host.sku.eq_ignore_ascii_case("Premium") => good("Premium"),
            Some(host) => critical(
                format!(
                    "{}, but only Premium records",
                    if host.sku.is_empty() { "of an unknown tier" } else { &host.sku }
                ),
                update("--sku Premium"),
            ),
        }),
        Q::BastionRecording.check(name, host(), |host| match host.records {
            true => good("on"),
            false => critical("off: nothing is recorded", update("--session-recording true")),
        }),
        container(one, name),
        shared(one, all, name),
        Q::BastionNativeClient.check(name, host(), |host| match host.lets_native_clients_in {
            false => good("refused"),
            true => warning(
                "native clients are allowed, but their sessions are never recorded",
                update("--enable-tunneling false"),
            ),
        }),
    ]
}

fn container(one: &Watched, name: &str) -> Check {
    let at = &one.expected.recordings;
    Q::BastionContainer.check(name, one.host.present("there is no such bastion"), |host| match &host.container_url {
        None => unknown("a bastion that writes with a signature does not show its container; pass the signature to `archivist doctor --sas-stdin`"),
        Some(url) if is_container(url, at.account.as_str(), at.container.as_str()) => good(at.to_string()),
        Some(url) => critical(
            format!("it records into {}, but {at} is configured", shown(url)),
            "change recordings of the bastion in archivist.yaml (a list keeps the earlier container), or portal > bastion > Session recordings",
        ),
    })
}

fn shared(one: &Watched, all: &[Watched], name: &str) -> Check {
    let at = &one.expected.recordings;
    let own = one.expected.resource_id.as_deref().and_then(ResourceId::parse);
    let is_ours = |host: &BastionFacts| ResourceId::parse(&host.id) == own;
    let records_there = |host: &BastionFacts| {
        host.container_url.as_deref().is_some_and(|url| is_container(url, at.account.as_str(), at.container.as_str()))
    };
    let configured = all.iter().filter(|other| other.expected.bastion != one.expected.bastion);
    let by_configuration =
        configured.clone().filter(|other| other.expected.recordings == *at).map(|other| other.expected.bastion.clone());
    let seen = all.iter().filter_map(|other| other.host.read()?.as_ref());
    let near = one.neighbours.read().into_iter().flatten();
    let by_sight =
        seen.chain(near).filter(|host| !is_ours(host) && records_there(host)).map(|host| last(&host.id).to_owned());
    let mut others: Vec<String> = by_configuration.chain(by_sight).collect();
    others.sort_unstable();
    others.dedup();
    if !others.is_empty() {
        let fix = "give each bastion a container of its own: portal > bastion > Session recordings";
        return Q::BastionShared
            .judged(name, warning(format!("{} records into the same container", others.join(", ")), fix));
    }
    let neighbours = one.neighbours.as_ref().and_then(|near| {
        let silent = near.iter().filter(|host| host.records && !is_ours(host) && host.container_url.is_none()).count();
        if silent == 0 {
            MaybeKnown::Read(near.len())
        } else {
            MaybeKnown::unread(format!(
                "{silent} other bastions of the subscription record with a signature and do not show their container"
            ))
        }
    });
    Q::BastionShared.check(name, neighbours, |_| good("none of the visible ones"))
}

fn is_container(url: &str, account: &str, container: &str) -> bool {
    let Some((host, path)) = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')) else {
        return false;
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    host.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(account))
        && path.trim_end_matches('/') == container
}

/// Returns the URL without query and fragment.
fn shown(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}
