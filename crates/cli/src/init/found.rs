//! A bastion as found, and what it lacks.

use std::collections::BTreeMap;

use configuration::{AccountUrl, ExtraSuffixes, WrittenBastion};
use domain::address::{AccountName, ContainerName};
use domain::cloud::Cloud;
use domain::decide::posture::{BastionFacts, MaybeKnown, ResourceId};
use pipeline::ports::discovery::VisibleResource;

use super::survey::{Survey, SurveyedBastion};

/// A bastion, its containers, and what is missing.
pub(super) struct Found {
    pub id: ResourceId,
    /// Name in the catalogue.
    pub name: String,
    pub region: String,
    /// Tier, if it could be read.
    pub sku: Option<String>,
    /// Container that it records into, if known.
    pub recordings: Option<FoundContainer>,
    /// True if the bastion itself shows the container: it then writes with an identity.
    pub has_identity: bool,
    /// Account of its audit log, if known.
    pub audit: Option<FoundContainer>,
    /// False if its diagnostic settings could not be read: without an account, it is then unknown whether it has one.
    pub knows_audit: bool,
    pub notes: Vec<Note>,
}

/// A container, or an account with the container of audit logs.
#[derive(Clone)]
pub(super) struct FoundContainer {
    pub account: AccountName,
    /// Empty for audit logs, whose container always has the same name.
    pub container: String,
    /// Blob endpoint without a final slash.
    pub url: String,
    /// Resource id of the account, if the person can see it.
    pub id: Option<ResourceId>,
}

/// Something missing or unknown, with the remedy.
pub(super) struct Note {
    pub what: String,
    pub fix: String,
    /// Answer of the service, if it could not be read.
    pub because: Option<String>,
    /// True if it could not be read: nothing is known to be wrong.
    pub is_unknown: bool,
}

impl Note {
    pub(super) fn missing(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), fix: fix.into(), because: None, is_unknown: false }
    }

    fn unknown(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { is_unknown: true, ..Self::missing(what, fix) }
    }

    fn unread(what: &str, because: &str, fix: impl Into<String>) -> Self {
        Self { because: Some(because.to_owned()), ..Self::unknown(what, fix) }
    }
}

/// Context of a survey: accounts, containers named on the command line, and hosts.
pub(super) struct Around<'a> {
    pub survey: &'a Survey,
    /// Containers by name of the bastion in lower case.
    pub given: &'a BTreeMap<String, String>,
    pub extra: &'a ExtraSuffixes,
    pub cloud: Cloud,
}

