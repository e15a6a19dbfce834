//! A database's URL, which may hold a password: only its harmless parts are
//! ever shown.

use std::fmt;

/// What follows `--store`. [`Display`](fmt::Display) and [`Debug`](fmt::Debug)
/// show scheme, host and path, never the userinfo nor the parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(String);

impl Url {
    pub(super) fn new(url: &str) -> Self {
        Self(url.to_owned())
    }

    /// As it was given, for a client library.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the parameter `prefix`, and that parameter: what stands before
    /// every key of Redis.
    #[cfg(feature = "redis")]
    pub(super) fn prefixed(&self) -> Prefixed {
        let (url, parameters) = self.0.split_once('?').unwrap_or((&self.0, ""));
        let mut prefixed = Prefixed {
            url: url.to_owned(),
            prefix: "payments:".to_owned(),
        };
        let mut before = '?';
        for parameter in parameters.split('&').filter(|text| !text.is_empty()) {
            if let Some(prefix) = parameter.strip_prefix("prefix=") {
                prefix.clone_into(&mut prefixed.prefix);
                continue;
            }
            prefixed.url.push(before);
            prefixed.url.push_str(parameter);
            before = '&';
        }
        prefixed
    }
}

/// A URL of Redis, and what stands before every key.
#[cfg(feature = "redis")]
#[derive(PartialEq, Eq)]
pub(super) struct Prefixed {
    /// For the client library.
    pub(super) url: String,
    /// `payments:` where the URL says nothing.
    pub(super) prefix: String,
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once(':').unwrap_or_default();
        let (slashes, rest) = match rest.strip_prefix("//") {
            Some(rest) => ("//", rest),
            None => ("", rest),
        };
        let harmless = rest.split(['?', '#']).next().unwrap_or_default();
        let authority = harmless.split('/').next().unwrap_or_default();
        let userinfo = authority.rfind('@').map_or(0, |at| at + 1);
        let shown = &harmless[userinfo..];
        // A password with a `/`, `?` or `#` in it ends where nobody can know.
        if rest[userinfo..].contains('@') {
            return write!(f, "{scheme}:{slashes}…");
        }
        write!(f, "{scheme}:{slashes}{shown}")
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "redis")]
    #[test]
    fn the_prefix_is_no_parameter_of_the_client_library() {
        for (given, url, prefix) in [
            ("redis://host/0", "redis://host/0", "payments:"),
            ("redis://host?prefix=a:", "redis://host", "a:"),
            (
                "redis://host/?a=1&prefix=b&c=2",
                "redis://host/?a=1&c=2",
                "b",
            ),
        ] {
            let found = Url::new(given).prefixed();
            assert_eq!((found.url.as_str(), found.prefix.as_str()), (url, prefix));
        }
    }

    #[test]
    fn no_password_is_ever_shown() {
        for (url, shown) in [
            (
                "postgres://user:hunter2@host:5432/db",
                "postgres://host:5432/db",
            ),
            ("postgres://host/db?password=hunter2", "postgres://host/db"),
            ("postgres://user:hunt/er2@host/db", "postgres://…"),
            ("postgres://user:hunt?er2@host/db", "postgres://…"),
            ("postgres://host/db?password=hunt@er2", "postgres://…"),
            ("mysql://user:hunter@2@host", "mysql://host"),
            (
                "redis-cluster://:hunter2@a:1,b:2",
                "redis-cluster://a:1,b:2",
            ),
            ("sqlite:payments.db?mode=rw", "sqlite:payments.db"),
        ] {
            assert_eq!(Url::new(url).to_string(), shown);
            assert!(!format!("{:?}", Url::new(url)).contains("er2"), "{url}");
        }
    }
}
