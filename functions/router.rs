//! One route per function, named as its folder.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};
use pipeline::Archivist;
use tracing::{Instrument, info_span};

use crate::catalogue_page::PageAccess;
use crate::invocation::{Counts, Outcome, answer, invocation_id};
use crate::live::Live;
use crate::ready::Ready;
use crate::{
    audit_log_landed, audit_log_tail, catalogue_page, catalogue_query, join_sweep, notification_delivery,
    posture_check, reconcile_sweep, recording_hash, recording_landed, resource_changed, retention_sweep,
};

/// What every function works with.
#[derive(Clone)]
pub struct App {
    /// The use cases, by the newest configuration.
    pub live: Live,
    /// How calls ended.
    pub counts: Arc<Counts>,
    /// Whether what they work with has been made.
    pub ready: Ready,
    /// Who may see the pages.
    pub pages: PageAccess,
}

/// A function as it is deployed: the folder's name, and its `function.json`.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// Folder, module, route and span.
    pub name: &'static str,
    /// The binding document.
    pub function_json: &'static str,
}

/// Every function there is.
pub const FUNCTIONS: [Function; 12] = [
    Function { name: recording_landed::FUNCTION, function_json: include_str!("recording_landed/function.json") },
    Function { name: audit_log_landed::FUNCTION, function_json: include_str!("audit_log_landed/function.json") },
    Function { name: audit_log_tail::FUNCTION, function_json: include_str!("audit_log_tail/function.json") },
    Function { name: reconcile_sweep::FUNCTION, function_json: include_str!("reconcile_sweep/function.json") },
    Function { name: retention_sweep::FUNCTION, function_json: include_str!("retention_sweep/function.json") },
    Function { name: join_sweep::FUNCTION, function_json: include_str!("join_sweep/function.json") },
    Function {
        name: notification_delivery::FUNCTION,
        function_json: include_str!("notification_delivery/function.json"),
    },
    Function { name: catalogue_page::FUNCTION, function_json: include_str!("catalogue_page/function.json") },
    Function { name: recording_hash::FUNCTION, function_json: include_str!("recording_hash/function.json") },
    Function { name: catalogue_query::FUNCTION, function_json: include_str!("catalogue_query/function.json") },
    Function { name: posture_check::FUNCTION, function_json: include_str!("posture_check/function.json") },
    Function { name: resource_changed::FUNCTION, function_json: include_str!("resource_changed/function.json") },
];

/// The host's settings, as deployed.
pub const HOST_JSON: &str = include_str!("../host.json");

/// The routes that the host calls. Any answer on `/` tells it that the handler is ready.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/recording_landed", post(on_recording_landed))
        .route("/audit_log_landed", post(on_audit_log_landed))
        .route("/audit_log_tail", post(on_audit_log_tail))
        .route("/reconcile_sweep", post(on_reconcile_sweep))
        .route("/recording_hash", post(on_recording_hash))
        .route("/retention_sweep", post(on_retention_sweep))
        .route("/join_sweep", post(on_join_sweep))
        .route("/notification_delivery", post(on_notification_delivery))
        .route("/ui", any(on_catalogue_page))
        .route("/ui/", any(on_catalogue_page))
        .route("/ui/{*path}", any(on_catalogue_page))
        .route("/api/v1", any(on_catalogue_query))
        .route("/api/v1/", any(on_catalogue_query))
        .route("/api/v1/{*path}", any(on_catalogue_query))
        .route("/posture_check", post(on_posture_check))
        .route("/resource_changed", post(on_resource_changed))
        .route_layer(from_fn_with_state(app.clone(), when_ready))
        .route("/", get(|| async { StatusCode::OK }))
        .with_state(app)
}

/// The archivist as it is for this call, whatever is configured meanwhile.
struct Now(Archivist);

impl FromRequestParts<App> for Now {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(app.live.archivist().await))
    }
}

async fn when_ready(State(app): State<App>, request: Request, next: Next) -> Response {
    app.ready.wait().await;
    next.run(request).await
}

async fn on_recording_landed(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |body: Bytes, _| recording_landed::run(&archivist, &counts, &body).await;
    let span = info_span!("recording_landed", invocation = invocation_id(&request));
    answer(recording_landed::FUNCTION, span, &counts, request, run).await
}

async fn on_audit_log_landed(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |body: Bytes, _| audit_log_landed::run(&archivist, &counts, &body).await;
    let span = info_span!("audit_log_landed", invocation = invocation_id(&request));
    answer(audit_log_landed::FUNCTION, span, &counts, request, run).await
}

async fn on_audit_log_tail(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |_, deadline| audit_log_tail::run(&archivist, &counts, deadline).await;
    let span = info_span!("audit_log_tail", invocation = invocation_id(&request));
    answer(audit_log_tail::FUNCTION, span, &counts, request, run).await
}

async fn on_reconcile_sweep(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |_, deadline| reconcile_sweep::run(&archivist, &counts, deadline).await;
    let span = info_span!("reconcile_sweep", invocation = invocation_id(&request));
    answer(reconcile_sweep::FUNCTION, span, &counts, request, run).await
}

async fn on_retention_sweep(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |_, deadline| retention_sweep::run(&archivist, &counts, deadline).await;
    let span = info_span!("retention_sweep", invocation = invocation_id(&request));
    answer(retention_sweep::FUNCTION, span, &counts, request, run).await
}

async fn on_join_sweep(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |_, deadline| join_sweep::run(&archivist, &counts, deadline).await;
    let span = info_span!("join_sweep", invocation = invocation_id(&request));
    answer(join_sweep::FUNCTION, span, &counts, request, run).await
}

async fn on_notification_delivery(
    Now(archivist): Now,
    State(App { counts, .. }): State<App>,
    request: Request,
) -> Outcome {
    let run = async |body: Bytes, _| notification_delivery::run(&archivist, &counts, &body).await;
    let span = info_span!("notification_delivery", invocation = invocation_id(&request));
    answer(notification_delivery::FUNCTION, span, &counts, request, run).await
}

async fn on_catalogue_query(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Response {
    let span = info_span!("catalogue_query", invocation = invocation_id(&request));
    catalogue_query::run(&archivist, &counts, request).instrument(span).await
}

async fn on_recording_hash(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |body: Bytes, _| recording_hash::run(&archivist, &counts, &body).await;
    let span = info_span!("recording_hash", invocation = invocation_id(&request));
    answer(recording_hash::FUNCTION, span, &counts, request, run).await
}

async fn on_catalogue_page(
    Now(archivist): Now,
    State(App { counts, pages, .. }): State<App>,
    request: Request,
) -> Response {
    catalogue_page::run(&archivist, &counts, pages, request).await
}

async fn on_posture_check(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |_, _| posture_check::run(&archivist, &counts).await;
    let span = info_span!("posture_check", invocation = invocation_id(&request));
    answer(posture_check::FUNCTION, span, &counts, request, run).await
}

async fn on_resource_changed(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Outcome {
    let run = async |body: Bytes, _| resource_changed::run(&archivist, &counts, &body).await;
    let span = info_span!("resource_changed", invocation = invocation_id(&request));
    answer(resource_changed::FUNCTION, span, &counts, request, run).await
}
