//! In-memory catalogue and helpers for sending requests to it.

use adapters_local::memory::{MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use catalogue_api::{Answered, Api, ApiRequest, ApiResponse};
use domain::policy::review::ReviewPolicy;
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::session::SessionEntry;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::ports::{Catalogue, CheckpointKey, CheckpointKind, Checkpoints, SessionChange, Sessions};
use pipeline::testing::schedule::now;
use serde_json::Value;

#[derive(Default)]
pub struct ApiWorld {
    pub catalogue: MemoryCatalogue,
    pub sessions: MemorySessions,
    pub checkpoints: MemoryCheckpoints,
    pub reviews: ReviewPolicy,
}

pub fn estate() -> Estate {
    let name = BastionName::new("bas-hub-01");
    let (resource_id, audit_logs, access_expires) = (None, None, None);
    Estate {
        bastions: vec![Bastion {
            name,
            resource_id,
            recordings: Vec::new(),
            audit_logs,
            access_expires,
            access_logs: None,
        }],
    }
}

impl ApiWorld {
    pub fn save(&self, entry: &Entry) {
        save(&self.catalogue, entry);
    }

    pub fn add_session(&self, after: SessionEntry) {
        let change = SessionChange { before: SessionEntry::new(after.id.clone()), after };
        assert_eq!(now(self.sessions.save(&[change])).unwrap(), [true]);
    }

    /// Stores calibration as learned from a day of a bastion.
    pub fn teach(&self, name: &str, doc: &str) {
        let key = CheckpointKey { kind: CheckpointKind::Calibration, name: name.to_owned() };
        now(self.checkpoints.save(&key, None, doc)).unwrap().unwrap();
    }

    pub fn ask(&self, method: &str, target: &str, if_none_match: Option<&str>) -> ApiResponse {
        self.answered(method, target, if_none_match).answer
    }

    pub fn answered(&self, method: &str, target: &str, if_none_match: Option<&str>) -> Answered {
        let ApiWorld { catalogue, sessions, checkpoints, reviews } = self;
        answered(catalogue, (sessions, checkpoints, reviews), method, target, if_none_match)
    }

    /// Returns the document of a successful GET.
    pub fn get(&self, target: &str) -> Value {
        let answer = self.ask("GET", &format!("/api/v1{target}"), None);
        assert_eq!(answer.status, 200, "{target}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Returns status and document of a failing GET.
    pub fn problem(&self, target: &str) -> (u16, Value) {
        let answer = self.ask("GET", &format!("/api/v1{target}"), None);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{target}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["status"], answer.status);
        (answer.status, problem)
    }
}

pub fn save(catalogue: &dyn Catalogue, entry: &Entry) {
    let loaded = now(catalogue.lives(&entry.address)).unwrap();
    let known = loaded.lives.entries.iter().find(|known| known.id == entry.id);
    let entry = Entry { revision: known.map_or(1, |known| known.revision + 1), ..entry.clone() };
    now(catalogue.save(&loaded, &[entry])).unwrap().unwrap();
}

pub fn ask(
    catalogue: &dyn Catalogue,
    sessions: &MemorySessions,
    checkpoints: &MemoryCheckpoints,
    method: &str,
    target: &str,
    if_none_match: Option<&str>,
) -> Answered {
    answered(catalogue, (sessions, checkpoints, &ReviewPolicy::default()), method, target, if_none_match)
}

fn answered(
    catalogue: &dyn Catalogue,
    (sessions, checkpoints, reviews): (&MemorySessions, &MemoryCheckpoints, &ReviewPolicy),
    method: &str,
    target: &str,
    if_none_match: Option<&str>,
) -> Answered {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let (estate, now_is) = (estate(), "2026-03-05T12:00:00Z".parse::<Timestamp>().unwrap());
    let time_zone = &TimeZone::UTC;
    let api =
        Api { catalogue, sessions, checkpoints, estate: &estate, reviews, time_zone, now: now_is, version: "9.9.9" };
    now(api.answer(&ApiRequest { method, path, query, if_none_match }))
}

/// Names of the recordings on a page.
pub fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}
