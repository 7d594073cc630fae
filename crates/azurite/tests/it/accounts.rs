use azurite::{Azurite, NoAccountLeft, Options};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::http;

#[test]
fn every_account_is_handed_out_once() {
    let emulator = Azurite::start_with(&Options { accounts: 3, ..Options::default() }).unwrap();
    let names: Vec<_> = (0..3).map(|_| emulator.account().unwrap().name).collect();
    assert_eq!(names, ["archivist000", "archivist001", "archivist002"]);
    let none_left = emulator.account().unwrap_err();
    assert_eq!(none_left, NoAccountLeft(3));
    assert_eq!(
        none_left.to_string(),
        "all 3 accounts of the emulator are handed out; start it with more in Options::accounts"
    );
}

#[test]
fn an_account_takes_its_key_at_its_address() {
    let emulator = Azurite::shared().unwrap();
    let first = emulator.account().unwrap();
    let port = emulator.ports().blob;
    assert_eq!(first.blob_url, format!("http://127.0.0.1:{port}/{}", first.name));
    for account in [first, emulator.account().unwrap()] {
        let answer = signed_list(port, &account.name, &STANDARD.decode(&account.key).unwrap());
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let refused = signed_list(port, &account.name, b"another key");
        assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");
    }
}

#[test]
fn a_signature_grants_access_without_the_key() {
    let emulator = Azurite::shared().unwrap();
    let account = emulator.account().unwrap();
    let list = |name: &str| {
        let headers = "x-ms-version:2023-11-03\r\n";
        http::get(emulator.ports().blob, &format!("/{name}?comp=list&{}", account.signature()), headers)
    };
    assert!(list(&account.name).starts_with("HTTP/1.1 200 "), "{}", list(&account.name));
    let other = emulator.account().unwrap();
    assert!(list(&other.name).starts_with("HTTP/1.1 403 "), "{}", list(&other.name));
}

/// Returns the response to listing containers, signed with this key.
fn signed_list(port: u16, account: &str, key: &[u8]) -> String {
    let signed = "x-ms-date:Mon, 02 Mar 2026 08:00:00 GMT\nx-ms-version:2025-11-05\n";
    let text = format!("GET{}{signed}/{account}/{account}\ncomp:list", "\n".repeat(12));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let headers = format!("{signed}authorization:SharedKey {account}:{signature}\n").replace('\n', "\r\n");
    http::get(port, &format!("/{account}?comp=list"), &headers)
}
