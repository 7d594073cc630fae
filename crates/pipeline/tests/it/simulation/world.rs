//! An archivist of the simulated estate.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adapters_local::memory::{self, MemoryCatalogue, MemoryQueue, MemorySessions};
use async_trait::async_trait;
use domain::decide::context::Rules;
use domain::record::delivery::ChannelAnswer;
use domain::record::estate::{Bastion, Estate};
use estate_simulator::EstateDay;
use jiff::{SignedDuration, Timestamp};
use pipeline::message::Attempt;
use pipeline::ports::{Channel, ChannelMessage, Clock, Queue, QueueName};
use pipeline::testing::TestClock;
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::simulation::storage::SimulatedStorage;

pub struct SimulationWorld {
    pub clock: Arc<TestClock>,
    pub storage: Arc<SimulatedStorage>,
    pub catalogue: Arc<MemoryCatalogue>,
    pub sessions: Arc<MemorySessions>,
    archivist: Archivist,
    processes: Processes,
    ports: Ports,
    settings: ArchivistSettings,
    queue: Arc<MemoryQueue>,
    heard: Arc<Heard>,
}

/// Distribution of the calls of functions over processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processes {
    /// One process makes every call.
    Shared,
    /// Each call has a new process, as if every function scaled on its own and its instance had just started.
    New,
}

/// Records all notifications.
#[derive(Default)]
struct Heard(Mutex<Vec<serde_json::Value>>);

#[async_trait]
impl Channel for Heard {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        self.0.lock().unwrap().push(serde_json::from_str(envelope.body).unwrap());
        ChannelAnswer::Accepted
    }
}

impl SimulationWorld {
    pub fn new(day: &EstateDay, processes: Processes) -> Self {
        let clock = Arc::new(TestClock::at(day.arrivals.first().unwrap().at));
        let queue = Arc::new(MemoryQueue::new(Arc::clone(&clock) as Arc<dyn Clock>));
        let (storage, catalogue, sessions) =
            (Arc::<SimulatedStorage>::default(), Arc::<MemoryCatalogue>::default(), Arc::<MemorySessions>::default());
        let heard = Arc::<Heard>::default();
        let ports = Ports {
            catalogue: catalogue.clone(),
            sessions: sessions.clone(),
            blobs: storage.clone(),
            queue: queue.clone(),
            ..memory::ports(clock.clone())
        };
        let bastions = day.estate.bastions.iter().map(|bastion| Bastion {
            name: bastion.name.clone(),
            resource_id: Some(bastion.resource_id.clone()),
            recordings: vec![bastion.recordings.clone()],
            audit_logs: Some(day.estate.audit_logs.clone()),
            access_expires: None,
            access_logs: None,
        });
        let settings = ArchivistSettings {
            rules: Rules::default(),
            estate: Estate { bastions: bastions.collect() },
            channels: BTreeMap::from([("all".to_owned(), heard.clone() as Arc<dyn Channel>)]),
        };
        let archivist = Archivist::new(ports.clone(), settings.clone());
        Self { clock, storage, catalogue, sessions, archivist, processes, ports, settings, queue, heard }
    }

    /// Returns the archivist of the process that makes the next call.
    pub fn archivist(&self) -> Archivist {
        match self.processes {
            Processes::Shared => self.archivist.clone(),
            Processes::New => Archivist::new(self.ports.clone(), self.settings.clone()),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Notifications since the last call.
    pub async fn told(&self) -> Vec<serde_json::Value> {
        loop {
            let batch = self.queue.receive(QueueName::Notifications, 32, SignedDuration::from_mins(5)).await.unwrap();
            if batch.is_empty() {
                return std::mem::take(&mut self.heard.0.lock().unwrap());
            }
            for message in batch {
                self.archivist().delivery.deliver(&Attempt::decode(message.body.as_bytes()).unwrap()).await.unwrap();
                self.queue.delete(QueueName::Notifications, &message.receipt).await.unwrap();
            }
        }
    }
}
