//! `demo`: record, plan, run and report against a service of this crate.

use std::collections::BTreeMap;

use super::{
    End,
    args::{self, Form},
    export::write,
    run::{How, execute},
};
use crate::{
    Problem, case, demo, generate,
    net::Target,
    plan::{Profile, Span},
    report,
    run::Options,
};

pub(super) fn run(args: &args::Demo) -> Result<End, Problem> {
    let fail = |e: String| Problem::at(0, "demo", e);
    let flaws = if args.broken { demo::TWIN } else { &[] };
    let server = demo::Server::start(flaws).map_err(fail)?;
    println!("1. a service at {} takes payments", server.url());
    let folder = args.out.join("recording/cases");
    let _ = std::fs::remove_dir_all(&folder);
    demo::record(&server.url(), &args.out.join("recording"), false).map_err(fail)?;
    let mut cases = case::load(&folder)?;
    println!(
        "2. {} requests of a client are recorded in {}, by a proxy between the two",
        cases.len(),
        folder.display()
    );
    for (file, _) in &mut cases {
        *file = format!("recording/cases/{file}");
    }
    let mut plan = demo::plan(generate::plan(&cases, Profile::Default));
    // The demo is to be short; a service's own run has the whole budget.
    plan.budget.bursts = 150;
    plan.budget.time = Span::seconds(5);
    let text = generate::merge(None, &plan)?.text;
    write(&args.out.join("plan.yaml"), &text)?;
    println!(
        "3. the plan made of them is {}; its ledger and second principal were added by hand",
        args.out.join("plan.yaml").display()
    );
    println!("4. the run:");
    let target = Target::resolve(&server.url(), None).map_err(fail)?;
    let options = Options {
        headers: vec![("Authorization".to_owned(), "Bearer alice".to_owned())],
        events: Some(args.out.join("events.jsonl")),
        stop: super::signals::stop().map_err(fail)?,
        ..Options::new(target, args.seed)
    };
    let cases: BTreeMap<_, _> = cases.into_iter().collect();
    let how = How {
        quiet: false,
        forms: &[Form::Html, Form::Junit],
        plan: "plan.yaml",
        out: &args.out,
    };
    let report = execute(&plan, &cases, &options, &how)?;
    Ok(End::Found(report::code(&report, false)))
}
