//! From checked knobs and function to tokens. Each mode has a file that shows
//! its input and output; both share the spec and the knob expressions.
//!
//! Names of ours are hygienic (`Span::mixed_site`), so that no body can see or
//! shadow them; items of ours begin with `__idempotent_`.

mod arguments;
mod attributes;
mod function;
mod handler;
mod recover;
mod spec;
mod transaction;

use proc_macro2::{Ident, Span, TokenStream};

pub(crate) use self::arguments::tokens as expressions;
use crate::args::Args;
use crate::check::Mode;
use crate::function::Function;

/// `attribute` is the attribute's own tokens, for the case that a `#[cfg]` on
/// an argument asks for the attribute once more.
pub(crate) fn expand(attribute: &TokenStream, args: &Args, function: &Function) -> TokenStream {
    match Mode::of(args) {
        Mode::Handler => handler::expand(attribute, args, function),
        Mode::Function => function::expand(args, function),
    }
}

/// A name of ours.
fn own(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
