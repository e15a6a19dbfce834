//! Writing cases in the formats that people have.
//!
//! What a format cannot say is left out and named: an answer in curl, a case
//! without an answer in Keploy and HAR, a body that is not text in curl and hurl.

mod curl;
mod har;
mod hurl;
mod keploy;
mod rust;

#[cfg(feature = "cli")]
pub(crate) use curl::command;
pub use curl::curl;
pub use har::har;
pub use hurl::hurl;
pub use keploy::keploy;
pub use rust::rust;

/// A shell word, quoted where it has to be.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
