//! Tests the verdict about a session's recording.

use domain::decide::join::RecordingCoverage;
use domain::record::session::TunnelId;

use crate::join::world::{near, recording, session, stands, unfinished};

#[test]
fn a_session_whose_recording_is_there_is_recorded() {
    let coverage = stands(&session("a", 0, Some(1000)), &near(vec![recording(2, 1001)], vec![]));
    assert_eq!(coverage, RecordingCoverage::Recorded);
}

#[test]
fn a_session_that_no_recording_fits_is_unrecorded() {
    for recordings in [vec![], vec![recording(-700, -301)], vec![recording(4601, 5000)]] {
        assert_eq!(stands(&session("a", 0, Some(1000)), &near(recordings, vec![])), RecordingCoverage::Unrecorded);
    }
}

#[test]
fn a_session_is_not_unrecorded_beside_a_recording_of_its_name_that_fits_no_session() {
    let (later, earlier, late_upload, within) =
        (recording(2, 1401), recording(2, 300), recording(4000, 4000), recording(500, 800));
    for possible in [later, earlier, late_upload, within] {
        let coverage = stands(&session("a", 0, Some(1000)), &near(vec![possible], vec![]));
        assert_eq!(coverage, RecordingCoverage::Unknown);
    }
    let mut native = session("a", 0, Some(1000));
    native.is_native = true;
    assert_eq!(stands(&native, &near(vec![recording(2, 300)], vec![])), RecordingCoverage::Unrecorded);
}

#[test]
fn no_session_of_a_group_is_unrecorded_beside_a_recording_that_fits_none_of_them() {
    let near = near(vec![recording(2, 1001), recording(2, 500)], vec![session("b", 3, Some(1000))]);
    assert_eq!(stands(&session("a", 0, Some(1000)), &near), RecordingCoverage::Unknown);
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
