//! Whom the tool believes, and what it says of whom it does not.

use std::{net::TcpListener, path::PathBuf, thread};

use crate::{
    authority::{Authority, Identity},
    front::front,
    shop::{Promise, Ran, Shop, folder, plan, tool},
};

/// A shop behind TLS, and a folder with its plan and its authority.
struct Secure {
    folder: PathBuf,
}

impl Secure {
    fn new(name: &str, identity: &Identity, authority: &Authority, host: &str) -> Self {
        let shop = Shop::open(Promise::default());
        let address = front(shop.address(), identity.config(&["http/1.1"]));
        let folder = folder(name);
        let url = format!("https://{host}:{}", address.port());
        plan(&folder, &url, "profile: default\n");
        authority.write(&folder);
        Self { folder }
    }

    /// One scenario is enough to see who is believed.
    fn run(&self, args: &[&str]) -> Ran {
        let front = ["run", "--seed", "7", "--out", "out", "--only", "sequential"];
        let args: Vec<_> = front.iter().chain(args).copied().collect();
        tool(&self.folder, &args, &[])
    }
}

fn shop(name: &str) -> Secure {
    let authority = Authority::new();
    let own = authority.identity(&["localhost", "127.0.0.1"]);
    Secure::new(name, &own, &authority, "127.0.0.1")
}

#[test]
fn an_unknown_authority_ends_the_run_with_3_and_says_how_to_name_it() {
    let ran = shop("unknown").run(&[]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    for said in [
        "in the first handshake: https://127.0.0.1:",
        "--cacert FILE",
        "--insecure",
    ] {
        assert!(ran.text.contains(said), "{}", ran.text);
    }
    assert!(!ran.text.contains("PROVEN"), "{}", ran.text);
}

#[test]
fn a_named_authority_is_believed_for_names_and_for_addresses() {
    let secure = shop("named");
    let ran = secure.run(&["--cacert", "authority.pem"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(!ran.text.contains("not checked"), "{}", ran.text);
    let file = "cacert = [\"authority.pem\"]\n";
    std::fs::write(secure.folder.join("idempotent.toml"), file).unwrap();
    let ran = secure.run(&[]);
    assert_eq!(ran.code, Some(0), "by the file of defaults: {}", ran.text);
    let ran = secure.run(&["--insecure"]);
    assert_eq!(ran.code, Some(0), "the command line wins: {}", ran.text);
}

#[test]
fn unchecked_certificates_are_said_at_the_start_and_in_the_report() {
    let secure = shop("unchecked");
    let ran = secure.run(&["--insecure", "--report", "html,junit,sarif,github"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text
            .contains("::warning title=cargo idempotent::https://"),
        "{}",
        ran.text
    );
    let said = ran
        .text
        .matches("certificates are not checked (--insecure)")
        .count();
    assert_eq!(said, 3, "{}", ran.text);
    for report in ["run.json", "report.html", "junit.xml", "report.sarif"] {
        let text = std::fs::read_to_string(secure.folder.join("out").join(report)).unwrap();
        assert!(text.contains("certificates are not checked"), "{report}");
    }
}

#[test]
fn another_name_and_an_expired_certificate_are_told_apart() {
    let authority = Authority::new();
    for (name, own, said) in [
        (
            "other",
            authority.identity(&["shop.example"]),
            "is for shop.example, not for 127.0.0.1",
        ),
        (
            "expired",
            authority.until(&["127.0.0.1"], 2021),
            "its certificate expired ",
        ),
    ] {
        let ran =
            Secure::new(name, &own, &authority, "127.0.0.1").run(&["--cacert", "authority.pem"]);
        assert_eq!(ran.code, Some(3), "{}", ran.text);
        assert!(ran.text.contains(said), "{}", ran.text);
    }
}

#[test]
fn a_self_signed_certificate_may_be_named_itself_for_its_own_names_only() {
    let own = Identity::self_signed(&["127.0.0.1"]);
    let folder = |name: &str, host: &str| {
        let secure = Secure::new(name, &own, &Authority::new(), host);
        std::fs::write(secure.folder.join("own.pem"), &own.certificate).unwrap();
        secure
    };
    let right = folder("own", "127.0.0.1");
    let ran = right.run(&["--cacert", "own.pem"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let ran = right.run(&["--cacert", "authority.pem"]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(ran.text.contains("is self-signed"), "{}", ran.text);
    let ran = folder("own-name", "localhost").run(&["--cacert", "own.pem"]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(ran.text.contains("not for localhost"), "{}", ran.text);
}

#[test]
fn a_plain_port_behind_https_and_the_reverse_say_which_scheme_to_write() {
    let secure = shop("reverse");
    let file = secure.folder.join("plan.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("https://", "http://")).unwrap();
    let ran = tool(&secure.folder, &["run"], &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(
        ran.text.contains("it speaks TLS: write https://"),
        "{}",
        ran.text
    );

    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let folder = folder("plain");
    plan(&folder, &url, "profile: default\n");
    let ran = tool(&folder, &["run"], &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(
        ran.text
            .contains("is not TLS; if its port is a plain one, write http://"),
        "{}",
        ran.text
    );
}

#[test]
fn only_loopback_is_a_target_over_https_too() {
    let folder = folder("remote");
    plan(&folder, "https://192.0.2.1", "profile: default\n");
    let ran = tool(&folder, &["run", "--insecure"], &[]);
    assert_eq!(ran.code, Some(2), "{}", ran.text);
    assert!(
        ran.text.contains("--i-may-change-data-on 192.0.2.1"),
        "{}",
        ran.text
    );
}

#[test]
fn a_file_that_has_no_certificate_is_named() {
    let secure = shop("empty");
    std::fs::write(secure.folder.join("empty.pem"), "no certificate\n").unwrap();
    for (file, said) in [
        ("empty.pem", "--cacert empty.pem: it has no certificate"),
        ("gone.pem", "--cacert gone.pem: "),
    ] {
        let ran = secure.run(&["--cacert", file]);
        assert_eq!(ran.code, Some(2), "{}", ran.text);
        assert!(ran.text.contains(said), "{}", ran.text);
    }
}
