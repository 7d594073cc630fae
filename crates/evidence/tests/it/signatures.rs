//! Signatures of a bundle.

use evidence::{BundleProblem, Ed25519Key, KeyError, SignatureState, VerifyingKey, p256_signature};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

use crate::bundle::{Parts, SECRET, checked, checked_with, key};

/// Made for this test by `openssl genpkey`, with its public key.
const OTHER: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

#[test]
fn a_signed_bundle_without_a_key_has_an_unknown_signer() {
    let (proof, findings) = checked_with(&Parts::default().bundle(), None, None);
    assert_eq!(findings, []);
    assert_eq!(proof.signature, SignatureState::NotChecked { keys: vec![key().public().id().to_owned()] });
}

#[test]
fn a_bundle_signed_by_the_given_key_is_valid() {
    let (proof, _) = checked(&Parts::default().bundle());
    assert_eq!(proof.signature, SignatureState::Valid { key: key().public().id().to_owned() });
}

#[test]
fn a_wrong_key_is_a_finding() {
    let other = VerifyingKey::from_pem(OTHER).unwrap();
    let (proof, findings) = checked_with(&Parts::default().bundle(), Some(&other), None);
    assert_eq!(findings[0].problem, BundleProblem::Signature);
    assert!(matches!(proof.signature, SignatureState::Wrong { .. }));
}

#[test]
fn a_missing_signature_is_a_finding_if_a_key_is_given() {
    let bundle = Parts { is_signed: false, ..Parts::default() }.bundle();
    assert_eq!(checked(&bundle).1[0].problem, BundleProblem::Signature);
    let (proof, findings) = checked_with(&bundle, None, None);
    assert_eq!((proof.signature, findings.len()), (SignatureState::Unsigned, 0));
}

#[test]
fn a_file_that_is_no_key_is_refused_with_a_reason() {
    assert_eq!(VerifyingKey::from_pem(SECRET), Err(KeyError::NotPem("PUBLIC KEY")));
    assert_eq!(Ed25519Key::from_pem(OTHER).err(), Some(KeyError::NotPem("PRIVATE KEY")));
    let encrypted = SECRET.replace("PRIVATE", "ENCRYPTED PRIVATE");
    assert_eq!(Ed25519Key::from_pem(&encrypted).err(), Some(KeyError::Encrypted));
    let cut = "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----";
    assert_eq!(Ed25519Key::from_pem(cut).err(), Some(KeyError::NotEd25519));
}

/// Returns both numbers of a signature one after the other, with these beginnings.
fn numbers(r: &[u8], s: &[u8]) -> [u8; 64] {
    let mut numbers = [0; 64];
    numbers[32 - r.len()..32].copy_from_slice(r);
    numbers[64 - s.len()..].copy_from_slice(s);
    numbers
}

#[test]
fn the_numbers_of_an_ecdsa_signature_become_positive_integers_without_leading_zeros() {
    assert_eq!(p256_signature(&numbers(&[1], &[0x7f])), [0x30, 6, 2, 1, 1, 2, 1, 0x7f]);
    assert_eq!(p256_signature(&numbers(&[0x80], &[1, 0])), [0x30, 8, 2, 2, 0, 0x80, 2, 2, 1, 0]);
    assert_eq!(p256_signature(&[0xff; 64]).len(), 72);
    assert_eq!(p256_signature(&[0; 64]), [0x30, 6, 2, 1, 0, 2, 1, 0]);
}

#[test]
fn a_p256_signature_of_two_numbers_is_verified() {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
    let point = pair.public_key().as_ref();
    let key = VerifyingKey::p256(point[1..33].try_into().unwrap(), point[33..].try_into().unwrap());
    let signature = p256_signature(pair.sign(&random, b"message").unwrap().as_ref().try_into().unwrap());
    assert!(key.verifies(b"message", &signature));
    assert!(!key.verifies(b"another message", &signature));
}
