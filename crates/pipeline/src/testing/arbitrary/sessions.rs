//! Strategies for sessions and verdicts.

use std::sync::Arc;

use domain::record::estate::BastionName;
use domain::record::join::{
    Candidate, Evidence, Match, MatchGrounds, MatchReasoning, Matched, Offset, Points, UndecidedReason, WritingMode,
};
use domain::record::join_key::JoinKey;
use domain::record::session::{
    Gap, GapCause, Records, SessionEntry, SessionFacts, SessionId, Texts, TimeSpan, TunnelId,
};
use jiff::SignedDuration;
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

use super::{announced, pending, texts, timestamps};

/// Generates sessions with arbitrary records, including ones no decision produces.
pub fn session_entries() -> impl Strategy<Value = SessionEntry> {
    let identity =
        (texts(), tunnel_ids()).prop_map(|(bastion, tunnel)| SessionId { bastion: BastionName::new(&bastion), tunnel });
    let told = (announced(), btree_set(texts(), 0..3));
    let coverage = (option::of(gaps()), any::<bool>());
    let rest = (vec(pending(), 0..3), option::of(timestamps()), any::<u64>());
    (identity.boxed(), records().boxed(), keys(), coverage.boxed(), told, rest.boxed()).prop_map(
        |(id, records, keys, (gap, is_unclear), (announced, notified_bursts), (pending, wake_at, revision))| {
            SessionEntry { id, records, keys, gap, is_unclear, announced, notified_bursts, pending, wake_at, revision }
        },
    )
}

/// Generates keys derived from recording names.
pub(super) fn keys() -> impl Strategy<Value = Vec<JoinKey>> {
    vec(texts().prop_map(|name| JoinKey::fold(&name)), 0..3)
}

/// Generates any verdict on a recording's session.
pub(super) fn verdicts() -> impl Strategy<Value = Match> {
    let facts = || facts().boxed();
    let candidate = || {
        (facts(), evidence(), grounds()).prop_map(|(session, evidence, grounds)| Candidate {
            session,
            evidence,
            grounds,
        })
    };
    let matched = candidate().prop_map(|Candidate { session, evidence, grounds }| {
        Match::Matched(Box::new(Matched { session, evidence, grounds }))
    });
    let ambiguous = (vec(candidate(), 0..4), 0..3_u64, option::of(texts()));
    prop_oneof![
        Just(Match::Pending),
        matched,
        ambiguous.prop_map(|(candidates, more, person)| Match::Ambiguous { candidates, more, person }),
        option::of(facts()).prop_map(|attempt| Match::Unmatched { attempt: attempt.map(Box::new) }),
    ]
}

pub(super) fn reasonings() -> impl Strategy<Value = MatchReasoning> {
    let points = || option::of(any::<i16>().prop_map(|tenths| Points::from_tenths(tenths.into())));
    let reason = option::of(select(UndecidedReason::ALL.to_vec()));
    (reason, points(), points(), option::of(any::<i64>())).prop_map(|(reason, lead, needed, next_off)| MatchReasoning {
        reason,
        lead,
        needed,
        next_off,
    })
}

fn grounds() -> impl Strategy<Value = MatchGrounds> {
    let offset = || {
        option::of(
            (any::<i32>(), any::<(i16, i16)>()).prop_map(|(millis, usual)| Offset { millis: millis.into(), usual }),
        )
    };
    let written = prop_oneof![Just(WritingMode::Live), Just(WritingMode::AtEnd)];
    let points = (any::<i16>(), option::of(any::<i16>()));
    (points, written, offset(), offset(), any::<u32>()).prop_map(
        |((points, needed), written, start, end, learned_from)| {
            let of = |tenths: i16| Points::from_tenths(tenths.into());
            MatchGrounds { points: of(points), needed: needed.map(of), written, start, end, learned_from }
        },
    )
}

fn facts() -> impl Strategy<Value = SessionFacts> {
    let text = || option::of(texts().prop_map(Arc::from));
    let person = (text(), text(), text(), text());
    let target = (text(), text());
    let times = (option::of(timestamps()), option::of(timestamps()), option::of(durations()));
    (tunnel_ids(), person, target, times).prop_map(
        |(tunnel_id, person, (target_resource_id, target_ip), (started_at, ended_at, duration))| {
            let (user_name, user_email, client_ip, protocol) = person;
            SessionFacts {
                tunnel_id,
                user_name,
                user_email,
                client_ip,
                protocol,
                target_resource_id,
                target_ip,
                started_at,
                ended_at,
                duration,
            }
        },
    )
}

fn records() -> impl Strategy<Value = Records> {
    let fields = (said(), said(), said(), said(), said());
    let others = (said(), said(), said(), said(), said());
    let times = (spans(), spans(), spans(), spans(), spans(), spans());
    (fields.boxed(), others.boxed(), times.boxed(), option::of(durations())).prop_map(
        |(fields, others, times, duration)| {
            let (user_name, user_email, client_ip, protocol, target_resource_id) = fields;
            let (target_ip, resource_type, user_agent, message, odd) = others;
            let (written, starts, ends, end_written, connected, failed) = times;
            Records {
                user_name,
                user_email,
                client_ip,
                protocol,
                target_resource_id,
                target_ip,
                resource_type,
                user_agent,
                message,
                odd,
                written,
                starts,
                ends,
                duration,
                end_written,
                connected,
                failed,
            }
        },
    )
}

fn gaps() -> impl Strategy<Value = Gap> {
    let cause = prop_oneof![
        Just(GapCause::NativeClient),
        Just(GapCause::AccessExpired),
        Just(GapCause::RecordingOff),
        Just(GapCause::ContainerMismatch),
        vec(tunnel_ids(), 0..4).prop_map(GapCause::OneOf),
        Just(GapCause::Unknown),
    ];
    let times = (timestamps(), option::of(timestamps()));
    (times, cause).prop_map(|((found_at, closed_at), cause)| Gap { found_at, cause, closed_at })
}

fn tunnel_ids() -> impl Strategy<Value = TunnelId> {
    prop_oneof!["[0-9a-f]{8}-[0-9a-f]{12}".boxed(), texts().boxed()]
        .prop_filter_map("no bastion gives such an id", |text| TunnelId::parse(&text))
}

fn said() -> impl Strategy<Value = Texts> {
    vec(texts(), 0..3).prop_map(Texts::new)
}

fn spans() -> impl Strategy<Value = Option<TimeSpan>> {
    let span = (timestamps(), timestamps()).prop_map(|(one, other)| TimeSpan::at(one).with(TimeSpan::at(other)));
    option::of(span)
}

fn durations() -> impl Strategy<Value = SignedDuration> {
    prop_oneof![
        (0..1_000_000i64).prop_map(SignedDuration::from_millis),
        any::<i64>().prop_map(SignedDuration::from_nanos)
    ]
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    subsequence(Evidence::ALL.to_vec(), 0..=Evidence::ALL.len())
}