impl Around<'_> {
    /// Judges a bastion. `written` is its entry in the file.
    pub(super) fn found(&self, one: &SurveyedBastion, written: Option<&WrittenBastion>) -> Found {
        let mut found = Found {
            id: one.id.clone(),
            name: written.map_or_else(|| one.id.name().to_owned(), |entry| entry.name.clone()),
            region: one.region.clone(),
            sku: None,
            recordings: None,
            has_identity: false,
            audit: None,
            knows_audit: one.settings.read().is_some(),
            notes: Vec::new(),
        };
        match &one.facts {
            MaybeKnown::Read(Some(facts)) => self.read_bastion(facts, written, &mut found),
            MaybeKnown::Read(None) => found.notes.push(Note::unknown(
                "it is listed, but cannot be read: it may have just been deleted",
                "run archivist init again in some minutes",
            )),
            MaybeKnown::NotReadable(why) => {
                let fix = "give yourself the role Reader on the bastion, then run archivist init again";
                found.notes.push(Note::unread("it cannot be read", why, fix));
            }
        }
        if let (None, Some(url)) = (&found.recordings, self.given.get(&one.id.name().to_ascii_lowercase())) {
            found.recordings = self.container(url);
        }
        self.read_settings(one, written, &mut found);
        if let (Some(one), Some(audit)) = (&mut found.recordings, &found.audit)
            && one.account == audit.account
        {
            one.id = one.id.take().or_else(|| audit.id.clone());
        }
        self.find_accounts(&mut found);
        found
    }

    fn read_bastion(&self, facts: &BastionFacts, written: Option<&WrittenBastion>, found: &mut Found) {
        found.sku = Some(facts.sku.clone());
        found.recordings = facts.container_url.as_deref().and_then(|url| self.container(url));
        found.has_identity = found.recordings.is_some();
        let update = |change: &str| format!("az network bastion update --ids {} {change}", found.id);
        let is_known = found.has_identity
            || written.is_some_and(|entry| !entry.recordings.is_empty())
            || self.given.contains_key(&found.id.name().to_ascii_lowercase());
        if !facts.sku.eq_ignore_ascii_case("Premium") {
            let tier = if facts.sku.is_empty() { "an unknown tier" } else { &facts.sku };
            found.notes.push(Note::missing(format!("{tier}, but only Premium records"), update("--sku Premium")));
        } else if !facts.records {
            found.notes.push(Note::missing("session recording is off", update("--session-recording true")));
        } else if !is_known {
            let fix = format!(
                "name it: archivist init --recordings {}=https://ACCOUNT.blob.core.windows.net/CONTAINER",
                found.id.name()
            );
            let what = "it does not show where it records: it uses a signature, or an old API version";
            found.notes.push(Note::unknown(what, fix));
        }
    }

    fn read_settings(&self, one: &SurveyedBastion, written: Option<&WrittenBastion>, found: &mut Found) {
        let settings = match &one.settings {
            MaybeKnown::Read(settings) => settings,
            MaybeKnown::NotReadable(why) => {
                let fix = "give yourself the role Reader on the bastion, then run archivist init again";
                return found.notes.push(Note::unread("its diagnostic settings cannot be read", why, fix));
            }
        };
        let sending = settings.iter().filter(|setting| setting.sends_audit_log());
        let mut ids: Vec<ResourceId> =
            sending.filter_map(|setting| setting.account_id.as_deref().and_then(ResourceId::parse)).collect();
        ids.sort_by_cached_key(|id| id.as_str().to_ascii_lowercase());
        ids.dedup();
        let accounts: Vec<FoundContainer> = ids.into_iter().filter_map(|id| self.audit(id)).collect();
        let is_written = |one: &&FoundContainer| {
            let url = written.and_then(|entry| entry.audit_logs.as_ref()).map(|log| log.account_url.as_str());
            url.and_then(|url| account_of(url, self.extra)).is_some_and(|account| account == one.account)
        };
        let is_beside = |one: &&FoundContainer| found.recordings.as_ref().is_some_and(|it| it.account == one.account);
        let chosen = accounts.iter().find(is_written).or_else(|| accounts.iter().find(is_beside)).or(accounts.first());
        match (chosen, accounts.len()) {
            (None, _) => found.notes.push(Note::missing(
                "no diagnostic setting sends BastionAuditLogs to a storage account: no person can be named",
                format!(
                    "az monitor diagnostic-settings create --name archivist --resource {} --storage-account ACCOUNT_ID --logs '[{{\"category\":\"BastionAuditLogs\",\"enabled\":true}}]'",
                    one.id
                ),
            )),
            (Some(_), 1) => {}
            (Some(chosen), _) => {
                let names: Vec<&str> = accounts.iter().map(|account| account.account.as_str()).collect();
                found.notes.push(Note::missing(
                    format!("several accounts get the audit log: {}; {} is used", names.join(", "), chosen.account.as_str()),
                    "remove a diagnostic setting, or change audit_logs in archivist.yaml: archivist init keeps your choice",
                ));
            }
        }
        found.audit = chosen.cloned();
    }

    /// Notes containers whose account cannot be seen: the templates need its resource id.
    fn find_accounts(&self, found: &mut Found) {
        let hidden = [&found.recordings, &found.audit].into_iter().flatten().find(|one| one.id.is_none());
        if let Some(hidden) = hidden {
            let account = hidden.account.as_str();
            let because = match &self.survey.accounts {
                MaybeKnown::Read(_) => None,
                MaybeKnown::NotReadable(why) => Some(why.clone()),
            };
            let fix = format!("give yourself the role Reader on {account}: the templates need its resource id");
            let note = Note::unknown(format!("the storage account {account} is not visible"), fix);
            found.notes.push(Note { because, ..note });
        }
    }

    /// Parses the URL of a container. `None` if it is not one of Azure.
    pub(super) fn container(&self, url: &str) -> Option<FoundContainer> {
        let bare = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let (base, container) = bare.rsplit_once('/')?;
        let account = AccountUrl::parse(base, self.extra).ok().filter(|url| !url.is_local())?.account().clone();
        let container = ContainerName::parse(container).ok()?.as_str().to_owned();
        let seen = self.account(&account);
        let url = seen.and_then(|seen| self.endpoint(seen, &account)).unwrap_or_else(|| base.to_owned());
        Some(FoundContainer { account, container, url, id: seen.map(|seen| seen.id.clone()) })
    }

    fn audit(&self, id: ResourceId) -> Option<FoundContainer> {
        let account = AccountName::parse(id.named("storageAccounts")?).ok()?;
        let url = self.account(&account).and_then(|seen| self.endpoint(seen, &account));
        let url = url.unwrap_or_else(|| format!("https://{}.blob.{}", account.as_str(), self.cloud.storage_suffix()));
        Some(FoundContainer { account, container: String::new(), url, id: Some(id) })
    }

    fn account(&self, name: &AccountName) -> Option<&VisibleResource> {
        let all = self.survey.accounts.read()?;
        all.iter().find(|account| account.id.name().eq_ignore_ascii_case(name.as_str()))
    }

    /// Blob endpoint as reported, if the archivist accepts it.
    fn endpoint(&self, seen: &VisibleResource, account: &AccountName) -> Option<String> {
        let url = seen.detail.trim_end_matches('/');
        (account_of(url, self.extra).as_ref() == Some(account)).then(|| url.to_owned())
    }
}

/// Returns the account of a blob endpoint. `None` if the URL is not accepted or has an app setting in it.
pub(super) fn account_of(url: &str, extra: &ExtraSuffixes) -> Option<AccountName> {
    AccountUrl::parse(url, extra).ok().map(|url| url.account().clone())
}
