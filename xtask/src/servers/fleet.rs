//! Several servers at once in one scratch directory, and what tests are told of
//! them: environment variables, and `servers.json` for those who want to look.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;

use serde::Serialize;

use super::{
    Error, Kind, MariaDb, Postgres, Process, Redis, RedisCluster, Result, Scratch, Server,
};

/// Where the scratch directory with `servers.json` is handed on.
const DIRECTORY: &str = "IDEMPOTENT_TEST_SERVERS_DIR";

/// Running servers. Dropping it stops them all and removes their data.
pub struct Fleet {
    // In this order: the directory goes after those who write to it.
    servers: Vec<Member>,
    scratch: Scratch,
}

enum Member {
    Postgres(Postgres),
    MariaDb(MariaDb),
    Redis(Redis),
    RedisCluster(RedisCluster),
}

/// One process in `servers.json`.
#[derive(Serialize)]
struct Entry {
    kind: &'static str,
    url: String,
    pid: Option<u32>,
    pid_file: String,
    directory: String,
    log: String,
    command: Vec<String>,
}

impl Fleet {
    /// Starts one server of each of `kinds`, all at the same time.
    ///
    /// # Errors
    /// The first failure, in the order of `kinds`; the others are stopped.
    pub fn start(kinds: &[Kind]) -> Result<Self> {
        let scratch = Scratch::new()?;
        let outcomes: Vec<Result<Member>> = thread::scope(|scope| {
            let threads: Vec<_> = kinds
                .iter()
                .map(|kind| scope.spawn(|| Member::start(*kind, &scratch.join(kind.name()))))
                .collect();
            threads
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        let servers = outcomes.into_iter().collect::<Result<_>>()?;
        let mut fleet = Self { servers, scratch };
        fleet.write_list()?;
        Ok(fleet)
    }

    /// The scratch directory, which goes with the fleet.
    pub fn directory(&self) -> &Path {
        self.scratch.path()
    }

    /// The variables that tell tests where the servers are.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let directory = (DIRECTORY, self.scratch.path().display().to_string());
        self.servers
            .iter()
            .map(|server| (server.kind().variable(), server.url()))
            .chain([directory])
            .collect()
    }

    fn write_list(&mut self) -> Result<()> {
        let entries: Vec<Entry> = self.servers.iter_mut().flat_map(Member::entries).collect();
        let path = self.scratch.join("servers.json");
        let doing = || format!("write {}", path.display());
        let list = serde_json::to_vec_pretty(&entries)
            .map_err(|error| Error::io(doing())(error.into()))?;
        // The URLs in it hold passwords.
        File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(&list))
            .map_err(Error::io(doing()))
    }
}

impl Member {
    fn start(kind: Kind, dir: &Path) -> Result<Self> {
        Ok(match kind {
            Kind::Postgres => Self::Postgres(Postgres::start(dir)?),
            Kind::MariaDb => Self::MariaDb(MariaDb::start(dir)?),
            Kind::Redis => Self::Redis(Redis::start(dir)?),
            Kind::RedisCluster => Self::RedisCluster(RedisCluster::start(dir)?),
        })
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Postgres(_) => Kind::Postgres,
            Self::MariaDb(_) => Kind::MariaDb,
            Self::Redis(_) => Kind::Redis,
            Self::RedisCluster(_) => Kind::RedisCluster,
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Postgres(server) => server.url(),
            Self::MariaDb(server) => server.url(),
            Self::Redis(server) => server.url(),
            Self::RedisCluster(cluster) => cluster.url(),
        }
    }

    fn entries(&mut self) -> Vec<Entry> {
        let kind = self.kind().name();
        match self {
            Self::Postgres(server) => vec![Entry::of(kind, server)],
            Self::MariaDb(server) => vec![Entry::of(kind, server)],
            Self::Redis(server) => vec![Entry::of(kind, server)],
            Self::RedisCluster(cluster) => cluster
                .nodes()
                .iter_mut()
                .map(|node| Entry::of(kind, node))
                .collect(),
        }
    }
}

impl Entry {
    fn of(kind: &'static str, server: &mut impl Server) -> Self {
        let url = server.url();
        let process: &Process = server.process();
        Self {
            kind,
            url,
            pid: process.pid(),
            pid_file: process.dir().join("pid").display().to_string(),
            directory: process.dir().display().to_string(),
            log: process.log().display().to_string(),
            command: process.command_line(),
        }
    }
}
