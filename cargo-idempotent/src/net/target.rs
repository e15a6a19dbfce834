//! Where requests go: resolved once, and only loopback unless said otherwise.

use std::net::{SocketAddr, ToSocketAddrs as _};

use crate::case::Url;

#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The address that every connection of the run goes to.
    pub address: SocketAddr,
    /// What the Host header says.
    pub authority: String,
    /// The target as it was given.
    pub url: String,
}

impl Target {
    /// Resolves a target; any that is not loopback needs its host in words.
    pub(crate) fn resolve(url: &str, allowed: Option<&str>) -> Result<Self, String> {
        let parsed = Url::parse(url)?;
        if parsed.scheme == "https" {
            return Err(format!(
                "{url}: TLS is not spoken; give the service's plain port"
            ));
        }
        let (host, port) = parsed.host_port();
        let bare = host.trim_matches(['[', ']']);
        let address = (bare, port)
            .to_socket_addrs()
            .map_err(|e| format!("{url}: {e}"))?
            .next()
            .ok_or_else(|| format!("{url}: the name has no address"))?;
        if !address.ip().is_loopback() && allowed != Some(bare) {
            return Err(format!(
                "{url} is {address}, which is not this machine, and a run changes data there: \
                 give --i-may-change-data-on {bare} if you may"
            ));
        }
        Ok(Self {
            address,
            authority: parsed.authority,
            url: url.trim_end_matches('/').to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn only_loopback_is_a_target_unless_its_host_is_named() {
        assert!(Target::resolve("http://127.0.0.1:1", None).is_ok());
        assert!(Target::resolve("http://[::1]:1/", None).is_ok());
        let refused = Target::resolve("http://192.0.2.1", None).unwrap_err();
        assert!(
            refused.contains("--i-may-change-data-on 192.0.2.1"),
            "{refused}"
        );
        assert!(Target::resolve("http://192.0.2.1", Some("192.0.2.2")).is_err());
        assert!(Target::resolve("http://192.0.2.1", Some("192.0.2.1")).is_ok());
    }
}
