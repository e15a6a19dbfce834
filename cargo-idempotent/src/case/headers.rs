//! Headers in their order, and what is kept out of files: framing and secrets.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Headers in the order they were sent. On disk a list of `Name: value` lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

/// What the client makes anew for each message, so that a case must not carry it.
const FRAMING: &[&str] = &[
    "host",
    "content-length",
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "expect",
];

/// Headers whose values open doors.
const SECRETS: &[&str] = &[
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

/// Parts of names whose values open doors as well.
const PATTERNS: &[&str] = &[
    "secret",
    "password",
    "api-key",
    "apikey",
    "access-token",
    "auth-token",
    "session-token",
    "security-token",
    "csrf",
];

/// Whether a header's value opens doors, by its name.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRETS.contains(&name.as_str()) || PATTERNS.iter().any(|p| name.contains(p))
}

impl Headers {
    /// The first value of a header, whatever the case of its name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.as_str())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes all headers of a name out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    /// Puts one value in the place of all of that name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// A request's headers as a case keeps them: no framing, no pseudo-headers,
    /// secrets as `${secret:name}`.
    pub fn of_request(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(Self::unframed(pairs).map(|(n, v)| mask(n, v)).collect())
    }

    /// Headers without framing and pseudo-headers.
    pub(crate) fn unframed(
        pairs: impl IntoIterator<Item = (String, String)>,
    ) -> impl Iterator<Item = (String, String)> {
        pairs.into_iter().filter(|(name, _)| {
            !name.starts_with(':') && !FRAMING.iter().any(|f| name.eq_ignore_ascii_case(f))
        })
    }

    /// An answer's headers as a case keeps them: secrets masked, and no framing.
    pub fn of_response(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::of_request(pairs)
    }
}

/// Puts `${secret:name}` in the place of a value that opens doors.
pub fn mask(name: String, value: String) -> (String, String) {
    if !is_secret(&name) || value.starts_with("${secret:") {
        return (name, value);
    }
    let placeholder = format!("${{secret:{}}}", name.to_ascii_lowercase());
    (name, placeholder)
}

/// The name in `${secret:name}`, if a value is that.
pub fn secret_name(value: &str) -> Option<&str> {
    value.strip_prefix("${secret:")?.strip_suffix('}')
}

/// The variable that a secret is read from unless the plan names another.
pub fn secret_env(name: &str) -> String {
    let name = name.to_ascii_uppercase().replace('-', "_");
    format!("IDEMPOTENT_{name}")
}

impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|(n, v)| format!("{n}: {v}")))
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let lines = Vec::<String>::deserialize(from)?;
        let pairs = lines.iter().map(|line| {
            let (name, value) = line.split_once(':').ok_or_else(|| {
                D::Error::custom(format!(
                    "the header `{line}` has no colon: write `Name: value`"
                ))
            })?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }
}
