//! Parses `function.json`: the trigger of a function.

mod binding;
mod unusable;

use std::collections::BTreeSet;

use host_protocol::names::{is_binding_name, is_function_name};
use pipeline::ports::QueueName;
use serde::Deserialize;

use crate::app_settings::HandlerEnvironment;
use crate::http::{FunctionRoute, Methods};
use crate::schedule::TimerSchedule;
use crate::settings::HostSettings;

use binding::Binding;
pub use unusable::Unusable;

/// Function on disk: the name of its folder, and the text of its `function.json`.
#[derive(Debug, Clone, Copy)]
pub struct FunctionFolder<'a> {
    /// Name of the folder, which is the function's name and its route.
    pub name: &'a str,
    /// Text of `function.json`.
    pub function_json: &'a str,
}

/// Usable function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionDefinition {
    /// Name of the function and its route.
    pub name: String,
    /// Name of the trigger's binding.
    pub binding: String,
    /// Trigger of the function.
    pub trigger: Trigger,
}

/// Trigger of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Fired by each message of a queue.
    Queue(QueueName),
    /// Fired by a schedule.
    Timer {
        /// Times to fire at.
        schedule: TimerSchedule,
        /// True if the function also fires at start.
        run_on_startup: bool,
    },
    /// Fired by each request to its route; the request is proxied.
    Http {
        /// Route of the function.
        route: FunctionRoute,
        /// Accepted methods.
        methods: Methods,
    },
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    disabled: bool,
    bindings: Vec<Binding>,
}

/// Parses all functions: returns the usable ones, and the others with the reason. `%NAME%` in a schedule or a queue
/// name is replaced by the app setting `NAME`.
pub fn load(
    folders: &[FunctionFolder<'_>],
    host: &HostSettings,
    app_settings: &HandlerEnvironment,
) -> (Vec<FunctionDefinition>, Vec<Unusable>) {
    let mut names = BTreeSet::new();
    let mut functions = Vec::new();
    let mut unusable = Vec::new();
    for folder in folders {
        match read(folder, app_settings).and_then(|function| proxied(function, host)) {
            Ok(function) if !names.insert(function.name.to_ascii_lowercase()) => {
                unusable.push(Unusable::DoubledName(function.name));
            }
            Ok(function) => functions.push(function),
            Err(reason) => unusable.push(reason),
        }
    }
    (functions, unusable)
}

fn read(folder: &FunctionFolder<'_>, app_settings: &HandlerEnvironment) -> Result<FunctionDefinition, Unusable> {
    let function = folder.name.to_owned();
    if !is_function_name(folder.name) {
        return Err(Unusable::Name(function));
    }
    let wire: Wire = serde_json::from_str(folder.function_json)
        .map_err(|source| Unusable::Form { function: function.clone(), source })?;
    let switch = app_settings.get(&format!("AzureWebJobs.{function}.Disabled"));
    if wire.disabled || switch.is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1") {
        return Err(Unusable::Disabled(function));
    }
    let mut names = BTreeSet::new();
    if let Some(wrong) =
        wire.bindings.iter().find(|it| !is_binding_name(&it.name) || !names.insert(it.name.to_ascii_lowercase()))
    {
        return Err(Unusable::Binding { function, binding: wrong.name.clone() });
    }
    let triggers: Vec<&Binding> = wire.bindings.iter().filter(|it| it.is_trigger()).collect();
    let [binding] = triggers[..] else {
        return Err(Unusable::Triggers { function, count: triggers.len() });
    };
    let trigger = binding.trigger(&function, app_settings)?;
    let is_http = matches!(trigger, Trigger::Http { .. });
    if is_http && (wire.bindings.len() != 2 || !wire.bindings.iter().any(Binding::is_http_out)) {
        return Err(Unusable::HttpBindings(function));
    }
    Ok(FunctionDefinition { name: function, binding: binding.name.clone(), trigger })
}

