//! Functions that HTTP fires: which request goes to which of them, and how it is passed on.

mod method;
mod proxy;
mod route;

pub use method::Methods;
pub use route::Route;

pub(crate) use proxy::{Proxy, empty, refused};
