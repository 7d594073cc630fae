use std::fs;
use std::path::Path;
use std::sync::Arc;

use azurite::{Azurite, Certificate, EmulatorPorts, Options};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::http;

/// Certificate of the channels' test receiver, its authority, and the host name it is valid for.
const CERTIFICATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../channels/tests/fixtures/certificates");
const NAME: &str = "receiver.test";

#[test]
fn with_a_certificate_it_speaks_https_and_takes_bearer_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate {
        certificate: pem("receiver.der", "CERTIFICATE", folder.path()),
        key: pem("receiver.key.der", "PRIVATE KEY", folder.path()),
    };
    let emulator = Azurite::start_with(&Options { certificate: Some(certificate), ..Options::default() }).unwrap();
    let account = emulator.account().unwrap();
    let EmulatorPorts { blob, queue, .. } = emulator.ports();
    assert_eq!(account.blob_url, format!("https://localhost:{blob}/archivist000"));
    for (port, audience) in [(blob, "https://storage.azure.com"), (queue, "https://storage.azure.com")] {
        let answer = list(port, &account.name, audience);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let refused = list(blob, &account.name, "https://elsewhere.example");
    assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");
}

fn list(port: u16, account: &str, audience: &str) -> String {
    let bearer = format!("authorization: Bearer {}\r\nx-ms-version: 2025-11-05\r\n", token(audience));
    let date = "x-ms-date: Mon, 02 Mar 2026 08:00:00 GMT\r\n";
    http::exchange(&mut connect(port), &format!("/{account}?comp=list"), &format!("{bearer}{date}"))
}

/// Unsigned token, valid from 1970 to 2099.
fn token(audience: &str) -> String {
    let claims = format!(
        r#"{{"aud":"{audience}","iss":"https://sts.windows.net/00000000-0000-0000-0000-000000000001/","iat":0,"nbf":0,"exp":4102444800,"oid":"a","tid":"b"}}"#
    );
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
    format!("{header}.{}.x", URL_SAFE_NO_PAD.encode(claims))
}

fn connect(port: u16) -> StreamOwned<ClientConnection, std::net::TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(fs::read(format!("{CERTIFICATES}/ca.der")).unwrap())).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    let session = ClientConnection::new(Arc::new(config.with_no_client_auth()), NAME.try_into().unwrap()).unwrap();
    StreamOwned::new(session, http::connect(port).unwrap())
}

/// Converts a certificate or key to PEM in this folder, as the emulator requires.
fn pem(name: &str, label: &str, folder: &Path) -> std::path::PathBuf {
    let base64 = STANDARD.encode(fs::read(format!("{CERTIFICATES}/{name}")).unwrap());
    let path = folder.join(name);
    fs::write(&path, format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")).unwrap();
    path
}
