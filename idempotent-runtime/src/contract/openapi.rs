//! The contract in an OpenAPI document of `utoipa`: the header with the key,
//! the problems, the header that marks a replay, and the retention.
//!
//! What the document already says stays as it is.

mod additions;
mod problems;

use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::ComponentsBuilder;

use super::{Contract, OperationContract};
use crate::policy::Mode;

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
                    additions::add(contract, operation);
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
                additions::add(self, operation);
                found = true;
            }
        }
        add_problem(document);
        found
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
