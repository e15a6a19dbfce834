//! What one operation of an OpenAPI document gains.

use serde_json::Value;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Required, Response};

use super::problems;
use crate::contract::OperationContract;
use crate::contract::words::Span;
use crate::key::MAX_KEY_BYTES;

/// What the operation has in the document for programs.
const EXTENSION: &str = "x-idempotency";
/// The header of a replay, spelt for readers.
const REPLAYED: &str = "Idempotent-Replayed";

/// Adds the promises of `contract` to `operation`.
pub(super) fn add(contract: &OperationContract, operation: &mut Operation) {
    if let Some(header) = contract.header() {
        let parameters = operation.parameters.get_or_insert_default();
        if !parameters.iter().any(|it| is_header(it, header)) {
            parameters.push(RefOr::T(contract.parameter(header)));
        }
    }
    // Before the problems come, which are never replays.
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && contract.may_be_replayed(status)
        {
            mark_replays(response);
        }
    }
    problems::add(contract, operation);
    let promise = serde_json::to_value(contract).unwrap_or(Value::Null);
    let extensions = operation.extensions.get_or_insert_default();
    extensions.merge(Extensions::from_iter([(EXTENSION, promise)]));
}

impl OperationContract {
    fn parameter(&self, header: &str) -> Parameter {
        let required = self.is_required();
        let without = if required {
            "Without it the request is refused."
        } else {
            "Without it the request runs unprotected."
        };
        let description = format!(
            "One key for each intent, kept over all its retries: a quoted string (RFC 9651) or \
             a bare one, best a UUID. {without} A retry with the same key within {} gets the \
             first answer again; final answers: {}.",
            Span(self.ttl()),
            self.final_answers()
        );
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX_KEY_BYTES));
        ParameterBuilder::new()
            .name(spelt(header))
            .parameter_in(ParameterIn::Header)
            .required(if required {
                Required::True
            } else {
                Required::False
            })
            .description(Some(description))
            .schema(Some(schema))
            .build()
    }

    /// Whether a response under this key of the document can be a replay:
    /// `201`, `2XX`, but not `default`.
    fn may_be_replayed(&self, status: &str) -> bool {
        let Ok(status) = status.to_ascii_uppercase().replace('X', "0").parse() else {
            return false;
        };
        self.is_final(status)
            .unwrap_or((200..400).contains(&status))
    }
}

fn is_header(parameter: &RefOr<Parameter>, name: &str) -> bool {
    matches!(parameter, RefOr::T(parameter)
        if parameter.parameter_in == ParameterIn::Header && parameter.name.eq_ignore_ascii_case(name))
}

fn mark_replays(response: &mut Response) {
    let header = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::Boolean)))
        .description(Some(
            "`true` where this is the stored answer of an earlier call",
        ));
    let headers = &mut response.headers;
    headers
        .entry(REPLAYED.to_owned())
        .or_insert_with(|| RefOr::T(header.build()));
}

/// `idempotency-key` as people write it: `Idempotency-Key`.
fn spelt(header: &str) -> String {
    let words = header.split('-').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}
