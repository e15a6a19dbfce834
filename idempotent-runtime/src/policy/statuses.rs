//! Which statuses of a response are final, by an operation's rule: one source
//! for what is stored and for what is published.

use super::{Mode, PersistRule, Spec};

impl Spec {
    /// Whether a response of this status is final; `None` where a classifier
    /// decides.
    pub(crate) fn is_final(&self, status: u16) -> Option<bool> {
        match self.persist {
            PersistRule::Custom => None,
            PersistRule::All => Some(true),
            PersistRule::Success => Some(is_success(status)),
            // The layer cannot tell a handler's answer from a rejection.
            PersistRule::Default if self.mode == Mode::Layer => Some(is_success(status)),
            PersistRule::Default => Some(is_success(status) || is_refusal(status)),
        }
    }

    /// The same in words.
    pub(crate) fn final_answers(&self) -> &'static str {
        match (self.persist, self.mode) {
            (PersistRule::Custom, _) => "as the operation's classifier decides",
            (PersistRule::All, Mode::Function) => "Ok and Err",
            (_, Mode::Function) => "Ok",
            (PersistRule::All, _) => "every status",
            (PersistRule::Success, _) | (_, Mode::Layer) => "2xx, 3xx",
            (PersistRule::Default, _) => "2xx, 3xx, 4xx except 401, 408, 409, 423, 425, 429",
        }
    }
}

fn is_success(status: u16) -> bool {
    (200..400).contains(&status)
}

/// A refusal is an answer too, unless it says "not now" or "not like this".
fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 401 | 408 | 409 | 423 | 425 | 429)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_name_the_statuses_that_are_final() {
        let spec = Spec::handler("app::pay", file!(), 1, 1);
        let passing: Vec<u16> = (400..500)
            .filter(|it| spec.is_final(*it) == Some(false))
            .collect();
        let words = format!("2xx, 3xx, 4xx except {passing:?}").replace(['[', ']'], "");
        assert_eq!(spec.final_answers(), words);
        assert!((200..400).all(|status| spec.is_final(status) == Some(true)));
        assert!((500..600).all(|status| spec.is_final(status) == Some(false)));
        let success = spec.persist_success();
        assert!((200..400).all(|status| success.is_final(status) == Some(true)));
        assert!((400..600).all(|status| success.is_final(status) == Some(false)));
        assert_eq!(spec.persist_all().is_final(500), Some(true));
        assert_eq!(spec.persist_custom().is_final(200), None);
    }
}
