//! Where a handler may stand, and how the attribute may be named.

use axum::extract::State;
use axum::routing::post;
use idempotent_runtime::{idempotent, idempotent as once};

use super::world::{Account, App, replays};

mod nested {
    use super::{Account, App, State, idempotent};

    #[idempotent(scope = account.id)]
    pub(super) async fn restricted(account: Account) -> String {
        account.id
    }

    #[idempotent(scope = public)]
    pub(in super::super) async fn far(State(app): State<App>) -> String {
        app.effects.add().to_string()
    }

    pub mod deeper {
        use super::idempotent;

        #[idempotent(scope = public)]
        pub async fn restricted() -> &'static str {
            "a second of this name, in another module"
        }
    }
}

#[tokio::test]
async fn modules_and_visibilities() {
    replays(post(nested::restricted)).await;
    replays(post(nested::far)).await;
    replays(post(nested::deeper::restricted)).await;
}

#[tokio::test]
async fn the_attribute_by_path_and_by_another_name() {
    #[idempotent_runtime::idempotent(scope = public)]
    async fn by_path() -> &'static str {
        "paid"
    }
    #[once(scope = public)]
    async fn renamed() -> &'static str {
        "paid"
    }
    replays(post(by_path)).await;
    replays(post(renamed)).await;
}

macro_rules! handlers {
    ($($name:ident: $scope:expr, $answer:ty = $body:expr;)*) => {$(
        #[idempotent(scope = $scope)]
        async fn $name(State(app): State<App>) -> $answer {
            let _ = app;
            $body
        }
    )*};
}

handlers! {
    first: "a".to_owned() + "b", &'static str = "paid";
    second: (1_u32, "b"), Result<String, String> = Ok("paid".into());
}

#[tokio::test]
async fn handlers_made_by_a_macro() {
    replays(post(first)).await;
    replays(post(second)).await;
}

#[tokio::test]
async fn a_handler_that_calls_itself() {
    #[idempotent(scope = account.id)]
    async fn countdown(account: Account) -> String {
        if account.shard == 0 {
            return "done".into();
        }
        Box::pin(countdown(Account {
            shard: account.shard - 1,
            ..account
        }))
        .await
    }
    replays(post(countdown)).await;
}

#[tokio::test]
async fn shadowed_preludes() {
    #[allow(dead_code, non_camel_case_types)]
    mod hostile {
        use super::{Account, idempotent};

        struct Option;
        struct Box;
        struct Result;
        struct Some;
        mod core {}
        mod std {}

        #[idempotent(scope = account.id)]
        pub(super) async fn pay(account: Account) -> String {
            account.id
        }
    }
    replays(post(hostile::pay)).await;
}
