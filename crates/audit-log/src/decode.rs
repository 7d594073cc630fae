//! Decodes the text of one JSON object into a [`AuditRecord`].

use std::borrow::Cow;

use crate::field::RecordField;
use crate::format::{DecodedObject, LogFormat};
use crate::order::{Behind, MemberOrder};
use crate::walk::TextCursor;
use crate::{AuditRecord, Length, Moment, RejectReason};

/// Log category of the bastion's audit records; records of other categories are foreign.
const CATEGORY: &str = "BastionAuditLogs";

/// Format of the bastion's audit log.
#[derive(Debug, Clone, Copy)]
pub struct AuditFormat;

impl LogFormat for AuditFormat {
    type Record<'t> = AuditRecord<'t>;
    type Memory = MemberOrder;

    #[inline]
    fn decode<'t>(
        text: &'t str,
        memory: &mut MemberOrder,
        reached: &mut usize,
        record: &mut AuditRecord<'t>,
    ) -> Result<(DecodedObject, usize), RejectReason> {
        decode(text, memory, reached, record)
    }

    #[inline]
    fn shortened<'s, 'l: 's>(record: AuditRecord<'l>) -> AuditRecord<'s> {
        record
    }
}

/// Decodes the object at the start of `text` into `record`, which must be empty. Returns the kind of record and the
/// offset behind the object.
///
/// Reads no further than the object's end. Returns an error if the object is malformed; `record` is then empty again.
/// `reached` is set to the offset up to which the text was read, also on an error. `order` is the member order learned
/// from earlier records.
#[inline]
fn decode<'t>(
    text: &'t str,
    order: &mut MemberOrder,
    reached: &mut usize,
    record: &mut AuditRecord<'t>,
) -> Result<(DecodedObject, usize), RejectReason> {
    let mut walk = TextCursor::new(text, order);
    // `Record` is large: fill it in place instead of moving it.
    let mut draft = Draft { record, generated: None, foreign: false, set: 0, settled: 0 };
    let decoded = read(&mut walk, &mut draft).and_then(|()| draft.decoded());
    *reached = walk.at;
    if decoded.is_err() {
        *record = AuditRecord::default();
    }
    Ok((decoded?, walk.at))
}

fn read<'t>(walk: &mut TextCursor<'t, '_>, draft: &mut Draft<'_, 't>) -> Result<(), RejectReason> {
    if walk.is_wrapper() {
        return Err(RejectReason::Syntax);
    }
    walk.members(Behind::START, |walk, field| match field {
        RecordField::Other => walk.skip(1),
        RecordField::Properties => properties(walk, draft),
        field => {
            if let Some(value) = walk.value(1)? {
                draft.put(field, value, Place::Beside);
            }
            Ok(())
        }
    })
}

fn properties<'t>(walk: &mut TextCursor<'t, '_>, draft: &mut Draft<'_, 't>) -> Result<(), RejectReason> {
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
fn written(text: &str, order: &mut MemberOrder, draft: &mut Draft<'_, '_>) -> Result<(), RejectReason> {
    let mut walk = TextCursor::new(text, order);
    if matches!(text.trim(), "" | "null") {
        return Ok(());
    }
    let put = |field, value: Cow<'_, str>| draft.put(field, Cow::Owned(value.into_owned()), Place::Within);
    members(&mut walk, 1, put).map_err(|_| RejectReason::Properties)?;
    if walk.peek().is_some() { Err(RejectReason::Properties) } else { Ok(()) }
}

#[inline]
fn members<'t>(
    walk: &mut TextCursor<'t, '_>,
    depth: u32,
    mut put: impl FnMut(RecordField, Cow<'t, str>),
) -> Result<(), RejectReason> {
    walk.members(Behind::PROPERTIES, |walk, field| {
        if matches!(field, RecordField::Other | RecordField::Properties) {
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
    record: &'r mut AuditRecord<'t>,
    generated: Option<Moment<'t>>,
    foreign: bool,
    /// Bit sets of [`RecordField::bit`]: fields with a value, and fields whose value has the highest precedence.
    set: u32,
    settled: u32,
}

impl<'t> Draft<'_, 't> {
    #[inline]
    fn put(&mut self, field: RecordField, value: Cow<'t, str>, place: Place) {
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
    fn keep(&mut self, field: RecordField, value: Cow<'t, str>) -> bool {
        let record = &mut *self.record;
        match field {
            RecordField::Time => put_over(&mut record.time, Moment::read(value)),
            RecordField::TimeGenerated => put_over(&mut self.generated, Moment::read(value)),
            RecordField::SessionStart => put_over(&mut record.session_start, Moment::read(value)),
            RecordField::SessionEnd => put_over(&mut record.session_end, Moment::read(value)),
            RecordField::Duration => put_over(&mut record.duration, Length::read(value)),
            RecordField::ClientPort => put_over(&mut record.client_port, value.trim().parse().ok()),
            RecordField::Category => {
                self.foreign = !value.eq_ignore_ascii_case(CATEGORY);
                true
            }
            RecordField::ResourceId => put_over(&mut record.resource_id, Some(value)),
            RecordField::OperationName => put_over(&mut record.operation_name, Some(value)),
            RecordField::Message => put_over(&mut record.message, Some(value)),
            RecordField::UserName => put_over(&mut record.user_name, Some(value)),
            RecordField::UserEmail => put_over(&mut record.user_email, Some(value)),
            RecordField::ClientIp => put_over(&mut record.client_ip, Some(value)),
            RecordField::Protocol => put_over(&mut record.protocol, Some(value)),
            RecordField::TargetResourceId => put_over(&mut record.target_resource_id, Some(value)),
            RecordField::TargetIp => put_over(&mut record.target_ip, Some(value)),
            RecordField::ResourceType => put_over(&mut record.resource_type, Some(value)),
            RecordField::TunnelId => put_over(&mut record.tunnel_id, Some(value)),
            RecordField::UserAgent => put_over(&mut record.user_agent, Some(value)),
            RecordField::Properties | RecordField::Other => false,
        }
    }

    fn decoded(self) -> Result<DecodedObject, RejectReason> {
        if self.set == 0 {
            return Err(RejectReason::NotARecord);
        }
        if self.foreign {
            return Ok(DecodedObject::Foreign);
        }
        if self.record.time.is_none() {
            self.record.time = self.generated;
        }
        Ok(DecodedObject::Record)
    }
}

fn put_over<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let found = value.is_some();
    if found {
        *slot = value;
    }
    found
}
