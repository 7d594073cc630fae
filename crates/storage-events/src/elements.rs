//! Splits a payload, one document or an array, into its elements.

use std::vec;

use serde_json::value::RawValue;

use crate::malformation::Malformation;

/// Element of a payload.
#[derive(Debug)]
pub(crate) enum Element<'a> {
    /// Candidate for an event.
    Document {
        /// Document, without byte order mark and surrounding blanks.
        json: &'a [u8],
        /// Exact bytes in the payload.
        raw: &'a [u8],
    },
    /// Array without elements; counts as one element.
    EmptyBatch,
    /// Malformed array; counts as one element.
    Broken {
        reason: Malformation,
        /// Whole payload.
        raw: &'a [u8],
    },
}

/// Returns the elements of a payload in order: at least one, for any bytes. A byte order mark is skipped.
pub(crate) fn elements(payload: &[u8]) -> Elements<'_> {
    let json = payload.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(payload).trim_ascii();
    if json.first() != Some(&b'[') {
        return Elements::One(Some(Element::Document { json, raw: payload }));
    }
    match serde_json::from_slice::<Vec<&RawValue>>(json) {
        Err(error) => Elements::One(Some(Element::Broken { reason: error.into(), raw: payload })),
        Ok(elements) if elements.is_empty() => Elements::One(Some(Element::EmptyBatch)),
        Ok(elements) => Elements::Many(elements.into_iter()),
    }
}

/// Returns an error if the bytes are JSON but not an object.
pub(crate) fn object(json: &[u8]) -> Result<(), Malformation> {
    if json.first().is_some_and(|first| *first != b'{') {
        serde_json::from_slice::<&RawValue>(json)?;
        return Err(Malformation::NotAnObject);
    }
    Ok(())
}

pub(crate) enum Elements<'a> {
    One(Option<Element<'a>>),
    Many(vec::IntoIter<&'a RawValue>),
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        match self {
            Self::One(element) => element.take(),
            Self::Many(elements) => elements.next().map(|element| {
                let raw = element.get().as_bytes();
                Element::Document { json: raw, raw }
            }),
        }
    }
}
