//! Simulates a blob name with its storage and its lives.

use domain::address::BlobAddress;
use domain::decide::calibration::WayOfWriting;
use domain::decide::catalogue::{Answer, Decision, EntryCommand, Input, decide};
use domain::decide::context::{Context, Rules};
use domain::decide::join::Neighbourhood;
use domain::policy::retention::Warrant;
use domain::policy::tags::plan;
use domain::record::blob::{BlobEvent, BlobObservation, BlobProperties, ETag, Happening};
use domain::record::catalogue::{Entry, Lives, RecordingState};
use domain::record::effect::{Effect, EffectOutcome, EffectResult};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::hold::Hold;
use domain::record::notification::Notification;
use domain::record::recording_id::RecordingId;
use domain::record::sequencer::Sequencer;
use domain::record::session::TunnelId;
use domain::record::tags::TagSet;
use jiff::Timestamp;

pub const START: i64 = 1_772_442_000; // 2026-03-02T09:00:00Z

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_millisecond((START + second) * 1000 + 104).unwrap()
}

pub fn whole(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

pub fn written(second: i64, size: u64) -> BlobEvent {
    BlobEvent {
        sequencer: sequencer(second),
        at: at(second),
        what: Happening::Written { etag: Some(etag(second)), size },
    }
}

pub fn deleted(second: i64) -> BlobEvent {
    BlobEvent { sequencer: sequencer(second), at: at(second), what: Happening::deleted() }
}

pub fn tier_changed(second: i64) -> BlobEvent {
    BlobEvent { sequencer: sequencer(second), at: at(second), what: Happening::TierChanged }
}

fn sequencer(second: i64) -> Sequencer {
    Sequencer::parse(&format!("{second:048}")).unwrap()
}

pub fn etag(second: i64) -> ETag {
    ETag::new(&format!("0x{second:08X}"))
}

pub fn there(created: i64, modified: i64, size: u64) -> BlobObservation {
    BlobObservation::Present(BlobProperties {
        created_at: whole(created),
        last_modified: whole(modified),
        etag: etag(modified),
        size,
        tier: Some("Hot".to_owned()),
        content_type: None,
    })
}

/// All lives of one blob name, decided as in the pipeline.
pub struct Name {
    pub lives: Lives,
    pub told: Vec<Notification>,
    pub rules: Rules,
    /// Existing legal holds.
    pub holds: Vec<Hold>,
    /// Way in which the bastion writes recordings.
    pub writes: WayOfWriting,
    pub estate: Estate,
}

impl Name {
    pub fn new() -> Self {
        let address = BlobAddress::parse("stbastionrec01", "recordings", "vm-user").unwrap();
        let bastion = Bastion {
            name: BastionName::new("bas"),
            resource_id: None,
            recordings: vec![address.container()],
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        };
        Self {
            lives: Lives::none(address),
            told: Vec::new(),
            holds: Vec::new(),
            writes: WayOfWriting::Live,
            rules: Rules { announce_started: true, ..Rules::default() },
            estate: Estate { bastions: vec![bastion] },
        }
    }

    /// Receives an event while the blob is as in `reading`, and carries out every effect.
    pub fn hear(&mut self, event: BlobEvent, reading: BlobObservation, now: Timestamp) -> bool {
        self.input(Some(event), reading, now)
    }

    /// Reads the blob without an event.
    pub fn look(&mut self, reading: BlobObservation, now: Timestamp) -> bool {
        self.input(None, reading, now)
    }

    /// Judges the only entry against this neighbourhood.
    pub fn judge(&mut self, near: Neighbourhood, reading: BlobObservation, now: Timestamp) -> bool {
        let near = Answer::Read([(self.only().id, near)].into());
        self.take(&Input { near, ..Input::new(None, reading) }, now)
    }

    /// Reports that the log matches the session to another recording.
    pub fn contradict(&mut self, tunnel: &TunnelId, other: RecordingId, now: Timestamp) -> bool {
        let bastion = BastionName::new("bas");
        let mut entry = self.lives.entries[0].clone();
        let is_news = entry.is_contradicted_by(tunnel, other, &self.context(&bastion, now));
        self.lives.entries[0] = entry;
        self.carry_out(now);
        is_news
    }

    /// Applies a command to the only entry.
    pub fn command(&mut self, command: EntryCommand, reading: BlobObservation, now: Timestamp) -> bool {
        let command = Some((self.only().id, command));
        self.take(&Input { command, ..Input::new(None, reading) }, now)
    }

    /// Decides and saves, but carries out no effect.
    pub fn decide_and_die(
        &mut self,
        command: Option<(RecordingId, EntryCommand)>,
        reading: BlobObservation,
        now: Timestamp,
    ) {
        let changed = self.decide_on(&Input { command, ..Input::new(None, reading) }, now);
        self.lives.replace(&changed);
    }

    fn input(&mut self, heard: Option<BlobEvent>, reading: BlobObservation, now: Timestamp) -> bool {
        self.take(&Input::new(heard, reading), now)
    }

    fn take(&mut self, input: &Input, now: Timestamp) -> bool {
        let changed = self.decide_on(input, now);
        let any = !changed.is_empty();
        self.lives.replace(&changed);
        self.carry_out(now);
        any
    }

    pub fn decide(&self, heard: Option<BlobEvent>, reading: BlobObservation, now: Timestamp) -> Vec<Entry> {
        self.decide_on(&Input::new(heard, reading), now)
    }

    fn decide_on(&self, input: &Input, now: Timestamp) -> Vec<Entry> {
        let bastion = BastionName::new("bas");
        let near = match &input.near {
            Answer::NotAsked => Answer::NotRead,
            near => near.clone(),
        };
        let input =
            Input { near, holds: Answer::Read(self.holds.clone()), lost_at: Answer::Read(None), ..input.clone() };
        match decide(&self.lives, &input, &self.context(&bastion, now)) {
            Decision::Changed(changed) => changed,
            Decision::Needs(needs) => panic!("everything was answered, but {needs:?}"),
        }
    }

    /// Decides with exactly the answers in `input`, and saves nothing.
    pub fn ask(&self, input: &Input, now: Timestamp) -> Decision {
        decide(&self.lives, input, &self.context(&BastionName::new("bas"), now))
    }

    fn context<'a>(&'a self, bastion: &'a BastionName, now: Timestamp) -> Context<'a> {
        let Self { rules, estate, writes, .. } = self;
        Context { now, rules, estate, bastion, writes: *writes, is_quiet: false }
    }

    fn carry_out(&mut self, now: Timestamp) {
        for entry in &mut self.lives.entries {
            for pending in entry.pending.clone() {
                let done = match &pending.effect {
                    Effect::Notify(notification) => {
                        self.told.push(notification.clone());
                        EffectOutcome::HandedOver
                    }
                    Effect::Rejoin => EffectOutcome::Rejoined,
                    Effect::Hash | Effect::Record(_) => EffectOutcome::HandedOver,
                    Effect::DeleteBlob => {
                        let policy = self.rules.retention.as_deref();
                        match Warrant::prove(entry, &self.holds, policy, now) {
                            Ok(warrant) => EffectOutcome::BlobDeleted(Box::new(warrant.into_tombstone())),
                            Err(spared) => EffectOutcome::Spared(spared),
                        }
                    }
                    Effect::WriteTags => {
                        let plan = plan(entry);
                        let pairs = plan.iter().map(|tag| (tag.key.as_str().to_owned(), tag.value.as_str().to_owned()));
                        let tags = TagSet(pairs.collect());
                        let etag = entry.life.observation.as_ref().unwrap().properties.etag.clone();
                        EffectOutcome::TagsWritten { etag, plan, tags, left_out: Vec::new() }
                    }
                };
                entry.complete(&pending.effect.id(), EffectResult::Done(done), now);
            }
        }
    }

    /// Sweeps at every time that an entry asks for, with an unchanged blob.
    pub fn sweep_to_the_end(&mut self, reading: &BlobObservation) {
        for _ in 0..20 {
            let Some(due) = self.lives.entries.iter().filter_map(Entry::due_at).min() else {
                return;
            };
            self.look(reading.clone(), due);
        }
    }

    pub fn states(&self) -> Vec<RecordingState> {
        self.chronological().iter().map(|entry| entry.state).collect()
    }

    /// Entries in the order of their lives.
    pub fn chronological(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.lives.entries.iter().collect();
        entries.sort_by_key(|entry| {
            let first = entry.life.blob_events.events().first().map(|event| event.at);
            (first.or(entry.created_at()), entry.life.blob_events.events().first().map(|event| event.sequencer.clone()))
        });
        entries
    }

    pub fn only(&self) -> &Entry {
        assert_eq!(self.lives.entries.len(), 1, "{:#?}", self.lives.entries);
        &self.lives.entries[0]
    }

    pub fn told_names(&self) -> Vec<&'static str> {
        self.told.iter().map(|notification| notification.event.name()).collect()
    }
}
