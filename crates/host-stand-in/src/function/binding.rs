//! One binding of a function.

use pipeline::ports::QueueName;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Trigger, Unusable};
use crate::schedule::Schedule;

#[derive(Deserialize)]
pub(super) struct Binding {
    pub(super) name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    attributes: Map<String, Value>,
}

impl Binding {
    pub(super) fn is_trigger(&self) -> bool {
        self.kind.to_ascii_lowercase().ends_with("trigger")
    }

    pub(super) fn trigger(&self, function: &str) -> Result<Trigger, Unusable> {
        let function = || function.to_owned();
        match self.kind.to_ascii_lowercase().as_str() {
            "queuetrigger" => {
                let queue = self.text("queueName");
                let known = QueueName::ALL.into_iter().find(|known| known.as_str() == queue);
                known
                    .map(Trigger::Queue)
                    .ok_or_else(|| Unusable::Queue { function: function(), queue: queue.to_owned() })
            }
            "timertrigger" => {
                let schedule = Schedule::parse(self.text("schedule"))
                    .map_err(|source| Unusable::Schedule { function: function(), source })?;
                let run_on_startup = self.attribute("runOnStartup").and_then(Value::as_bool).unwrap_or(false);
                Ok(Trigger::Timer { schedule, run_on_startup })
            }
            _ => Err(Unusable::Kind { function: function(), kind: self.kind.clone() }),
        }
    }

    fn text(&self, name: &str) -> &str {
        self.attribute(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The host matches the names of attributes without case.
    fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}
