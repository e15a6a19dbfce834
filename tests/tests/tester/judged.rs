//! One run of the tester against a payments service that it starts, stops and kills.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use xtask::servers::Scratch;

/// What the service promises for a request during which its process died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterCrash {
    /// Its books go with the process: it is neither stopped nor killed.
    Gone,
    AtLeastOnce,
    ExactlyOnce,
}

/// A service, by what follows `payments`.
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) store: String,
    pub(crate) mode: &'static str,
    pub(crate) after_crash: AfterCrash,
}

/// What the tester said, and its exit code.
pub(crate) struct Judged {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

/// Long enough for a process of a loaded machine, short enough to wait for.
const LEASE: &str = "2s";

/// What the test command has time for, and every seed but a soak's first.
const FEW: &[&str] = &[
    "--bursts",
    "20",
    "--time",
    "3s",
    "--only",
    "sequential,concurrent,other-payload,other-principal,abort,fidelity,instances,payments/kill",
];

/// With how many seeds; `None` if the test command runs this.
pub(crate) fn soak() -> Option<u64> {
    let count = std::env::var("IDEMPOTENT_SOAK_ZOO").ok()?;
    Some(count.parse().expect("a number"))
}

impl Service {
    /// The tester's run with a seed.
    pub(crate) fn judge(&self, seed: u64) -> Judged {
        let scratch = Scratch::new().expect("a temporary directory");
        self.plan(scratch.path());
        let [first, second] = ports();
        let mut tester = Command::new(env!("CARGO_BIN_EXE_tester"));
        let target = format!("http://127.0.0.1:{first}");
        tester
            .args(["run", "plan.yaml", "--target", &target, "--patience", "30s"])
            .args(["--seed", &seed.to_string()]);
        if soak().is_none() || seed > 1 {
            tester.args(FEW);
        }
        let mut others = Vec::new();
        if self.after_crash == AfterCrash::Gone {
            others.push(Other::start(self.words(first)));
        } else {
            let command = self.words(first).map(|word| format!("'{word}'")).join(" ");
            let second_target = format!("http://127.0.0.1:{second}");
            tester
                .args(["--target", &second_target, "--target-cmd", &command])
                .args(["--ready", "/healthz"]);
            others.push(Other::start(self.words(second)));
        }
        let out = tester.current_dir(scratch.path()).output();
        let out = out.expect("a program that starts");
        let text = [out.stdout, out.stderr].concat();
        Judged {
            code: out.status.code(),
            text: String::from_utf8(text).expect("text"),
        }
    }

    fn words(&self, port: u16) -> [String; 9] {
        let payments = env!("CARGO_BIN_EXE_payments");
        let listen = format!("127.0.0.1:{port}");
        [
            payments,
            "--listen",
            &listen,
            "--store",
            &self.store,
            "--mode",
            self.mode,
            "--lease",
            LEASE,
        ]
        .map(str::to_owned)
    }

    /// The plan and its cases, and what the mode promises.
    fn plan(&self, folder: &Path) {
        let promise = match self.after_crash {
            AfterCrash::Gone => "",
            AfterCrash::AtLeastOnce => "lease: 2s\nafter_crash: at-least-once\n",
            AfterCrash::ExactlyOnce => "lease: 2s\nafter_crash: exactly-once\n",
        };
        let plan = [include_str!("plan/plan.yaml"), promise].concat();
        let cases = folder.join("cases");
        std::fs::create_dir(&cases).expect("a folder");
        for (file, text) in [
            (folder.join("plan.yaml"), plan.as_str()),
            (
                cases.join("payment.yaml"),
                include_str!("plan/cases/payment.yaml"),
            ),
            (
                cases.join("refund.yaml"),
                include_str!("plan/cases/refund.yaml"),
            ),
        ] {
            std::fs::write(file, text).expect("a file");
        }
    }
}

/// A process that ends with its value.
struct Other(Child);

impl Other {
    fn start(words: [String; 9]) -> Self {
        let [program, flags @ ..] = words;
        let mut command = Command::new(program);
        command.args(flags).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a process");
        let out = child.stdout.take().expect("a pipe");
        let mut line = String::new();
        let read = std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line);
        read.expect("a line");
        assert!(line.starts_with("listening on "), "{line}");
        Self(child)
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Two ports that are free now.
fn ports() -> [u16; 2] {
    let listeners = [0; 2].map(|port| TcpListener::bind(("127.0.0.1", port)).expect("a port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}
