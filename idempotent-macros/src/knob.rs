//! The knobs by name: the one list that parsing, messages and checks share.

/// A knob of the attribute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Knob {
    Header,
    Required,
    Key,
    Scope,
    Fingerprint,
    Ttl,
    Lease,
    OnConflict,
    OnInterrupt,
    Persist,
    MaxKeyAge,
    RerunSafeSample,
    Transaction,
    Claim,
    Store,
    State,
    Name,
    Crate,
}

/// Each knob, its word, and how it is written; in the order of the enum.
const KNOBS: [(Knob, &str, &str); 18] = [
    (Knob::Header, "header", "header = \"Idempotency-Key\""),
    (Knob::Required, "required", "required = false"),
    (Knob::Key, "key", "key = event.id"),
    (Knob::Scope, "scope", "scope = account.id"),
    (Knob::Fingerprint, "fingerprint", "fingerprint = order"),
    (Knob::Ttl, "ttl", "ttl = \"24h\""),
    (Knob::Lease, "lease", "lease = \"30s\""),
    (
        Knob::OnConflict,
        "on_conflict",
        "on_conflict = wait(\"5s\")",
    ),
    (Knob::OnInterrupt, "on_interrupt", "on_interrupt = reject"),
    (Knob::Persist, "persist", "persist = success"),
    (Knob::MaxKeyAge, "max_key_age", "max_key_age = \"24h\""),
    (
        Knob::RerunSafeSample,
        "rerun_safe_sample",
        "rerun_safe_sample = 0.01",
    ),
    (Knob::Transaction, "transaction", "transaction = tx"),
    (Knob::Claim, "claim", "claim = before"),
    (Knob::Store, "store", "store = app.idempotency"),
    (Knob::State, "state", "state = App"),
    (Knob::Name, "name", "name = \"payments.create\""),
    (Knob::Crate, "crate", "crate = my_crate::idempotent_runtime"),
];

/// Words of other libraries, and the knob that does the same here.
const ELSEWHERE: [(&str, Knob); 15] = [
    ("tx", Knob::Transaction),
    ("expires", Knob::Ttl),
    ("expiry", Knob::Ttl),
    ("retention", Knob::Ttl),
    ("lock_timeout", Knob::Lease),
    ("timeout", Knob::Lease),
    ("tenant", Knob::Scope),
    ("user", Knob::Scope),
    ("hash", Knob::Fingerprint),
    ("header_name", Knob::Header),
    ("conflict", Knob::OnConflict),
    ("interrupt", Knob::OnInterrupt),
    ("idempotency_key", Knob::Key),
    ("optional", Knob::Required),
    ("runtime", Knob::Crate),
];

impl Knob {
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        KNOBS
            .iter()
            .find(|(_, own, _)| *own == word)
            .map(|(knob, _, _)| *knob)
    }

    pub(crate) fn word(self) -> &'static str {
        self.entry().1
    }

    /// The knob as one writes it.
    pub(crate) fn example(self) -> &'static str {
        self.entry().2
    }

    fn entry(self) -> (Self, &'static str, &'static str) {
        KNOBS[self as usize]
    }
}

/// What to say of a word that is no knob.
pub(crate) fn unknown(word: &str) -> String {
    let words: Vec<String> = KNOBS.iter().map(|(_, own, _)| format!("`{own}`")).collect();
    let hint = meant(word).map_or(String::new(), |knob| {
        format!(
            ": did you mean `{}`, as in `{}`?",
            knob.word(),
            knob.example()
        )
    });
    format!(
        "unknown knob `{word}`{hint}\nThe knobs are {}",
        words.join(", ")
    )
}

fn meant(word: &str) -> Option<Knob> {
    let lower = word.to_ascii_lowercase();
    if let Some((_, knob)) = ELSEWHERE.iter().find(|(other, _)| *other == lower) {
        return Some(*knob);
    }
    let near = KNOBS
        .iter()
        .map(|(knob, own, _)| (distance(&lower, own), own.len(), *knob));
    let (changes, length, knob) = near.min_by_key(|(changes, _, _)| *changes)?;
    (changes * 3 <= length.max(3)).then_some(knob)
}

/// The number of insertions, deletions and replacements between two words.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_knob_is_in_the_list_under_its_own_word() {
        for (place, (knob, word, example)) in KNOBS.into_iter().enumerate() {
            assert_eq!(knob as usize, place, "{word}");
            assert_eq!(Knob::from_word(word), Some(knob));
            assert_eq!(knob.word(), word);
            assert!(example.starts_with(&format!("{word} = ")), "{example}");
        }
    }

    #[test]
    fn a_near_miss_is_answered_with_the_knob() {
        for (word, knob) in [
            ("tll", Knob::Ttl),
            ("headers", Knob::Header),
            ("on_conflit", Knob::OnConflict),
            ("Scope", Knob::Scope),
            ("finger_print", Knob::Fingerprint),
            ("maxkeyage", Knob::MaxKeyAge),
            ("expiry", Knob::Ttl),
            ("keys", Knob::Key),
        ] {
            assert_eq!(meant(word), Some(knob), "{word}");
        }
    }

    #[test]
    fn a_far_word_gets_the_list_only() {
        for word in ["recover", "compensate", "saga", "x"] {
            assert_eq!(meant(word), None, "{word}");
            assert!(unknown(word).contains("`fingerprint`"));
        }
    }
}
