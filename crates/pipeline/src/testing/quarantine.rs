//! Conformance suite of [`Quarantine`].

use jiff::Timestamp;

use super::sample::{HOSTILE_NAMES, second};
use crate::ports::{Quarantine, QuarantineId, QuarantinedInput};

/// Generates one test per case. `$make` returns an empty quarantine and a guard kept alive by the test:
/// `quarantine_conformance!(make)` with `async fn make() -> (impl Quarantine, impl Sized)`.
#[macro_export]
macro_rules! quarantine_conformance {
    ($make:path) => {
        $crate::conformance_tests! { quarantine, $make;
            a_missing_input_is_not_found,
            an_input_is_kept_unchanged,
            any_bytes_are_kept,
            a_repeated_input_is_kept_in_its_first_form,
            the_same_bytes_from_another_origin_are_another_input,
            inputs_are_ordered_by_age,
            input_pages_continue_after_the_last_input,
            an_input_stays_unannounced_until_it_is_marked_as_announced,
            removing_an_input_keeps_the_others,
            a_removed_input_can_be_added_again,
        }
    };
}

/// A missing input is no error.
pub async fn a_missing_input_is_not_found(quarantine: &impl Quarantine) {
    assert_eq!(quarantine.get(&input(b"x", second(0)).id).await.unwrap(), None);
    assert_eq!(quarantine.since(second(0), 10).await.unwrap(), []);
}

/// Every field is preserved.
pub async fn an_input_is_kept_unchanged(quarantine: &impl Quarantine) {
    let input = input(b"{\"broken", second(0));
    quarantine.put(&input).await.unwrap();
    assert_eq!(quarantine.get(&input.id).await.unwrap(), Some(input));
}

/// Includes non-UTF-8, empty and large input.
pub async fn any_bytes_are_kept(quarantine: &impl Quarantine) {
    let every: Vec<u8> = (0..=255).collect();
    let many = every.repeat(1_000);
    for raw in [b"".as_slice(), &every, &many, b"\xff\xfe"] {
        let input = input(raw, second(0));
        quarantine.put(&input).await.unwrap();
        assert_eq!(quarantine.get(&input.id).await.unwrap().as_ref(), Some(&input));
    }
    for reason in HOSTILE_NAMES {
        let input = QuarantinedInput { reason: reason.to_owned(), ..input(reason.as_bytes(), second(0)) };
        quarantine.put(&input).await.unwrap();
        assert_eq!(quarantine.get(&input.id).await.unwrap(), Some(input));
    }
}

/// A redelivery adds no second input.
pub async fn a_repeated_input_is_kept_in_its_first_form(quarantine: &impl Quarantine) {
    let first = input(b"x", second(0));
    quarantine.put(&first).await.unwrap();
    quarantine.put(&QuarantinedInput { reason: "another".to_owned(), ..input(b"x", second(9)) }).await.unwrap();
    assert_eq!(quarantine.since(second(0), 10).await.unwrap(), [first.note()]);
}

/// Different origins are replayed to different functions.
pub async fn the_same_bytes_from_another_origin_are_another_input(quarantine: &impl Quarantine) {
    let one = input(b"x", second(0));
    let other = "notification_delivery";
    let two = QuarantinedInput { id: QuarantineId::derive(b"x", other), origin: other.to_owned(), ..one.clone() };
    quarantine.put(&one).await.unwrap();
    quarantine.put(&two).await.unwrap();
    assert_eq!(quarantine.get(&one.id).await.unwrap(), Some(one));
    assert_eq!(quarantine.get(&two.id).await.unwrap(), Some(two));
}

/// `since` is inclusive, and the limit applies.
pub async fn inputs_are_ordered_by_age(quarantine: &impl Quarantine) {
    for n in [3, 1, 4, 0, 2] {
        quarantine.put(&input(&[n], second(n.into()))).await.unwrap();
    }
    let kept = |n: u8| input(&[n], second(n.into())).note();
    assert_eq!(quarantine.since(second(0), 10).await.unwrap(), [0, 1, 2, 3, 4].map(kept));
    assert_eq!(quarantine.since(second(2), 2).await.unwrap(), [2, 3].map(kept));
    assert_eq!(quarantine.since(second(5), 10).await.unwrap(), []);
}

/// Holds for several inputs at the same time, and if the last one is gone.
pub async fn input_pages_continue_after_the_last_input(quarantine: &impl Quarantine) {
    for n in 0..7 {
        quarantine.put(&input(&[n], second(i64::from(n) / 3))).await.unwrap();
    }
    let all = quarantine.since(second(0), 10).await.unwrap();
    let mut seen = quarantine.since(second(0), 2).await.unwrap();
    while let Some(last) = seen.last().cloned() {
        quarantine.remove(&last.id).await.unwrap();
        let page = quarantine.behind(&last, 2).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 2);
        seen.extend(page);
    }
    assert_eq!(seen, all);
}

/// Holds at any age, and if the input is put again.
pub async fn an_input_stays_unannounced_until_it_is_marked_as_announced(quarantine: &impl Quarantine) {
    let inputs = [0, 1, 2].map(|n: u8| input(&[n], second(n.into())));
    for input in inputs.iter().rev() {
        quarantine.put(input).await.unwrap();
    }
    let notes = |from: usize| inputs[from..].iter().map(QuarantinedInput::note).collect::<Vec<_>>();
    assert_eq!(quarantine.unannounced(10).await.unwrap(), notes(0));
    assert_eq!(quarantine.unannounced(1).await.unwrap(), notes(0)[..1]);
    let unknown = QuarantineId::derive(b"unknown", "recording_landed");
    for _ in 0..2 {
        quarantine.announced(&[inputs[0].id.clone(), unknown.clone()]).await.unwrap();
        quarantine.put(&inputs[0]).await.unwrap();
    }
    assert_eq!(quarantine.unannounced(10).await.unwrap(), notes(1));
    quarantine.remove(&inputs[1].id).await.unwrap();
    assert_eq!(quarantine.unannounced(10).await.unwrap(), notes(2));
    assert_eq!(quarantine.since(second(0), 10).await.unwrap().len(), 2);
}

/// Removing twice is no error.
pub async fn removing_an_input_keeps_the_others(quarantine: &impl Quarantine) {
    let (one, other) = (input(b"x", second(0)), input(b"y", second(0)));
    quarantine.put(&one).await.unwrap();
    quarantine.put(&other).await.unwrap();
    for _ in 0..2 {
        quarantine.remove(&one.id).await.unwrap();
    }
    assert_eq!(quarantine.get(&one.id).await.unwrap(), None);
    assert_eq!(quarantine.since(second(0), 10).await.unwrap(), [other.note()]);
    assert_eq!(quarantine.get(&other.id).await.unwrap(), Some(other));
}

/// The input carries the time of its return.
pub async fn a_removed_input_can_be_added_again(quarantine: &impl Quarantine) {
    let first = input(b"x", second(0));
    quarantine.put(&first).await.unwrap();
    quarantine.remove(&first.id).await.unwrap();
    let again = input(b"x", second(9));
    quarantine.put(&again).await.unwrap();
    assert_eq!(quarantine.since(second(0), 10).await.unwrap(), [again.note()]);
    assert_eq!(quarantine.get(&again.id).await.unwrap(), Some(again));
}

fn input(raw: &[u8], at: Timestamp) -> QuarantinedInput {
    let origin = "recording_landed";
    QuarantinedInput {
        id: QuarantineId::derive(raw, origin),
        raw: raw.to_vec(),
        reason: "not JSON: expected value at line 1".to_owned(),
        at,
        origin: origin.to_owned(),
    }
}
