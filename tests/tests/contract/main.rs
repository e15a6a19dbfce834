//! The published contract says what the operations do: every one of the
//! binary, called or not, in words, in JSON, and in an OpenAPI document.

mod document;
mod listed;
mod operations;
