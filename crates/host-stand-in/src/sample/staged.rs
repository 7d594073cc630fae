//! Hand-written sessions of the sample day.

use jiff::{SignedDuration, Timestamp};

use super::DAY_BEGINS;
use super::session::{EMPTY_FIRST, LoggedRecords, SampleConnectionKind, SampleSession, Shape};

/// Account name that is legal in storage and difficult everywhere else.
pub(super) const UNPLEASANT_ACCOUNT: &str = "..\\CONTOSO\\zo\u{eb}%2F+50% \u{202e}4pm";

const ANA: &str = "ana.rossi@contoso.com";
const BEN: &str = "ben.meyer@contoso.com";
const CHIDI: &str = "chidi.eze@contoso.com";
const DANA: &str = "dana.levi@contoso.com";
const ZOE: &str = "zoe.kraft@contoso.com";

/// Sessions with a difficult recording.
pub(super) fn recorded() -> Vec<SampleSession> {
    let shaped = |machine, account, person, begins, minutes, shape| SampleSession {
        shape,
        ..session(machine, account, person, begins, SignedDuration::from_mins(minutes))
    };
    vec![
        shaped("vm-web-01", "azureadmin", ANA, at(6, 12, 0), 24, EMPTY_FIRST),
        shaped("vm-db-01", "dbadmin", BEN, at(10, 0, 0), 180, EMPTY_FIRST),
        shaped("vm-app-02", "svc-deploy", CHIDI, at(9, 5, 0), 31, Shape::LateEnd(SignedDuration::from_mins(90))),
        shaped("vm-legacy-01", "helpdesk", DANA, at(11, 15, 0), 0, Shape::StaysEmpty),
        shaped("vm-jump-01", UNPLEASANT_ACCOUNT, ZOE, at(13, 40, 0), 12, EMPTY_FIRST),
        // Gets the name that the deletion freed.
        shaped("vm-web-01", "azureadmin", DANA, at(15, 25, 0), 18, EMPTY_FIRST),
    ]
}

/// Sessions with a difficult audit log, on machines used by no other session.
pub(super) fn troubled() -> Vec<SampleSession> {
    let minutes = SignedDuration::from_mins;
    let usual = session("vm-pay-06", "payadmin", CHIDI, at(12, 40, 0), minutes(35));
    let mut sessions = vec![
        // Two people on one account at the same time.
        session("vm-pay-01", "payadmin", ANA, at(10, 20, 0), minutes(25)),
        session("vm-pay-01", "payadmin", BEN, at(10, 20, 1), minutes(25)),
        // Two pairs of machine and account that yield the same name, once at the same time and once apart.
        session("vm-pay", "02-ops", CHIDI, at(11, 0, 0), minutes(30)),
        session("vm-pay-02", "ops", DANA, at(11, 0, 1), minutes(30)),
        session("vm-pay", "02-ops", CHIDI, at(14, 0, 0), minutes(30)),
        session("vm-pay-02", "ops", DANA, at(15, 30, 0), minutes(30)),
        // No recording, for no known reason.
        SampleSession { shape: Shape::Unrecorded, ..usual.clone() },
        // A recording without audit records.
        SampleSession {
            told: LoggedRecords::Nothing,
            ..session("vm-pay-07", "payadmin", ANA, at(13, 0, 0), minutes(20))
        },
        // A failed login that left a recording.
        SampleSession {
            kind: SampleConnectionKind::FailedLogin,
            ..session("vm-pay-05", "payadmin", BEN, at(18, 20, 0), SignedDuration::from_secs(15))
        },
        // The last audit record, after all recordings.
        failed_login(at(20, 30, 0)),
    ];
    // One person whose first attempts fail.
    sessions.extend(
        [0, 22, 51, 80]
            .map(|second| session("vm-pay-08", "payadmin", DANA, at(10, 45, second), SignedDuration::from_secs(15))),
    );
    sessions.extend([at(9, 30, 0), at(13, 10, 0), at(16, 45, 0)].map(|started_at| SampleSession {
        machine: "vm-pay-04",
        kind: SampleConnectionKind::NativeClient,
        shape: Shape::Unrecorded,
        started_at,
        ..usual.clone()
    }));
    // A series of password guesses.
    sessions.extend(guesses("vm-pay-09"));
    sessions
}

/// A series of password guesses at a machine.
pub(super) fn guesses(machine: &'static str) -> Vec<SampleSession> {
    (0..7).map(|minute| SampleSession { machine, ..failed_login(at(17, 30 + minute, 12)) }).collect()
}

/// Short attempts of one person on a machine that refuses them.
pub(super) fn attempts() -> Vec<SampleSession> {
    let attempt = |number: i64| {
        let started_at = at(14, 3 * number, 0);
        session("vm-hsm-01", "payadmin", DANA, started_at, SignedDuration::from_secs(15))
    };
    (0..12).map(attempt).collect()
}

fn failed_login(at: Timestamp) -> SampleSession {
    SampleSession {
        kind: SampleConnectionKind::FailedLogin,
        shape: Shape::Unrecorded,
        ..session("vm-pay-09", "administrator", ZOE, at, SignedDuration::ZERO)
    }
}

fn session(
    machine: &'static str,
    account: &'static str,
    person: &'static str,
    started_at: Timestamp,
    length: SignedDuration,
) -> SampleSession {
    SampleSession {
        machine,
        account,
        person,
        started_at,
        length,
        shape: EMPTY_FIRST,
        kind: SampleConnectionKind::Browser,
        told: LoggedRecords::Both,
    }
}

fn at(hour: i64, minute: i64, second: i64) -> Timestamp {
    DAY_BEGINS + SignedDuration::from_secs((hour - 6) * 3600 + minute * 60 + second)
}
