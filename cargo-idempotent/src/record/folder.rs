//! The recording's folder: `meta.json`, the cases, and the secrets' names.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};

use super::{Recorder, stamp};
use crate::{
    Problem,
    case::{self, Case},
    whole,
};

pub(super) struct Folder {
    path: PathBuf,
    /// Two writers at once would lose one's lines.
    secrets: Mutex<()>,
}

impl Folder {
    /// Opens the folder, and says the number of the next case.
    pub(super) fn open(path: &Path) -> Result<(Self, usize), Problem> {
        let next = case::next(&path.join("cases"))?;
        let folder = Self {
            path: path.to_owned(),
            secrets: Mutex::new(()),
        };
        Ok((folder, next))
    }

    /// Writes a case, and the names of its secrets.
    pub(super) fn keep(&self, number: usize, case: &Case) -> Result<String, Problem> {
        let written = case::save_as(&self.path.join("cases"), number, case)?;
        self.list_secrets(case)?;
        Ok(written)
    }

    /// `secrets.example.env`: the variables that a run will want, without values.
    fn list_secrets(&self, case: &Case) -> Result<(), Problem> {
        let _one = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path.join("secrets.example.env");
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        let before = text.len();
        for name in case::names(&case.request) {
            let line = format!("{}=", case::secret_env(&name));
            if !text.lines().any(|l| l == line) {
                let _ = writeln!(text, "{line}");
            }
        }
        if text.len() == before {
            return Ok(());
        }
        whole::write(&path, text).map_err(|e| Problem::file(&path, e.to_string()))
    }
}

impl Recorder {
    /// Adds this session to `meta.json`; what earlier ones said stays.
    pub(crate) fn begin(&self, listen: &str) -> Result<(), Problem> {
        let session = json!({
            "tool": concat!("cargo-idempotent ", env!("CARGO_PKG_VERSION")),
            "began": stamp::now(),
            "listen": listen,
            "upstream": self.upstream.url,
            "protocol": self.spoken(),
            "max_body": self.cap,
            "first_case": *self.next.lock().unwrap_or_else(PoisonError::into_inner),
        });
        self.change(|sessions| sessions.push(session))
    }

    /// Says in `meta.json` when this session ended, and what it wrote.
    pub(crate) fn end(&self) -> Result<(), Problem> {
        let (ended, written) = (stamp::now(), self.written());
        self.change(|sessions| {
            if let Some(last) = sessions.last_mut() {
                last["ended"] = json!(ended);
                last["cases"] = json!(written);
            }
        })
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Value>)) -> Result<(), Problem> {
        let path = self.folder.path.join("meta.json");
        let fail = |e: String| Problem::file(&path, e);
        let mut meta: Value = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| fail(e.to_string()))?,
            Err(_) => json!({ "version": 1, "sessions": [] }),
        };
        match meta["sessions"].as_array_mut() {
            Some(sessions) => change(sessions),
            None => {
                return Err(fail(
                    "it has no list `sessions`: is it a recording's?".into(),
                ));
            }
        }
        whole::write(&path, format!("{meta:#}\n")).map_err(|e| fail(e.to_string()))
    }
}
