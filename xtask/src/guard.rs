//! No Rust source of the workspace says `unsafe`, and every member takes the
//! workspace's lints, which forbid it.
//!
//! The lints alone do not see code under a `cfg` that was not compiled, nor a
//! member that forgot them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::{TokenStream, TokenTree};

use crate::failure::{Failure, Outcome};
use crate::workspace::{Workspace, root};

/// Below these lie texts that no compiler turns into a program: shapes that must
/// not compile, and what the attribute makes of its inputs.
const DATA: [&str; 2] = ["/ui/fail/", "/tests/expand/"];

/// Fails with a list of what was found.
pub(crate) fn no_unsafe(workspace: &Workspace) -> Outcome<()> {
    let mut found = Vec::new();
    for package in &workspace.packages {
        let manifest = read(&package.manifest_path)?;
        if !manifest.contains("[lints]\nworkspace = true") {
            found.push(format!(
                "{}: add `[lints]` with `workspace = true`",
                package.manifest_path.display()
            ));
        }
    }
    for path in sources()? {
        let source = read(&path)?;
        match says_unsafe(&source) {
            Ok(false) => {}
            Ok(true) => found.push(format!("{}: says `unsafe`", path.display())),
            Err(error) => found.push(format!("{}: {error}", path.display())),
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::Chore(found.join("\n")))
}

/// Every source that git knows or would take.
fn sources() -> Outcome<Vec<PathBuf>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.rs",
        ])
        .current_dir(root())
        .output()
        .map_err(Failure::doing("start `git ls-files`"))?;
    if !output.status.success() {
        return Err(Failure::Chore("`git ls-files` failed".to_owned()));
    }
    let list = String::from_utf8_lossy(&output.stdout);
    Ok(list
        .split_terminator('\0')
        .filter(|path| !DATA.iter().any(|folder| path.contains(folder)))
        .map(|path| root().join(path))
        // Deleted, but not yet committed.
        .filter(|path| path.is_file())
        .collect())
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(Failure::doing(format!("read {}", path.display())))
}

/// Whether the keyword occurs; comments and strings do not count.
fn says_unsafe(source: &str) -> Result<bool, proc_macro2::LexError> {
    // No token stream begins with `#!`.
    let script = source.starts_with("#!") && !source.starts_with("#![");
    let start = if script {
        source.find('\n').unwrap_or(source.len())
    } else {
        0
    };
    Ok(any_unsafe(source[start..].parse()?))
}

fn any_unsafe(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "unsafe",
        TokenTree::Group(group) => any_unsafe(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_the_keyword_at_any_depth() {
        assert!(says_unsafe("mod a { fn b() { unsafe {} } }").expect("is Rust"));
        assert!(says_unsafe("#[unsafe(no_mangle)] fn a() {}").expect("is Rust"));
    }

    #[test]
    fn sees_no_comment_no_string_and_no_longer_word() {
        let source =
            "#![forbid(unsafe_code)]\n//! unsafe\nconst A: &str = \"unsafe {}\"; // unsafe";
        assert!(!says_unsafe(source).expect("is Rust"));
    }
}
