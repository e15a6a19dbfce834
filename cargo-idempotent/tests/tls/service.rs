//! The demo's service as a process of its own, which speaks both protocols in the clear,
//! and the demo's plan for it.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::LazyLock,
    thread,
    time::Duration,
};

use crate::{
    authority::Authority,
    front::front,
    shop::{Ran, tool},
};

pub(crate) const TOOL: &str = env!("CARGO_BIN_EXE_cargo-idempotent");

pub(crate) struct Service(Child);

impl Service {
    pub(crate) fn start(address: SocketAddr, flaw: &[&str]) -> Self {
        let mut command = Command::new(TOOL);
        command.args(["serve", "--listen", &address.to_string()]);
        let child = command.args(flaw).stdout(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(address).is_err() {
            thread::sleep(Duration::from_millis(5));
        }
        Self(child)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address at which nobody listens yet.
pub(crate) fn free() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap()
}

/// Stands before a service with TLS that offers these protocols, and writes the authority
/// that is to be believed; the target's URL.
pub(crate) fn secure(folder: &Path, service: SocketAddr, protocols: &[&str]) -> String {
    let authority = Authority::new();
    authority.write(folder);
    let config = authority.identity(&["localhost"]).config(protocols);
    format!("https://localhost:{}", front(service, config).port())
}

/// Runs the demo's plan, which is made once.
pub(crate) fn run(folder: &Path, target: &str, args: &[&str]) -> Ran {
    static PLAN: LazyLock<String> = LazyLock::new(|| {
        let folder = crate::shop::folder("tls-plan");
        let demo = tool(&folder, &["demo"], &[]);
        assert_eq!(demo.code, Some(0), "{}", demo.text);
        folder.join("runs/demo/plan.yaml").display().to_string()
    });
    let front = ["run", &PLAN, "--target", target];
    let own = ["--out", "out", "--header", "Authorization: Bearer alice"];
    let args: Vec<_> = front.iter().chain(&own).chain(args).copied().collect();
    tool(folder, &args, &[])
}
