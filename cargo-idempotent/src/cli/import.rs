//! `import`: files in, cases out, and a line for all that was not read.

use super::{End, args};
use crate::{Problem, case, import};

pub(super) fn run(args: &args::Import) -> Result<End, Problem> {
    let read = import::paths(&args.files);
    for problem in &read.problems {
        eprintln!("not read: {problem}");
    }
    for skipped in &read.skipped {
        eprintln!("left out: {skipped}");
    }
    for note in &read.notes {
        eprintln!("note: {note}");
    }
    let folder = args.into.join("cases");
    let written = case::save(&folder, &read.cases)?;
    println!(
        "{} cases in {}, {} not read, {} left out",
        written.len(),
        folder.display(),
        read.problems.len(),
        read.skipped.len()
    );
    // What was masked has to be given again at the run.
    let mut secrets: Vec<_> = read
        .cases
        .iter()
        .flat_map(|c| case::names(&c.request))
        .collect();
    secrets.sort();
    secrets.dedup();
    for name in secrets {
        println!("needs a secret: {name} (the plan's `secrets:` says where from)");
    }
    Ok(if written.is_empty() {
        End::Usage
    } else {
        End::Good
    })
}
