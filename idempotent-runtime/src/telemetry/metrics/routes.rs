//! The meters of observed routes.

use std::array;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use ::metrics::Counter;

use super::handles::counter;
use super::list;
use super::meters::Meters;
use crate::telemetry::labels::RepeatResult;

/// Beyond so many routes the rest are one.
const ROUTES: usize = 200;

#[derive(Default)]
pub(super) struct Routes(Mutex<HashMap<Box<str>, Arc<RouteHandles>>>);

/// Of an observed route.
struct RouteHandles {
    unprotected: [Counter; 2],
    repeats: [Counter; RepeatResult::COUNT],
}

impl RouteHandles {
    fn new(route: &str) -> Self {
        let of = ("route", route);
        Self {
            unprotected: ["false", "true"]
                .map(|keyed| counter(&list::UNPROTECTED_REQUESTS, &[of, ("keyed", keyed)])),
            repeats: array::from_fn(|at| {
                let result = RepeatResult::ALL[at].as_str();
                counter(&list::UNPROTECTED_REPEATS, &[of, ("result", result)])
            }),
        }
    }
}

impl Meters {
    pub(crate) fn unprotected(&self, route: &str, keyed: bool) {
        self.route(route).unprotected[usize::from(keyed)].increment(1);
    }

    pub(crate) fn repeated(&self, route: &str, result: RepeatResult) {
        self.route(route).repeats[result as usize].increment(1);
    }

    fn route(&self, route: &str) -> Arc<RouteHandles> {
        let mut routes = self.routes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handles) = routes.get(route) {
            return Arc::clone(handles);
        }
        let route = if routes.len() < ROUTES {
            route
        } else {
            "other"
        };
        match routes.entry(route.into()) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                self.general();
                Arc::clone(place.insert(Arc::new(RouteHandles::new(route))))
            }
        }
    }
}
