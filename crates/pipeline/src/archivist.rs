//! Composition root: [`Archivist`] builds every use case from the ports and settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::decide::context::Rules;
use domain::record::estate::Estate;
use jiff::tz::TimeZone;

use crate::access::{AnnounceAccesses, ApplyAccesses};
use crate::apply_audit_records::ApplyAuditRecords;
use crate::audit_log::{AuditLogPositions, FindAuditLogs, MoveWatermark, ReadAuditLog, TailAuditLogs, WatchAuditLogs};
use crate::calibration::{Calibrations, LearnCalibration, Learned, ListRecordingHabits};
use crate::confirm::ConfirmSession;
use crate::contradiction::NotifyContradiction;
use crate::coverage_report::SendMonthlyReport;
use crate::decisions::Decisions;
use crate::deletion_clock::DeletionClock;
use crate::deliver::{
    ChannelStates, DeliverNotification, InspectChannels, NotificationOutbox, RecoverDeliveries, UnderWay,
};
use crate::effects::{CarryOutEffects, CurrentTags};
use crate::entries::{ReadForDecision, UpdateEntries};
use crate::far_ahead::WakeFarAhead;
use crate::follow::FollowRecording;
use crate::hash::HashRecording;
use crate::hold::{AnnounceHolds, CountCoverage, KnownHolds, PlaceHold, ReleaseHolds};
use crate::ingest::IngestRecording;
use crate::join::{KeptListings, ReadNeighbourhood, WakeNeighbours};
use crate::ledger::{AnchorLedger, VerifyLedger};
use crate::listings::{ContainerListings, DetectLosses};
use crate::live_sessions::ControlSessions;
use crate::ports::{Channel, Channels, Ports};
use crate::posture::{CheckChange, CheckPosture, NotifyFindings, ReadPostureFacts, Watch};
use crate::quarantine_input::QuarantineInput;
use crate::reading::CatalogueReader;
use crate::reconcile::Reconcile;
use crate::record::AppendLedger;
use crate::recording_review::MarkReview;
use crate::replay::ReplayInput;
use crate::rescue::DrainPoisonQueues;
use crate::retention::{ApprovePlan, AssignClass, PlanRetention, ReapplyPolicy, ReapplyVerdicts, RunRetention};
use crate::review::ReviewSessions;
use crate::stores::KnownStores;
use crate::summary::Summarise;
use crate::sweep::SweepDue;
use crate::time::TimeSource;
use crate::watermark::{KeptWatermarks, Watermarks};

/// Bastions, rules and channels of one installation.
#[derive(Clone)]
pub struct ArchivistSettings {
    /// Thresholds by which a recording counts as settled, stale or final.
    pub rules: Rules,
    /// Configured bastions and their containers.
    pub estate: Estate,
    /// Notification channels by name.
    pub channels: BTreeMap<String, Arc<dyn Channel>>,
}

/// Everything a use case is built from, and the caches that copies of an archivist share.
#[derive(Clone)]
struct Parts {
    ports: Ports,
    rules: Arc<Rules>,
    estate: Arc<Estate>,
    channels: Channels,
    is_quiet: bool,
    configuration: Option<Arc<str>>,
    refused: Option<Arc<str>>,
    under_way: UnderWay,
    watch: Arc<Watch>,
    stores: Arc<KnownStores>,
    learned: Arc<Learned>,
    kept_listings: Arc<KeptListings>,
    kept_watermarks: Arc<KeptWatermarks>,
    time_zone: TimeZone,
}

