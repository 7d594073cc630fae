//! Request body by which the host invokes a function.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::layers::{self, JsonText};

/// Malformed request body. The host never sends one, and no retry helps.
#[derive(Debug, Error)]
#[error("not an invocation with one value in its `Data`")]
pub struct NotAnInvocation(#[from] serde_json::Error);

/// Invocation of a function: the value of its trigger.
///
/// `Metadata` is never read. The host merges the members of a queue message into it, so its values are controlled by
/// the author of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation<'a> {
    payload: Cow<'a, [u8]>,
}

impl<'a> Invocation<'a> {
    /// Parses a request body: finds the only value in `Data`, independent of the binding's name, and removes the
    /// encodings added by the host and by the producer of the message.
    ///
    /// # Errors
    /// Returns an error if `Data` is missing or does not contain exactly one value.
    pub fn open(body: &'a [u8]) -> Result<Self, NotAnInvocation> {
        // Usually a string, which is unwrapped while it is parsed; any other value fails at its first byte.
        let payload = match only_value::<JsonText<'a>>(body) {
            Ok(JsonText(text)) => layers::unwrap(text),
            Err(_) => Cow::Borrowed(only_value::<&RawValue>(body)?.get().as_bytes()),
        };
        Ok(Self { payload })
    }

    /// Returns the innermost JSON text, or the text of the message if that is not JSON.
    ///
    /// Borrowed from the body if nothing was removed.
    pub fn into_payload(self) -> Cow<'a, [u8]> {
        self.payload
    }

    /// Returns the innermost JSON text, or the text of the message if that is not JSON.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
}

/// Parses the only value of `Data` as a `T` and ignores everything after it.
fn only_value<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, serde_json::Error> {
    let mut found = None;
    let end = serde_json::Deserializer::from_slice(body).deserialize_map(BodyVisitor(&mut found));
    match (found, end) {
        // The rest of the body is deliberately not read, so serde_json's complaint about the missing end is ignored.
        (Some(OnlyValue(value)), _) => Ok(value),
        (None, Ok(())) => Err(serde_json::Error::missing_field("Data")),
        (None, Err(error)) => Err(error),
    }
}

struct BodyVisitor<'s, T>(&'s mut Option<OnlyValue<T>>);

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Member {
    Data,
    #[serde(other)]
    Other,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for BodyVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `Data`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(member) = object.next_key()? {
            if let Member::Data = member {
                *self.0 = Some(object.next_value()?);
                return Ok(());
            }
            object.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Value of an object with one member.
struct OnlyValue<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OnlyValue<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OnlyValueVisitor(PhantomData))
    }
}

struct OnlyValueVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyValueVisitor<T> {
    type Value = OnlyValue<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the value of one binding")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let Some((_, value)) = object.next_entry::<IgnoredAny, T>()? else {
            return Err(A::Error::invalid_length(0, &self));
        };
        match object.next_key::<IgnoredAny>()? {
            None => Ok(OnlyValue(value)),
            Some(_) => Err(A::Error::invalid_length(2, &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(body: &str) -> String {
        String::from_utf8(Invocation::open(body.as_bytes()).unwrap().into_payload().into_owned()).unwrap()
    }

    #[test]
    fn an_object_is_borrowed_verbatim() {
        let body = br#"{"Data":{"event": {"a" : 1} },"Metadata":{}}"#;
        assert!(matches!(Invocation::open(body).unwrap().into_payload(), Cow::Borrowed(br#"{"a" : 1}"#)));
    }

    #[test]
    fn json_in_a_string_is_opened_up_to_three_layers_deep() {
        let mut value = r#"{"a":"\"x\""}"#.to_owned();
        for _ in 0..3 {
            value = serde_json::to_string(&value).unwrap();
            assert_eq!(payload(&format!(r#"{{"Data":{{"m":{value}}}}}"#)), r#"{"a":"\"x\""}"#);
        }
        let third = value.clone();
        let fourth = serde_json::to_string(&third).unwrap();
        assert_eq!(payload(&format!(r#"{{"Data":{{"m":{fourth}}}}}"#)), r#""{\"a\":\"\\\"x\\\"\"}""#);
    }

    #[test]
    fn a_text_outside_json_is_the_payload() {
        for (value, text) in [
            (r#""\"hello recordings\"""#, "hello recordings"),
            (r#""hello recordings""#, "hello recordings"),
            (r#""""#, ""),
            (r#""\"not closed""#, "\"not closed"),
            (r#""\"closed\" and more""#, "\"closed\" and more"),
            (r#""\"\\\"Hi\\\" he said\"""#, "\"Hi\" he said"),
        ] {
            assert_eq!(payload(&format!(r#"{{"Data":{{"message":{value}}}}}"#)), text);
        }
    }

    #[test]
    fn base64_is_decoded_only_around_json() {
        for (value, text) in [
            (r#""eyJhIjoxfQ==""#, r#"{"a":1}"#),
            (r#""\"eyJhIjoxfQ==\"""#, r#"{"a":1}"#),
            (r#""IntcImFcIjoxfSI=""#, r#"{"a":1}"#),
            (r#""abcd1234""#, "abcd1234"),
            // Decodes to a quote and two digits: only the start of a JSON text.
            (r#""Ijk4""#, "Ijk4"),
            // Base64 of a JSON string that contains base64: decoded once.
            (r#""ImV5SmhJam94ZlE9PSI=""#, "eyJhIjoxfQ=="),
            (r#""NC5zaXplLDEuMCw0LjE5MjAsNC4xMDgwOwo=""#, "NC5zaXplLDEuMCw0LjE5MjAsNC4xMDgwOwo="),
        ] {
            assert_eq!(payload(&format!(r#"{{"Data":{{"message":{value}}}}}"#)), text, "{value}");
        }
    }

    #[test]
    fn a_string_outside_unicode_is_kept() {
        assert_eq!(payload(r#"{"Data":{"message":"\ud800"}}"#), r#""\ud800""#);
    }

    #[test]
    fn metadata_may_be_anything_and_stand_anywhere() {
        for body in [
            r#"{"Data":{"m":{}}}"#,
            r#"{"Metadata":[1,{"Data":{"x":1}}],"Data":{"m":{}},"More":null}"#,
            r#"{"Data":{"m":{}},"Metadata":"text"}"#,
            r#"{"Data":{"m":{}},"Metadata":{"Data":"#,
        ] {
            assert_eq!(payload(body), "{}");
        }
    }

    #[test]
    fn a_body_without_exactly_one_value_is_refused() {
        for body in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"data":{"m":1}}"#,
            r#"{"Data":null}"#,
            r#"{"Data":[1]}"#,
            r#"{"Data":{}}"#,
            r#"{"Data":{"a":1,"b":2}}"#,
            r#"{"Data":{"a":1"#,
            r#"{"Metadata":{"Data":{"a":1}}}"#,
        ] {
            assert!(Invocation::open(body.as_bytes()).is_err(), "{body}");
        }
    }
}
