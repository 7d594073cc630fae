//! Signatures of a bundle.

use evidence::{KeyError, Problem, SignatureState, SigningKey, VerifyingKey};

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
    assert_eq!(findings[0].problem, Problem::Signature);
    assert!(matches!(proof.signature, SignatureState::Wrong { .. }));
}

#[test]
fn a_missing_signature_is_a_finding_if_a_key_is_given() {
    let bundle = Parts { is_signed: false, ..Parts::default() }.bundle();
    assert_eq!(checked(&bundle).1[0].problem, Problem::Signature);
    let (proof, findings) = checked_with(&bundle, None, None);
    assert_eq!((proof.signature, findings.len()), (SignatureState::Unsigned, 0));
}

#[test]
fn a_file_that_is_no_key_is_refused_with_a_reason() {
    assert_eq!(VerifyingKey::from_pem(SECRET), Err(KeyError::NotPem("PUBLIC KEY")));
    assert_eq!(SigningKey::from_pem(OTHER).err(), Some(KeyError::NotPem("PRIVATE KEY")));
    let encrypted = SECRET.replace("PRIVATE", "ENCRYPTED PRIVATE");
    assert_eq!(SigningKey::from_pem(&encrypted).err(), Some(KeyError::Encrypted));
    let cut = "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----";
    assert_eq!(SigningKey::from_pem(cut).err(), Some(KeyError::NotEd25519));
}
