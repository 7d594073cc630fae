//! HTTP functions: matches requests to routes and proxies them.

mod method;
mod proxy;
mod route;

pub use method::Methods;
pub use route::FunctionRoute;

pub(crate) use proxy::{Proxy, empty, refused};
