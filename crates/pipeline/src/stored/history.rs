//! Stored form of an entry's history.

use std::borrow::Cow;

use domain::catalogue::{Change, What};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::joined::ContradictedForm;

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

impl<'a> From<&'a Change> for ChangeForm<'a> {
    fn from(change: &'a Change) -> Self {
        let what = match &change.what {
            What::Catalogued => WhatForm::Catalogued,
            What::Settled => WhatForm::Settled,
            What::WrittenAgain => WhatForm::WrittenAgain,
            What::Final => WhatForm::Final,
            What::Missing => WhatForm::Missing,
            What::Found => WhatForm::Found,
            What::Deleted => WhatForm::Deleted,
            What::TierChanged => WhatForm::TierChanged,
            What::LifeDivided => WhatForm::LifeDivided,
            What::Matched(session) => WhatForm::Matched(session.into()),
            What::Ambiguous(sessions) => WhatForm::Ambiguous(sessions.into()),
            What::Unmatched => WhatForm::Unmatched,
            What::LateMatch { withdrawn, now } => WhatForm::LateMatch { withdrawn: withdrawn.into(), now: now.into() },
            What::Confirmed { session, by, reason, withdrawn } => WhatForm::Confirmed {
                session: session.as_ref().map(Cow::from),
                by: by.into(),
                reason: reason.into(),
                withdrawn: withdrawn.as_ref().map(Cow::from),
            },
            What::WordContradicted(words) => WhatForm::WordContradicted(words.into()),
            What::TimesContradicted(times) => WhatForm::TimesContradicted((*times).into()),
            What::Retained { class, delete_after } => {
                WhatForm::Retained { class: class.into(), delete_after: *delete_after }
            }
            What::Shortened { class, delete_after, by } => {
                WhatForm::Shortened { class: class.into(), delete_after: *delete_after, by: by.into() }
            }
            What::ClassGiven { class, by } => {
                WhatForm::ClassGiven { class: class.as_ref().map(Cow::from), by: by.into() }
            }
            What::Held(case) => WhatForm::Held(case.into()),
            What::Released(case) => WhatForm::Released(case.into()),
            What::Expiring => WhatForm::Expiring,
            What::Approved { by, plan } => WhatForm::Approved { by: by.into(), plan: plan.into() },
            What::Ordered => WhatForm::Ordered,
            What::Spared(reason) => WhatForm::Spared(reason.into()),
            What::TagsLeftOut(keys) => WhatForm::TagsLeftOut(keys.into()),
            What::TagsChanged(tags) => WhatForm::TagsChanged(tags.into()),
            What::EffectRefused(reason) => WhatForm::EffectRefused(reason.into()),
        };
        Self { at: change.at, what }
    }
}

impl From<ChangeForm<'_>> for Change {
    fn from(form: ChangeForm<'_>) -> Self {
        let what = match form.what {
            WhatForm::Catalogued => What::Catalogued,
            WhatForm::Settled => What::Settled,
            WhatForm::WrittenAgain => What::WrittenAgain,
            WhatForm::Final => What::Final,
            WhatForm::Missing => What::Missing,
            WhatForm::Found => What::Found,
            WhatForm::Deleted => What::Deleted,
            WhatForm::TierChanged => What::TierChanged,
            WhatForm::LifeDivided => What::LifeDivided,
            WhatForm::Matched(session) => What::Matched(session.into_owned()),
            WhatForm::Ambiguous(sessions) => What::Ambiguous(sessions.into_owned()),
            WhatForm::Unmatched => What::Unmatched,
            WhatForm::LateMatch { withdrawn, now } => {
                What::LateMatch { withdrawn: withdrawn.into_owned(), now: now.into_owned() }
            }
            WhatForm::Confirmed { session, by, reason, withdrawn } => What::Confirmed {
                session: session.map(Cow::into_owned),
                by: by.into_owned(),
                reason: reason.into_owned(),
                withdrawn: withdrawn.map(Cow::into_owned),
            },
            WhatForm::WordContradicted(words) => What::WordContradicted(words.into_owned()),
            WhatForm::TimesContradicted(times) => What::TimesContradicted(times.into()),
            WhatForm::Retained { class, delete_after } => What::Retained { class: class.into_owned(), delete_after },
            WhatForm::Shortened { class, delete_after, by } => {
                What::Shortened { class: class.into_owned(), delete_after, by: by.into_owned() }
            }
            WhatForm::ClassGiven { class, by } => {
                What::ClassGiven { class: class.map(Cow::into_owned), by: by.into_owned() }
            }
            WhatForm::Held(case) => What::Held(case.into_owned()),
            WhatForm::Released(case) => What::Released(case.into_owned()),
            WhatForm::Expiring => What::Expiring,
            WhatForm::Approved { by, plan } => What::Approved { by: by.into_owned(), plan: plan.into_owned() },
            WhatForm::Ordered => What::Ordered,
            WhatForm::Spared(reason) => What::Spared(reason.into_owned()),
            WhatForm::TagsLeftOut(keys) => What::TagsLeftOut(keys.into_owned()),
            WhatForm::TagsChanged(tags) => What::TagsChanged(tags.into_owned()),
            WhatForm::EffectRefused(reason) => What::EffectRefused(reason.into_owned()),
        };
        Self { at: form.at, what }
    }
}
