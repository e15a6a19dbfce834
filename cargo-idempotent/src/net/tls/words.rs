//! What went wrong in TLS, and what to do about it.

use std::io::{self, ErrorKind};

use rustls::{AlertDescription, CertificateError, Error};

const PLAIN: &str = "if its port is a plain one, write http:// in the place of https://";

/// Why a handshake failed.
pub(in crate::net) fn handshake(error: &io::Error) -> String {
    match inner(error) {
        Some(error) => told(error),
        None => match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                format!("it did not answer the TLS handshake; {PLAIN}")
            }
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => {
                format!("it closed the connection in the TLS handshake; {PLAIN}")
            }
            _ => format!("the TLS handshake: {error}"),
        },
    }
}

/// Why a session ended after its handshake, if TLS is why.
pub(in crate::net) fn closed(error: &io::Error) -> Option<String> {
    inner(error).map(told)
}

fn inner(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn told(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(why) => certificate(why),
        Error::InvalidMessage(_) => format!("what it answers is not TLS; {PLAIN}"),
        Error::NoCertificatesPresented => "it has no certificate".into(),
        Error::AlertReceived(
            AlertDescription::CertificateRequired | AlertDescription::BadCertificate,
        ) => "it asks for a client's certificate, and this tool has none".into(),
        Error::AlertReceived(AlertDescription::NoApplicationProtocol) => {
            "it speaks none of what was offered over TLS (ALPN)".into()
        }
        Error::AlertReceived(AlertDescription::UnrecognisedName) => {
            "it has no certificate for the name in the URL".into()
        }
        Error::AlertReceived(
            AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion,
        )
        | Error::PeerIncompatible(_) => {
            format!("it speaks no TLS 1.2 or 1.3 that this tool does ({error})")
        }
        _ => format!("TLS: {error}"),
    }
}

/// `DnsName("shop.example")` is how the library shows a name.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, n)| n.strip_suffix(')'));
    inner.map_or(name, |n| n.trim_matches('"'))
}

fn certificate(why: &CertificateError) -> String {
    let days = |from: u64, to: u64| to.saturating_sub(from) / 86_400;
    match why {
        CertificateError::UnknownIssuer => {
            "nobody who is trusted here has signed its certificate: give the authority's own by \
             --cacert FILE, or --insecure to check none"
                .into()
        }
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names = match presented.len() {
                0 => "no name at all".to_owned(),
                _ => presented
                    .iter()
                    .map(|n| bare(n))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            format!(
                "its certificate is for {names}, not for {}: write a name of the certificate in \
                 the URL, or --insecure to check none",
                expected.to_str()
            )
        }
        CertificateError::ExpiredContext { time, not_after } => format!(
            "its certificate expired {} days ago: renew it, or --insecure to check none",
            days(not_after.as_secs(), time.as_secs())
        ),
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "its certificate is valid only in {} days: look at this machine's clock, or \
             --insecure to check none",
            days(time.as_secs(), not_before.as_secs()) + 1
        ),
        CertificateError::Other(why) if why.0.to_string() == "CaUsedAsEndEntity" => {
            "its certificate is self-signed, and an authority's: give that certificate by \
             --cacert FILE, or --insecure to check none"
                .into()
        }
        why => format!("its certificate is refused: {why}; --insecure checks none"),
    }
}
