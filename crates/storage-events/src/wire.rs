//! Relevant members of an event, in both schemas, borrowed from the payload.
//!
//! A member of an unexpected type is represented as such and does not fail the parse: events of other types have a
//! different `data`, and are to be ignored, not malformed.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::malformation::Malformation;

/// Event of either schema.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireEvent<'a> {
    #[serde(borrow)]
    pub id: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    pub subject: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    pub data: WireField<WireData<'a>>,
    /// Event Grid schema.
    #[serde(borrow)]
    pub topic: WireField<Cow<'a, str>>,
    /// Event Grid schema.
    #[serde(borrow, rename = "eventType")]
    pub event_type: WireField<Cow<'a, str>>,
    /// Event Grid schema.
    #[serde(borrow, rename = "eventTime")]
    pub event_time: WireField<Cow<'a, str>>,
    /// CloudEvents.
    #[serde(borrow)]
    pub specversion: WireField<Cow<'a, str>>,
    /// CloudEvents.
    #[serde(borrow)]
    pub source: WireField<Cow<'a, str>>,
    /// CloudEvents.
    #[serde(borrow, rename = "type")]
    pub kind: WireField<Cow<'a, str>>,
    /// CloudEvents.
    #[serde(borrow)]
    pub time: WireField<Cow<'a, str>>,
    /// CloudEvents extension for distributed tracing.
    #[serde(borrow)]
    pub traceparent: WireField<Cow<'a, str>>,
}

/// Blob data of storage, the same in both schemas.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct WireData<'a> {
    #[serde(borrow)]
    pub api: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    pub request_id: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    pub client_request_id: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    pub e_tag: WireField<Cow<'a, str>>,
    pub content_length: WireField<u64>,
    #[serde(borrow)]
    pub blob_type: WireField<Cow<'a, str>>,
    #[serde(borrow)]
    pub sequencer: WireField<Cow<'a, str>>,
}

/// Member that may be absent or of an unexpected type.
#[derive(Debug, Default)]
pub(crate) enum WireField<T> {
    /// Absent or null.
    #[default]
    Absent,
    /// Present, with another JSON type.
    WrongType,
    /// Present, with the expected type.
    Present(T),
}

impl<T> WireField<T> {
    /// Returns the value if present; `name` is used in the error.
    pub fn optional(self, name: &'static str) -> Result<Option<T>, Malformation> {
        match self {
            Self::Absent => Ok(None),
            Self::WrongType => Err(Malformation::WrongType(name)),
            Self::Present(value) => Ok(Some(value)),
        }
    }

    /// Returns the value; `name` is used in the error. Absence is an error.
    pub fn required(self, name: &'static str) -> Result<T, Malformation> {
        self.optional(name)?.ok_or(Malformation::Missing(name))
    }
}

impl<'a> WireField<Cow<'a, str>> {
    /// Returns the text; `name` is used in the error. An empty text is an error.
    pub fn text(self, name: &'static str) -> Result<Cow<'a, str>, Malformation> {
        let text = self.required(name)?;
        if text.is_empty() { Err(Malformation::Missing(name)) } else { Ok(text) }
    }
}

/// Conversion of a JSON value to the content of a [`WireField`]. Each method refuses its JSON type by default.
trait Expected<'de>: Sized {
    fn from_text(_: Cow<'de, str>) -> Option<Self> {
        None
    }

    fn from_number(_: u64) -> Option<Self> {
        None
    }

    fn from_object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'de: 'a, 'a> Expected<'de> for Cow<'a, str> {
    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(text)
    }
}

impl Expected<'_> for u64 {
    fn from_number(number: u64) -> Option<Self> {
        Some(number)
    }
}

impl<'de: 'a, 'a> Expected<'de> for WireData<'a> {
    fn from_object<A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        Self::deserialize(MapAccessDeserializer::new(object)).map(Some)
    }
}

impl<'de, T: Expected<'de>> Deserialize<'de> for WireField<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor(std::marker::PhantomData))
    }
}

struct FieldVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Expected<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = WireField<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(WireField::Absent)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(WireField::WrongType)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(WireField::WrongType)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(T::from_number(number).into())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(WireField::WrongType)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(T::from_text(Cow::Borrowed(text)).into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::from_text(Cow::Owned(text.to_owned())).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(WireField::WrongType)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        T::from_object(object).map(Into::into)
    }
}

impl<T> From<Option<T>> for WireField<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::WrongType, Self::Present)
    }
}
