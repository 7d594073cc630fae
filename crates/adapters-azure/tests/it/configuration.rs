//! The shared configuration on the emulator.

use adapters_azure::AzureConfiguration;
use domain::address::{BlobName, ContainerName};
use pipeline::ports::{ConfigurationRead, ConfigurationSource, TaggedText};

use crate::emulated;

fn configuration() -> AzureConfiguration {
    let account = emulated::account();
    let (container, name) =
        (ContainerName::parse("configuration").unwrap(), BlobName::parse("archivist.yaml").unwrap());
    let endpoint = emulated::endpoint(&account.blob_url);
    AzureConfiguration::new(&emulated::access(&account), &endpoint, &container, &name).unwrap()
}

#[tokio::test]
async fn without_a_push_there_is_no_configuration() {
    let configuration = configuration();
    assert_eq!(configuration.read(None).await.unwrap(), ConfigurationRead::Nothing);
    assert_eq!(configuration.last_good().await.unwrap(), None);
}

#[tokio::test]
async fn a_pushed_configuration_is_read_once_and_then_unchanged() {
    let configuration = configuration();
    let tag = configuration.replace(None, "version: 1\n").await.unwrap().unwrap();
    let pushed = ConfigurationRead::Text(TaggedText { text: "version: 1\n".to_owned(), tag: tag.clone() });
    assert_eq!(configuration.read(None).await.unwrap(), pushed);
    assert_eq!(configuration.read(Some(&tag)).await.unwrap(), ConfigurationRead::Same);
}

#[tokio::test]
async fn a_push_over_an_unseen_version_fails() {
    let configuration = configuration();
    let first = configuration.replace(None, "one").await.unwrap().unwrap();
    assert_eq!(configuration.replace(None, "over it").await.unwrap(), None);
    let second = configuration.replace(Some(&first), "two").await.unwrap().unwrap();
    assert_eq!(configuration.replace(Some(&first), "late").await.unwrap(), None);
    let ConfigurationRead::Text(found) = configuration.read(Some(&first)).await.unwrap() else {
        panic!("another text is there")
    };
    assert_eq!((found.text.as_str(), found.tag), ("two", second));
}

#[tokio::test]
async fn the_last_good_configuration_is_the_last_one_kept() {
    let configuration = configuration();
    configuration.replace(None, "one").await.unwrap();
    for (digest, text) in [("sha256:1", "one"), ("sha256:2", "two"), ("sha256:2", "two")] {
        configuration.keep(digest, text).await.unwrap();
    }
    assert_eq!(configuration.last_good().await.unwrap().as_deref(), Some("two"));
}
