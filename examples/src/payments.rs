//! A payments service as one would write it: accounts, payments, refunds, and
//! a ledger that counts every effect, so that anybody can see whether a retry
//! paid twice. Its cards behave as payment providers' test cards do.

mod account;
mod create;
mod error;
mod flags;
mod read;
mod refund;
mod routes;
mod service;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod transactional;
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
mod url;

pub mod card;
pub mod ledger;
pub mod payment;
pub(crate) mod stop;
pub mod store;

use std::ffi::OsString;
use std::io::Write;

use tokio::net::TcpListener;

pub use self::flags::{Flags, Mode};
pub use self::service::{Service, StartError};
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
pub use self::url::Url;

/// The whole program: from its flags to the end of its last attempt.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<(), StartError> {
    let Some(flags) = Flags::parse(arguments)? else {
        print!("{}", flags::HELP);
        return Ok(());
    };
    // The recorder first, as what counts binds to the one that is there.
    #[cfg(feature = "observed")]
    let page = crate::metrics::install().map_err(StartError::Metrics)?;
    let service = Service::open(&flags).await?;
    #[cfg(feature = "observed")]
    let service = service.with(crate::metrics::routes(page));
    let listener = TcpListener::bind(&flags.listen)
        .await
        .map_err(|source| StartError::listen(&flags, source))?;
    // Who reads the line below may stop us at once.
    let stop = stop::asked()?;
    println!("listening on http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    match service.serve(listener, stop).await? {
        0 => Ok(()),
        left => Err(StartError::CutOff { left }),
    }
}
