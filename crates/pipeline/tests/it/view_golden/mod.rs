//! Golden files of the public forms, version 1, which every later archivist must still write.

mod recordings;
mod sessions;

use std::path::Path;

use serde::Serialize;

fn check(file: &str, view: &impl Serialize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/view-v1").join(file);
    let golden = std::fs::read_to_string(&path).unwrap();
    let written = serde_json::to_string_pretty(view).unwrap();
    assert_eq!(written.trim_end(), golden.trim_end(), "{file}: the public form is version 1 and does not change");
}
