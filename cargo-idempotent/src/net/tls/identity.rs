//! A server's certificate and key, for a recorder that clients reach by https.

use std::{path::Path, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio_rustls::TlsAcceptor;

use crate::net::Protocol;

/// Reads a chain, the server's own certificate first, and its key, both in PEM.
pub(crate) fn identity(chain: &Path, key: &Path) -> Result<TlsAcceptor, String> {
    let of = |file: &Path, e: rustls::pki_types::pem::Error| format!("{}: {e}", file.display());
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| of(chain, e))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| of(key, e))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|e| format!("{} and {}: {e}", chain.display(), key.display()))?;
    let both = [Protocol::H2, Protocol::Http1];
    config.alpn_protocols = both.iter().map(|p| p.alpn().to_vec()).collect();
    Ok(TlsAcceptor::from(Arc::new(config)))
}
