//! One value for each operation's name, made at its first call and found
//! without a lock after it.

use std::sync::OnceLock;

/// Operations are few, as they are written in the source or are a router's
/// routes; what goes beyond shares one value, so that nothing grows with
/// traffic.
const OPERATIONS: usize = 1_024;

/// The name of what goes beyond.
const OTHER: &str = "other";

type Slot<T> = OnceLock<(&'static str, Box<T>)>;

pub(crate) struct ByOperation<T> {
    /// By the address of the name: a name lives as long as the program.
    slots: Box<[Slot<T>]>,
    other: OnceLock<Box<T>>,
}

impl<T> ByOperation<T> {
    pub(crate) fn new() -> Self {
        Self {
            slots: std::iter::repeat_with(OnceLock::new)
                .take(OPERATIONS)
                .collect(),
            other: OnceLock::new(),
        }
    }

    /// The value of `name`, made by `make` of the name that it goes by.
    pub(crate) fn get(&self, name: &'static str, make: impl Fn(&'static str) -> T) -> &T {
        let start = place(name);
        for at in start..start + OPERATIONS {
            let slot = &self.slots[at % OPERATIONS];
            let (of, value) = slot.get_or_init(|| (name, Box::new(make(name))));
            if std::ptr::eq(*of, name) || *of == name {
                return value;
            }
        }
        self.other.get_or_init(|| Box::new(make(OTHER)))
    }

    /// All that there are, in no order.
    #[cfg(feature = "admin")]
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &T)> {
        let named = self.slots.iter().filter_map(OnceLock::get);
        let named = named.map(|(name, value)| (*name, &**value));
        named.chain(self.other.get().map(|value| (OTHER, &**value)))
    }
}

/// Addresses differ in their low bits, and are spread by a multiplication.
fn place(name: &'static str) -> usize {
    let address = name.as_ptr().addr() as u64;
    let spread = address.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54;
    usize::try_from(spread).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_value_and_too_many_names_share_one() {
        let values = ByOperation::new();
        let make = |name: &'static str| name.to_owned();
        assert_eq!(values.get("app::pay", make), "app::pay");
        for n in 0..2 * OPERATIONS {
            let name: &'static str = Box::leak(format!("operation {n}").into());
            let value = values.get(name, make);
            assert!(value == name || value == OTHER, "{name}: {value}");
        }
        assert_eq!(values.get("app::pay", |_| unreachable!()), "app::pay");
        assert_eq!(values.get("one more", make), OTHER);
    }
}
