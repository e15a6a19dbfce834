//! Every pattern that an argument may be, beside expressions that see it.

use axum::Json;
use axum::extract::{Path, State};
use axum::routing::post;
use idempotent_runtime::idempotent;

use super::world::{Account, App, Order, replays};

#[tokio::test]
async fn mutable_bindings() {
    #[idempotent(scope = account.id, fingerprint = order)]
    async fn mutable(mut account: Account, Json(mut order): Json<Order>) -> String {
        account.id.push('!');
        order.amount += 1;
        format!("{} {}", account.id, order.amount)
    }
    replays(post(mutable)).await;
}

#[tokio::test]
async fn destructured_structs_and_tuples() {
    #[idempotent(scope = (id, *shard, number))]
    async fn destructured(
        Account { id, shard, .. }: Account,
        Path((number,)): Path<(u32,)>,
        Json(Order {
            id: order,
            amount: mut total,
        }): Json<Order>,
    ) -> String {
        total += 1;
        format!("{order} {total}")
    }
    replays(post(destructured)).await;
}

#[tokio::test]
async fn bindings_by_reference() {
    #[idempotent(scope = (id, name))]
    async fn referenced(
        Account { ref id, .. }: Account,
        Json(Order {
            id: ref name,
            ref mut amount,
        }): Json<Order>,
    ) -> String {
        *amount += 1;
        format!("{id} {name} {amount}")
    }
    replays(post(referenced)).await;
}

#[tokio::test]
async fn whole_and_part() {
    #[idempotent(scope = whole.id)]
    async fn whole_part(whole @ Account { shard: _, .. }: Account, State(_): State<App>) -> String {
        whole.id
    }
    replays(post(whole_part)).await;
}

#[tokio::test]
async fn bindings_that_only_the_attribute_uses() {
    #[idempotent(scope = account.id, key = order.id)]
    async fn attribute_only(account: Account, Json(order): Json<Order>) -> &'static str {
        "paid"
    }
    replays(post(attribute_only)).await;
}

#[tokio::test]
async fn bindings_in_a_format_string() {
    #[idempotent(scope = format!("{id}/{shard}"))]
    async fn formatted(Account { id, shard }: Account) -> &'static str {
        "paid"
    }
    replays(post(formatted)).await;
}

#[tokio::test]
async fn unused_and_anonymous_ones() {
    #[idempotent(scope = public)]
    async fn anonymous(_account: Account, _: State<App>, Json(..): Json<Order>) -> &'static str {
        "paid"
    }
    replays(post(anonymous)).await;
}

#[tokio::test]
async fn names_like_ours() {
    #[idempotent(scope = __0.id)]
    async fn like_ours(__0: Account, State(__1): State<App>, Json(__value): Json<Order>) -> String {
        let __arguments = __1.effects.add();
        format!("{} {} {__arguments}", __0.id, __value.id)
    }
    replays(post(like_ours)).await;
}

#[tokio::test]
async fn raw_identifiers() {
    #[idempotent(scope = r#type.id)]
    async fn r#move(r#type: Account) -> String {
        r#type.id
    }
    replays(post(r#move)).await;
}
