//! The two protocols that a target may speak, each over TLS or in the clear.

/// What is spoken on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    /// Over TLS if the server agrees to it (ALPN); in the clear by prior knowledge.
    H2,
}

impl Protocol {
    /// Its name in the TLS handshake (RFC 7301).
    pub(super) fn alpn(self) -> &'static [u8] {
        match self {
            Self::Http1 => b"http/1.1",
            Self::H2 => b"h2",
        }
    }
}
