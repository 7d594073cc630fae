use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use super::ClientError;

/// Returns a TLS configuration with the system's certificates and additional roots.
///
/// Names the crypto provider explicitly, because the process-wide default could be the choice of another library.
pub(super) fn configuration(roots: &[CertificateDer<'static>]) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(ring::default_provider());
    let verifier =
        Verifier::new_with_extra_roots(roots.iter().cloned(), Arc::clone(&provider)).map_err(ClientError::Tls)?;
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(ClientError::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}
