//! Page of the legal holds.

use std::collections::BTreeMap;

use askama::Template;
use domain::address::Printable;
use pipeline::hold::KnownHold;
use pipeline::summary::Summary;

use crate::clock::{PageClock, PageTime};
use crate::text::{machine_path, person_path};
use crate::{Frame, NavigationEntry};

/// Page of the legal holds.
#[derive(Template)]
#[template(path = "holds.html")]
pub struct HoldsPage {
    frame: Frame,
    active: Vec<Case>,
    released: Vec<Case>,
    counted: Option<String>,
}

struct Case {
    case: String,
    scope: String,
    path: Option<String>,
    reason: String,
    placed: PageTime,
    by: String,
    recordings: Option<u64>,
    released: String,
    command: String,
}

impl HoldsPage {
    /// Creates the page from all holds, active ones first, with the counts of the summary.
    pub fn new(frame: Frame, holds: &[KnownHold], summary: &Summary) -> Self {
        let clock = &frame.clock;
        let counts = summary.outlook.as_ref().map(|outlook| &outlook.held).zip(summary.counted_since);
        let case = |known: &KnownHold| {
            Case::from_hold(known, counts.filter(|(_, since)| known.hold.placed_at < *since), clock)
        };
        let (active, released): (Vec<_>, Vec<_>) = holds.iter().partition(|known| known.released.is_none());
        Self {
            active: active.into_iter().rev().map(case).collect(),
            released: released.into_iter().rev().map(case).collect(),
            counted: counts.map(|(_, since)| clock.minute(since)),
            frame,
        }
    }
}

impl Case {
    fn from_hold(
        known: &KnownHold,
        counts: Option<(&BTreeMap<String, u64>, jiff::Timestamp)>,
        clock: &PageClock,
    ) -> Self {
        let hold = &known.hold;
        let scope = &hold.scope;
        let person = scope.person.as_deref().filter(|person| is_mail_address(person)).map(person_path);
        let machine = scope.machine.as_deref().filter(|machine| is_machine_name(machine)).map(machine_path);
        let released = known.released.as_ref();
        Self {
            case: Printable(&hold.case).to_string(),
            scope: Printable(&scope.to_string()).to_string(),
            path: scope.recording.map(|id| format!("/ui/recordings/{id}")).or(person).or(machine),
            reason: Printable(&hold.reason).to_string(),
            placed: clock.time(hold.placed_at),
            by: Printable(&hold.placed_by.shown()).to_string(),
            recordings: counts.map(|(counts, _)| counts.get(hold.id.as_str()).copied().unwrap_or(0)),
            released: released
                .map(|(by, at)| format!("{} by {}", clock.minute(*at), Printable(&by.shown())))
                .unwrap_or_default(),
            command: format!("archivist hold release --case {}", shell_word(&hold.case)),
        }
    }
}

/// Returns true for a mail address. The page of a person has no other sign-in names.
fn is_mail_address(person: &str) -> bool {
    person.contains('@') && !person.contains(|sign: char| sign.is_whitespace() || "/\\#".contains(sign))
}

/// Returns true for the name of one machine. A hold also takes addresses, networks and resource ids, which have no page.
fn is_machine_name(machine: &str) -> bool {
    machine.chars().all(|sign| sign.is_alphanumeric() || "-_".contains(sign))
}

/// Quotes a text as one word of a shell.
pub(crate) fn shell_word(text: &str) -> String {
    let is_plain = text.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_./:@".contains(sign));
    let text = Printable(text).to_string();
    if is_plain && !text.is_empty() {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_machine_name, is_mail_address, shell_word};

    #[test]
    fn only_names_with_a_page_are_linked() {
        let machines = ["vm-web_01", "10.0.0.0/24", "10.0.0.4", "fe80::1", "/subscriptions/s/virtualMachines/vm"];
        assert_eq!(machines.map(is_machine_name), [true, false, false, false, false]);
        let people = ["ada@contoso.example", "CONTOSO\\ada", "ada", "ada_corp.example#EXT#@contoso.example"];
        assert_eq!(people.map(is_mail_address), [true, false, false, false]);
    }

    #[test]
    fn a_case_stays_one_word_of_a_shell() {
        assert_eq!(["2026-17", "a b", "x'; rm -rf ~"].map(shell_word), ["2026-17", "'a b'", r"'x'\''; rm -rf ~'"]);
    }
}
