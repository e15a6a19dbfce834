//! A private authority, which no machine knows, and the certificates that it gives.
#![allow(dead_code, reason = "each test uses its part of it")]

use std::{path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub(crate) pem: String,
}

/// A server's certificate and key, in PEM.
pub(crate) struct Identity {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut own = CertificateParams::new(vec![]).unwrap();
        own.distinguished_name
            .push(DnType::CommonName, "A private authority");
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = own.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(own, key);
        Self { issuer, pem }
    }

    /// A certificate for names or addresses.
    pub(crate) fn identity(&self, names: &[&str]) -> Identity {
        self.until(names, 2100)
    }

    /// The same, valid to the end of the year before.
    pub(crate) fn until(&self, names: &[&str], year: i32) -> Identity {
        let names: Vec<_> = names.iter().map(|n| (*n).to_owned()).collect();
        let mut own = CertificateParams::new(names).unwrap();
        own.not_before = date_time_ymd(2020, 1, 1);
        own.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = own.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    /// Writes its certificate into a folder, as `authority.pem`.
    pub(crate) fn write(&self, folder: &Path) {
        std::fs::write(folder.join("authority.pem"), &self.pem).unwrap();
    }
}

impl Identity {
    /// A server's certificate that is an authority's own, as `openssl req -x509` makes it.
    pub(crate) fn self_signed(names: &[&str]) -> Self {
        let names: Vec<_> = names.iter().map(|n| (*n).to_owned()).collect();
        let mut own = CertificateParams::new(names).unwrap();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self {
            certificate: own.self_signed(&key).unwrap().pem(),
            key: key.serialize_pem(),
        }
    }

    /// What a server needs that speaks these protocols.
    pub(crate) fn config(&self, protocols: &[&str]) -> Arc<ServerConfig> {
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        Arc::new(config)
    }
}
