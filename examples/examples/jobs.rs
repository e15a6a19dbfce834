//! A queue's workers: `cargo run --example jobs`.
//!
//! Queues deliver at least once: an acknowledgement is lost, a worker dies, two
//! workers get one job. With the attribute on the plain function that does the
//! work, each job's effect happens once. Where an attempt died after its effect,
//! no store can know: the next attempt is told, and looks it up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use idempotent_runtime::outcome::Previous;
use idempotent_runtime::{Attempt, Idempotency, idempotent};
use serde::{Deserialize, Serialize};
use tokio::time::{sleep, timeout};

/// What the queue delivers.
#[derive(Debug, Clone)]
struct Job {
    id: String,
    invoice: u64,
    deliveries: u32,
    trouble: Trouble,
}

/// What goes wrong at a job's first delivery.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trouble {
    Nothing,
    DeliveredTwice,
    AcknowledgementLost,
    MailServerAway,
    WorkerDies,
}

/// What the work answers: stored, and given again to every redelivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Receipt {
    mail: usize,
}

#[derive(Debug, thiserror::Error)]
enum JobError {
    /// An error is not final: the redelivery runs again.
    #[error("the mail server is away")]
    MailServerAway,
    /// Among others: another worker runs this job at the moment.
    #[error(transparent)]
    NotRun(#[from] idempotent_runtime::Error),
}

struct Mailer {
    idempotency: Idempotency,
    /// The mail server's own list of what it sent, by invoice.
    outbox: Mutex<Vec<u64>>,
}

impl Mailer {
    #[idempotent(store = self.idempotency, key = job.id, fingerprint = job.invoice, name = "invoices.send")]
    async fn send(&self, job: &Job) -> Result<Receipt, JobError> {
        let died = Attempt::current().is_some_and(|attempt| {
            matches!(
                attempt.previous(),
                Previous::Interrupted | Previous::TakenOver
            )
        });
        if died && let Some(mail) = self.sent(job.invoice) {
            return Ok(Receipt { mail });
        }
        if job.trouble == Trouble::MailServerAway && job.deliveries == 1 {
            return Err(JobError::MailServerAway);
        }
        let mail = self.effect(job.invoice);
        sleep(Duration::from_millis(50)).await;
        Ok(Receipt { mail })
    }

    fn effect(&self, invoice: u64) -> usize {
        let mut outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        outbox.push(invoice);
        outbox.len()
    }

    fn sent(&self, invoice: u64) -> Option<usize> {
        let outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        outbox
            .iter()
            .position(|sent| *sent == invoice)
            .map(|at| at + 1)
    }
}

/// Delivers until a job is acknowledged.
#[derive(Default)]
struct Queue {
    waiting: Mutex<VecDeque<Job>>,
    receipts: Mutex<BTreeMap<String, Vec<Receipt>>>,
}

impl Queue {
    fn put(&self, job: Job) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(job);
    }

    fn deliver(&self) -> Option<Job> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut job = waiting.pop_front()?;
        job.deliveries += 1;
        Some(job)
    }

    fn note(&self, job: &Job, receipt: Receipt) {
        let mut receipts = self.receipts.lock().unwrap_or_else(PoisonError::into_inner);
        receipts.entry(job.id.clone()).or_default().push(receipt);
    }
}

/// Works until the queue is empty; what is not acknowledged is delivered again.
async fn work(queue: Arc<Queue>, mailer: Arc<Mailer>) {
    while let Some(job) = queue.deliver() {
        let trouble = (job.deliveries == 1).then_some(job.trouble);
        // A future that is dropped in the middle is a worker that died there.
        // (A killed process leaves its lease to run out first.)
        let life = match trouble {
            Some(Trouble::WorkerDies) => Duration::from_millis(20),
            _ => Duration::from_secs(5),
        };
        let ended = timeout(life, mailer.send(&job)).await;
        let outcome = match &ended {
            Err(_) => "the worker died".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Ok(Ok(receipt)) => format!("mail {}", receipt.mail),
        };
        println!("  {} delivery {}: {outcome}", job.id, job.deliveries);
        let acknowledged = match ended {
            Ok(Ok(receipt)) => {
                queue.note(&job, receipt);
                trouble != Some(Trouble::AcknowledgementLost)
            }
            _ => false,
        };
        if !acknowledged {
            sleep(Duration::from_millis(20)).await;
            queue.put(job);
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), tokio::task::JoinError> {
    let queue = Arc::new(Queue::default());
    let mailer = Arc::new(Mailer {
        idempotency: Idempotency::in_memory(),
        outbox: Mutex::default(),
    });
    let troubles = [
        Trouble::Nothing,
        Trouble::DeliveredTwice,
        Trouble::AcknowledgementLost,
        Trouble::MailServerAway,
        Trouble::WorkerDies,
    ];
    for (invoice, trouble) in (1001..).zip(troubles) {
        let id = format!("job-{invoice}");
        let job = Job {
            id,
            invoice,
            deliveries: 0,
            trouble,
        };
        println!("{}: {trouble:?}", job.id);
        if trouble == Trouble::DeliveredTwice {
            queue.put(job.clone());
        }
        queue.put(job);
        let workers = [0, 1].map(|_| tokio::spawn(work(Arc::clone(&queue), Arc::clone(&mailer))));
        for worker in workers {
            worker.await?;
        }
    }

    let receipts = queue
        .receipts
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    for (job, receipts) in receipts.iter() {
        assert!(
            receipts.iter().all(|receipt| *receipt == receipts[0]),
            "{job}: {receipts:?}"
        );
    }
    let outbox = mailer.outbox.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(*outbox, [1001, 1002, 1003, 1004, 1005], "each invoice once");
    println!("ok: {} jobs, {} mails", receipts.len(), outbox.len());
    Ok(())
}
