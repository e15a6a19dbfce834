//! The Redis Cluster store on a real cluster of three primaries and three
//! replicas: the one that the environment names, or a private one.
#![cfg(feature = "redis-cluster")]

#[path = "store_redis_cluster/cluster.rs"]
mod cluster;
#[path = "store_redis_cluster/conformance.rs"]
mod conformance;
#[path = "store_redis_cluster/failover.rs"]
mod failover;
#[path = "store_redis_cluster/nodes.rs"]
mod nodes;
#[path = "store_redis_cluster/waiting.rs"]
mod waiting;
