//! Checks our own deployment and the event subscriptions.

use jiff::{SignedDuration, Timestamp};

use super::check::{Check, FactJudgement, critical, good, unknown, warning};
use super::facts::{EventSubscription, ExpectedSetup, LifecycleRule, OwnFacts, QueueFacts, TagTrial, Watched};
use super::known::MaybeKnown;
use super::question::Question as Q;
use crate::address::ContainerAddress;
use crate::decide::channel::REFETCH;
use crate::past::SKEW;
use crate::record::retention::Executor;
use crate::record::tags::{DUE, HOLD, NO_HOLD, STATE};

/// Largest age of a queue's oldest message.
const OLDEST: SignedDuration = SignedDuration::from_mins(15);
/// Largest number of waiting messages.
const DEEPEST: usize = 1_000;
/// Time for which a channel may fail without a finding.
const FAILING: SignedDuration = SignedDuration::from_hours(1);
/// Largest clock difference without a finding. Beyond [`SKEW`] nothing is deleted.
const GOOD: SignedDuration = SignedDuration::from_secs(60);

/// Required destination and event types of a subscription.
struct Wanted {
    queue: &'static str,
    types: &'static [&'static str],
}

const RECORDINGS: Wanted = Wanted {
    queue: "recording-events",
    types: &["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted", "Microsoft.Storage.BlobTierChanged"],
};
const AUDIT_LOGS: Wanted = Wanted { queue: "audit-log-events", types: &["Microsoft.Storage.BlobCreated"] };

/// Runs the checks of our own deployment for one bastion.
pub(super) fn checks_of_bastion(one: &Watched) -> Vec<Check> {
    let name = one.expected.bastion.as_str();
    let at = &one.expected.recordings;
    let mut checks = vec![events(Q::OwnRecordingEvents, at, &one.events, &RECORDINGS)];
    checks.push(match (&one.audit, &one.expected.audit_logs) {
        (Some(audit), Some(logs)) => events(Q::OwnAuditEvents, logs, &audit.events, &AUDIT_LOGS),
        _ => Q::OwnAuditEvents.judged(name, unknown("archivist.yaml names no audit log of the bastion")),
    });
    checks.push(Q::OwnTags.check(&at.to_string(), one.tags.as_ref(), |trial| match trial {
        TagTrial::Works => good("read, and the same tags written back"),
        TagTrial::NothingThere => unknown("there is no recording to try it on"),
        TagTrial::Refused(why) => critical(
            format!("tags are refused: {why}"),
            format!(
                "give our identity a role with Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read and tags/write (Storage Blob Data Owner has them): az role assignment create --assignee CLIENT_ID --role 'Storage Blob Data Owner' --scope $(az storage account show --name {} --query id --output tsv)",
                at.account.as_str()
            ),
        ),
    }));
    checks.push(
        Q::OwnLifecycle.check(at.account.as_str(), one.lifecycle.as_ref(), |rules| lifecycle(rules, &one.expected)),
    );
    checks
}

/// Returns one finding per container in an unexpected store.
fn stores(strange: &MaybeKnown<Vec<(String, String)>>) -> Vec<Check> {
    const FIX: &str = "correct the account in archivist.yaml or the catalogue in ARCHIVIST_CATALOGUE; if the recordings were \
                       moved there: archivist backfill --adopt";
    match strange {
        MaybeKnown::Read(strange) => {
            let found = |(container, why): &(String, String)| {
                let seen = format!("the container {why}: nothing is read, tagged or deleted there");
                Q::OwnStores.judged(container, critical(seen, FIX))
            };
            strange.iter().map(found).collect()
        }
        MaybeKnown::NotReadable(why) => vec![Q::OwnStores.judged("stores", unknown(&**why))],
    }
}

