//! The pages over HTTP: access and response headers.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use functions::catalogue_page::ROLE;
use pipeline::ports::FaultKind;
use serde_json::json;
use wiring::settings::PageAccess;

use crate::support::TestApp;

const PRINCIPAL: &str = "x-ms-client-principal";
const NAME: &str = "vm-web-01-azureadmin.4";

/// Returns the platform's principal header for Ada with these roles.
fn ada(roles: &[&str]) -> String {
    let mut claims = vec![json!({ "typ": "preferred_username", "val": "ada@contoso.example" })];
    claims.extend(roles.iter().map(|role| json!({ "typ": "roles", "val": role })));
    STANDARD.encode(json!({ "auth_typ": "aad", "claims": claims, "role_typ": "roles" }).to_string())
}

fn asked(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:7071");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Response {
    app.response(asked(Method::GET, path, headers)).await
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().into()).unwrap()
}

fn said<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

/// Returns an app with one recording, which does not deliver notifications.
async fn with_recording() -> TestApp {
    let app = TestApp::new().may_leave_deliveries();
    let event = app.storage.upload(NAME, 4_096);
    assert_eq!(app.storage_event(&event).await, 200);
    app
}

#[tokio::test]
async fn without_the_setting_every_page_request_is_refused() {
    let app = with_recording().await.with_pages(PageAccess::Nobody);
    let before = app.gate.calls().len();
    for path in ["/ui/", "/ui", "/ui/recordings", "/ui/sessions", "/ui/gaps", "/ui/bastions", "/ui/nothing"] {
        let response = get(&app, path, &[(PRINCIPAL, &ada(&[ROLE]))]).await;
        assert_eq!(response.status(), 403, "{path}");
        let page = text(response).await;
        for told in ["ARCHIVIST_PAGE_AUTH", "app-service", ROLE] {
            assert!(page.contains(told), "{path} does not show {told}: {page}");
        }
        assert!(!page.contains(NAME), "{path}");
    }
    assert_eq!(app.gate.calls().len(), before, "nothing is read without a caller");
}

#[tokio::test]
async fn while_authentication_is_off_a_forged_header_gets_instructions_only() {
    let app = with_recording().await.with_pages(PageAccess::WithoutAuthentication);
    let response = get(&app, "/ui/recordings", &[(PRINCIPAL, &ada(&[ROLE]))]).await;
    assert_eq!(response.status(), 403);
    let page = text(response).await;
    assert!(page.contains("WEBSITE_AUTH_ENABLED") && !page.contains(NAME), "{page}");
}

#[tokio::test]
async fn behind_app_service_a_reader_sees_pages_with_their_name() {
    let app = with_recording().await.with_pages(PageAccess::AppService);
    let response = get(&app, "/ui/recordings", &[(PRINCIPAL, &ada(&[ROLE]))]).await;
    assert_eq!(response.status(), 200);
    let page = text(response).await;
    assert!(page.contains(NAME), "{page}");
    let (_, foot) = page.split_once("<footer>").unwrap();
    assert!(foot.contains("to <bdi>ada@contoso.example</bdi>"), "{foot}");
}

#[tokio::test]
async fn behind_app_service_a_request_without_the_role_is_refused() {
    let app = with_recording().await.with_pages(PageAccess::AppService);
    let (without, nobody) = (ada(&["Archivist.Operator"]), "bm90IGEgcHJpbmNpcGFs");
    for (headers, told) in [
        (vec![(PRINCIPAL, without.as_str())], "signed in as ada@contoso.example"),
        (vec![(PRINCIPAL, nobody)], "Not signed in"),
        (vec![], "Not signed in"),
    ] {
        let response = get(&app, "/ui/recordings", &headers).await;
        assert_eq!(response.status(), 403, "{headers:?}");
        let page = text(response).await;
        assert!(page.contains(told) && !page.contains(NAME), "{headers:?}: {page}");
    }
}

const LISTS: [&str; 6] = ["recordings", "sessions", "gaps", "bastions", "deletions", "holds"];

