//! Ours with each part of its telemetry by itself: a recorder, detectors, a
//! subscriber.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use idempotent_runtime::Idempotency;
use idempotent_runtime::http::ObserveLayer;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tower::ServiceExt;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

use super::{Jobs, Subject, bare, ours};

/// A subject, and what looks at it while it is measured.
pub struct Watched {
    pub subject: Subject,
    level: LevelFilter,
}

impl Watched {
    fn new(name: &'static str, router: Router) -> Self {
        Self {
            subject: Subject::new(name, router),
            level: LevelFilter::OFF,
        }
    }

    fn at(self, level: LevelFilter) -> Self {
        Self { level, ..self }
    }

    /// The subscriber of this subject, until the guard is dropped.
    pub fn watch(&self) -> Watch {
        Watch::at(self.level)
    }
}

/// A registry that formats and sends nothing: what a span costs at the least.
pub struct Watch(Option<DefaultGuard>);

impl Watch {
    /// A subscriber for this level and what is more severe; `OFF` is none.
    pub fn at(level: LevelFilter) -> Self {
        Self((level != LevelFilter::OFF).then(|| {
            let registry = tracing_subscriber::registry().with(level);
            tracing::subscriber::set_default(registry)
        }))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.0.take().is_some() {
            // Else the next subject, which has no subscriber, would still ask
            // for one at each span.
            tracing::callsite::rebuild_interest_cache();
        }
    }
}

/// What is measured, and the recorder of those that have one.
pub struct Subjects {
    /// The bare handler first, and then ours with nothing on.
    pub routers: Vec<Watched>,
    /// Function mode: without a recorder, and with one.
    pub jobs: [Jobs; 2],
    pub recorder: PrometheusHandle,
}

/// Makes them. A handle belongs to the recorder that is there at a call, the
/// first of its operation: who is to have none is called before it is installed.
pub async fn watched() -> Subjects {
    let slots = Idempotency::DETECTOR_SLOTS;
    let plain = || ours::builder().build().expect("is in range");
    let detecting = || {
        let builder = ours::builder().detector_slots(slots);
        builder.build().expect("is in range")
    };
    let layer = |idempotency: &Idempotency| {
        ObserveLayer::new(idempotency).principal(|_| Some("alice".to_owned()))
    };
    let (observing, observed) = (detecting(), detecting());
    let mut routers = vec![
        Watched::new("bare handler", bare().router),
        Watched::new("ours, nothing on", ours::router(plain())),
        // The same once more: what is no more than this is noise.
        Watched::new("ours, the same again", ours::router(plain())),
        Watched::new("ours, a subscriber at INFO", ours::router(plain())).at(LevelFilter::INFO),
        Watched::new("ours, spans at DEBUG", ours::router(plain())).at(LevelFilter::DEBUG),
        Watched::new("ours, detectors", ours::router(detecting())),
        Watched::new(
            "ours, detectors and ObserveLayer",
            ours::router(observing.clone()).layer(layer(&observing)),
        ),
        Watched::new(
            "bare handler in an ObserveLayer",
            Router::new()
                .route("/pay", post(crate::handler::pay))
                .layer(layer(&observed)),
        ),
    ];
    let jobs = [Jobs::with(plain()), Jobs::with(plain())];
    for watched in &routers {
        first(&watched.subject).await;
    }
    first_job(&jobs[0]).await;

    let recorder = install();
    let all = detecting();
    let recorded = [
        Watched::new("ours, a recorder", ours::router(plain())),
        Watched::new(
            "ours, all of it",
            ours::router(all.clone()).layer(layer(&all)),
        )
        .at(LevelFilter::DEBUG),
    ];
    for watched in &recorded {
        first(&watched.subject).await;
    }
    first_job(&jobs[1]).await;
    let page = recorder.render();
    assert!(
        page.contains(r#"::pay",outcome="executed"} 2"#),
        "the recorder has the calls of two of them: {page}"
    );
    routers.extend(recorded);
    Subjects {
        routers,
        jobs,
        recorder,
    }
}

fn install() -> PrometheusHandle {
    let mut builder = PrometheusBuilder::new();
    for (name, bounds) in idempotent_runtime::metrics::buckets() {
        let name = Matcher::Full(name.to_owned());
        builder = builder
            .set_buckets_for_metric(name, bounds)
            .expect("has bounds");
    }
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).expect("is the first");
    handle
}

async fn first(subject: &Subject) {
    let request: Request<Body> = subject.requests.with_key(u64::MAX >> 16);
    let answer = subject.router.clone().oneshot(request).await;
    assert_eq!(answer.expect("infallible").status(), StatusCode::OK);
}

async fn first_job(jobs: &Jobs) {
    let paid = super::job(jobs, u64::MAX, crate::handler::new_payment()).await;
    paid.expect("it pays");
}
