//! The plan as the command line changes it.

use super::args;
use crate::{
    Problem,
    plan::{Ledger, Plan, Probe, Sink, Span},
};

pub(super) fn change(plan: &mut Plan, args: &args::Run) -> Result<(), Problem> {
    if let Some(target) = args.target.first() {
        plan.target.clone_from(target);
    }
    plan.profile = args.profile.unwrap_or(plan.profile);
    if args.thorough {
        plan.budget.bursts = 5_000;
        plan.budget.time = Span::seconds(120);
    }
    plan.budget.bursts = args.bursts.unwrap_or(plan.budget.bursts);
    plan.budget.time = args.time.unwrap_or(plan.budget.time);
    if let Some(ledger) = &args.ledger {
        let (get, count) = ledger.split_once('#').unwrap_or((ledger, ""));
        plan.oracles.ledger = Some(Ledger {
            get: get.to_owned(),
            count: count.to_owned(),
            ..Ledger::default()
        });
    }
    if let Some(listen) = &args.sink {
        // What the plan says of it beside its address is kept.
        let sink = plan.oracles.sink.get_or_insert_with(Sink::default);
        sink.listen.clone_from(listen);
    }
    for text in &args.probe {
        probe(plan, text)?;
    }
    Ok(())
}

/// The command line's principals: `NAME=Header: value`.
pub(super) fn principals<'a>(
    args: &'a args::Run,
) -> Result<Vec<(&'a str, String, String)>, Problem> {
    let one = |text: &'a String| {
        let (name, text) = text.split_once('=').ok_or_else(|| {
            let message = format!("`{text}` names nobody: write 'bob=Authorization: Bearer …'");
            Problem::at(0, "--principal", message)
        })?;
        let (header, value) = header("--principal", text)?;
        Ok((name, header, value))
    };
    args.principal.iter().map(one).collect()
}

/// `Name: value`.
pub(super) fn header(flag: &str, text: &str) -> Result<(String, String), Problem> {
    let (name, value) = text.split_once(':').ok_or_else(|| {
        let message = format!("`{text}` has no colon: write 'Name: value'");
        Problem::at(0, flag, message)
    })?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// `PATH[#COUNT]` for those that have none, `ENDPOINT=PATH[#COUNT]` for one.
fn probe(plan: &mut Plan, text: &str) -> Result<(), Problem> {
    let named = text.split_once('=').filter(|(id, _)| !id.contains('/'));
    let (id, path) = named.map_or((None, text), |(id, path)| (Some(id), path));
    if !path.starts_with('/') {
        let message = format!("`{path}` is no path: write /payments or payments=/payments#items");
        return Err(Problem::at(0, "--probe", message));
    }
    let (get, count) = path.split_once('#').unwrap_or((path, ""));
    let probe = Probe {
        get: get.to_owned(),
        count: (!count.is_empty()).then(|| count.to_owned()),
    };
    let Some(id) = id else {
        let bare = plan.endpoints.iter_mut().filter(|e| e.probe.is_none());
        bare.for_each(|e| e.probe = Some(probe.clone()));
        return Ok(());
    };
    let endpoint = plan.endpoints.iter_mut().find(|e| e.id == id);
    let endpoint = endpoint.ok_or_else(|| {
        let message = format!("the plan has no endpoint `{id}`");
        Problem::at(0, "--probe", message)
    })?;
    endpoint.probe = Some(probe);
    Ok(())
}
