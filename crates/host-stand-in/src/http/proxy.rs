//! Proxies requests to the handler, as the host does for a function with HTTP in and out.

use std::sync::Arc;

use host_protocol::RequestRefusal;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CONNECTION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION, ORIGIN, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use hyper::{Method, Request, Response, StatusCode, Version};
use tracing::warn;

use super::{FunctionRoute, Methods};
use crate::function::{FunctionDefinition, Trigger};
use crate::handler::{HOST_VERSION, INVOCATION_ID, ProxyError};
use crate::invoker::Invoker;

/// Routes of all HTTP functions of one handler.
#[derive(Clone)]
pub(crate) struct Proxy {
    routes: Arc<[Destination]>,
    invoker: Arc<Invoker>,
}

struct Destination {
    function: String,
    route: FunctionRoute,
    methods: Methods,
}

/// Address of the first page.
const PAGES: &str = "/ui/";

/// Headers for a single connection only.
const OF_ONE_CONNECTION: [HeaderName; 5] = [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

impl Proxy {
    pub(crate) fn new(functions: &[FunctionDefinition], prefix: &str, invoker: Arc<Invoker>) -> Self {
        let destination = |function: &FunctionDefinition| match &function.trigger {
            Trigger::Http { route, methods } => {
                let (route, methods) = (route.below(prefix), methods.clone());
                Some(Destination { function: function.name.clone(), route, methods })
            }
            Trigger::Queue(_) | Trigger::Timer { .. } => None,
        };
        let mut routes: Vec<Destination> = functions.iter().filter_map(destination).collect();
        routes.sort_by_key(|destination| destination.route.precedence());
        Self { routes: routes.into(), invoker }
    }

    /// Returns the handler's response, or a redirect from `/` to the pages.
    ///
    /// The response is 404 if no function matches, 502 if the handler is down, and 504 after the function timeout.
    /// Function keys are not checked, so the caller must reject requests from pages of other origins.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Response<BoxBody<Bytes, hyper::Error>> {
        let (method, path) = (request.method(), request.uri().path());
        let Some(function) = self.function(method, path) else {
            let has_pages = self.function(method, PAGES).is_some();
            return if path == "/" && has_pages { to_pages() } else { empty(StatusCode::NOT_FOUND) };
        };
        let (mut head, body) = request.into_parts();
        head.version = Version::HTTP_11;
        let invocation = self.invoker.invocation_id();
        remove_of_one_connection(&mut head.headers);
        // The handler is another host, and a browser's page is not one of its own.
        for name in [&HOST, &ORIGIN] {
            head.headers.remove(name);
        }
        let Ok(id) = HeaderValue::from_str(&invocation) else {
            return empty(StatusCode::BAD_GATEWAY);
        };
        head.headers.insert(INVOCATION_ID, id.clone());
        head.headers.insert("x-ms-invocation-id", id);
        head.headers.insert(HOST_VERSION.0, HeaderValue::from_static(HOST_VERSION.1));
        let answered = self.invoker.handler().pass_on(Request::from_parts(head, body.boxed())).await;
        self.invoker.calls().answered(function, answered.is_ok());
        match answered {
            Ok(mut response) => {
                remove_of_one_connection(response.headers_mut());
                response.map(BodyExt::boxed)
            }
            Err(unanswered) => {
                warn!(function, invocation, ?unanswered, "request not answered");
                empty(match unanswered {
                    ProxyError::Down => StatusCode::BAD_GATEWAY,
                    ProxyError::Late => StatusCode::GATEWAY_TIMEOUT,
                })
            }
        }
    }

    fn function(&self, method: &Method, path: &str) -> Option<&str> {
        let found = self.routes.iter().find(|it| it.methods.contain(method) && it.route.matches(path));
        found.map(|destination| destination.function.as_str())
    }
}

fn remove_of_one_connection(headers: &mut HeaderMap) {
    let named = headers.get_all(CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    let named = named.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok());
    let named: Vec<HeaderName> = named.collect();
    for name in named.iter().chain(&OF_ONE_CONNECTION) {
        headers.remove(name);
    }
}

pub(crate) fn empty(status: StatusCode) -> Response<BoxBody<Bytes, hyper::Error>> {
    let mut response = Response::new(http_body_util::Empty::new().map_err(|never| match never {}).boxed());
    *response.status_mut() = status;
    response
}

fn to_pages() -> Response<BoxBody<Bytes, hyper::Error>> {
    let mut response = empty(StatusCode::TEMPORARY_REDIRECT);
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(PAGES));
    response
}

/// Returns the 403 response to a refused request.
pub(crate) fn refused(refusal: RequestRefusal) -> Response<BoxBody<Bytes, hyper::Error>> {
    let mut response = Response::new(Full::from(refusal.problem()).map_err(|never| match never {}).boxed());
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(RequestRefusal::CONTENT_TYPE));
    response
}
