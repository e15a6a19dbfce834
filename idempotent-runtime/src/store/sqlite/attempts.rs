//! What an attempt does with its record: it extends its lease, completes it,
//! or gives it back.

use std::collections::HashSet;

use bytes::Bytes;

use super::failure::Failed;
use super::lane::{Lane, Verb};
use super::session::{Query, Session, json};
use super::writer::Lanes;
use crate::lease::{Fence, Lease, Token};
use crate::outcome::{Completion, Ownership, Release, Winner};
use crate::record::RecordId;
use crate::store::sql::{self, Columns, micros, release_code};

/// Whose record it is: its id and the attempt's token.
pub(super) type Pair = [u8; RecordId::BYTES + Token::BYTES];

pub(super) fn pair(id: &RecordId, token: &Token) -> Pair {
    let mut pair = [0; RecordId::BYTES + Token::BYTES];
    pair[..RecordId::BYTES].copy_from_slice(id.as_bytes());
    pair[RecordId::BYTES..].copy_from_slice(token.as_bytes());
    pair
}

/// Runs a statement that returns the id and token of each record it changed.
async fn changed(query: Query<'_>, session: &mut Session<'_>) -> Result<HashSet<Vec<u8>>, Failed> {
    let mut changed = HashSet::new();
    for row in session.rows(query).await? {
        let (id, token) = (row.bytes(0)?, row.bytes(1)?);
        changed.insert([id.unwrap_or_default(), token.unwrap_or_default()].concat());
    }
    Ok(changed)
}

/// A batch of leases.
pub(super) struct Extending {
    pub(super) leases: Vec<(RecordId, Token, Lease)>,
}

impl Verb for Extending {
    const NAME: &'static str = "extend";
    type Answer = Vec<Ownership>;

    fn lane(lanes: &mut Lanes) -> &mut Lane<Self> {
        &mut lanes.extensions
    }

    async fn run(
        these: &[&Self],
        session: &mut Session<'_>,
    ) -> Result<Vec<Option<Vec<Ownership>>>, Failed> {
        let leases = || these.iter().flat_map(|extending| &extending.leases);
        let pairs: Vec<_> = leases().map(|(id, token, _)| pair(id, token)).collect();
        let durations: Vec<_> = leases()
            .map(|(.., lease)| micros(lease.duration()))
            .collect();
        let extend = sqlx::query(session.shared.statements.extend.clone())
            .bind(pairs.concat())
            .bind(json(&durations)?);
        let held = changed(extend, session).await?;
        let owned = |extending: &&Self| {
            let held = extending
                .leases
                .iter()
                .map(|(id, token, _)| sql::ownership(held.contains(&pair(id, token)[..])));
            Some(held.collect())
        };
        Ok(these.iter().map(owned).collect())
    }

    async fn settle(&self, session: &mut Session<'_>) -> Result<Vec<Ownership>, Failed> {
        let answer = Self::run(&[self], session).await?.pop().flatten();
        Ok(answer.unwrap_or_default())
    }
}

pub(super) struct Completing {
    pub(super) id: RecordId,
    pub(super) token: Token,
    pub(super) fence: Fence,
    pub(super) answer: Bytes,
    pub(super) ttl: i64,
    pub(super) grace: i64,
}

impl Verb for Completing {
    const NAME: &'static str = "complete";
    type Answer = Completion;

    fn lane(lanes: &mut Lanes) -> &mut Lane<Self> {
        &mut lanes.completions
    }

    fn weight(&self) -> usize {
        self.answer.len()
    }

    async fn run(
        these: &[&Self],
        session: &mut Session<'_>,
    ) -> Result<Vec<Option<Completion>>, Failed> {
        let pairs: Vec<_> = these.iter().map(|one| pair(&one.id, &one.token)).collect();
        let mut answers = Vec::new();
        let mut values = Vec::new();
        for Self {
            fence,
            answer,
            ttl,
            grace,
            ..
        } in these
        {
            // SQLite counts a value's bytes from 1.
            let place = (answers.len() + 1, answer.len());
            answers.extend_from_slice(answer);
            values.push((sql::number(*fence), ttl, grace, place.0, place.1));
        }
        let complete = sqlx::query(session.shared.statements.complete.clone())
            .bind(pairs.concat())
            .bind(json(&values)?)
            .bind(answers);
        let mut stored = changed(complete, session).await?;
        // Copies of one completion: the first is stored, the others look.
        let completion = |pair: &Pair| stored.remove(&pair[..]).then_some(Completion::Stored);
        Ok(pairs.iter().map(completion).collect())
    }

    /// It changed nothing: the record is done by this attempt already, or it
    /// is not this attempt's.
    async fn settle(&self, session: &mut Session<'_>) -> Result<Completion, Failed> {
        let winner = sqlx::query(session.shared.statements.winner.clone())
            .bind(self.id.as_bytes().as_slice())
            .bind(self.token.as_bytes().as_slice())
            .bind(sql::number(self.fence));
        match session.row(winner).await? {
            Some(row) => Ok(sql::completion(&row)?),
            None => Ok(Completion::Lost(Winner::None)),
        }
    }
}

pub(super) struct Releasing {
    pub(super) id: RecordId,
    pub(super) token: Token,
    pub(super) reason: Release,
}

impl Verb for Releasing {
    const NAME: &'static str = "release";
    type Answer = Ownership;

    fn lane(lanes: &mut Lanes) -> &mut Lane<Self> {
        &mut lanes.releases
    }

    async fn run(
        these: &[&Self],
        session: &mut Session<'_>,
    ) -> Result<Vec<Option<Ownership>>, Failed> {
        let pairs: Vec<_> = these.iter().map(|one| pair(&one.id, &one.token)).collect();
        let states: Vec<_> = these.iter().map(|one| release_code(one.reason)).collect();
        let release = sqlx::query(session.shared.statements.release.clone())
            .bind(pairs.concat())
            .bind(json(&states)?);
        let held = changed(release, session).await?;
        let owned = |pair: &Pair| Some(sql::ownership(held.contains(&pair[..])));
        Ok(pairs.iter().map(owned).collect())
    }

    async fn settle(&self, session: &mut Session<'_>) -> Result<Ownership, Failed> {
        let answer = Self::run(&[self], session).await?.pop().flatten();
        Ok(answer.unwrap_or(Ownership::Lost))
    }
}
