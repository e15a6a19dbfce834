//! Connections of clients, until the proxy is stopped; open exchanges end first.

use std::{
    convert::Infallible,
    future::Future,
    net::TcpListener,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{net::TcpStream, sync::oneshot, time::timeout};

use super::{
    Recorder, pass,
    upstream::{PATIENCE, Stream},
};

/// How long open exchanges have to end once the proxy is stopped.
const GRACE: Duration = Duration::from_secs(10);

/// A proxy that runs on a thread of its own.
pub(crate) struct Proxy {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), String>>,
}

impl Proxy {
    /// Takes no more connections, and returns when the open exchanges are recorded.
    pub(crate) fn stop(self) -> Result<(), String> {
        drop(self.stop);
        let ended = self.thread.join();
        ended.map_err(|_| "the proxy's thread panicked".to_owned())?
    }
}

/// Starts a proxy that ends with [`Proxy::stop`].
pub(crate) fn start(listener: TcpListener, recorder: Arc<Recorder>) -> Proxy {
    let (stop, stopped) = oneshot::channel::<()>();
    let run = move || run(listener, &recorder, async { drop(stopped.await) });
    Proxy {
        stop,
        thread: thread::spawn(run),
    }
}

/// Runs a proxy until `end`.
pub(crate) fn run(
    listener: TcpListener,
    recorder: &Arc<Recorder>,
    end: impl Future<Output = ()>,
) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|e| format!("no runtime: {e}"))?;
    let ended = runtime.block_on(accept(listener, recorder, end));
    // What is still open had its time.
    runtime.shutdown_background();
    ended
}

async fn accept(
    listener: TcpListener,
    recorder: &Arc<Recorder>,
    end: impl Future<Output = ()>,
) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("the listener: {e}");
    listener.set_nonblocking(true).map_err(fail)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(fail)?;
    let connections = GracefulShutdown::new();
    let exchanges = pass::Exchanges::default();
    let mut end = std::pin::pin!(end);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        match stream {
            Ok((stream, _)) => serve(stream, recorder, &connections, &exchanges),
            // Out of files, mostly: it may pass.
            Err(e) => {
                (recorder.said)(format!("not accepted: {e}"));
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let open = async {
        connections.shutdown().await;
        exchanges.ended().await;
    };
    if timeout(GRACE, open).await.is_err() {
        (recorder.said)(format!(
            "not recorded: what was still open after {} s",
            GRACE.as_secs()
        ));
    }
    Ok(())
}

fn serve(
    stream: TcpStream,
    recorder: &Arc<Recorder>,
    connections: &GracefulShutdown,
    exchanges: &pass::Exchanges,
) {
    let _ = stream.set_nodelay(true);
    let recorder = Arc::clone(recorder);
    let (own, exchanges) = (Arc::clone(&recorder), exchanges.clone());
    let number = recorder.connection();
    let service = service_fn(move |request: Request<Incoming>| {
        let (recorder, exchanges) = (Arc::clone(&own), exchanges.clone());
        async move { Ok::<_, Infallible>(exchanges.one(recorder, number, request).await) }
    });
    let watcher = connections.watcher();
    tokio::spawn(async move {
        let stream = match met(&recorder, stream).await {
            Ok(stream) => stream,
            Err(e) => return (recorder.said)(format!("not accepted: {e}")),
        };
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .preserve_header_case(true)
            .timer(TokioTimer::new());
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        // A client that leaves ends its connection, and nothing else.
        drop(watcher.watch(connection.into_owned()).await);
    });
}

/// A client's connection, in TLS if that is what it is met with.
async fn met(recorder: &Recorder, stream: TcpStream) -> Result<Box<dyn Stream>, String> {
    let Some(door) = &recorder.door else {
        return Ok(Box::new(stream));
    };
    match timeout(PATIENCE, door.accept(stream)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(e)) => Err(format!("a client's TLS handshake: {e}")),
        Err(_) => Err("a client that began no TLS".into()),
    }
}
