//! Who may look at the page, and who may act: HTTP basic authentication, with
//! passwords that last as long as the process. A service of yours has its own
//! login, and this is the place for it.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use idempotent_runtime::admin::Operator;

/// Everybody who may log in.
#[derive(Debug, Clone)]
pub struct Staff(Arc<[Person]>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name to log in with.
    pub name: &'static str,
    /// Made when the process started.
    pub password: String,
    acts: bool,
}

impl Staff {
    /// A viewer and an operator, with fresh passwords.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let person = |name, acts| {
            let mut secret = [0; 8];
            getrandom::fill(&mut secret)?;
            let password = secret.iter().fold(String::new(), |mut text, byte| {
                // Writing to a String cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            });
            Ok(Person {
                name,
                password,
                acts,
            })
        };
        Ok(Self(Arc::new([
            person("viewer", false)?,
            person("operator", true)?,
        ])))
    }

    /// All of them.
    pub fn people(&self) -> &[Person] {
        &self.0
    }

    /// The one who sees, and may do nothing.
    pub fn viewer(&self) -> &Person {
        &self.0[0]
    }

    /// The one who may act, and see stored answers.
    pub fn operator(&self) -> &Person {
        &self.0[1]
    }

    fn known(&self, request: &Request) -> Option<&Person> {
        let sent = request.headers().get(AUTHORIZATION)?;
        self.0
            .iter()
            .find(|person| *sent == *person.authorization())
    }
}

impl Person {
    /// The header with which a client logs in.
    pub fn authorization(&self) -> String {
        let word = STANDARD.encode(format!("{}:{}", self.name, self.password));
        format!("Basic {word}")
    }

    pub(super) fn may(&self) -> &'static str {
        if self.acts {
            "may act, and see stored answers"
        } else {
            "may look"
        }
    }

    fn operator(&self) -> Operator {
        let operator = Operator::named(self.name);
        if self.acts {
            return operator.may_act().may_see_answers();
        }
        operator
    }
}

/// The layer: nobody passes whom it does not know.
pub(super) async fn login(
    State(staff): State<Staff>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(person) = staff.known(&request) else {
        let challenge = [(WWW_AUTHENTICATE, "Basic realm=\"operators\"")];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    };
    let operator = person.operator();
    request.extensions_mut().insert(operator);
    next.run(request).await
}
