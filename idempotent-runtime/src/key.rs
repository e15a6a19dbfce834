//! The idempotency key: parsed once into a type that cannot be wrong.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The longest idempotency key, in bytes.
pub const MAX_KEY_BYTES: usize = 255;

/// An idempotency key: 1 to 255 bytes of text without control characters.
///
/// A key names one operation of a caller: every retry of it carries the same
/// key. `Debug` hides the text, because keys must not reach logs.
///
/// ```
/// use idempotent_runtime::{Key, KeyError};
///
/// assert_eq!(Key::new("order-1001")?.as_str(), "order-1001");
/// assert_eq!(Key::new(""), Err(KeyError::Empty));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key(Box<str>);

impl Key {
    /// Checks `text` and makes it a key.
    pub fn new(text: impl AsRef<str> + Into<Box<str>>) -> Result<Self, KeyError> {
        let checked = text.as_ref();
        if checked.is_empty() {
            return Err(KeyError::Empty);
        }
        if checked.len() > MAX_KEY_BYTES {
            return Err(KeyError::TooLong);
        }
        // Bytes first: most keys are ASCII, and decode nothing.
        let suspect = |byte: &u8| !matches!(byte, b' '..=b'~');
        if checked.as_bytes().iter().any(suspect) && checked.chars().any(char::is_control) {
            return Err(KeyError::Malformed);
        }
        Ok(Self(text.into()))
    }

    /// A key of text that is known to be one.
    pub(crate) fn ascii(text: String) -> Self {
        debug_assert!(Self::new(&*text).is_ok(), "1 to 255 printable bytes");
        Self(text.into())
    }

    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} bytes)", self.0.len())
    }
}

/// Why a text is no idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There was a key, but it has no characters.
    #[error("the idempotency key is empty; send 1 to {MAX_KEY_BYTES} bytes, a UUID for example")]
    Empty,
    /// The key is over [`MAX_KEY_BYTES`].
    #[error("the idempotency key is longer than {MAX_KEY_BYTES} bytes; send a shorter one")]
    TooLong,
    /// The key is neither a structured-field string nor a bare token.
    #[error(
        "the idempotency key is malformed; send a quoted string such as \"8e03978e-40d5\", \
         or the same characters without quotes, commas, semicolons and spaces"
    )]
    Malformed,
    /// The header with the key stands more than once in the request.
    #[error("the idempotency key was sent more than once; send the header once")]
    Repeated,
}

/// What can serve as an idempotency key in `key = <expr>`.
///
/// Implement it for newtypes of your own; strings, integers and (with the
/// feature `uuid`) `Uuid` have it already. `Option` has not: a missing key
/// must be decided by the caller, not be shared by everybody who has none.
///
/// ```
/// use idempotent_runtime::{Key, KeyError, ToKey};
///
/// struct EventId(u64);
/// impl ToKey for EventId {
///     fn to_key(&self) -> Result<Key, KeyError> {
///         self.0.to_key()
///     }
/// }
/// assert_eq!(EventId(7).to_key()?.as_str(), "7");
/// # Ok::<(), KeyError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an idempotency key",
    label = "not a string, an integer, a `Uuid` or a type that implements `ToKey`",
    note = "unwrap an `Option` first: calls without a key would all share one record",
    note = "for a newtype of yours, implement `idempotent_runtime::ToKey`"
)]
pub trait ToKey {
    /// The key's one text form.
    fn to_key(&self) -> Result<Key, KeyError>;
}

impl ToKey for Key {
    fn to_key(&self) -> Result<Key, KeyError> {
        Ok(self.clone())
    }
}

impl<T: ToKey + ?Sized> ToKey for &T {
    fn to_key(&self) -> Result<Key, KeyError> {
        (**self).to_key()
    }
}

macro_rules! text_keys {
    ($($text:ty),*) => {$(
        impl ToKey for $text {
            fn to_key(&self) -> Result<Key, KeyError> {
                let text: &str = self;
                Key::new(text)
            }
        }
    )*};
}
text_keys!(str, String, Box<str>, Arc<str>, Cow<'_, str>);

macro_rules! displayed_keys {
    ($($number:ty),*) => {$(
        impl ToKey for $number {
            fn to_key(&self) -> Result<Key, KeyError> {
                Key::new(self.to_string())
            }
        }
    )*};
}
displayed_keys!(
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize
);
#[cfg(feature = "uuid")]
displayed_keys!(uuid::Uuid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_1_to_255_bytes_without_control_characters() {
        assert_eq!(Key::new(""), Err(KeyError::Empty));
        assert_eq!(Key::new("k".repeat(256)), Err(KeyError::TooLong));
        assert_eq!(Key::new("a\nb"), Err(KeyError::Malformed));
        assert_eq!(
            Key::new("k".repeat(255)).map(|key| key.as_str().len()),
            Ok(255)
        );
        assert!(Key::new("Grüße 1").is_ok());
    }

    #[test]
    fn debug_shows_no_text() {
        assert_eq!(format!("{:?}", "secret".to_key().unwrap()), "Key(6 bytes)");
    }
}
