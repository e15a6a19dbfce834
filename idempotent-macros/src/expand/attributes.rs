//! Which of a handler's two functions gets an attribute that stands below
//! ours. What callers, rustdoc and routers see belongs to the outer function;
//! lint levels too, as they hold for the inner one by nesting. All else goes
//! to the inner function, where the user's arguments are: `instrument` above
//! all, so that no key is recorded by `Debug`.

use std::collections::HashSet;

use quote::{ToTokens, quote};
use syn::{Attribute, GenericArgument, Meta, PathArguments, Type, parse_quote};

use crate::args::Args;
use crate::function::Function;
use crate::output;

pub(super) struct Attributes {
    /// On every item of ours.
    pub(super) cfg: Vec<Attribute>,
    pub(super) outer: Vec<Attribute>,
    pub(super) inner: Vec<Attribute>,
}

const OUTER: [&str; 9] = [
    "doc",
    "cfg_attr",
    "deprecated",
    "must_use",
    "allow",
    "expect",
    "warn",
    "deny",
    "forbid",
];

pub(super) fn split(args: &Args, function: &Function) -> Attributes {
    let mut split = Attributes {
        cfg: Vec::new(),
        outer: Vec::new(),
        inner: Vec::new(),
    };
    for attr in &function.attrs {
        if attr.path().is_ident("cfg") {
            split.cfg.push(attr.clone());
        } else if is_debug_handler(attr) {
            split.outer.push(with_state(attr, args, function));
        } else if OUTER.iter().any(|own| attr.path().is_ident(own)) || makes_items(attr) {
            split.outer.push(attr.clone());
        } else {
            split.inner.push(attr.clone());
        }
    }
    split
}

fn is_debug_handler(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| last.ident == "debug_handler")
}

/// `#[utoipa::path]` puts a struct beside the function, for others to name.
fn makes_items(attr: &Attribute) -> bool {
    let words: Vec<String> = attr
        .path()
        .segments
        .iter()
        .map(|s| s.ident.to_string())
        .collect();
    words == ["utoipa", "path"]
}

/// `debug_handler` reads the state from the one `State<T>` among the
/// arguments, and cannot see it inside `Guarded`: tell it.
fn with_state(attr: &Attribute, args: &Args, function: &Function) -> Attribute {
    let Meta::Path(path) = &attr.meta else {
        return attr.clone();
    };
    let state = args.state.clone().or_else(|| only_state(function));
    state.map_or_else(
        || attr.clone(),
        |state| parse_quote!(#[#path(state = #state)]),
    )
}

fn only_state(function: &Function) -> Option<Type> {
    let mut states: Vec<Type> = Vec::new();
    let mut seen = HashSet::new();
    for arg in function.args() {
        let Some(last) = output::last_segment(&arg.ty).filter(|last| last.ident == "State") else {
            continue;
        };
        let PathArguments::AngleBracketed(generics) = &last.arguments else {
            continue;
        };
        if let Some(GenericArgument::Type(state)) = generics.args.first()
            && seen.insert(quote!(#state).to_string())
        {
            states.push(state.clone());
        }
    }
    if states.len() == 1 {
        states.pop()
    } else {
        None
    }
}

/// Whether an attribute speaks of the lint, so that we must not.
pub(super) fn mentions_lint(attrs: &[Attribute], lint: &str) -> bool {
    attrs.iter().any(|attr| {
        crate::mention::find(attr.meta.to_token_stream(), |word| word == lint).is_some()
    })
}
