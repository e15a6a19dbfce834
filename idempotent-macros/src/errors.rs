//! Collects every mistake, so that all are reported at once.
//!
//! The collector must be asked: one that is dropped without [`Errors::finish`]
//! panics, as its mistakes would be lost and a wrong expansion would compile.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
    asked: bool,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A mistake, where it stands and how to mend it.
    pub(crate) fn push(&mut self, span: Span, message: impl std::fmt::Display) {
        self.found.push(syn::Error::new(span, message));
    }

    /// A mistake in all of these tokens.
    pub(crate) fn push_at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.found.push(syn::Error::new_spanned(tokens, message));
    }

    /// A mistake that a parser found.
    pub(crate) fn push_error(&mut self, error: syn::Error) {
        self.found.push(error);
    }

    /// One `compile_error!` for each mistake, in the order of their finding.
    pub(crate) fn finish(mut self) -> Result<(), TokenStream> {
        self.asked = true;
        if self.found.is_empty() {
            return Ok(());
        }
        Err(self
            .found
            .iter()
            .map(syn::Error::to_compile_error)
            .collect())
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(
            self.asked || std::thread::panicking(),
            "the errors were collected, but nobody asked for them"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_becomes_a_compile_error() {
        let mut errors = Errors::new();
        errors.push(Span::call_site(), "one");
        errors.push(Span::call_site(), "two");
        let tokens = errors.finish().expect_err("two mistakes").to_string();
        assert_eq!(tokens.matches("compile_error").count(), 2);
    }

    #[test]
    fn no_mistake_is_no_error() {
        assert!(Errors::new().finish().is_ok());
    }

    #[test]
    #[should_panic(expected = "nobody asked")]
    fn a_collector_that_nobody_asked_panics() {
        let mut errors = Errors::new();
        errors.push(Span::call_site(), "lost");
    }
}
