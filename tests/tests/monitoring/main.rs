//! The monitoring kit: its rules are right by promtool, and it speaks of the
//! metrics that the code exports, no more and no less.

#![cfg(feature = "prometheus")]

mod dashboard;
mod fires;
mod kit;
mod names;
mod rules;
