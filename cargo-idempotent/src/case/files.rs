//! Cases on disk: one YAML file each, numbered in their order, and their bodies.
//!
//! A body that is not text, or is long, lies in `bodies/<blake3>.bin` beside the
//! folder of cases: a case stays readable, and equal bodies lie there once.

use std::{fs, path::Path};

use super::{Body, Case};
use crate::problem::Problem;
use crate::whole;

/// Longer bodies lie apart.
const INLINE: usize = 64 * 1024;

/// Writes cases into `folder/NNNN.yaml`, numbered after those that lie there.
pub fn save(folder: &Path, cases: &[Case]) -> Result<Vec<String>, Problem> {
    let first = next(folder)?;
    let numbers = first..;
    numbers
        .zip(cases)
        .map(|(number, case)| save_as(folder, number, case))
        .collect()
}

/// The number after the last of the folder's cases; makes the folder.
pub fn next(folder: &Path) -> Result<usize, Problem> {
    fs::create_dir_all(folder).map_err(|e| Problem::file(folder, e.to_string()))?;
    Ok(numbered(folder)?.last().map_or(1, |(n, _)| n + 1))
}

/// Writes one case under a number, and names its file.
pub fn save_as(folder: &Path, number: usize, case: &Case) -> Result<String, Problem> {
    let path = folder.join(format!("{number:04}.yaml"));
    let mut case = case.clone();
    case.apart.request = apart(folder, &mut case.request.body)?;
    if let Some(response) = &mut case.response {
        case.apart.response = apart(folder, &mut response.body)?;
    }
    let text = serde_saphyr::to_string(&case).map_err(|e| Problem::file(&path, e.to_string()))?;
    whole::write(&path, text).map_err(|e| Problem::file(&path, e.to_string()))?;
    Ok(path.display().to_string())
}

/// Reads one case, with the bodies that lie apart.
pub fn read(path: &Path) -> Result<Case, Problem> {
    let text = fs::read_to_string(path).map_err(|e| Problem::file(path, e.to_string()))?;
    let mut case: Case =
        crate::import::yaml(&text, 0).map_err(|e| e.in_file(&path.display().to_string()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let names = std::mem::take(&mut case.apart);
    if !names.request.is_empty() {
        case.request.body = body(folder, path, "apart.request", &names.request)?;
    }
    if let (false, Some(response)) = (names.response.is_empty(), &mut case.response) {
        response.body = body(folder, path, "apart.response", &names.response)?;
    }
    Ok(case)
}

/// Reads the folder's cases in their order, each with its file's name.
pub fn load(folder: &Path) -> Result<Vec<(String, Case)>, Problem> {
    numbered(folder)?
        .into_iter()
        .map(|(_, name)| Ok((name.clone(), read(&folder.join(name))?)))
        .collect()
}

/// Puts a body into its file if it belongs there, and says which.
fn apart(folder: &Path, body: &mut Body) -> Result<String, Problem> {
    if body.0.len() <= INLINE && body.as_text().is_some() {
        return Ok(String::new());
    }
    let bodies = folder.join("../bodies");
    let name = format!("{}.bin", blake3::hash(&body.0).to_hex());
    let path = bodies.join(&name);
    let bytes = std::mem::take(&mut body.0);
    // Its name is its content: what is there is the same.
    if !path.exists() {
        fs::create_dir_all(&bodies)
            .and_then(|()| whole::write(&path, bytes))
            .map_err(|e| Problem::file(&path, e.to_string()))?;
    }
    Ok(name)
}

fn body(folder: &Path, case: &Path, field: &str, name: &str) -> Result<Body, Problem> {
    let wrong =
        |message: String| Problem::at(0, field, message).in_file(&case.display().to_string());
    if name.contains(['/', '\\']) {
        return Err(wrong(format!(
            "`{name}` is a path: bodies lie in `bodies/` beside the cases"
        )));
    }
    let path = folder.join("../bodies").join(name);
    let bytes = fs::read(&path).map_err(|e| wrong(format!("{}: {e}", path.display())))?;
    let hash = blake3::hash(&bytes).to_hex();
    if name.strip_suffix(".bin") != Some(hash.as_str()) {
        return Err(wrong(format!(
            "{} has been changed: its name is no longer its hash",
            path.display()
        )));
    }
    Ok(Body(bytes))
}

fn numbered(folder: &Path) -> Result<Vec<(usize, String)>, Problem> {
    let entries = fs::read_dir(folder).map_err(|e| Problem::file(folder, e.to_string()))?;
    let mut found: Vec<_> = entries
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some((name.strip_suffix(".yaml")?.parse().ok()?, name.clone())))
        .collect();
    found.sort();
    Ok(found)
}
