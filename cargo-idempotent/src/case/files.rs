//! Cases on disk: one YAML file each, numbered in their order.

use std::{fs, path::Path};

use super::Case;
use crate::problem::Problem;

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
    let text = serde_saphyr::to_string(case).map_err(|e| Problem::file(&path, e.to_string()))?;
    fs::write(&path, text).map_err(|e| Problem::file(&path, e.to_string()))?;
    Ok(path.display().to_string())
}

/// Reads the folder's cases in their order, each with its file's name.
pub fn load(folder: &Path) -> Result<Vec<(String, Case)>, Problem> {
    let mut cases = Vec::new();
    for (_, name) in numbered(folder)? {
        let path = folder.join(&name);
        let text = fs::read_to_string(&path).map_err(|e| Problem::file(&path, e.to_string()))?;
        let case =
            crate::import::yaml(&text, 0).map_err(|e| e.in_file(&path.display().to_string()))?;
        cases.push((name, case));
    }
    Ok(cases)
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
