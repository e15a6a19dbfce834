//! Where code of ours is reported. On a stable compiler spans cannot be joined
//! here; but the compiler joins the first and the last token of what it
//! parses, so an expression is underlined whole if these two tell its ends.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// The first and the last token's place, with names resolved as ours.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    pub(crate) first: Span,
    pub(crate) last: Span,
}

impl Ends {
    pub(crate) fn of(tokens: &impl ToTokens) -> Self {
        let mut tokens = tokens.to_token_stream().into_iter();
        let Some(first) = tokens.next() else {
            return Self::at(Span::call_site());
        };
        let last = tokens.last().unwrap_or_else(|| first.clone());
        let place = |span: Span| Span::mixed_site().located_at(span);
        Self {
            first: place(start(&first)),
            last: place(end(&last)),
        }
    }

    pub(crate) fn at(span: Span) -> Self {
        let place = Span::mixed_site().located_at(span);
        Self {
            first: place,
            last: place,
        }
    }

    /// `&(tokens)`, underlined as the tokens are.
    pub(crate) fn borrowed(self, tokens: TokenStream) -> TokenStream {
        let mut group = Group::new(Delimiter::Parenthesis, tokens);
        group.set_span(self.last);
        quote_spanned!(self.first=> &#group)
    }

    /// `runtime::private::name`, underlined as the tokens are.
    pub(crate) fn private(self, runtime: &TokenStream, name: &str) -> TokenStream {
        let name = Ident::new(name, self.last);
        let runtime = placed(runtime, self.first);
        quote_spanned!(self.first=> #runtime::private::#name)
    }
}

/// The same tokens at another place.
pub(crate) fn placed(tokens: &TokenStream, span: Span) -> TokenStream {
    let place = |mut token: TokenTree| {
        token.set_span(span.resolved_at(token.span()));
        token
    };
    tokens.clone().into_iter().map(place).collect()
}

fn start(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) if group.delimiter() != Delimiter::None => group.span_open(),
        _ => token.span(),
    }
}

fn end(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) if group.delimiter() != Delimiter::None => group.span_close(),
        _ => token.span(),
    }
}
