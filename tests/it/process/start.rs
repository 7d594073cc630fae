//! Problems that prevent a start: one clear message for each, exit code 2 or 3, and unchanged files.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use crate::support::process::{EndedProcess, ProcessEstate, Running, free_port};

/// Runs the handler with additional app settings and expects a refused start.
fn refused(estate: &ProcessEstate, settings: &[(&str, &str)]) -> EndedProcess {
    let mut serve = estate.command(&["serve"]);
    let port = free_port().to_string();
    let ended = Running::start(serve.env("FUNCTIONS_CUSTOMHANDLER_PORT", port).envs(settings.iter().copied())).end();
    assert_eq!(ended.stdout, "", "stdout is for answers");
    ended
}

#[test]
fn without_port_and_configuration_both_are_asked_for() {
    let estate = ProcessEstate::new();
    fs::remove_file(estate.path().join("archivist.yaml")).unwrap();
    let ended = estate.run(&["serve"]);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @r#"
    archivist: no bastion is configured; write archivist.yaml, or name a file with --config or ARCHIVIST_CONFIG
    archivist: FUNCTIONS_CUSTOMHANDLER_PORT is not set; the Functions host sets it, or use `archivist local`
    "#);
}

#[test]
fn every_invalid_app_setting_is_named() {
    let settings = [("ARCHIVIST_CATALOGUE", "postgres:x"), ("FUNCTIONS_CUSTOMHANDLER_PORT", "http")];
    let ended = refused(&ProcessEstate::new(), &settings);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @r#"
    archivist: ARCHIVIST_CATALOGUE: "postgres:x" is not a catalogue; write table or sqlite:PATH
    archivist: FUNCTIONS_CUSTOMHANDLER_PORT: "http" is not a port; write a number from 1 to 65535
    "#);
}

