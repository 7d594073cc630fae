use estate_simulator::worlds::score;

use super::world;

#[test]
fn the_truth_names_every_recording_right() {
    let world = world("all together");
    let truth = score(&world, |index| world.truth.session_of(index));
    assert_eq!((truth.named, truth.right, truth.wrong), (truth.logged, truth.logged, 0));
    assert!((truth.share() - 1.0).abs() < f64::EPSILON);
    assert!(truth.logged < truth.recordings && truth.knowable < truth.logged);
}

#[test]
fn no_names_are_neither_right_nor_wrong() {
    let world = world("calm");
    let silent = score(&world, |_| None);
    assert_eq!((silent.named, silent.right, silent.wrong, silent.logged), (0, 0, 0, 4000));
    assert!(silent.share() < f64::EPSILON);
}

#[test]
fn a_match_for_an_unlogged_session_is_wrong() {
    let world = world("failed logins");
    let of_nobody = |index: usize| world.truth.session_of(index).is_none();
    let score = score(&world, |index| of_nobody(index).then_some(0));
    assert_eq!((score.right, score.wrong), (0, score.recordings - score.logged));
    assert!(score.wrong > 0);
}

#[test]
fn another_session_of_the_same_person_is_wrong_and_counted_apart() {
    let world = world("calm");
    let (first, second) = (0..world.sessions.len())
        .find_map(|one| {
            let is_other = |two: &usize| *two != one && world.sessions[*two].person == world.sessions[one].person;
            Some((world.truth.recording_of(one)?, (0..world.sessions.len()).find(is_other)?))
        })
        .unwrap();
    let wrong = score(&world, |index| (index == first).then_some(second));
    assert_eq!((wrong.wrong, wrong.wrong_same_person, wrong.wrong_person()), (1, 1, 0));
    let stranger = (0..world.sessions.len()).find(|one| world.sessions[*one].person != world.sessions[second].person);
    let wrong = score(&world, |index| (index == first).then_some(stranger.unwrap()));
    assert_eq!((wrong.wrong, wrong.wrong_same_person, wrong.wrong_person()), (1, 0, 1));
}
