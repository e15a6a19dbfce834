//! The verbs of the store, each one script on one record (invariants 1 to 7).

use super::core::Core;
use super::failure::failure;
use super::link::Link;
use super::packed::{NOTIFY, sections};
use super::reply;
use super::script::{Call, Script};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView};
use crate::step::Step;
use crate::store::{Claim, StoreError};

/// The longest that an expired record is kept, in ms.
const LONGEST_GRACE: u64 = 60 * 60 * 1_000;

impl<L: Link> Core<L> {
    pub(super) async fn claim(&self, claim: &Claim<'_>) -> Result<ClaimOutcome, StoreError> {
        let (lease, ttl) = (claim.lease.as_millis(), claim.ttl.as_millis());
        let flags = if claim.notify { NOTIFY } else { 0 };
        let arguments: [&[u8]; 7] = [
            claim.token.as_bytes(),
            claim.fingerprint.as_bytes(),
            &[flags],
            &digits(lease),
            &digits(lease.max(ttl)),
            &digits(grace(claim.ttl)),
            &sections(claim),
        ];
        let key = self.prefix.key(&claim.id);
        match self.run(&L::scripts().claim, &key, &arguments).await {
            Ok(value) => reply::claim(value, claim),
            Err(error) => Err(failure("claim", &error)),
        }
    }

    pub(super) async fn extend(
        &self,
        leases: &[(RecordId, Token, Lease)],
    ) -> Result<Vec<Ownership>, StoreError> {
        let keys: Vec<_> = leases.iter().map(|(id, ..)| self.prefix.key(id)).collect();
        let durations: Vec<_> = leases
            .iter()
            .map(|(.., lease)| digits(lease.as_millis()))
            .collect();
        let arguments: Vec<[&[u8]; 2]> = leases
            .iter()
            .zip(&durations)
            .map(|((_, token, _), lease)| [&token.as_bytes()[..], &lease[..]])
            .collect();
        let calls: Vec<_> = keys
            .iter()
            .zip(&arguments)
            .map(|(key, arguments)| Call {
                script: &L::scripts().extend,
                key,
                arguments,
            })
            .collect();
        let replies = self.run_all(&calls).await;
        replies
            .into_iter()
            .map(|reply| match reply {
                Ok(value) => reply::ownership("extend", &value),
                Err(error) => Err(failure("extend", &error)),
            })
            .collect()
    }

    pub(super) async fn complete(
        &self,
        id: &RecordId,
        token: &Token,
        fence: Fence,
        answer: &Answer,
        ttl: Ttl,
    ) -> Result<Completion, StoreError> {
        let own = [&token.as_bytes()[..], &fence.get().to_be_bytes()].concat();
        let arguments: [&[u8]; 4] = [
            &own,
            &digits(ttl.as_millis()),
            &digits(grace(ttl)),
            answer.as_bytes(),
        ];
        let value = self
            .on_record("complete", &L::scripts().complete, id, &arguments)
            .await?;
        reply::completion(&value)
    }

    pub(super) async fn release(
        &self,
        id: &RecordId,
        token: &Token,
        reason: Release,
    ) -> Result<Ownership, StoreError> {
        let state = match reason {
            Release::Retry => b"F",
            Release::Interrupted => b"I",
        };
        let arguments: [&[u8]; 2] = [token.as_bytes(), state];
        let value = self
            .on_record("release", &L::scripts().release, id, &arguments)
            .await?;
        reply::ownership("release", &value)
    }

    pub(super) async fn step(
        &self,
        id: &RecordId,
        token: &Token,
        fence: Fence,
        step: &Step,
    ) -> Result<Ownership, StoreError> {
        let own = [&token.as_bytes()[..], &fence.get().to_be_bytes()].concat();
        let arguments: [&[u8]; 2] = [&own, step.as_bytes()];
        let value = self
            .on_record("step", &L::scripts().step, id, &arguments)
            .await?;
        reply::ownership("step", &value)
    }

    pub(super) async fn inspect(&self, id: &RecordId) -> Result<Option<RecordView>, StoreError> {
        let value = self
            .on_record("inspect", &L::scripts().inspect, id, &[])
            .await?;
        reply::view(&value, *id)
    }

    pub(super) async fn expire(&self, id: &RecordId, fence: Fence) -> Result<Operated, StoreError> {
        let value = self
            .on_record(
                "expire",
                &L::scripts().expire,
                id,
                &[&fence.get().to_be_bytes()],
            )
            .await?;
        reply::operated("expire", &value)
    }

    pub(super) async fn forget(&self, id: &RecordId, fence: Fence) -> Result<Operated, StoreError> {
        let value = self
            .on_record(
                "forget",
                &L::scripts().forget,
                id,
                &[&fence.get().to_be_bytes()],
            )
            .await?;
        reply::operated("forget", &value)
    }

    pub(super) async fn on_record(
        &self,
        verb: &'static str,
        script: &Script,
        id: &RecordId,
        arguments: &[&[u8]],
    ) -> Result<redis::Value, StoreError> {
        let reply = self.run(script, &self.prefix.key(id), arguments).await;
        reply.map_err(|error| failure(verb, &error))
    }
}

/// For how long an expired record of this ttl is kept, in ms: a tenth of it,
/// an hour at most.
fn grace(ttl: Ttl) -> u64 {
    (ttl.as_millis() / 10).min(LONGEST_GRACE)
}

/// A number as the scripts take it.
fn digits(number: u64) -> Vec<u8> {
    number.to_string().into_bytes()
}
