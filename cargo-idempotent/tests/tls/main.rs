//! The tool over https: real TLS on loopback, by certificates of a private authority.
#![cfg(feature = "cli")]

#[path = "../authority/mod.rs"]
mod authority;
mod front;
mod races;
mod recorder;
mod service;
#[path = "../shop/mod.rs"]
mod shop;
mod trust;
mod verdicts;
