//! Named values in the text of a body or a query, replaced where they stand.
//!
//! The text is walked, not decoded: all else stays byte by byte, and a body that was
//! cut off in the middle is masked as far as it goes.

/// A value that was found.
pub(crate) struct Found<'a> {
    /// Its field's name; a list's values have the list's.
    pub name: &'a str,
    /// The names of what the field lies in, the outermost first.
    pub under: &'a [&'a str],
    /// Its text, without quotes.
    pub value: &'a str,
    pub number: bool,
}

impl Found<'_> {
    /// Whether any name that leads to the value says so: `card.number` is a card's.
    pub(crate) fn any(&self, says: impl Fn(&str) -> bool) -> bool {
        says(self.name) || self.under.iter().any(|n| says(n))
    }
}

/// Names of fields whose values open doors. Compared without case, `-` and `_`.
const FIELDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pin",
    "otp",
    "secret",
    "clientsecret",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "sessiontoken",
    "authtoken",
    "apikey",
    "privatekey",
    "authorization",
    "card",
    "cardnumber",
    "pan",
    "cvv",
    "cvc",
    "iban",
    "ssn",
];

/// Whether a field's value opens doors, by its name.
pub(crate) fn is_secret_field(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .collect::<String>()
        .to_ascii_lowercase();
    FIELDS.contains(&plain.as_str())
}

/// The text as reports show it: values of secret fields hidden.
pub(crate) fn masked(text: &str) -> String {
    json(text, &mut |found| {
        let hide = found.any(is_secret_field) && !found.value.starts_with("${secret:");
        hide.then(|| super::placeholder(&found.name.to_ascii_lowercase()))
    })
}

/// Replaces the scalar values of JSON fields, or leaves them (`None`). A replaced
/// value becomes a string.
pub(crate) fn json(text: &str, by: &mut dyn FnMut(Found<'_>) -> Option<String>) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
    // The names of the open lists and objects: a list's values go by its field's name.
    let (mut open, mut name): (Vec<&str>, &str) = (Vec::new(), "");
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let (end, closed) = string_end(bytes, at);
                let inner = &text[at + 1..end - usize::from(closed)];
                let after = bytes[end..].iter().find(|b| !b.is_ascii_whitespace());
                if after == Some(&b':') {
                    name = inner;
                } else if let Some(new) = by(Found {
                    name,
                    under: &open,
                    value: inner,
                    number: false,
                }) {
                    out.push_str(&text[copied..at]);
                    out.push_str(&serde_json::Value::from(new).to_string());
                    copied = end;
                }
                at = end;
            }
            b'{' | b'[' => {
                open.push(name);
                at += 1;
            }
            b'}' | b']' => {
                open.pop();
                name = open.last().copied().unwrap_or("");
                at += 1;
            }
            b'-' | b'0'..=b'9' => {
                let inside = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
                let length = bytes[at..].iter().take_while(|b| inside(b)).count();
                let value = &text[at..at + length];
                if let Some(new) = by(Found {
                    name,
                    under: &open,
                    value,
                    number: true,
                }) {
                    out.push_str(&text[copied..at]);
                    out.push_str(&serde_json::Value::from(new).to_string());
                    copied = at + length;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The index after a string's closing quote, and whether there is one.
fn string_end(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return (at + 1, true),
            _ => at += 1,
        }
    }
    (bytes.len(), false)
}

/// Replaces the values of a query or a form.
pub(crate) fn form(text: &str, by: &mut dyn FnMut(Found<'_>) -> Option<String>) -> String {
    let pairs = text.split('&').map(|pair| {
        let Some((name, value)) = pair.split_once('=') else {
            return pair.to_owned();
        };
        let plain = super::decode(value);
        let found = Found {
            name: &super::decode(name),
            under: &[],
            value: &plain,
            number: false,
        };
        by(found).map_or_else(|| pair.to_owned(), |new| format!("{name}={new}"))
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::{form, json, masked};

    #[test]
    fn only_the_named_values_change_and_all_else_stays_byte_by_byte() {
        let text = "{ \"user\":\"a\\\"b\",\n \"Card_Number\": 4242, \"t\":[1],\"token\" : \"x\" }";
        assert_eq!(
            masked(text),
            "{ \"user\":\"a\\\"b\",\n \"Card_Number\": \"${secret:card_number}\", \"t\":[1],\"token\" : \"${secret:token}\" }"
        );
    }

    #[test]
    fn lists_go_by_their_fields_name_and_a_cut_body_is_masked_as_far_as_it_goes() {
        assert_eq!(
            masked(r#"{"token":["a","b"],"x":{"token":"c"},"y":"d","password":"se"#),
            r#"{"token":["${secret:token}","${secret:token}"],"x":{"token":"${secret:token}"},"y":"d","password":"${secret:password}""#
        );
        assert_eq!(
            masked(r#"{"card":{"number":"4","x":[5]},"n":6,"a":"é\"#),
            r#"{"card":{"number":"${secret:number}","x":["${secret:x}"]},"n":6,"a":"é\"#
        );
        assert_eq!(json("", &mut |_| None), "");
    }

    #[test]
    fn forms_keep_their_other_pairs() {
        let by = &mut |f: super::Found<'_>| (f.name == "pin").then(|| format!("<{}>", f.value));
        assert_eq!(form("a=1&pin=1%202&flag", by), "a=1&pin=<1 2>&flag");
    }
}
