//! TLS towards a target: under which name it is known, and whom its certificate is
//! believed from. What a connection shares with all others of the run is made once.

mod identity;
#[cfg(test)]
mod tests;
mod trust;
mod verify;
mod words;

use std::sync::Arc;

use rustls::{ClientConfig, ClientConnection, crypto::ring, pki_types::ServerName};
use tokio_rustls::{TlsConnector, client::TlsStream};

pub(crate) use identity::identity;
pub(crate) use trust::Trust;
pub(super) use words::{closed, handshake};

use super::Protocol;

/// What a connection to an `https` target begins with.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    name: ServerName<'static>,
    http1: Arc<ClientConfig>,
    h2: Arc<ClientConfig>,
    trust: Trust,
}

impl Tls {
    /// For a host, which may be an address; reads the authorities.
    pub(super) fn new(host: &str, trust: &Trust) -> Result<Self, String> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| format!("`{host}` is neither a name nor an address"))?;
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(verify::verifier(trust)?)
            .with_no_client_auth();
        // One protocol is offered at a time: which one is spoken is the caller's choice.
        let offering = |protocol: Protocol| {
            let mut config = config.clone();
            config.alpn_protocols = vec![protocol.alpn().to_vec()];
            Arc::new(config)
        };
        Ok(Self {
            name,
            http1: offering(Protocol::Http1),
            h2: offering(Protocol::H2),
            trust: trust.clone(),
        })
    }

    /// Whose certificates are believed.
    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }

    fn config(&self, protocol: Protocol) -> Arc<ClientConfig> {
        Arc::clone(match protocol {
            Protocol::Http1 => &self.http1,
            Protocol::H2 => &self.h2,
        })
    }

    /// A session that has not begun.
    pub(super) fn session(&self, protocol: Protocol) -> Result<ClientConnection, String> {
        let session = ClientConnection::new(self.config(protocol), self.name.clone());
        let mut session = session.map_err(|e| e.to_string())?;
        // A request is sealed whole, however long it is.
        session.set_buffer_limit(None);
        Ok(session)
    }

    /// A session on a connection of the recorder's, its handshake done.
    pub(crate) async fn on(
        &self,
        stream: tokio::net::TcpStream,
        protocol: Protocol,
    ) -> Result<TlsStream<tokio::net::TcpStream>, String> {
        let connector = TlsConnector::from(self.config(protocol));
        let connected = connector.connect(self.name.clone(), stream).await;
        let stream = connected.map_err(|e| handshake(&e))?;
        agreed(protocol, stream.get_ref().1.alpn_protocol())?;
        Ok(stream)
    }
}

/// A server that says nothing of protocols speaks HTTP/1.1.
pub(super) fn agreed(wanted: Protocol, got: Option<&[u8]>) -> Result<(), String> {
    let without = wanted == Protocol::Http1 && got.is_none();
    let named = String::from_utf8_lossy(wanted.alpn());
    (without || got == Some(wanted.alpn()))
        .then_some(())
        .ok_or_else(|| format!("it speaks no {named} over TLS (ALPN)"))
}
