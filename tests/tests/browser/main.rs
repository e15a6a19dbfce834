//! The page for operators in a real Chromium: it finds and lists, acts only
//! where it may, shows hostile text as text, breaks no policy of its own, and
//! is usable by keyboard, by small screens, in the dark, and without scripts.
//!
//! One browser serves all tests, each in a fresh tab of its own.

#![cfg(feature = "browser")]

mod access;
mod axe;
mod chromium;
mod pages;
mod service;
mod tab;
