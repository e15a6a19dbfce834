//! Requests as a principal sends them: its headers in the place of the recorded credential.

use super::{Bench, Intent, secrets};
use crate::{
    case::{Case, Request, placeholder, secret_names},
    plan::Plan,
};

/// What a recorded request may be let in by.
pub(crate) const CREDENTIALS: [&str; 3] = ["authorization", "cookie", "x-api-key"];

fn let_in_by_nothing(request: &mut Request) {
    for name in CREDENTIALS {
        request.headers.remove(name);
    }
}

/// The headers of a principal, with their secrets by name. One that is only a secret is
/// sent as `Authorization`.
fn headers(plan: &Plan, name: &str) -> Vec<(String, String)> {
    match plan.principals.get(name) {
        Some(principal) => {
            let headers = principal.headers.iter();
            headers.map(|(n, v)| (n.clone(), v.clone())).collect()
        }
        None => vec![("Authorization".to_owned(), format!("${{secret:{name}}}"))],
    }
}

/// The secrets that a case needs when it is sent by a principal, or as it was recorded.
pub(super) fn wanted(
    plan: &Plan,
    case: &Case,
    given: &[(String, String)],
    principal: Option<&str>,
) -> Vec<String> {
    let mut request = case.request.clone();
    // A header of the command line stands in for the recorded one.
    for (name, _) in given {
        request.headers.remove(name);
    }
    if principal.is_some() {
        let_in_by_nothing(&mut request);
    }
    let mut names = crate::case::names(&request);
    names.extend(principal.into_iter().flat_map(|p| needed(plan, p)));
    names
}

/// The secrets that a principal needs.
pub(super) fn needed(plan: &Plan, name: &str) -> Vec<String> {
    let headers = headers(plan, name);
    headers.iter().flat_map(|(_, v)| secret_names(v)).collect()
}

impl Bench<'_> {
    /// The request with a principal's headers in the place of any other credential.
    pub(super) fn sent_by(&self, principal: &str, request: &mut Request) {
        let_in_by_nothing(request);
        let bare = !self.plan.principals.contains_key(principal);
        for (name, value) in headers(self.plan, principal) {
            let value = secrets::fill(&value, self.secrets());
            // One word is a token: credentials have a scheme before it.
            let value = if bare && !value.contains(' ') {
                format!("Bearer {value}")
            } else {
                value
            };
            request.headers.set(&name, value);
        }
    }

    /// A header's value with the run's secrets by their names again.
    pub(crate) fn named(&self, value: String) -> String {
        let mut secrets: Vec<_> = self.secrets().iter().filter(|(_, v)| v.len() > 2).collect();
        secrets.sort_by_key(|(_, v)| std::cmp::Reverse(v.len()));
        secrets.into_iter().fold(value, |text, (name, secret)| {
            text.replace(secret.as_str(), &placeholder(name))
        })
    }

    /// Whether the plan gives a second credential.
    pub(crate) fn has_other(&self) -> bool {
        let other = &self.endpoint.other;
        other.principal.is_some() || !other.headers.is_empty()
    }

    /// The same request as the other principal sends it.
    pub(crate) fn by_other(&self, request: &Request) -> Request {
        let mut request = request.clone();
        let other = &self.endpoint.other;
        if let Some(principal) = &other.principal {
            self.sent_by(principal, &mut request);
        }
        for (name, value) in &other.headers {
            request
                .headers
                .set(name, secrets::fill(value, self.secrets()));
        }
        request
    }

    /// An intention of the other principal's own, what it needs included.
    pub(crate) fn other_intent(&mut self) -> Result<Intent, String> {
        let other = &self.endpoint.other;
        let mut intent = self.intent_by(other.principal.as_deref())?;
        intent.request = self.by_other(&intent.request);
        Ok(intent)
    }
}
