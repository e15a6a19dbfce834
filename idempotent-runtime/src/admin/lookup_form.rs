//! The form that finds one key: what was typed, and what is wrong with it.

use super::frame::Frame;
use crate::contract::OperationContract;

#[derive(Default)]
pub(super) struct LookupForm {
    /// Of the operations that the binary has; a layer's are typed.
    pub(super) names: Vec<&'static str>,
    pub(super) operation: String,
    pub(super) scope: String,
    pub(super) key: String,
    pub(super) wrong_operation: Option<String>,
    pub(super) wrong_scope: Option<String>,
    pub(super) wrong_key: Option<String>,
}

impl LookupForm {
    pub(super) fn empty(frame: &Frame) -> Self {
        let contract = frame.panel.idempotency().spec();
        let names: Vec<_> = contract
            .operations()
            .iter()
            .map(OperationContract::name)
            .collect();
        let operation = match names.as_slice() {
            [only] => (*only).to_owned(),
            _ => String::new(),
        };
        Self {
            names,
            operation,
            ..Self::default()
        }
    }
}
