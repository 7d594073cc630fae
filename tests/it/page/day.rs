//! The page of the sample day.

use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::browser;
use crate::support::process::{ARCHIVIST, Running};

#[test]
fn the_page_of_the_sample_day_is_accessible() {
    let home = TempDir::new().unwrap();
    let mut command = Command::new(ARCHIVIST);
    command.args(["local", "--sample", "--port", "0"]).env_clear().current_dir(home.path());
    let mut day = Running::start(&mut command);
    let line = day.line_with("The catalogue is at ").expect("it says where the page is");
    let address = line.strip_prefix("The catalogue is at http://localhost:").unwrap();
    let port = address.strip_suffix("/ui/").unwrap().parse().unwrap();
    day.line_with("The six weeks are over").expect("it says when the weeks are over");

    assert_eq!(browser::check("day", port, &json!({})), "");
    day.terminate();
    assert_eq!(day.end().code, Some(0));
}
