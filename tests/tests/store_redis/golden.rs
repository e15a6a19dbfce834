//! Records of every format that was ever written are read, and what is
//! written today has the bytes of the present format.

use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Previous, Release};
use idempotent_runtime::record::{RecordId, State};
use idempotent_runtime::store::{Claim, Store};
use idempotent_runtime::{Answer, Fence, Fingerprint, RedisStore, Step, Token};
use idempotent_runtime::{Lease, Ttl};

use crate::server::{Raw, claim, prefix, shared, store};

const GOLDEN: &str =
    include_str!("../../../idempotent-runtime/src/store/redis/packed/golden-v1.txt");
const FENCE: u64 = 1_790_000_000_000_005;

fn golden(name: &str) -> Vec<u8> {
    let digits = GOLDEN
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let digits = digits.unwrap_or_else(|| panic!("no golden record {name}"));
    (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}

fn fingerprint() -> Fingerprint {
    Fingerprint::from_bytes(std::array::from_fn(|at| if at == 0 { 2 } else { 0x22 }))
}

/// A store that holds the golden record, and a claim of it for the same request.
async fn holding(name: &str) -> (RedisStore, Claim<'static>) {
    let (prefix, mut claim) = (prefix(), claim());
    claim.fingerprint = fingerprint();
    let mut raw = Raw::connect(shared()).await;
    raw.set(&format!("{prefix}{}", claim.id), &golden(name))
        .await;
    (store().await.prefix(&prefix).unwrap(), claim)
}

async fn previous(name: &str) -> Previous {
    let (store, claim) = holding(name).await;
    match store.claim(&claim).await.unwrap() {
        ClaimOutcome::Claimed(claimed) => {
            assert!(claimed.fence > Fence::new(FENCE));
            claimed.previous
        }
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn golden_records_that_are_free_or_stuck_are_claimed() {
    assert_eq!(previous("stuck").await, Previous::TakenOver);
    assert_eq!(previous("free").await, Previous::Released);
    assert_eq!(previous("interrupted").await, Previous::Interrupted);
}

#[tokio::test]
async fn a_golden_running_record_is_its_owners() {
    let (store, claim) = holding("running").await;
    match store.claim(&claim).await.unwrap() {
        ClaimOutcome::Running(running) => {
            assert_eq!(running.fingerprint, fingerprint());
            // Clamped: its lease of 30 s reads as if it ended in 2199.
            assert_eq!(running.remaining, Duration::from_secs(30));
        }
        other => panic!("{other:?}"),
    }
    let token = Token::from_bytes([0x11; 16]);
    let held = store
        .extend(&[(claim.id, token, claim.lease)])
        .await
        .unwrap();
    assert_eq!(held, [Ownership::Held]);
    let answer = Answer::from_bytes(b"\x02ok".to_vec());
    let completed = store.complete(&claim.id, &token, Fence::new(FENCE), &answer, claim.ttl);
    assert_eq!(completed.await.unwrap(), Completion::Stored);
    let view = store.inspect(&claim.id).await.unwrap().unwrap();
    assert_eq!((&*view.operation, &*view.owner), ("app::pay", "pid-7"));
}

#[tokio::test]
async fn a_golden_record_with_a_step_gives_it_to_who_takes_over() {
    let (store, claim) = holding("stepped").await;
    let ClaimOutcome::Claimed(claimed) = store.claim(&claim).await.unwrap() else {
        panic!("its lease has run out");
    };
    let charged = Step::new("charge", Answer::from_bytes(b"\x0217".to_vec()));
    assert_eq!(claimed.steps.read().unwrap(), [charged]);
    let answer = Answer::from_bytes(b"\x02ok".to_vec());
    let completed = store.complete(&claim.id, &claim.token, claimed.fence, &answer, claim.ttl);
    assert_eq!(completed.await.unwrap(), Completion::Stored);
    match store.claim(&claim).await.unwrap() {
        ClaimOutcome::Done(done) => assert_eq!(done.answer, answer),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn golden_finished_records_are_replayed() {
    for (name, bytes, state) in [
        ("done", &b"\x02{\"paid\":true}"[..], State::Done),
        ("tombstone", b"\x04\x01", State::Tombstone),
        ("later-section", b"\x03\"no\"", State::Done),
    ] {
        let (store, claim) = holding(name).await;
        match store.claim(&claim).await.unwrap() {
            ClaimOutcome::Done(done) => assert_eq!(&done.answer.as_bytes()[..], bytes),
            other => panic!("{name}: {other:?}"),
        }
        let view = store.inspect(&claim.id).await.unwrap().unwrap();
        assert_eq!(view.state, state, "{name}");
        assert_eq!(view.answer_bytes, Some(bytes.len() as u64));
    }
}

/// The bytes with what depends on the time set to nothing: fence, started,
/// `lease_until`, `expires_at`.
fn timeless(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[24..32].fill(0);
    bytes[65..89].fill(0);
    bytes
}

#[tokio::test]
async fn what_is_written_today_has_the_golden_bytes() {
    let (prefix, token) = (prefix(), Token::from_bytes([0x11; 16]));
    let store = store().await.prefix(&prefix).unwrap();
    let mut raw = Raw::connect(shared()).await;
    let claim_of = |id: RecordId| {
        let mut claim = Claim::new(id, "app::pay", claim().scope, token);
        claim.owner = "pid-7";
        claim.fingerprint = fingerprint();
        claim.lease = Lease::new(Duration::from_secs(30)).unwrap();
        claim.ttl = Ttl::new(Duration::from_hours(24)).unwrap();
        claim.trace = Some(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        claim.notify = true;
        claim
    };
    let running = claim_of(claim().id);
    let get = format!("GET {prefix}{}", running.id);
    let ClaimOutcome::Claimed(claimed) = store.claim(&running).await.unwrap() else {
        panic!("a fresh record is claimed");
    };
    let written: Vec<u8> = raw.call(&get).await;
    assert_eq!(timeless(written), timeless(golden("running")));
    let lease = [(running.id, token, running.lease)];
    store.extend(&lease).await.unwrap();
    let written: Vec<u8> = raw.call(&get).await;
    assert_eq!(timeless(written), timeless(golden("running")));
    let answer = Answer::from_bytes(b"\x02{\"paid\":true}".to_vec());
    store
        .complete(&running.id, &token, claimed.fence, &answer, running.ttl)
        .await
        .unwrap();
    let written: Vec<u8> = raw.call(&get).await;
    assert_eq!(timeless(written), timeless(golden("done")));

    let free = claim_of(claim().id);
    store.claim(&free).await.unwrap();
    for reason in [Release::Retry, Release::Interrupted] {
        store.release(&free.id, &token, reason).await.unwrap();
        store.claim(&free).await.unwrap();
    }
    store
        .release(&free.id, &token, Release::Retry)
        .await
        .unwrap();
    let written: Vec<u8> = raw.call(&format!("GET {prefix}{}", free.id)).await;
    let mut expected = timeless(golden("free"));
    // Its present attempt followed an interrupted one.
    expected[3] = 2;
    assert_eq!(timeless(written), expected);
}