#[test]
fn every_problem_of_the_configuration_is_listed_with_its_line() {
    let estate = ProcessEstate::new();
    estate.write(
        "archivist.yaml",
        "version: 1
bastions:
  - name: bas-test
    recordings: { account_url: \"https://records01.blob.core.windows.net\", container: Recordings }
    colour: blue
matching: { settle_after: soon }
dashboards: {}
notifications:
  channels:
    siem: { kind: webhook, url: https://siem.example/hook, secret_env: SIEM_SECRET }
",
    );
    let ended = refused(&estate, &[]);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @r#"
    archivist: archivist.yaml:3: bastions[0].resource_id: is missing; add resource_id: /subscriptions/…/providers/Microsoft.Network/bastionHosts/…, from the bastion's properties
    archivist: archivist.yaml:4: bastions[0].recordings.container: "Recordings" is not a container's name; write 3 to 63 lower-case letters, digits and single hyphens
    archivist: archivist.yaml:5: bastions[0].colour: is not a known key; remove it; the keys here are access_logs, audit_logs, name, recording_access, recordings, resource_id
    archivist: archivist.yaml:6: matching.settle_after: "soon" is not an ISO 8601 duration of hours, minutes and seconds; write it as PT5M or PT12H
    archivist: archivist.yaml:7: dashboards: is not a known key; remove it; the keys here are bastions, ledger, matching, notifications, privacy, retention, review, state, time_zone, version
    "#);
}

#[test]
fn the_problems_of_app_settings_and_file_are_listed_together() {
    let estate = ProcessEstate::new();
    estate.write("archivist.yaml", "version: 1\nstate: { account_urls: { blob: \"file:///srv/local\" } }\n");
    let connection =
        "DefaultEndpointsProtocol=https;AccountName=st1;AccountKey=aGlkZGVu;EndpointSuffix=core.windows.net";
    let ended = refused(&estate, &[("AzureWebJobsStorage", connection), ("FUNCTIONS_CUSTOMHANDLER_PORT", "http")]);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @r#"
    archivist: AzureWebJobsStorage: the value is not the connection string of a storage emulator on a loopback address; remove it, and set AzureWebJobsStorage__accountName and AzureWebJobsStorage__credential=managedidentity
    archivist: FUNCTIONS_CUSTOMHANDLER_PORT: "http" is not a port; write a number from 1 to 65535
    archivist: archivist.yaml:2: state.account_urls.blob: "file:///srv/local" is a folder; write https://<account>.blob.core.windows.net
    "#);
}

#[test]
fn app_settings_and_file_have_to_go_together() {
    let estate = ProcessEstate::new();
    let ended = refused(&estate, &[("ARCHIVIST_CATALOGUE", "table")]);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @"archivist: ARCHIVIST_CATALOGUE: table has no storage account; write state.account_urls in archivist.yaml, set AzureWebJobsStorage__accountName, or write sqlite:PATH");
    let ended = refused(&estate, &[("AzureWebJobsStorage__queueServiceUri", "https://st1.queue.core.windows.net")]);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @"
    archivist: state.account_urls.blob: is missing; add it, or set AzureWebJobsStorage__blobServiceUri
    archivist: state.account_urls.table: is missing; add it, or set AzureWebJobsStorage__tableServiceUri
    ");
}

#[test]
fn a_missing_named_configuration_is_an_error() {
    let estate = ProcessEstate::new();
    for arguments in [["--config", "other.yaml", "serve"], ["serve", "--config", "other.yaml"]] {
        let ended = estate.run(&arguments);
        assert_eq!(ended.code, Some(2));
        insta::allow_duplicates! { insta::assert_snapshot!(ended.stderr, @r#"
    archivist: failed to read configuration file other.yaml: No such file or directory (os error 2)
    archivist: FUNCTIONS_CUSTOMHANDLER_PORT is not set; the Functions host sets it, or use `archivist local`
    "#); }
    }
}

#[test]
fn a_port_in_use_is_one_clear_message() {
    let estate = ProcessEstate::new();
    let port = free_port();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let port_text = port.to_string();
    let ended = refused(&estate, &[("FUNCTIONS_CUSTOMHANDLER_PORT", &port_text)]);
    assert_eq!(ended.code, Some(3));
    insta::assert_snapshot!(ended.stderr.replace(&port_text, "[port]"), @"archivist: failed to listen on 127.0.0.1:[port]; is another archivist running? choose another port: Address already in use (os error 98)");

    let ended = estate.run(&["local", "--folder", ".", "--port", &port_text]);
    assert_eq!(ended.code, Some(3));
    insta::assert_snapshot!(ended.stderr.replace(&port_text, "[port]"), @"archivist: failed to listen on port [port] of this machine: Address already in use (os error 98)");
    drop(taken);
}

#[test]
fn a_file_that_is_no_database_is_named_and_left_unchanged() {
    let estate = ProcessEstate::new();
    let text = "These are notes, and no database at all.\n".repeat(200);
    estate.write("catalogue.sqlite", &text);
    for ended in [refused(&estate, &[]), estate.run(&["recordings", "list"])] {
        assert_eq!(ended.code, Some(3));
        insta::allow_duplicates! { insta::assert_snapshot!(ended.stderr, @r#"archivist: file "catalogue.sqlite" is not a database, or a damaged one; name another file or restore this one: file is not a database: Error code 26: file is not a database"#); }
    }
    assert_eq!(fs::read_to_string(estate.path().join("catalogue.sqlite")).unwrap(), text);
}

#[test]
fn a_newer_database_is_rejected_and_left_unchanged() {
    let estate = ProcessEstate::new();
    let handler = estate.serve();
    handler.running.terminate();
    assert_eq!(handler.running.end().code, Some(200));
    let path = estate.path().join("catalogue.sqlite");
    let mut newer = fs::read(&path).unwrap();
    // Offset of `user_version` in the file format, big-endian.
    newer[60..64].copy_from_slice(&9_u32.to_be_bytes());
    fs::write(&path, &newer).unwrap();

    for ended in [refused(&estate, &[]), estate.run(&["recordings", "list"])] {
        assert_eq!(ended.code, Some(3));
        insta::allow_duplicates! { insta::assert_snapshot!(ended.stderr, @r#"archivist: database "catalogue.sqlite" has version 9, and this archivist knows versions up to 1: upgrade it"#); }
    }
    assert_eq!(fs::read(&path).unwrap(), newer);
}

#[test]
fn a_catalogue_in_an_impossible_folder_is_one_clear_message() {
    let estate = ProcessEstate::new();
    estate.write("notes", "a file, and no folder");
    let ended = refused(&estate, &[("ARCHIVIST_CATALOGUE", "sqlite:notes/catalogue.sqlite")]);
    assert_eq!(ended.code, Some(3));
    insta::assert_snapshot!(ended.stderr, @"archivist: failed to create folder notes: File exists (os error 17)");
}

#[test]
fn a_missing_catalogue_is_one_clear_message() {
    let ended = ProcessEstate::new().run(&["recordings", "list"]);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @"archivist: nothing is catalogued yet: there is no catalogue at catalogue.sqlite; start the app, run `archivist backfill` or `archivist local`, or name another one: the folder of `archivist local` with --folder DIR, or a file with ARCHIVIST_CATALOGUE=sqlite:PATH");
}

#[test]
fn an_emulator_account_with_an_unknown_key_is_rejected_once() {
    let estate = ProcessEstate::new();
    let configuration = estate.configuration();
    let account = format!("file://{}", estate.path().join("records01").display());
    let recordings = "recordings: { account_url: http://127.0.0.1:10000/records01, container: aux }";
    let more = format!(
        "bastions:\n  - {{ name: a, {recordings}, audit_logs: {{ account_url: http://127.0.0.1:10000/audit01 }} }}\n"
    );
    let configuration = configuration.replace(&account, "http://127.0.0.1:10000/records01");
    estate.write("archivist.yaml", &configuration.replacen("bastions:\n", &more, 1));
    let ended = refused(&estate, &[]);
    assert_eq!(ended.code, Some(2));
    insta::assert_snapshot!(ended.stderr, @"
    archivist: account audit01: the key of the storage emulator is not known; set AzureWebJobsStorage to UseDevelopmentStorage=true, or to the emulator's connection string
    archivist: account records01: the key of the storage emulator is not known; set AzureWebJobsStorage to UseDevelopmentStorage=true, or to the emulator's connection string
    ");
}
