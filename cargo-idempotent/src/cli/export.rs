//! `export`: cases in, one of the known formats out.

use std::{fs, path::Path};

use super::{
    End,
    args::{self, Target},
};
use crate::{
    Problem,
    case::{self, Case},
    export,
};

pub(super) fn run(args: &args::Export) -> Result<End, Problem> {
    let read = case::load(&args.from.join("cases"))?;
    let cases: Vec<_> = read.into_iter().map(|(_, case)| case).collect();
    match args.to {
        Target::Keploy => keploy(&cases, &args.out)?,
        Target::Har => {
            let (text, left_out) = export::har(&cases);
            for name in left_out {
                eprintln!("left out: {name}: it has no answer, or a request body that is not text");
            }
            write(&args.out, &text)?;
        }
        Target::Hurl => write(&args.out, &export::hurl(&cases))?,
        Target::Curl => write(&args.out, &export::curl(&cases))?,
        Target::Rust => {
            let (text, left_out) = export::rust(&cases);
            for why in left_out {
                eprintln!("left out: {why}");
            }
            write(&args.out, &text)?;
        }
    }
    println!("wrote {}", args.out.display());
    Ok(End::Good)
}

fn keploy(cases: &[Case], set: &Path) -> Result<(), Problem> {
    for (case, number) in cases.iter().zip(1..) {
        match export::keploy(case) {
            Ok(text) => write(&set.join(format!("tests/test-{number}.yaml")), &text)?,
            Err(message) => eprintln!("left out: {}: {message}", case.name),
        }
    }
    Ok(())
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|e| Problem::file(path, e.to_string()))
}
