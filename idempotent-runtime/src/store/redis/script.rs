//! The scripts and how they are called: by their digest; whole where the
//! server does not know it; without flags where the server is too old.

use std::sync::LazyLock;

use redis::{Cmd, ErrorKind, RedisError, ServerErrorKind, cmd};

/// One script, in the two forms that servers take.
#[derive(Debug)]
pub(super) struct Script {
    /// With a first line of flags, if it has one.
    modern: Form,
    /// Without.
    older: Form,
}

#[derive(Debug)]
struct Form {
    code: String,
    digest: String,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Scripts {
    pub(super) claim: Script,
    pub(super) complete: Script,
    pub(super) step: Script,
    pub(super) extend: Script,
    pub(super) release: Script,
    pub(super) inspect: Script,
    pub(super) answer: Script,
    pub(super) expire: Script,
    pub(super) forget: Script,
}

/// For one node, which tells its subscribers with PUBLISH.
pub(super) static NODE: LazyLock<Scripts> = LazyLock::new(|| Scripts::telling_by("PUBLISH"));
/// For a cluster, where PUBLISH would go to every node.
#[cfg(feature = "redis-cluster")]
pub(super) static CLUSTER: LazyLock<Scripts> = LazyLock::new(|| Scripts::telling_by("SPUBLISH"));

/// Which servers a script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// Redis 7 and later, and every Valkey.
    Modern,
    /// What does not know a script's flags.
    Older,
}

/// One call of a script.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) script: &'a Script,
    pub(super) key: &'a [u8],
    pub(super) arguments: &'a [&'a [u8]],
}

impl Scripts {
    fn telling_by(publish: &str) -> Self {
        let script = |text: &str| Script::new(&text.replace("'PUBLISH'", &format!("'{publish}'")));
        Self {
            claim: script(include_str!("lua/claim.lua")),
            complete: script(include_str!("lua/complete.lua")),
            step: script(include_str!("lua/step.lua")),
            extend: script(include_str!("lua/extend.lua")),
            release: script(include_str!("lua/release.lua")),
            inspect: script(include_str!("lua/inspect.lua")),
            answer: script(include_str!("lua/answer.lua")),
            expire: script(include_str!("lua/expire.lua")),
            forget: script(include_str!("lua/forget.lua")),
        }
    }
}

impl Script {
    fn new(text: &str) -> Self {
        let older = match text.split_once('\n') {
            Some((flags, rest)) if flags.starts_with("#!") => rest,
            _ => text,
        };
        Self {
            modern: Form::of(text),
            older: Form::of(older),
        }
    }

    fn form(&self, age: Age) -> &Form {
        match age {
            Age::Modern => &self.modern,
            Age::Older => &self.older,
        }
    }
}

impl Form {
    fn of(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            digest: redis::Script::new(code).get_hash().to_owned(),
        }
    }
}

impl Call<'_> {
    /// By the script's digest.
    pub(super) fn by_digest(self, age: Age) -> Cmd {
        self.command("EVALSHA", &self.script.form(age).digest)
    }

    /// With the whole script, which the server keeps. `SCRIPT LOAD` would
    /// need every node of a cluster, and a trip of its own.
    pub(super) fn whole(self, age: Age) -> Cmd {
        self.command("EVAL", &self.script.form(age).code)
    }

    fn command(self, verb: &str, script: &str) -> Cmd {
        let mut command = cmd(verb);
        command.arg(script).arg(1).arg(self.key);
        for argument in self.arguments {
            command.arg(*argument);
        }
        command
    }
}

/// The server does not know the digest: it restarted, or was told to forget.
pub(super) fn is_unknown(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

/// The server is too old for a first line of flags.
pub(super) fn is_too_modern(error: &RedisError) -> bool {
    error
        .detail()
        .is_some_and(|detail| detail.contains("Error compiling script"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_servers_get_the_same_script_without_its_flags() {
        let complete = &NODE.complete;
        assert!(complete.modern.code.starts_with("#!lua flags=allow-oom\n"));
        assert!(complete.older.code.starts_with("-- Finishes"));
        assert_eq!(NODE.claim.modern.code, NODE.claim.older.code);
    }

    #[cfg(feature = "redis-cluster")]
    #[test]
    fn a_cluster_is_told_within_the_slot() {
        assert!(NODE.complete.modern.code.contains("pcall('PUBLISH'"));
        assert!(CLUSTER.complete.modern.code.contains("pcall('SPUBLISH'"));
        assert!(!CLUSTER.release.modern.code.contains("'PUBLISH'"));
    }
}
