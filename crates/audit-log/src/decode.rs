//! Decodes the text of one JSON object into a [`Record`].

use std::borrow::Cow;

use crate::field::Field;
use crate::order::{Behind, Order};
use crate::walk::Walk;
use crate::{Length, Moment, Reason, Record};

/// Log category of the bastion's audit records; records of other categories are foreign.
const CATEGORY: &str = "BastionAuditLogs";

/// Category of a decoded object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoded {
    Record,
    Foreign,
}

/// Decodes the object at the start of `text` into `record`, which must be empty. Returns the kind of record and the
/// offset behind the object.
///
/// Reads no further than the object's end. Returns an error if the object is malformed; `record` is then empty again.
/// `reached` is set to the offset up to which the text was read, also on an error. `order` is the member order learned
/// from earlier records.
#[inline]
pub fn decode<'t>(
    text: &'t str,
    order: &mut Order,
    reached: &mut usize,
    record: &mut Record<'t>,
) -> Result<(Decoded, usize), Reason> {
    let mut walk = Walk::new(text, order);
    // `Record` is large: fill it in place instead of moving it.
    let mut draft = Draft { record, generated: None, foreign: false, set: 0, settled: 0 };
    let decoded = read(&mut walk, &mut draft).and_then(|()| draft.decoded());
    *reached = walk.at;
    if decoded.is_err() {
        *record = Record::default();
    }
    Ok((decoded?, walk.at))
}

fn read<'t>(walk: &mut Walk<'t, '_>, draft: &mut Draft<'_, 't>) -> Result<(), Reason> {
    if walk.is_wrapper() {
        return Err(Reason::Syntax);
    }
    walk.members(Behind::START, |walk, field| match field {
        Field::Other => walk.skip(1),
        Field::Properties => properties(walk, draft),
        field => {
            if let Some(value) = walk.value(1)? {
                draft.put(field, value, Place::Beside);
            }
            Ok(())
        }
    })
}

fn properties<'t>(walk: &mut Walk<'t, '_>, draft: &mut Draft<'_, 't>) -> Result<(), Reason> {
    match walk.peek() {
        Some(b'{') => members(walk, 2, |field, value| draft.put(field, value, Place::Within)),
        Some(b'"') => {
            let text = walk.value(1)?.unwrap_or_default();
            written(&text, walk.order, draft)
        }
        _ => walk.skip(1),
    }
}

/// Decodes `properties` written as a string that holds a JSON object. An empty string and `null` are allowed.
fn written(text: &str, order: &mut Order, draft: &mut Draft<'_, '_>) -> Result<(), Reason> {
    let mut walk = Walk::new(text, order);
    if matches!(text.trim(), "" | "null") {
        return Ok(());
    }
    let put = |field, value: Cow<'_, str>| draft.put(field, Cow::Owned(value.into_owned()), Place::Within);
    members(&mut walk, 1, put).map_err(|_| Reason::Properties)?;
    if walk.peek().is_some() { Err(Reason::Properties) } else { Ok(()) }
}

#[inline]
fn members<'t>(walk: &mut Walk<'t, '_>, depth: u32, mut put: impl FnMut(Field, Cow<'t, str>)) -> Result<(), Reason> {
    walk.members(Behind::PROPERTIES, |walk, field| {
        if matches!(field, Field::Other | Field::Properties) {
            return walk.skip(depth);
        }
        if let Some(value) = walk.value(depth)? {
            put(field, value);
        }
        Ok(())
    })
}

/// Position of a value in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Inside `properties`.
    Within,
    /// Outside `properties`, or in a record without `properties`.
    Beside,
}

/// Record under construction. `properties` takes precedence for all fields except those of the envelope, which are read
/// outside `properties` first. Within the same precedence the first non-empty value wins.
struct Draft<'r, 't> {
    record: &'r mut Record<'t>,
    generated: Option<Moment<'t>>,
    foreign: bool,
    /// Bit sets of [`Field::bit`]: fields with a value, and fields whose value has the highest precedence.
    set: u32,
    settled: u32,
}

impl<'t> Draft<'_, 't> {
    #[inline]
    fn put(&mut self, field: Field, value: Cow<'t, str>, place: Place) {
        let settles = field.is_envelope() == (place == Place::Beside);
        let counts_less = if settles { self.settled } else { self.set };
        if counts_less & field.bit() != 0 || value.is_empty() {
            return;
        }
        if self.keep(field, value) {
            self.set |= field.bit();
            self.settled |= if settles { field.bit() } else { 0 };
        }
    }

    /// Stores the value. Returns `false` if the value is meaningless, for example year 1.
    fn keep(&mut self, field: Field, value: Cow<'t, str>) -> bool {
        let record = &mut *self.record;
        match field {
            Field::Time => put_over(&mut record.time, Moment::read(value)),
            Field::TimeGenerated => put_over(&mut self.generated, Moment::read(value)),
            Field::SessionStart => put_over(&mut record.session_start, Moment::read(value)),
            Field::SessionEnd => put_over(&mut record.session_end, Moment::read(value)),
            Field::Duration => put_over(&mut record.duration, Length::read(value)),
            Field::ClientPort => put_over(&mut record.client_port, value.trim().parse().ok()),
            Field::Category => {
                self.foreign = !value.eq_ignore_ascii_case(CATEGORY);
                true
            }
            Field::ResourceId => put_over(&mut record.resource_id, Some(value)),
            Field::OperationName => put_over(&mut record.operation_name, Some(value)),
            Field::Message => put_over(&mut record.message, Some(value)),
            Field::UserName => put_over(&mut record.user_name, Some(value)),
            Field::UserEmail => put_over(&mut record.user_email, Some(value)),
            Field::ClientIp => put_over(&mut record.client_ip, Some(value)),
            Field::Protocol => put_over(&mut record.protocol, Some(value)),
            Field::TargetResourceId => put_over(&mut record.target_resource_id, Some(value)),
            Field::TargetIp => put_over(&mut record.target_ip, Some(value)),
            Field::ResourceType => put_over(&mut record.resource_type, Some(value)),
            Field::TunnelId => put_over(&mut record.tunnel_id, Some(value)),
            Field::UserAgent => put_over(&mut record.user_agent, Some(value)),
            Field::Properties | Field::Other => false,
        }
    }

    fn decoded(self) -> Result<Decoded, Reason> {
        if self.set == 0 {
            return Err(Reason::NotARecord);
        }
        if self.foreign {
            return Ok(Decoded::Foreign);
        }
        if self.record.time.is_none() {
            self.record.time = self.generated;
        }
        Ok(Decoded::Record)
    }
}

fn put_over<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let found = value.is_some();
    if found {
        *slot = value;
    }
    found
}