fn events(question: Q, at: &ContainerAddress, known: &MaybeKnown<Vec<EventSubscription>>, wanted: &Wanted) -> Check {
    let prefix = format!("/blobServices/default/containers/{}/", at.container.as_str());
    let fix = format!(
        "azd provision --no-state, if the templates made it; else az eventgrid event-subscription create --name archivist-{queue} --source-resource-id $(az storage account show --name {account} --query id --output tsv) --endpoint-type storagequeue --endpoint STATE_ACCOUNT_ID/queueServices/default/queues/{queue} --storage-queue-msg-ttl -1 --deadletter-endpoint STATE_ACCOUNT_ID/blobServices/default/containers/dead-letters --subject-begins-with {prefix} --included-event-types {types}",
        queue = wanted.queue,
        account = at.account.as_str(),
        types = wanted.types.join(" ")
    );
    question.check(&at.to_string(), known.as_ref(), |subscriptions| {
        let ours: Vec<&EventSubscription> = subscriptions
            .iter()
            .filter(|one| one.queue.as_deref() == Some(wanted.queue) && reaches(one, &prefix))
            .collect();
        if ours.is_empty() {
            let what = format!(
                "no subscription brings events of this container to queue {}: sweeps find everything, but late",
                wanted.queue
            );
            return warning(what, fix.clone());
        }
        let passes = |kind: &&&str| {
            ours.iter()
                .any(|one| one.is_provisioned && (one.types.is_empty() || one.types.iter().any(|known| known == *kind)))
        };
        let missing: Vec<&str> = wanted.types.iter().filter(|kind| !passes(kind)).copied().collect();
        let names = ours.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
        if missing.is_empty() {
            return good(names);
        }
        warning(format!("{names} brings no {}", missing.join(", ")), fix.clone())
    })
}

/// Returns true if the subscription's filter passes events of blobs below this subject.
fn reaches(one: &EventSubscription, prefix: &str) -> bool {
    // Filters ignore case by default. A filter that ends within the container's name also passes events of other
    // containers, which are ignored.
    let (begins, whole) = (one.begins_with.to_ascii_lowercase(), format!("{prefix}blobs/").to_ascii_lowercase());
    one.ends_with.is_empty() && whole.starts_with(&begins)
}

fn lifecycle(rules: &[LifecycleRule], expected: &ExpectedSetup) -> FactJudgement {
    let whole = format!("{}/", expected.recordings.container.as_str());
    let is_near = |prefix: &String| whole.starts_with(prefix.as_str()) || prefix.starts_with(&whole);
    let touches = |rule: &&LifecycleRule| rule.prefixes.is_empty() || rule.prefixes.iter().any(is_near);
    let (guarded, past): (Vec<&LifecycleRule>, Vec<&LifecycleRule>) =
        rules.iter().filter(|rule| rule.is_enabled && rule.deletes).filter(touches).partition(|rule| is_guarded(rule));
    if !past.is_empty() {
        return critical(
            format!("{} deletes recordings by age, ignoring holds and retention", names(&past)),
            "archivist policy lifecycle --current FILE prints the correct rules; portal > storage account > Lifecycle management",
        );
    }
    let covers = |rule: &&LifecycleRule| {
        let is_whole =
            rule.prefixes.is_empty() || rule.prefixes.iter().any(|prefix| whole.starts_with(prefix.as_str()));
        is_whole && rule.tags.len() == GUARDS_OF_RULE
    };
    match (expected.deleted_by, guarded.iter().find(|rule| covers(rule))) {
        (Some(Executor::Lifecycle), None) => warning(
            "the policy has executor: lifecycle, but no enabled rule of the account deletes what is due in the whole container: nothing is ever deleted",
            "archivist policy lifecycle --apply",
        ),
        (Some(Executor::Lifecycle), Some(rule)) => good(format!("{} deletes what is due", rule.name)),
        (Some(Executor::Archivist) | None, _) if !guarded.is_empty() => warning(
            format!(
                "{} deletes recordings by tags, which the policy does not allow: anyone who can write tags can delete",
                names(&guarded)
            ),
            "archivist policy lifecycle --apply",
        ),
        (Some(Executor::Archivist) | None, _) => good(match rules.len() {
            0 => "no rules".to_owned(),
            count => format!("none of {count} rules"),
        }),
    }
}

/// Number of tag conditions of a rule for deleting everything due.
const GUARDS_OF_RULE: usize = 2;

/// Returns true if the rule deletes only recordings marked as due and without a hold.
fn is_guarded(rule: &LifecycleRule) -> bool {
    let has = |tag: &str, value: &str| rule.tags.iter().any(|(key, known)| key == tag && known == value);
    has(STATE, DUE) && has(HOLD, NO_HOLD)
}

