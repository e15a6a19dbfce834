//! Chains are wired where they are, and nowhere else.

use crate::{
    case::{Body, Case, Request, Response},
    generate::plan,
    plan::{Endpoint, Profile},
};

fn case(number: usize, method: &str, path: &str, sent: &str, got: &str) -> (String, Case) {
    let mut case = Case::new(
        "c",
        Request {
            method: method.to_owned(),
            url: format!("http://localhost:9966/petclinic/api{path}"),
            body: Body::text(sent),
            ..Request::default()
        },
    );
    case.response = Some(Response {
        status: 200,
        body: Body::text(got),
        ..Response::default()
    });
    (format!("{number}.yaml"), case)
}

fn needs(endpoint: &Endpoint) -> Vec<(String, String)> {
    let needs = endpoint.needs.iter();
    needs
        .map(|n| (n.from.clone(), n.take.to_string()))
        .collect()
}

#[test]
fn small_equal_ids_are_wired_by_the_path_before_them() {
    let cases = [
        case(1, "POST", "/vets", r#"{"name":"a"}"#, r#"{"id":1}"#),
        case(2, "POST", "/owners", r#"{"name":"b"}"#, r#"{"id":1}"#),
        case(3, "GET", "/vets", "", r#"[{"id":1}]"#),
        case(4, "PUT", "/vets/1", r#"{"name":"c"}"#, ""),
        case(5, "DELETE", "/pets/1", "", ""),
    ];
    let plan = plan(&cases, Profile::Default);
    let put = plan
        .endpoints
        .iter()
        .find(|e| e.id == "put-petclinic-vets")
        .unwrap();
    assert_eq!(needs(put), [("petclinic-vets".into(), "body.id".into())]);
    let path = put.request.path.as_deref();
    assert_eq!(path, Some("/petclinic/api/vets/${vet}"));
    let delete = plan
        .endpoints
        .iter()
        .find(|e| e.id == "delete-petclinic-pets")
        .unwrap();
    assert_eq!(needs(delete), []);
}

#[test]
fn uuids_are_wired_wherever_they_stand() {
    let id = "7f9c24e8-3b12-4c1e-9d1a-5b0f6c1d2e3f";
    let cases = [
        case(
            1,
            "POST",
            "/carts",
            "{}",
            &format!(r#"{{"cart":{{"id":"{id}"}}}}"#),
        ),
        case(
            2,
            "POST",
            "/orders",
            &format!(r#"{{"cart":"{id}"}}"#),
            r#"{"id":"x"}"#,
        ),
    ];
    let plan = plan(&cases, Profile::Default);
    assert_eq!(
        needs(&plan.endpoints[1]),
        [("petclinic-carts".into(), "body.cart.id".into())]
    );
    let set = plan.endpoints[1].request.set.values().next().unwrap();
    assert_eq!(set, "${cart}");
}
