//! Route templates: `api/v1/{*path}`, `items/{id}`, `items/{id?}`.

/// Path pattern of a function, below the host's prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionRoute(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// This text, in any case.
    Literal(String),
    /// Exactly one segment.
    One,
    /// One segment or, at the end, none.
    OneOrNone,
    /// All remaining segments, possibly none.
    Rest,
}

impl FunctionRoute {
    /// Parses a template. Returns `None` if the stand-in does not support it (constraints `{id:int}`, defaults
    /// `{id=1}`, a parameter next to text in one segment) or if the host refuses it.
    pub fn parse(template: &str) -> Option<Self> {
        let parts: Vec<Part> = template.split('/').map(part).collect::<Option<_>>()?;
        let (_, before_last) = parts.split_last()?;
        let ends_early = before_last.iter().any(|part| matches!(part, Part::OneOrNone | Part::Rest));
        (!ends_early).then_some(Self(parts))
    }

    /// Prepends a prefix; an empty one changes nothing.
    pub(crate) fn below(&self, prefix: &str) -> Self {
        let prefix = prefix.split('/').filter(|text| !text.is_empty()).map(|text| Part::Literal(text.to_owned()));
        Self(prefix.chain(self.0.iter().cloned()).collect())
    }

    /// Returns true if the route matches the path of a request.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let path = path.strip_prefix('/').unwrap_or(path);
        // A trailing slash is ignored.
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut rest = (!path.is_empty()).then(|| path.split('/')).into_iter().flatten();
        for part in &self.0 {
            match (part, rest.next()) {
                (Part::Rest, _) | (Part::OneOrNone, None) => return true,
                (Part::Literal(expected), Some(text)) if text.eq_ignore_ascii_case(expected) => {}
                (Part::One | Part::OneOrNone, Some(text)) if !text.is_empty() => {}
                _ => return false,
            }
        }
        rest.next().is_none()
    }

    /// Sort key of routes: the host chooses the first matching route in this order.
    pub(crate) fn precedence(&self) -> impl Ord + use<> {
        let rank = |part: &Part| match part {
            Part::Literal(_) => 0,
            Part::One | Part::OneOrNone => 1,
            Part::Rest => 2,
        };
        self.0.iter().map(rank).collect::<Vec<u8>>()
    }
}

fn part(text: &str) -> Option<Part> {
    let Some(name) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        return (!text.is_empty() && !text.contains(['{', '}', '?'])).then(|| Part::Literal(text.to_owned()));
    };
    let (name, part) = match (name.trim_start_matches('*'), name.strip_suffix('?')) {
        (rest, None) if rest.len() < name.len() => (rest, Part::Rest),
        (_, Some(name)) => (name, Part::OneOrNone),
        (_, None) => (name, Part::One),
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, matching: &[&str], other: &[&str]) {
        let route = FunctionRoute::parse(template).unwrap();
        for path in matching {
            assert!(route.matches(path), "{template} {path}");
        }
        for path in other {
            assert!(!route.matches(path), "{template} {path}");
        }
    }

    #[test]
    fn text_matches_itself_in_any_case() {
        check("api/v1", &["/api/v1", "/API/v1", "/api/v1/"], &["/api", "/api/v1/x", "/", "/api//v1", "/api/v1//"]);
    }

    #[test]
    fn a_route_parameter_is_one_nonempty_segment() {
        check("items/{id}", &["/items/7", "/items/a%2Fb"], &["/items", "/items/", "/items/7/8"]);
        check("items/{id}/tags", &["/items/7/tags"], &["/items//tags"]);
    }

    #[test]
    fn the_last_route_parameter_may_be_optional_or_a_catch_all() {
        check("items/{id?}", &["/items", "/items/7"], &["/items/7/8", "/"]);
        check("api/v1/{*path}", &["/api/v1", "/api/v1/a", "/api/v1/a/b//c"], &["/api/v2", "/api"]);
        check("{**path}", &["/", "/a/b"], &[]);
    }

    #[test]
    fn a_prefix_goes_before_the_route() {
        let route = FunctionRoute::parse("items/{id}").unwrap();
        assert!(route.below("api/v1").matches("/api/v1/items/7") && route.below("").matches("/items/7"));
    }

    #[test]
    fn the_more_specific_route_goes_first() {
        let mut routes =
            ["{*all}", "items/{id}", "{kind}/new", "items/new"].map(|text| FunctionRoute::parse(text).unwrap());
        routes.sort_by_key(FunctionRoute::precedence);
        assert_eq!(
            routes,
            ["items/new", "items/{id}", "{kind}/new", "{*all}"].map(|text| FunctionRoute::parse(text).unwrap())
        );
    }

    #[test]
    fn an_unsupported_route_template_is_rejected() {
        for template in ["", "/api", "a//b", "{id:int}", "{id=1}", "a{id}", "{}", "{*rest}/a", "{id?}/a", "{id"] {
            assert_eq!(FunctionRoute::parse(template), None, "{template}");
        }
    }
}
