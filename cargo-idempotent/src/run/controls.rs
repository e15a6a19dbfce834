//! Controls: what must hold before a verdict means anything.

pub(super) use super::after::after;
use super::{Bench, idle, payloads, witness};
use crate::{
    case::{Request, Response},
    plan::{Field, Profile},
    verdict::Level,
};

/// What the controls found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proved {
    /// Why nothing at all can be said, if so.
    pub nothing: Option<String>,
    /// The oracle that counts effects, if one was seen to count.
    pub effect: Option<Level>,
    /// A second fresh key with the same payload ran as well.
    pub second_key: Result2,
    /// It was taken for the first one's repetition, and did not run.
    pub swallowed: bool,
    /// Fields that differed between two runs.
    pub witness: Vec<Field>,
    /// Whether the id of a run can be read later.
    pub readable: bool,
    /// The other payload runs with a fresh key.
    pub other_payload: Result2,
}

/// Passed, or why not; at first not tried.
pub(crate) type Result2 = Option<String>;

impl Proved {
    pub(crate) fn level(&self) -> Option<Level> {
        let witness = (!self.witness.is_empty()).then_some(Level::Witness);
        self.effect.or(witness)
    }
}

pub(super) fn before(bench: &mut Bench<'_>) -> Proved {
    let mut proved = Proved::default();
    match first(bench, &mut proved) {
        Ok(()) => {}
        Err(why) => {
            bench.control("C1", false, why.clone());
            proved.nothing = Some(why);
        }
    }
    proved
}

pub(super) fn succeeded(response: &Response) -> bool {
    (200..400).contains(&response.status)
}

fn first(bench: &mut Bench<'_>, proved: &mut Proved) -> Result<(), String> {
    if bench.profile == Profile::Natural {
        // Its effect is a state, which the scenario itself reads.
        let one = bench.intent()?;
        let status = bench.send(&one.request)?.response.status;
        if !(200..400).contains(&status) {
            return Err(format!(
                "the request got {status}; give `needs` or credentials"
            ));
        }
        bench.control("C1", true, format!("the request got {status}"));
        return Ok(());
    }
    idle::choose(bench, proved);
    let one = bench.intent()?;
    let (a, rose) = counted(bench, proved, &one.request)?;
    if !succeeded(&a) {
        return Err(format!(
            "a fresh key got {}; give `needs`, credentials (--header) or a usable case",
            a.status
        ));
    }
    check_effect(bench, proved, "C1", rose);
    let two = bench.intent()?;
    let (b, rose) = counted(bench, proved, &two.request)?;
    let second = if succeeded(&b) && rose == Some(0) {
        // Not refused, but swallowed: the scenario of the other key decides.
        proved.swallowed = true;
        let text = "a second fresh key with the same payload succeeded, and nothing was counted";
        bench.control("C2", false, text);
        true
    } else if succeeded(&b) {
        check_effect(bench, proved, "C2", rose)
    } else {
        let mut text = format!(
            "a second fresh key with the same payload got {}: the service refuses by content; \
             list the unique fields in `request.fresh`",
            b.status
        );
        let likely = crate::generate::candidates(&two.request);
        if !likely.is_empty() {
            let names: Vec<_> = likely.iter().map(ToString::to_string).collect();
            text = format!("{text}; by their names: {}", names.join(", "));
        }
        bench.control("C2", false, text)
    };
    if !second {
        proved.second_key = Some("a second fresh key with the same payload did not run".into());
    }
    witness::witness(bench, proved, &one.request, &a, &b);
    payloads::other(bench, proved)?;
    payloads::without_key(bench, proved)?;
    Ok(())
}

pub(super) fn counted(
    bench: &mut Bench<'_>,
    proved: &Proved,
    request: &Request,
) -> Result<(Response, Option<i64>), String> {
    let counts = proved.effect.is_some();
    let before = if counts { bench.effects()? } else { None };
    let answer = bench.send(request)?.response;
    let after = if counts { bench.settled()? } else { None };
    Ok((answer, before.zip(after).map(|(b, a)| a - b)))
}

/// A count that does not rise by one for one run counts nothing of use.
fn check_effect(bench: &mut Bench<'_>, proved: &mut Proved, id: &str, rose: Option<i64>) -> bool {
    match (proved.effect, rose) {
        (Some(level), Some(rose)) if rose != 1 => {
            let text = format!(
                "one run with a fresh key moved the {} by {rose}, not by 1",
                level.word()
            );
            proved.effect = None;
            bench.control(id, false, text)
        }
        (Some(level), _) => {
            let text = format!("a fresh key ran, and the {} rose by 1", level.word());
            bench.control(id, true, text)
        }
        (None, _) => bench.control(id, true, "a fresh key succeeded; nothing counts effects"),
    }
}
