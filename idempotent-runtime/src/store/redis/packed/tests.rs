use super::*;
use crate::answer::Answer;
use crate::record::{RecordId, ScopeDigest};
use crate::scope::Scope;
use crate::step::{Step, Steps};

const FAR: StoreTime = 7_258_118_400_000_000;
const STARTED: StoreTime = 1_790_000_000_000_000;

/// The golden record of that name.
fn golden(name: &str) -> Vec<u8> {
    let line = include_str!("golden-v1.txt")
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let digits = line.unwrap_or_else(|| panic!("no golden record {name}"));
    (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}

fn expected(state: State, previous: Previous, attempts: u32) -> Packed<'static> {
    Packed {
        state,
        previous,
        attempts,
        token: Token::from_bytes([0x11; 16]),
        fence: Fence::new(STARTED + 5),
        fingerprint: Fingerprint::from_bytes(std::array::from_fn(
            |at| {
                if at == 0 { 2 } else { 0x22 }
            },
        )),
        started: STARTED,
        lease_until: STARTED + 30_000_000,
        expires_at: FAR,
        lease: Duration::from_secs(30),
        operation: "app::pay",
        owner: "pid-7",
        trace: Some(std::array::from_fn(|at| u8::try_from(at).unwrap())),
        answer_at: 101 + 5 + 8 + 5 + 5 + 5 + 25,
    }
}

#[test]
fn golden_records_of_each_state_are_read() {
    let retry = State::Free(Release::Retry);
    let interrupted = State::Free(Release::Interrupted);
    let mut running = expected(State::Running, Previous::None, 1);
    running.lease_until = FAR - 1_000_000;
    let each = [
        ("running", running),
        ("stuck", expected(State::Running, Previous::TakenOver, 2)),
        ("free", expected(retry, Previous::Released, 3)),
        (
            "interrupted",
            expected(interrupted, Previous::Interrupted, 4),
        ),
        ("done", expected(State::Done, Previous::None, 1)),
        ("tombstone", expected(State::Done, Previous::None, 1)),
    ];
    for (name, expected) in each {
        assert_eq!(Packed::read(&golden(name)).unwrap(), expected, "{name}");
    }
    let done = golden("done");
    assert_eq!(&done[154..], b"\x02{\"paid\":true}");
}

#[test]
fn a_golden_record_without_sections_is_read() {
    let bare = golden("bare");
    let read = Packed::read(&bare).unwrap();
    assert_eq!((read.operation, read.owner, read.trace), ("", "", None));
    assert_eq!(read.answer_at, bare.len());
    let expired = Previous::Expired {
        same_fingerprint: true,
        ago: Duration::ZERO,
    };
    assert_eq!(read.previous, expired);
}

#[test]
fn the_steps_of_a_record_that_is_not_done_follow_its_sections() {
    let stepped = golden("stepped");
    let read = Packed::read(&stepped).unwrap();
    assert_eq!(read, expected(State::Running, Previous::Interrupted, 2));
    let steps = Steps::from_bytes(stepped[read.answer_at..].to_vec());
    let charged = Step::new("charge", Answer::from_bytes(&b"\x0217"[..]));
    assert_eq!(steps.read().unwrap(), [charged]);
}

#[test]
fn sections_of_later_versions_are_skipped() {
    let later = golden("later-section");
    let read = Packed::read(&later).unwrap();
    assert_eq!(read.operation, "app::pay");
    assert_eq!(&later[read.answer_at..], b"\x03\"no\"");
}

#[test]
fn the_sections_of_a_claim_are_golden() {
    let id = RecordId::from_bytes([0; 32]);
    let token = Token::from_bytes([0x11; 16]);
    let mut claim = Claim::new(id, "app::pay", ScopeDigest::of(&Scope::public()), token);
    claim.owner = "pid-7";
    claim.trace = Some(std::array::from_fn(|at| u8::try_from(at).unwrap()));
    assert_eq!(sections(&claim), golden("running")[97..]);
    let mut claim = Claim::new(id, "", claim.scope, token);
    claim.owner = "";
    assert_eq!(sections(&claim), golden("bare")[97..]);
}

#[test]
fn what_is_cut_short_or_of_another_format_is_refused() {
    let done = golden("done");
    for end in 0..154 {
        assert!(Packed::read(&done[..end]).is_err(), "cut at {end}");
    }
    for (at, byte) in [(0, 2), (1, b'X'), (3, 6)] {
        let mut wrong = done.clone();
        wrong[at] = byte;
        assert!(Packed::read(&wrong).is_err(), "byte {at}");
    }
}
