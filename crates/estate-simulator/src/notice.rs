//! Decides for each session which audit records arrive and when: late, duplicated or lost.

use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use crate::estate::SimulatedBastion;
use crate::json::Json;
use crate::record::{ReportedEvent, record};
use crate::truth::TrueSession;

/// A record with its time of arrival.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) bastion: usize,
    pub(crate) arrives_at: Timestamp,
    pub(crate) record: Json,
}

/// Lost records of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    None,
    Start,
    End,
    All,
}

/// Writes the records of a session and stores their arrival times in it.
pub(crate) fn notices(
    session: &mut TrueSession,
    bastion: &SimulatedBastion,
    late: bool,
    random: &mut SplitMix,
) -> Vec<Notice> {
    let lost = lost(random);
    let mut notices = Vec::new();
    let mut tell = |told, at: Timestamp, session: &TrueSession| {
        let arrives_at = at + delay(late, random);
        let notice =
            Notice { bastion: session.bastion, arrives_at, record: record(session, bastion, told, at, random) };
        if random.happens(8) {
            notices.push(Notice { arrives_at: arrives_at + random.minutes(0, 180), ..notice.clone() });
        }
        notices.push(notice);
        arrives_at
    };
    if !matches!(lost, Lost::Start | Lost::All) {
        session.start_told_at = Some(tell(ReportedEvent::Start, session.started_at, session));
    }
    if let Some(end) = session.ended_at.filter(|_| !matches!(lost, Lost::End | Lost::All)) {
        session.end_told_at = Some(tell(ReportedEvent::End, end + SignedDuration::from_millis(400), session));
    }
    notices
}

fn lost(random: &mut SplitMix) -> Lost {
    match random.between(1, 100) {
        1..=4 => Lost::Start,
        5..=8 => Lost::End,
        9..=12 => Lost::All,
        _ => Lost::None,
    }
}

/// Returns a delivery delay: usually minutes, sometimes hours up to 20.
fn delay(late: bool, random: &mut SplitMix) -> SignedDuration {
    if late || random.happens(8) {
        random.minutes(60, 1200)
    } else {
        random.seconds(20, 600)
    }
}
