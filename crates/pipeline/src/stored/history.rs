//! Stored form of an entry's history.

use std::borrow::Cow;

use domain::record::catalogue::{EntryChange, EntryChangeKind};
use domain::record::review::ReviewOutcome;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known;
use super::match_state::ContradictedForm;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeForm<'a> {
    at: Timestamp,
    #[serde(borrow)]
    what: WhatForm<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum WhatForm<'a> {
    Catalogued,
    Settled,
    WrittenAgain,
    Final,
    ContentChanged,
    Missing,
    Found,
    Deleted,
    TierChanged,
    LifeDivided,
    #[serde(borrow)]
    Matched(Cow<'a, str>),
    #[serde(borrow)]
    Ambiguous(Cow<'a, str>),
    Unmatched,
    LateMatch {
        #[serde(borrow)]
        withdrawn: Cow<'a, str>,
        #[serde(borrow)]
        now: Cow<'a, str>,
    },
    Confirmed {
        #[serde(borrow, skip_serializing_if = "Option::is_none")]
        session: Option<Cow<'a, str>>,
        #[serde(borrow)]
        by: Cow<'a, str>,
        #[serde(borrow)]
        reason: Cow<'a, str>,
        #[serde(borrow, skip_serializing_if = "Option::is_none")]
        withdrawn: Option<Cow<'a, str>>,
    },
    #[serde(borrow)]
    WordContradicted(Cow<'a, str>),
    TimesContradicted(ContradictedForm),
    Retained {
        #[serde(borrow)]
        class: Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        delete_after: Option<Date>,
    },
    Shortened {
        #[serde(borrow)]
        class: Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        delete_after: Option<Date>,
        #[serde(borrow)]
        by: Cow<'a, str>,
    },
    ClassGiven {
        #[serde(borrow, skip_serializing_if = "Option::is_none")]
        class: Option<Cow<'a, str>>,
        #[serde(borrow)]
        by: Cow<'a, str>,
    },
    Reviewed {
        #[serde(borrow)]
        outcome: Cow<'a, str>,
        #[serde(borrow)]
        by: Cow<'a, str>,
        #[serde(borrow, skip_serializing_if = "Option::is_none")]
        ticket: Option<Cow<'a, str>>,
    },
    #[serde(borrow)]
    Held(Cow<'a, str>),
    #[serde(borrow)]
    Released(Cow<'a, str>),
    Expiring,
    Approved {
        #[serde(borrow)]
        by: Cow<'a, str>,
        #[serde(borrow)]
        plan: Cow<'a, str>,
    },
    Ordered,
    #[serde(borrow)]
    Spared(Cow<'a, str>),
    TagsLeftOut(Cow<'a, [String]>),
    TagsChanged(Cow<'a, [String]>),
    #[serde(borrow)]
    EffectRefused(Cow<'a, str>),
}

impl<'a> From<&'a EntryChange> for ChangeForm<'a> {
    fn from(change: &'a EntryChange) -> Self {
        let what = match &change.what {
            EntryChangeKind::Catalogued => WhatForm::Catalogued,
            EntryChangeKind::Settled => WhatForm::Settled,
            EntryChangeKind::WrittenAgain => WhatForm::WrittenAgain,
            EntryChangeKind::Final => WhatForm::Final,
            EntryChangeKind::ContentChanged => WhatForm::ContentChanged,
            EntryChangeKind::Missing => WhatForm::Missing,
            EntryChangeKind::Found => WhatForm::Found,
            EntryChangeKind::Deleted => WhatForm::Deleted,
            EntryChangeKind::TierChanged => WhatForm::TierChanged,
            EntryChangeKind::LifeDivided => WhatForm::LifeDivided,
            EntryChangeKind::Matched(session) => WhatForm::Matched(session.into()),
            EntryChangeKind::Ambiguous(sessions) => WhatForm::Ambiguous(sessions.into()),
            EntryChangeKind::Unmatched => WhatForm::Unmatched,
            EntryChangeKind::LateMatch { withdrawn, now } => {
                WhatForm::LateMatch { withdrawn: withdrawn.into(), now: now.into() }
            }
            EntryChangeKind::Confirmed { session, by, reason, withdrawn } => WhatForm::Confirmed {
                session: session.as_ref().map(Cow::from),
                by: by.into(),
                reason: reason.into(),
                withdrawn: withdrawn.as_ref().map(Cow::from),
            },
            EntryChangeKind::WordContradicted(words) => WhatForm::WordContradicted(words.into()),
            EntryChangeKind::TimesContradicted(times) => WhatForm::TimesContradicted((*times).into()),
            EntryChangeKind::Retained { class, delete_after } => {
                WhatForm::Retained { class: class.into(), delete_after: *delete_after }
            }
            EntryChangeKind::Shortened { class, delete_after, by } => {
                WhatForm::Shortened { class: class.into(), delete_after: *delete_after, by: by.into() }
            }
            EntryChangeKind::ClassGiven { class, by } => {
                WhatForm::ClassGiven { class: class.as_ref().map(Cow::from), by: by.into() }
            }
            EntryChangeKind::Reviewed { outcome, by, ticket } => WhatForm::Reviewed {
                outcome: outcome.name().into(),
                by: by.into(),
                ticket: ticket.as_ref().map(Cow::from),
            },
            EntryChangeKind::Held(case) => WhatForm::Held(case.into()),
            EntryChangeKind::Released(case) => WhatForm::Released(case.into()),
            EntryChangeKind::Expiring => WhatForm::Expiring,
            EntryChangeKind::Approved { by, plan } => WhatForm::Approved { by: by.into(), plan: plan.into() },
            EntryChangeKind::Ordered => WhatForm::Ordered,
            EntryChangeKind::Spared(reason) => WhatForm::Spared(reason.into()),
            EntryChangeKind::TagsLeftOut(keys) => WhatForm::TagsLeftOut(keys.into()),
            EntryChangeKind::TagsChanged(tags) => WhatForm::TagsChanged(tags.into()),
            EntryChangeKind::EffectRefused(reason) => WhatForm::EffectRefused(reason.into()),
        };
        Self { at: change.at, what }
    }
}

impl TryFrom<ChangeForm<'_>> for EntryChange {
    type Error = serde_json::Error;

    fn try_from(form: ChangeForm<'_>) -> Result<Self, Self::Error> {
        let what = match form.what {
            WhatForm::Catalogued => EntryChangeKind::Catalogued,
            WhatForm::Settled => EntryChangeKind::Settled,
            WhatForm::WrittenAgain => EntryChangeKind::WrittenAgain,
            WhatForm::Final => EntryChangeKind::Final,
            WhatForm::ContentChanged => EntryChangeKind::ContentChanged,
            WhatForm::Missing => EntryChangeKind::Missing,
            WhatForm::Found => EntryChangeKind::Found,
            WhatForm::Deleted => EntryChangeKind::Deleted,
            WhatForm::TierChanged => EntryChangeKind::TierChanged,
            WhatForm::LifeDivided => EntryChangeKind::LifeDivided,
            WhatForm::Matched(session) => EntryChangeKind::Matched(session.into_owned()),
            WhatForm::Ambiguous(sessions) => EntryChangeKind::Ambiguous(sessions.into_owned()),
            WhatForm::Unmatched => EntryChangeKind::Unmatched,
            WhatForm::LateMatch { withdrawn, now } => {
                EntryChangeKind::LateMatch { withdrawn: withdrawn.into_owned(), now: now.into_owned() }
            }
            WhatForm::Confirmed { session, by, reason, withdrawn } => EntryChangeKind::Confirmed {
                session: session.map(Cow::into_owned),
                by: by.into_owned(),
                reason: reason.into_owned(),
                withdrawn: withdrawn.map(Cow::into_owned),
            },
            WhatForm::WordContradicted(words) => EntryChangeKind::WordContradicted(words.into_owned()),
            WhatForm::TimesContradicted(times) => EntryChangeKind::TimesContradicted(times.into()),
            WhatForm::Retained { class, delete_after } => {
                EntryChangeKind::Retained { class: class.into_owned(), delete_after }
            }
            WhatForm::Shortened { class, delete_after, by } => {
                EntryChangeKind::Shortened { class: class.into_owned(), delete_after, by: by.into_owned() }
            }
            WhatForm::ClassGiven { class, by } => {
                EntryChangeKind::ClassGiven { class: class.map(Cow::into_owned), by: by.into_owned() }
            }
            WhatForm::Reviewed { outcome, by, ticket } => EntryChangeKind::Reviewed {
                outcome: known(ReviewOutcome::parse(&outcome), "outcome", &outcome)?,
                by: by.into_owned(),
                ticket: ticket.map(Cow::into_owned),
            },
            WhatForm::Held(case) => EntryChangeKind::Held(case.into_owned()),
            WhatForm::Released(case) => EntryChangeKind::Released(case.into_owned()),
            WhatForm::Expiring => EntryChangeKind::Expiring,
            WhatForm::Approved { by, plan } => {
                EntryChangeKind::Approved { by: by.into_owned(), plan: plan.into_owned() }
            }
            WhatForm::Ordered => EntryChangeKind::Ordered,
            WhatForm::Spared(reason) => EntryChangeKind::Spared(reason.into_owned()),
            WhatForm::TagsLeftOut(keys) => EntryChangeKind::TagsLeftOut(keys.into_owned()),
            WhatForm::TagsChanged(tags) => EntryChangeKind::TagsChanged(tags.into_owned()),
            WhatForm::EffectRefused(reason) => EntryChangeKind::EffectRefused(reason.into_owned()),
        };
        Ok(Self { at: form.at, what })
    }
}
