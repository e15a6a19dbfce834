//! `#[idempotent]`: run once, answer always.
//!
//! This crate holds the attribute alone; depend on `idempotent-runtime`, which
//! exports it beside the stores and types that its expansion needs.
//!
//! A file per phase: `args` (and `knob`, `duration`, `header`, `name`) makes the
//! attribute's tokens typed, `function` (and `output`, `pattern`, `mention`) the
//! annotated function; `check` (and `fresh`) judges them together; `expand`
//! writes the code; `errors` and `fallback` see to it that all mistakes are
//! reported at once and the function stays.

mod args;
mod check;
mod duration;
mod errors;
mod expand;
mod fallback;
mod fresh;
mod function;
mod header;
mod knob;
mod mention;
mod name;
mod output;
mod pattern;
mod span;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

/// Runs an async function once per idempotency key, and gives every retry the
/// first answer.
///
/// **Without `store`** the function is an axum handler. The key is a header's,
/// the store lies in the router's state, and the answer is the whole response:
///
/// ```text
/// #[idempotent(scope = account.id)]
/// async fn pay(account: Account, State(app): State<App>, Json(new): Json<NewPayment>) -> Result<Json<Payment>, AppError> {
///     Ok(Json(app.bank.charge(&account, new).await?))
/// }
/// ```
///
/// **With `store`** it is a plain async function or method. The key is an
/// expression, and the answer is the `Ok` of its `Result<T, E>`, where `T` can be
/// serialized and read back, and `E: From<idempotent_runtime::Error>`:
///
/// ```text
/// #[idempotent(store = self.idempotency, key = order.id, name = "orders.charge")]
/// async fn charge(&self, order: &Order) -> Result<Receipt, ChargeError> {
///     self.bank.charge(order).await
/// }
/// ```
///
/// A handler is a free function (in an `impl` the compiler says that no struct is
/// supported there); a plain function may stand anywhere.
///
/// The function keeps its name, visibility, generics, documentation and type (a
/// handler's return type becomes `Response`). Whatever can be seen to be wrong is
/// a compile error with its mend, several at once.
///
/// # Knobs
///
/// | knob | meaning | default |
/// |---|---|---|
/// | `scope = <expr>` or `public` | whose key it is: strings, integers, `Uuid`, tuples of them, types with `ToScope`. **Handlers must say**, as without a scope whoever sends another caller's key gets that caller's answer | functions: none |
/// | `key = <expr>` | the key: a string, an integer, `Uuid`, a type with `ToKey`. Functions need it; for a handler it replaces the header (a webhook's event id) | handlers: the header |
/// | `header = "…"` | handlers: the header with the key | `"Idempotency-Key"` |
/// | `required = false` | handlers: a request without a key runs unprotected | `true` |
/// | `fingerprint = <expr>` or `none` | what must be equal between retries, any `Serialize`; same key with another fingerprint is an error | handlers by header: method, path, query and body; else none |
/// | `ttl = "24h"` | how long an answer is given again, `"1ms"` to `"3650d"` | the store's |
/// | `lease = "30s"` | for how long an attempt holds without a sign of life, `"10ms"` to `"1d"`; a heartbeat extends it | the store's |
/// | `on_conflict = reject` or `wait("5s")` | a duplicate while the first runs: is refused, or waits (`"1ms"` to `"1h"`) for its answer | `reject` |
/// | `on_interrupt = rerun`, `reject` or `recover(path)` | a retry after an attempt that died unfinished: runs again; is refused until the ttl ends; or asks your async function `fn(&Attempt, &Arg1, &Arg2, …) -> Recovered<R>`, which finds out what happened | `rerun` |
/// | `persist = default`, `success`, `all` or a path | which answers are final. Handlers: `default` is all but 5xx and such 4xx as a retry may change; `success` is 2xx and 3xx; a path is a `fn(&Response) -> Persist`. Functions: `default` and `success` are `Ok`; `all` is `Err` too; a path is a `fn(&Result<T, E>) -> Persist` | `default` |
/// | `max_key_age = "24h"` | refuses a key (a UUID of version 7, which tells its time) older than this, `"1s"` to `"3650d"` and at most the `ttl`, so that a retry after expiry is no silent second run | off |
/// | `rerun_safe_sample = 0.01` | handlers, **dangerous: [repeats effects](#reruns)**. Behind this share of replays (a literal from `0.000001` to `1.0`) the body runs a second time, and its answer is compared with the stored one | off |
/// | `transaction = <param>` | this parameter, `&mut` of a database's transaction, also carries the record: effect and answer are committed together. Handlers: the runtime opens it, and the state holds a `Transactional`. Functions: it is the caller's, and `store` is a `Transactional` | none |
/// | `claim = inside` or `before` | handlers with `transaction`: the claim is made in it, or committed before it, for bodies that talk to others before they write | `inside` |
/// | `store = <expr>` | function mode: an `Idempotency`, such as `app.idempotency` | the router's state |
/// | `state = App` | handlers: the router's state, for a clear error where it has no store | unchecked |
/// | `name = "…"` | the operation's name in the store, 1 to 200 visible ASCII characters. Compulsory for methods, functions inside an `impl`, and generics. Keep it when the function is renamed | module path and function |
/// | `crate = <path>` | where the runtime is, if renamed | `::idempotent_runtime` |
///
/// Durations are whole numbers with units, the longest first: `"1d12h"`,
/// `"1m30s"`, `"1500ms"`.
///
/// # Reruns
///
/// `rerun_safe_sample` finds answers that a retry after a crash would not get
/// again: clocks, random ids, the order of a map. For this it does what everything
/// else here is there to prevent: **the body runs twice for a client that asked
/// once**, with all its effects, outside of any record. `Attempt::current()` is
/// `None`, an `Attempt` argument is unprotected: steps run again, `child_key` is
/// `None`, so that a provider downstream sees a new call.
///
/// - Never for a body that charges, mails, publishes, counts, or writes anything
///   that is not the same when written twice, **at any later time**: a replay may
///   come days after the first call, and a rerun then overwrites what has changed
///   since. It is for bodies that read and compute.
/// - It costs a run of the body for each drawn replay, at most one a second for
///   each operation and process, in a slot of `max_in_flight` that a call may then
///   lack; the arguments are kept until the replay was sent.
/// - Not with `transaction`, nor with `on_interrupt = reject` or `recover(…)`. A
///   request without a key has no replays, and so no reruns.
///
/// # Expressions
///
/// `key`, `scope`, `fingerprint` and `store` see the arguments by the names that
/// the function gives them, by reference, and are evaluated before the claim:
/// `.await`, `?` and `return` have no place in them. They move nothing, tuples
/// included: `scope = (order.shop, order.account)`. In a handler, what an
/// extractor's pattern binds is a reference (`*id` for a number by value).
///
/// # Other attributes
///
/// `#[axum::debug_handler]` may stand above or below. What stands below a
/// handler's attribute goes to the function inside, which holds the body
/// (`#[tracing::instrument]` records its arguments, not the key), but for
/// documentation, `cfg`, lint levels, `deprecated`, `must_use`, `debug_handler`
/// and `utoipa::path`. Put the attribute inside an `#[async_trait]` impl, on each
/// method; its expressions see arguments by plain names, not by patterns.
#[proc_macro_attribute]
pub fn idempotent(
    attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    expand_attribute(&attribute.into(), &item.into()).into()
}

/// The whole way: parse, check, expand; or the mistakes and the item as it was.
fn expand_attribute(attribute: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = errors::Errors::new();
    let args = args::Args::parse(attribute.clone(), &mut errors);
    let function = match syn::parse2::<function::Function>(item.clone()) {
        Ok(function) => Some(function),
        Err(error) => {
            match function::not_a_function(item) {
                Some(message) => errors.push(proc_macro2::Span::call_site(), message),
                None => errors.push_error(error),
            }
            None
        }
    };
    if let Some(function) = &function {
        check::check(&args, function, &mut errors);
    }
    match (errors.finish(), function) {
        (Ok(()), Some(function)) => expand::expand(attribute, &args, &function),
        (Err(mistakes), _) => fallback::expand(&mistakes, item),
        (Ok(()), None) => item.clone(),
    }
}
