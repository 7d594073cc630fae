//! Reads the caller's name from its token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pipeline::ports::Fault;
use serde::Deserialize;

use super::access::StorageAccess;
use super::failure::Failure;

/// Scope every signed-in identity may request.
const SCOPE: &str = "https://storage.azure.com/.default";

/// Claims of a token that name its holder.
#[derive(Deserialize)]
struct Claims {
    upn: Option<String>,
    preferred_username: Option<String>,
    unique_name: Option<String>,
    oid: Option<String>,
    appid: Option<String>,
}

impl StorageAccess {
    /// Returns the signed-in identity: a person's sign-in name, else the object id of an app. `None` for an
    /// emulator's key.
    ///
    /// The token is not verified here: it came from the service that signs tokens, and services verify it at every
    /// call.
    pub async fn who(&self) -> Result<Option<String>, Fault> {
        let Some(credential) = self.credential() else { return Ok(None) };
        let token = credential.get_token(&[SCOPE], None).await;
        let token = token.map_err(|error| Failure::from(error).fault("ask who is signed in to Azure"))?;
        Ok(named(token.token.secret()))
    }
}

fn named(token: &str) -> Option<String> {
    let payload = token.split('.').nth(1)?.trim_end_matches('=');
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    // The token of a guest has no principal name, and often only the last of these names.
    let names = [claims.upn, claims.preferred_username, claims.unique_name, claims.oid, claims.appid];
    names.into_iter().flatten().find(|name| !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.signature", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn a_token_names_a_person_then_an_object_then_an_app() {
        let name = |claims: &str| named(&token(claims));
        assert_eq!(name(r#"{"upn":"ada@contoso.example","oid":"o"}"#).as_deref(), Some("ada@contoso.example"));
        assert_eq!(name(r#"{"preferred_username":"ada@contoso.example"}"#).as_deref(), Some("ada@contoso.example"));
        assert_eq!(name(r#"{"upn":" ","oid":"o","appid":"a"}"#).as_deref(), Some("o"));
        let guest = name(r#"{"unique_name":"live.com#ada@contoso.example","oid":"o"}"#);
        assert_eq!(guest.as_deref(), Some("live.com#ada@contoso.example"));
        assert_eq!(name(r#"{"appid":"a","aud":["x"]}"#).as_deref(), Some("a"));
    }

    #[test]
    fn an_anonymous_or_invalid_token_gives_no_name() {
        for token in [token("{}"), token("[]"), "opaque".to_owned(), "a.%%.c".to_owned(), String::new()] {
            assert_eq!(named(&token), None, "{token}");
        }
    }
}
