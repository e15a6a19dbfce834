//! A checkout in three steps, killed at every point and resumed:
//! `cargo run --example checkout --features sqlite`.
//!
//! Charge, reserve, mail: each goes to a service that honours idempotency keys
//! and keeps a ledger of its own. For each point of the way a worker process is
//! started, killed (SIGKILL) when it is there, and followed by another one. In
//! the end the ledgers are asked: every effect is there once, and what was
//! recorded was not even asked for again.

mod services;
mod worker;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use self::services::{Seen, Services};
use self::worker::Point;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next(), arguments.next(), arguments.next()) {
        (None, ..) => show().await,
        (Some(store), Some(services), Some(order)) => {
            let stop = arguments
                .next()
                .map(|name| Point::named(&name))
                .transpose()?;
            worker::run(&store, services.parse()?, &order, stop).await
        }
        _ => Err("usage: checkout [STORE SERVICES ORDER [POINT]]".into()),
    }
}

/// What a worker process is told.
struct Orders {
    store: PathBuf,
    services: SocketAddr,
}

impl Orders {
    fn worker(&self, order: &str) -> std::io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(&self.store).arg(self.services.to_string());
        command.arg(order).stdout(Stdio::piped());
        Ok(command)
    }

    /// A worker that is killed when it is at `point`.
    fn killed(&self, order: &str, point: Point) -> Result<(), Failure> {
        let mut worker = self.worker(order)?.arg(point.name()).spawn()?;
        let said = line(&mut worker);
        // SIGKILL: nothing of it runs any more, no `Drop` and no heartbeat.
        worker.kill()?;
        worker.wait()?;
        match said? {
            line if line == format!("at {}", point.name()) => Ok(()),
            line => Err(format!("{order}: {line:?} instead of {}", point.name()).into()),
        }
    }

    /// A worker that comes to its end; what it says.
    fn finished(&self, order: &str) -> Result<String, Failure> {
        let mut worker = self.worker(order)?.spawn()?;
        let said = line(&mut worker);
        if worker.wait()?.success() {
            said
        } else {
            Err(format!("{order}: the second worker failed").into())
        }
    }
}

fn line(worker: &mut Child) -> Result<String, Failure> {
    let output = worker.stdout.as_mut().ok_or("a worker without a pipe")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

async fn show() -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("checkout-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let shown = show_in(&folder).await;
    std::fs::remove_dir_all(&folder)?;
    shown
}

async fn show_in(folder: &Path) -> Result<(), Failure> {
    let services = Services::default();
    let orders = std::sync::Arc::new(Orders {
        store: folder.join("records.db"),
        services: services.serve().await?,
    });
    // Each waits for a dead worker's lease: all of them at the same time.
    let mut killings = Vec::new();
    for point in Point::ALL {
        let orders = std::sync::Arc::clone(&orders);
        killings.push(tokio::task::spawn_blocking(move || {
            let order = format!("o-{}", point.name());
            orders.killed(&order, point)?;
            let first = orders.finished(&order)?;
            // A third delivery: the answer is replayed.
            let again = orders.finished(&order)?;
            if first == again {
                Ok(first)
            } else {
                Err(Failure::from(format!("{first:?} and {again:?}")))
            }
        }));
    }
    println!("killed at           requests: charge reserve mail   effects: charge reserve mail");
    for (point, killing) in Point::ALL.into_iter().zip(killings) {
        let answer = killing.await??;
        let order = format!("o-{}", point.name());
        let [charge, reserve, mail] =
            ["charge", "reserve", "mail"].map(|s| services.seen(s, &order));
        println!(
            "{:<29} {:>6} {:>7} {:>4} {:>17} {:>7} {:>4}",
            point.name(),
            charge.requests,
            reserve.requests,
            mail.requests,
            charge.effects,
            reserve.effects,
            mail.effects
        );
        for (service, seen) in [("charge", charge), ("reserve", reserve), ("mail", mail)] {
            // Only what was done and not yet recorded is asked for again.
            let requests = if point == Point::done(service) { 2 } else { 1 };
            let expected = Seen {
                requests,
                effects: 1,
            };
            assert_eq!(seen, expected, "{service} of a worker killed at {point:?}");
        }
        assert_eq!(answer, services.answer(&order), "{point:?}");
    }
    let crashes = Point::ALL.len();
    println!("ok: {crashes} orders, {crashes} crashes, every effect once");
    Ok(())
}
