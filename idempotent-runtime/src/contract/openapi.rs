//! The contract in an OpenAPI document of `utoipa`: the header with the key,
//! the problems, the header that marks a replay, and the retention.
//!
//! What the document already says stays as it is.

mod problems;

use serde_json::Value;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::{OpenApi, RefOr, Required, Response};

use super::words::Span;
use super::{Contract, OperationContract};
use crate::key::MAX_KEY_BYTES;
use crate::policy::Mode;

/// What the operation has in the document for programs.
const EXTENSION: &str = "x-idempotency";
/// The header of a replay, spelt for readers.
const REPLAYED: &str = "Idempotent-Replayed";

impl Contract {
    /// Adds each handler's promises to its operation in `document`: the one
    /// whose `operationId` is the handler's name, whole or without its modules
    /// (`#[utoipa::path]` takes the function's name). Returns the handlers that
    /// are not there, or are one of several of that name: describe those by
    /// [`OperationContract::describe`].
    ///
    /// ```standalone_crate
    /// use axum::Json;
    /// use idempotent_runtime::{Idempotency, idempotent};
    /// use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem};
    /// use utoipa::openapi::{InfoBuilder, OpenApi, PathsBuilder};
    ///
    /// #[idempotent(scope = public)]
    /// async fn pay(Json(amount): Json<u64>) -> Json<u64> {
    ///     Json(amount)
    /// }
    ///
    /// // As `#[derive(OpenApi)]` makes it of `#[utoipa::path(post, path = "/pay")]`.
    /// let pay = OperationBuilder::new().operation_id(Some("pay"));
    /// let paths = PathsBuilder::new().path("/pay", PathItem::new(HttpMethod::Post, pay));
    /// let mut document = OpenApi::new(InfoBuilder::new().title("Payments").build(), paths);
    ///
    /// let missing = Idempotency::in_memory().spec().describe(&mut document);
    /// assert!(missing.is_empty());
    /// let json = document.to_json()?;
    /// assert!(json.contains(r#""name":"Idempotency-Key","in":"header""#));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use = "a handler that is not in the document is not described"]
    pub fn describe(&self, document: &mut OpenApi) -> Vec<&'static str> {
        let handlers = self
            .operations
            .iter()
            .filter(|it| it.mode() == Mode::Handler);
        let mut missing = Vec::new();
        for contract in handlers {
            let mut found = false;
            for operation in document.paths.paths.values_mut().flat_map(operations) {
                let id = operation.operation_id.as_deref();
                if id.is_some_and(|id| self.is_meant(contract, id)) {
                    contract.describe_operation(operation);
                    found = true;
                }
            }
            if !found {
                missing.push(contract.name());
            }
        }
        add_problem(document);
        missing
    }

    /// Whether `id` means this operation, and no other.
    fn is_meant(&self, contract: &OperationContract, id: &str) -> bool {
        let short = |it: &OperationContract| it.name().rsplit("::").next() == Some(id);
        let handlers = self
            .operations
            .iter()
            .filter(|it| it.mode() == Mode::Handler);
        contract.name() == id || (short(contract) && handlers.filter(|it| short(it)).count() == 1)
    }
}

impl OperationContract {
    /// Adds this operation's promises to the operation of `document` that has
    /// this `operationId`; false where there is none.
    #[must_use = "an operation that is not in the document is not described"]
    pub fn describe(&self, document: &mut OpenApi, operation_id: &str) -> bool {
        let mut found = false;
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            if operation.operation_id.as_deref() == Some(operation_id) {
                self.describe_operation(operation);
                found = true;
            }
        }
        add_problem(document);
        found
    }

    fn describe_operation(&self, operation: &mut Operation) {
        if let Some(header) = self.header() {
            let parameters = operation.parameters.get_or_insert_default();
            if !parameters.iter().any(|it| is_header(it, header)) {
                parameters.push(RefOr::T(self.parameter(header)));
            }
        }
        // Before the problems come, which are never replays.
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response
                && self.may_be_replayed(status)
            {
                mark_replays(response);
            }
        }
        problems::add(self, operation);
        let promise = serde_json::to_value(self).unwrap_or(Value::Null);
        let extensions = operation.extensions.get_or_insert_default();
        extensions.merge(Extensions::from_iter([(EXTENSION, promise)]));
    }

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
        self.spec
            .is_final(status)
            .unwrap_or((200..400).contains(&status))
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let methods = [
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
        &mut item.get,
    ];
    methods.into_iter().flatten()
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

/// The schema that the problems refer to.
fn add_problem(document: &mut OpenApi) {
    let components = document.components.take();
    let components = components.unwrap_or_else(|| ComponentsBuilder::new().build());
    let named = components.schemas.contains_key(problems::SCHEMA);
    document.components = Some(if named {
        components
    } else {
        ComponentsBuilder::from(components)
            .schema(problems::SCHEMA, problems::schema())
            .build()
    });
}

/// `idempotency-key` as people write it: `Idempotency-Key`.
fn spelt(header: &str) -> String {
    let words = header.split('-').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}
