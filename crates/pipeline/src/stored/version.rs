//! Version that every stored form begins with.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::StoredError;

/// Version of a stored form whose newest version is `NEWEST`. Accepts all versions up to it when read; a form is
/// always written in its newest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schema<const NEWEST: u32 = 1>;

impl<const NEWEST: u32> Serialize for Schema<NEWEST> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(NEWEST)
    }
}

impl<'de, const NEWEST: u32> Deserialize<'de> for Schema<NEWEST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = u32::deserialize(deserializer)?;
        let is_known = (1..=NEWEST).contains(&schema);
        is_known.then_some(Self).ok_or_else(|| D::Error::custom(format_args!("schema {schema} is not 1 to {NEWEST}")))
    }
}

/// Field common to all versions of all forms.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

/// Distinguishes a newer form from a damaged one, after decoding as version `newest` failed.
pub(super) fn refusal(what: &'static str, newest: u32, text: &str, source: serde_json::Error) -> StoredError {
    match serde_json::from_str::<Versioned>(text) {
        Ok(Versioned { schema }) if schema > newest => StoredError::Newer { what, schema },
        _ => StoredError::Damaged { what, source },
    }
}

/// Encodes a form as one line of JSON.
pub(super) fn encode_form(what: &'static str, form: &impl Serialize) -> Result<String, StoredError> {
    serde_json::to_string(form).map_err(|source| StoredError::Unstorable { what, source })
}

/// Decodes a form of any version up to `newest`. Returns an error if it is newer or damaged.
pub(super) fn decode_form<'t, F, T>(what: &'static str, newest: u32, text: &'t str) -> Result<T, StoredError>
where
    F: Deserialize<'t>,
    T: TryFrom<F, Error = serde_json::Error>,
{
    serde_json::from_str::<F>(text).and_then(T::try_from).map_err(|source| refusal(what, newest, text, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made-up form, whose version 2 added the colour.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct DoorForm<const NEWEST: u32> {
        schema: Schema<NEWEST>,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        colour: Option<String>,
    }

    #[derive(Debug, PartialEq)]
    struct Door(String, Option<String>);

    impl<const NEWEST: u32> TryFrom<DoorForm<NEWEST>> for Door {
        type Error = serde_json::Error;

        fn try_from(form: DoorForm<NEWEST>) -> Result<Self, Self::Error> {
            Ok(Self(form.name, form.colour))
        }
    }

    fn decode<const NEWEST: u32>(text: &str) -> Result<Door, StoredError> {
        decode_form::<DoorForm<NEWEST>, _>("door", NEWEST, text)
    }

    #[test]
    fn an_older_version_is_read_and_written_as_the_newest() {
        let Door(name, colour) = decode::<2>(r#"{"schema":1,"name":"front"}"#).unwrap();
        let written = encode_form("door", &DoorForm::<2> { schema: Schema, name, colour }).unwrap();
        assert_eq!(written, r#"{"schema":2,"name":"front"}"#);
        let red = r#"{"schema":2,"name":"front","colour":"red"}"#;
        assert_eq!(decode::<2>(red).unwrap(), Door("front".to_owned(), Some("red".to_owned())));
        assert!(matches!(decode::<1>(red), Err(StoredError::Newer { what: "door", schema: 2 })));
        let none = r#"{"schema":0,"name":"front"}"#;
        assert!(matches!(decode::<2>(none), Err(StoredError::Damaged { what: "door", .. })));
    }
}
