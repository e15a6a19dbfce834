//! What a service needs for traces of OpenTelemetry: an exporter, a layer for
//! `tracing`, and the two hooks by which a replay finds its original.

use std::error::Error;
use std::net::SocketAddr;

use idempotent_runtime::IdempotencyBuilder;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The target of this service's own spans.
pub(crate) const OWN: &str = "traced";

/// Sends spans to a collector, in batches, from a thread of its own. Shut the
/// provider down before the process ends: what waits in it would be lost.
pub(crate) fn install(collector: SocketAddr) -> Result<SdkTracerProvider, Box<dyn Error>> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("http://{collector}/v1/traces"))
        .build()?;
    let provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name("payments").build())
        .with_batch_exporter(exporter)
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("traced"));
    // A call's span is at DEBUG. The exporter's own HTTP client is left out: it
    // would export spans of its exports.
    let targets = Targets::new()
        .with_target(OWN, Level::INFO)
        .with_target("idempotent", Level::DEBUG);
    tracing_subscriber::registry()
        .with(targets)
        .with(layer)
        .try_init()?;
    Ok(provider)
}

/// Lets records keep the trace of the attempt that made them, and links a
/// replay to it.
pub(crate) fn hooks(builder: IdempotencyBuilder) -> IdempotencyBuilder {
    builder.trace_context(current).on_link(link)
}

/// The current trace as a record keeps it: trace id, span id, flags.
fn current() -> Option<[u8; 25]> {
    let context = Span::current().context();
    let span = context.span().span_context().clone();
    span.is_valid().then(|| {
        let mut bytes = [0; 25];
        bytes[..16].copy_from_slice(&span.trace_id().to_bytes());
        bytes[16..24].copy_from_slice(&span.span_id().to_bytes());
        bytes[24] = span.trace_flags().to_u8();
        bytes
    })
}

fn link(span: &Span, original: [u8; 25]) {
    let (mut trace_id, mut span_id) = ([0; 16], [0; 8]);
    trace_id.copy_from_slice(&original[..16]);
    span_id.copy_from_slice(&original[16..24]);
    span.add_link(SpanContext::new(
        TraceId::from_bytes(trace_id),
        SpanId::from_bytes(span_id),
        TraceFlags::new(original[24]),
        // Perhaps another process's.
        true,
        TraceState::default(),
    ));
}
