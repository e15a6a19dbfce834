//! Futures polled one step at a time, in an order by a seed.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use crate::random::Random;

pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Runs all of its futures to their ends. Each poll of it polls one of those that
/// asked for it; between two polls the runtime has its turn, so that spawned work
/// and timers interleave as well.
pub(super) struct Interleave<'a, T> {
    lanes: Vec<Lane<'a, T>>,
    random: Random,
}

struct Lane<'a, T> {
    future: Option<Boxed<'a, T>>,
    output: Option<T>,
    flag: Arc<Flag>,
}

/// Set when a future may go on.
struct Flag {
    ready: AtomicBool,
    parent: Mutex<Option<Waker>>,
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.ready.store(true, Ordering::Release);
        let parent = self.parent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(parent) = &*parent {
            parent.wake_by_ref();
        }
    }
}

impl<'a, T> Interleave<'a, T> {
    pub(super) fn new(futures: Vec<Boxed<'a, T>>, random: Random) -> Self {
        let lanes = futures.into_iter().map(|future| Lane {
            future: Some(future),
            output: None,
            flag: Arc::new(Flag {
                ready: AtomicBool::new(true),
                parent: Mutex::new(None),
            }),
        });
        Self {
            lanes: lanes.collect(),
            random,
        }
    }
}

// Nothing of it is pinned in place: its futures are boxed.
impl<T> Unpin for Interleave<'_, T> {}

impl<T> Future for Interleave<'_, T> {
    type Output = Vec<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<T>> {
        let this = &mut *self;
        for lane in &this.lanes {
            let mut parent = lane
                .flag
                .parent
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *parent = Some(cx.waker().clone());
        }
        let ready: Vec<_> = (0..this.lanes.len())
            .filter(|i| {
                let lane = &this.lanes[*i];
                lane.future.is_some() && lane.flag.ready.load(Ordering::Acquire)
            })
            .collect();
        if ready.is_empty() {
            if this.lanes.iter().all(|l| l.future.is_none()) {
                let outputs = this.lanes.iter_mut().filter_map(|l| l.output.take());
                return Poll::Ready(outputs.collect());
            }
            return Poll::Pending;
        }
        let chosen = this.random.below(ready.len() as u64);
        let lane = &mut this.lanes[ready[usize::try_from(chosen).unwrap_or(0)]];
        lane.flag.ready.store(false, Ordering::Release);
        let waker = Waker::from(Arc::clone(&lane.flag));
        if let Some(future) = &mut lane.future
            && let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker))
        {
            lane.output = Some(output);
            lane.future = None;
        }
        // One step a poll: the next one is chosen anew.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
