//! `/api/v1/…`: what the pages show, for programs. Errors are problem
//! documents; `/api/openapi.json` describes all of it.

mod acting;
mod document;
mod read;
mod shapes;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

use super::panel::Panel;

/// A path, its methods, and what answers them.
type Route = (
    &'static str,
    &'static [&'static str],
    fn() -> MethodRouter<Arc<Panel>>,
);

/// Every path of the JSON side, which the document must hold too.
const ROUTES: [Route; 11] = [
    ("/api/openapi.json", &["get"], || get(document::get)),
    ("/api/v1/overview", &["get"], || get(read::overview)),
    ("/api/v1/records", &["get"], || get(read::records)),
    ("/api/v1/records/{id}", &["get"], || get(read::record)),
    ("/api/v1/records/{id}/end-lease", &["post"], || {
        post(acting::end_lease)
    }),
    ("/api/v1/records/{id}/forget", &["post"], || {
        post(acting::forget)
    }),
    ("/api/v1/lookup", &["post"], || post(read::lookup)),
    ("/api/v1/findings", &["get"], || get(read::findings)),
    ("/api/v1/findings/{id}", &["get"], || get(read::finding)),
    ("/api/v1/findings/{id}/dismiss", &["post"], || {
        post(acting::dismiss)
    }),
    ("/api/v1/operations", &["get"], || get(read::operations)),
];

pub(super) fn add(pages: Router<Arc<Panel>>) -> Router<Arc<Panel>> {
    let routes = ROUTES.into_iter();
    routes.fold(pages, |all, (path, _, methods)| all.route(path, methods()))
}
