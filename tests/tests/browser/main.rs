//! The page for operators in a real Chromium: it finds and lists, acts only
//! where it may, shows hostile text as text, breaks no policy of its own, and
//! is usable by keyboard, by small screens, in the dark, and without scripts.
//!
//! One browser serves all tests, each in a fresh tab of its own.

#![cfg(feature = "browser")]

mod actions;
mod axe;
mod chromium;
mod down;
mod foreign;
mod hostile;
mod keyboard;
mod lists;
mod live;
mod locked;
mod lookup;
mod pages;
mod pictures;
mod service;
mod tab;
mod without_scripts;