#[tokio::test]
async fn a_csv_list_is_refused_like_its_page() {
    let closed = with_recording().await.with_pages(PageAccess::Nobody);
    let service = with_recording().await.with_pages(PageAccess::AppService);
    for list in LISTS {
        let path = format!("/ui/{list}?format=csv");
        let refused = [get(&closed, &path, &[(PRINCIPAL, &ada(&[ROLE]))]).await, get(&service, &path, &[]).await];
        for response in refused {
            assert_eq!(response.status(), 403, "{path}");
            assert!(said(&response, "content-type").starts_with("text/html"), "{path}");
            assert!(!text(response).await.contains(NAME), "{path}");
        }
        assert_eq!(get(&service, &path, &[(PRINCIPAL, &ada(&[ROLE]))]).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn every_list_is_a_csv_file_with_a_name() {
    let app = with_recording().await;
    let event = app.storage.upload("=cmd|' /C calc'!A0", 1);
    assert_eq!(app.storage_event(&event).await, 200);
    for list in LISTS {
        let response = get(&app, &format!("/ui/{list}?format=csv"), &[]).await;
        assert!(said(&response, "content-type").starts_with("text/csv"), "{list}");
        let named = format!("attachment; filename=\"{list}-2025-11-05.csv\"");
        assert_eq!(said(&response, "content-disposition"), named);
        assert_eq!(said(&response, "x-content-type-options"), "nosniff");
        let file = text(response).await;
        assert!(file.lines().next().unwrap().split(',').count() >= 12, "{file}");
        if list == "recordings" {
            assert_eq!(file.lines().count(), 3, "{file}");
            assert!(file.contains(NAME) && file.contains(",'=cmd|' /C calc'!A0,"), "{file}");
        }
    }
    let filtered = get(&app, "/ui/recordings?format=csv&q=vm-web", &[]).await;
    assert_eq!(text(filtered).await.lines().count(), 2);
    let wrong = get(&app, "/ui/recordings?format=csv&from=soon", &[]).await;
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn a_page_request_for_another_host_is_refused() {
    let app = with_recording().await;
    let request = Request::get("/ui/").header(header::HOST, "rebound.example").body(Body::empty()).unwrap();
    assert_eq!(app.response(request).await.status(), 403);
}

#[tokio::test]
async fn an_unknown_page_is_404_and_a_writing_method_is_405() {
    let app = with_recording().await;
    for path in ["/ui/nothing", "/ui/recordings/rec_0", "/ui/recordings/rec_01kjqrzbhrb6j35y686jz68gad"] {
        assert_eq!(get(&app, path, &[]).await.status(), 404, "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let response = app.response(asked(method.clone(), "/ui/recordings", &[])).await;
        assert_eq!((response.status().as_u16(), said(&response, "allow")), (405, "GET, HEAD"), "{method}");
    }
}

#[tokio::test]
async fn a_reader_sees_times_in_the_zone_of_the_address_and_keeps_it() {
    let app = with_recording().await;
    let page = text(get(&app, "/ui/recordings?tz=Asia%2FTokyo", &[]).await).await;
    assert!(page.contains("Times are Asia/Tokyo, with UTC on hover"), "{page}");
    let links = page.split("href=\"/ui/").skip(1).map(|link| link.split('"').next().unwrap());
    for link in links.filter(|link| !["style.css", "icon.svg"].contains(link)) {
        assert!(link.contains("tz=Asia%2FTokyo"), "{link}");
    }
    assert!(page.contains("<input type=\"hidden\" name=\"tz\" value=\"Asia/Tokyo\">"), "{page}");
    let utc = text(get(&app, "/ui/recordings?tz=", &[]).await).await;
    assert!(utc.contains("Times are UTC.") && !utc.contains("tz=A"), "{utc}");
}

#[tokio::test]
async fn an_unknown_time_zone_is_400_with_its_remedy() {
    let app = with_recording().await;
    for path in ["/ui/?tz=Mars%2FOlympus", "/ui/recordings?format=csv&tz=Mars%2FOlympus"] {
        let response = get(&app, path, &[]).await;
        assert_eq!(response.status(), 400, "{path}");
        let page = text(response).await;
        assert!(page.contains("Mars/Olympus is not a name") && page.contains("Europe/Berlin"), "{page}");
    }
}

#[tokio::test]
async fn a_parameter_that_a_page_does_not_have_is_explained() {
    let app = with_recording().await;
    let page = text(get(&app, "/ui/recordings?persn=anna&code=hunter2", &[]).await).await;
    assert!(page.contains("no parameter named <bdi>persn</bdi>") && !page.contains("hunter2"), "{page}");
    let page = text(get(&app, "/ui/recordings?person=anna&refresh=on&code=hunter2", &[]).await).await;
    assert!(!page.contains("no parameter named"), "{page}");
}

#[tokio::test]
async fn a_file_is_not_made_with_a_filter_that_has_no_effect() {
    let app = with_recording().await;
    let response = get(&app, "/ui/recordings?format=csv&persn=anna", &[]).await;
    assert_eq!(response.status(), 400);
    assert!(text(response).await.contains("no parameter named <bdi>persn</bdi>"));
    let file = get(&app, "/ui/recordings?format=csv&person=anna&code=hunter2", &[]).await;
    assert_eq!((file.status().as_u16(), said(&file, "content-type")), (200, "text/csv; charset=utf-8; header=present"));
}

#[tokio::test]
async fn the_path_without_a_slash_leads_to_the_overview() {
    let app = with_recording().await;
    let moved = get(&app, "/ui?refresh=on&code=hunter2", &[]).await;
    assert_eq!((moved.status().as_u16(), said(&moved, "location")), (307, "/ui/?refresh=on"));
    assert_eq!(said(&get(&app, "/ui", &[]).await, "location"), "/ui/");
}

#[tokio::test]
async fn a_head_request_returns_only_the_headers() {
    let app = with_recording().await;
    let (head, page) = (app.response(asked(Method::HEAD, "/ui/", &[])).await, get(&app, "/ui/", &[]).await);
    assert_eq!(head.status(), 200);
    for name in ["etag", "content-type", "cache-control", "content-security-policy"] {
        assert_eq!(said(&head, name), said(&page, name));
    }
    assert_eq!(text(head).await, "");
}

#[tokio::test]
async fn an_unchanged_page_is_304_unless_access_is_refused() {
    let app = with_recording().await;
    let first = get(&app, "/ui/recordings", &[]).await;
    let tag = said(&first, "etag").to_owned();
    assert_eq!(said(&first, "cache-control"), "private, no-cache");

    let again = get(&app, "/ui/recordings", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status().as_u16(), said(&again, "etag")), (304, tag.as_str()));
    assert_eq!(text(again).await, "");

    let event = app.storage.upload("vm-web-02-azureadmin", 1);
    assert_eq!(app.storage_event(&event).await, 200);
    assert_eq!(get(&app, "/ui/recordings", &[("if-none-match", &tag)]).await.status(), 200);

    let closed = app.with_pages(PageAccess::Nobody);
    assert_eq!(get(&closed, "/ui/recordings", &[("if-none-match", &tag)]).await.status(), 403);
}

#[tokio::test]
async fn an_unreadable_catalogue_is_reported_without_details() {
    for call in ["catalogue.list", "checkpoints"] {
        let app = with_recording().await;
        app.gate.fail(call, FaultKind::Transient { retry_after: None });
        let response = get(&app, "/ui/", &[]).await;
        assert_eq!(response.status(), 503, "{call}");
        let page = text(response).await;
        assert!(page.contains("cannot be read now"), "{page}");
        for detail in [call, NAME, "fault", "Fault", "bas-hub-01"] {
            assert!(!page.contains(detail), "{detail}: {page}");
        }
    }
}

#[tokio::test]
async fn every_response_forbids_scripts() {
    let app = with_recording().await;
    let tag = said(&get(&app, "/ui/", &[]).await, "etag").to_owned();
    let mut answers = vec![
        get(&app, "/ui/", &[]).await,
        get(&app, "/ui/", &[("if-none-match", &tag)]).await,
        get(&app, "/ui/style.css", &[]).await,
        get(&app, "/ui/icon.svg", &[]).await,
        get(&app, "/ui/recordings?from=soon", &[]).await,
        get(&app, "/ui/nothing", &[]).await,
        app.response(asked(Method::POST, "/ui/", &[])).await,
    ];
    app.gate.fail("catalogue.list", FaultKind::Transient { retry_after: None });
    answers.push(get(&app, "/ui/", &[]).await);
    answers.push(get(&app.with_pages(PageAccess::Nobody), "/ui/", &[]).await);
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert_eq!(statuses, [200, 304, 200, 200, 400, 404, 405, 503, 403]);
    for answer in answers {
        let policy = said(&answer, "content-security-policy");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("script"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(said(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(said(&answer, "x-frame-options"), "DENY");
        assert_eq!(said(&answer, "referrer-policy"), "same-origin");
    }
}
