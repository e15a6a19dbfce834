//! From flags to a service, and from a listener to the end of its last attempt.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use idempotent_runtime::{DurationOutOfRange, Idempotency, IdempotencyBuilder, SweepSchedule};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::flags::{Flags, FlagsError};
use super::routes::{self, App};
use super::store;

/// For how long a stop waits for attempts that run.
const DRAIN: Duration = Duration::from_secs(5);

/// The payments service, ready to serve.
pub struct Service {
    app: App,
    /// The routes beside the readers' own: those that change something, by the
    /// mode, and what was added.
    others: Router,
}

impl Service {
    /// The service over the store that the flags choose.
    pub async fn open(flags: &Flags) -> Result<Self, StartError> {
        Self::open_tuned(flags, |builder| builder).await
    }

    /// The same with bounds that are no flags.
    pub async fn open_tuned(
        flags: &Flags,
        tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    ) -> Result<Self, StartError> {
        let tune = |mut builder: IdempotencyBuilder| {
            if let Some(lease) = flags.lease {
                builder = builder.lease(lease);
            }
            if let Some(ttl) = flags.ttl {
                builder = builder.ttl(ttl);
            }
            tune(builder)
        };
        let (app, others) = store::open(flags, tune).await?;
        if flags.store.is_swept() {
            // It ends with the service's shutdown.
            app.idempotency.spawn_sweeper(SweepSchedule::default());
        }
        Ok(Self { app, others })
    }

    /// The same with more routes.
    #[cfg(any(feature = "observed", feature = "admin"))]
    pub(crate) fn with(mut self, routes: Router) -> Self {
        self.others = self.others.merge(routes);
        self
    }

    /// What guards its operations.
    pub fn idempotency(&self) -> &Idempotency {
        &self.app.idempotency
    }

    /// Its routes.
    pub fn router(&self) -> Router {
        routes::reads(self.app.clone()).merge(self.others.clone())
    }

    /// Serves until `stop`; then refuses new attempts, and waits for those
    /// that run, their clients there or gone. How many were cut off.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> io::Result<usize> {
        let (told, hears) = oneshot::channel::<()>();
        let listener = listener.tap_io(|stream| {
            // Else small answers wait for the client's acknowledgement; a
            // stream that refuses is served all the same.
            let _ = stream.set_nodelay(true);
        });
        let server = axum::serve(listener, self.router()).with_graceful_shutdown(async {
            // Both a word and the end of who could say it mean: stop.
            let _ = hears.await;
        });
        let mut server = std::pin::pin!(server.into_future());
        tokio::select! {
            ended = &mut server => return ended.map(|()| 0),
            () = stop => {}
        }
        // The receiver is in the server, which lives.
        let _ = told.send(());
        let idempotency = &self.app.idempotency;
        let (_, left) = tokio::join!(timeout(DRAIN, server), idempotency.shutdown(DRAIN));
        Ok(left)
    }
}

/// Why the service did not start, or not end well.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The command line is wrong.
    #[error(transparent)]
    Flags(#[from] FlagsError),
    /// A lease or ttl is out of range.
    #[error(transparent)]
    Duration(#[from] DurationOutOfRange),
    /// The chosen store cannot be used.
    #[error("cannot use the store {store}: {why}")]
    Store {
        /// What `--store` said, without the URL's userinfo and parameters.
        store: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another with --listen")]
    Listen {
        /// As it was asked.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is a recorder of metrics already.
    #[cfg(feature = "observed")]
    #[error("cannot count: {0}")]
    Metrics(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Some attempts did not end in time.
    #[error("{left} attempts were cut off after {DRAIN:?}; their leases will run out")]
    CutOff {
        /// How many.
        left: usize,
    },
}

impl StartError {
    pub(super) fn listen(flags: &Flags, source: io::Error) -> Self {
        let address = flags.listen.clone();
        Self::Listen { address, source }
    }
}
