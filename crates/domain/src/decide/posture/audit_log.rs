//! Checks the path of the bastion's audit log to storage.

use jiff::{SignedDuration, Timestamp};

use super::check::{Check, FactJudgement, critical, good, unknown, warning};
use super::container::is_same_region;
use super::facts::{AuditFacts, DiagnosticSetting, Watched};
use super::question::Question as Q;
use super::resource::ResourceId;

/// Log category with sessions, and the groups that include it.
const CATEGORY: &str = "BastionAuditLogs";
const GROUPS: [&str; 2] = ["audit", "allLogs"];
/// Longest delay of audit records behind a recording.
const LATE: SignedDuration = SignedDuration::from_hours(24);

/// Runs every check of the audit log.
pub(super) fn checks(one: &Watched, now: Timestamp) -> Vec<Check> {
    let name = one.expected.bastion.as_str();
    let questions = [Q::AuditSetting, Q::AuditRegion, Q::AuditContainer, Q::AuditNewest];
    let (Some(audit), Some(at)) = (&one.audit, &one.expected.audit_logs) else {
        let because = "archivist.yaml names no audit log of the bastion (audit_logs), so no person on its recordings can be named";
        return questions.map(|question| question.judged(name, unknown(because))).into();
    };
    let id = one.expected.resource_id.as_deref().unwrap_or("ID");
    let make = format!(
        "az monitor diagnostic-settings create --name archivist --resource {id} --storage-account $(az storage account show --name {} --query id --output tsv) --logs '[{{\"category\":\"{CATEGORY}\",\"enabled\":true}}]'",
        at.account.as_str()
    );
    vec![
        Q::AuditSetting.check(name, audit.settings.as_ref(), |settings| setting(settings, at.account.as_str(), &make)),
        region(one, audit, name),
        Q::AuditContainer.check(&at.to_string(), audit.container_exists.clone(), |is_there| match is_there {
            true => good("it exists"),
            false => warning(
                "it does not exist; the platform makes it with the first record, hours after the setting was made",
                make.clone(),
            ),
        }),
        newest(audit, name, now, &make),
    ]
}

impl DiagnosticSetting {
    /// Name of the destination storage account, in lower case.
    pub(super) fn account_name(&self) -> Option<String> {
        let id = self.account_id.as_deref().and_then(ResourceId::parse)?;
        id.named("storageAccounts").map(str::to_ascii_lowercase)
    }

    /// Returns true if the setting exports the bastion's sessions, to any destination.
    pub fn sends_audit_log(&self) -> bool {
        let is = |names: &[String], wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        is(&self.categories, CATEGORY) || GROUPS.iter().any(|group| is(&self.groups, group))
    }
}

fn setting(settings: &[DiagnosticSetting], account: &str, make: &str) -> FactJudgement {
    let sending: Vec<&DiagnosticSetting> = settings.iter().filter(|setting| setting.sends_audit_log()).collect();
    if let Some(right) = sending.iter().find(|setting| setting.account_name().as_deref() == Some(account)) {
        return good(format!("setting {} sends it to {account}", right.name));
    }
    match sending.iter().find_map(|setting| Some((&setting.name, setting.account_name()?))) {
        Some((name, other)) => critical(
            format!("setting {name} sends it to {other}, but {account} is configured"),
            format!("change audit_logs of the bastion in archivist.yaml, or: {make}"),
        ),
        None if sending.is_empty() => critical(format!("no diagnostic setting sends {CATEGORY}"), make),
        None => critical(format!("no diagnostic setting sends {CATEGORY} to storage"), make),
    }
}

fn region(one: &Watched, audit: &AuditFacts, name: &str) -> Check {
    let account = audit.account.present("the storage account of the log is not visible");
    let both = account.and_then(|account| one.host.present("the bastion is not visible").map(|host| (account, host)));
    Q::AuditRegion.check(name, both, |(account, host)| {
        if is_same_region(&account.location, &host.location) {
            good(host.location.clone())
        } else {
            warning(
                format!(
                    "{} is in {}, the bastion in {}, and logs go to the same region only",
                    account.name, account.location, host.location
                ),
                format!("send the log to an account in {}: portal > bastion > Diagnostic settings", host.location),
            )
        }
    })
}

fn newest(audit: &AuditFacts, name: &str, now: Timestamp, make: &str) -> Check {
    let both = audit
        .newest_record
        .clone()
        .and_then(|record| audit.newest_recording.clone().map(|recording| (record, recording)));
    Q::AuditNewest.check(name, both, |(record, recording)| match (record, recording) {
        (Some(record), recording) if recording.is_none_or(|at| at.duration_since(record) <= LATE) => {
            good(format!("newest record {record}"))
        }
        (None, None) => unknown("there is neither a record nor a recording yet"),
        // Records of a recent recording may still arrive.
        (None, Some(at)) if now.duration_since(at) <= LATE => {
            unknown(format!("no record yet, but the first recording is of {at}"))
        }
        (record, recording) => {
            let of = |at: Option<Timestamp>| at.map_or_else(|| "none".to_owned(), |at| at.to_string());
            critical(
                format!("newest record {}, newest recording {}: the log has stopped", of(record), of(recording)),
                make,
            )
        }
    })
}
