//! Event Grid subscriptions of an account in the management API.

use domain::decide::posture::{EventSubscription, MaybeKnown, ResourceId};
use pipeline::ports::posture::Read;
use serde::Deserialize;

use super::client::Management;

const VERSION: &str = "2022-06-15";

#[derive(Deserialize)]
struct Topic {
    id: String,
    #[serde(default)]
    properties: TopicProperties,
}

#[derive(Deserialize, Default)]
struct TopicProperties {
    #[serde(default)]
    source: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    name: String,
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    provisioning_state: Option<String>,
    destination: Option<Destination>,
    delivery_with_resource_identity: Option<Delivery>,
    filter: Filter,
}

#[derive(Deserialize)]
struct Delivery {
    #[serde(default)]
    destination: Option<Destination>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Destination {
    #[serde(default)]
    properties: Option<DestinationProperties>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DestinationProperties {
    #[serde(default)]
    queue_name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Filter {
    subject_begins_with: Option<String>,
    subject_ends_with: Option<String>,
    included_event_types: Option<Vec<String>>,
}

impl Management {
    /// Subscriptions of the account's system topics, and those on the account itself.
    pub(super) async fn subscriptions(&self, account: &ResourceId) -> Read<Vec<EventSubscription>> {
        let own = format!("{account}/providers/Microsoft.EventGrid/eventSubscriptions");
        let mut all: Vec<Wire> = match self.list(&own, VERSION).await? {
            MaybeKnown::Read(listed) => listed.unwrap_or_default(),
            MaybeKnown::NotReadable(why) => return Ok(MaybeKnown::NotReadable(why)),
        };
        let path = format!("/subscriptions/{}/providers/Microsoft.EventGrid/systemTopics", account.subscription());
        let topics: Vec<Topic> = match self.list(&path, VERSION).await? {
            MaybeKnown::Read(listed) => listed.unwrap_or_default(),
            MaybeKnown::NotReadable(why) => return Ok(MaybeKnown::NotReadable(why)),
        };
        let is_of_it = |topic: &&Topic| {
            let source = topic.properties.source.as_deref().and_then(ResourceId::parse);
            source.is_some_and(|source| source == *account)
        };
        for topic in topics.iter().filter(is_of_it) {
            match self.list::<Wire>(&format!("{}/eventSubscriptions", topic.id), VERSION).await? {
                MaybeKnown::Read(listed) => all.extend(listed.unwrap_or_default()),
                MaybeKnown::NotReadable(why) => return Ok(MaybeKnown::NotReadable(why)),
            }
        }
        let mut subscriptions: Vec<EventSubscription> = all.into_iter().map(EventSubscription::from).collect();
        subscriptions.sort_by(|one, other| one.name.cmp(&other.name));
        subscriptions.dedup();
        Ok(MaybeKnown::Read(subscriptions))
    }
}

impl From<Wire> for EventSubscription {
    fn from(Wire { name, properties }: Wire) -> Self {
        let by_identity = properties.delivery_with_resource_identity.and_then(|delivery| delivery.destination);
        let destination = properties.destination.or(by_identity).and_then(|destination| destination.properties);
        let state = properties.provisioning_state;
        Self {
            name,
            queue: destination.and_then(|properties| properties.queue_name),
            types: properties.filter.included_event_types.unwrap_or_default(),
            begins_with: properties.filter.subject_begins_with.unwrap_or_default(),
            ends_with: properties.filter.subject_ends_with.unwrap_or_default(),
            is_provisioned: state.is_none_or(|state| state.eq_ignore_ascii_case("Succeeded")),
        }
    }
}
