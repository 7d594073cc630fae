//! Stored form of an entry's verdict on its session.

use std::borrow::Cow;

use domain::record::catalogue::{Contradicted, JudgedTimes, MatchState, NotifiedVerdict};
use domain::record::join::{Candidate, Evidence, Match, Matched};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::checkpoint::is_zero;
use super::confirmed::ConfirmedForm;
use super::facts::FactsForm;
use super::grounds::{GroundsForm, ReasoningForm};
use super::known;

/// A missing verdict means pending.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchStateForm<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictForm<'a>>,
    #[serde(default, skip_serializing_if = "ReasoningForm::is_none")]
    weighing: ReasoningForm,
    #[serde(skip_serializing_if = "Option::is_none")]
    judged: Option<JudgedForm>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_written_live: bool,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    told: Option<NotifiedForm<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    tagged_person: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ask_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "ContradictedForm::is_none")]
    contradicted: ContradictedForm,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    confirmed: Option<ConfirmedForm<'a>>,
}

/// Session times contradicted by storage.
#[derive(Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ContradictedForm {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    start: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    end: bool,
}

impl ContradictedForm {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the serializer passes a reference")]
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl From<Contradicted> for ContradictedForm {
    fn from(Contradicted { start, end }: Contradicted) -> Self {
        Self { start, end }
    }
}

impl From<ContradictedForm> for Contradicted {
    fn from(ContradictedForm { start, end }: ContradictedForm) -> Self {
        Self { start, end }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum VerdictForm<'a> {
    #[serde(borrow)]
    Matched(PossibleForm<'a>),
    Ambiguous {
        #[serde(borrow)]
        candidates: Vec<PossibleForm<'a>>,
        #[serde(default, skip_serializing_if = "is_zero")]
        more: u64,
        #[serde(borrow, skip_serializing_if = "Option::is_none")]
        person: Option<Cow<'a, str>>,
    },
    Unmatched {
        #[serde(borrow, skip_serializing_if = "Option::is_none")]
        attempt: Option<FactsForm<'a>>,
    },
}

/// Matched session or candidate.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PossibleForm<'a> {
    #[serde(borrow)]
    session: FactsForm<'a>,
    #[serde(borrow)]
    evidence: Vec<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "GroundsForm::is_none")]
    grounds: GroundsForm,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JudgedForm {
    created_at: Timestamp,
    last_modified: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotifiedForm<'a> {
    count: u32,
    #[serde(borrow)]
    verdict: Cow<'a, str>,
}

impl<'a> From<&'a MatchState> for MatchStateForm<'a> {
    fn from(match_state: &'a MatchState) -> Self {
        let judged = match_state.judged.as_ref();
        let notified = match_state.notified.as_ref();
        Self {
            verdict: verdict_form(&match_state.verdict),
            weighing: match_state.reasoning.into(),
            judged: judged.map(|JudgedTimes { created_at, last_modified }| JudgedForm {
                created_at: *created_at,
                last_modified: *last_modified,
            }),
            is_written_live: match_state.is_written_live,
            told: notified.map(|one| NotifiedForm { count: one.count, verdict: one.verdict.as_str().into() }),
            tagged_person: match_state.tagged_person.as_deref().map(Cow::from),
            ask_at: match_state.ask_at,
            contradicted: match_state.contradicted.into(),
            confirmed: match_state.confirmed.as_ref().map(ConfirmedForm::from),
        }
    }
}

impl TryFrom<MatchStateForm<'_>> for MatchState {
    type Error = serde_json::Error;

    fn try_from(form: MatchStateForm<'_>) -> Result<Self, Self::Error> {
        let notified = form.told.map(|one| NotifiedVerdict { count: one.count, verdict: one.verdict.into_owned() });
        Ok(Self {
            verdict: form.verdict.map(Match::try_from).transpose()?.unwrap_or_default(),
            reasoning: form.weighing.try_into()?,
            judged: form
                .judged
                .map(|JudgedForm { created_at, last_modified }| JudgedTimes { created_at, last_modified }),
            is_written_live: form.is_written_live,
            notified,
            tagged_person: form.tagged_person.map(Cow::into_owned),
            ask_at: form.ask_at,
            contradicted: form.contradicted.into(),
            confirmed: form.confirmed.map(TryInto::try_into).transpose()?,
        })
    }
}

pub(super) fn verdict_form(verdict: &Match) -> Option<VerdictForm<'_>> {
    Some(match verdict {
        Match::Pending => return None,
        Match::Matched(matched) => VerdictForm::Matched(PossibleForm {
            session: (&matched.session).into(),
            evidence: names(&matched.evidence),
            grounds: matched.grounds.into(),
        }),
        Match::Ambiguous { candidates, more, person } => VerdictForm::Ambiguous {
            candidates: candidates.iter().map(PossibleForm::from).collect(),
            more: *more,
            person: person.as_deref().map(Cow::from),
        },
        Match::Unmatched { attempt } => VerdictForm::Unmatched { attempt: attempt.as_deref().map(FactsForm::from) },
    })
}

impl TryFrom<VerdictForm<'_>> for Match {
    type Error = serde_json::Error;

    fn try_from(form: VerdictForm<'_>) -> Result<Self, Self::Error> {
        Ok(match form {
            VerdictForm::Matched(matched) => {
                let Candidate { session, evidence, grounds } = matched.try_into()?;
                Self::Matched(Box::new(Matched { session, evidence, grounds }))
            }
            VerdictForm::Ambiguous { candidates, more, person } => Self::Ambiguous {
                candidates: candidates.into_iter().map(Candidate::try_from).collect::<Result<_, _>>()?,
                more,
                person: person.map(Cow::into_owned),
            },
            VerdictForm::Unmatched { attempt } => {
                Self::Unmatched { attempt: attempt.map(TryInto::try_into).transpose()?.map(Box::new) }
            }
        })
    }
}

impl<'a> From<&'a Candidate> for PossibleForm<'a> {
    fn from(candidate: &'a Candidate) -> Self {
        let Candidate { session, evidence, grounds } = candidate;
        Self { session: session.into(), evidence: names(evidence), grounds: (*grounds).into() }
    }
}

impl TryFrom<PossibleForm<'_>> for Candidate {
    type Error = serde_json::Error;

    fn try_from(form: PossibleForm<'_>) -> Result<Self, Self::Error> {
        let evidence = form.evidence.iter().map(|name| known(Evidence::parse(name), "evidence", name));
        let evidence = evidence.collect::<Result<_, _>>()?;
        Ok(Self { session: form.session.try_into()?, evidence, grounds: form.grounds.try_into()? })
    }
}

fn names(evidence: &[Evidence]) -> Vec<Cow<'_, str>> {
    evidence.iter().map(|evidence| evidence.name().into()).collect()
}
