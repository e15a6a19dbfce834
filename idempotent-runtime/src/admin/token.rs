//! Tokens of forms: each is for one operator, one action and one attempt, in
//! this and the next hour. Another site cannot know one, so it cannot act.

use std::sync::Arc;

use super::action::Action;
use super::operator::Operator;

/// The key of tokens.
pub(super) struct Tokens(Option<[u8; 32]>);

/// Of the fleet's secret only what is derived for this is used here.
const CONTEXT: &str = "idempotent-runtime 2026 admin form tokens";

impl Tokens {
    /// Under the fleet's secret, so that any process takes another's form; or
    /// under one of this process's own. Where the system gives no random
    /// bytes either, no token is accepted.
    pub(super) fn new(secret: Option<&Arc<[u8; 32]>>) -> Self {
        let secret = secret.map(|secret| **secret).or_else(|| {
            let mut own = [0; 32];
            getrandom::fill(&mut own).ok().map(|()| own)
        });
        Self(secret.map(|secret| blake3::derive_key(CONTEXT, &secret)))
    }

    /// The token of an action on `what`, at an hour.
    pub(super) fn of(
        &self,
        operator: &Operator,
        action: Action,
        what: &str,
        fence: u64,
        hour: u64,
    ) -> String {
        let token = self.digest(operator, action, what, fence, hour);
        token.map_or_else(String::new, |token| token.to_string())
    }

    /// Whether `token` is this or the previous hour's.
    pub(super) fn accepts(
        &self,
        token: &str,
        operator: &Operator,
        action: Action,
        what: &str,
        fence: u64,
        hour: u64,
    ) -> bool {
        let Ok(token) = blake3::Hash::from_hex(token) else {
            return false;
        };
        // Compared in constant time, as a `Hash` is.
        [hour, hour.wrapping_sub(1)]
            .into_iter()
            .any(|hour| self.digest(operator, action, what, fence, hour) == Some(token))
    }

    fn digest(
        &self,
        operator: &Operator,
        action: Action,
        what: &str,
        fence: u64,
        hour: u64,
    ) -> Option<blake3::Hash> {
        let mut hasher = blake3::Hasher::new_keyed(self.0.as_ref()?);
        for part in [operator.name(), action.code(), what] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(&fence.to_le_bytes());
        hasher.update(&hour.to_le_bytes());
        Some(hasher.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_operator_action_record_fence_and_two_hours() {
        let fleet = Arc::new([7; 32]);
        let tokens = Tokens::new(Some(&fleet));
        let (ada, bob) = (Operator::named("ada"), Operator::named("bob"));
        let token = tokens.of(&ada, Action::Forget, "9f", 3, 100);
        let takes = |operator, action, what, fence, hour| {
            tokens.accepts(&token, operator, action, what, fence, hour)
        };
        assert!(takes(&ada, Action::Forget, "9f", 3, 100));
        assert!(takes(&ada, Action::Forget, "9f", 3, 101));
        assert!(!takes(&ada, Action::Forget, "9f", 3, 102));
        assert!(!takes(&ada, Action::Forget, "9f", 3, 99));
        assert!(!takes(&bob, Action::Forget, "9f", 3, 100));
        assert!(!takes(&ada, Action::EndLease, "9f", 3, 100));
        assert!(!takes(&ada, Action::Forget, "9e", 3, 100));
        assert!(!takes(&ada, Action::Forget, "9f", 4, 100));
        for token in ["", "00", &"0".repeat(64), "é"] {
            assert!(!tokens.accepts(token, &ada, Action::Forget, "9f", 3, 100));
        }
        let other = Tokens::new(Some(&Arc::new([8; 32])));
        assert!(!other.accepts(&token, &ada, Action::Forget, "9f", 3, 100));
        let same = Tokens::new(Some(&fleet));
        assert!(same.accepts(&token, &ada, Action::Forget, "9f", 3, 100));
        let (first, second) = (Tokens::new(None), Tokens::new(None));
        let token = first.of(&ada, Action::Forget, "9f", 3, 100);
        assert!(!second.accepts(&token, &ada, Action::Forget, "9f", 3, 100));
    }
}
