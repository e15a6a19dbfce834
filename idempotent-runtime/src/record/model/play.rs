//! Verbs in random order, played on the record and on its model.

use std::time::Duration;

use proptest::prelude::*;

use super::{Model, numbered, printed};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Ownership, Release};
use crate::record::{Record, RecordId, ScopeDigest};
use crate::scope::Scope;
use crate::store::Claim;

#[derive(Debug, Clone)]
enum Verb {
    Claim {
        token: u8,
        fingerprint: u8,
        lease: u64,
        ttl: u64,
    },
    Extend {
        token: u8,
        lease: u64,
    },
    Complete {
        token: u8,
        fence: i64,
        answer: u8,
        ttl: u64,
    },
    Step {
        token: u8,
        fence: i64,
        number: u8,
    },
    Release {
        token: u8,
        reason: Release,
    },
    Expire {
        fence: i64,
    },
    Pass {
        micros: u64,
    },
}

/// Milliseconds that matter to each other.
fn millis() -> impl Strategy<Value = u64> {
    prop::sample::select(vec![10, 20, 50, 1000])
}

fn verb() -> impl Strategy<Value = Verb> {
    let token = || 0..3_u8;
    // The present fence, mostly; or one beside it, or an earlier one.
    let fence = || prop_oneof![6 => Just(0_i64), 1 => -2..3_i64];
    let reason = prop::sample::select(vec![Release::Retry, Release::Interrupted]);
    let pause = prop_oneof![
        Just(0),
        Just(1),
        Just(9_999),
        Just(10_000),
        Just(40_001),
        0..2_000_000_u64
    ];
    prop_oneof![
        5 => (token(), 0..2_u8, millis(), millis())
            .prop_map(|(token, fingerprint, lease, ttl)| Verb::Claim { token, fingerprint, lease, ttl }),
        2 => (token(), millis()).prop_map(|(token, lease)| Verb::Extend { token, lease }),
        2 => (token(), fence(), any::<u8>(), millis())
            .prop_map(|(token, fence, answer, ttl)| Verb::Complete { token, fence, answer, ttl }),
        3 => (token(), fence(), any::<u8>())
            .prop_map(|(token, fence, number)| Verb::Step { token, fence, number }),
        2 => (token(), reason).prop_map(|(token, reason)| Verb::Release { token, reason }),
        1 => fence().prop_map(|fence| Verb::Expire { fence }),
        4 => pause.prop_map(|micros| Verb::Pass { micros }),
    ]
}

fn tokened(token: u8) -> Token {
    Token::from_bytes([token; Token::BYTES])
}

fn leased(millis: u64) -> Lease {
    Lease::new(Duration::from_millis(millis)).unwrap()
}

fn lived(millis: u64) -> Ttl {
    Ttl::new(Duration::from_millis(millis)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_record_does_what_the_model_does(verbs in prop::collection::vec(verb(), 1..60)) {
        let id = RecordId::from_bytes([1; RecordId::BYTES]);
        let scope = ScopeDigest::of(&Scope::public());
        let (mut record, mut model) = (None::<Record>, Model::default());
        let (mut now, mut highest) = (1_000_000_u64, 0);
        for verb in verbs {
            // The fence that is meant, counted from the present one.
            let meant = |by: i64| model.attempts.last().map_or(1, |last| last.fence).saturating_add_signed(by);
            match verb {
                Verb::Pass { micros } => now += micros,
                Verb::Claim { token, fingerprint, lease, ttl } => {
                    let mut claim = Claim::new(id, "test", scope, tokened(token));
                    claim.fingerprint = printed(fingerprint);
                    (claim.lease, claim.ttl) = (leased(lease), lived(ttl));
                    let expected = model.claim(token, fingerprint, lease, ttl, now);
                    let got = if let Some(record) = &mut record {
                        record.claim(&claim, now)
                    } else {
                        let (first, claimed) = Record::first(&claim, now);
                        record = Some(first);
                        ClaimOutcome::Claimed(claimed)
                    };
                    prop_assert_eq!(&got, &expected);
                    if let ClaimOutcome::Claimed(claimed) = got {
                        prop_assert!(claimed.fence.get() >= highest, "a fence fell");
                        highest = claimed.fence.get();
                    }
                }
                Verb::Extend { token, lease } => {
                    let held = model.runs(token);
                    if held {
                        model.renew(lease, now);
                    }
                    let Some(record) = &mut record else { continue };
                    let got = record.extend(&tokened(token), leased(lease), now);
                    prop_assert_eq!(got == Ownership::Held, held);
                }
                Verb::Complete { token, fence, answer, ttl } => {
                    let fence = meant(fence);
                    let answer = Answer::from_bytes(vec![2, answer]);
                    let expected = model.complete(token, fence, &answer, ttl, now);
                    let Some(record) = &mut record else { continue };
                    let got = record.complete(&tokened(token), Fence::new(fence), &answer, lived(ttl), now);
                    prop_assert_eq!(got, expected);
                }
                Verb::Step { token, fence, number } => {
                    let fence = meant(fence);
                    let expected = model.step(token, fence, number);
                    let Some(record) = &mut record else { continue };
                    let got = record.step(&tokened(token), Fence::new(fence), &numbered(number));
                    prop_assert_eq!(got, expected);
                }
                Verb::Release { token, reason } => {
                    let expected = model.release(token, reason);
                    let Some(record) = &mut record else { continue };
                    prop_assert_eq!(record.release(&tokened(token), reason), expected);
                }
                Verb::Expire { fence } => {
                    let fence = meant(fence);
                    let expected = model.expire(fence, now);
                    let Some(record) = &mut record else { continue };
                    prop_assert_eq!(record.expire(Fence::new(fence), now), expected);
                }
            }
            let view = record.as_ref().and_then(|record| record.view(id, now));
            prop_assert_eq!(view.map(|view| (view.state, view.attempts)), model.state(now));
        }
    }
}
