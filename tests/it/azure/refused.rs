//! A packaged app that refuses to start.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};

use adapters_local::SystemClock;
use host_stand_in::{AppFolder, ConsoleLevel, HandlerProcess};

use crate::support::azure::{EmulatorAccount, app_settings, packaged};

#[test]
fn a_packaged_app_reports_a_wrong_configuration() {
    let account = EmulatorAccount::new();
    let app = packaged(&account.configuration("soon", "PT1M", "siem: { kind: webhook }"));
    let folder = AppFolder::open(app.path(), &app_settings(&account, &[])).unwrap();
    let lines: Arc<Mutex<Vec<(ConsoleLevel, String)>>> = Arc::default();
    let written = lines.clone();
    let console = Arc::new(move |level, line: &str| {
        written.lock().unwrap_or_else(PoisonError::into_inner).push((level, line.to_owned()));
    });
    let process = HandlerProcess::new(folder.start, Arc::new(SystemClock), console);
    let given_up = account.runtime.block_on(process.run(pending())).unwrap_err();
    assert_eq!(given_up.to_string(), "the handler failed 3 times, the last time it ended with exit status: 2");

    let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(lines.iter().all(|(level, _)| *level == ConsoleLevel::Error), "{lines:?}");
    let (said, again) = lines.split_at(lines.len() / 3);
    assert_eq!([said, said].concat(), again, "the same at every start");
    let said = said.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(said, @r#"
    archivist: archivist.yaml:5: matching.settle_after: "soon" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H
    archivist: archivist.yaml:6: notifications.channels.siem.secret_env: is missing; add secret_env, as in secret_env: SIEM_SECRET
    archivist: archivist.yaml:6: notifications.channels.siem.url: is missing; add url: https://…, or url_env with the name of the app setting that holds it
    "#);
}
