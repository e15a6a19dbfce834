//! What stands round every page: where it is mounted, who looks, and what
//! must be said whatever the page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use http::request::Parts;

use super::assets;
use super::moment::Moment;
use super::operator::Operator;
use super::panel::Panel;
use super::refusal::Refusal;
use super::shown;

pub(super) struct Frame {
    /// The path that the page is mounted at, without a slash at its end.
    pub(super) prefix: String,
    /// Which of the pages in the head it is.
    pub(super) place: &'static str,
    pub(super) operator: Option<Operator>,
    pub(super) panel: Arc<Panel>,
    pub(super) now: Moment,
}

impl FromRequestParts<Arc<Panel>> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        panel: &Arc<Panel>,
    ) -> Result<Self, Self::Rejection> {
        let Ok(OriginalUri(original)) = OriginalUri::from_request_parts(parts, panel).await;
        panel.rates.start();
        Ok(Self {
            prefix: prefix(original.path(), parts.uri.path()),
            place: place(parts.uri.path()),
            operator: parts.extensions.get::<Operator>().cloned(),
            panel: Arc::clone(panel),
            now: Moment::now(),
        })
    }
}

/// The part of the path that the outer router took away.
fn prefix(original: &str, inner: &str) -> String {
    let prefix = original.strip_suffix(inner).unwrap_or(original);
    let path = prefix.trim_matches('/');
    // Never `//host`, which would be another site.
    match path {
        "" => String::new(),
        path => format!("/{path}"),
    }
}

/// The page that a path belongs to; nothing where it is none of them.
fn place(inner: &str) -> &'static str {
    match inner.split('/').nth(1) {
        None | Some("") => "overview",
        Some("records") => "records",
        Some("findings") => "findings",
        Some("operations") => "operations",
        Some(_) => "",
    }
}

/// What the templates of all pages ask.
impl Frame {
    /// A path of the page, from the root of the site.
    pub(super) fn link(&self, path: &str) -> String {
        match (path, self.prefix.as_str()) {
            ("/", "") => "/".to_owned(),
            // `nest` answers its path without a slash.
            ("/", prefix) => prefix.to_owned(),
            (path, prefix) => format!("{prefix}{path}"),
        }
    }

    pub(super) fn style(&self) -> String {
        self.link(&assets::STYLE.path())
    }

    pub(super) fn script(&self) -> String {
        self.link(&assets::SCRIPT.path())
    }

    /// Who looks, for the page's head.
    pub(super) fn who(&self) -> String {
        match &self.operator {
            Some(operator) => shown::text(operator.name()),
            None => "no operator".to_owned(),
        }
    }

    /// What they may do.
    pub(super) fn may(&self) -> &'static str {
        if self.acts() { "may act" } else { "read-only" }
    }

    /// Whether this operator may change anything here.
    pub(super) fn acts(&self) -> bool {
        self.acting().is_ok()
    }

    /// The operator who may change something here, or why nobody may.
    pub(super) fn acting(&self) -> Result<&Operator, Refusal> {
        if !self.panel.options.actions {
            return Err(Refusal::ReadOnly);
        }
        let operator = self.operator.as_ref().ok_or(Refusal::NoOperator)?;
        if operator.acts() {
            Ok(operator)
        } else {
            Err(Refusal::NotPermitted)
        }
    }

    pub(super) fn owner(&self) -> String {
        shown::text(&self.panel.idempotency().engine.settings.owner)
    }

    /// Why nobody is asked who they are.
    pub(super) fn without_auth(&self) -> Option<String> {
        self.panel.options.without_auth.as_deref().map(shown::text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_is_what_the_outer_router_took() {
        assert_eq!(prefix("/ops/idem", "/"), "/ops/idem");
        assert_eq!(prefix("/ops/idem/", "/"), "/ops/idem");
        assert_eq!(prefix("/ops/idem/records/9f", "/records/9f"), "/ops/idem");
        assert_eq!(prefix("/records", "/records"), "");
        assert_eq!(prefix("/", "/"), "");
        assert_eq!(
            prefix("//evil.example/records", "/records"),
            "/evil.example"
        );
    }
}