/// Refuses HTTP functions if the host does not proxy requests: it would wrap them in invocations.
fn proxied(function: FunctionDefinition, host: &HostSettings) -> Result<FunctionDefinition, Unusable> {
    match function.trigger {
        Trigger::Http { .. } if !host.http.is_proxied => Err(Unusable::NotProxied(function.name)),
        _ => Ok(function),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, bindings: &str) -> Result<FunctionDefinition, Unusable> {
        let function_json = format!(r#"{{"bindings":[{bindings}]}}"#);
        let app_settings = [("EVERY_MINUTE", "0 * * * * *"), ("AzureWebJobs.off.Disabled", "True")];
        let app_settings = app_settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let host = HostSettings::parse(HOST_JSON).unwrap();
        let folder = FunctionFolder { name, function_json: &function_json };
        let (mut functions, mut unusable) = load(&[folder], &host, &app_settings);
        unusable.pop().map_or_else(|| Ok(functions.remove(0)), Err)
    }

    const HOST_JSON: &str = r#"{"version":"2.0","customHandler":
        {"description":{"defaultExecutablePath":"archivist"},"enableProxyingHttpRequest":true}}"#;
    const QUEUE: &str = r#"{"name":"message","type":"queueTrigger","direction":"in","queueName":"recording-events"}"#;

    #[test]
    fn queue_and_timer_triggers_are_read_without_regard_to_case() {
        let function = one("recording_landed", QUEUE).unwrap();
        assert_eq!(
            (function.binding.as_str(), function.trigger),
            ("message", Trigger::Queue(QueueName::RecordingEvents))
        );
        let function =
            one("sweep", r#"{"name":"t","type":"TimerTrigger","Schedule":"0 * * * * *","runonstartup":true}"#);
        assert!(matches!(function.unwrap().trigger, Trigger::Timer { run_on_startup: true, .. }));
    }

    #[test]
    fn a_function_skipped_by_the_host_is_skipped_with_a_reason() {
        let bad_name = QUEUE.replace("\"message\"", "\"my_message\"");
        assert!(matches!(one("host", QUEUE), Err(Unusable::Name(_))));
        assert!(matches!(one("f", &bad_name), Err(Unusable::Binding { .. })));
        assert!(matches!(one("f", &format!("{QUEUE},{QUEUE}")), Err(Unusable::Binding { .. })));
        assert!(matches!(one("f", ""), Err(Unusable::Triggers { count: 0, .. })));
        assert!(matches!(one("f", &QUEUE.replace("recording-", "other-")), Err(Unusable::Queue { .. })));
        assert!(matches!(one("f", &QUEUE.replace("queueTrigger", "blobTrigger")), Err(Unusable::Kind { .. })));
        assert!(matches!(one("f", r#"{"name":"t","type":"timerTrigger"}"#), Err(Unusable::Schedule { .. })));
        assert!(matches!(one("f", "1"), Err(Unusable::Form { .. })));
    }

    #[test]
    fn a_schedule_may_stand_in_an_app_setting() {
        let timer =
            |schedule: &str| one("f", &format!(r#"{{"name":"t","type":"timerTrigger","schedule":"{schedule}"}}"#));
        assert_eq!(timer("%EVERY_MINUTE%").unwrap(), timer("0 * * * * *").unwrap());
        assert!(matches!(timer("%EVERY_HOUR%"), Err(Unusable::Setting { setting, .. }) if setting == "EVERY_HOUR"));
    }

    #[test]
    fn an_app_setting_switches_a_function_off() {
        assert!(matches!(one("off", QUEUE), Err(Unusable::Disabled(_))));
    }

    #[test]
    fn an_http_function_has_exactly_one_trigger_and_one_output() {
        let (request, answer) =
            (r#"{"name":"req","type":"httpTrigger"}"#, r#"{"name":"res","type":"http","direction":"out"}"#);
        let function = one("page", &format!("{request},{answer}")).unwrap();
        let Trigger::Http { route, .. } = function.trigger else {
            panic!("{function:?}")
        };
        assert_eq!(Some(route), FunctionRoute::parse("page"));
        let queue = r#"{"name":"out","type":"queue","direction":"out","queueName":"notifications"}"#;
        for bindings in [request.to_owned(), format!("{request},{queue}"), format!("{request},{answer},{queue}")] {
            assert!(matches!(one("page", &bindings), Err(Unusable::HttpBindings(_))), "{bindings}");
        }
        let typed = request.replace('}', r#","route":"{id:int}"}"#);
        assert!(matches!(one("page", &format!("{typed},{answer}")), Err(Unusable::Route { .. })));
        let strange = request.replace('}', r#","methods":["a b"]}"#);
        assert!(matches!(one("page", &format!("{strange},{answer}")), Err(Unusable::Method { .. })));
    }

    #[test]
    fn an_invalid_function_does_not_stop_the_others() {
        let good = format!(r#"{{"bindings":[{QUEUE}]}}"#);
        let off = format!(r#"{{"disabled":true,"bindings":[{QUEUE}]}}"#);
        let folders = [("a", good.as_str()), ("A", good.as_str()), ("b", off.as_str()), ("c", good.as_str())];
        let folders = folders.map(|(name, function_json)| FunctionFolder { name, function_json });
        let (functions, unusable) =
            load(&folders, &HostSettings::parse(HOST_JSON).unwrap(), &HandlerEnvironment::new());
        assert_eq!(functions.iter().map(|function| function.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert!(matches!(unusable[..], [Unusable::DoubledName(_), Unusable::Disabled(_)]));
    }
}
