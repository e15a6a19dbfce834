//! Who looks at the page, and what they may do.

/// A person, as your authentication knows them: put one into the extensions
/// of each request that it lets through.
///
/// By itself an operator may read; nobody's name is checked here.
///
/// ```
/// use idempotent_runtime::admin::Operator;
///
/// let support = Operator::named("ada@example.com");
/// let on_call = Operator::named("bob@example.com").may_act().may_see_answers();
/// # let mut request = axum::extract::Request::new(axum::body::Body::empty());
/// request.extensions_mut().insert(on_call);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    name: String,
    acts: bool,
    sees_answers: bool,
}

impl Operator {
    /// An operator who may read. The name is shown on the page and stands in
    /// the audit events; it is part of what protects forms, so let it be
    /// one person's.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            acts: false,
            sees_answers: false,
        }
    }

    /// May end leases, forget records and dismiss findings, where the page has
    /// [`actions`](super::Unprotected::actions).
    pub fn may_act(mut self) -> Self {
        self.acts = true;
        self
    }

    /// May see the bodies and header values of stored answers.
    pub fn may_see_answers(mut self) -> Self {
        self.sees_answers = true;
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn acts(&self) -> bool {
        self.acts
    }

    pub(super) fn sees_answers(&self) -> bool {
        self.sees_answers
    }
}
