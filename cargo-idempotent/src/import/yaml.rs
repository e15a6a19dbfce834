//! YAML with errors that name line and field.

use serde::de::DeserializeOwned;

use crate::Problem;

/// Decodes one YAML document; errors name line (after `above` lines) and field.
pub(crate) fn yaml<T: DeserializeOwned>(text: &str, above: usize) -> Result<T, Problem> {
    let mut field = String::new();
    let read = serde_saphyr::with_deserializer_from_str(text, |de| {
        serde_path_to_error::deserialize(de).map_err(|e: serde_path_to_error::Error<_>| {
            field = e.path().to_string();
            e.into_inner()
        })
    });
    read.map_err(|e: serde_saphyr::Error| {
        let line = e
            .location()
            .map_or(1, |l| usize::try_from(l.line()).unwrap_or(1));
        let message = e.without_snippet().to_string();
        // Its own line counts from the document's first.
        let message = message
            .rsplit_once(" at line ")
            .map_or(&*message, |(m, _)| m);
        Problem::at(above + line, field, message)
    })
}
