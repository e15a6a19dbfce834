//! The page for operators keeps its word without a browser: who sees what,
//! what is done and what is refused, and what stands in the answers.

mod access;
mod actions;
mod answers;
mod api;
mod figures;
mod findings;
mod headers;
mod hostile;
mod lease_over;
mod lists;
mod lookup;
mod mounted;
mod operations;
mod states;
mod streams;
mod world;
