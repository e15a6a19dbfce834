//! The payments service with a page for operators, behind a login of its own.

mod notes;
pub mod seed;
mod staff;

use std::error::Error;
use std::ffi::OsString;
use std::io::Write;

use axum::Router;
use axum::middleware::from_fn_with_state;
use idempotent_runtime::{Idempotency, admin};
use tokio::net::TcpListener;

pub use self::staff::{Person, Staff};
use crate::payments::{Flags, Service, StartError, stop};

/// Where the page is mounted.
pub const PATH: &str = "/ops/idempotency";

const HELP: &str = "\
The payments service with a page for operators, seeded with records in every state.

Usage: admin [--listen ADDR] [--store STORE] …

It takes the flags of `payments`, whose --help says more.
";

/// The whole program.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let Some(flags) = Flags::parse(arguments).map_err(StartError::from)? else {
        print!("{HELP}");
        return Ok(());
    };
    let staff = Staff::fresh()?;
    let service = open(&flags, &staff).await?;
    let listener = TcpListener::bind(&flags.listen).await?;
    let address = listener.local_addr()?;
    let stop = stop::asked()?;
    let idempotency = service.idempotency().clone();
    let serving = tokio::spawn(service.serve(listener, stop));

    seed::everything(address, &idempotency).await?;
    println!("listening on http://{address}{PATH}");
    for person in staff.people() {
        println!("  {} {}: {}", person.name, person.password, person.may());
    }
    std::io::stdout().flush()?;
    // Payments of an hour are among the seeds: they are cut off.
    serving.await??;
    Ok(())
}

/// The service and its page.
pub async fn open(flags: &Flags, staff: &Staff) -> Result<Service, StartError> {
    let tune = |builder: idempotent_runtime::IdempotencyBuilder| {
        builder.detector_slots(Idempotency::DETECTOR_SLOTS)
    };
    let service = Service::open_tuned(flags, tune).await?;
    let page = page(service.idempotency(), staff);
    let notes = notes::routes(service.idempotency());
    Ok(service.with(page).with(notes))
}

/// The page, in three lines.
fn page(idempotency: &Idempotency, staff: &Staff) -> Router {
    let login = from_fn_with_state(staff.clone(), staff::login);
    let page = admin::router(idempotency).actions().protected_by(login);
    Router::new().nest(PATH, page)
}
