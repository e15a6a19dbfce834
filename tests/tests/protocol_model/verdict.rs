//! A promise that was broken, by its number.

#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) invariant: u8,
    pub(crate) what: String,
}

pub(crate) type Checked<T> = Result<T, Violation>;

pub(crate) fn check(invariant: u8, holds: bool, what: impl FnOnce() -> String) -> Checked<()> {
    if holds {
        Ok(())
    } else {
        Err(Violation {
            invariant,
            what: what(),
        })
    }
}
