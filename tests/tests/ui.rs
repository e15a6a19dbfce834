//! x
#![allow(unreachable_pub)] // the shapes are written as a user's crate would write them

#[path = "../ui/pass/all.rs"]
mod pass;
