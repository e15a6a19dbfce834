//! A WebSocket has no answer to store.

use idempotent_runtime::idempotent;

struct WebSocketUpgrade;

#[idempotent(scope = public)]
async fn pay(socket: WebSocketUpgrade) -> &'static str {
    let WebSocketUpgrade = socket;
    "paid"
}

fn main() {}