/// Declares [`Archivist`] with one field per use case, and builds each from the ports, the settings, and use cases that
/// stand above it. So no use case depends on itself by way of others.
macro_rules! use_cases {
    (
        ports { $($port:ident),* $(,)? }
        settings { $($setting:ident),* $(,)? }
        $($(#[$doc:meta])* $field:ident: $use_case:ident { $($part:ident),* $(,)? },)*
    ) => {
        /// Use cases of the archivist. Every method is idempotent and may be interrupted at any point or run
        /// concurrently.
        ///
        /// Long methods return boxed futures. Their code is then generated once, in this crate and with its
        /// optimisation settings, and not in every crate that awaits them.
        #[derive(Clone)]
        pub struct Archivist {
            parts: Parts,
            $($(#[$doc])* pub $field: Arc<$use_case>,)*
        }

        impl Parts {
            fn wired(self) -> Archivist {
                let Self { ports: Ports { $($port),* }, $($setting),*, .. } = self.clone();
                $(let $field = Arc::new($use_case { $($part: $part.clone()),* });)*
                Archivist { parts: self, $($field),* }
            }
        }
    };
}

use_cases! {
    ports { catalogue, sessions, checkpoints, blobs, queue, notifications, quarantine, ledger, clock }
    settings {
        rules, estate, channels, is_quiet, configuration, refused, under_way, watch, stores, learned, kept_listings,
        kept_watermarks,
    }

    /// The time for decisions: the local clock, unless storage contradicts it.
    time: TimeSource { blobs, clock, estate },
    /// Settings that every decision about recordings and sessions takes.
    decisions: Decisions { rules, estate, is_quiet },
    /// Stores notifications and enqueues their deliveries.
    outbox: NotificationOutbox { queue, notifications, checkpoints, rules, channels, configuration, time },
    /// Loads and updates the state of each channel.
    channel_states: ChannelStates { checkpoints, rules, channels, time, outbox },
    /// Shows routes and messages of the channels before they are relied on.
    channels_shown: InspectChannels { notifications, rules, channels, time, outbox },
    /// Makes one attempt to deliver one notification to one channel.
    delivery: DeliverNotification { notifications, rules, channels, under_way, time, outbox, channel_states },
    /// Queues deliveries again whose message was lost, or whose channel is on again.
    lost_deliveries: RecoverDeliveries { checkpoints, notifications, channels, time, outbox, channel_states, delivery },
    /// Puts back input that could not be processed.
    replay: ReplayInput { queue, notifications, quarantine, channels, lost_deliveries },
    /// Queues facts and appends them to the ledger in batches.
    ledger_queue: AppendLedger { checkpoints, ledger, time },
    /// Verifies the ledger round by round and notifies people of a break.
    ledger_check: VerifyLedger { checkpoints, ledger, is_quiet, time, outbox },
    /// Sends the head of the ledger out once a day.
    ledger_anchors: AnchorLedger { checkpoints, notifications, ledger, is_quiet, time, outbox },
    /// Notifies people of each finding once.
    findings: NotifyFindings { checkpoints, estate, is_quiet, watch, time, outbox },
    /// The time for decisions on deletions: only given if local clock and storage agree.
    deletion_clock: DeletionClock { time, findings },
    /// Stores how far each container has been listed.
    listings: ContainerListings { checkpoints, blobs, time },
    /// Detects the loss of most recordings of a container.
    losses: DetectLosses { catalogue, blobs, estate, is_quiet, time, outbox, listings },
    /// Stores how far the audit log of each bastion has been read.
    watermarks: Watermarks { checkpoints, kept_watermarks, time },
    /// Reads what was learned about a bastion, and marks days to learn again.
    calibrations: Calibrations { checkpoints, rules, learned, time },
    /// Lists the recording habits of the bastions.
    habits: ListRecordingHabits { catalogue, checkpoints, estate, time },
    /// Notifies people if the log contradicts a confirmed session.
    contradictions: NotifyContradiction { catalogue, time, decisions },
    /// Reads the recordings and sessions that a match depends on.
    neighbourhoods: ReadNeighbourhood {
        catalogue, sessions, rules, estate, kept_listings, time, listings, watermarks, calibrations,
    },
    /// Wakes the recordings and sessions near a change.
    neighbours: WakeNeighbours { catalogue, sessions, rules, time, calibrations, contradictions, neighbourhoods },
    /// Learns per day how each bastion writes recordings.
    learning: LearnCalibration {
        catalogue, sessions, checkpoints, rules, time, watermarks, calibrations, neighbours,
    },
    /// Reads the stored legal holds.
    holds: KnownHolds { checkpoints, estate },
    /// Reads the tags that policy rules match on.
    current_tags: CurrentTags { blobs, rules },
    /// Carries out one pending effect of an entry.
    effects: CarryOutEffects {
        catalogue, checkpoints, blobs, queue, rules, time, outbox, ledger_queue, deletion_clock, neighbours, holds,
        current_tags,
    },
    /// Reads what a decision about a blob name depends on.
    reads: ReadForDecision { blobs, losses, neighbourhoods, holds },
    /// Decides about the entries of a blob name, saves them, and carries out their effects.
    entries: UpdateEntries { catalogue, blobs, time, decisions, deletion_clock, calibrations, reads, effects },
    /// Stores which session a person says a recording belongs to.
    confirmation: ConfirmSession { catalogue, sessions, neighbours, entries },
    /// Stores reviews of recordings by people.
    reviews: MarkReview { catalogue, entries },
    /// Ingests events about recordings.
    recordings: IngestRecording { catalogue, estate, stores, entries },
    /// Hashes the content of final recordings.
    hashing: HashRecording { catalogue, blobs, queue, entries },
    /// Applies audit records to their sessions.
    audit_records: ApplyAuditRecords { sessions, estate, time, decisions, outbox, neighbours, watermarks },
    /// Quarantines input that fails on every retry, and announces it.
    quarantined: QuarantineInput { notifications, quarantine, channels, time, outbox },
    /// Moves poison messages into quarantine.
    poison: DrainPoisonQueues { queue, quarantined },
    /// Opens the saved position of each audit log.
    log_positions: AuditLogPositions { checkpoints, time },
    /// Stores accesses of recordings.
    accesses: ApplyAccesses { checkpoints, estate, is_quiet, time },
    /// Announces accesses of recordings, each once.
    access_news: AnnounceAccesses { catalogue, checkpoints, estate, time, decisions, outbox },
    /// Reads one log from its saved position.
    audit_log: ReadAuditLog {
        checkpoints, blobs, estate, stores, time, watermarks, audit_records, accesses, quarantined, log_positions,
    },
    /// Finds audit logs that nothing announced.
    log_search: FindAuditLogs { checkpoints, blobs, estate, time, watermarks, log_positions },
    /// Notifies people if an audit log has stopped.
    log_watch: WatchAuditLogs { catalogue, rules, estate, stores, time, outbox, watermarks },
    /// Moves the watermark of a bastion and wakes the questions that waited for it.
    watermark_moves: MoveWatermark { time, watermarks, neighbours },
    /// Reads on in all audit logs.
    tailing: TailAuditLogs {
        checkpoints, estate, is_quiet, time, quarantined, audit_log, log_search, log_watch, watermark_moves,
        access_news,
    },
    /// Reviews due sessions: gaps, failed logins and effects.
    session_review: ReviewSessions {
        catalogue, sessions, rules, estate, time, decisions, listings, neighbourhoods, audit_records,
    },
    /// Wakes work postponed by a wrong clock.
    far_ahead: WakeFarAhead { catalogue, sessions, rules, time, lost_deliveries, entries, session_review },
    /// Compares the catalogue with listings of the containers.
    reconciliation: Reconcile {
        catalogue, checkpoints, blobs, rules, estate, stores, time, ledger_check, ledger_anchors, listings, losses, entries,
        far_ahead,
    },
    /// Works on everything due.
    due_work: SweepDue {
        catalogue, time, lost_deliveries, ledger_queue, ledger_check, learning, entries, quarantined, poison,
        session_review,
    },
    /// Announces placed and released holds.
    hold_news: AnnounceHolds { checkpoints, rules, outbox, ledger_queue, holds },
    /// Places legal holds.
    hold_placing: PlaceHold { catalogue, checkpoints, rules, estate, time, entries, hold_news },
    /// Releases legal holds.
    hold_release: ReleaseHolds { checkpoints, time, holds, hold_news },
    /// Counts the recordings that a hold covers.
    hold_coverage: CountCoverage { catalogue, sessions, estate },
    /// Plans what a retention run would do.
    retention_plans: PlanRetention { catalogue, checkpoints, time },
    /// Approves the deletions of a plan.
    approval: ApprovePlan { catalogue, checkpoints, time, ledger_queue, deletion_clock, entries, retention_plans },
    /// Assigns a retention class to a recording.
    class_assignment: AssignClass { catalogue, rules, entries },
    /// Applies the current policy to earlier promises.
    policy_change: ReapplyPolicy { catalogue, rules, entries },
    /// Brings the entries in step with policy and holds.
    verdicts: ReapplyVerdicts { catalogue, checkpoints, rules, time, holds, entries },
    /// Marks and deletes recordings that are due.
    retention: RunRetention {
        catalogue, checkpoints, rules, outbox, deletion_clock, listings, current_tags, entries, hold_news,
        retention_plans, verdicts,
    },
    /// Reads the facts for the posture checks.
    posture_facts: ReadPostureFacts { catalogue, blobs, rules, estate, watch, watermarks, habits },
    /// Checks the setup and keeps the report.
    posture: CheckPosture {
        checkpoints, quarantine, ledger, clock, channels, refused, watch, stores, time, channel_states, findings,
        posture_facts,
    },
    /// Checks a resource again after a change.
    resource_change: CheckChange { checkpoints, rules, estate, watch, time, outbox, posture_facts },
    /// Reads the facts about one recording, to follow it.
    following: FollowRecording {
        catalogue, notifications, quarantine, estate, watch, stores, time, outbox, listings, watermarks,
    },
    /// Lists and ends live sessions.
    live: ControlSessions { catalogue, sessions, estate, watch, time, ledger_queue },
    /// Counts recordings and sessions by day.
    summary: Summarise { catalogue, sessions, checkpoints, time },
    /// Sends the coverage report of last month.
    monthly_report: SendMonthlyReport { catalogue, sessions, checkpoints, estate, is_quiet, time, outbox },
}

impl Archivist {
    /// Creates an archivist on these ports.
    pub fn new(ports: Ports, settings: ArchivistSettings) -> Self {
        let stores = Arc::new(KnownStores::new(&ports, &settings.estate));
        let parts = Parts {
            ports: Ports { blobs: stores.clone(), ..ports },
            under_way: UnderWay::for_channels(settings.channels.keys()),
            rules: Arc::new(settings.rules),
            estate: Arc::new(settings.estate),
            channels: Arc::new(settings.channels),
            is_quiet: false,
            configuration: None,
            refused: None,
            watch: Arc::default(),
            stores,
            learned: Arc::default(),
            kept_listings: Arc::default(),
            kept_watermarks: Arc::default(),
            time_zone: TimeZone::UTC,
        };
        parts.wired()
    }

    /// Returns a copy that checks the setup with `watch`.
    #[must_use]
    pub fn with_watch(self, watch: Watch) -> Self {
        Parts { watch: Arc::new(watch), ..self.parts }.wired()
    }

    /// Returns a copy that reads the days of a search in this time zone. The default is UTC.
    #[must_use]
    pub fn with_time_zone(self, time_zone: TimeZone) -> Self {
        Parts { time_zone, ..self.parts }.wired()
    }

    /// Returns the stores of the configured containers, with a check against the stores the catalogue was made from.
    pub fn stores(&self) -> &KnownStores {
        &self.parts.stores
    }

    /// Returns the ports in use.
    pub fn ports(&self) -> &Ports {
        &self.parts.ports
    }

    /// Returns a copy that drops new notifications; pending ones are still sent.
    #[must_use]
    pub fn quiet(self) -> Self {
        Parts { is_quiet: true, ..self.parts }.wired()
    }

    /// Returns a copy that adds the hash of this configuration to every notification.
    #[must_use]
    pub fn under(self, configuration: &str) -> Self {
        Parts { configuration: Some(configuration.into()), ..self.parts }.wired()
    }

    /// Returns a copy that reports the problems of a newer, rejected configuration.
    #[must_use]
    pub fn refusing(self, problems: Option<&str>) -> Self {
        Parts { refused: problems.map(Into::into), ..self.parts }.wired()
    }

    /// Returns the read-only view, as of now.
    pub fn reading(&self) -> CatalogueReader<'_> {
        let Parts { ports, rules, estate, time_zone, .. } = &self.parts;
        CatalogueReader {
            catalogue: ports.catalogue.as_ref(),
            sessions: ports.sessions.as_ref(),
            checkpoints: ports.checkpoints.as_ref(),
            estate,
            policy: rules.retention.as_deref(),
            reviews: &rules.reviews,
            time_zone,
            now: self.time.now(),
        }
    }
}
