//! HTTP methods of a function.

use hyper::Method;

/// Methods accepted by a function; an empty list accepts all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Methods(Vec<Method>);

impl Methods {
    /// Parses method names in any case. Returns the first invalid name as the error.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        let read = |name: &'a str| Method::from_bytes(name.to_ascii_uppercase().as_bytes()).map_err(|_| name);
        names.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn contain(&self, method: &Method) -> bool {
        self.0.is_empty() || self.0.contains(method)
    }
}
