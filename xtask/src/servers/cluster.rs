//! A private Redis Cluster: three primaries with a replica each.

use std::path::Path;
use std::time::Duration;

use super::redis::Redis;
use super::{Error, Result, Server, ports, resp};
use crate::Deadline;

const PRIMARIES: usize = 3;
const NODES: usize = 2 * PRIMARIES;
const SLOTS: usize = 16_384;
const FORMED_WITHIN: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(50);

/// A running cluster. Nodes 0 to 2 start as primaries; node `n + 3` starts as
/// the replica of node `n`.
pub struct RedisCluster {
    nodes: Vec<Redis>,
}

impl RedisCluster {
    /// Starts six nodes in `dir` and forms a cluster of them, which takes a
    /// primary for dead after 5 s of silence.
    ///
    /// # Errors
    /// When Redis is not installed, or does not start, or the nodes do not agree
    /// within 60 s.
    pub fn start(dir: &Path) -> Result<Self> {
        Self::start_with(dir, Duration::from_secs(5))
    }

    /// The same with a `node_timeout` of one's own: short for tests of a
    /// fail-over, but a busy machine must not be mistaken for a dead node.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with(dir: &Path, node_timeout: Duration) -> Result<Self> {
        let nodes = (0..NODES)
            .map(|node| {
                Redis::start_with(&dir.join(format!("node-{node}")), |_| {
                    settings(node_timeout)
                })
            })
            .collect::<Result<_>>()?;
        let cluster = Self { nodes };
        cluster.form()?;
        Ok(cluster)
    }

    /// The nodes' URLs, separated by commas: any of them is an entrance.
    pub fn url(&self) -> String {
        let urls: Vec<String> = self.nodes.iter().map(Server::url).collect();
        urls.join(",")
    }

    /// All nodes, to kill, restart, pause and resume.
    pub fn nodes(&mut self) -> &mut [Redis] {
        &mut self.nodes
    }

    fn form(&self) -> Result<()> {
        let (primaries, replicas) = self.nodes.split_at(PRIMARIES);
        for (index, primary) in primaries.iter().enumerate() {
            let first = (SLOTS * index / PRIMARIES).to_string();
            let last = (SLOTS * (index + 1) / PRIMARIES - 1).to_string();
            tell(primary, &["CLUSTER", "ADDSLOTSRANGE", &first, &last])?;
            // Else three owners of epoch 0 would first settle whose is higher.
            tell(
                primary,
                &["CLUSTER", "SET-CONFIG-EPOCH", &(index + 1).to_string()],
            )?;
        }
        for node in &self.nodes[1..] {
            let (port, bus) = (node.port().to_string(), bus_port(node)?);
            tell(
                &self.nodes[0],
                &["CLUSTER", "MEET", "127.0.0.1", &port, &bus],
            )?;
        }
        self.all_see("every node", |view| {
            view.lines().count() == NODES && !view.contains("handshake")
        })?;
        for (primary, replica) in primaries.iter().zip(replicas) {
            let id = tell(primary, &["CLUSTER", "MYID"])?;
            tell(replica, &["CLUSTER", "REPLICATE", &id])?;
        }
        self.all_see("three replicas", |view| {
            view.matches("slave ").count() == PRIMARIES
        })?;
        self.all_answer("a cluster in order", &["CLUSTER", "INFO"], |info| {
            info.contains("cluster_state:ok")
        })?;
        self.all_answer("a replica in step", &["INFO", "replication"], |info| {
            info.contains("state=online") || info.contains("master_link_status:up")
        })
    }

    fn all_see(&self, what: &str, holds: impl Fn(&str) -> bool) -> Result<()> {
        self.all_answer(what, &["CLUSTER", "NODES"], holds)
    }

    /// Waits until each node's reply to `command` satisfies `holds`.
    fn all_answer(&self, what: &str, command: &[&str], holds: impl Fn(&str) -> bool) -> Result<()> {
        let deadline = Deadline::after(FORMED_WITHIN);
        for node in &self.nodes {
            let mut last = String::new();
            let held = deadline.poll(POLL, || match resp::call(node.port(), command) {
                Ok(reply) => {
                    last = reply;
                    holds(&last)
                }
                Err(error) => {
                    last = error.to_string();
                    false
                }
            });
            if !held {
                return Err(Error::NotReady {
                    name: format!("Redis on port {}, which should see {what},", node.port()),
                    waited: FORMED_WITHIN,
                    log: last,
                });
            }
        }
        Ok(())
    }
}

fn settings(node_timeout: Duration) -> Result<Vec<String>> {
    let bus = ports::free()?.to_string();
    let timeout = node_timeout.as_millis().to_string();
    let settings = [
        ["--cluster-enabled", "yes"],
        // The default, port + 10000, may be taken, or past 65535.
        ["--cluster-port", &bus],
        ["--cluster-node-timeout", &timeout],
        // A replica need not wait 5 s for others to share its first copy.
        ["--repl-diskless-sync-delay", "0"],
    ];
    Ok(settings.concat().into_iter().map(str::to_owned).collect())
}

fn bus_port(node: &Redis) -> Result<String> {
    // "id ip:port@bus flags …" of the node itself, the only one that it knows.
    let view = tell(node, &["CLUSTER", "NODES"])?;
    let bus = view
        .split('@')
        .nth(1)
        .and_then(|rest| rest.split([',', ' ']).next());
    bus.map(str::to_owned).ok_or_else(|| Error::Refused {
        name: format!("Redis on port {}", node.port()),
        command: "CLUSTER NODES".to_owned(),
        reply: view.clone(),
    })
}

fn tell(node: &Redis, command: &[&str]) -> Result<String> {
    resp::call(node.port(), command).map_err(|error| Error::Refused {
        name: format!("Redis on port {}", node.port()),
        command: command.join(" "),
        reply: error.to_string(),
    })
}
