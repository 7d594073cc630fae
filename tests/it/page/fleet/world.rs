//! A catalogue of 40 bastions with recordings, gaps, failed logins, holds, deletions and a report of the setup.

use domain::record::blob::{BlobEvent, BlobProperties, ETag, Happening};
use domain::record::catalogue::{BlobEvents, Entry, Life, Observation, RecordingState};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::sequencer::Sequencer;
use domain::record::session::{Gap, GapCause, SessionEntry, Texts};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pipeline::Ports;
use pipeline::ports::{CheckpointKey, CheckpointKind, SessionChange};
use pipeline::testing::sample;
use serde_json::json;

use crate::support::TestApp;

/// A Wednesday.
const NOW: &str = "2025-11-05T09:00:00Z";
const BASTIONS: usize = 40;
/// Recordings per bastion; `FLEET_RECORDINGS` overrides it.
const RECORDINGS: usize = 40;
/// Days over which the recordings are spread.
const DAYS: i64 = 80;
const PEOPLE: [&str; 6] = ["ben.okafor", "chidi.eze", "dora.lind", "emil.novak", "fatima.aziz", "greta.holm"];

pub struct FleetWorld<'a> {
    ports: &'a Ports,
}

impl FleetWorld<'_> {
    /// Creates the app with a counted catalogue.
    pub async fn build() -> TestApp {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let app = TestApp::with_estate(estate(), (*sample::policy()).clone(), zone).may_leave_deliveries();
        app.at(NOW);
        let world = FleetWorld { ports: app.ports() };
        world.fill().await;
        world.save_report().await;
        let by = Actor { name: "counsel@contoso.example".to_owned(), is_verified: true };
        let bastion = Some(name(3).as_str().to_owned());
        let scope = HoldScope { person: Some(email("anna.berg")), bastion, ..HoldScope::default() };
        let placed = "2025-11-01T09:00:00Z".parse().unwrap();
        app.place_hold(&Hold::new("2025-17", "letter of counsel", scope, by, placed)).await;
        // Placing a hold looks for the blobs of expiring recordings, of which there are none here.
        world.save_story().await;
        while app.summarise().await {}
        app
    }

    /// Saves the recordings and sessions of every bastion.
    #[expect(clippy::disallowed_methods, reason = "FLEET_RECORDINGS is set on purpose only")]
    async fn fill(&self) {
        let count =
            std::env::var_os("FLEET_RECORDINGS").and_then(|text| text.to_str()?.parse().ok()).unwrap_or(RECORDINGS);
        let step = DAYS * 86_400 / i64::try_from(count).unwrap();
        for bastion in 0..BASTIONS {
            for number in 0..count {
                let offset = i64::try_from(number).unwrap() * step + i64::try_from(bastion).unwrap() * 601 + 3_600;
                let one = Visit {
                    bastion,
                    person: PEOPLE[(bastion + number) % PEOPLE.len()],
                    machine: format!("vm-app-{}", (bastion * 3 + number) % 50),
                    start: now().saturating_sub(SignedDuration::from_secs(offset)).unwrap(),
                };
                // Some bastions miss recordings, one of them most.
                let is_missing = bastion % 8 == 1 && number % if bastion == 9 { 2 } else { 11 } == 1;
                self.save(&one, number, is_missing).await;
            }
        }
    }

    async fn save(&self, visit: &Visit, number: usize, is_missing: bool) {
        let tunnel = format!("5e55100a-0000-4000-{:04}-{number:012}", visit.bastion);
        let gap = is_missing.then_some(Gap { found_at: visit.start, cause: GapCause::Unknown, closed_at: None });
        self.save_session(visit.session(&tunnel, gap)).await;
        if !is_missing {
            self.save_entry(visit.recording(&tunnel, number)).await;
        }
    }

    /// Saves what Anna did on vm-sql-3 last Tuesday, and the recordings with a state of their own.
    async fn save_story(&self) {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let anna = |start| Visit { bastion: 3, person: "anna.berg", machine: "vm-sql-3".to_owned(), start };
        self.save(&anna(at("2025-11-04T10:12:00Z")), 90_001, false).await;
        let older = anna(at("2025-10-21T08:00:00Z"));
        let mut archived = older.recording("anna-archived", 90_002);
        archived.life.observation = Some(seen(older.start, "Archive"));
        self.save_session(older.session("anna-archived", None)).await;
        self.save_entry(archived).await;

        let other = Visit { bastion: 4, person: "chidi.eze", ..anna(at("2025-11-03T13:00:00Z")) };
        let mut deleted = other.recording("deleted-by-other", 90_003);
        deleted.state = RecordingState::Deleted;
        let event = |number, at, what| BlobEvent { sequencer: Sequencer::parse(number).unwrap(), at, what };
        let events = vec![
            event("1", other.start, Happening::Written { etag: None, size: 48_211_234 }),
            event("2", at("2025-11-04T13:00:00Z"), Happening::deleted()),
        ];
        deleted.life = Life { blob_events: BlobEvents::new(events, None), observation: None };
        self.save_entry(deleted).await;

        for number in 0..3 {
            let visit = Visit { bastion: 5, ..anna(at("2025-11-02T07:00:00Z")) };
            let visit = Visit { person: "dora.lind", machine: format!("vm-old-{number}"), ..visit };
            let address = visit.address(90_010 + number);
            let expiring = sample::expiring(&address, &ETag::new("0x1"), visit.start);
            let verdict = visit.recording(&format!("expiring-{number}"), 90_010 + number).match_state.verdict;
            let mut entry = Entry { bastion: name(5), ..expiring };
            entry.match_state.verdict = verdict;
            self.save_entry(entry).await;
        }
    }

    async fn save_entry(&self, entry: Entry) {
        let before = self.ports.catalogue.lives(&entry.address).await.unwrap();
        self.ports.catalogue.save(&before, &[entry]).await.unwrap().unwrap();
    }

    async fn save_session(&self, after: SessionEntry) {
        let before = SessionEntry::new(after.id.clone());
        assert_eq!(self.ports.sessions.save(&[SessionChange { before, after }]).await.unwrap(), [true]);
    }

    /// Saves a report in which a few bastions have problems.
    async fn save_report(&self) {
        let good =
            |check: &str, subject: String| json!({ "check": check, "subject": subject, "evidence": "as it should be" });
        let mut checks = Vec::new();
        for bastion in 0..BASTIONS {
            let subject = name(bastion).as_str().to_owned();
            for check in
                ["bastion.recording", "bastion.native_client", "audit_log.setting", "access.expiry", "cors.origin"]
            {
                let mut one = good(check, subject.clone());
                if check == "bastion.native_client" && bastion % 2 == 0 {
                    one = json!({ "check": check, "subject": subject, "severity": "warning", "evidence": "they are allowed", "fix": "az network bastion update --enable-tunneling false" });
                } else if check == "bastion.recording" && bastion == 9 {
                    one = json!({ "check": check, "subject": subject, "severity": "critical", "evidence": "it is off", "fix": "az network bastion update --enable-session-recording true" });
                } else if check == "access.expiry" && bastion % 13 == 0 {
                    one = json!({ "check": check, "subject": subject, "because": "archivist.yaml does not say how the bastion writes" });
                }
                checks.push(one);
            }
        }
        checks.push(good("own.clock", "clock".to_owned()));
        let report = json!({ "schema": 1, "at": "2025-11-05T03:00:00Z", "checks": checks });
        let key = CheckpointKey { kind: CheckpointKind::Posture, name: "report".to_owned() };
        self.ports.checkpoints.save(&key, None, &report.to_string()).await.unwrap().unwrap();
    }
}

