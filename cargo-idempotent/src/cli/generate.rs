//! `gen`: cases in, a plan out, with what was added on the terminal.

use std::path::Path;

use super::{End, args, export::write};
use crate::{Problem, case, generate, plan::Profile};

pub(super) fn run(args: &args::Gen) -> Result<End, Problem> {
    let folder = args.from.join("cases");
    let mut cases = case::load(&folder)?;
    if cases.is_empty() {
        let message = "no case lies here: `import` or `record` some first";
        return Err(Problem::file(&folder, message));
    }
    // Paths in a plan count from the plan's own folder.
    let prefix = relative(&folder, args.plan.parent().unwrap_or(Path::new("")));
    for (file, _) in &mut cases {
        *file = format!("{prefix}/{file}");
    }
    let fresh = generate::plan(&cases, args.profile.unwrap_or(Profile::Default));
    let old = match std::fs::read_to_string(&args.plan) {
        Ok(text) => Some(text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(e) => return Err(Problem::file(&args.plan, e.to_string())),
    };
    let merged = generate::merge(old.as_deref(), &fresh)
        .map_err(|p| p.in_file(&args.plan.display().to_string()))?;
    write(&args.plan, &merged.text)?;
    for endpoint in &fresh.endpoints {
        if !merged.added.contains(&endpoint.id) {
            continue;
        }
        println!("{}", endpoint.id);
        for (field, why) in &endpoint.because {
            println!("  {field}: {why}");
        }
    }
    for note in generate::notes(&cases, &fresh) {
        println!("note: {note}");
    }
    println!(
        "{} endpoints added to {}; the rest of it is as it was",
        merged.added.len(),
        args.plan.display()
    );
    if fresh.oracles.ledger.is_none() && old.is_none() {
        println!(
            "no effect ledger: give `oracles: {{ ledger: {{ get: /path, count: field }} }}`, else \
             answers alone have to tell whether something ran twice"
        );
    }
    Ok(End::Good)
}

/// A folder as seen from another; absolute where there is no common way.
fn relative(folder: &Path, from: &Path) -> String {
    if from.as_os_str().is_empty() {
        return folder.display().to_string();
    }
    match folder.strip_prefix(from) {
        Ok(below) => below.display().to_string(),
        Err(_) => std::path::absolute(folder)
            .unwrap_or(folder.to_owned())
            .display()
            .to_string(),
    }
}
