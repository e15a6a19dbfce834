//! The proxy between real clients and a real service, in all four pairs of protocols.

use std::{
    convert::Infallible,
    net::TcpListener,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version};
use http_body::Frame;
use http_body_util::{BodyExt as _, Either, Full, channel::Channel};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};

use super::{Masks, Recorder, start, upstream};
use crate::{
    case::{self, Case},
    net::{Protocol, Target},
};

type Out = Either<Full<Bytes>, Channel<Bytes, Infallible>>;

/// A service that says what it was asked; `/slow` sends its second half when told,
/// `/endless` never ends.
async fn service(version: Arc<Mutex<Vec<Version>>>, go: Arc<tokio::sync::Notify>) -> u16 {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (version, go) = (Arc::clone(&version), Arc::clone(&go));
            let answer = service_fn(move |request: Request<Incoming>| {
                version.lock().unwrap().push(request.version());
                answer(request, Arc::clone(&go))
            });
            let io = TokioIo::new(stream);
            tokio::spawn(async move {
                let builder = auto::Builder::new(TokioExecutor::new());
                drop(builder.serve_connection(io, answer).await);
            });
        }
    });
    port
}

async fn answer(
    request: Request<Incoming>,
    go: Arc<tokio::sync::Notify>,
) -> Result<Response<Out>, hyper::Error> {
    let path = request.uri().path().to_owned();
    if path == "/slow" {
        let (mut sender, channel) = Channel::new(1);
        tokio::spawn(async move {
            let _ = sender.send(Frame::data(Bytes::from("first "))).await;
            go.notified().await;
            let _ = sender.send(Frame::data(Bytes::from("second"))).await;
        });
        return Ok(Response::new(Either::Right(channel)));
    }
    let body = request.into_body().collect().await?.to_bytes();
    let mut response = Response::new(Either::Left(Full::from(body)));
    *response.status_mut() = StatusCode::CREATED;
    let headers = response.headers_mut();
    headers.append("set-cookie", "a=1".parse().unwrap());
    headers.append("set-cookie", "b=2".parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    Ok(response)
}

struct World {
    folder: PathBuf,
    seen: Arc<Mutex<Vec<Version>>>,
    go: Arc<tokio::sync::Notify>,
    said: Arc<Mutex<Vec<String>>>,
    proxy: super::accept::Proxy,
    target: Target,
}

async fn world(name: &str, change: impl FnOnce(&mut Recorder)) -> World {
    let (seen, go) = (Arc::default(), Arc::default());
    let port = service(Arc::clone(&seen), Arc::clone(&go)).await;
    let folder = std::env::temp_dir().join(format!("recorded-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let said = Arc::<Mutex<Vec<String>>>::default();
    let lines = Arc::clone(&said);
    let upstream = Target::resolve(&format!("http://127.0.0.1:{port}"), None).unwrap();
    let said_by = Box::new(move |line| lines.lock().unwrap().push(line));
    let mut recorder = Recorder::new(upstream, &folder, said_by).unwrap();
    change(&mut recorder);
    recorder.begin("test").unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    World {
        folder,
        seen,
        go,
        said,
        proxy: start(listener, Arc::new(recorder)),
        target: Target::resolve(&own, None).unwrap(),
    }
}

impl World {
    async fn send(&self, client: Protocol, path: &str, body: &[u8]) -> Response<Incoming> {
        let request = Request::post(match client {
            Protocol::Http1 => path.to_owned(),
            Protocol::H2 => format!("{}{path}", self.target.url),
        });
        let request = request
            .header("content-type", "application/json")
            .header("authorization", "Bearer s3cret")
            .body(Full::<Bytes>::from(body.to_vec()))
            .unwrap();
        upstream::send(&self.target, client, request).await.unwrap()
    }

    /// Stops the proxy, and reads what it wrote.
    async fn cases(self) -> (Vec<Case>, Vec<String>) {
        let proxy = self.proxy;
        tokio::task::spawn_blocking(|| proxy.stop().unwrap())
            .await
            .unwrap();
        let cases = case::load(&self.folder.join("cases")).unwrap();
        let _ = std::fs::remove_dir_all(&self.folder);
        let said = self.said.lock().unwrap().clone();
        (cases.into_iter().map(|(_, c)| c).collect(), said)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_and_services_may_speak_http_1_and_h2c_in_any_pair() {
    for (service, wanted, named) in [
        (Protocol::Http1, Version::HTTP_11, "\"HTTP/1.1\""),
        (Protocol::H2, Version::HTTP_2, "\"h2c\""),
    ] {
        for client in [Protocol::Http1, Protocol::H2] {
            let name = format!("pair-{service:?}-{client:?}");
            let world = world(&name, |r| r.protocol = service).await;
            let body = br#"{"amount": 1, "password": "pw"}"#;
            let answer = world.send(client, "/orders?token=t&q=1", body).await;
            assert_eq!(answer.status(), 201);
            assert_eq!(answer.headers().get_all("set-cookie").iter().count(), 2);
            let got = answer.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(&got[..], body, "what passes is not masked");
            assert_eq!(*world.seen.lock().unwrap(), [wanted]);
            let secrets = world.folder.join("secrets.example.env");
            let meta = world.folder.join("meta.json");
            let meta = std::fs::read_to_string(meta).unwrap();
            assert!(meta.contains(named), "{meta}");
            let mut secrets = std::fs::read_to_string(secrets);
            for _ in 0..100 {
                if secrets.is_ok() {
                    break;
                }
                // The case is written after the client has its last byte.
                tokio::time::sleep(Duration::from_millis(10)).await;
                secrets = std::fs::read_to_string(world.folder.join("secrets.example.env"));
            }
            assert_eq!(
                secrets.unwrap(),
                "IDEMPOTENT_AUTHORIZATION=\nIDEMPOTENT_PASSWORD=\nIDEMPOTENT_TOKEN=\n"
            );
            let (cases, said) = world.cases().await;
            let [case] = &cases[..] else {
                panic!("{said:?}")
            };
            assert!(
                case.request
                    .url
                    .ends_with("/orders?token=${secret:token}&q=1")
            );
            assert_eq!(
                case.request.headers.get("authorization"),
                Some("${secret:authorization}")
            );
            let masked = r#"{"amount": 1, "password": "${secret:password}"}"#;
            assert_eq!(case.request.body.as_text(), Some(masked));
            let response = case.response.as_ref().unwrap();
            assert_eq!(response.body.as_text(), Some(masked));
            assert_eq!(case.connection, Some(1));
            assert!(case.times.first_us <= case.times.last_us && case.times.first_us > Some(0));
            assert!(!format!("{case:?}").contains("s3cret"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_body_passes_whole_and_its_case_is_marked_as_truncated() {
    let world = world("long", |r| r.cap = 1_000).await;
    let body = vec![b'x'; 300_000];
    let answer = world.send(Protocol::Http1, "/upload", &body).await;
    let got = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(got.len(), body.len());
    let (cases, said) = world.cases().await;
    assert_eq!(cases[0].truncated.request, Some(300_000));
    assert_eq!(cases[0].truncated.response, Some(300_000));
    assert_eq!(cases[0].request.body.0.len(), 1_000);
    assert!(
        said[0].contains("the request truncated to 1000 of 300000 bytes"),
        "{said:?}"
    );
    let plan = crate::generate::plan(&[("c".into(), cases[0].clone())], crate::Profile::Default);
    assert!(
        plan.endpoints.is_empty(),
        "a truncated request is never sent"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_passed_on_before_it_ends_and_recorded_although_its_client_left() {
    let world = world("slow", |_| {}).await;
    let mut answer = world.send(Protocol::Http1, "/slow", b"").await;
    let first = answer.body_mut().frame().await.unwrap().unwrap();
    assert_eq!(&first.into_data().unwrap()[..], b"first ");
    drop(answer);
    world.go.notify_one();
    let (cases, said) = world.cases().await;
    let response = cases[0].response.as_ref().unwrap();
    assert_eq!(response.body.as_text(), Some("first second"), "{said:?}");
    assert_eq!(cases[0].truncated, crate::case::Truncated::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_are_not_text_or_are_long_lie_apart_once_and_come_back() {
    let world = world("apart", |r| r.masks = Masks::default()).await;
    let (binary, long) = (vec![0xff, 0xfe, 0x00], vec![b'a'; 70_000]);
    for body in [&binary, &long, &long] {
        let answer = world.send(Protocol::H2, "/files", body).await;
        answer.into_body().collect().await.unwrap();
    }
    let folder = world.folder.clone();
    let proxy_folder = folder.join("bodies");
    while case::load(&folder.join("cases")).unwrap().len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let files = std::fs::read_dir(&proxy_folder).unwrap().count();
    assert_eq!(files, 2, "equal bodies lie there once");
    let text = std::fs::read_to_string(folder.join("cases/0001.yaml")).unwrap();
    assert!(text.contains("apart:") && text.len() < 2_000, "{text}");
    let (cases, _) = world.cases().await;
    assert_eq!(cases[0].request.body.0, binary);
    assert_eq!(cases[2].response.as_ref().unwrap().body.0, long);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_not_there_costs_a_502_and_a_line() {
    let world = world("gone", |r| {
        r.upstream = Target::resolve("http://127.0.0.1:1", None).unwrap();
    })
    .await;
    let answer = world.send(Protocol::Http1, "/", b"{}").await;
    assert_eq!(answer.status(), 502);
    drop(answer);
    let (cases, said) = world.cases().await;
    assert!(cases.is_empty());
    assert!(
        said[0].starts_with("not recorded: POST /: http://127.0.0.1:1: "),
        "{said:?}"
    );
}
