//! Measures a policy of eight rules on many recordings, against the same rules hard-coded and in CEL.

mod by_hand;
mod cel;
mod recordings;
mod rules;

use std::hint::black_box;
use std::time::Duration;

use domain::policy::retention::{Policy, resolve};
use domain::record::retention::{Retention, Then};
use jiff::civil::Date;
use recordings::{KnownRecording, PolicyArchive};

use crate::report::{Measurement, Round, Wanted};
use crate::{Effort, Measured, cpu};

/// Number of recordings for which all three must agree before measuring.
const COMPARED: usize = 100_000;

/// Verdict on a recording. Rules are bits; the policy's first rule is the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    /// Index of the class in the policy.
    class: usize,
    rules: u8,
    unknown: u8,
    retain_until: Date,
    delete_after: Option<Date>,
    then: Then,
}

/// Measures CPU per recording.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let (count, policy) = (effort.pick(100_000, 1_000_000), rules::policy()?);
    let archive = PolicyArchive::new(count);
    let recordings = archive.recordings()?;
    let by_hand = by_hand::RulesByHand::from_policy(&policy)?;
    let programs = cel::Programs::compile()?;
    compare(&policy, &by_hand, &programs, &recordings[..COMPARED.min(count)])?;

    let ours = || {
        let said = |known: &KnownRecording<'_>| {
            black_box(resolve(&policy, &known.facts, None, known.counted_from));
        };
        Ok(each(&recordings, said))
    };
    let hand = || {
        let said = |known: &KnownRecording<'_>| {
            black_box(by_hand.say(&known.facts, known.counted_from));
        };
        Ok(each(&recordings, said))
    };
    let to_hand = Round::alternate(effort.pick(5, 15), ours, hand)?;
    let theirs = || {
        let answers = |known: &KnownRecording<'_>| {
            black_box(programs.answers(known).is_ok());
        };
        Ok(each(&recordings, answers))
    };
    let to_cel = Round::alternate(effort.pick(3, 5), ours, theirs)?;
    Ok(vec![
        Measurement::cost(format!("{count} recordings, 8 rules, by hand"), &to_hand, count, Wanted::AtMost(1.5)),
        Measurement::rate("the same, the answers of CEL alone", &to_cel, count, Wanted::AtLeast(10.0)),
    ])
}

fn each<'a>(recordings: &[KnownRecording<'a>], say: impl FnMut(&KnownRecording<'a>)) -> Duration {
    cpu::measure(cpu::of_this_thread, || recordings.iter().for_each(say)).0
}

/// Returns an error if the three results differ.
fn compare<'a>(
    policy: &Policy,
    by_hand: &by_hand::RulesByHand,
    programs: &cel::Programs<'a>,
    recordings: &[KnownRecording<'a>],
) -> Measured<()> {
    let mut answered = [[false; 3]; rules::COUNT];
    for known in recordings {
        let ours = said(policy, &resolve(policy, &known.facts, None, known.counted_from).keep())?;
        let hand = by_hand.say(&known.facts, known.counted_from);
        let cel = programs.answers(known)?;
        if ours != hand || (ours.rules, ours.unknown) != cel {
            return Err(format!("{known:?} is judged differently: {ours:?}, by hand {hand:?}, CEL {cel:?}").into());
        }
        for (rule, answered) in answered.iter_mut().enumerate() {
            let [is_true, is_unknown] = [ours.rules, ours.unknown].map(|bits| bits & (1 << rule) != 0);
            answered[if is_true { 0 } else { 1 + usize::from(is_unknown) }] = true;
        }
    }
    // If a rule never gives one of the three results, the measured work is easier than it looks.
    if answered.iter().flatten().any(|answered| !answered) {
        return Err(format!("not every rule is true, false and unknown of some recording: {answered:?}").into());
    }
    Ok(())
}

fn said(policy: &Policy, retention: &Retention) -> Measured<Said> {
    let bits = |names: &[String]| {
        let places = policy.rules.iter().enumerate().filter(|(_, rule)| names.contains(&rule.name));
        places.fold(0, |bits, (place, _)| bits | 1 << place)
    };
    let class = policy.classes.iter().position(|class| *class.name == *retention.class);
    Ok(Said {
        class: class.ok_or("a class is not of the policy")?,
        rules: bits(&retention.rules),
        unknown: bits(&retention.unknown),
        retain_until: retention.retain_until,
        delete_after: retention.delete_after,
        then: retention.then,
    })
}
