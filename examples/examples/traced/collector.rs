//! A collector in 60 lines: a server on the loopback interface that decodes
//! the protobuf messages of OTLP by HTTP, and keeps them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

type Exports = Arc<Mutex<Vec<Bytes>>>;

/// What was exported.
pub(crate) struct Collector {
    address: SocketAddr,
    exports: Exports,
}

impl Collector {
    pub(crate) async fn start() -> std::io::Result<Self> {
        let exports = Exports::default();
        let router = Router::new()
            .route("/v1/traces", post(take))
            .with_state(Arc::clone(&exports));
        let address = crate::serve(router).await?;
        Ok(Self { address, exports })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The messages, byte by byte: text in them stands there as it is.
    pub(crate) fn bytes(&self) -> Vec<Bytes> {
        let exports = self.exports.lock();
        exports.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The spans in them.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let exports = self.bytes().into_iter();
        let decoded = exports.filter_map(|bytes| ExportTraceServiceRequest::decode(bytes).ok());
        decoded
            .flat_map(|export| export.resource_spans)
            .flat_map(|resource| resource.scope_spans)
            .flat_map(|scope| scope.spans)
            .collect()
    }
}

/// Keeps an export, if it is one.
async fn take(State(exports): State<Exports>, body: Bytes) -> impl IntoResponse {
    if ExportTraceServiceRequest::decode(body.clone()).is_err() {
        return Err(StatusCode::BAD_REQUEST);
    }
    let mut exports = exports.lock().unwrap_or_else(PoisonError::into_inner);
    exports.push(body);
    let answer = ExportTraceServiceResponse::default().encode_to_vec();
    Ok(([(CONTENT_TYPE, "application/x-protobuf")], answer))
}
