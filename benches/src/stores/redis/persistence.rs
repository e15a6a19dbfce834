//! How the server keeps what it acknowledged.

use std::time::Duration;

use redis::aio::MultiplexedConnection;

/// A setting of the append-only file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// In memory only.
    Off,
    /// Synced once a second.
    EverySecond,
    /// Synced before each answer.
    Always,
}

impl Persistence {
    pub const ALL: [Self; 3] = [Self::Off, Self::EverySecond, Self::Always];

    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "no append-only file",
            Self::EverySecond => "appendfsync everysec",
            Self::Always => "appendfsync always",
        }
    }

    /// Whether an answer waits for nothing but the way and the work; with
    /// `always` two syncs of the disk are in it, and none in a `PING`.
    pub fn is_about_trips(self) -> bool {
        self != Self::Always
    }

    /// Sets it, and waits until it holds.
    pub async fn set(self, line: &mut MultiplexedConnection) {
        let sync = match self {
            Self::Off | Self::EverySecond => "everysec",
            Self::Always => "always",
        };
        let on = if self == Self::Off { "no" } else { "yes" };
        for (name, value) in [("appendfsync", sync), ("appendonly", on)] {
            redis::cmd("CONFIG")
                .arg("SET")
                .arg(name)
                .arg(value)
                .exec_async(line)
                .await
                .expect("Redis takes the setting");
        }
        // Turning it on rewrites the file.
        loop {
            let info: redis::RedisResult<String> = redis::cmd("INFO")
                .arg("persistence")
                .query_async(line)
                .await;
            let info = info.expect("Redis answers");
            if info.contains("aof_rewrite_in_progress:0")
                && info.contains("aof_rewrite_scheduled:0")
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
