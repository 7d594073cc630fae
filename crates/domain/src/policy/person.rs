//! Controls the display of people.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::digest;
use crate::named;
use crate::record::tags::TagValue;

/// Form in which a person is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum PersonForm {
    /// As named in the audit log.
    Full,
    /// As a tag value: every character not allowed there becomes `_`. People are still easy to recognise.
    Sanitised,
    /// Pseudonym, the same for a person everywhere; see [`PersonForm::show`].
    Pseudonym,
    /// Not shown.
    None,
}

named!(PersonForm: ALL, name, parse);

impl PersonForm {
    /// Returns the form shown for a person, or `None` if nothing may be shown.
    ///
    /// A pseudonym is `person-` and 16 base-32 digits of a hash of the text, ignoring case and surrounding blanks. It
    /// protects only against casual reading: the hash has no secret, so a guessed address can be verified.
    pub fn show(self, person: &str) -> Option<String> {
        match self {
            Self::Full => Some(person.to_owned()),
            Self::Sanitised => Some(TagValue::sanitised(person).as_str().to_owned()),
            Self::Pseudonym => Some(pseudonym(person)),
            Self::None => None,
        }
    }
}

fn pseudonym(person: &str) -> String {
    let digest = digest::hash_parts(&[person.trim().to_lowercase().as_bytes()]);
    let first: [u8; 16] = std::array::from_fn(|at| digest[at]);
    // The last 16 of 26 digits, because the first one carries only three bits.
    format!("person-{}", digest::base32(u128::from_be_bytes(first)).split_off(10))
}

/// Forms in which people are shown outside the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// In blob index tags. [`PersonForm::Full`] is useless there: a tag value cannot contain the `@` of an address.
    pub in_tags: PersonForm,
    /// In notifications.
    pub in_notifications: PersonForm,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { in_tags: PersonForm::Sanitised, in_notifications: PersonForm::Full }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: &str = "Jörg.O'Neil+ops@contoso.example";

    #[test]
    fn a_way_to_show_a_person_reads_back_from_its_name() {
        for shown in PersonForm::ALL {
            assert_eq!(PersonForm::parse(shown.name()), Some(shown));
        }
        assert_eq!(PersonForm::parse("Full"), None);
    }

    #[test]
    fn a_person_is_shown_in_full_or_not_at_all() {
        assert_eq!(PersonForm::Full.show(PERSON).as_deref(), Some(PERSON));
        assert_eq!(PersonForm::None.show(PERSON), None);
    }

    #[test]
    fn a_sanitised_or_pseudonymous_person_fits_into_a_tag() {
        assert_eq!(PersonForm::Sanitised.show(PERSON).as_deref(), Some("J_rg.O_Neil+ops_contoso.example"));
        for shown in [PersonForm::Sanitised, PersonForm::Pseudonym] {
            for person in [PERSON, "", &"é@".repeat(500)] {
                assert!(TagValue::parse(&shown.show(person).unwrap()).is_ok(), "{shown:?} {person}");
            }
        }
    }

    #[test]
    fn a_pseudonym_never_changes() {
        let of = |person| PersonForm::Pseudonym.show(person).unwrap();
        assert_eq!(of("ada@contoso.example"), "person-ggz34g45wz3kqjk0");
        assert_eq!(of(" ADA@Contoso.example\n"), of("ada@contoso.example"));
        assert_ne!(of("ada@contoso.example"), of("bob@contoso.example"));
        assert_eq!(of("ada@contoso.example").len(), "person-".len() + 16);
    }
}
