//! `multipart/form-data` bodies, made of parts.

use std::fmt::Write as _;

/// One part: its name, what stands beside it, and its bytes.
pub(super) struct Part {
    pub name: String,
    pub file: Option<String>,
    pub kind: Option<String>,
    pub bytes: Vec<u8>,
}

/// The body, with its content type. The boundary is a hash of the parts, so that the
/// same form gives the same bytes.
pub(super) fn body(parts: &[Part]) -> (String, Vec<u8>) {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.name.as_bytes()).update(&part.bytes);
    }
    let boundary = format!("form-{}", &hasher.finalize().to_hex()[..24]);
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        let name = escaped(&part.name);
        let mut head = format!("Content-Disposition: form-data; name=\"{name}\"");
        if let Some(file) = &part.file {
            let _ = write!(head, "; filename=\"{}\"", escaped(file));
        }
        head.push_str("\r\n");
        if let Some(kind) = &part.kind {
            let _ = write!(head, "Content-Type: {kind}\r\n");
        }
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&part.bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), out)
}

fn escaped(text: &str) -> String {
    text.replace('"', "%22").replace(['\r', '\n'], " ")
}

/// What curl and browsers say of a file by its name.
pub(super) fn kind_of(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or_default() {
        "txt" => "text/plain",
        "json" => "application/json",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "html" | "htm" => "text/html",
        "pdf" => "application/pdf",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}
