//! Detects failures that are not about the requested item: no sign-in, wrong tenant, no network.

use std::error::Error as StdError;

use azure_core::error::{Error, ErrorKind};
use pipeline::ports::{Outage, with_causes};

/// Marks in error texts of the services for a token of another tenant.
const OTHER_TENANT: [&str; 5] =
    ["AADSTS50020", "AADSTS700016", "AADSTS90072", "InvalidAuthenticationTokenTenant", "ssuer validation failed"];

/// Host of the sign-in service.
const SIGN_IN: &str = "login.microsoftonline.com";

/// Returns the outage behind an error of the SDK, or `None` if the error is about the requested item.
pub(super) fn outage(error: &Error) -> Option<Outage> {
    let is_unsigned = errors(error).any(|error| matches!(error.kind(), ErrorKind::Credential));
    let is_refused = errors(error)
        .any(|error| matches!(error.kind(), ErrorKind::HttpResponse { status, .. } if u16::from(*status) == 401));
    if !is_unsigned && !is_refused {
        return unreached(error).map(|host| Outage::Unreachable { host });
    }
    let message = with_causes(error);
    if OTHER_TENANT.iter().any(|code| message.contains(code)) {
        return Some(Outage::WrongTenant);
    }
    match () {
        () if is_refused => None,
        () if is_offline(&message) => Some(Outage::Unreachable { host: SIGN_IN.to_owned() }),
        () if message.contains("ManagedIdentityCredential") => Some(Outage::NoIdentity),
        () => Some(Outage::NotSignedIn),
    }
}

/// True if a signed-in tool could not reach the token service.
fn is_offline(message: &str) -> bool {
    ["NameResolutionError", "Failed to resolve", "Max retries exceeded", "no such host", "getaddrinfo"]
        .iter()
        .any(|sign| message.contains(sign))
}

/// Returns the host to which no connection could be made.
fn unreached(error: &Error) -> Option<String> {
    let connecting = causes(error).filter_map(|cause| cause.downcast_ref::<reqwest::Error>());
    let url = connecting.filter(|error| error.is_connect()).find_map(reqwest::Error::url)?;
    url.host_str().map(str::to_owned)
}

fn errors(error: &Error) -> impl Iterator<Item = &Error> {
    causes(error).filter_map(|cause| cause.downcast_ref())
}

fn causes(error: &Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

#[cfg(test)]
mod tests {
    use azure_core::http::StatusCode;

    use super::*;

    fn credential(message: &str) -> Error {
        let inner = Error::with_message(ErrorKind::Credential, message.to_owned());
        Error::with_error(ErrorKind::Other, inner, "non-transport error occurred which will not be retried")
    }

    #[test]
    fn a_failed_credential_is_an_outage_with_its_remedy() {
        let cases = [
            ("az not found on PATH", Outage::NotSignedIn),
            ("Please run 'az login' to set up an account", Outage::NotSignedIn),
            ("AADSTS50020: user account from identity provider does not exist in tenant", Outage::WrongTenant),
            ("ManagedIdentityCredential authentication failed", Outage::NoIdentity),
            (
                "HTTPSConnectionPool: Max retries exceeded with url (Caused by NameResolutionError)",
                Outage::Unreachable { host: SIGN_IN.to_owned() },
            ),
        ];
        for (message, expected) in cases {
            assert_eq!(outage(&credential(message)), Some(expected), "{message}");
        }
    }

    #[test]
    fn a_refusal_is_an_outage_only_for_a_foreign_tenant() {
        let refused = |code: &str| {
            let status = StatusCode::Unauthorized;
            ErrorKind::HttpResponse { status, error_code: Some(code.to_owned()), raw_response: None }.into_error()
        };
        assert_eq!(outage(&refused("InvalidAuthenticationTokenTenant")), Some(Outage::WrongTenant));
        assert_eq!(outage(&refused("NoAuthenticationInformation")), None);
        assert_eq!(outage(&Error::with_message(ErrorKind::Io, "half an answer")), None);
    }
}
