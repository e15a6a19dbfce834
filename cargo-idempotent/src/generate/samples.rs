//! Four public sample services' traffic, rebuilt in small, and what was found by hand to
//! be right of it.

use crate::{
    case::{Body, Case, Headers, Request, Response},
    generate::{chain, notes, plan, seen},
    plan::{Endpoint, Field, Plan, Profile},
};

/// Method, path, payload, status, answer; a Location stands before the answer, `|` between.
type Exchange = (&'static str, &'static str, &'static str, u16, &'static str);

fn traffic(base: &str, exchanges: &[Exchange]) -> Vec<(String, Case)> {
    let cases = exchanges.iter().zip(1..);
    let case = |((method, path, sent, status, got), number): (&Exchange, usize)| {
        let mut case = Case::new(
            format!("test-{number}"),
            Request {
                method: (*method).to_owned(),
                url: format!("{base}{path}"),
                body: Body::text(*sent),
                ..Request::default()
            },
        );
        let (location, body) = got.split_once('|').unwrap_or(("", got));
        let mut headers = Headers::default();
        if !location.is_empty() {
            headers.set("Location", location);
        }
        case.response = Some(Response {
            status: *status,
            headers,
            body: Body::text(body),
        });
        (format!("{number}.yaml"), case)
    };
    cases.map(case).collect()
}

fn endpoint<'a>(plan: &'a Plan, id: &str) -> &'a Endpoint {
    let found = plan.endpoints.iter().find(|e| e.id == id);
    let ids: Vec<_> = plan.endpoints.iter().map(|e| &e.id).collect();
    found.unwrap_or_else(|| panic!("no `{id}` among {ids:?}"))
}

fn needs(endpoint: &Endpoint) -> Vec<(String, String)> {
    let needs = endpoint.needs.iter();
    needs
        .map(|n| (n.from.clone(), n.take.to_string()))
        .collect()
}

fn pair(from: &str, take: &str) -> (String, String) {
    (from.to_owned(), take.to_owned())
}

#[test]
fn flask_postgresql_chains_a_created_user_and_one_of_a_list() {
    let left_over = r#"{"name":"harshjoshi1"}"#;
    let cases = traffic(
        "http://localhost:5000",
        &[
            (
                "GET",
                "/",
                r#"{"name":"harshjoshi"}"#,
                200,
                r#"{"message":"Welcome to the User Management API!"}"#,
            ),
            (
                "POST",
                "/users",
                r#"{"name":"harshjoshi"}"#,
                201,
                r#"{"id": 5, "message": "User harshjoshi added."}"#,
            ),
            (
                "PUT",
                "/users/5",
                left_over,
                200,
                r#"{"message":"User 5 updated."}"#,
            ),
            (
                "DELETE",
                "/users/5",
                left_over,
                200,
                r#"{"message":"User 5 deleted."}"#,
            ),
            (
                "GET",
                "/users",
                left_over,
                200,
                r#"[{"id": 4, "name": "harsh"}]"#,
            ),
            (
                "DELETE",
                "/users/4",
                left_over,
                200,
                r#"{"message":"User 4 deleted."}"#,
            ),
            (
                "GET",
                "/users/",
                left_over,
                404,
                "<title>404 Not Found</title>",
            ),
        ],
    );
    let plan = plan(&cases, Profile::Default);
    for id in ["put-users", "delete-users"] {
        let endpoint = endpoint(&plan, id);
        assert_eq!(needs(endpoint), [pair("users", "body.id")]);
        assert_eq!(endpoint.request.path.as_deref(), Some("/users/${user}"));
        assert!(endpoint.because["needs.user"].contains("2.yaml"));
    }
    assert_eq!(endpoint(&plan, "users").witness, [Field::body("id")]);
    // The other user that is deleted comes from the list.
    let chain = chain::of(5, &seen(&cases), &plan.endpoints);
    assert_eq!(chain.needs[0].from, "5.yaml");
    assert_eq!(chain.needs[0].take.to_string(), "body.0.id");
}

