//! Made-up recordings and sessions of one bastion, the same in every run.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use domain::decide::calibration::{Calibration, DayCounts, LEARNED_FROM_DAYS};
use domain::decide::join::{LogRead, NameIndex, RecordingEvidence, SessionEvidence, judge};
use domain::policy::join::{Gates, MatchingRules};
use domain::record::join::Match;
use domain::record::join_key::JoinKey;
use domain::record::session::{SessionFacts, TunnelId};
use jiff::{SignedDuration, Timestamp};

use super::days::{Random, at};

const DAY: i64 = 86_400;

/// Load of an estate.
pub struct Habits {
    /// Number of machine and account pairs.
    names: u32,
    sessions_per_day: usize,
    /// Maximum delay of a recording in seconds.
    delay: u32,
}

/// An estate with its complete log.
pub struct BenchEstate {
    /// In order of creation.
    recordings: Vec<RecordingEvidence>,
    /// In order of start.
    sessions: Vec<SessionEvidence>,
    matching: MatchingRules,
    log: LogRead,
}

impl Habits {
    /// 180 sessions a day on 60 names.
    pub const CALM: Self = Self { names: 60, sessions_per_day: 180, delay: 4 };
    /// 4,000 sessions a day on 24 names.
    pub const CROWDED: Self = Self { names: 24, sessions_per_day: 4_000, delay: 12 };
}

impl BenchEstate {
    /// Creates `size` sessions with one recording each.
    pub fn new(habits: &Habits, size: usize) -> Self {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let names: Vec<Arc<[JoinKey]>> =
            (0..habits.names).map(|name| [JoinKey::fold(&format!("vm-{name:02}-ops"))].into()).collect();
        let (mut recordings, mut sessions) = (Vec::new(), Vec::new());
        for number in 0..size {
            let keys = Arc::clone(&names[random.below(habits.names) as usize]);
            let day = (number / habits.sessions_per_day) as i64 * DAY;
            let begins = day + 7 * 3600 + i64::from(random.below(12 * 3600));
            let ends = begins + (i64::from(60 + random.below(60)) << random.below(6));
            let [created, written] = [begins, ends].map(|time| at(time + i64::from(random.below(habits.delay + 1))));
            recordings.push(RecordingEvidence {
                id: None,
                keys: Arc::clone(&keys),
                created_at: created,
                last_modified: written,
                has_ended: true,
            });
            sessions.extend(evidence(number, begins, ends, random.below(900), keys));
        }
        recordings.sort_by_key(|recorded| recorded.created_at);
        sessions.sort_by_key(|session| session.facts.started_at);
        let (read_from, read_to) = (Timestamp::MIN, Timestamp::MAX);
        let log = LogRead { read_from, read_to, newest_record: read_to };
        Self { recordings, sessions, matching: MatchingRules::default(), log }
    }

    /// Returns the number of recordings.
    pub fn len(&self) -> usize {
        self.recordings.len()
    }

    /// Learns from every day and judges every recording. Returns the number of matches.
    pub fn named(&self) -> usize {
        let calibrations = self.learned();
        let index = NameIndex::new(&self.recordings, &self.sessions, &[]);
        let is_named = |(place, recorded): &(usize, &RecordingEvidence)| {
            let calibration = &calibrations[&day(recorded.created_at)];
            let near = index.near(*place, Some(self.log), calibration, &self.matching);
            matches!(judge(recorded, &near, &self.matching), Match::Matched(_))
        };
        self.recordings.iter().enumerate().filter(is_named).count()
    }

    /// Returns the name, creation and last write of each recording, times in seconds.
    pub fn recordings_csv(&self) -> String {
        let row = |one: &RecordingEvidence| row(&one.keys, one.created_at, one.last_modified);
        format!("name,created,written\n{}", self.recordings.iter().map(row).collect::<String>())
    }

    /// Returns the name, start and end of each session, times in seconds.
    pub fn sessions_csv(&self) -> String {
        let row = |one: &SessionEvidence| Some(row(&one.keys, one.facts.started_at?, one.ended_at?));
        format!("name,began,ended\n{}", self.sessions.iter().filter_map(row).collect::<String>())
    }

    fn learned(&self) -> BTreeMap<i64, Arc<Calibration>> {
        let mut days: Vec<i64> = self.recordings.iter().map(|recorded| day(recorded.created_at)).collect();
        days.dedup();
        let counts: BTreeMap<i64, DayCounts> = days.into_iter().map(|today| (today, self.shown(today))).collect();
        let learned = |(today, shown): (&i64, &DayCounts)| {
            let before = (1..=LEARNED_FROM_DAYS as i64).filter_map(|back| counts.get(&(today - back)));
            (*today, Arc::new(Calibration::learn(shown, before, Gates::from_rules(&self.matching))))
        };
        counts.iter().map(learned).collect()
    }

    /// Returns the counts of a day, including one hour on either side.
    fn shown(&self, today: i64) -> DayCounts {
        let recordings = around(today, &self.recordings, |one| one.created_at);
        let sessions = around(today, &self.sessions, |one| one.facts.started_at.unwrap_or_default());
        let index = NameIndex::new(&self.recordings[recordings], &self.sessions[sessions], &[]);
        DayCounts::count(&index, &self.matching, Some(self.log), |time| day(time) == today)
    }
}

fn row(keys: &[JoinKey], from: Timestamp, to: Timestamp) -> String {
    let name = keys.first().map_or("", JoinKey::as_str);
    format!("{name},{},{}\n", from.as_second(), to.as_second())
}

/// Returns the range of entries of a day, including one hour on either side.
fn around<T>(today: i64, all: &[T], time: impl Fn(&T) -> Timestamp) -> Range<usize> {
    let before = |second: i64| all.partition_point(|one| time(one).as_second() < second);
    before(today * DAY - 3600)..before((today + 1) * DAY + 3600)
}

fn evidence(number: usize, begins: i64, ends: i64, person: u32, keys: Arc<[JoinKey]>) -> Option<SessionEvidence> {
    let facts = SessionFacts {
        tunnel_id: TunnelId::parse(&format!("5f0c1c1e-7a5e-4a1c-9a55-{number:012}"))?,
        user_name: Some("ops".into()),
        user_email: Some(format!("user{person:03}@contoso.com").into()),
        client_ip: None,
        protocol: None,
        target_resource_id: None,
        target_ip: None,
        started_at: Some(at(begins)),
        ended_at: Some(at(ends)),
        duration: Some(SignedDuration::from_secs(ends - begins)),
    };
    Some(SessionEvidence { ended_at: facts.ended_at, keys, is_native: false, facts })
}

fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(DAY)
}
