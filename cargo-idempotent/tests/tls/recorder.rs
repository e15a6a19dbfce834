//! The recorder between a client and a service that both speak TLS; what it wrote is run
//! against that service.
#![cfg(unix)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};

use crate::{
    authority::Authority,
    service::{Service, TOOL, free},
    shop::{folder, tool},
};

/// The recorder as a process, and its lines.
struct Recorder {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    address: SocketAddr,
}

impl Recorder {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(TOOL);
        command
            .args(["record", "--listen", "127.0.0.1:0"])
            .args(args);
        command.current_dir(folder).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.split(['/', ';']).nth(2).unwrap().parse().unwrap();
        Self {
            child,
            lines,
            address,
        }
    }

    /// Ctrl-C, once it has said of a request what it did.
    fn stop(mut self) -> Vec<String> {
        let first = self.lines.next().unwrap().unwrap();
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let rest = self.lines.map(Result::unwrap);
        std::iter::once(first).chain(rest).collect()
    }
}

/// A payment over TLS, by a client that believes the authority alone.
fn pay(to: SocketAddr, authority: &Authority) -> String {
    let mut roots = RootCertStore::empty();
    let own = CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap();
    roots.add(own).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(session, TcpStream::connect(to).unwrap());
    let body = r#"{"amount": 100, "card": "tok_visa"}"#;
    let head = format!(
        "POST /v1/payments HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: \
         application/json\r\nAuthorization: Bearer alice\r\nIdempotency-Key: k-1\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn what_passes_between_client_and_service_over_tls_is_recorded_and_runs() {
    let (folder, service) = (folder("recorded"), free());
    let _running = Service::start(service, &[]);
    let authority = Authority::new();
    authority.write(&folder);
    let own = authority.identity(&["localhost"]);
    std::fs::write(folder.join("own.pem"), &own.certificate).unwrap();
    std::fs::write(folder.join("own.key"), &own.key).unwrap();
    for (protocol, named) in [("http/1.1", "HTTP/1.1"), ("h2", "h2")] {
        let front = crate::front::front(service, own.config(&[protocol]));
        let upstream = format!("https://localhost:{}", front.port());
        let mut args = vec!["--upstream", &upstream, "--cacert", "authority.pem"];
        args.extend([
            "--tls-cert",
            "own.pem",
            "--tls-key",
            "own.key",
            "--into",
            named,
        ]);
        args.extend(["--no-mask", "card"]);
        args.extend((protocol == "h2").then_some("--h2"));
        let recorder = Recorder::start(&folder, &args);
        let answer = pay(recorder.address, &authority);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        let said = recorder.stop();
        assert!(
            said[0].contains("0001.yaml POST https://localhost:"),
            "{said:?}"
        );
        let meta = std::fs::read_to_string(folder.join(named).join("meta.json")).unwrap();
        assert!(
            meta.contains(&format!("\"protocol\": \"{named}\"")),
            "{meta}"
        );
    }
    let planned = tool(&folder, &["gen", "--from", "HTTP/1.1"], &[]);
    assert_eq!(planned.code, Some(0), "{}", planned.text);
    let args = [
        "run",
        "--cacert",
        "authority.pem",
        "--only",
        "sequential,fidelity",
    ];
    let ledger = ["--ledger", "/v1/ledger#effects", "--profile", "default"];
    let args: Vec<_> = args.iter().chain(&ledger).copied().collect();
    let secret = [("IDEMPOTENT_AUTHORIZATION", "Bearer alice")];
    let ran = tool(&folder, &args, &secret);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text.contains("target https://localhost:"),
        "{}",
        ran.text
    );
    assert!(
        ran.text.ends_with("2 passed, 0 failed, 0 skipped\n"),
        "{}",
        ran.text
    );
}

#[test]
fn an_upstream_that_is_not_believed_ends_the_recorder_with_3_before_it_begins() {
    let (folder, service) = (folder("not-recorded"), free());
    let _running = Service::start(service, &[]);
    let upstream = crate::service::secure(&folder, service, &["http/1.1"]);
    let ran = tool(&folder, &["record", "--upstream", &upstream], &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(
        ran.text
            .starts_with("the service failed: https://localhost:"),
        "{}",
        ran.text
    );
    assert!(ran.text.contains("--cacert FILE"), "{}", ran.text);
    assert!(!folder.join("recordings").exists());
}
