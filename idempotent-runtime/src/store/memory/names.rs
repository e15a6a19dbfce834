//! Operation and process names, once each: a record keeps two bytes of them.

/// Names by the order in which they were first seen.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<Box<str>>);

impl Names {
    /// The number of a name; a service has few, so they are looked through.
    pub(super) fn number(&mut self, name: &str) -> u16 {
        let known = self
            .0
            .iter()
            .position(|known| **known == *name)
            .unwrap_or_else(|| {
                self.0.push(name.into());
                self.0.len() - 1
            });
        // Past 65,535 operations the lists would show a wrong name, no more.
        u16::try_from(known).unwrap_or(u16::MAX)
    }

    /// The number of a name that was seen before.
    pub(super) fn known(&self, name: &str) -> Option<u16> {
        let known = self.0.iter().position(|known| **known == *name)?;
        Some(u16::try_from(known).unwrap_or(u16::MAX))
    }

    pub(super) fn name(&self, number: u16) -> String {
        self.0
            .get(usize::from(number))
            .map_or_else(String::new, ToString::to_string)
    }
}
