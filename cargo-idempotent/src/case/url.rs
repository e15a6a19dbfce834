//! Absolute URLs in their parts: enough for `http` targets, and nothing changed.

/// An absolute URL, split and otherwise left as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// `http` or `https`.
    pub scheme: String,
    /// `host` or `host:port`.
    pub authority: String,
    /// The path, beginning with `/`.
    pub path: String,
    /// The query without its `?`, if there is one.
    pub query: Option<String>,
}

impl Url {
    /// Splits an absolute URL; a fragment is dropped, as no client sends it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(format!(
                "`{text}` is not an absolute URL: write http://host/path"
            ));
        };
        if !matches!(scheme, "http" | "https") {
            return Err(format!(
                "the scheme of `{text}` is neither http nor https: nothing else can be sent"
            ));
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        if authority.is_empty() || tail.contains(char::is_whitespace) {
            return Err(format!("`{text}` has no host, or blanks in its path"));
        }
        let (path, query) = match tail.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (tail, None),
        };
        let path = if path.is_empty() { "/" } else { path };
        Ok(Self {
            scheme: scheme.to_owned(),
            authority: authority.to_owned(),
            path: path.to_owned(),
            query,
        })
    }

    /// Path and query, as a request line has them.
    pub fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// Host and port, the scheme's default where none is written.
    pub fn host_port(&self) -> (String, u16) {
        let default = if self.scheme == "https" { 443 } else { 80 };
        match self.authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host.to_owned(), port.parse().unwrap_or(default))
            }
            _ => (self.authority.clone(), default),
        }
    }
}

/// A path's segments, without the empty ones at its ends.
pub fn path_segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|s| !s.is_empty()).collect()
}

/// A query's part with `+` and `%41` undone; anything malformed stays as it is.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut i) = (Vec::with_capacity(bytes.len()), 0);
    while i < bytes.len() {
        let hex = bytes.get(i + 1..i + 3).and_then(|h| {
            let text = std::str::from_utf8(h).ok()?;
            u8::from_str_radix(text, 16).ok()
        });
        match (bytes[i], hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                i += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
