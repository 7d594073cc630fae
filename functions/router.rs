//! HTTP routes of the functions, each named like its folder.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Redirect, Response};
use axum::routing::{MethodRouter, any, get, post};
use pipeline::Archivist;
use tracing::info_span;
use wiring::live::LiveArchivist;
use wiring::ready::Ready;
use wiring::settings::PageAccess;

use crate::invocation::{Counts, answer, invocation_id};
use crate::{
    audit_log_landed, audit_log_tail, catalogue_page, catalogue_query, join_sweep, notification_delivery,
    posture_check, reconcile_sweep, recording_hash, recording_landed, resource_changed, retention_sweep,
};

/// State shared by all functions.
#[derive(Clone)]
pub struct App {
    /// The archivist of the newest configuration.
    pub live: LiveArchivist,
    /// Outcome counters.
    pub counts: Arc<Counts>,
    /// Signals that tables, queues and containers exist.
    pub ready: Ready,
    /// Readers of the web pages.
    pub pages: PageAccess,
}

/// Builds the handler of a module's function, in a span with the module's name.
macro_rules! calls {
    ($function:ident) => {
        post(async |Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request| {
            let span = info_span!(stringify!($function), invocation = invocation_id(request.headers()));
            let run = async |call| $function::run(&archivist, &counts, call).await;
            answer($function::FUNCTION, span, &counts, request, run).await
        })
    };
}

/// Routes for the host. An answer on `/` signals that the handler is ready.
pub fn router(app: App) -> Router {
    finished(functions().merge(reads()), get(|| async {}), app)
}

/// Read-only routes, for a catalogue without running functions. `/` leads to the pages.
pub fn read_router(app: App) -> Router {
    finished(reads(), get(|| async { Redirect::temporary("/ui/") }), app)
}

fn finished(routes: Router<App>, root: MethodRouter<App>, app: App) -> Router {
    routes.route_layer(from_fn_with_state(app.clone(), when_ready)).route("/", root).with_state(app)
}

fn functions() -> Router<App> {
    Router::new()
        .route("/recording_landed", calls!(recording_landed))
        .route("/audit_log_landed", calls!(audit_log_landed))
        .route("/audit_log_tail", calls!(audit_log_tail))
        .route("/reconcile_sweep", calls!(reconcile_sweep))
        .route("/recording_hash", calls!(recording_hash))
        .route("/retention_sweep", calls!(retention_sweep))
        .route("/join_sweep", calls!(join_sweep))
        .route("/notification_delivery", calls!(notification_delivery))
        .route("/posture_check", calls!(posture_check))
        .route("/resource_changed", calls!(resource_changed))
}

fn reads() -> Router<App> {
    Router::new()
        .route("/ui", any(on_catalogue_page))
        .route("/ui/", any(on_catalogue_page))
        .route("/ui/{*path}", any(on_catalogue_page))
        .route("/api/v1", any(on_catalogue_query))
        .route("/api/v1/", any(on_catalogue_query))
        .route("/api/v1/{*path}", any(on_catalogue_query))
}

/// The archivist for this call, which stays the same if the configuration changes meanwhile.
struct Now(Arc<Archivist>);

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

async fn on_catalogue_query(Now(archivist): Now, State(App { counts, .. }): State<App>, request: Request) -> Response {
    catalogue_query::run(&archivist, &counts, request).await
}

async fn on_catalogue_page(
    Now(archivist): Now,
    State(App { counts, pages, .. }): State<App>,
    request: Request,
) -> Response {
    catalogue_page::run(&archivist, &counts, pages, request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::FUNCTIONS;

    #[test]
    fn the_registry_has_every_function_under_its_own_name() {
        let modules = [
            recording_landed::FUNCTION,
            audit_log_landed::FUNCTION,
            audit_log_tail::FUNCTION,
            reconcile_sweep::FUNCTION,
            retention_sweep::FUNCTION,
            join_sweep::FUNCTION,
            notification_delivery::FUNCTION,
            catalogue_page::FUNCTION,
            recording_hash::FUNCTION,
            catalogue_query::FUNCTION,
            posture_check::FUNCTION,
            resource_changed::FUNCTION,
        ];
        assert_eq!(FUNCTIONS.map(|function| function.name), modules);
    }
}
