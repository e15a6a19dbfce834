//! Rows of a records' table as copies of another one, whatever its columns.

/// The names of the columns, and what to select for each from the row `r` for
/// its copy number `n`: another `id`, and moments that differ.
pub fn columns(names: &[String], quote: char, id: &str) -> (String, String) {
    let quoted = |name: &String| format!("{quote}{name}{quote}");
    // The id first, to sort by it: an index in order fills faster.
    let (ids, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| *name == "id");
    assert_eq!(ids.len(), 1, "a column `id`");
    let values = others.iter().map(|name| match name.as_str() {
        "fence" | "keep_until" => format!("r.{} + n", quoted(name)),
        _ => format!("r.{}", quoted(name)),
    });
    let names: Vec<_> = ids.iter().chain(&others).map(|name| quoted(name)).collect();
    let values: Vec<_> = [id.to_owned()].into_iter().chain(values).collect();
    (names.join(", "), values.join(", "))
}
