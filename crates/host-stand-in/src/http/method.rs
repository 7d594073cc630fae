//! Which methods a function answers to.

use hyper::Method;

/// The methods of a function; none named is all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Methods(Vec<Method>);

impl Methods {
    /// Reads names of methods, in any case. The error is the first that is none.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        let read = |name: &'a str| Method::from_bytes(name.to_ascii_uppercase().as_bytes()).map_err(|_| name);
        names.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn contain(&self, method: &Method) -> bool {
        self.0.is_empty() || self.0.contains(method)
    }
}
