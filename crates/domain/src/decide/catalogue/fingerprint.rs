//! Hashes final contents for the ledger.

use super::advance::LifePosition;
use super::announce::announce;
use super::retain::EntryCommand;
use super::tombstone::record;
use crate::decide::context::Context;
use crate::record::blob::whole_second;
use crate::record::catalogue::{Entry, EntryChangeKind, note};
use crate::record::effect::{Effect, EffectId};
use crate::record::ledger;
use crate::record::ledger::LedgerFact;
use crate::record::notification::Event;

/// Requests a hash of final content without one, and stores the result of a finished hash.
pub(super) fn take_fingerprint(
    entry: &mut Entry,
    command: Option<&EntryCommand>,
    position: LifePosition,
    context: &Context<'_>,
) {
    let Some(etag) = entry.life.etag() else { return };
    let was = entry.custody.fingerprint.clone();
    if let Some(EntryCommand::Hashed(new)) = command.filter(|_| was.as_ref().is_none_or(|was| was.etag != etag))
        && new.etag == etag
    {
        let what = ledger::LedgerEvent::RecordingHashed {
            recording: entry.id,
            address: entry.address.clone(),
            etag: etag.clone(),
            size: new.size,
            sha256: new.sha256,
        };
        record(entry, Effect::Record(LedgerFact::new(whole_second(context.now), what)).pending(context.now));
        if was.as_ref().is_some_and(|was| was.sha256 != new.sha256) {
            note(&mut entry.history, context.now, EntryChangeKind::ContentChanged);
            let mut changed = announce(entry, Event::RecordingChanged, etag.as_str(), context.now, context);
            changed.facts.push(crate::record::notification::NotificationFact::text("sha256", new.sha256.to_string()));
            entry.pending.push(Effect::Notify(changed).pending(context.now));
        }
        entry.custody.fingerprint = Some(new.clone().following(was.as_ref()));
    }
    let is_hashed = entry.custody.fingerprint.as_ref().is_some_and(|print| print.etag == etag);
    // A blob in the archive tier cannot be read before it is rehydrated.
    let is_readable = position == LifePosition::Present && entry.life.tier() != Some("Archive");
    let is_wanted = context.rules.hash_recordings && is_readable && !is_hashed;
    if !is_wanted {
        leave_unread(entry);
    } else if entry.pending(&EffectId::Hash).is_none() {
        entry.pending.push(Effect::Hash.pending(context.now));
    }
}

/// Drops the pending hash of the content.
pub(super) fn leave_unread(entry: &mut Entry) {
    entry.pending.retain(|pending| pending.effect.id() != EffectId::Hash);
}
