//! Where requests go: resolved once, and only loopback unless said otherwise.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    time::Duration,
};

use super::{
    Failure, Protocol,
    socket::Socket,
    tls::{Tls, Trust},
};
use crate::case::Url;

/// How long a target may take to take a connection.
pub(super) const CONNECT: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The address that every connection of the run goes to.
    pub address: SocketAddr,
    /// What the Host header says.
    pub authority: String,
    /// The target as it was given.
    pub url: String,
    /// What an `https` target is spoken to by.
    pub tls: Option<Tls>,
}

impl Target {
    /// Resolves a target; any that is not loopback needs its host in words. Over `https`
    /// the machine's authorities are believed.
    pub(crate) fn resolve(url: &str, allowed: Option<&str>) -> Result<Self, String> {
        Self::trusting(url, allowed, &Trust::default())
    }

    /// The same, for a target whose certificate others are believed on.
    pub(crate) fn trusting(
        url: &str,
        allowed: Option<&str>,
        trust: &Trust,
    ) -> Result<Self, String> {
        Self::checked(url, trust, |host, address| {
            if address.ip().is_loopback() || allowed == Some(host) {
                return Ok(());
            }
            Err(format!(
                "{url} is {address}, which is not this machine, and a run changes data there: \
                 give --i-may-change-data-on {host} if you may"
            ))
        })
    }

    /// Wherever it is, as nothing is changed there by itself.
    pub(crate) fn anywhere(url: &str, trust: &Trust) -> Result<Self, String> {
        Self::checked(url, trust, |_, _| Ok(()))
    }

    /// Resolves once: the address that may be spoken to is the one that is.
    fn checked(
        url: &str,
        trust: &Trust,
        may: impl FnOnce(&str, SocketAddr) -> Result<(), String>,
    ) -> Result<Self, String> {
        let parsed = Url::parse(url)?;
        let (host, port) = parsed.host_port();
        let bare = host.trim_matches(['[', ']']);
        let address = (bare, port)
            .to_socket_addrs()
            .map_err(|e| format!("{url}: {e}"))?
            .next()
            .ok_or_else(|| format!("{url}: the name has no address"))?;
        may(bare, address)?;
        let tls = (parsed.scheme == "https").then(|| Tls::new(bare, trust));
        let tls = tls.transpose().map_err(|e| format!("{url}: {e}"))?;
        Ok(Self {
            address,
            authority: parsed.authority,
            url: url.trim_end_matches('/').to_owned(),
            tls,
        })
    }

    /// `https` or `http`.
    pub(crate) fn scheme(&self) -> &'static str {
        self.tls.as_ref().map_or("http", |_| "https")
    }

    /// Whether a target over `https` is who it should be; one in the clear cannot say.
    pub(crate) fn greet(&self, protocol: Protocol) -> Result<(), Failure> {
        match &self.tls {
            Some(_) => Socket::open(self, protocol, CONNECT).map(drop),
            None => Ok(()),
        }
    }

    /// What a report has to say of how it was spoken to.
    pub(crate) fn caveat(&self) -> Option<String> {
        let said = self.tls.as_ref()?.trust().caveat()?;
        Some(format!("{}: {said}", self.url))
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, Trust};

    #[test]
    fn only_loopback_is_a_target_unless_its_host_is_named() {
        assert!(Target::resolve("http://127.0.0.1:1", None).is_ok());
        assert!(Target::resolve("http://[::1]:1/", None).is_ok());
        let refused = Target::resolve("http://192.0.2.1", None).unwrap_err();
        assert!(
            refused.contains("--i-may-change-data-on 192.0.2.1"),
            "{refused}"
        );
        let secure = Target::trusting("https://192.0.2.1", None, &Trust::Unchecked).unwrap_err();
        assert_eq!(
            secure,
            refused.replace("http:", "https:").replace(":80", ":443")
        );
        assert!(Target::resolve("http://192.0.2.1", Some("192.0.2.2")).is_err());
        assert!(Target::resolve("http://192.0.2.1", Some("192.0.2.1")).is_ok());
    }
}