/// A session on a machine, and its recording.
struct Visit {
    bastion: usize,
    person: &'static str,
    machine: String,
    start: Timestamp,
}

impl Visit {
    fn session(&self, tunnel: &str, gap: Option<Gap>) -> SessionEntry {
        let id = sample::session_id(name(self.bastion).as_str(), tunnel);
        let mut entry = sample::ended(id, &self.machine, "azureadmin", self.start);
        entry.records.user_email = Texts::new([email(self.person)]);
        SessionEntry { gap, ..entry }
    }

    fn address(&self, number: usize) -> domain::address::BlobAddress {
        let name = format!("{}-azureadmin.{number}", self.machine);
        sample::address_in(&format!("strec{:02}", self.bastion), "recordings", &name)
    }

    fn recording(&self, tunnel: &str, number: usize) -> Entry {
        let facts = self.session(tunnel, None).session().facts;
        let end = self.start.saturating_add(SignedDuration::from_mins(10)).unwrap();
        let mut entry = Entry {
            bastion: name(self.bastion),
            state: RecordingState::Settled,
            settled_at: Some(end),
            life: Life { blob_events: BlobEvents::default(), observation: Some(seen(self.start, "Hot")) },
            ..sample::entry(&self.address(number), self.start)
        };
        entry.match_state.verdict = match number % 17 {
            16 => sample::ambiguous(vec![facts.clone(), sample::facts("another", self.start)], None),
            _ => sample::matched(facts),
        };
        entry
    }
}

fn seen(at: Timestamp, tier: &str) -> Observation {
    let last_modified = at.saturating_add(SignedDuration::from_mins(10)).unwrap();
    let (etag, tier) = (ETag::new("0x8DC"), Some(tier.to_owned()));
    let properties = BlobProperties { created_at: at, last_modified, etag, size: 48_211_234, tier, content_type: None };
    Observation { epoch_start: at, properties }
}

fn estate() -> Estate {
    let bastion = |number: usize| Bastion {
        name: name(number),
        resource_id: Some(format!(
            "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/{}",
            name(number).as_str()
        )),
        recordings: vec![sample::address_in(&format!("strec{number:02}"), "recordings", "any").container()],
        audit_logs: None,
        access_expires: (number % 10 == 2).then(|| "2025-11-20T00:00:00Z".parse().unwrap()),
        access_logs: None,
    };
    Estate { bastions: (0..BASTIONS).map(bastion).collect() }
}

fn name(number: usize) -> BastionName {
    let regions = ["weu", "neu", "eus", "sea"];
    BastionName::new(&format!("bas-{}-{:02}", regions[number % regions.len()], number))
}

fn email(person: &str) -> String {
    format!("{person}@contoso.example")
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}
