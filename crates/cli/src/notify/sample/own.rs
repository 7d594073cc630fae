//! Samples about the archivist's own work.

use domain::record::notification::{Event, NotificationFact};
use jiff::{SignedDuration, Timestamp};

use super::{ago, text};

/// Returns the subject and the facts of an event about holds, retention, the ledger, input or channels, or `None` for any
/// other event.
pub(super) fn facts_of(event: Event, at: Timestamp) -> Option<(String, Vec<NotificationFact>)> {
    let facts = match event {
        Event::HoldPlaced | Event::HoldReleased => (
            "2026-17".to_owned(),
            vec![
                text("hold", "hold_507h7sfwqs0kbjad25wp4wz0gm"),
                text("case", "2026-17"),
                text("reason", "letter of the court of 2 March"),
                text("scope", "person ada@contoso.example"),
                text("by", "counsel@contoso.example"),
                text("verified", "yes"),
            ],
        ),
        Event::RetentionAborted => (
            "retention".to_owned(),
            vec![
                text("reason", "312 deletions in one run, of 100 allowed"),
                text("plan", "9f2c"),
                NotificationFact::number("recordings", 312),
                NotificationFact::number("size_bytes", 15_411_200_000),
                text("approve_with", "archivist retention approve 9f2c"),
            ],
        ),
        Event::LedgerBroken | Event::LedgerAnchored => ("ledger".to_owned(), of_ledger(event, at)),
        Event::ReportMonthly => ("2026-02".to_owned(), of_month()),
        Event::InputQuarantined => (
            "recording_landed".to_owned(),
            vec![
                text("quarantine", "qrn_507h7sfwqs0kbjad25wp4wz0gm"),
                text("reason", "it is not JSON"),
                NotificationFact::number("size_bytes", 812),
            ],
        ),
        Event::ChannelDisabled | Event::ChannelDigest => (
            "ops".to_owned(),
            vec![
                text("channel", "ops"),
                text("reason", "clientError: 404"),
                text("failing_since", hours_ago(at, 121)),
                text("enable_with", "archivist notify enable ops"),
            ],
        ),
        _ => return None,
    };
    Some(facts)
}

fn of_ledger(event: Event, at: Timestamp) -> Vec<NotificationFact> {
    const HEAD: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    if event == Event::LedgerAnchored {
        vec![
            text("segment", "000003"),
            NotificationFact::number("line", 214),
            text("written_at", hours_ago(at, 1)),
            text("head", HEAD),
            text("verify_with", format!("archivist ledger verify --head {HEAD}")),
        ]
    } else {
        vec![
            text("segment", "000003"),
            NotificationFact::number("line", 17),
            NotificationFact::number("byte", 8_412),
            text("reason", "it is not chained to the previous line"),
            text("verify_with", "archivist ledger verify"),
        ]
    }
}

fn of_month() -> Vec<NotificationFact> {
    vec![
        text("month", "2026-02"),
        NotificationFact::number("bastions", 4),
        NotificationFact::number("sessions", 1_312),
        NotificationFact::number("recordable", 1_204),
        NotificationFact::number("recorded", 1_197),
        NotificationFact::number("gaps", 31),
        NotificationFact::number("recordings", 1_203),
        NotificationFact::number("named", 1_188),
        NotificationFact::number("deletions", 942),
        text("report_with", "archivist report coverage --month 2026-02 --format html"),
    ]
}

fn hours_ago(at: Timestamp, hours: i64) -> String {
    ago(at, SignedDuration::from_hours(hours)).to_string()
}
