//! Chains: which value of which answer a later request takes.

use super::{endpoint, needs, pair, traffic};
use crate::{
    generate::{chain, plan, seen},
    plan::{Field, Profile},
};

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
