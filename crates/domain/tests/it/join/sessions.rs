//! Tests the verdict about a session's recording.

use domain::decide::join::RecordingCoverage;
use domain::record::session::TunnelId;

use crate::join::world::{near, recording, session, stands, unfinished};

#[test]
fn a_session_whose_recording_is_there_is_recorded() {
    let standing = stands(&session("a", 0, Some(1000)), &near(vec![recording(2, 1001)], vec![]));
    assert_eq!(standing, RecordingCoverage::Recorded);
}

#[test]
fn a_session_that_no_recording_fits_is_unrecorded() {
    assert_eq!(
        stands(&session("a", 0, Some(1000)), &near(vec![recording(2, 1401)], vec![])),
        RecordingCoverage::Unrecorded
    );
    assert_eq!(stands(&session("a", 0, Some(1000)), &near(vec![], vec![])), RecordingCoverage::Unrecorded);
}

#[test]
fn two_sessions_with_one_recording_leave_an_ambiguous_gap() {
    let near = near(vec![recording(2, 1001)], vec![session("b", 3, Some(1000))]);
    let tunnels = ["a", "b"].map(|tunnel| TunnelId::parse(tunnel).unwrap());
    assert_eq!(stands(&session("a", 0, Some(1000)), &near), RecordingCoverage::OneOf(tunnels.to_vec()));
}

#[test]
fn as_many_recordings_as_sessions_leave_no_gap() {
    let near = near(vec![recording(2, 1001), recording(4, 1003)], vec![session("b", 3, Some(1000))]);
    assert_eq!(stands(&session("a", 0, Some(1000)), &near), RecordingCoverage::Recorded);
}

#[test]
fn a_session_excluded_from_the_recording_is_unrecorded() {
    // By its end, the recording fits b only.
    let near = near(vec![recording(2, 2000)], vec![session("b", 3, Some(2000))]);
    assert_eq!(stands(&session("a", 0, Some(1000)), &near), RecordingCoverage::Unrecorded);
}

#[test]
fn an_ended_session_precedes_an_open_one_among_unrecorded() {
    let near = near(vec![unfinished(2, 2)], vec![session("a", 3, None)]);
    let tunnels = ["b", "a"].map(|tunnel| TunnelId::parse(tunnel).unwrap());
    assert_eq!(stands(&session("b", 0, Some(1000)), &near), RecordingCoverage::OneOf(tunnels.to_vec()));
}
