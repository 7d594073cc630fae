//! Draws a picture of each card for the documentation, from the output of `archivist notify preview`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::record::notification::Event;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, Running};

/// Maximum size of a picture in bytes.
const HEAVIEST: usize = 48_000;
/// PNG text chunk that precedes the mark of a picture's card.
const KEYWORD: &[u8] = b"tEXtCard\0";

const YAML: &str = "version: 1
notifications:
  page_url: https://archivist.contoso.example/ui
  channels:
    teams: { kind: teams, url_env: URL }
    slack: { kind: slack, url_env: URL }
";

/// Returns the message that a channel would get for a sample.
fn preview(home: &Path, channel: &str, event: Event) -> String {
    let mut command = Command::new(ARCHIVIST);
    command.args(["notify", "preview", channel, "--event", event.name()]).env_clear().current_dir(home);
    let ended = Running::start(command.env("URL", "https://receiver.example/x")).end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{channel} {}", event.name());
    ended.stdout
}

/// Hash over the content of a card without its times and ids; two cards of the same sample have the same mark.
fn mark(messages: &[&str]) -> String {
    let mut hash = Sha256::new();
    for message in messages {
        let mut rest = *message;
        while let Some((before, after)) = rest.split_once("ntf") {
            hash.update(timeless(before));
            rest = after.trim_start_matches(|sign: char| "_\\".contains(sign) || sign.is_ascii_alphanumeric());
        }
        hash.update(timeless(rest));
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn timeless(text: &str) -> String {
    text.replace(|sign: char| sign.is_ascii_digit(), "0")
}

/// Returns the mark in a picture, or `None` if it has none.
fn marked(picture: &[u8]) -> Option<String> {
    let at = picture.windows(KEYWORD.len()).position(|window| window == KEYWORD)? + KEYWORD.len();
    String::from_utf8(picture.get(at..at + 16)?.to_vec()).ok()
}

/// Draws the cards into the folder. Returns the problems.
fn draw(folder: &Path, cards: &[Value]) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for packages in ["browser", "cards"] {
        azurite::installed(&tests.join(packages)).unwrap();
    }
    let mut node = Command::new("node");
    node.arg("draw.mjs").current_dir(tests.join("cards"));
    node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = node.spawn().unwrap();
    let asked = json!({ "folder": folder, "cards": cards });
    process.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.success(), said.is_empty(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// `UPDATE_PICTURES=1 cargo test --test it cards` redraws the pictures of the documentation.
#[test]
#[expect(clippy::disallowed_methods, reason = "a switch of the test itself, not a setting of the product")]
fn the_documentation_shows_the_card_of_every_event_as_it_is() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("archivist.yaml"), YAML).unwrap();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let shown = docs.join("pictures/cards");
    let cards: Vec<Value> = Event::ALL
        .into_iter()
        .map(|event| {
            let [teams, slack] = ["teams", "slack"].map(|channel| preview(home.path(), channel, event));
            let message = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            let mark = mark(&[&teams, &slack]);
            json!({ "name": event.name(), "mark": mark, "teams": message(&teams), "slack": message(&slack) })
        })
        .collect();
    let is_update = std::env::var_os("UPDATE_PICTURES").is_some();
    let folder = if is_update {
        shown.clone()
    } else {
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots").join("cards")
    };
    assert_eq!(draw(&folder, &cards), "");

    let page = fs::read_to_string(docs.join("notifications.md")).unwrap();
    let mut names = BTreeSet::new();
    for card in &cards {
        let name = format!("{}.png", card["name"].as_str().unwrap());
        let picture = fs::read(shown.join(&name)).unwrap_or_default();
        let expected = card["mark"].as_str();
        assert_eq!(marked(&picture).as_deref(), expected, "{name}: UPDATE_PICTURES=1 cargo test --test it cards");
        assert!(picture.len() <= HEAVIEST, "{name} has {} bytes", picture.len());
        assert!(page.contains(&format!("(pictures/cards/{name})")), "{name} is not shown");
        names.insert(name);
    }
    let there = fs::read_dir(&shown).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(there.collect::<BTreeSet<_>>(), names);
}

#[test]
fn a_changed_card_has_another_mark() {
    let one = r#"{"a":"kept until 2027-03-02","b":"ntf\\_5p2s0vz1d2jyqwfjvf0y40by73"}"#;
    let later = r#"{"a":"kept until 2028-04-12","b":"ntf\\_0sax0vz1d2jyqwfjvf0y40by88"}"#;
    assert_eq!(mark(&[one]), mark(&[later]));
    assert_ne!(mark(&[one]), mark(&[&one.replace("kept", "held")]));
}
