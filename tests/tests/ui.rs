//! What the attribute takes and what it refuses: shapes that compile and run
//! (`pass`), shapes that fail with a message (`wrong`), and crates of their own
//! (`outside`).
#![allow(unreachable_pub)] // the shapes are written as a user's crate would write them

#[path = "../ui/outside.rs"]
mod outside;
#[path = "../ui/pass/all.rs"]
mod pass;
#[path = "../ui/wrong.rs"]
mod wrong;
