//! Whose key it is: part of a record's identity, so that one caller never
//! sees another's answer (invariant 11).

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// The tenant, account or user that a key belongs to, in one canonical text
/// form: parts joined by `/`, with `/`, `%`, `*` and control characters of
/// a part written as `%XX`.
///
/// ```
/// use idempotent_runtime::Scope;
///
/// assert_eq!(Scope::of(&42_u64)?.as_str(), "42");
/// assert_eq!(Scope::of(&("acme/eu", 42))?.as_str(), "acme%2Feu/42");
/// assert!(Scope::of("").is_err());
/// assert_eq!(Scope::public().as_str(), "*");
/// # Ok::<(), idempotent_runtime::ScopeEmpty>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Scope(Cow<'static, str>);

impl Scope {
    /// The scope that all callers share.
    pub const fn public() -> Self {
        Self(Cow::Borrowed("*"))
    }

    /// The scope of a value; refused when any part of it is empty, since
    /// an empty tenant would be everybody's.
    pub fn of<S: ToScope + ?Sized>(value: &S) -> Result<Self, ScopeEmpty> {
        let mut parts = ScopeParts {
            text: String::new(),
            empty: false,
            count: 0,
        };
        value.write(&mut parts);
        if parts.empty || parts.count == 0 {
            return Err(ScopeEmpty);
        }
        Ok(Self(Cow::Owned(parts.text)))
    }

    /// The scope of a canonical text form, as a person types it; `None` where
    /// it is none.
    #[cfg(feature = "admin")]
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::public());
        }
        let is_escape = |rest: &str| {
            let digits = rest.as_bytes().get(..2);
            digits.is_some_and(|it| {
                it.iter()
                    .all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'))
            })
        };
        let is_canonical = |part: &str| {
            !part.is_empty()
                && !part.contains(|c: char| c == '*' || c.is_control())
                && part.split('%').skip(1).all(is_escape)
        };
        let text = text.split('/').all(is_canonical).then_some(text)?;
        Some(Self(Cow::Owned(text.to_owned())))
    }

    /// The canonical text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({} bytes)", self.0.len())
    }
}

/// A scope, or a part of one, has no characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the idempotency scope has an empty part, which would be shared by every caller; nothing was run"
)]
pub struct ScopeEmpty;

/// Collects the parts of a [`Scope`].
#[derive(Debug)]
pub struct ScopeParts {
    text: String,
    empty: bool,
    count: usize,
}

impl ScopeParts {
    /// Adds one part, escaped.
    pub fn push(&mut self, part: &str) {
        if self.count > 0 {
            self.text.push('/');
        }
        self.count += 1;
        self.empty |= part.is_empty();
        for c in part.chars() {
            if matches!(c, '/' | '%' | '*') || c.is_control() {
                let mut utf8 = [0; 4];
                for byte in c.encode_utf8(&mut utf8).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(self.text, "%{byte:02X}");
                }
            } else {
                self.text.push(c);
            }
        }
    }
}

/// What can serve as a scope in `scope = <expr>`.
///
/// Strings, integers, `Uuid` (feature `uuid`) and tuples of them have it.
/// `Option` has not: `None` would be one scope for everybody.
///
/// ```
/// use idempotent_runtime::{Scope, ScopeParts, ToScope};
///
/// struct AccountId(u64);
/// impl ToScope for AccountId {
///     fn write(&self, parts: &mut ScopeParts) {
///         self.0.write(parts);
///     }
/// }
/// assert_eq!(Scope::of(&AccountId(42))?.as_str(), "42");
/// # Ok::<(), idempotent_runtime::ScopeEmpty>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the scope of an idempotency key",
    label = "not a string, an integer, a `Uuid`, a tuple of them or a type that implements `ToScope`",
    note = "an `Option` cannot: every caller with `None` would see the others' answers; decide before",
    note = "for a newtype of yours, implement `idempotent_runtime::ToScope`"
)]
pub trait ToScope {
    /// Adds the parts of this value.
    fn write(&self, parts: &mut ScopeParts);
}

impl<T: ToScope + ?Sized> ToScope for &T {
    fn write(&self, parts: &mut ScopeParts) {
        (**self).write(parts);
    }
}

macro_rules! text_scopes {
    ($($text:ty),*) => {$(
        impl ToScope for $text {
            fn write(&self, parts: &mut ScopeParts) {
                parts.push(self);
            }
        }
    )*};
}
text_scopes!(str, String, Box<str>, Arc<str>, Cow<'_, str>);

macro_rules! displayed_scopes {
    ($($value:ty),*) => {$(
        impl ToScope for $value {
            fn write(&self, parts: &mut ScopeParts) {
                parts.push(&self.to_string());
            }
        }
    )*};
}
displayed_scopes!(
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize
);
#[cfg(feature = "uuid")]
displayed_scopes!(uuid::Uuid);

macro_rules! tuple_scopes {
    ($($name:ident),*) => {
        impl<$($name: ToScope),*> ToScope for ($($name,)*) {
            #[allow(non_snake_case)] // the type parameters double as bindings
            fn write(&self, parts: &mut ScopeParts) {
                let ($($name,)*) = self;
                $($name.write(parts);)*
            }
        }
    };
}
tuple_scopes!(A);
tuple_scopes!(A, B);
tuple_scopes!(A, B, C);
tuple_scopes!(A, B, C, D);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_confused() {
        assert_ne!(Scope::of(&("a", "b/c")), Scope::of(&("a/b", "c")));
        assert_ne!(Scope::of("*"), Ok(Scope::public()));
        assert_eq!(Scope::of("a%\n").unwrap().as_str(), "a%25%0A");
    }

    #[cfg(feature = "admin")]
    #[test]
    fn a_typed_scope_is_the_one_that_it_is_written_as() {
        for scope in [
            Scope::of("a%*/\n").unwrap(),
            Scope::of(&("acme", 42)).unwrap(),
            Scope::public(),
        ] {
            assert_eq!(Scope::of_text(scope.as_str()), Some(scope));
        }
        for text in ["", "a//b", "/a", "a/", "a*", "100%", "%2g", "%2f", "a\nb"] {
            assert_eq!(Scope::of_text(text), None, "{text}");
        }
    }

    #[test]
    fn an_empty_part_is_refused() {
        assert_eq!(Scope::of(&("acme", "")), Err(ScopeEmpty));
    }
}
