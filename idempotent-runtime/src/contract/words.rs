//! A contract in words, and in JSON.

use std::fmt;
use std::time::Duration;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Contract, OperationContract};
use crate::policy::{FingerprintKind, Mode, OnInterrupt, ScopeKind};

impl fmt::Display for Contract {
    /// Operations one below the other, an empty line between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, operation) in self.operations.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{operation}")?;
        }
        Ok(())
    }
}

impl fmt::Display for OperationContract {
    /// The name, and a line for each promise; no line break at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.mode_word())?;
        for (name, promise) in self.promises() {
            write!(f, "\n  {name:<13}{promise}")?;
        }
        Ok(())
    }
}

impl OperationContract {
    /// What it promises, each with its name.
    pub(crate) fn promises(&self) -> [(&'static str, String); 6] {
        let key = match (self.header(), self.is_required()) {
            (Some(header), true) => format!("header {header}, required"),
            (Some(header), false) => format!("header {header}, optional"),
            (None, _) => "from the arguments".to_owned(),
        };
        let scope = match self.spec.scope {
            ScopeKind::Public => "one for all callers",
            ScopeKind::Expression => "from the arguments",
        };
        let fingerprint = match self.spec.fingerprint {
            FingerprintKind::Request => "method, path, query and body",
            FingerprintKind::Expression => "from the arguments",
            FingerprintKind::None => "none",
        };
        let duplicates = match self.waits() {
            Some(at_most) => format!("wait up to {}", Span(at_most)),
            None => "get an error while the first runs".to_owned(),
        };
        [
            ("key", key),
            ("scope", scope.to_owned()),
            ("fingerprint", fingerprint.to_owned()),
            ("duplicates", duplicates),
            ("replayed", format!("for {}", Span(self.ttl))),
            ("final", self.final_answers().to_owned()),
        ]
    }

    pub(crate) fn mode_word(&self) -> &'static str {
        match self.spec.mode {
            Mode::Handler => "handler",
            Mode::Function => "function",
            Mode::Layer => "layer",
        }
    }
}

impl Serialize for Contract {
    /// `{"operations": […]}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Contract", 1)?;
        fields.serialize_field("operations", &self.operations)?;
        fields.end()
    }
}

impl Serialize for OperationContract {
    /// Durations are in seconds; what does not apply is null.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scope = match self.spec.scope {
            ScopeKind::Public => "public",
            ScopeKind::Expression => "expression",
        };
        let fingerprint = match self.spec.fingerprint {
            FingerprintKind::Request => "request",
            FingerprintKind::Expression => "expression",
            FingerprintKind::None => "none",
        };
        let on_interrupt = match self.spec.on_interrupt {
            OnInterrupt::Rerun => "rerun",
            OnInterrupt::Reject => "reject",
            OnInterrupt::Recover => "recover",
        };
        let seconds = |duration: Option<Duration>| duration.map(|it| it.as_secs_f64());
        let mut fields = serializer.serialize_struct("OperationContract", 11)?;
        fields.serialize_field("name", self.name())?;
        fields.serialize_field("mode", self.mode_word())?;
        fields.serialize_field("header", &self.header())?;
        fields.serialize_field("required", &self.is_required())?;
        fields.serialize_field("scope", scope)?;
        fields.serialize_field("fingerprint", fingerprint)?;
        fields.serialize_field("ttl_seconds", &self.ttl.as_secs_f64())?;
        fields.serialize_field("final", self.final_answers())?;
        fields.serialize_field("wait_seconds", &seconds(self.waits()))?;
        fields.serialize_field("on_interrupt", on_interrupt)?;
        fields.serialize_field("max_key_age_seconds", &seconds(self.spec.max_key_age))?;
        fields.end()
    }
}

/// A duration in the largest unit that divides it.
pub(super) struct Span(pub(super) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (count, unit) = match seconds {
            _ if self.0.subsec_nanos() > 0 || seconds == 0 => return write!(f, "{:?}", self.0),
            _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
            _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
            _ => (seconds, "second"),
        };
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{plural}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let said = |duration| Span(duration).to_string();
        assert_eq!(said(Duration::from_hours(24)), "24 hours");
        assert_eq!(said(Duration::from_mins(1)), "1 minute");
        assert_eq!(said(Duration::from_secs(61)), "61 seconds");
        assert_eq!(said(Duration::from_millis(1500)), "1.5s");
    }
}
