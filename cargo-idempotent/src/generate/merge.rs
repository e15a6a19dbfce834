//! Merging: what is in the plan stays as it is, byte by byte; new endpoints are
//! appended.

use std::fmt::Write as _;

use serde::Serialize;

use crate::{
    Problem,
    plan::{Endpoint, Plan},
};

pub(crate) struct Merged {
    pub text: String,
    /// The ids of the endpoints that were added.
    pub added: Vec<String>,
}

const HEAD: &str = "\
# What `cargo idempotent run` sends. Edit freely: `gen` appends new endpoints and
# changes nothing that is here. `because` says why each field is what it is.
";

/// The plan's new text. Endpoints are told by their case's method and route, so
/// that a renamed one is not added again: the caller has made `fresh` of all cases.
pub(crate) fn merge(old: Option<&str>, fresh: &Plan) -> Result<Merged, Problem> {
    let Some(old) = old else {
        return Ok(Merged {
            text: format!("{HEAD}{}", yaml(fresh)?),
            added: fresh.endpoints.iter().map(|e| e.id.clone()).collect(),
        });
    };
    let before = Plan::parse(old)?;
    let known = |e: &&Endpoint| {
        let same = |b: &Endpoint| b.id == e.id || b.request.case == e.request.case;
        !before.endpoints.iter().any(same)
    };
    let new: Vec<_> = fresh.endpoints.iter().filter(known).cloned().collect();
    let mut text = old.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if !new.is_empty() {
        if before.endpoints.is_empty() {
            text = text.replace("endpoints: []\n", "endpoints:\n");
        }
        let _ = write!(text, "{}", yaml(&new)?);
        // The list has to be the file's last field, at no indent.
        let after = Plan::parse(&text).map_err(|_| {
            let message = "new endpoints can only be appended if `endpoints:` is the plan's last \
                           field and its items are not indented";
            Problem::at(0, "endpoints", message)
        })?;
        debug_assert_eq!(after.endpoints.len(), before.endpoints.len() + new.len());
    }
    Ok(Merged {
        text,
        added: new.into_iter().map(|e| e.id).collect(),
    })
}

fn yaml(part: &impl Serialize) -> Result<String, Problem> {
    serde_saphyr::to_string(part).map_err(|e| Problem::at(0, "", e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::merge;
    use crate::{
        case::{Case, Request},
        generate::plan,
        plan::{Plan, Profile},
    };

    fn case(file: &str, method: &str, url: &str) -> (String, Case) {
        let request = Request {
            method: method.to_owned(),
            url: url.to_owned(),
            ..Request::default()
        };
        (file.to_owned(), Case::new(file, request))
    }

    #[test]
    fn an_edited_plan_keeps_every_byte_and_gains_the_new_endpoint() {
        let mut cases = vec![case("1.yaml", "POST", "http://127.0.0.1:1/orders")];
        let first = merge(None, &plan(&cases, Profile::Default)).unwrap();
        let edited = first.text.replace("id: orders", "id: mine # renamed");
        cases.push(case("2.yaml", "DELETE", "http://127.0.0.1:1/orders/1"));
        let second = merge(Some(&edited), &plan(&cases, Profile::Default)).unwrap();
        assert!(second.text.starts_with(&edited), "{}", second.text);
        assert_eq!(second.added, ["delete-orders"]);
        let ids: Vec<_> = Plan::parse(&second.text).unwrap().endpoints;
        let ids: Vec<_> = ids.into_iter().map(|e| e.id).collect();
        assert_eq!(ids, ["mine", "delete-orders"]);
        let third = merge(Some(&second.text), &plan(&cases, Profile::Default)).unwrap();
        assert_eq!(third.text, second.text);
    }
}
