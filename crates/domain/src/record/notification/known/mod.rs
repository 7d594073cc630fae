//! Defines the facts of each event. The schemas for receivers are generated from them, and notifications are validated
//! against them.

mod bastion;
mod ours;
mod recording;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Event, FactValue, Notification, NotificationFact, SEVERITY, WAS};

/// Severity of a trouble that is over.
const WAS_FACT: KnownFact = word(WAS, &["warning", "critical"], "severity of the trouble that is over");

/// Fact that notifications of an event may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownFact {
    /// Name of the fact.
    pub name: &'static str,
    /// Form of its values.
    pub form: ValueForm,
    /// Description for receivers.
    pub meaning: &'static str,
}

/// Form of a fact's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueForm {
    /// Any text.
    Text,
    /// UTC timestamp as in RFC 3339.
    Time,
    /// Calendar date such as `2026-03-02`.
    Date,
    /// Non-negative integer.
    Number,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl ValueForm {
    fn takes(self, value: &FactValue) -> bool {
        match (self, value) {
            (Self::Number, FactValue::Number(_)) | (Self::Text, FactValue::Text(_)) => true,
            (Self::Time, FactValue::Text(text)) => text.parse::<Timestamp>().is_ok(),
            (Self::Date, FactValue::Text(text)) => text.parse::<Date>().is_ok_and(|date| date.to_string() == *text),
            (Self::OneOf(words), FactValue::Text(text)) => words.contains(&text.as_str()),
            (Self::Number, FactValue::Text(_)) | (_, FactValue::Number(_)) => false,
        }
    }
}

impl Event {
    /// Returns the facts that notifications of this event may contain, in the order of the documentation. Empty for a
    /// digest, which consists of other notifications.
    pub fn facts(self) -> impl Iterator<Item = &'static KnownFact> {
        let over: &[KnownFact] = if self.resolves().is_some() { &[WAS_FACT] } else { &[] };
        let parts: &[&[KnownFact]] = match self.resolves().unwrap_or(self) {
            Self::RecordingStarted | Self::RecordingReady | Self::RecordingStale | Self::RecordingExpiring => {
                &[recording::ENTRY, recording::SESSION, recording::KEPT]
            }
            Self::RecordingCatalogued | Self::RecordingAmbiguous | Self::RecordingUnmatched => {
                &[recording::ENTRY, recording::SESSION, recording::KEPT, recording::EVIDENCE, recording::CORRECTED]
            }
            Self::RecordingDeleted => &[recording::ENTRY, recording::SESSION, recording::KEPT, recording::ORDERED],
            Self::RecordingDeletedUnexpectedly => &[
                recording::ENTRY,
                recording::SESSION,
                recording::KEPT,
                recording::CALLED,
                recording::ACCESSOR,
                recording::LOST,
            ],
            Self::RecordingChanged => &[recording::ENTRY, recording::SESSION, recording::KEPT, recording::HASHED],
            Self::RecordingViewed | Self::RecordingDownloaded => &[
                recording::ENTRY,
                recording::SESSION,
                recording::KEPT,
                recording::ACCESSOR,
                recording::ACCESS,
                recording::OWN_SESSION,
            ],
            Self::RecordingOverwritten => {
                &[recording::ENTRY, recording::SESSION, recording::KEPT, recording::ACCESSOR, recording::ACCESS]
            }
            Self::HoldPlaced | Self::HoldReleased => &[ours::HOLD],
            Self::SessionUnrecorded => &[bastion::GAP, recording::SESSION],
            Self::SessionFailedLogins => &[bastion::LOGINS],
            Self::BastionRecordingStopped => &[bastion::RECORDING_STOPPED],
            Self::BastionAuditLogStopped => &[bastion::LOG_STOPPED],
            Self::BastionSasExpiring => &[bastion::CHECK, bastion::EXPIRY],
            Self::BastionSuffixLimit => &[bastion::CHECK],
            Self::PostureFinding => &[bastion::CHECK, recording::TAGGED],
            Self::PostureChanged => &[bastion::CHANGE],
            Self::RetentionAborted => &[ours::RUN],
            Self::LedgerBroken => &[ours::LEDGER],
            Self::LedgerAnchored => &[ours::ANCHOR],
            Self::ReportMonthly => &[ours::REPORT],
            Self::InputQuarantined => &[ours::INPUT],
            Self::ChannelDisabled => &[ours::CHANNEL],
            // An event that ends a trouble has the facts of the trouble.
            _ => &[],
        };
        parts.iter().copied().flatten().chain(over)
    }
}

impl Notification {
    /// Returns the facts that are unknown to the [event](Event::facts) or have the wrong form, so receivers could not
    /// interpret them.
    pub fn strangers(&self) -> impl Iterator<Item = &NotificationFact> {
        let is_severity = |fact: &NotificationFact| self.event.has_own_severity() && fact.name == SEVERITY;
        let is_known =
            |fact: &NotificationFact| self.event.facts().any(|it| it.name == fact.name && it.form.takes(&fact.value));
        self.facts.iter().filter(move |fact| !is_severity(fact) && !is_known(fact))
    }
}

const fn text(name: &'static str, meaning: &'static str) -> KnownFact {
    KnownFact { name, form: ValueForm::Text, meaning }
}

const fn time(name: &'static str, meaning: &'static str) -> KnownFact {
    KnownFact { name, form: ValueForm::Time, meaning }
}

const fn date(name: &'static str, meaning: &'static str) -> KnownFact {
    KnownFact { name, form: ValueForm::Date, meaning }
}

const fn number(name: &'static str, meaning: &'static str) -> KnownFact {
    KnownFact { name, form: ValueForm::Number, meaning }
}

const fn word(name: &'static str, words: &'static [&'static str], meaning: &'static str) -> KnownFact {
    KnownFact { name, form: ValueForm::OneOf(words), meaning }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn told(event: Event, facts: Vec<NotificationFact>) -> Notification {
        Notification { facts, ..Notification::new("rec_1", event, "", Timestamp::UNIX_EPOCH) }
    }

    #[test]
    fn no_event_has_a_fact_twice_and_every_fact_is_explained() {
        for event in Event::ALL {
            let names: Vec<&str> = event.facts().map(|fact| fact.name).collect();
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{}", event.name());
            assert!(event.facts().all(|fact| fact.meaning.contains(' ')), "{}", event.name());
            assert_eq!(names.is_empty(), event == Event::ChannelDigest, "{}", event.name());
        }
    }

    #[test]
    fn a_fact_of_another_event_or_form_is_a_stranger() {
        let facts = vec![
            NotificationFact::text("match", "matched"),
            NotificationFact::text("match", "perhaps"),
            NotificationFact::text("created_at", "2026-03-02T09:12:44.5Z"),
            NotificationFact::text("created_at", "yesterday"),
            NotificationFact::text("retain_until", "2027-03-02"),
            NotificationFact::text("retain_until", "2027-03-02T00:00:00Z"),
            NotificationFact::number("size_bytes", 1),
            NotificationFact::text("size_bytes", "1"),
            NotificationFact::number("person", 1),
            NotificationFact::text("withdraws", "unmatched"),
            NotificationFact::text("severity", "info"),
        ];
        let ready = told(Event::RecordingReady, facts);
        let strangers: Vec<usize> =
            ready.strangers().map(|stranger| ready.facts.iter().position(|fact| fact == stranger).unwrap()).collect();
        assert_eq!(strangers, [1, 3, 5, 7, 8, 9, 10]);
        let own = told(Event::PostureFinding, vec![NotificationFact::text("severity", "critical")]);
        assert_eq!(own.strangers().count(), 0);
    }
}
