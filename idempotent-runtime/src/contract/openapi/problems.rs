//! The problems that an operation can answer with, as responses of an OpenAPI
//! document.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr};

use crate::contract::OperationContract;
use crate::policy::{FingerprintKind, OnInterrupt};

/// The name of the problem's schema in the document.
pub(super) const SCHEMA: &str = "IdempotencyProblem";
const MEDIA_TYPE: &str = "application/problem+json";

/// A status, what it stands for, its codes, and whether it says when to retry.
struct Problem {
    status: &'static str,
    meaning: &'static str,
    codes: Vec<&'static str>,
    retry_after: bool,
}

/// Adds the problems of `contract`; where the document has a response of that
/// status, only the problem's media type is added to it.
pub(super) fn add(contract: &OperationContract, operation: &mut Operation) {
    for problem in of(contract) {
        let response = operation
            .responses
            .responses
            .entry(problem.status.to_owned());
        let response = response.or_insert_with(|| RefOr::T(problem.response()));
        if let RefOr::T(response) = response {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(SCHEMA)));
            let content = RefOr::T(content.build());
            response
                .content
                .entry(MEDIA_TYPE.to_owned())
                .or_insert(content);
        }
    }
}

fn of(contract: &OperationContract) -> Vec<Problem> {
    let spec = contract.spec();
    let given = |code, given: bool| given.then_some(code);
    let missing = contract.header().is_some() && contract.is_required();
    let old = spec.max_key_age.is_some();
    let unknown = spec.on_interrupt != OnInterrupt::Rerun;
    let compared = spec.fingerprint != FingerprintKind::None;
    let problem = |status, meaning, codes: &[Option<&'static str>], retry_after| Problem {
        status,
        meaning,
        codes: codes.iter().flatten().copied().collect(),
        retry_after,
    };
    let all = [
        problem(
            "400",
            "The idempotency key is missing, malformed or too old",
            &[
                given("key-missing", missing),
                Some("key-malformed"),
                given("key-too-old", old),
            ],
            false,
        ),
        problem(
            "409",
            "The first request of this key still runs, or its answer cannot be given again",
            &[
                Some("in-flight"),
                given("outcome-unknown", unknown),
                Some("not-replayable"),
            ],
            true,
        ),
        problem(
            "422",
            "This key was used for another request",
            &[given("key-reused", compared)],
            false,
        ),
        problem(
            "429",
            "Too many live keys of this caller",
            &[Some("quota-exceeded")],
            true,
        ),
        problem(
            "503",
            "Nothing was run; try again",
            &[
                Some("store-unavailable"),
                Some("store-full"),
                Some("overloaded"),
            ],
            true,
        ),
    ];
    all.into_iter()
        .filter(|problem| !problem.codes.is_empty())
        .collect()
}

impl Problem {
    fn response(&self) -> utoipa::openapi::Response {
        let codes: Vec<String> = self.codes.iter().map(|code| format!("`{code}`")).collect();
        let description = format!("{}: {}.", self.meaning, codes.join(", "));
        let mut response = ResponseBuilder::new().description(description);
        if self.retry_after {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer);
            let header = HeaderBuilder::new()
                .schema(Some(seconds))
                .description(Some("Seconds until a retry is worth its while"));
            response = response.header("Retry-After", header.build());
        }
        response.build()
    }
}

/// RFC 9457 with our two members.
pub(super) fn schema() -> Object {
    let text = |says: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(says))
    };
    let mut schema = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "Why an idempotent request was not answered (RFC 9457)",
        ))
        .property("type", text("A URI of the kind of problem"))
        .property("title", text("The kind of problem in words"))
        .property("status", ObjectBuilder::new().schema_type(Type::Integer))
        .property("detail", text("What happened, and what to do"))
        .property(
            "code",
            text("The kind of problem for programs: `in-flight`, for example"),
        )
        .property(
            "retryable",
            ObjectBuilder::new()
                .schema_type(Type::Boolean)
                .description(Some("Whether the same request may be sent again later")),
        );
    for member in ["type", "title", "status", "detail", "code", "retryable"] {
        schema = schema.required(member);
    }
    schema.build()
}
