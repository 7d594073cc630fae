//! Parameters of the templates: `bastions.json`, which `infra/main.bicep` reads.

use domain::decide::posture::{MaybeKnown, ResourceId};
use pipeline::ports::discovery::VisibleResource;
use serde_json::{Map, Value, json};

use super::found::{Found, Note};
use super::survey::Survey;

/// Name of the file.
pub(super) const FILE: &str = "bastions.json";

/// Returns the parameters: entries of `before` in their order, those of found bastions brought up to date, then new
/// ones. Nothing is removed.
pub(super) fn parameters(before: Option<&Value>, bastions: &[&Found], survey: &Survey, notes: &mut Vec<Note>) -> Value {
    let mut list: Vec<Value> = before.and_then(|it| it["bastions"].as_array().cloned()).unwrap_or_default();
    for found in bastions {
        let Some((container, account)) =
            found.recordings.as_ref().and_then(|it| Some((&it.container, it.id.as_ref()?)))
        else {
            continue;
        };
        let audit = found.audit.as_ref().and_then(|audit| audit.id.as_ref()).map_or("", ResourceId::as_str);
        let is_same = |entry: &&mut Value| is_id(&entry["resourceId"], &found.id);
        let entry = match list.iter_mut().find(is_same) {
            Some(entry) => entry,
            None => {
                list.push(json!({ "resourceId": found.id.as_str() }));
                let Some(last) = list.last_mut() else { continue };
                last
            }
        };
        set_id(entry, "recordingsAccountId", account.as_str());
        entry["recordingsContainer"] = container.as_str().into();
        if found.knows_audit || !entry["auditAccountId"].is_string() {
            set_id(entry, "auditAccountId", audit);
        }
    }
    let (mut topics, mut changes) = (object(before, "topicNames"), object(before, "changeAlarmTopicNames"));
    for (topic, source) in others(survey, &list) {
        add_topic(topic, &source, &mut topics, &mut changes, notes);
    }
    json!({ "bastions": list, "topicNames": topics, "changeAlarmTopicNames": changes })
}

/// Returns the text of the file.
pub(super) fn text(parameters: &Value) -> String {
    serde_json::to_string_pretty(parameters).unwrap_or_default() + "\n"
}

fn object(before: Option<&Value>, name: &str) -> Map<String, Value> {
    before.and_then(|it| it[name].as_object().cloned()).unwrap_or_default()
}

fn is_id(value: &Value, id: &ResourceId) -> bool {
    value.as_str().and_then(ResourceId::parse).is_some_and(|other| other == *id)
}

/// Keeps the spelling of an id that differs only in case, so an unchanged deployment has an unchanged file.
fn set_id(entry: &mut Value, name: &str, id: &str) {
    if !entry[name].as_str().is_some_and(|before| before.eq_ignore_ascii_case(id)) {
        entry[name] = id.into();
    }
}

/// Returns topics that others created for an account or a resource group of the deployment, with the source. Azure
/// refuses a second one of the same source.
fn others<'s>(survey: &'s Survey, list: &[Value]) -> Vec<(&'s VisibleResource, ResourceId)> {
    let MaybeKnown::Read(all) = &survey.topics else { return Vec::new() };
    let ids =
        |name: &'static str| list.iter().filter_map(move |entry| entry[name].as_str().and_then(ResourceId::parse));
    let accounts: Vec<ResourceId> = ids("recordingsAccountId").chain(ids("auditAccountId")).collect();
    let groups: Vec<String> = accounts.iter().cloned().chain(ids("resourceId")).map(|id| group(&id)).collect();
    // The templates create those with this prefix themselves.
    let is_ours = |topic: &VisibleResource| topic.id.name().to_ascii_lowercase().starts_with("egst-archivist-");
    let sources = all.iter().filter(|topic| !is_ours(topic));
    let sources = sources.filter_map(|topic| Some((topic, ResourceId::parse(&topic.detail)?)));
    let concerns =
        |source: &ResourceId| accounts.contains(source) || (is_group(source) && groups.contains(&group(source)));
    sources.filter(|(_, source)| concerns(source)).collect()
}

fn is_group(id: &ResourceId) -> bool {
    id.named("providers").is_none()
}

/// Adds a topic to the parameters, with notes on what the templates need of it.
fn add_topic(
    topic: &VisibleResource,
    source: &ResourceId,
    topics: &mut Map<String, Value>,
    changes: &mut Map<String, Value>,
    notes: &mut Vec<Note>,
) {
    let name = topic.id.name();
    if is_group(source) {
        changes.entry(group(source)).or_insert(name.into());
    } else {
        topics.entry(source.name().to_ascii_lowercase()).or_insert(name.into());
    }
    if group(&topic.id) != group(source) {
        let what = format!("the system topic {name} is not in the resource group of its source {source}");
        let fix = "the templates look for it there: move it (az resource move), or delete it if nobody uses it";
        notes.push(Note::missing(what, fix));
    }
    if !topic.has_identity {
        let what = format!("the system topic {name} of {source} has no identity, and could not deliver to our queues");
        let fix = format!("az eventgrid system-topic update --identity systemassigned --ids {}", topic.id);
        notes.push(Note::missing(what, fix));
    }
}

/// Returns `subscription/group` in lower case.
pub(super) fn group(id: &ResourceId) -> String {
    format!("{}/{}", id.subscription(), id.named("resourceGroups").unwrap_or_default()).to_ascii_lowercase()
}
