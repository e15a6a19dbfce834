//! Every knob is read into its type; every mistake is found, and does not hide
//! the ones after it.

use super::*;

fn read(text: &str) -> Result<Args, Vec<String>> {
    let mut errors = Errors::new();
    let args = Args::parse(text.parse().expect("tokens"), &mut errors);
    let mut messages = Vec::new();
    if let Err(tokens) = errors.finish() {
        let file: syn::File = syn::parse2(tokens).expect("compile errors");
        for item in file.items {
            let syn::Item::Macro(item) = item else {
                panic!("not a compile_error")
            };
            messages.push(
                item.mac
                    .parse_body::<syn::LitStr>()
                    .expect("a message")
                    .value(),
            );
        }
    }
    if messages.is_empty() {
        Ok(args)
    } else {
        Err(messages)
    }
}

fn refused(text: &str) -> Vec<String> {
    match read(text) {
        Ok(_) => panic!("{text} was accepted"),
        Err(messages) => messages,
    }
}

#[test]
fn every_knob_is_read() {
    let args = read(
        r#"header = "X-Key", required = false, key = f::<A, B>(x), scope = (a.id, b),
           fingerprint = none, ttl = "1h", lease = "10s", on_conflict = wait("5s"),
           on_interrupt = reject, persist = crate::decide, max_key_age = "1d",
           store = &app.store, state = App<Pg>, name = "pay", crate = my::runtime,"#,
    )
    .unwrap_or_else(|messages| panic!("{messages:?}"));
    assert_eq!(args.header.as_deref(), Some("x-key"));
    assert_eq!(args.required, Some(false));
    assert!(matches!(args.key, Some(Expr::Call(_))));
    assert!(matches!(args.scope, Some(Scope::Of(Expr::Tuple(_)))));
    assert!(matches!(args.fingerprint, Some(Fingerprint::None)));
    assert_eq!(
        (args.ttl, args.lease, args.max_key_age),
        (Some(3_600_000), Some(10_000), Some(86_400_000))
    );
    assert_eq!(args.on_conflict, Some(OnConflict::Wait(5_000)));
    assert!(matches!(args.on_interrupt, Some(OnInterrupt::Reject)));
    assert!(matches!(args.persist, Some(Persist::By(_))));
    assert!(args.store.is_some() && args.state.is_some());
    assert_eq!(args.name.as_deref(), Some("pay"));
    assert_eq!(args.runtime().to_string(), "my :: runtime");
}

#[test]
fn the_words_of_a_knob_are_read() {
    assert!(matches!(
        read("scope = public").map(|a| a.scope),
        Ok(Some(Scope::Public))
    ));
    assert!(matches!(
        read("scope = (public)").map(|a| a.scope),
        Ok(Some(Scope::Of(_)))
    ));
    assert!(matches!(
        read("persist = all").map(|a| a.persist),
        Ok(Some(Persist::All))
    ));
    assert!(matches!(
        read("persist = default").map(|a| a.persist),
        Ok(Some(Persist::Default))
    ));
    assert!(matches!(
        read("persist = success").map(|a| a.persist),
        Ok(Some(Persist::Success))
    ));
    assert_eq!(
        read("on_conflict = reject").map(|a| a.on_conflict),
        Ok(Some(OnConflict::Reject))
    );
    assert!(matches!(
        read("on_interrupt = rerun").map(|a| a.on_interrupt),
        Ok(Some(OnInterrupt::Rerun))
    ));
    assert!(matches!(
        read("on_interrupt = recover(bank::find)").map(|a| a.on_interrupt),
        Ok(Some(OnInterrupt::Recover(_)))
    ));
    assert_eq!(
        read("").map(|a| a.runtime().to_string()),
        Ok(":: idempotent_runtime".into())
    );
}

#[test]
fn a_wrong_entry_is_named_with_its_mend() {
    for (text, part) in [
        (
            "tll = \"24h\"",
            "did you mean `ttl`, as in `ttl = \"24h\"`?",
        ),
        ("saga = s", "unknown knob `saga`\nThe knobs are `header`"),
        (
            "transaction = app.tx",
            "names the parameter that is the open transaction: `transaction = tx`",
        ),
        ("claim = late", "`claim` is `inside` (the default"),
        ("\"pay\"", "expected a knob"),
        ("required", "`required` is written `required = false`"),
        ("scope(account)", "`scope` is written `scope = account.id`"),
        (
            "scope =",
            "`scope` has no value: write `scope = account.id`",
        ),
        ("scope = , ttl = \"1s\"", "`scope` has no value"),
        ("scope = a scope = b", "expected a comma"),
        ("ttl = \"1s\", ttl = \"2s\"", "`ttl` is given twice"),
        ("ttl = 24", "takes a string literal: `ttl = \"24h\"`"),
        ("ttl = Duration::from_secs(5)", "takes a string literal"),
        (
            "required = 1",
            "`required` is `true` (the default) or `false`",
        ),
        (
            "on_conflict = wait",
            "`on_conflict` is `reject` (the default) or `wait(\"5s\")`",
        ),
        ("on_conflict = wait(5)", "`on_conflict` is `reject`"),
        ("on_conflict = wait(\"2h\")", "`wait = \"2h\"` is too long"),
        ("on_conflict = queue", "`on_conflict` is `reject`"),
        (
            "on_interrupt = recover(f, g)",
            "`on_interrupt` is `rerun` (the default), `reject`, or `recover(path)`",
        ),
        (
            "persist = |r| true",
            "`persist` is `default`, `success`, `all`",
        ),
        (
            "crate = \"my::rt\"",
            "`crate` is a path: write `crate = my::rt`",
        ),
        (
            "name = PAY",
            "takes a string literal: `name = \"payments.create\"`",
        ),
    ] {
        let messages = refused(text);
        assert_eq!(messages.len(), 1, "{text}: {messages:?}");
        assert!(messages[0].contains(part), "{text}: {messages:?}");
    }
}

#[test]
fn a_mistake_hides_no_other() {
    let messages = refused(
        r#"tll = "1s", header = "Cookie", key = a.b, ttl = "0s", persist = 5 6, lease = "1y""#,
    );
    assert_eq!(messages.len(), 5, "{messages:?}");
}

#[test]
fn a_wrong_value_still_counts_as_given() {
    let mut errors = Errors::new();
    let args = Args::parse("scope =".parse().expect("tokens"), &mut errors);
    assert!(args.has(Knob::Scope) && args.scope.is_none());
    assert!(errors.finish().is_err());
}
