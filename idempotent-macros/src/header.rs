//! The header that carries the key: a token of RFC 9110, lower-cased as HTTP/2
//! and the runtime compare it, and one that a client may choose freely.

use syn::LitStr;

/// The name in lower case, or why it cannot carry a key.
pub(crate) fn parse(literal: &LitStr) -> syn::Result<String> {
    let name = literal.value().to_ascii_lowercase();
    match problem(&name) {
        None => Ok(name),
        Some(reason) => Err(syn::Error::new(
            literal.span(),
            format!(
                "`header = {:?}` cannot carry the key: {reason}; use `Idempotency-Key` (the \
                 default) or a name of your own such as \"X-Request-Key\"",
                literal.value()
            ),
        )),
    }
}

fn problem(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("it is empty".into());
    }
    if let Some(odd) = name.chars().find(|&c| !is_token_char(c)) {
        return Some(format!("{odd:?} may not stand in a header's name"));
    }
    Some(
        match name {
            "authorization" | "proxy-authorization" | "cookie" | "set-cookie" | "x-api-key" => {
                "it carries a credential, which is the same in all of a caller's requests"
            }
            "connection" | "keep-alive" | "proxy-authenticate" | "proxy-connection" | "te"
            | "trailer" | "transfer-encoding" | "upgrade" => {
                "it belongs to one connection, and a proxy removes it"
            }
            "host" | "content-length" | "content-type" | "content-encoding" | "date" | "expect"
            | "accept" | "accept-encoding" | "accept-language" | "user-agent" | "origin"
            | "referer" | "forwarded" | "x-forwarded-for" => {
                "the client's HTTP library or a proxy sets it, the same for many requests"
            }
            "traceparent" | "tracestate" => "it is another one for each retry",
            _ => return None,
        }
        .into(),
    )
}

/// `tchar` of RFC 9110, section 5.6.2.
fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn parsed(text: &str) -> Result<String, String> {
        parse(&LitStr::new(text, Span::call_site())).map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_is_lower_cased() {
        assert_eq!(parsed("Idempotency-Key").as_deref(), Ok("idempotency-key"));
        assert_eq!(parsed("X-Request_Key.2").as_deref(), Ok("x-request_key.2"));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in [
            "",
            "Idempotency Key",
            "key:",
            "schlüssel",
            "a\u{0}",
            "a,b",
            "(key)",
        ] {
            assert!(parsed(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_with_another_meaning_are_refused_with_the_reason() {
        for (text, reason) in [
            ("Authorization", "credential"),
            ("Cookie", "credential"),
            ("Host", "for many requests"),
            ("Content-Length", "for many requests"),
            ("Transfer-Encoding", "one connection"),
            ("TE", "one connection"),
            ("traceparent", "each retry"),
        ] {
            let message = parsed(text).expect_err(text);
            assert!(message.contains(reason), "{text}: {message}");
            assert!(message.contains("Idempotency-Key"), "{text}: {message}");
        }
    }
}
