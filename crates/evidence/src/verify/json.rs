//! Refuses JSON objects that have a name twice: readers differ in which value counts.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Any JSON value without repeated names.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            members.next_value::<Self>()?;
            if let Some(repeated) = names.replace(name) {
                return Err(A::Error::custom(format_args!("it has the name {repeated:?} twice")));
            }
        }
        Ok(self)
    }
}

/// Parses a line.
///
/// # Errors
/// It is not JSON, an object has a name twice, or it is no `T`.
pub fn parse<T: serde::de::DeserializeOwned>(line: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice::<Unambiguous>(line)?;
    serde_json::from_slice(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_there_twice_is_refused_in_every_spelling_and_depth() {
        for line in [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"[{"b":{"a":[],"a":null}}]"#] {
            let error = parse::<serde_json::Value>(line.as_bytes()).unwrap_err();
            assert!(error.to_string().contains("twice"), "{line}: {error}");
        }
        let fine = br#"{"a":{"a":1.5,"b":-1},"b":[true,"a","a",null,{"a":18446744073709551615}]}"#;
        assert!(parse::<serde_json::Value>(fine).is_ok());
    }
}
