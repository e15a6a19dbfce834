//! The bodies of an archive's requests, which have no encoding of their own.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{form, har_shape::Post};
use crate::case::Body;

/// A request's body: its text, or its form's fields.
pub(super) fn posted(post: Post) -> Result<Result<Body, String>, (&'static str, String)> {
    let binary = "the body was binary, and archives have no way to keep it: record it instead";
    Ok(match post {
        Post {
            text: Some(t),
            encoding: Some(e),
            ..
        } if e == "base64" => Ok(Body(
            STANDARD
                .decode(t)
                .map_err(|m| ("request.postData.text", m.to_string()))?,
        )),
        Post { text: Some(t), .. } if t.contains('\u{fffd}') => Err(binary.to_owned()),
        Post {
            text: Some(t),
            params,
            ..
        } if !t.is_empty() || params.is_empty() => Ok(Body::text(t)),
        Post { params, .. } => {
            if let Some(file) = params.iter().find_map(|p| p.file_name.as_ref()) {
                return Ok(Err(format!(
                    "the file `{file}` is not in the archive: record it instead"
                )));
            }
            let fields = params.iter().map(|p| {
                let value = p.value.as_deref().unwrap_or_default();
                format!("{}={}", form::patch(&p.name), form::patch(value))
            });
            Ok(Body::text(fields.collect::<Vec<_>>().join("&")))
        }
    })
}
