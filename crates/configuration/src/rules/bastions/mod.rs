//! Rules for bastions: unique names and ids, one bastion per container, at most one present container.

mod access;
mod access_logs;
mod audit_logs;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::address::ContainerAddress;
use domain::cloud::ExtraSuffixes;

use crate::account_url::AccountUrl;
use crate::findings::Findings;
use crate::tree::{ConfigurationNode, Content, TextPosition};

use audit_logs::AuditContainers;

pub fn check(bastions: &ConfigurationNode, extra: &ExtraSuffixes, findings: &mut Findings) {
    let (mut names, mut ids, mut containers) = (First::default(), First::default(), First::default());
    let audit_logs = AuditContainers::collect(bastions, extra);
    for (at, bastion) in bastions.items().iter().enumerate() {
        let path = format!("bastions[{at}]");
        if let Some((name, node)) = text(bastion, "name") {
            names.check(
                name.to_ascii_lowercase(),
                node,
                &format!("{path}.name"),
                "give each bastion its own name",
                findings,
            );
        }
        if let Some((id, node)) = text(bastion, "resource_id") {
            let remedy = "list each bastion once, with all its containers";
            ids.check(id.to_ascii_lowercase(), node, &format!("{path}.resource_id"), remedy, findings);
        }
        let recordings = recordings(bastion, &path);
        for (path, node) in &recordings {
            let Some(container) = address(node, extra) else { continue };
            let remedy = "leave each container with the one bastion that records into it";
            containers.check(container.to_string(), node, path, remedy, findings);
        }
        check_until(&recordings, findings);
        access::check(bastion, &path, findings);
        access_logs::check(bastion, &recordings, &path, extra, findings);
        check_resource_id(bastion, &recordings, &audit_logs, &path, findings);
    }
    audit_logs::check_apart(bastions, &containers, extra, findings);
}

/// First place of each value.
#[derive(Default)]
struct First(HashMap<String, TextPosition>);

impl First {
    fn check(&mut self, value: String, node: &ConfigurationNode, path: &str, remedy: &str, findings: &mut Findings) {
        match self.0.entry(value) {
            Entry::Vacant(vacant) => drop(vacant.insert(node.place)),
            Entry::Occupied(first) => {
                let what = format!("is the same as in line {}", first.get().line);
                findings.add(node.place, path, what, remedy);
            }
        }
    }

    fn place(&self, value: &str) -> Option<TextPosition> {
        self.0.get(value).copied()
    }
}

/// Returns the containers of a bastion, each with its path: one, or a list.
fn recordings<'n>(bastion: &'n ConfigurationNode, path: &str) -> Vec<(String, &'n ConfigurationNode)> {
    match bastion.get("recordings") {
        Some(node) if matches!(node.content, Content::Map(_)) => vec![(format!("{path}.recordings"), node)],
        Some(node) => {
            let path = |at| format!("{path}.recordings[{at}]");
            node.items().iter().enumerate().map(|(at, item)| (path(at), item)).collect()
        }
        None => Vec::new(),
    }
}

/// Reports a second present container: a bastion records into one container at a time.
fn check_until(recordings: &[(String, &ConfigurationNode)], findings: &mut Findings) {
    let mut dates = First::default();
    let mut present: Option<TextPosition> = None;
    for (path, node) in recordings {
        if let Some((date, node)) = text(node, "until") {
            let remedy = "write the day on which the bastion left this container";
            dates.check(date.to_owned(), node, &format!("{path}.until"), remedy, findings);
        } else if matches!(node.content, Content::Map(_)) && node.get("until").is_none() {
            if let Some(first) = present {
                let what = format!("is a second present container, after the one in line {}", first.line);
                findings.add(node.place, path, what, "add until: DATE to the earlier one");
            }
            present.get_or_insert(node.place);
        }
    }
}

fn check_resource_id(
    bastion: &ConfigurationNode,
    recordings: &[(String, &ConfigurationNode)],
    audit_logs: &AuditContainers<'_>,
    path: &str,
    findings: &mut Findings,
) {
    if bastion.get("resource_id").is_some() {
        return;
    }
    let mut written = recordings.iter().map(|(_, node)| *node).chain(bastion.get("audit_logs"));
    let remedy = if written.any(|node| account(node, audit_logs.extra()).is_some_and(|url| !url.is_local())) {
        "add resource_id: /subscriptions/…/providers/Microsoft.Network/bastionHosts/…, from the bastion's properties"
    } else if audit_logs.is_shared_by(bastion) {
        "add the resource_id by which its records can be distinguished from those of other bastions, or give its audit log a container of its own"
    } else {
        return;
    };
    findings.add(bastion.place, &format!("{path}.resource_id"), "is missing", remedy);
}

fn account(container: &ConfigurationNode, extra: &ExtraSuffixes) -> Option<AccountUrl> {
    AccountUrl::parse(text(container, "account_url")?.0, extra).ok()
}

fn address(recordings: &ConfigurationNode, extra: &ExtraSuffixes) -> Option<ContainerAddress> {
    let (container, _) = text(recordings, "container")?;
    ContainerAddress::parse(account(recordings, extra)?.account().as_str(), container).ok()
}

fn text<'n>(node: &'n ConfigurationNode, key: &str) -> Option<(&'n str, &'n ConfigurationNode)> {
    let value = node.get(key)?;
    Some((value.text()?, value))
}
