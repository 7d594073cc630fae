use async_trait::async_trait;
use pipeline::ports::{Fault, TaggedText};

use super::*;

/// What stands in the blob, and what stood there last that was right.
#[derive(Clone, Copy)]
struct Source(Option<&'static str>, Option<&'static str>);

#[async_trait]
impl ConfigurationSource for Source {
    async fn read(&self, _: Option<&str>) -> Result<Look, Fault> {
        let found = self.0.map(|text| TaggedText { text: text.to_owned(), tag: "0x1".to_owned() });
        Ok(found.map_or(Look::Nothing, Look::Text))
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

async fn read(source: Source) -> Result<Text, String> {
    let url = BlobUrl::parse("https://starchivist.blob.core.windows.net/configuration/archivist.yaml").unwrap();
    or_last_good(&url, Arc::new(source)).await.map_err(|error| error.message())
}

#[tokio::test]
async fn a_start_takes_what_stands_there() {
    let taken = read(Source(Some("new"), Some("old"))).await.unwrap();
    assert_eq!((taken.text.as_str(), taken.shared.unwrap().tag.as_deref()), ("new", Some("0x1")));
}

#[tokio::test]
async fn a_start_takes_the_last_good_version_where_none_stands_there_any_more() {
    let taken = read(Source(None, Some("old"))).await.unwrap();
    let shared = taken.shared.unwrap();
    assert_eq!((taken.text.as_str(), shared.digest, shared.tag), ("old", digest("old"), None));
}

#[tokio::test]
async fn where_none_ever_stood_there_a_start_says_how_to_put_one() {
    let problem = read(Source(None, None)).await.err().unwrap();
    assert!(problem.contains("put one there with `archivist config push --app"), "{problem}");
}
