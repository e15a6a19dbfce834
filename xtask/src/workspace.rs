//! What `cargo metadata` says about the workspace: packages, features, targets.
//! Nothing here repeats a manifest, so nothing can differ from it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::failure::{Failure, Outcome};

/// A workspace, as cargo sees it.
#[derive(Deserialize)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

/// A member.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) targets: Vec<Target>,
    /// `[package.metadata]`, for whoever knows what to look for.
    #[serde(default)]
    pub(crate) metadata: serde_json::Value,
}

/// A library, program, example or test of a member.
#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
    pub(crate) src_path: PathBuf,
    /// Whether a plain `cargo test` runs the tests in it.
    pub(crate) test: bool,
    /// The features without which it is not built.
    #[serde(default, rename = "required-features")]
    pub(crate) required_features: Vec<String>,
}

impl Workspace {
    /// The main one.
    pub(crate) fn load() -> Outcome<Self> {
        Self::of(&root().join("Cargo.toml"))
    }

    /// The one of another manifest.
    pub(crate) fn of(manifest: &Path) -> Outcome<Self> {
        let output = cargo()
            .args(["metadata", "--format-version=1", "--no-deps"])
            .arg("--manifest-path")
            .arg(manifest)
            .output()
            .map_err(Failure::doing("start `cargo metadata`"))?;
        if !output.status.success() {
            return Err(Failure::Chore(format!(
                "`cargo metadata` failed:\n{}",
                String::from_utf8_lossy(&output.stderr)
            )));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| Failure::Chore(format!("cannot read `cargo metadata`: {error}")))
    }

    /// The member of that name.
    pub(crate) fn package(&self, name: &str) -> Outcome<&Package> {
        self.packages
            .iter()
            .find(|package| package.name == name)
            .ok_or_else(|| Failure::Chore(format!("the workspace has no package `{name}`")))
    }

    /// Where cargo lets integration tests keep files: their
    /// `CARGO_TARGET_TMPDIR`.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target_directory.join("tmp")
    }

    /// Whether a member has a feature of that name.
    pub(crate) fn has_feature(&self, name: &str) -> bool {
        self.packages
            .iter()
            .any(|package| package.features.contains_key(name))
    }
}

/// The cargo that runs us, at the workspace's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or(OsString::from("cargo")));
    command.current_dir(root());
    command
}

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}
