//! A private PostgreSQL, with one superuser over TCP and no Unix socket.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use super::account::Account;
use super::launch::Launch;
use super::process::Process;
use super::programs::postgres_folder;
use super::{Kind, Result, Server, data, ports, secret};

const USER: &str = "idempotent";

/// A running PostgreSQL.
pub struct Postgres {
    process: Process,
    port: u16,
    password: String,
}

impl Postgres {
    /// Lays a new data directory in `dir`, which must not exist yet, and starts
    /// a server on it.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not start.
    pub fn start(dir: &Path) -> Result<Self> {
        let programs = postgres_folder()?;
        let account = Account::for_server("postgres")?;
        let password = secret::hex(16)?;
        data::create(dir, account.as_ref())?;
        let password_file = dir.join("password");
        data::write(&password_file, &password, account.as_ref())?;
        let mut initdb = Command::new(programs.join("initdb"));
        initdb
            .args(["--no-sync", "--encoding=UTF8", "--locale=C"])
            // The default, SCRAM, has a client hash 4,096 times for a connection: in a
            // debug build a tenth of a second, which is none of the tests' business.
            .args(["--auth=md5", "--username", USER])
            .arg("--pgdata")
            .arg(dir.join("data"))
            .arg("--pwfile")
            .arg(&password_file);
        data::lay(initdb, "initdb", dir, account.as_ref())?;
        // The superuser's password has no more business on the disk.
        fs::remove_file(&password_file).map_err(super::Error::io("remove the password file"))?;
        let (process, port) = ports::on_free(|port| {
            let isready = programs.join("pg_isready");
            let process = Process::start(Launch {
                name: format!("PostgreSQL on port {port}"),
                program: programs.join("postgres"),
                args: arguments(&dir.join("data"), port),
                dir: dir.to_owned(),
                account: account.clone(),
                // After SIGKILL its backends would linger over the shared memory.
                abrupt: Signal::QUIT,
                ready: Box::new(move || accepts(&isready, port)),
            })?;
            Ok((process, port))
        })?;
        Ok(Self {
            process,
            port,
            password,
        })
    }
}

impl Server for Postgres {
    fn url(&self) -> String {
        let Self { port, password, .. } = self;
        format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres")
    }

    fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// Looks whether the programs are installed.
pub(super) fn look() -> Result<()> {
    let folder = postgres_folder()?;
    for program in ["initdb", "postgres", "pg_isready"] {
        if !folder.join(program).is_file() {
            return Err(super::Error::Missing {
                program,
                package: Kind::Postgres.package(),
            });
        }
    }
    Ok(())
}

fn arguments(data: &Path, port: u16) -> Vec<String> {
    let mut args = vec!["-D".to_owned(), data.display().to_string()];
    args.extend(["-p".to_owned(), port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        // Every test has a pool of its own, and they run side by side.
        "max_connections=500",
        // So that a log's end says which statement failed, and when.
        "log_line_prefix=%m [%p] ",
    ] {
        args.extend(["-c".to_owned(), setting.to_owned()]);
    }
    args
}

fn accepts(isready: &Path, port: u16) -> bool {
    Command::new(isready)
        .args([
            "--quiet",
            "--timeout=1",
            "--dbname=postgres",
            "--username",
            USER,
        ])
        .args(["--host", &Ipv4Addr::LOCALHOST.to_string()])
        .args(["--port", &port.to_string()])
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
