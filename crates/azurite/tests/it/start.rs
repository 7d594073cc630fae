use azurite::{Azurite, EmulatorError, EmulatorPorts, Options};

use crate::http;

#[test]
fn all_three_services_answer() {
    let emulator = Azurite::shared().unwrap();
    let EmulatorPorts { blob, queue, table } = emulator.ports();
    for (port, service) in [(blob, "Azurite-Blob/"), (queue, "Azurite-Queue/"), (table, "Azurite-Table/")] {
        let answer = http::get(port, "/archivist000?comp=list", "");
        assert!(answer.contains(service), "{answer}");
    }
}

#[test]
fn a_process_shares_one_emulator() {
    let [one, other] = [(); 2].map(|()| Azurite::shared().unwrap());
    assert_eq!(one.ports(), other.ports());
    assert_ne!(one.account().unwrap(), other.account().unwrap());
}

#[test]
fn a_taken_port_is_reported_in_the_emulator_output() {
    let emulator = Azurite::start().unwrap();
    let taken = Options { ports: emulator.ports(), ..Options::default() };
    let EmulatorError::NotReady { output } = Azurite::start_with(&taken).unwrap_err() else {
        panic!("another error")
    };
    assert!(output.contains("EADDRINUSE"), "{output}");
}

#[test]
fn a_persistent_folder_can_be_reused() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Options { location: Some(folder.path().to_owned()), ..Options::default() };
    for _ in 0..2 {
        drop(Azurite::start_with(&kept).unwrap());
        assert!(folder.path().join("__azurite_db_blob__.json").is_file());
    }
}
