//! A burst that went wrong: how often it does again, and what is shown of it.

use super::{
    concurrent::{Count, Hit, Wrong, arm_turn},
    judged::Judged,
    script::burst as burst_script,
    tally::{good, statuses},
};
use crate::{
    case::Response,
    net::micros,
    run::{Bench, Proved},
    verdict::{Level, Seen},
};

/// A double run is a fact at first sight; its rate is found by repeating the arm.
pub(super) fn confirm(bench: &mut Bench<'_>, proved: &Proved, hit: &Hit, count: &Count) -> Judged {
    let (mut tried, mut again) = (0, 0);
    while tried < 5 {
        let mut more = Count::default();
        // A target that is gone, or a run that is stopped, unsees nothing.
        let Ok(next) = arm_turn(bench, proved, hit.arm, &mut more, 20) else {
            break;
        };
        tried += 1;
        again += usize::from(next.is_some());
    }
    let answers: Vec<&Response> = hit
        .burst
        .shots
        .iter()
        .filter_map(|s| s.answer.as_ref())
        .collect();
    let (copies, said) = (hit.burst.shots.len(), statuses(answers.iter().copied()));
    let unreadable = matches!(hit.what, Wrong::Results(_, false));
    let rate = format!(
        "Seen at burst {} ({}), seed {}; again in {again} of {tried} repetitions (20 bursts each).",
        hit.number, hit.arm, bench.seed
    );
    let judged = match &hit.what {
        Wrong::Effects(level, rose) => Judged::ran_twice(
            *level,
            format!(
                "One key, {rose} effects. {copies} copies of one request; the {} rose by {rose}, \
                 answers {said}.",
                level.word()
            ),
        ),
        Wrong::Results(field, true) => Judged::ran_twice(
            Level::Witness,
            format!("One key, two results: {field} differs, and both can be read; answers {said}."),
        ),
        Wrong::Results(field, false) => Judged::not_proven(format!(
            "{field} differs between two successes, but may be made for each answer; {said}."
        )),
        Wrong::Status(status) => Judged::breach(format!(
            "A copy got {status}, which no duplicate should get; answers {said}."
        )),
        Wrong::NeverReplays(status) => Judged::breach(format!(
            "After the burst a retry got {status}, not the answer; the copies got {said}."
        )),
    };
    let judged = if judged.fact || unreadable || again >= 3 {
        judged
    } else {
        Judged::not_proven(format!("Unstable, {again} of {tried}: {}", judged.sentence))
    };
    let mut judged = judged
        .because(
            "look-up and claim are two steps, or the lock is freed before the answer is stored",
            "claim by one atomic insert, and store the answer in the step that frees the claim",
        )
        .fact(rate)
        .fact(format!(
            "{} of {} bursts overlapped",
            count.overlapped, count.bursts
        ))
        .script(burst_script(bench, &hit.intent.request, copies.min(20)));
    judged.evidence.seen = Some(Seen {
        burst: hit.number,
        after_ms: micros(hit.after) / 1000,
    });
    if let Some(rose) = hit.rose {
        judged = judged.fact(format!("effects in this burst: {rose}"));
    }
    // The two answers that tell most: two successes, or a success and the odd one.
    let mut shown = answers
        .iter()
        .filter(|a| good(a))
        .chain(answers.iter().filter(|a| !good(a)));
    if let Some(a) = shown.next() {
        judged = judged.show("one copy", a);
    }
    if let Some(b) = shown.next() {
        judged = judged.show("another copy", b);
    }
    judged.evidence.burst = Some(hit.id);
    judged
}
