//! What an attempt records before it completes its record.

use bytes::Bytes;

use super::failure::Failed;
use super::lane::{Lane, Verb};
use super::session::Session;
use super::writer::Lanes;
use crate::lease::{Fence, Token};
use crate::outcome::Ownership;
use crate::record::RecordId;
use crate::store::sql;

pub(super) struct Stepping {
    pub(super) id: RecordId,
    pub(super) token: Token,
    pub(super) fence: Fence,
    pub(super) step: Bytes,
}

impl Verb for Stepping {
    const NAME: &'static str = "step";
    type Answer = Ownership;

    fn lane(lanes: &mut Lanes) -> &mut Lane<Self> {
        &mut lanes.steps
    }

    fn weight(&self) -> usize {
        self.step.len()
    }

    /// A statement each: those that wait together still share a commit.
    async fn run(
        these: &[&Self],
        session: &mut Session<'_>,
    ) -> Result<Vec<Option<Ownership>>, Failed> {
        let mut recorded = Vec::with_capacity(these.len());
        for stepping in these {
            recorded.push(Some(stepping.settle(session).await?));
        }
        Ok(recorded)
    }

    async fn settle(&self, session: &mut Session<'_>) -> Result<Ownership, Failed> {
        let step = sqlx::query(session.shared.statements.step.clone())
            .bind(self.id.as_bytes().as_slice())
            .bind(self.token.as_bytes().as_slice())
            .bind(sql::number(self.fence))
            .bind(&self.step[..]);
        Ok(sql::ownership(session.row(step).await?.is_some()))
    }
}
