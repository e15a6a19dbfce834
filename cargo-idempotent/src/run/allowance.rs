//! The budget of effects: a run stops before it makes more than are allowed.

use std::cell::Cell;

/// What a run may still do.
#[derive(Debug, Default)]
pub(crate) struct Allowance {
    most: Option<usize>,
    spent: Cell<usize>,
    refused: Cell<bool>,
}

impl Allowance {
    pub(super) fn new(most: Option<usize>) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// Each intention may be an effect: it is counted before it is sent.
    pub(super) fn take(&self) -> Result<(), String> {
        if !self.left() {
            self.refused.set(true);
            return Err(self.text());
        }
        self.spent.set(self.spent.get() + 1);
        Ok(())
    }

    /// Effects that nobody asked for count as well.
    pub(super) fn note(&self, more: usize) {
        self.spent.set(self.spent.get() + more);
    }

    pub(crate) fn left(&self) -> bool {
        self.most.is_none_or(|most| self.spent.get() < most)
    }

    /// What the report says of it, if it was used up.
    pub(super) fn refusal(&self) -> Option<String> {
        self.refused.get().then(|| self.text())
    }

    pub(crate) fn text(&self) -> String {
        format!(
            "the budget of {} effects is used up (`budget.effects`)",
            self.most.unwrap_or_default()
        )
    }

    /// Notes that something was left out for its sake.
    pub(crate) fn refuse(&self) {
        self.refused.set(true);
    }
}

#[cfg(test)]
mod tests {
    use super::Allowance;

    #[test]
    fn no_more_effects_are_begun_than_are_allowed() {
        let three = Allowance::new(Some(3));
        assert!(three.take().is_ok());
        three.note(1);
        assert!(three.take().is_ok() && three.refusal().is_none());
        assert!(three.take().is_err() && three.refusal().is_some());
        let any = Allowance::new(None);
        assert!((0..100).all(|_| any.take().is_ok()));
    }
}
