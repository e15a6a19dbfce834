//! Why a run ended before its end: what happened, where, and what to do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Ended {
    pub how: How,
    /// `endpoint/scenario`, `endpoint/controls`, or what came before the first request.
    pub during: String,
    /// What happened.
    pub text: String,
    /// What to do.
    pub mend: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum How {
    /// It did not come up, does not answer any more, or answers too seldom.
    TargetFailed,
    /// Ctrl-C.
    Interrupted,
    /// As CI systems and service managers end a process.
    Terminated,
}

impl How {
    /// The exit code: the tool's own, or a shell's for the signal.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::TargetFailed => 3,
            Self::Interrupted => 128 + 2,
            Self::Terminated => 128 + 15,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::TargetFailed => "the target failed",
            Self::Interrupted => "the run was interrupted (SIGINT)",
            Self::Terminated => "the run was terminated (SIGTERM)",
        }
    }
}

impl Ended {
    /// By a signal.
    pub(crate) fn asked(how: How, during: &str) -> Self {
        Self {
            how,
            during: during.to_owned(),
            text: how.word().to_owned(),
            mend: "run it again; --only leaves out what is known already".to_owned(),
        }
    }

    pub(crate) fn by_target(during: &str, text: String, mend: &str) -> Self {
        Self {
            how: How::TargetFailed,
            during: during.to_owned(),
            text,
            mend: mend.to_owned(),
        }
    }

    /// What a finding says that was not begun for it.
    pub(crate) fn reason(&self) -> String {
        format!("{}, in {}", self.how.word(), self.during)
    }

    /// All of it, for a reader of lines.
    pub(crate) fn line(&self) -> String {
        let Self {
            during, text, mend, ..
        } = self;
        format!("The run ended early, in {during}: {text}. To do: {mend}.")
    }
}
