//! Whether a request was sent by a page of this site, as its browser says.

use axum::extract::OriginalUri;
use http::HeaderMap;
use http::header::{HOST, ORIGIN};
use http::request::Parts;

/// By `Sec-Fetch-Site`; by `Origin` and `Host` where a browser does not send
/// it; and no without either.
pub(super) fn is_own(parts: &Parts) -> bool {
    match parts.headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => origin(&parts.headers).is_some_and(|origin| Some(origin) == host(parts)),
    }
}

/// Whether a browser says that another site sent it; a program says nothing.
pub(super) fn is_foreign(parts: &Parts) -> bool {
    let says = |name| parts.headers.contains_key(name);
    (says("sec-fetch-site") || says("origin")) && !is_own(parts)
}

/// The host and port of `Origin`.
fn origin(headers: &HeaderMap) -> Option<&str> {
    let origin = headers.get(ORIGIN)?.to_str().ok()?;
    let (_, host) = origin.split_once("://")?;
    Some(host)
}

/// The host and port that were asked: HTTP/2 has them in the address.
fn host(parts: &Parts) -> Option<&str> {
    if let Some(host) = parts.headers.get(HOST) {
        return host.to_str().ok();
    }
    let original = parts.extensions.get::<OriginalUri>().map(|uri| &uri.0);
    let authority = original.unwrap_or(&parts.uri).authority()?;
    Some(authority.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::post("/records/9f/forget");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_form_is_own_by_what_its_browser_says() {
        let site = |value| is_own(&parts(&[("sec-fetch-site", value), ("host", "a.example")]));
        assert!(site("same-origin"));
        assert!(!site("same-site") && !site("cross-site") && !site("none"));
        let origin = |origin| is_own(&parts(&[("origin", origin), ("host", "a.example:8080")]));
        assert!(origin("https://a.example:8080"));
        assert!(
            !origin("https://a.example") && !origin("https://b.example:8080") && !origin("null")
        );
        // What the browser says of the site outranks the origin.
        let both = [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://a"),
            ("host", "a"),
        ];
        assert!(!is_own(&parts(&both)));
        assert!(!is_own(&parts(&[("host", "a.example")])));
    }

    #[test]
    fn a_program_is_not_foreign() {
        assert!(!is_foreign(&parts(&[("host", "a.example")])));
        assert!(is_foreign(&parts(&[("sec-fetch-site", "cross-site")])));
        assert!(is_foreign(&parts(&[
            ("origin", "https://b"),
            ("host", "a")
        ])));
    }
}
