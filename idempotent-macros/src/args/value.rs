//! The values of the knobs: small types, each with its own parser and its own
//! words for what is wrong.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprCall, Lit, LitStr, Path};

use crate::duration::{self, Bounds};
use crate::knob::Knob;

/// Whose key it is.
pub(crate) enum Scope {
    Public,
    Of(Expr),
}

/// What must be equal between retries.
pub(crate) enum Fingerprint {
    None,
    Of(Expr),
}

/// What a duplicate gets while the first runs.
#[derive(Debug, PartialEq)]
pub(crate) enum OnConflict {
    Reject,
    /// It waits for so many milliseconds.
    Wait(u64),
}

/// What a retry does after an attempt that died unfinished.
pub(crate) enum OnInterrupt {
    Rerun,
    Reject,
    /// The user's async function finds out what happened.
    Recover(Path),
}

/// With a transaction: where the claim is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// In the transaction.
    Inside,
    /// Before it, by a commit of its own.
    Before,
}

/// Which answers are final.
pub(crate) enum Persist {
    Default,
    Success,
    All,
    /// The user's classifier function.
    By(Path),
}

impl Parse for Scope {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let expr: Expr = input.parse()?;
        Ok(if is_word(&expr, "public") {
            Self::Public
        } else {
            Self::Of(expr)
        })
    }
}

impl Parse for Fingerprint {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let expr: Expr = input.parse()?;
        Ok(if is_word(&expr, "none") {
            Self::None
        } else {
            Self::Of(expr)
        })
    }
}

impl Parse for OnConflict {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let expr: Expr = input.parse()?;
        if is_word(&expr, "reject") {
            return Ok(Self::Reject);
        }
        if let Expr::Call(ExprCall { func, args, .. }) = &expr
            && is_word(func, "wait")
            && args.len() == 1
            && let Expr::Lit(only) = &args[0]
            && let Lit::Str(literal) = &only.lit
        {
            return duration::parse("wait", literal, duration::WAIT).map(Self::Wait);
        }
        refuse(
            &expr,
            "`on_conflict` is `reject` (the default) or `wait(\"5s\")`",
        )
    }
}

impl Parse for OnInterrupt {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let expr: Expr = input.parse()?;
        if is_word(&expr, "rerun") {
            return Ok(Self::Rerun);
        }
        if is_word(&expr, "reject") {
            return Ok(Self::Reject);
        }
        if let Expr::Call(ExprCall { func, args, .. }) = &expr
            && is_word(func, "recover")
            && args.len() == 1
            && let Expr::Path(only) = &args[0]
            && only.qself.is_none()
        {
            return Ok(Self::Recover(only.path.clone()));
        }
        refuse(
            &expr,
            "`on_interrupt` is `rerun` (the default), `reject`, or `recover(path)` with the path of \
             an async function that finds out what happened",
        )
    }
}

impl Parse for Claim {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let expr: Expr = input.parse()?;
        if is_word(&expr, "inside") {
            return Ok(Self::Inside);
        }
        if is_word(&expr, "before") {
            return Ok(Self::Before);
        }
        refuse(
            &expr,
            "`claim` is `inside` (the default: in the transaction) or `before` (by a commit of its own)",
        )
    }
}

impl Parse for Persist {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let expr: Expr = input.parse()?;
        if let Expr::Path(found) = &expr
            && found.qself.is_none()
        {
            return Ok(
                match found.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("default") => Self::Default,
                    Some("success") => Self::Success,
                    Some("all") => Self::All,
                    _ => Self::By(found.path.clone()),
                },
            );
        }
        refuse(
            &expr,
            "`persist` is `default`, `success`, `all`, or the path of a function that decides, \
             such as `persist = my_classifier`",
        )
    }
}

/// The name of one of the function's parameters.
pub(super) fn parameter(input: ParseStream) -> syn::Result<Ident> {
    let expr: Expr = input.parse()?;
    if let Expr::Path(found) = &expr
        && let Some(ident) = found.path.get_ident()
    {
        return Ok(ident.clone());
    }
    refuse(
        &expr,
        "`transaction` names the parameter that is the open transaction: `transaction = tx`",
    )
}

pub(super) fn flag(input: ParseStream) -> syn::Result<bool> {
    let expr: Expr = input.parse()?;
    if let Expr::Lit(found) = &expr
        && let Lit::Bool(flag) = &found.lit
    {
        return Ok(flag.value);
    }
    refuse(&expr, "`required` is `true` (the default) or `false`")
}

/// A part of all, in millionths.
pub(super) fn share(input: ParseStream) -> syn::Result<u32> {
    let expr: Expr = input.parse()?;
    if let Expr::Lit(found) = &expr
        && let Lit::Float(literal) = &found.lit
        && let Ok(share) = literal.base10_parse::<f64>()
        && (0.000_001..=1.0).contains(&share)
    {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 1,000,000
        return Ok((share * 1e6).round() as u32);
    }
    refuse(
        &expr,
        "`rerun_safe_sample` is the share of replays behind which the body runs a second time with \
         all its effects: a literal from 0.000001 to 1.0, as in `rerun_safe_sample = 0.01`; for none \
         remove it",
    )
}

/// A knob whose value is fixed at compile time.
pub(super) fn literal(knob: Knob, input: ParseStream) -> syn::Result<LitStr> {
    let expr: Expr = input.parse()?;
    if let Expr::Lit(found) = &expr
        && let Lit::Str(literal) = &found.lit
    {
        return Ok(literal.clone());
    }
    let message = format!(
        "`{}` is checked at compile time and takes a string literal: `{}`",
        knob.word(),
        knob.example()
    );
    refuse(&expr, &message)
}

pub(super) fn duration(knob: Knob, input: ParseStream, bounds: Bounds) -> syn::Result<u64> {
    duration::parse(knob.word(), &literal(knob, input)?, bounds)
}

/// The runtime's path, which is a plain one: no string, no generics.
pub(super) fn path(input: ParseStream) -> syn::Result<Path> {
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        let message = format!("`crate` is a path: write `crate = {}`", literal.value());
        return Err(syn::Error::new(literal.span(), message));
    }
    input.call(Path::parse_mod_style)
}

fn is_word(expr: &Expr, word: &str) -> bool {
    matches!(expr, Expr::Path(found) if found.path.is_ident(word))
}

fn refuse<T>(expr: &Expr, message: &str) -> syn::Result<T> {
    let tokens: TokenStream = expr.to_token_stream();
    Err(syn::Error::new_spanned(tokens, message))
}
