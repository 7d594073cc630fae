//! Invented recordings, and assertions about their retention.

mod document;

use std::net::IpAddr;

use domain::cloud::ExtraSuffixes;
use domain::policy::matcher::Facts;
use domain::policy::retention::StartsAt;
use domain::record::join::Match;
use domain::record::retention::{Executor, Then};
use domain::record::review::NO_REVIEW;
use domain::record::tags::TagSet;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::app_setting::AppSettings;
use crate::document::Bytes;
use crate::fault::TextProblem;
use crate::findings::Findings;
use crate::problem::Problems;
use crate::tree::ConfigurationNode;
use crate::{schema, structure, texts, yaml};
use document::{AssertionsDocument, ExpectationDocument, FactsDocument};

/// Facts of an invented recording.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordingFacts {
    texts: Texts,
    tags: Option<TagSet>,
    client_ip: Option<IpAddr>,
    target_ip: Option<IpAddr>,
    duration: Option<SignedDuration>,
    size: Option<u64>,
    started: Option<Timestamp>,
    /// Creation time of the recording.
    pub created: Option<Timestamp>,
    /// End of the session, or last write of the recording.
    pub ended: Option<Timestamp>,
    /// Class assigned by a person.
    pub class: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Texts {
    person: Option<String>,
    account: Option<String>,
    machine: Option<String>,
    resource_group: Option<String>,
    subscription: Option<String>,
    bastion: Option<String>,
    container: Option<String>,
    name: Option<String>,
    protocol: Option<String>,
    verdict: Option<String>,
    review_outcome: Option<String>,
}

/// Assertion about the retention of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// Name of the assertion.
    pub name: String,
    /// The recording.
    pub facts: RecordingFacts,
    /// The expected retention.
    pub expect: Expectation,
}

/// Expected retention of a recording; `None` is not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The class.
    pub class: Option<String>,
    /// Last day on which the recording must not be deleted.
    pub retain_until: Option<Date>,
    /// Last day on which the recording is kept; the inner `None` means for ever.
    pub delete_after: Option<Option<Date>>,
    /// Action after the last day.
    pub then: Option<Then>,
    /// Rules giving its class, in the order of the policy.
    pub rules: Option<Vec<String>>,
    /// Undecided rules. Always compared, because an undecided rule keeps a recording.
    pub unknown: Vec<String>,
}

/// Reads the facts of one recording, as YAML or JSON.
///
/// # Errors
/// Returns every problem of the text, like [`crate::read`].
pub fn read_facts(file_name: &str, text: &str) -> Result<RecordingFacts, Problems> {
    read(file_name, text, |facts: FactsDocument, _| facts.meaning())
}

/// Reads a file of assertions, as YAML or JSON.
///
/// # Errors
/// Returns every problem of the text, like [`crate::read`].
pub fn read_assertions(file_name: &str, text: &str) -> Result<Vec<Assertion>, Problems> {
    read(file_name, text, |AssertionsDocument { tests, .. }, root| {
        let lines = root.get("tests").map_or(&[][..], ConfigurationNode::items).iter().map(|node| node.place.line);
        let assertion = |(line, test): (usize, document::AssertionDocument)| {
            Ok(Assertion { line, name: test.name, facts: test.facts.meaning()?, expect: test.expect.meaning()? })
        };
        lines.zip(tests).map(assertion).collect()
    })
}

fn read<D: DeserializeOwned + JsonSchema, T>(
    file_name: &str,
    text: &str,
    meaning: impl FnOnce(D, &ConfigurationNode) -> Result<T, TextProblem>,
) -> Result<T, Problems> {
    let mut findings = Findings::default();
    let read = checked(text, &mut findings, meaning);
    read.ok_or_else(|| Problems { file_name: file_name.to_owned(), problems: findings.in_order().0 })
}

fn checked<D: DeserializeOwned + JsonSchema, T>(
    text: &str,
    findings: &mut Findings,
    meaning: impl FnOnce(D, &ConfigurationNode) -> Result<T, TextProblem>,
) -> Option<T> {
    // App settings are not available, because the file is shared and runs on any machine.
    let none = ExtraSuffixes::default();
    let settings = AppSettings { value: &|_| None, extra: &none };
    let mut root = yaml::read(text, settings, findings)?;
    structure::check(&mut root, &schema::for_type::<D>(), settings, findings);
    if !findings.is_empty() {
        return None;
    }
    let document =
        serde_json::from_value(root.to_json()).map_err(|error| TextProblem::new(error.to_string(), "correct it"));
    let read = document.and_then(|document| meaning(document, &root));
    read.map_err(|fault| findings.add(root.place, "", fault.what, fault.remedy)).ok()
}