fn names(rules: &[&LifecycleRule]) -> String {
    rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Runs every check of our own deployment.
pub(super) fn checks(own: &OwnFacts, now: Timestamp) -> Vec<Check> {
    let mut checks: Vec<Check> = own.queues.iter().map(|queue| depth(queue, now)).collect();
    checks.extend(own.poison.iter().map(poison));
    checks.push(Q::OwnDeadLetters.check("dead letters", own.dead_letters.clone(), |files| match files {
        0 => good("none"),
        files => warning(
            format!("{files} files of events that could not be delivered"),
            "archivist replay dead-letters, then --apply",
        ),
    }));
    checks.push(Q::OwnQuarantine.check("quarantine", own.quarantine.clone(), |(count, most)| match count {
        0 => good("empty"),
        count if count >= most => {
            warning(format!("{count} inputs or more wait"), "archivist replay quarantine, then --apply")
        }
        count => warning(format!("{count} inputs wait"), "archivist replay quarantine, then --apply"),
    }));
    checks.push(Q::OwnLedger.check("ledger", own.ledger.clone(), |segments| {
        good(format!("{segments} segments; `archivist ledger verify` verifies them"))
    }));
    checks.extend(own.channels.iter().map(|(name, facts)| {
        Q::OwnChannels.check(name, facts.clone(), |facts| {
            match (facts.off, facts.disabled, facts.retired, facts.failing_since) {
                (Some(why), ..) => critical(
                    format!("it is off: {why}"),
                    format!("correct the app setting; {REFETCH}; then restart the app: notifications kept for the channel are then sent"),
                ),
                (None, Some(why), ..) => critical(
                    format!("nothing is sent to it any more: {why}"),
                    format!("archivist notify test {name}, then archivist notify enable {name}"),
                ),
                (None, None, Some(retired), _) => warning(retired.why, retired.instead),
                (None, None, None, Some(since)) if now.duration_since(since) >= FAILING => {
                    warning(format!("it has accepted nothing since {since}"), format!("archivist notify test {name}"))
                }
                (None, None, None, _) => good("it accepts notifications"),
            }
        })
    }));
    checks.extend(own.refused_configuration.as_ref().map(|problems| {
        let seen = format!("the newest version is refused, and the last good one is used: {problems}");
        Q::OwnConfiguration
            .judged("archivist.yaml", critical(seen, "archivist config check, then archivist config push"))
    }));
    checks.extend(stores(&own.strange_stores));
    checks.push(match &own.clock {
        MaybeKnown::Read((theirs, ours)) => check_clock(*theirs, *ours),
        MaybeKnown::NotReadable(why) => Q::OwnClock.check("clock", MaybeKnown::<()>::unread(why), |()| good("")),
    });
    checks.push(Q::OwnSettings.check("app settings", own.endpoints.clone(), |(host, ours)| {
        if host.trim_end_matches('/').eq_ignore_ascii_case(ours.trim_end_matches('/')) {
            return good(ours);
        }
        critical(
            format!("the host listens at {host}, but archivist.yaml says {ours}: messages would wait for ever"),
            "make state.account_urls.queue in archivist.yaml and the app setting AzureWebJobsStorage__queueServiceUri the same",
        )
    }));
    checks
}

/// Checks our clock against the clock of storage.
pub fn check_clock(theirs: Timestamp, ours: Timestamp) -> Check {
    let off = ours.duration_since(theirs);
    Q::OwnClock.check("clock", MaybeKnown::Read(off), |off| {
        let way = if off.is_negative() { "behind" } else { "ahead" };
        let evidence = format!("{} off the clock of storage, {way}", length(off.as_secs().abs()));
        let fix = "set the clock of this machine: timedatectl set-ntp true";
        match off.abs() {
            off if off <= GOOD => good(evidence),
            off if off <= SKEW => warning(evidence, fix),
            _ => critical(format!("{evidence}: nothing is deleted"), fix),
        }
    })
}

/// Formats a duration in its most readable unit.
fn length(seconds: i64) -> String {
    match seconds {
        172_800.. => format!("{} days", seconds / 86_400),
        7_200.. => format!("{} h", seconds / 3_600),
        120.. => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

fn depth(queue: &QueueFacts, now: Timestamp) -> Check {
    let both = queue.messages.clone().and_then(|count| queue.oldest.clone().map(|oldest| (count, oldest)));
    Q::OwnQueues.check(&queue.name, both, |(count, oldest)| {
        let age = oldest.map(|at| now.duration_since(at));
        let seen = match age {
            Some(age) => format!("{count} messages, the oldest visible one {} min old", age.as_secs() / 60),
            None => format!("{count} messages, none waits"),
        };
        if age.is_some_and(|age| age > OLDEST) || count > DEEPEST {
            return warning(seen, "make sure that the function app runs: portal > function app > Log stream; its identity needs Storage Queue Data Contributor");
        }
        good(seen)
    })
}

fn poison(queue: &QueueFacts) -> Check {
    Q::OwnPoison.check(&queue.name, queue.messages.clone(), |count| match count {
        0 => good("empty"),
        count => warning(
            format!("{count} messages that the host gave up; a sweep moves them into quarantine"),
            "archivist replay poison, then --apply",
        ),
    })
}
