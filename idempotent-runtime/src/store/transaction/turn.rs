//! A place among this process's writers.

use std::any::Any;
use std::fmt;

/// The right of a transaction to be open, where a database has one writer at a
/// time. It ends when it is dropped, which is after the transaction has ended.
#[derive(Default)]
pub struct Turn(Option<Box<dyn Any + Send + Sync>>);

impl Turn {
    /// A turn that lasts as long as this is held: a permit, say.
    pub fn holding(permit: impl Any + Send + Sync) -> Self {
        Self(Some(Box::new(permit)))
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Turn").field(&self.0.is_some()).finish()
    }
}
