//! The operation's stable name: it separates the function's keys from every
//! other operation's, and stays in the records, so it must be short and plain.

use syn::LitStr;

const LONGEST: usize = 200;

/// The name, or why it is none.
pub(crate) fn parse(literal: &LitStr) -> syn::Result<String> {
    let name = literal.value();
    let reason = if name.is_empty() {
        "it is empty".to_owned()
    } else if let Some(odd) = name.chars().find(|c| !c.is_ascii_graphic()) {
        format!("{odd:?} is not visible ASCII")
    } else if name.len() > LONGEST {
        format!("it has {} characters", name.len())
    } else {
        return Ok(name);
    };
    Err(syn::Error::new(
        literal.span(),
        format!(
            "`name` cannot be the operation's name: {reason}; use 1 to {LONGEST} visible ASCII \
             characters, such as \"payments.create\""
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn parsed(text: &str) -> syn::Result<String> {
        parse(&LitStr::new(text, Span::call_site()))
    }

    #[test]
    fn visible_ascii_of_up_to_200_characters_is_a_name() {
        for text in [
            "payments.create",
            "shop::orders::pay",
            "a",
            &"x".repeat(200),
        ] {
            assert_eq!(parsed(text).expect(text), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "two words", "zahlung-ü", "line\n", &"x".repeat(201)] {
            assert!(parsed(text).is_err(), "{text:?}");
        }
    }
}
