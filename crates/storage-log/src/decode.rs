//! Decodes the text of one JSON object into a [`StorageRecord`].

use std::borrow::Cow;
use std::fmt;

use audit_log::{DecodedObject, LogFormat, Moment, RejectReason, is_records_head};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;

use crate::StorageRecord;
use crate::field::{Level, StorageField};

/// Log categories of requests; records of other categories are foreign.
const CATEGORIES: [&str; 3] = ["StorageRead", "StorageWrite", "StorageDelete"];

/// Format of a storage account's resource logs.
#[derive(Debug, Clone, Copy)]
pub struct StorageFormat;

impl LogFormat for StorageFormat {
    type Record<'t> = StorageRecord<'t>;
    type Memory = ();

    fn decode<'t>(
        text: &'t str,
        _memory: &mut (),
        reached: &mut usize,
        record: &mut StorageRecord<'t>,
    ) -> Result<(DecodedObject, usize), RejectReason> {
        if is_records_head(text) {
            return Err(RejectReason::Syntax);
        }
        let mut draft = Draft::default();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = Members { draft: &mut draft, level: Level::Record }.deserialize(&mut deserializer);
        let end = deserializer.into_iter::<IgnoredAny>().byte_offset();
        *reached = end.min(text.len());
        read.map_err(|error| match error.classify() {
            Category::Data => RejectReason::Properties,
            _ => RejectReason::Syntax,
        })?;
        let kind = draft.kind()?;
        *record = draft.record;
        Ok((kind, end))
    }

    fn shortened<'s, 'l: 's>(record: StorageRecord<'l>) -> StorageRecord<'s> {
        record
    }
}

/// Record under construction. The first non-empty value of a field wins.
#[derive(Default)]
struct Draft<'t> {
    record: StorageRecord<'t>,
    has_field: bool,
    is_foreign: bool,
}

impl<'t> Draft<'t> {
    fn put(&mut self, field: StorageField, value: Cow<'t, str>) {
        if value.trim().is_empty() {
            return;
        }
        self.has_field = true;
        let record = &mut self.record;
        let text = match field {
            StorageField::Category => {
                self.is_foreign = !CATEGORIES.iter().any(|known| known.eq_ignore_ascii_case(value.trim()));
                return;
            }
            StorageField::Time => return put(&mut record.time, Moment::read(value).and_then(|time| time.known())),
            StorageField::Status => return put(&mut record.status, value.trim().parse().ok()),
            StorageField::ResponseBytes => return put(&mut record.response_bytes, value.trim().parse().ok()),
            StorageField::RequestBytes => return put(&mut record.request_bytes, value.trim().parse().ok()),
            StorageField::Address => return put(&mut record.address, Some(without_query(value))),
            StorageField::ResourceId => &mut record.resource_id,
            StorageField::Operation => &mut record.operation,
            StorageField::Caller => &mut record.caller,
            StorageField::RequestId => &mut record.request_id,
            StorageField::Authentication => &mut record.authentication,
            StorageField::TokenHash => &mut record.token_hash,
            StorageField::ObjectId => &mut record.object_id,
            StorageField::ApplicationId => &mut record.application_id,
            StorageField::Person => &mut record.person,
            StorageField::Account => &mut record.account,
            StorageField::ObjectKey => &mut record.object_key,
            StorageField::ETag => &mut record.etag,
            StorageField::Nested(_) | StorageField::Other => return,
        };
        put(text, Some(value));
    }

    fn kind(&self) -> Result<DecodedObject, RejectReason> {
        match (self.has_field, self.is_foreign) {
            (false, _) => Err(RejectReason::NotARecord),
            (true, true) => Ok(DecodedObject::Foreign),
            (true, false) => Ok(DecodedObject::Record),
        }
    }
}

fn put<T>(slot: &mut Option<T>, value: Option<T>) {
    if slot.is_none() {
        *slot = value;
    }
}

/// A query may hold parts of a signature.
fn without_query(address: Cow<'_, str>) -> Cow<'_, str> {
    let end = address.find(['?', '#']);
    match (end, address) {
        (None, address) => address,
        (Some(end), Cow::Borrowed(address)) => Cow::Borrowed(&address[..end]),
        (Some(end), Cow::Owned(mut address)) => {
            address.truncate(end);
            Cow::Owned(address)
        }
    }
}

/// Reads the members of an object into the draft.
struct Members<'d, 't> {
    draft: &'d mut Draft<'t>,
    level: Level,
}

impl<'t> DeserializeSeed<'t> for Members<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        // The record itself is an object. Nested members can have any form; another one than an object is ignored.
        match self.level {
            Level::Record => deserializer.deserialize_map(self),
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'t> Visitor<'t> for Members<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<MemberName<'t>>()? {
            match StorageField::from_name(self.level, &name.0) {
                StorageField::Nested(level) => map.next_value_seed(Members { draft: self.draft, level })?,
                StorageField::Other => drop(map.next_value::<IgnoredAny>()?),
                field => {
                    if let Some(value) = map.next_value::<Scalar<'t>>()?.0 {
                        self.draft.put(field, value);
                    }
                }
            }
        }
        Ok(())
    }

    /// `properties` can be written as a string that holds an object.
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if self.level != Level::Properties || matches!(text.trim(), "" | "null") {
            return Ok(());
        }
        let mut within = Draft::default();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = Members { draft: &mut within, level: Level::Properties }.deserialize(&mut deserializer);
        read.and_then(|()| deserializer.end()).map_err(E::custom)?;
        let StorageRecord { account, object_key, etag, response_bytes, request_bytes, .. } = within.record;
        let owned = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        let record = &mut self.draft.record;
        put(&mut record.account, owned(account));
        put(&mut record.object_key, owned(object_key));
        put(&mut record.etag, owned(etag));
        put(&mut record.response_bytes, response_bytes);
        put(&mut record.request_bytes, request_bytes);
        self.draft.has_field |= within.has_field;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

/// Member name, borrowed if it has no escapes.
#[derive(Deserialize)]
struct MemberName<'t>(#[serde(borrow)] Cow<'t, str>);

/// Text or number as text. `None` for anything else.
struct Scalar<'t>(Option<Cow<'t, str>>);

impl<'t> Deserialize<'t> for Scalar<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'t> Visitor<'t> for ScalarVisitor {
    type Value = Scalar<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Scalar<'t>, E> {
        Ok(Scalar(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'t>, E> {
        Ok(Scalar(Some(Cow::Owned(text.to_owned()))))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar<'t>, E> {
        Ok(Scalar(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'t>, E> {
        Ok(Scalar(Some(Cow::Owned(number.to_string()))))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Scalar<'t>, E> {
        Ok(Scalar(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar<'t>, E> {
        Ok(Scalar(None))
    }

    fn visit_unit<E>(self) -> Result<Scalar<'t>, E> {
        Ok(Scalar(None))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Scalar<'t>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<Scalar<'t>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }
}
