//! Tells apart who made an access, as far as the log says.

use core::net::IpAddr;
use std::sync::Arc;

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{digest, named};

/// Longest text kept of an identity or a hash, in characters.
const LONGEST: usize = 200;

/// Kind of authentication of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Authentication {
    /// Token of an identity.
    Identity,
    /// Shared access signature.
    Sas,
    /// Key of the account.
    AccountKey,
    /// None.
    Anonymous,
    /// Another kind, or not in the log.
    Other,
}

named!(Authentication: ALL, name, parse);

impl Authentication {
    /// Parses the kind as the log writes it, for example `OAuth`, `SAS`, `SAS Key` or `AccountKey`.
    pub fn of_log(text: &str) -> Self {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.to_ascii_lowercase().as_str() {
            "oauth" | "kerberos" => Self::Identity,
            "sas" | "saskey" | "delegationsas" | "userdelegationsas" => Self::Sas,
            "accountkey" | "sharedkey" => Self::AccountKey,
            "anonymous" => Self::Anonymous,
            _ => Self::Other,
        }
    }
}

/// Identity or token behind a request. Every field is a claim of the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accessor {
    /// Kind of authentication.
    pub authentication: Authentication,
    /// User principal name. `None` for applications and signatures.
    pub person: Option<Arc<str>>,
    /// Object id of the identity.
    pub object_id: Option<Arc<str>>,
    /// Id of the application.
    pub application_id: Option<Arc<str>>,
    /// Hash of the signature or key, as the log writes it. `None` for tokens of an identity, whose hash changes hourly.
    pub token_hash: Option<Arc<str>>,
}

/// Identity of a reader over several requests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId(pub Arc<str>);

/// Part in which somebody accesses a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AccessRole {
    /// The archivist itself.
    Archivist,
    /// The bastion that wrote the recording.
    Bastion,
    /// Certainly neither of them.
    Other,
    /// Not known.
    Unknown,
}

named!(AccessRole: ALL, name);

/// Identities of the archivist and of a bastion: object ids and application ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownIdentities {
    /// Ids of the archivist.
    pub archivist: Vec<String>,
    /// Ids of the bastion.
    pub bastion: Vec<String>,
}

impl Accessor {
    /// Creates an accessor from the texts of the log, without characters that could act on a terminal.
    pub fn of_log(authentication: &str, [person, object_id, application_id, token_hash]: [Option<&str>; 4]) -> Self {
        let kept = |text: Option<&str>| -> Option<Arc<str>> {
            let text: String = text?.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
            (!text.is_empty()).then(|| text.into())
        };
        let authentication = Authentication::of_log(authentication);
        if authentication != Authentication::Identity {
            // The log may name the identity that signed a delegated signature, and not the one that used it.
            let token_hash = kept(token_hash);
            return Self { authentication, person: None, object_id: None, application_id: None, token_hash };
        }
        let (person, object_id, application_id) = (kept(person), kept(object_id), kept(application_id));
        Self { authentication, person, object_id, application_id, token_hash: None }
    }

    /// Returns the reader: the identity if the log names one, or else the token's hash with the address.
    pub fn reader(&self, address: Option<IpAddr>) -> ReaderId {
        let identity = self.object_id.as_ref().or(self.person.as_ref()).or(self.application_id.as_ref());
        let text = match identity {
            Some(identity) => format!("id {}", identity.to_lowercase()),
            None => {
                let hash = self.token_hash.as_deref().unwrap_or_default();
                let address = address.map_or_else(String::new, |address| address.to_string());
                format!("{} {hash} {address}", self.authentication.name())
            }
        };
        ReaderId(text.into())
    }

    /// Returns true if the log names an identity.
    pub fn is_named(&self) -> bool {
        self.object_id.is_some() || self.person.is_some() || self.application_id.is_some()
    }
}

impl ReaderId {
    /// Returns a digest of the reader for the id of an occurrence, which must not name a person.
    pub fn digest(&self) -> String {
        digest::hex(&digest::hash_parts(&[self.0.as_bytes()])[..8])
    }
}

impl KnownIdentities {
    /// Returns the role of an accessor. A signature or key has no identity, so its role is unknown: a bastion may write
    /// with a signature, and everybody who has one may use it.
    pub fn role(&self, accessor: &Accessor) -> AccessRole {
        let ids = [&accessor.object_id, &accessor.application_id];
        let is_among = |known: &[String]| {
            ids.into_iter().flatten().any(|id| known.iter().any(|known| known.eq_ignore_ascii_case(id)))
        };
        if is_among(&self.archivist) {
            return AccessRole::Archivist;
        }
        if is_among(&self.bastion) {
            return AccessRole::Bastion;
        }
        // The archivist and bastions are applications, which have no user principal name.
        let both_known = !self.archivist.is_empty() && !self.bastion.is_empty();
        if accessor.person.is_some() || (accessor.is_named() && both_known) {
            AccessRole::Other
        } else {
            AccessRole::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> KnownIdentities {
        KnownIdentities { archivist: vec!["app-1".to_owned()], bastion: vec!["obj-b".to_owned()] }
    }

    #[test]
    fn a_signature_or_a_key_has_no_role_and_no_person() {
        for kind in ["SAS", "SAS Key", "DelegationSas", "AccountKey", "Anonymous", "", "New"] {
            let accessor = Accessor::of_log(kind, [Some("ada@contoso.example"), Some("obj-b"), None, Some("key1(00)")]);
            assert_eq!((accessor.is_named(), &accessor.person), (false, &None));
            assert_eq!(known().role(&accessor), AccessRole::Unknown, "{kind}");
        }
    }

    #[test]
    fn an_application_is_somebody_else_only_if_ours_and_the_bastion_are_known() {
        let application = Accessor::of_log("OAuth", [None, Some("obj-x"), Some("app-x"), None]);
        assert_eq!(known().role(&application), AccessRole::Other);
        let partly = KnownIdentities { bastion: Vec::new(), ..known() };
        assert_eq!(partly.role(&application), AccessRole::Unknown);
        let person = Accessor::of_log("OAuth", [Some("ada@contoso.example"), Some("obj-a"), Some("app-x"), None]);
        assert_eq!(KnownIdentities::default().role(&person), AccessRole::Other);
        let ours = Accessor::of_log("OAuth", [None, Some("obj-o"), Some("APP-1"), None]);
        assert_eq!(
            (known().role(&ours), known().role(&Accessor { object_id: Some("obj-b".into()), ..ours.clone() })),
            (AccessRole::Archivist, AccessRole::Archivist)
        );
    }

    #[test]
    fn a_person_is_one_reader_from_every_address_and_a_signature_is_not() {
        let person = Accessor::of_log("OAuth", [Some("ada@contoso.example"), Some("OBJ"), None, Some("hash")]);
        let (here, there) = ("203.0.113.7".parse().ok(), "203.0.113.8".parse().ok());
        assert_eq!(person.reader(here), person.reader(there));
        assert_eq!(person.token_hash, None);
        let signature = Accessor::of_log("SAS", [None, None, None, Some("hash")]);
        assert_ne!(signature.reader(here), signature.reader(there));
    }
}
