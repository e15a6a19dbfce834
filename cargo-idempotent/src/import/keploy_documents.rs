//! A Keploy file's documents, each with the number of lines above it.

use serde_json::value::RawValue;

/// Splits a stream at its `---` lines: a broken document then costs no other.
pub(super) fn documents(text: &str) -> Vec<(usize, String)> {
    if text.trim_start().starts_with(['{', '[']) {
        return json_documents(text);
    }
    let mut found: Vec<(usize, String)> = vec![(0, String::new())];
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if line.starts_with("---") {
            found.push((index + 1, String::new()));
        } else if let Some((_, document)) = found.last_mut() {
            document.push_str(line);
        }
    }
    found.retain(|(_, d)| {
        let mut lines = d.lines().map(str::trim);
        lines.any(|l| !l.is_empty() && !l.starts_with('#') && l != "...")
    });
    found
}

/// A JSON file's documents: one, a list of them, or one after the other.
fn json_documents(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    for value in values {
        let Ok(value) = value else {
            // What is left names its own error.
            let end = found.last().map_or(0, |(_, d): &(usize, String)| d.len());
            found.push((0, text[end.min(text.len())..].trim().to_owned()));
            break;
        };
        let items = serde_json::from_str::<Vec<&RawValue>>(value.get());
        for item in items.unwrap_or_else(|_| vec![value]) {
            let offset = item.get().as_ptr().addr() - text.as_ptr().addr();
            let above = text[..offset].matches('\n').count();
            found.push((above, item.get().to_owned()));
        }
    }
    found
}
