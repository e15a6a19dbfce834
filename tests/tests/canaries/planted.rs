//! What is planted, and how it is recognised.

pub(crate) const KEY: &str = "canary-key-4711-long";
/// Authorization, and so the scope.
pub(crate) const ACCOUNT: &str = "canary-account";
pub(crate) const BODY: &str = "canary-body";
pub(crate) const ANSWER: &str = "canary-answer";
pub(crate) const QUERY: &str = "canary-query";
pub(crate) const PANIC: &str = "canary-panic";
/// Of the connection.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
pub(crate) const PASSWORD: &str = "canary-password";
/// What a database's own error tells.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub(crate) const SERVER: &str = "canary-server";
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
pub(crate) const STEP: &str = "canary-step";

/// The part that all have: as text, in hexadecimal, as `Debug` shows bytes, and
/// in base64.
const MARKS: [&str; 5] = [
    "canary",
    "63616e617279",
    "63616E617279",
    "99, 97, 110, 97, 114, 121",
    "Y2FuYXJ5",
];

/// The lines that show one.
pub(crate) fn leaks(text: &str) -> Vec<&str> {
    let shows = |line: &&str| MARKS.iter().any(|mark| line.contains(mark));
    text.lines().filter(shows).collect()
}

#[test]
fn a_canary_is_recognised_however_it_is_written() {
    let shown = [
        KEY.to_owned(),
        format!("{:?}", BODY.as_bytes()),
        BODY.bytes()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")),
        "Y2FuYXJ5LWJvZHk=".to_owned(),
    ];
    for text in shown {
        assert_eq!(leaks(&text), [&text]);
    }
    assert!(leaks("record=9f1c, a body of 99 bytes").is_empty());
}
