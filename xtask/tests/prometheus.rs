//! A private Prometheus scrapes its target, judges by its rules, and ends with
//! the value that stands for it.

#![cfg(feature = "prometheus")]

use std::path::Path;
use std::time::Duration;

use xtask::Deadline;
use xtask::servers::{Prometheus, Scratch, Server, Watch};

const RULES: &str = "\
groups:
  - name: own
    rules:
      - { alert: Down, expr: up == 0 }
      - { alert: Up, expr: up == 1 }
";

#[test]
fn prometheus_scrapes_and_fires() {
    let scratch = Scratch::new().expect("a directory");
    let watch = Watch {
        job: "nobody",
        target: "127.0.0.1:1".to_owned(),
        every: Duration::from_millis(200),
        rules: vec![("own.yml".to_owned(), RULES.to_owned())],
    };
    let mut server = Prometheus::start(&scratch.join("p"), &watch).expect("starts");
    let firing = || server.firing().expect("it answers");
    let fired = Deadline::after(Duration::from_secs(30))
        .poll(Duration::from_millis(50), || !firing().is_empty());
    assert!(fired, "nothing fires");
    let [alert] = &firing()[..] else {
        panic!("one alert, not {:?}", firing());
    };
    assert_eq!((&*alert["alertname"], &*alert["job"]), ("Down", "nobody"));
    let up = server.query("up{job=\"nobody\"}").expect("it answers");
    assert_eq!(up.len(), 1);
    assert!(up[0].value.abs() < f64::EPSILON);

    let pid = server.process().pid().expect("it runs");
    drop(server);
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
}
