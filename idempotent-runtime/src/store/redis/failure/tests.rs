use redis::{RedisError, make_extension_error};

use super::*;

fn told(error: &RedisError) -> String {
    let error = failure("claim", error);
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    format!("{error}: {source}")
}

fn server(code: &str, detail: &str) -> RedisError {
    make_extension_error(code.to_owned(), Some(detail.to_owned()))
}

#[test]
fn no_text_of_the_library_or_server_is_passed_on() {
    let secret = "redis://user:hunter2@host/";
    let errors = [
        (ErrorKind::InvalidClientConfig, "text", secret.to_owned()).into(),
        (ErrorKind::AuthenticationFailed, "text", secret.to_owned()).into(),
        (ErrorKind::Parse, "text", secret.to_owned()).into(),
        (ErrorKind::Client, "text", secret.to_owned()).into(),
        io::Error::other(secret).into(),
        server("ERR", secret),
        server("WRONGPASS", secret),
        server("NOPERM", secret),
        server(
            "NOPERM",
            "User hunter2 has no permissions to access 'hunter2 '",
        ),
        server("SOMETHING", secret),
    ];
    for error in &errors {
        assert!(!told(error).contains("hunter2"), "{}", told(error));
    }
}

#[test]
fn memory_is_told_from_failure_also_inside_a_scripts_error() {
    let older = "Error running script (call to f_1): @user_script:9: -OOM command not allowed";
    for full in [server("OOM", "command not allowed"), server("ERR", older)] {
        assert!(matches!(failure("claim", &full), StoreError::Full { .. }));
    }
}

#[test]
fn a_missing_right_is_named() {
    let text = told(&server(
        "NOPERM",
        "no permissions to run the 'evalsha' command",
    ));
    assert!(text.contains("+evalsha"), "{text}");
    let text = told(&server("NOPERM", "No permissions to access a key"));
    assert!(text.contains("~PREFIX*"), "{text}");
    for inside in [
        "The user executing the script can't run this command or subcommand script: 1, on 1.",
        "ACL failure in script: User app has no permissions to run the 'set' command script: on 1.",
    ] {
        let text = told(&server("ERR", inside));
        assert!(text.contains("+set"), "{text}");
    }
}

#[test]
fn a_refused_connection_is_told_by_its_kind() {
    let text = told(&io::Error::from(io::ErrorKind::ConnectionRefused).into());
    assert!(text.contains("connection refused"), "{text}");
}
