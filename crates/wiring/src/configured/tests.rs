//! Shared configurations that are valid, invalid or gone.

use async_trait::async_trait;
use domain::cloud::ExtraSuffixes;
use pipeline::ports::{Fault, TaggedText};

use super::*;

/// Present text of the blob, and its last good text.
#[derive(Clone, Copy)]
struct Source(Option<&'static str>, Option<&'static str>);

#[async_trait]
impl ConfigurationSource for Source {
    async fn read(&self, _: Option<&str>) -> Result<ConfigurationRead, Fault> {
        let found = self.0.map(|text| TaggedText { text: text.to_owned(), tag: "0x1".to_owned() });
        Ok(found.map_or(ConfigurationRead::Nothing, ConfigurationRead::Text))
    }

    async fn replace(&self, _: Option<&str>, _: &str) -> Result<Option<String>, Fault> {
        Ok(None)
    }

    async fn keep(&self, _: &str, _: &str) -> Result<(), Fault> {
        Ok(())
    }

    async fn last_good(&self) -> Result<Option<String>, Fault> {
        Ok(self.1.map(str::to_owned))
    }
}

async fn read(source: Source) -> Result<ConfigurationText, String> {
    let url = "https://starchivist.blob.core.windows.net/configuration/archivist.yaml";
    let url = BlobUrl::parse(url, &ExtraSuffixes::default()).unwrap();
    or_last_good(&url, Arc::new(source)).await.map_err(|error| error.message())
}

#[tokio::test]
async fn a_start_uses_the_present_configuration() {
    let taken = read(Source(Some("new"), Some("old"))).await.unwrap();
    assert_eq!((taken.text.as_str(), taken.shared.unwrap().tag.as_deref()), ("new", Some("0x1")));
}

#[tokio::test]
async fn a_start_uses_the_last_good_version_if_the_present_is_missing() {
    let taken = read(Source(None, Some("old"))).await.unwrap();
    let shared = taken.shared.unwrap();
    assert_eq!((taken.text.as_str(), shared.digest, shared.tag), ("old", digest("old"), None));
}

#[tokio::test]
async fn a_start_without_any_version_explains_the_push() {
    let problem = read(Source(None, None)).await.err().unwrap();
    assert!(problem.contains("put one there with `archivist config push --app"), "{problem}");
}

fn bastion(container: &str) -> String {
    format!(
        "version: 1\nbastions:\n  - name: bas-1\n    resource_id: /subscriptions/s/resourceGroups/r/providers/Microsoft.Network/bastionHosts/bas-1\n    recordings: {{ account_url: https://st1.blob.core.windows.net, container: {container} }}\n"
    )
}

fn settings(pairs: &[(&str, &str)]) -> AppSettingNames {
    AppSettingNames::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()).0
}

const HOOK: &str =
    "notifications: { channels: { siem: { kind: webhook, url: https://siem.example/x, secret_env: S } } }\n";

#[tokio::test]
async fn a_start_uses_the_last_good_version_if_the_newest_is_wrong() {
    let good: &'static str = bastion("recordings").leak();
    let wrong = [
        "nonsense".to_owned(),
        "version: 1\n".to_owned(),
        format!("{good}{}", HOOK.replace("siem.example", "10.0.0.1")),
        format!("{good}{}", HOOK.replace("https://siem.example", "http://127.0.0.1")),
        format!(
            "{good}notifications: {{ channels: {{ t: {{ kind: event_grid, endpoint: http://t.example/api/events }} }} }}\n"
        ),
        format!("{good}state: {{ account_urls: {{ blob: https://st1.blob.core.windows.net }} }}\n"),
        good.replace("https://st1.blob.core.windows.net", "http://127.0.0.1:10000/devstoreaccount1"),
    ];
    for newest in wrong {
        let text = read(Source(Some(newest.clone().leak()), Some(good))).await.unwrap();
        let (configuration, shared) = chosen(text, &settings(&[])).await.map_err(|error| error.message()).unwrap();
        let shared = shared.unwrap();
        assert_eq!(configuration.bastions[0].recordings[0].container.as_str(), "recordings");
        assert_eq!((shared.digest.as_str(), shared.tag.as_deref()), (digest(good).as_str(), Some("0x1")));
        assert!(shared.refused.is_some_and(|problems| !problems.is_empty()), "{newest}");
    }
}

#[tokio::test]
async fn a_channel_without_its_secret_does_not_reject_a_version() {
    let newest = format!("{}{HOOK}", bastion("newest"));
    let text = read(Source(Some(newest.leak()), Some(bastion("recordings").leak()))).await.unwrap();
    let (configuration, shared) = chosen(text, &settings(&[])).await.map_err(|error| error.message()).unwrap();
    assert_eq!((configuration.off.len(), shared.unwrap().refused), (1, None));
}
