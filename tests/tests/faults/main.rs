//! The engine keeps its promises over a store that loses acknowledgements,
//! refuses, dawdles and reorders (invariants 5, 8, 9 and 10), in paused time.

mod scenes;
mod seeds;
mod service;
