//! Binding of a function.

use pipeline::ports::QueueName;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Trigger, Unusable};
use crate::app_settings::{HandlerEnvironment, expand};
use crate::http::{FunctionRoute, Methods};
use crate::schedule::TimerSchedule;

#[derive(Deserialize)]
pub(super) struct Binding {
    pub(super) name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    direction: String,
    #[serde(flatten)]
    attributes: Map<String, Value>,
}

impl Binding {
    pub(super) fn is_trigger(&self) -> bool {
        self.kind.to_ascii_lowercase().ends_with("trigger")
    }

    /// Returns true for an HTTP output binding.
    pub(super) fn is_http_out(&self) -> bool {
        self.kind.eq_ignore_ascii_case("http") && self.direction.eq_ignore_ascii_case("out")
    }

    pub(super) fn trigger(&self, function: &str, app_settings: &HandlerEnvironment) -> Result<Trigger, Unusable> {
        let function = || function.to_owned();
        let text = |name| {
            expand(self.text(name), |setting| app_settings.get(setting).cloned())
                .map_err(|setting| Unusable::Setting { function: function(), setting })
        };
        match self.kind.to_ascii_lowercase().as_str() {
            "queuetrigger" => {
                let queue = text("queueName")?;
                let known = QueueName::ALL.into_iter().find(|known| known.as_str() == queue);
                known.map(Trigger::Queue).ok_or_else(|| Unusable::Queue { function: function(), queue })
            }
            "timertrigger" => {
                let schedule = TimerSchedule::parse(&text("schedule")?)
                    .map_err(|source| Unusable::Schedule { function: function(), source })?;
                let run_on_startup = self.attribute("runOnStartup").and_then(Value::as_bool).unwrap_or(false);
                Ok(Trigger::Timer { schedule, run_on_startup })
            }
            "httptrigger" => Ok(Trigger::Http { route: self.route(&function())?, methods: self.methods(function())? }),
            _ => Err(Unusable::Kind { function: function(), kind: self.kind.clone() }),
        }
    }

    /// Returns the route of the binding, by default the function's name.
    fn route(&self, function: &str) -> Result<FunctionRoute, Unusable> {
        let template = match self.text("route") {
            "" => function,
            template => template,
        };
        let unknown = || Unusable::Route { function: function.to_owned(), route: template.to_owned() };
        FunctionRoute::parse(template).ok_or_else(unknown)
    }

    fn methods(&self, function: String) -> Result<Methods, Unusable> {
        let names = self.attribute("methods").and_then(Value::as_array).into_iter().flatten();
        let names = names.map(|name| name.as_str().unwrap_or_default());
        Methods::parse(names).map_err(|method| Unusable::Method { function, method: method.to_owned() })
    }

    fn text(&self, name: &str) -> &str {
        self.attribute(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The host matches attribute names case-insensitively.
    fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}