impl RecordingFacts {
    /// Returns the facts for policy rules. As in the catalogue, a session without a known start began with
    /// its recording, and the duration of a recording is the time from its creation to its end.
    pub fn facts(&self) -> Facts<'_> {
        let texts = &self.texts;
        let from_to = self.created.zip(self.ended).map(|(from, to)| to.duration_since(from));
        Facts {
            person: texts.person.as_deref(),
            account: texts.account.as_deref(),
            // As in the catalogue, an address in place of a machine name is the machine's address.
            machine: texts.machine.as_deref().filter(|machine| machine.parse::<IpAddr>().is_err()),
            resource_group: texts.resource_group.as_deref(),
            subscription: texts.subscription.as_deref(),
            bastion: texts.bastion.as_deref(),
            container: texts.container.as_deref(),
            name: texts.name.as_deref(),
            protocol: texts.protocol.as_deref(),
            verdict: texts.verdict.as_deref(),
            is_verdict_open: texts.verdict.as_deref() == Some(<Match>::Pending.name()),
            // As in the catalogue, where it is always known.
            review_outcome: Some(texts.review_outcome.as_deref().unwrap_or(NO_REVIEW)),
            tags: self.tags.as_ref(),
            client_ip: self.client_ip,
            target_ip: self.target_ip.or_else(|| texts.machine.as_ref()?.parse().ok()),
            duration: self.duration.or(from_to),
            size: self.size,
            started: self.started.or(self.created),
            event: None,
            severity: None,
            held: None,
            own_session: None,
            first_use: None,
            after_failed_logins: None,
        }
    }

    /// Returns the UTC day from which periods count. As in the catalogue, it is never before the creation.
    pub fn day(&self, starts_at: StartsAt) -> Option<Date> {
        let at = match starts_at {
            StartsAt::SessionEnd => self.ended.map(|ended| self.created.map_or(ended, |created| ended.max(created))),
            StartsAt::Created => self.created,
        };
        at.map(|at| TimeZone::UTC.to_datetime(at).date())
    }
}

impl FactsDocument {
    fn meaning(self) -> Result<RecordingFacts, TextProblem> {
        let time = |text: &Option<String>| text.as_deref().map(texts::time).transpose();
        let address = |text: &Option<String>| text.as_deref().map(texts::address).transpose();
        Ok(RecordingFacts {
            tags: self.tags.map(TagSet),
            client_ip: address(&self.client_ip)?,
            target_ip: address(&self.target_ip)?,
            duration: self.duration.as_deref().map(texts::duration).transpose()?,
            size: self.size.as_ref().map(Bytes::count).transpose()?,
            started: time(&self.started)?,
            created: time(&self.created)?,
            ended: time(&self.ended)?,
            class: self.class,
            texts: Texts {
                person: self.person,
                account: self.account,
                machine: self.machine,
                resource_group: self.resource_group,
                subscription: self.subscription,
                bastion: self.bastion,
                container: self.container,
                name: self.name,
                protocol: self.protocol,
                verdict: self.matching,
                review_outcome: self.review_outcome,
            },
        })
    }
}

impl ExpectationDocument {
    fn meaning(self) -> Result<Expectation, TextProblem> {
        let date = |text: &str| text.parse().map_err(|_| TextProblem::new("is not a date", "write it as 2026-01-31"));
        let delete_after = self.delete_after.map(|text| match text.as_deref() {
            None | Some("never") => Ok(None),
            Some(text) => date(text).map(Some),
        });
        Ok(Expectation {
            class: self.class,
            retain_until: self.retain_until.as_deref().map(date).transpose()?,
            delete_after: delete_after.transpose()?,
            then: self.then.as_deref().map(texts::then).transpose()?,
            rules: self.rules,
            unknown: self.unknown,
        })
    }
}

/// Returns the name in the configuration.
pub fn clock_name(starts_at: StartsAt) -> &'static str {
    match starts_at {
        StartsAt::SessionEnd => "session_end",
        StartsAt::Created => "created",
    }
}

/// Returns the name in the configuration.
pub fn executor_name(executor: Executor) -> &'static str {
    match executor {
        Executor::Archivist => "archivist",
        Executor::Lifecycle => "lifecycle",
    }
}
