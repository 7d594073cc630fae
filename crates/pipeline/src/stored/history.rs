//! The stored form of what became of an entry.

use std::borrow::Cow;

use domain::catalogue::{Change, What};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    TagsLeftOut(Cow<'a, [String]>),
    #[serde(borrow)]
    EffectRefused(Cow<'a, str>),
}

impl ChangeForm<'_> {
    /// Whether entries of version 1 knew such changes.
    pub(super) fn is_of_version_1(&self) -> bool {
        use WhatForm::{Ambiguous, LateMatch, Matched, Unmatched};
        !matches!(self.what, Matched(_) | Ambiguous(_) | Unmatched | LateMatch { .. })
    }
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
            What::TagsLeftOut(keys) => WhatForm::TagsLeftOut(keys.into()),
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
            WhatForm::TagsLeftOut(keys) => What::TagsLeftOut(keys.into_owned()),
            WhatForm::EffectRefused(reason) => What::EffectRefused(reason.into_owned()),
        };
        Self { at: form.at, what }
    }
}
