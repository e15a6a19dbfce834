//! GraphQL requests: which operation is sent, by the document's own words.

use crate::case::Request;

/// The operation that a request asks for: its kind, and its name if it has one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Operation {
    /// `query`, `mutation` or `subscription`.
    pub kind: String,
    pub name: Option<String>,
}

/// Whether a request looks like GraphQL: by its path, or by its type.
pub(super) fn is(request: &Request, last_segment: &str) -> bool {
    let kind = request.headers.get("content-type").unwrap_or_default();
    last_segment == "graphql" || kind.starts_with("application/graphql")
}

/// The operation; of a batch the first that changes something. `None` where the
/// document is not in the request, as with persisted queries.
pub(super) fn operation(request: &Request) -> Option<Operation> {
    let Some(json) = request.body.as_json() else {
        // `application/graphql`: the body is the document.
        return in_document(request.body.as_text()?, None);
    };
    if let Some(batch) = json.as_array() {
        let mut all: Vec<_> = batch
            .iter()
            .filter_map(|one| in_document(one["query"].as_str()?, one["operationName"].as_str()))
            .collect();
        all.sort_by_key(|o| o.kind != "mutation");
        return all.into_iter().next();
    }
    in_document(json["query"].as_str()?, json["operationName"].as_str())
}

/// The named operation of a document, or its first; fragments are passed over.
fn in_document(document: &str, wanted: Option<&str>) -> Option<Operation> {
    let words = words(document);
    let (mut depth, mut found) = (0, Vec::new());
    for (at, word) in words.iter().enumerate() {
        match *word {
            "{" => {
                let begins = at == 0 || matches!(words[at - 1], "}");
                if depth == 0 && begins {
                    let kind = "query".to_owned();
                    found.push(Operation { kind, name: None });
                }
                depth += 1;
            }
            "}" => depth -= 1,
            "query" | "mutation" | "subscription" if depth == 0 => {
                let next = words
                    .get(at + 1)
                    .filter(|w| !matches!(**w, "{" | "(" | "@"));
                found.push(Operation {
                    kind: (*word).to_owned(),
                    name: next.map(|n| (*n).to_owned()),
                });
            }
            _ => {}
        }
    }
    let position = found
        .iter()
        .position(|o| wanted.is_some() && o.name.as_deref() == wanted);
    (!found.is_empty()).then(|| found.swap_remove(position.unwrap_or(0)))
}

/// Names and marks, without comments, strings and what is between parentheses.
fn words(document: &str) -> Vec<&str> {
    let (mut words, mut rest, mut inside) = (Vec::new(), document, 0);
    while let Some(c) = rest.chars().next() {
        let name = |c: char| c.is_alphanumeric() || c == '_';
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' if rest.starts_with("\"\"\"") => {
                rest[3..].find("\"\"\"").map_or(rest.len(), |e| e + 6)
            }
            '"' => string(rest),
            c if name(c) => rest.find(|c| !name(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        match c {
            '(' => inside += 1,
            ')' => inside -= 1,
            _ => {}
        }
        let kept = name(c) || matches!(c, '{' | '}' | '@') || c == '(' && inside == 1;
        if kept && (inside == 0 || c == '(') {
            words.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    words
}

fn string(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::in_document;

    fn kind(document: &str, wanted: Option<&str>) -> (String, Option<String>) {
        let found = in_document(document, wanted).unwrap();
        (found.kind, found.name)
    }

    #[test]
    fn the_operation_is_found_behind_comments_fragments_and_other_operations() {
        let named = |n: &str| Some(n.to_owned());
        assert_eq!(kind("{ orders { id } }", None), ("query".into(), None));
        assert_eq!(
            kind(
                "# mutation\nfragment F on Order { id }\nmutation Pay($a: In = {x: \"}\"}) { pay(a: $a) { ...F } }",
                None
            ),
            ("mutation".into(), named("Pay"))
        );
        let two = "query A { mutation } mutation B @live { b }";
        assert_eq!(kind(two, None), ("query".into(), named("A")));
        assert_eq!(kind(two, Some("B")), ("mutation".into(), named("B")));
        assert!(in_document("", None).is_none());
    }
}
