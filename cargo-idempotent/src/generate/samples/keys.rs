//! Fields that must be unique, and keys, by how they repeat.

use super::{endpoint, traffic};
use crate::{
    generate::plan,
    plan::{Field, Profile},
};

#[test]
fn a_refusal_proves_a_field_unique_and_a_mutation_is_an_endpoint_of_its_own() {
    let ann = r#"{"username":"ann","note":"a b"}"#;
    let pay = r#"{"query":"mutation Pay { pay { id } }"}"#;
    let cancel = r#"{"query":"mutation Cancel { cancel { id } }"}"#;
    let cases = traffic(
        "http://localhost:1",
        &[
            ("POST", "/users", ann, 201, r#"{"id":1}"#),
            (
                "POST",
                "/users",
                r#"{"username":"ann","note":"c d"}"#,
                409,
                "{}",
            ),
            (
                "POST",
                "/graphql",
                r#"{"query":"{ users { id } }"}"#,
                200,
                "{}",
            ),
            (
                "POST",
                "/graphql",
                pay,
                200,
                r#"{"data":{"pay":{"id":"1"}}}"#,
            ),
            (
                "POST",
                "/graphql",
                cancel,
                200,
                r#"{"data":{"cancel":{"id":"1"}}}"#,
            ),
        ],
    );
    let plan = plan(&cases, Profile::Default);
    let users = endpoint(&plan, "users");
    assert_eq!(users.request.fresh, [Field::body("username")]);
    let why = &users.because["request.fresh.body.username"];
    assert_eq!(why, "2.yaml had the same value as 1.yaml and got 409");
    let pay = endpoint(&plan, "graphql-Pay");
    assert_eq!(
        pay.because["changes_state"],
        "POST of a GraphQL mutation `Pay`"
    );
    assert_eq!(endpoint(&plan, "graphql-Cancel").request.case, "5.yaml");
    assert_eq!(plan.endpoints.len(), 3);
}

#[test]
fn a_key_of_another_name_is_known_by_its_repetition_and_maybes_are_said() {
    let mut cases = traffic(
        "http://localhost:1",
        &[
            ("POST", "/orders", r#"{"n":1}"#, 201, r#"{"id":1}"#),
            ("POST", "/orders", r#"{"n":1}"#, 201, r#"{"id":1}"#),
            ("POST", "/orders", r#"{"n":2}"#, 201, r#"{"id":2}"#),
            ("POST", "/rates", r#"{"of":"x"}"#, 200, r#"{"rate":1}"#),
            ("POST", "/rates", r#"{"of":"x"}"#, 200, r#"{"rate":1}"#),
        ],
    );
    for (index, (op, trace)) in [("a", "1"), ("a", "1"), ("b", "3")].into_iter().enumerate() {
        cases[index].1.request.headers.set("X-Operation", op);
        cases[index]
            .1
            .request
            .headers
            .set("X-Client", trace.replace(['1', '3'], "web"));
    }
    let plan = plan(&cases, Profile::Default);
    let key = endpoint(&plan, "orders").key.as_ref().unwrap();
    assert_eq!(key.header.as_deref(), Some("X-Operation"));
    let rates = endpoint(&plan, "rates");
    assert!(
        rates.because["changes_state"].contains("maybe not"),
        "{:?}",
        rates.because
    );
    assert_eq!(
        rates.key.as_ref().unwrap().header.as_deref(),
        Some("Idempotency-Key")
    );
}
