//! Tests of the handler process: its environment, and the reaction to its end.

use std::fs;
use std::future::pending;
use std::path::Path;
use std::sync::{Arc, Mutex};

use adapters_local::DrivenClock;
use host_stand_in::{ConsoleLevel, HandlerGivenUp, HandlerPlace, HandlerProcess, HandlerStart};
use tempfile::TempDir;
use tokio::sync::{Notify, oneshot};

use crate::support::{NOW, probe};

/// Handler implemented by a shell script, and its output.
struct Scripted {
    folder: TempDir,
    lines: Arc<Mutex<Vec<(ConsoleLevel, String)>>>,
    written: Arc<Notify>,
    process: HandlerProcess,
}

/// Answers every request on the port assigned by the host.
const SERVE: &str = r#"exec python3 -c '
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["FUNCTIONS_CUSTOMHANDLER_PORT"])), Handler).serve_forever()
'"#;

impl Scripted {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("handler.sh"), script).unwrap();
        let start = HandlerStart {
            executable: "/bin/sh".into(),
            arguments: vec!["handler.sh".to_owned()],
            app_root: "/app".into(),
            working_directory: folder.path().to_owned(),
            app_settings: [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("OWN", "x")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let lines: Arc<Mutex<Vec<_>>> = Arc::default();
        let written: Arc<Notify> = Arc::default();
        let (log, rung) = (lines.clone(), written.clone());
        let console = Arc::new(move |level, line: &str| {
            log.lock().unwrap().push((level, line.to_owned()));
            rung.notify_one();
        });
        let process = HandlerProcess::new(start, Arc::new(DrivenClock::at(NOW)), console);
        Self { folder, lines, written, process }
    }
}

/// Waits until the handler responds, and returns its response.
async fn answer(place: &HandlerPlace) -> String {
    probe(place).await.unwrap()
}

