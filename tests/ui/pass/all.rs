//! The passing shapes: each compiles, and runs once against the memory store.
//! They are modules of one binary, as linking each alone takes a second.

mod async_traits;
mod attributes;
mod bodies;
mod extractors;
mod functions;
mod generics;
mod knobs;
mod methods;
mod patterns;
mod places;
mod returns;
mod strict;
mod world;
