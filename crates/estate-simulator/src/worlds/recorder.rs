//! Turns a connection into the times of its recording.

use random::SplitMix;

use super::clock::SkewedClock;
use super::plan::{HOUR, MINUTE, SECOND, WorldPlan, Writing};
use super::schedule::Connection;
use super::truth::WrittenAs;
use super::world::Millis;

/// The recorder of one bastion.
#[derive(Debug)]
pub(crate) struct Recorder {
    clock: SkewedClock,
    /// Way of writing before `changes_at`; afterwards the other way.
    way: WrittenAs,
    changes_at: Option<Millis>,
    delays: Delays,
    late_writes: u64,
}

/// Delay limits of one bastion's live recordings against begin and end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delays {
    pub begin: (Millis, Millis),
    pub end: (Millis, Millis),
}

/// Limits of the delay of an upload after the session's end.
pub(crate) const UPLOAD: (Millis, Millis) = (30 * SECOND, 150 * SECOND);

/// Maximum time between creation and last write of an upload.
const UPLOAD_TAKES: Millis = 5 * SECOND;

/// Limits of the additional delay of a late write.
pub(crate) const LATE_WRITE: (Millis, Millis) = (MINUTE, 8 * MINUTE);

/// Times of a recording: true ones, those of storage, and when a reader can see them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordedTimes {
    pub way: WrittenAs,
    pub created: Millis,
    pub last_write: Millis,
    pub created_at: Millis,
    pub last_write_at: Millis,
    pub created_seen_at: Millis,
    pub last_write_seen_at: Millis,
}

impl Recorder {
    pub(crate) fn new(
        plan: &WorldPlan,
        bastion: usize,
        start: WrittenAs,
        changes_at: Millis,
        random: &mut SplitMix,
    ) -> Self {
        let (way, changes_at) = match plan.writing {
            Writing::Live => (WrittenAs::Live, None),
            Writing::Uploaded => (WrittenAs::Uploaded, None),
            Writing::ChangesHalfway => (start, Some(changes_at)),
            Writing::ByBastion if bastion.is_multiple_of(2) => (start, None),
            Writing::ByBastion => (other(start), None),
        };
        Self {
            clock: SkewedClock::new(plan.recorder_clock, plan.span(), random),
            way,
            changes_at,
            delays: Delays::new(plan.live_delay, random),
            late_writes: plan.late_writes,
        }
    }

    pub(crate) fn delays(&self) -> Delays {
        self.delays
    }

    /// Returns true if late writes happen at all.
    pub(crate) fn is_ever_late(&self) -> bool {
        self.late_writes > 0
    }

    /// Returns the way of writing for a session that begins at this time.
    fn way_at(&self, begin: Millis) -> WrittenAs {
        if self.changes_at.is_some_and(|at| begin >= at) {
            other(self.way)
        } else {
            self.way
        }
    }

    /// Returns the times of a connection's recording.
    pub(crate) fn record(&self, connection: &Connection, random: &mut SplitMix) -> RecordedTimes {
        let way = self.way_at(connection.begin);
        let late = if random.happens(self.late_writes) {
            random.doublings(LATE_WRITE.0, 2)
        } else {
            0
        };
        let (created, last_write) = match way {
            WrittenAs::Live => {
                let created = connection.begin + random.mostly_low(self.delays.begin.0, self.delays.begin.1);
                let last_write = connection.end + random.mostly_low(self.delays.end.0, self.delays.end.1);
                (created, last_write.max(created) + late)
            }
            WrittenAs::Uploaded => {
                let created = connection.end + random.between(UPLOAD.0, UPLOAD.1) + late;
                let takes = if random.happens(50) { 0 } else { random.between(0, UPLOAD_TAKES) };
                (created, created + takes)
            }
        };
        let last_write_seen_at = last_write + event_delay(random);
        RecordedTimes {
            way,
            created,
            last_write,
            created_at: whole_seconds(self.clock.reads(created)),
            last_write_at: whole_seconds(self.clock.reads(last_write)),
            created_seen_at: (created + event_delay(random)).min(last_write_seen_at),
            last_write_seen_at,
        }
    }
}

impl Delays {
    /// Draws a bastion's delay limits: a fixed offset plus a part that varies by recording.
    fn new(most: Millis, random: &mut SplitMix) -> Self {
        let (begin, end) = (random.between(0, most / 5), random.between(-most / 5, most / 5));
        Self { begin: (begin, begin + most * 4 / 5), end: (end, end + most * 4 / 5) }
    }
}

fn other(way: WrittenAs) -> WrittenAs {
    match way {
        WrittenAs::Live => WrittenAs::Uploaded,
        WrittenAs::Uploaded => WrittenAs::Live,
    }
}

/// Draws the delay of an event, mostly within a minute. The documentation calls 30 minutes to 2 hours "not uncommon",
/// but an hourly listing of the container finds the blob within an hour.
fn event_delay(random: &mut SplitMix) -> Millis {
    if random.happens(3) {
        random.between(10 * MINUTE, HOUR)
    } else {
        random.mostly_low(SECOND, MINUTE)
    }
}

fn whole_seconds(at: Millis) -> Millis {
    at.div_euclid(SECOND) * SECOND
}
