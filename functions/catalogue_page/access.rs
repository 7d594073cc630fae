//! Access control of the web pages.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use wiring::settings::PageAccess;

/// App role of readers.
pub const ROLE: &str = "Archivist.Reader";

/// Header with the signed-in user. App Service removes it from requests and writes its own.
const PRINCIPAL: &str = "x-ms-client-principal";

/// Reason to refuse a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageRefused {
    /// Sign-in is not configured.
    NotSetUp,
    /// Sign-in is configured, but the platform does not say that App Service authentication is enabled.
    WithoutAuthentication,
    /// The request has no signed-in user.
    NotSignedIn,
    /// The signed-in user lacks the role.
    WithoutRole(String),
    /// The host name of the request is not one of this machine, as in DNS rebinding by a foreign page.
    NotThisMachine,
}

/// Checks the headers of a request. Returns the name of the reader, or `None` on this machine, where
/// readers have no name. Returns an error if the page is refused.
pub fn admit(access: PageAccess, headers: &HeaderMap) -> Result<Option<String>, PageRefused> {
    match access {
        PageAccess::Nobody => Err(PageRefused::NotSetUp),
        PageAccess::WithoutAuthentication => Err(PageRefused::WithoutAuthentication),
        PageAccess::Loopback if is_for_this_machine(headers) => Ok(None),
        PageAccess::Loopback => Err(PageRefused::NotThisMachine),
        PageAccess::AppService => {
            let principal = Principal::read(headers).ok_or(PageRefused::NotSignedIn)?;
            let name = principal.name();
            if principal.has_role() {
                Ok(Some(name))
            } else {
                Err(PageRefused::WithoutRole(name))
            }
        }
    }
}

/// Returns true if the requested host name is one of this machine. Under another name, a foreign page whose
/// name resolves to this machine could read the answer.
fn is_for_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

#[derive(Deserialize)]
struct Principal {
    #[serde(default)]
    claims: Vec<Claim>,
    #[serde(default)]
    name_typ: Option<String>,
    #[serde(default)]
    role_typ: Option<String>,
}

#[derive(Deserialize)]
struct Claim {
    typ: String,
    val: String,
}

impl Principal {
    fn read(headers: &HeaderMap) -> Option<Self> {
        let mut all = headers.get_all(PRINCIPAL).iter();
        let text = all.next().filter(|_| all.next().is_none())?;
        let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    fn claims(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.claims.iter().filter(move |claim| claim.typ == kind).map(|claim| claim.val.as_str())
    }

    fn has_role(&self) -> bool {
        let kinds = [self.role_typ.as_deref().unwrap_or("roles"), "roles"];
        kinds.iter().any(|kind| self.claims(kind).any(|role| role == ROLE))
    }

    fn name(&self) -> String {
        let kinds = ["preferred_username", self.name_typ.as_deref().unwrap_or("name"), "name"];
        let name = kinds.iter().find_map(|kind| self.claims(kind).next());
        name.unwrap_or("a person without a name").to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, String)]) -> HeaderMap {
        of.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn principal(claims: &serde_json::Value) -> HeaderMap {
        let text = serde_json::json!({ "auth_typ": "aad", "claims": claims, "role_typ": "roles" }).to_string();
        headers(&[(PRINCIPAL, STANDARD.encode(text))])
    }

    #[test]
    fn without_page_access_every_request_is_refused() {
        let forged = principal(&serde_json::json!([{ "typ": "roles", "val": ROLE }]));
        assert_eq!(admit(PageAccess::Nobody, &forged), Err(PageRefused::NotSetUp));
        assert_eq!(admit(PageAccess::Nobody, &HeaderMap::new()), Err(PageRefused::NotSetUp));
    }

    #[test]
    fn a_forged_principal_is_refused_while_authentication_is_off() {
        let forged = principal(&serde_json::json!([{ "typ": "roles", "val": ROLE }]));
        assert_eq!(admit(PageAccess::WithoutAuthentication, &forged), Err(PageRefused::WithoutAuthentication));
    }

    #[test]
    fn behind_app_service_the_role_is_asked_for() {
        let ada = serde_json::json!([{ "typ": "preferred_username", "val": "ada@contoso.example" }]);
        let reader = serde_json::json!([{ "typ": "preferred_username", "val": "ada@contoso.example" }, { "typ": "roles", "val": ROLE }]);
        let other = serde_json::json!([{ "typ": "roles", "val": "Archivist.ReaderOfNothing" }]);
        let admit = |headers: &HeaderMap| admit(PageAccess::AppService, headers);
        assert_eq!(admit(&principal(&reader)), Ok(Some("ada@contoso.example".to_owned())));
        assert_eq!(admit(&principal(&ada)), Err(PageRefused::WithoutRole("ada@contoso.example".to_owned())));
        assert!(matches!(admit(&principal(&other)), Err(PageRefused::WithoutRole(_))));
    }

    #[test]
    fn a_missing_or_repeated_principal_header_is_not_signed_in() {
        let admit = |headers: &HeaderMap| admit(PageAccess::AppService, headers);
        assert_eq!(admit(&HeaderMap::new()), Err(PageRefused::NotSignedIn));
        for text in ["", "e30", "no base64 at all!", "bnVsbA=="] {
            let refused = admit(&headers(&[(PRINCIPAL, text.to_owned())]));
            assert!(refused.is_err(), "{text:?}: {refused:?}");
        }
        let mut twice = principal(&serde_json::json!([{ "typ": "roles", "val": ROLE }]));
        twice.append(PRINCIPAL, "e30=".parse().unwrap());
        assert_eq!(admit(&twice), Err(PageRefused::NotSignedIn));
    }

    #[test]
    fn local_pages_are_served_only_under_local_names() {
        let admit = |host: &str| super::admit(PageAccess::Loopback, &headers(&[("host", host.to_owned())])).is_ok();
        assert!(["localhost", "localhost:7071", "127.0.0.1:7071", "[::1]:7071", "[::1]"].into_iter().all(admit));
        assert!(
            !["", "evil.example", "evil.example:7071", "localhost.evil.example", "127.0.0.1.evil.example:80"]
                .into_iter()
                .any(admit)
        );
    }
}
