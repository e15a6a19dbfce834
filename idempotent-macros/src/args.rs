//! The attribute's tokens → [`Args`]: each knob typed, its place kept, every
//! mistake collected. A knob whose value is wrong still counts as given, so
//! that no follow-up mistake is reported for it.

mod value;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, PatType, Path, Token, Type};

use crate::errors::Errors;
use crate::knob::{self, Knob};
use crate::{duration, header, name, pattern};
pub(crate) use value::{Claim, Fingerprint, OnConflict, OnInterrupt, Persist, Scope};

#[derive(Default)]
pub(crate) struct Args {
    given: Vec<(Knob, Span)>,
    pub(crate) header: Option<String>,
    pub(crate) required: Option<bool>,
    pub(crate) key: Option<Expr>,
    pub(crate) scope: Option<Scope>,
    pub(crate) fingerprint: Option<Fingerprint>,
    /// Milliseconds, as all durations here.
    pub(crate) ttl: Option<u64>,
    pub(crate) lease: Option<u64>,
    pub(crate) max_key_age: Option<u64>,
    /// Millionths of the replays.
    pub(crate) rerun_safe_sample: Option<u32>,
    pub(crate) on_conflict: Option<OnConflict>,
    pub(crate) on_interrupt: Option<OnInterrupt>,
    pub(crate) persist: Option<Persist>,
    /// The parameter that is an open transaction.
    pub(crate) transaction: Option<Ident>,
    pub(crate) claim: Option<Claim>,
    pub(crate) store: Option<Expr>,
    pub(crate) state: Option<Type>,
    pub(crate) name: Option<String>,
    runtime: Option<Path>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        let parsed = (|input: ParseStream| {
            while !input.is_empty() {
                if let Err(error) = args.entry(input) {
                    errors.push_error(error);
                    skip_to_next_knob(input);
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        })
        .parse2(tokens);
        if let Err(error) = parsed {
            errors.push_error(error);
        }
        args
    }

    /// Where the knob stands, if it was given, be its value right or wrong.
    pub(crate) fn at(&self, knob: Knob) -> Option<Span> {
        self.given
            .iter()
            .find(|(own, _)| *own == knob)
            .map(|(_, span)| *span)
    }

    pub(crate) fn has(&self, knob: Knob) -> bool {
        self.at(knob).is_some()
    }

    /// Whether this parameter is the open transaction.
    pub(crate) fn is_transaction(&self, arg: &PatType) -> bool {
        let own = self.transaction.as_ref();
        own.is_some_and(|own| pattern::name(arg).is_some_and(|name| name == own))
    }

    /// The runtime's path.
    pub(crate) fn runtime(&self) -> TokenStream {
        self.runtime
            .as_ref()
            .map_or_else(|| quote!(::idempotent_runtime), |path| quote!(#path))
    }

    /// One `knob = value`, up to its comma.
    fn entry(&mut self, input: ParseStream) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error("expected a knob, such as `scope = account.id`"));
        }
        let word = input.call(Ident::parse_any)?;
        let Some(knob) = Knob::from_word(&word.to_string()) else {
            return Err(syn::Error::new(
                word.span(),
                knob::unknown(&word.to_string()),
            ));
        };
        let repeated = self.has(knob);
        self.given.push((knob, word.span()));
        if repeated {
            let message = format!("`{word}` is given twice: keep one of them");
            return Err(syn::Error::new(word.span(), message));
        }
        if !input.peek(Token![=]) {
            let message = format!("`{word}` is written `{}`", knob.example());
            return Err(syn::Error::new(word.span(), message));
        }
        input.parse::<Token![=]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            let message = format!("`{word}` has no value: write `{}`", knob.example());
            return Err(syn::Error::new(word.span(), message));
        }
        self.value(knob, input)?;
        if input.is_empty() || input.peek(Token![,]) {
            Ok(())
        } else {
            Err(input.error("expected a comma between two knobs"))
        }
    }

    fn value(&mut self, knob: Knob, input: ParseStream) -> syn::Result<()> {
        match knob {
            Knob::Header => self.header = Some(header::parse(&value::literal(knob, input)?)?),
            Knob::Required => {
                self.required = Some(value::flag(input)?);
            }
            Knob::Key => self.key = Some(input.parse()?),
            Knob::Scope => self.scope = Some(input.parse()?),
            Knob::Fingerprint => self.fingerprint = Some(input.parse()?),
            Knob::Ttl => self.ttl = Some(value::duration(knob, input, duration::TTL)?),
            Knob::Lease => self.lease = Some(value::duration(knob, input, duration::LEASE)?),
            Knob::MaxKeyAge => {
                self.max_key_age = Some(value::duration(knob, input, duration::MAX_KEY_AGE)?);
            }
            Knob::RerunSafeSample => self.rerun_safe_sample = Some(value::share(input)?),
            Knob::OnConflict => self.on_conflict = Some(input.parse()?),
            Knob::OnInterrupt => self.on_interrupt = Some(input.parse()?),
            Knob::Persist => self.persist = Some(input.parse()?),
            Knob::Transaction => self.transaction = Some(value::parameter(input)?),
            Knob::Claim => self.claim = Some(input.parse()?),
            Knob::Store => self.store = Some(input.parse()?),
            Knob::State => self.state = Some(input.parse()?),
            Knob::Name => self.name = Some(name::parse(&value::literal(knob, input)?)?),
            Knob::Crate => self.runtime = Some(value::path(input)?),
        }
        Ok(())
    }
}

/// After a mistake: on to the comma before the next `knob =`, so that what
/// follows is still checked.
fn skip_to_next_knob(input: ParseStream) {
    while !input.is_empty() {
        let fork = input.fork();
        let next_knob = fork.parse::<Token![,]>().is_ok()
            && (fork.is_empty() || (fork.peek(Ident::peek_any) && fork.peek2(Token![=])));
        if next_knob || input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}

#[cfg(test)]
#[path = "args/tests.rs"]
mod tests;
