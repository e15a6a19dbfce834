//! The operator's verbs and the sweep: rare, and one statement each.

use super::failure::Failed;
use super::lane::{Lane, Verb};
use super::session::{Query, Session};
use super::writer::Lanes;
use crate::lease::Fence;
use crate::outcome::Operated;
use crate::record::RecordId;
use crate::store::sql;

/// One batch of a sweep.
pub(super) struct Sweeping {
    pub(super) batch: u32,
}

pub(super) struct Expiring {
    pub(super) id: RecordId,
    pub(super) fence: Fence,
}

pub(super) struct Forgetting {
    pub(super) id: RecordId,
    pub(super) fence: Fence,
}

fn of_fence<'q>(statement: &sqlx::SqlStr, id: &'q RecordId, fence: Fence) -> Query<'q> {
    sqlx::query(statement.clone())
        .bind(id.as_bytes().as_slice())
        .bind(sql::number(fence))
}

/// Verbs that share commits, and no statement.
macro_rules! one_by_one {
    ($verb:ident, $name:literal, $lane:ident, $answer:ty) => {
        impl Verb for $verb {
            const NAME: &'static str = $name;
            type Answer = $answer;

            fn lane(lanes: &mut Lanes) -> &mut Lane<Self> {
                &mut lanes.$lane
            }

            async fn run(
                these: &[&Self],
                session: &mut Session<'_>,
            ) -> Result<Vec<Option<$answer>>, Failed> {
                let mut answers = Vec::new();
                for one in these {
                    answers.push(Some(one.settle(session).await?));
                }
                Ok(answers)
            }

            async fn settle(&self, session: &mut Session<'_>) -> Result<$answer, Failed> {
                self.execute(session).await
            }
        }
    };
}
one_by_one!(Sweeping, "sweep", sweeps, u64);
one_by_one!(Expiring, "expire", expirations, Operated);
one_by_one!(Forgetting, "forget", forgets, Option<Operated>);

impl Sweeping {
    async fn execute(&self, session: &mut Session<'_>) -> Result<u64, Failed> {
        let sweep = sqlx::query(session.shared.statements.sweep.clone()).bind(self.batch);
        session.changed(sweep).await
    }
}

impl Expiring {
    async fn execute(&self, session: &mut Session<'_>) -> Result<Operated, Failed> {
        let expire = of_fence(&session.shared.statements.expire, &self.id, self.fence);
        Ok(sql::operated(session.changed(expire).await? == 1))
    }
}

impl Forgetting {
    /// What came of it; `None` if the clock has not passed the fence yet.
    async fn execute(&self, session: &mut Session<'_>) -> Result<Option<Operated>, Failed> {
        let statements = &session.shared.statements;
        let query = |statement| of_fence(statement, &self.id, self.fence);
        if session.changed(query(&statements.forget)).await? == 1 {
            return Ok(Some(Operated::Applied));
        }
        let is_there = session.row(query(&statements.forgettable)).await?.is_some();
        Ok((!is_there).then_some(Operated::Refused))
    }
}
