//! The sessions that the day is to show.

use jiff::{SignedDuration, Timestamp};

use super::DAY_BEGINS;
use super::session::{EMPTY_FIRST, Kind, Session, Shape, Told};

/// An account that is legal in storage and unpleasant everywhere else.
pub(super) const UNPLEASANT_ACCOUNT: &str = "..\\CONTOSO\\zo\u{eb}%2F+50% \u{202e}4pm";

const ANA: &str = "ana.rossi@contoso.com";
const BEN: &str = "ben.meyer@contoso.com";
const CHIDI: &str = "chidi.eze@contoso.com";
const DANA: &str = "dana.levi@contoso.com";
const ZOE: &str = "zoe.kraft@contoso.com";

/// Whose recordings are the hard thing about them.
pub(super) fn recorded() -> Vec<Session> {
    let shaped = |machine, account, person, begins, minutes, shape| Session {
        shape,
        ..session(machine, account, person, begins, SignedDuration::from_mins(minutes))
    };
    vec![
        shaped("vm-web-01", "azureadmin", ANA, at(6, 12, 0), 24, EMPTY_FIRST),
        shaped("vm-db-01", "dbadmin", BEN, at(10, 0, 0), 180, EMPTY_FIRST),
        shaped("vm-app-02", "svc-deploy", CHIDI, at(9, 5, 0), 31, Shape::LateEnd(SignedDuration::from_mins(90))),
        shaped("vm-legacy-01", "helpdesk", DANA, at(11, 15, 0), 0, Shape::StaysEmpty),
        shaped("vm-jump-01", UNPLEASANT_ACCOUNT, ZOE, at(13, 40, 0), 12, EMPTY_FIRST),
        // Finds the name free that somebody's deletion gave back.
        shaped("vm-web-01", "azureadmin", DANA, at(15, 25, 0), 18, EMPTY_FIRST),
    ]
}

/// Whose place in the audit log is: on machines that nobody else uses.
pub(super) fn troubled() -> Vec<Session> {
    let minutes = SignedDuration::from_mins;
    let usual = session("vm-pay-06", "payadmin", CHIDI, at(12, 40, 0), minutes(35));
    let mut sessions = vec![
        // Two people on one account at the same time.
        session("vm-pay-01", "payadmin", ANA, at(10, 20, 0), minutes(25)),
        session("vm-pay-01", "payadmin", BEN, at(10, 20, 1), minutes(25)),
        // Two machines and two accounts that make one name, at the same time and apart.
        session("vm-pay", "02-ops", CHIDI, at(11, 0, 0), minutes(30)),
        session("vm-pay-02", "ops", DANA, at(11, 0, 1), minutes(30)),
        session("vm-pay", "02-ops", CHIDI, at(14, 0, 0), minutes(30)),
        session("vm-pay-02", "ops", DANA, at(15, 30, 0), minutes(30)),
        // No recording, and nobody knows why.
        Session { shape: Shape::Unrecorded, ..usual.clone() },
        // A recording of which the audit log says nothing.
        Session { told: Told::Nothing, ..session("vm-pay-07", "payadmin", ANA, at(13, 0, 0), minutes(20)) },
        // A login that failed, and left a recording.
        Session {
            kind: Kind::FailedLogin,
            ..session("vm-pay-05", "payadmin", BEN, at(18, 20, 0), SignedDuration::from_secs(15))
        },
        // The last that the audit log has to say, after all recordings.
        failed_login(at(20, 30, 0)),
    ];
    // One person who does not get through at first.
    sessions.extend(
        [0, 22, 51, 80]
            .map(|second| session("vm-pay-08", "payadmin", DANA, at(10, 45, second), SignedDuration::from_secs(15))),
    );
    sessions.extend([at(9, 30, 0), at(13, 10, 0), at(16, 45, 0)].map(|started_at| Session {
        machine: "vm-pay-04",
        kind: Kind::NativeClient,
        shape: Shape::Unrecorded,
        started_at,
        ..usual.clone()
    }));
    // Somebody tries passwords.
    sessions.extend((0..7).map(|minute| failed_login(at(17, 30 + minute, 12))));
    sessions
}

fn failed_login(at: Timestamp) -> Session {
    Session {
        kind: Kind::FailedLogin,
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
) -> Session {
    Session { machine, account, person, started_at, length, shape: EMPTY_FIRST, kind: Kind::Browser, told: Told::Both }
}

fn at(hour: i64, minute: i64, second: i64) -> Timestamp {
    DAY_BEGINS + SignedDuration::from_secs((hour - 6) * 3600 + minute * 60 + second)
}
