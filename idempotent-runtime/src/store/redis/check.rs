//! Whether a server is fit to hold records: refused where it would break a
//! promise, warned of where it keeps one less well than it could.

use std::collections::HashMap;
use std::time::Duration;

use redis::cmd;

use super::core::Core;
use super::failure::failure;
use super::link::Link;
use super::script::Age;
use super::warning::RedisWarning;
use crate::answer::{Answer, Tombstone};
use crate::lease::{Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Release};
use crate::record::{RecordId, ScopeDigest};
use crate::scope::Scope;
use crate::store::{Claim, StoreError};

impl<L: Link> Core<L> {
    /// Looks at the servers' settings, then tries every verb on a record of
    /// its own, so that a missing right shows now.
    pub(super) async fn check(&self) -> Result<Vec<RedisWarning>, StoreError> {
        let mut warnings = self.check_settings().await?;
        self.check_rights(&mut warnings).await?;
        Ok(warnings)
    }

    /// Refuses servers that evict, that are replicas, or that are of the
    /// other kind (a node alone, or of a cluster).
    pub(super) async fn check_settings(&self) -> Result<Vec<RedisWarning>, StoreError> {
        let servers = match self.link.info().await {
            Ok(servers) => servers,
            Err(error) => match failure("check", &error) {
                // Some services give no INFO to their users.
                StoreError::Misconfigured { .. } if error.code() == Some("NOPERM") => {
                    return Ok(vec![RedisWarning::Unseen]);
                }
                failure => return Err(failure),
            },
        };
        let mut warnings = Vec::new();
        for (name, text) in servers {
            settings(&name, &text, L::CLUSTER, &mut warnings)?;
        }
        // Each node of a cluster may say the same.
        warnings.sort_unstable();
        warnings.dedup();
        Ok(warnings)
    }

    async fn check_rights(&self, warnings: &mut Vec<RedisWarning>) -> Result<(), StoreError> {
        let randomness =
            || StoreError::unavailable("check", "the system gave no randomness for a token");
        let token = Token::mint().ok_or_else(randomness)?;
        let mut id = [0; RecordId::BYTES];
        id[..Token::BYTES].copy_from_slice(Token::mint().ok_or_else(randomness)?.as_bytes());
        let id = RecordId::from_bytes(id);
        let mut claim = Claim::new(id, "check", ScopeDigest::of(&Scope::public()), token);
        // Should it be cut off in the middle, little is left behind.
        claim.ttl = Ttl::new(Duration::from_secs(10)).unwrap_or(Ttl::DEFAULT);
        claim.lease = Lease::new(Duration::from_secs(10)).unwrap_or(Lease::DEFAULT);

        if let ClaimOutcome::Claimed(claimed) = self.claim(&claim).await? {
            let fence = claimed.fence;
            self.extend(&[(id, token, claim.lease)]).await?;
            self.inspect(&id).await?;
            self.expire(&id, fence).await?;
            let answer = Answer::tombstone(Tombstone::TooLarge);
            self.complete(&id, &token, fence, &answer, claim.ttl)
                .await?;
            self.forget(&id, fence).await?;
            self.release(&id, &token, Release::Retry).await?;
        }

        if self.age() == Age::Older {
            warnings.push(RedisWarning::OlderThanSeven);
        }
        let channel = self.prefix.key(&id);
        let mut publish = cmd(L::PUBLISH);
        publish.arg(&channel).arg("");
        let told = self.link.send(&publish).await.is_ok();
        let heard = self.waiting.try_listening(&channel).await;
        if !told || heard.is_some_and(|heard| heard.is_err()) {
            warnings.push(RedisWarning::NotificationsFail);
        }
        Ok(())
    }
}

/// What one server's `INFO` means.
fn settings(
    server: &str,
    text: &str,
    cluster: bool,
    warnings: &mut Vec<RedisWarning>,
) -> Result<(), StoreError> {
    let info: HashMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.trim_end().split_once(':'))
        .collect();
    let is = |name: &str, value: &str| info.get(name).is_some_and(|found| *found == value);
    let refuse = |what: String| Err(StoreError::Misconfigured { what });

    if is("cluster_enabled", "1") && !cluster {
        return refuse(format!(
            "{server} is a node of a cluster; use `RedisClusterStore`"
        ));
    }
    if is("role", "slave") {
        return refuse(format!(
            "{server} is a replica, which takes no writes; connect to its primary"
        ));
    }
    let policy = info
        .get("maxmemory_policy")
        .copied()
        .unwrap_or("noeviction");
    if policy != "noeviction" {
        if !is("maxmemory", "0") {
            return refuse(format!(
                "{server} has maxmemory-policy {policy}, which evicts records when memory is \
                 short: a running attempt would be forgotten and run twice; set \
                 `maxmemory-policy noeviction`"
            ));
        }
        warnings.push(RedisWarning::WouldEvict);
    }
    if is("aof_enabled", "0") {
        warnings.push(RedisWarning::NoAppendOnlyFile);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, cluster: bool) -> (Result<(), String>, Vec<RedisWarning>) {
        let mut warnings = Vec::new();
        let judged = settings("the server", text, cluster, &mut warnings);
        (judged.map_err(|error| error.to_string()), warnings)
    }

    #[test]
    fn a_policy_that_evicts_is_refused_only_where_memory_has_a_bound() {
        for policy in ["volatile-lru", "volatile-ttl", "allkeys-lfu"] {
            let text = format!("maxmemory:100\r\nmaxmemory_policy:{policy}\r\naof_enabled:1\r\n");
            let (refused, _) = judged(&text, false);
            assert!(refused.unwrap_err().contains(policy));
            let (fine, warnings) = judged(&text.replace("100", "0"), false);
            assert_eq!((fine, warnings), (Ok(()), vec![RedisWarning::WouldEvict]));
        }
        let text = "maxmemory:100\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n";
        assert_eq!(judged(text, false), (Ok(()), vec![]));
    }

    #[test]
    fn a_node_of_a_cluster_is_fit_for_a_clusters_store_only() {
        let text = "cluster_enabled:1\r\nrole:master\r\naof_enabled:1\r\n";
        assert!(judged(text, false).0.is_err());
        assert_eq!(judged(text, true), (Ok(()), vec![]));
    }

    #[test]
    fn a_replica_is_refused() {
        assert!(judged("role:slave\r\n", false).0.is_err());
    }
}