#[test]
fn spring_petclinic_is_not_wired_across_by_ids_that_are_all_one() {
    let owner = r#"{"id":null,"firstName":"firstname","telephone":"123456"}"#;
    let vet = r#"{"id":null,"firstName":"firstname","specialties":[]}"#;
    let cases = traffic(
        "http://localhost:9966/petclinic/api",
        &[
            ("OPTIONS", "/owners", "", 200, ""),
            (
                "POST",
                "/owners",
                owner,
                201,
                r#"/api/owners/1|{"firstName":"firstname","id":1,"pets":[]}"#,
            ),
            ("GET", "/specialties", "", 404, ""),
            (
                "POST",
                "/vets",
                vet,
                201,
                r#"/api/vets/1|{"firstName":"firstname","specialties":[],"id":1}"#,
            ),
            (
                "POST",
                "/pettypes",
                r#"{"id":null,"name":"newone"}"#,
                201,
                r#"/api/pettypes/1|{"name":"newone","id":1}"#,
            ),
            (
                "POST",
                "/specialties",
                r#"{"name":"newone"}"#,
                201,
                r#"/api/specialties/1|{"id":1,"name":"newone"}"#,
            ),
            ("OPTIONS", "/vets/1", "", 200, ""),
            ("DELETE", "/vets/1", "", 204, ""),
            ("DELETE", "/pettypes/1", "", 204, ""),
        ],
    );
    let plan = plan(&cases, Profile::Default);
    let ids: Vec<_> = plan.endpoints.iter().map(|e| e.id.as_str()).collect();
    let posts = [
        "petclinic-owners",
        "petclinic-vets",
        "petclinic-pettypes",
        "petclinic-specialties",
    ];
    assert_eq!(ids[..4], posts);
    assert_eq!(ids.len(), 6, "OPTIONS is none: {ids:?}");
    assert_eq!(
        needs(endpoint(&plan, "delete-petclinic-vets")),
        [pair("petclinic-vets", "body.id")]
    );
    assert_eq!(
        needs(endpoint(&plan, "delete-petclinic-pettypes")),
        [pair("petclinic-pettypes", "body.id")]
    );
    assert!(plan.endpoints[..4].iter().all(|e| e.needs.is_empty()));
}

#[test]
fn a_location_without_the_context_path_is_known_by_its_end() {
    let cases = traffic(
        "http://localhost:9966/petclinic/api",
        &[
            ("POST", "/vets/import", "{}", 201, "/api/vets/1|"),
            ("POST", "/owners/import", "{}", 201, "/api/owners/1|"),
            ("DELETE", "/vets/1", "", 204, ""),
        ],
    );
    let plan = plan(&cases, Profile::Default);
    let delete = endpoint(&plan, "delete-petclinic-vets");
    assert_eq!(
        needs(delete),
        [pair("petclinic-vets-import", "header.Location")]
    );
}

#[test]
fn names_in_paths_are_values_only_if_messages_have_them_too() {
    let user = |name: &str| format!(r#"{{"name":"{name}"}}"#).leak() as &str;
    let cases = traffic(
        "http://localhost:1",
        &[
            ("PUT", "/users/ann", user("ann"), 200, "{}"),
            ("PUT", "/users/bob", user("bob"), 200, "{}"),
            ("PUT", "/users/eve", user("eve"), 200, "{}"),
            ("POST", "/shop/orders", "{}", 201, r#"{"id":1}"#),
            ("POST", "/shop/carts", "{}", 201, r#"{"id":1}"#),
            ("POST", "/shop/notes", "{}", 201, r#"{"id":1}"#),
        ],
    );
    let plan = plan(&cases, Profile::Default);
    let ids: Vec<_> = plan.endpoints.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(
        ids,
        ["put-users", "shop-orders", "shop-carts", "shop-notes"]
    );
}

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