#[tokio::test]
async fn the_handler_gets_port_id_and_app_settings_only() {
    let script = format!("env | grep -v -E '^(_|PWD|SHLVL|OLDPWD)=' | sort; echo end\n{SERVE}");
    let Scripted { lines, process, folder, .. } = Scripted::new(&script);
    let place = process.place();
    tokio::select! {
        given_up = process.run(pending()) => panic!("{given_up:?}"),
        _ = answer(&place) => {}
    }
    drop(folder);
    let lines = lines.lock().unwrap();
    let environment: Vec<(&str, &str)> = lines.iter().filter_map(|(_, line)| line.split_once('=')).collect();
    let names: Vec<&str> = environment.iter().map(|(name, _)| *name).collect();
    let given = [
        "FUNCTIONS_APP_ROOT_PATH",
        "FUNCTIONS_CUSTOMHANDLER_PORT",
        "FUNCTIONS_CUSTOMHANDLER_WORKER_ID",
        "FUNCTIONS_HTTPWORKER_ID",
        "FUNCTIONS_HTTPWORKER_PORT",
        "OWN",
        "PATH",
    ];
    assert_eq!(names, given);
    let value = |name| environment.iter().find(|(known, _)| *known == name).unwrap().1;
    assert_eq!(value("FUNCTIONS_APP_ROOT_PATH"), "/app");
    assert_eq!(value("FUNCTIONS_CUSTOMHANDLER_PORT"), value("FUNCTIONS_HTTPWORKER_PORT"));
    assert_eq!(value("FUNCTIONS_CUSTOMHANDLER_WORKER_ID"), value("FUNCTIONS_HTTPWORKER_ID"));
    assert_eq!(value("FUNCTIONS_HTTPWORKER_ID").split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
}

#[tokio::test]
async fn handler_output_is_information_warning_or_error() {
    let scripted = Scripted::new("echo warn; echo broken >&2; echo '3 Warnings' >&2; exit 1");
    let lines = scripted.lines.clone();
    scripted.process.run(pending()).await.unwrap_err();
    let lines = lines.lock().unwrap();
    assert!(lines.contains(&(ConsoleLevel::Information, "warn".to_owned())));
    assert!(lines.contains(&(ConsoleLevel::Error, "broken".to_owned())));
    assert!(lines.contains(&(ConsoleLevel::Warning, "3 Warnings".to_owned())));
    assert_eq!(lines.len(), 9, "three starts, three lines each");
}

#[tokio::test]
async fn the_third_failure_stops_the_host() {
    let scripted = Scripted::new("exit 3");
    let place = scripted.process.place();
    let HandlerGivenUp { failures, last } = scripted.process.run(pending()).await.unwrap_err();
    assert_eq!((failures, last.as_str()), (3, "ended with exit status: 3"));
    assert!(probe(&place).await.is_none());
}

#[tokio::test]
async fn a_missing_program_is_a_failure() {
    let start = HandlerStart {
        executable: "no-such-program".into(),
        arguments: Vec::new(),
        app_root: Path::new("/").to_owned(),
        working_directory: Path::new("/").to_owned(),
        app_settings: Default::default(),
    };
    let process = HandlerProcess::new(start, Arc::new(DrivenClock::at(NOW)), Arc::new(|_, _| {}));
    assert!(process.run(pending()).await.unwrap_err().last.starts_with("could not be started"));
}

#[tokio::test]
async fn after_exit_code_0_the_handler_is_not_restarted() {
    let scripted = Scripted::new("echo started; exit 0");
    let place = scripted.process.place();
    let (lines, stop) = (scripted.lines.clone(), oneshot::channel::<()>());
    let running = tokio::spawn(scripted.process.run(async { drop(stop.1.await) }));
    assert!(probe(&place).await.is_none(), "every invocation fails");
    stop.0.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert_eq!(lines.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn exit_code_200_never_counts_as_a_failure() {
    // The sixth start serves; each start writes its port.
    let script = format!(
        "echo $FUNCTIONS_CUSTOMHANDLER_PORT; echo x >> starts; [ $(wc -l < starts) -gt 5 ] || exit 200\n{SERVE}"
    );
    let scripted = Scripted::new(&script);
    let place = scripted.process.place();
    let (lines, folder) = (scripted.lines.clone(), scripted.folder);
    tokio::select! {
        given_up = scripted.process.run(pending()) => panic!("{given_up:?}"),
        _ = answer(&place) => {}
    }
    assert_eq!(lines.lock().unwrap().len(), 6);
    drop(folder);
}

#[tokio::test]
async fn a_killed_handler_is_restarted_at_a_new_address() {
    let scripted = Scripted::new(SERVE);
    let place = scripted.process.place();
    let script = async {
        let first = answer(&place).await;
        assert!(std::process::Command::new("/bin/kill").args(["-9", &first]).status().unwrap().success());
        // Probe again until the address has changed.
        loop {
            match probe(&place).await {
                Some(second) if second != first => return,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    tokio::select! {
        given_up = scripted.process.run(pending()) => panic!("{given_up:?}"),
        () = script => {}
    }
}

#[tokio::test]
async fn kills_by_the_host_never_count_as_failures() {
    let scripted = Scripted::new(SERVE);
    let (place, killer) = (scripted.process.place(), scripted.process.killer());
    let script = async {
        let mut last = answer(&place).await;
        for kills in 1..=5 {
            killer.kill();
            last = loop {
                match probe(&place).await {
                    Some(next) if next != last => break next,
                    _ => tokio::task::yield_now().await,
                }
            };
            assert_eq!(killer.kills(), kills);
        }
    };
    tokio::select! {
        given_up = scripted.process.run(pending()) => panic!("{given_up:?}"),
        () = script => {}
    }
}

#[tokio::test]
async fn stopping_kills_a_handler_that_ignores_signals() {
    let scripted = Scripted::new(&format!("trap '' TERM INT\necho $$\n{SERVE}"));
    let (lines, written) = (scripted.lines.clone(), scripted.written.clone());
    scripted.process.run(async move { written.notified().await }).await.unwrap();
    let id = lines.lock().unwrap()[0].1.clone();
    let alive = std::process::Command::new("/bin/kill").args(["-0", &id]).output().unwrap().status.success();
    assert!(!alive, "process {id} is still there");
}
