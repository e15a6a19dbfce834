//! Clients that never rest, each with keys of its own that it sends to both
//! instances: the load under which a database dies.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use examples::client::Request;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::answer::Answer;
use crate::chance::Chance;
use crate::client::{self, PAUSE, Sent, payment};

const CLIENTS: usize = 8;
/// One key in so many is asked for again later, under the load.
const AGAIN: u64 = 4;

/// A key's life as its client saw it.
pub(crate) struct Life {
    pub(crate) key: String,
    pub(crate) request: Request,
    pub(crate) asked: Instant,
    pub(crate) answered: Instant,
    /// Each answer that differs from those before it: one, unless the store
    /// forgot.
    pub(crate) answers: Vec<Answer>,
}

impl Life {
    pub(crate) fn take(&mut self, answer: Answer) {
        if !self.answers.contains(&answer) {
            self.answers.push(answer);
        }
    }
}

/// How often clients met what.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) answered: AtomicUsize,
    pub(crate) in_flight: AtomicUsize,
    pub(crate) unavailable: AtomicUsize,
    pub(crate) cut: AtomicUsize,
}

/// Clients at work.
pub(crate) struct Load {
    pub(crate) tally: Arc<Tally>,
    over: Arc<AtomicBool>,
    clients: JoinSet<Vec<Life>>,
}

impl Load {
    pub(crate) fn on(instances: [SocketAddr; 2], chance: &mut Chance) -> Self {
        let mut load = Self {
            tally: Arc::default(),
            over: Arc::default(),
            clients: JoinSet::new(),
        };
        for client in 0..CLIENTS {
            let worker = Worker {
                instances,
                name: format!("client-{client}"),
                chance: chance.fork(),
                tally: Arc::clone(&load.tally),
            };
            load.clients.spawn(worker.work(Arc::clone(&load.over)));
        }
        load
    }

    /// Returns when this many more requests have a final answer.
    pub(crate) async fn goes_on(&self, more: usize) {
        let (started, goal) = (Instant::now(), self.tally.answered.load(Relaxed) + more);
        while self.tally.answered.load(Relaxed) < goal {
            let waited = started.elapsed().as_secs();
            assert!(waited < 40, "clients get no answers: {:?}", self.tally);
            sleep(PAUSE).await;
        }
    }

    /// Ends it; all keys, each with a final answer.
    pub(crate) async fn end(mut self) -> Vec<Life> {
        self.over.store(true, Relaxed);
        let mut lives = Vec::new();
        while let Some(of_one) = self.clients.join_next().await {
            lives.extend(of_one.unwrap());
        }
        lives
    }
}

struct Worker {
    instances: [SocketAddr; 2],
    name: String,
    chance: Chance,
    tally: Arc<Tally>,
}

impl Worker {
    async fn work(mut self, over: Arc<AtomicBool>) -> Vec<Life> {
        let mut lives: Vec<Life> = Vec::new();
        while !over.load(Relaxed) {
            let life = self.pay(lives.len()).await;
            lives.push(life);
            if self.chance.one_in(AGAIN) {
                let earlier = usize::try_from(self.chance.below(lives.len() as u64));
                let life = &mut lives[earlier.expect("an index")];
                let to = self.instances[self.chance.side()];
                life.take(self.insist(to, &life.request).await);
            }
        }
        lives
    }

    /// A key of its own, sent to both at once.
    async fn pay(&mut self, number: usize) -> Life {
        let key = format!("{}-key-{number}", self.name);
        let card = match self.chance.side() {
            0 => "tok_ok".to_owned(),
            _ => format!("tok_slow:{}", 1 + self.chance.below(100)),
        };
        let (request, asked) = (payment(&key, &card), Instant::now());
        let [one, other] = self.instances.map(|to| self.insist(to, &request));
        let (first, second) = tokio::join!(one, other);
        let mut life = Life {
            key,
            request,
            asked,
            answered: Instant::now(),
            answers: vec![first],
        };
        life.take(second);
        life
    }

    async fn insist(&self, to: SocketAddr, request: &Request) -> Answer {
        let started = Instant::now();
        loop {
            let met = match client::send(to, request).await {
                Sent::Final { answer, .. } => {
                    self.tally.answered.fetch_add(1, Relaxed);
                    return answer;
                }
                Sent::InFlight => &self.tally.in_flight,
                Sent::Unavailable => &self.tally.unavailable,
                Sent::Cut => &self.tally.cut,
                Sent::NotConnected => panic!("the instances live: {request:?}"),
            };
            met.fetch_add(1, Relaxed);
            client::still(started, request);
            sleep(PAUSE).await;
        }
    }
}
