//! Live sessions, after `BastionSessionsList.json` and `BastionSessionDelete.json` of 2024-01-01.

use domain::decide::posture::MaybeKnown;
use jiff::SignedDuration;
use pipeline::ports::{FaultKind, LiveSessions};

use crate::management::api::{CannedReply, FakeManagement, HUB, hub};

const SESSIONS: &str = r#"{"value":[{"sessionId":"sessionId","startTime":"2019-1-1T12:00:00.0000Z","targetSubscriptionId":"subid",
    "resourceType":"VM","targetHostName":"vm01","targetResourceGroup":"rg1","userName":"user","targetIpAddress":"1.1.1.1",
    "protocol":"SSH","targetResourceId":"/subscriptions/subid/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/vm01",
    "sessionDurationInMins":1.5}]}"#;
const LATER: &str = "https://management.azure.com/operations/1?api-version=2024-01-01";

fn live() -> String {
    format!("POST {HUB}/getActiveSessions?api-version=2024-01-01")
}

#[tokio::test]
async fn sessions_are_read_at_once() {
    let api = FakeManagement::answering(&[(&live(), &[CannedReply::body(SESSIONS)])]);
    let MaybeKnown::Read(sessions) = api.client().live(&hub()).await.unwrap() else {
        panic!("not read")
    };
    let [one] = sessions.as_slice() else { panic!("{sessions:?}") };
    assert_eq!(one.id, "sessionId");
    assert_eq!(one.started_at, Some("2019-01-01T12:00:00Z".parse().unwrap()));
    assert_eq!(one.lasted, Some(SignedDuration::from_secs(90)));
    assert_eq!((one.user_name.as_deref(), one.protocol.as_deref()), (Some("user"), Some("ssh")));
    assert_eq!((one.host_name.as_deref(), one.target_ip.as_deref()), (Some("vm01"), Some("1.1.1.1")));
}

#[tokio::test(start_paused = true)]
async fn an_asynchronous_answer_is_awaited() {
    let under_way = CannedReply::body(r#"{"status":"InProgress"}"#);
    let later = [CannedReply::later(LATER), CannedReply::status(202), under_way, CannedReply::body(SESSIONS)];
    let api = FakeManagement::answering(&[(&live(), &[CannedReply::later(LATER)]), ("GET /operations/1", &later)]);
    let sessions = api.client().live(&hub()).await.unwrap();
    assert_eq!(sessions.read().unwrap().len(), 1);
    assert_eq!(api.asked().len(), 5, "{:?}", api.asked());
}

#[tokio::test(start_paused = true)]
async fn an_endless_operation_is_given_up() {
    let api = FakeManagement::answering(&[
        (&live(), &[CannedReply::later(LATER)]),
        ("GET /operations/1", &[CannedReply::later(LATER)]),
    ]);
    let fault = api.client().live(&hub()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Transient { retry_after: None });
}

#[tokio::test]
async fn a_token_is_not_sent_to_a_redirected_host() {
    for location in ["https://evil.example/operations/1", "http://management.azure.com/x", "nowhere"] {
        let api = FakeManagement::answering(&[(&live(), &[CannedReply::later(location)])]);
        assert_eq!(api.client().live(&hub()).await.unwrap_err().kind, FaultKind::Permanent);
        assert_eq!(api.asked().len(), 1, "{location}");
    }
}

fn refused() -> CannedReply {
    CannedReply(403, vec![], r#"{"error":{"code":"AuthorizationFailed","message":"x"}}"#.to_owned())
}

#[tokio::test]
async fn a_forbidden_session_list_is_not_an_empty_one() {
    let api = FakeManagement::answering(&[(&live(), &[refused()])]);
    let MaybeKnown::NotReadable(why) = api.client().live(&hub()).await.unwrap() else {
        panic!("read")
    };
    assert!(why.contains("403 AuthorizationFailed"), "{why}");
    assert!(why.contains("give it a role on the bastion with Microsoft.Network/bastionHosts/getactivesessions/action"));
}

#[tokio::test]
async fn a_forbidden_disconnect_names_the_missing_permission() {
    let path = format!("POST {HUB}/disconnectActiveSessions");
    let api = FakeManagement::answering(&[(&path, &[refused()])]);
    let MaybeKnown::NotReadable(why) = api.client().disconnect(&hub(), &["session1".to_owned()]).await.unwrap() else {
        panic!("ended")
    };
    let action = "Microsoft.Network/bastionHosts/disconnectactivesessions/action";
    assert!(why.contains("403 AuthorizationFailed") && why.contains(action), "{why}");
    assert!(!why.contains("the role Reader"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_operation_result_names_its_missing_permission() {
    let path = format!("POST {HUB}/disconnectActiveSessions");
    let api = FakeManagement::answering(&[(&path, &[CannedReply::later(LATER)]), ("GET /operations/1", &[refused()])]);
    let MaybeKnown::NotReadable(why) = api.client().disconnect(&hub(), &["session1".to_owned()]).await.unwrap() else {
        panic!("ended")
    };
    assert!(
        why.contains("may have succeeded") && why.contains("Microsoft.Network/locations/operationResults/read"),
        "{why}"
    );
}

#[tokio::test]
async fn a_disconnect_returns_the_result_for_each_session() {
    let body = r#"{"value":[{"sessionId":"session1","message":"session session1 invalidated!","state":"Disconnected"},
        {"sessionId":"session2","message":"session session2 could not be disconnected!","state":"Failed"},
        {"sessionId":"session3","message":"session session3 not found!","state":"NotFound"}]}"#;
    let path = format!("POST {HUB}/disconnectActiveSessions");
    let api = FakeManagement::answering(&[(&path, &[CannedReply::body(body)])]);
    let ended = api.client().disconnect(&hub(), &["session1".to_owned()]).await.unwrap();
    let done: Vec<(&str, bool)> = ended.read().unwrap().iter().map(|one| (one.id.as_str(), one.is_done)).collect();
    assert_eq!(done, [("session1", true), ("session2", false), ("session3", false)]);
}
