//! A typed view of the annotated function. The signature is parsed; the body
//! stays opaque tokens, so that what a user types there is the compiler's to
//! judge, and a half-typed body does not take the expansion away.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, FnArg, GenericParam, PatType, Receiver, ReturnType, Signature, Token, Type,
    Visibility,
};

use crate::mention;
use crate::output;

#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// `#![…]` at the head of the body.
    pub(crate) inner_attrs: Vec<Attribute>,
    /// The rest of the body, in its own braces.
    pub(crate) body: Group,
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig: Signature = input.parse()?;
        if input.peek(Token![;]) {
            return Err(input.error(
                "this function has no body to protect: annotate the function that implements it",
            ));
        }
        let braces: Group = input.parse()?;
        let (inner_attrs, rest) = split_inner_attrs(braces.stream());
        let mut body = Group::new(braces.delimiter(), rest);
        body.set_span(braces.span());
        Ok(Self {
            attrs,
            vis,
            sig,
            inner_attrs,
            body,
        })
    }
}

/// Inner attributes must stay first in their block, whatever we put there.
fn split_inner_attrs(body: TokenStream) -> (Vec<Attribute>, TokenStream) {
    let split = |input: ParseStream| {
        let attrs = input.call(Attribute::parse_inner)?;
        Ok((attrs, input.parse::<TokenStream>()?))
    };
    syn::parse::Parser::parse2(split, body.clone()).unwrap_or((Vec::new(), body))
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (attrs, vis, sig) = (&self.attrs, &self.vis, &self.sig);
        let (inner_attrs, body) = (&self.inner_attrs, self.body.stream());
        tokens.extend(quote!(#(#attrs)* #vis #sig { #(#inner_attrs)* #body }));
    }
}

impl Function {
    pub(crate) fn ident(&self) -> &Ident {
        &self.sig.ident
    }

    /// The name as paths show it, without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.sig.ident.unraw().to_string()
    }

    pub(crate) fn receiver(&self) -> Option<&Receiver> {
        self.sig.receiver()
    }

    /// The body as a block behind statements of ours: in a block of its own,
    /// so that its items still come first, and in braces that count as ours, as
    /// the compiler would call the user's unnecessary.
    pub(crate) fn block(&self) -> TokenStream {
        let mut block = self.body.clone();
        block.set_span(Span::mixed_site().located_at(self.body.span()));
        TokenTree::Group(block).into()
    }

    /// The arguments but `self`.
    pub(crate) fn args(&self) -> impl Iterator<Item = &PatType> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(arg) => Some(arg),
            FnArg::Receiver(_) => None,
        })
    }

    pub(crate) fn return_type(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ty),
        }
    }

    /// `T` of a non-async `-> Pin<Box<dyn Future<Output = T>>>`: what
    /// `async_trait` makes of an async method before we see it.
    pub(crate) fn boxed_output(&self) -> Option<&Type> {
        if self.sig.asyncness.is_some() {
            return None;
        }
        self.return_type().and_then(output::of_boxed_future)
    }

    /// Where a type or const parameter, or `impl Trait` in an argument, makes
    /// several functions of this one; lifetimes do not.
    pub(crate) fn generic_at(&self) -> Option<Span> {
        let param = self
            .sig
            .generics
            .params
            .iter()
            .find_map(|param| match param {
                GenericParam::Type(param) => Some(param.ident.span()),
                GenericParam::Const(param) => Some(param.ident.span()),
                GenericParam::Lifetime(_) => None,
            });
        param.or_else(|| {
            self.args()
                .find_map(|arg| mention::find(quote!(#arg), |word| word == "impl"))
        })
    }

    /// `Self` in the signature: the function stands in an `impl` or a trait.
    pub(crate) fn self_type_at(&self) -> Option<Span> {
        let (inputs, output) = (&self.sig.inputs, &self.sig.output);
        mention::find(quote!(#inputs #output), |word| word == "Self")
    }
}

/// What to say of an item that is no function; nothing if it is one.
pub(crate) fn not_a_function(item: &TokenStream) -> Option<&'static str> {
    let mut words = item.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    });
    let before_fn = [
        "pub", "default", "const", "async", "unsafe", "safe", "extern",
    ];
    match words
        .find(|word| !before_fn.contains(&word.as_str()))
        .as_deref()
    {
        Some("fn") => None,
        Some("impl" | "trait") => Some(
            "annotate each function inside, not the whole block: every operation has keys of its own",
        ),
        _ => Some("`#[idempotent]` goes on an async function"),
    }
}
