//! What of the traffic can be used, and what is said of the rest.

use super::{endpoint, traffic};
use crate::{
    generate::{chain, notes, plan, seen},
    plan::{Field, Profile},
};

#[test]
fn users_profile_takes_the_id_that_is_read_and_its_failed_put_is_no_endpoint() {
    let user = r#"{"username":"Sonichigo","name":"Animesh Pathak"}"#;
    let created = r#"{"status":201,"data":{"data":{"InsertedID":"667532bc09403f013688f953"}}}"#;
    let read = r#"{"status":200,"data":{"data":{"id":"667532bc09403f013688f952","username":"Sonichigo"}}}"#;
    let mut cases = traffic(
        "http://localhost:8080",
        &[
            ("POST", "/user", user, 201, created),
            ("GET", "/user/667532bc09403f013688f953", "", 200, read),
            (
                "PUT",
                "/user/667532bc09403f013688f952",
                r#"{"hobbies":[]}"#,
                400,
                r#"{"status":400}"#,
            ),
        ],
    );
    cases[0].1.noise = vec!["header.Date".into(), "body.data.InsertedID".into()];
    let plan = plan(&cases, Profile::Default);
    assert_eq!(plan.endpoints.len(), 1);
    let post = &plan.endpoints[0];
    assert_eq!(post.witness, [Field::body("data.data.InsertedID")]);
    let chain = chain::of(2, &seen(&cases), &plan.endpoints);
    assert_eq!(chain.needs[0].from, "2.yaml");
    assert_eq!(chain.needs[0].take.to_string(), "body.data.data.id");
    let notes = notes(&cases, &plan);
    assert!(
        notes
            .iter()
            .any(|n| n.contains("`body.data.InsertedID` matches nothing")),
        "{notes:?}"
    );
    let put = "PUT /user/{id}: 3.yaml was recorded as 400";
    assert!(notes.iter().any(|n| n.starts_with(put)), "{notes:?}");
}

#[test]
fn sanic_postgres_has_no_witness_and_says_what_would_tell() {
    let employee = |name: &str| {
        format!(r#"{{"first_name":"{name}","email":"{name}@example.com","salary":75000}}"#)
    };
    let (bob, eve) = (employee("bob").leak(), employee("eve").leak());
    let added = r#"{"status":"Employee added"}"#;
    let missing = r#"{"status":"Employee not found"}"#;
    let cases = traffic(
        "http://localhost:8000",
        &[
            ("POST", "/employees", bob, 201, added),
            ("POST", "/employees", eve, 201, added),
            ("PUT", "/employees/1", bob, 404, missing),
            (
                "GET",
                "/employees/2",
                "",
                200,
                r#"{"employee":{"id":2,"date_hired":"2024-11-01"}}"#,
            ),
            ("DELETE", "/employees/5", "", 404, missing),
            ("DELETE", "/employees/8", "", 404, missing),
            (
                "DELETE",
                "/employees/2",
                "",
                200,
                r#"{"status":"Employee deleted"}"#,
            ),
        ],
    );
    let plan = plan(&cases, Profile::Default);
    let post = endpoint(&plan, "employees");
    assert!(post.witness.is_empty());
    assert!(
        post.because["witness"].contains("a ledger, a sink or a probe"),
        "{:?}",
        post.because
    );
    assert_eq!(post.request.fresh, [Field::body("email")]);
    assert_eq!(
        post.because["request.fresh.body.email"],
        "differs in all 2 requests of the route"
    );
    let delete = endpoint(&plan, "delete-employees");
    assert_eq!(delete.request.case, "7.yaml", "the one that passed");
    let notes = notes(&cases, &plan);
    assert!(
        notes
            .iter()
            .any(|n| n
                .starts_with("PUT /employees/{id}: 3.yaml was recorded as 404: it needs setup")),
        "{notes:?}"
    );
}
