//! A boxed future is a method's form, not a handler's.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
fn pay() -> std::pin::Pin<Box<dyn Future<Output = &'static str> + Send>> {
    Box::pin(async { "paid" })
}

fn main() {}
