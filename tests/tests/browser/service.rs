//! The service of the example `admin`, in this process and on a port of its
//! own: the one with all seeds that only readers share, and fresh ones for
//! tests that change something.

use std::net::SocketAddr;

use examples::admin::{self, PATH, Staff, seed};
use examples::client::{Reply, Request, ask};
use examples::payments::Flags;
use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::record::{RecordId, RecordView, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Fence, Idempotency, Key, Scope, Token};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

use crate::down;
use crate::tab::Tab;

#[derive(Clone)]
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) idempotency: Idempotency,
    pub(crate) staff: Staff,
    /// The address of the worst finding, where there are seeds.
    pub(crate) finding: String,
    /// The address of a page whose store is down, where there are seeds.
    pub(crate) down: String,
}

/// The one with all seeds, for tests that only look.
pub(crate) async fn seeded() -> &'static Running {
    static SEEDED: OnceCell<Running> = OnceCell::const_new();
    SEEDED.get_or_init(Running::with_seeds).await
}

impl Running {
    /// One without records.
    pub(crate) async fn start() -> Self {
        let staff = Staff::fresh().expect("randomness");
        let service = admin::open(&Flags::default(), &staff).await.expect("opens");
        let idempotency = service.idempotency().clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(service.serve(listener, std::future::pending()));
        Self {
            address,
            idempotency,
            staff,
            finding: String::new(),
            down: String::new(),
        }
    }

    /// One with all seeds.
    pub(crate) async fn with_seeds() -> Self {
        let mut service = Self::start().await;
        let seeded = seed::everything(service.address, &service.idempotency).await;
        seeded.expect("seeds");
        let findings = Request::get(&format!("{PATH}/api/v1/findings"));
        let login = service.staff.viewer().authorization();
        let findings = service
            .ask(&findings.header("authorization", login))
            .await
            .json();
        let worst = findings["findings"][0]["id"].as_str();
        service.down = down::start().await;
        let worst = worst.unwrap_or_else(|| panic!("no id in {findings}"));
        worst.clone_into(&mut service.finding);
        service
    }

    /// The whole address of a page.
    pub(crate) fn at(&self, path: &str) -> String {
        let path = if path == "/" { "" } else { path };
        format!("http://{}{PATH}{path}", self.address)
    }

    pub(crate) async fn as_viewer(&self, tab: &Tab) {
        tab.log_in(&self.staff.viewer().authorization()).await;
    }

    pub(crate) async fn as_operator(&self, tab: &Tab) {
        tab.log_in(&self.staff.operator().authorization()).await;
    }

    /// Asks without a browser.
    pub(crate) async fn ask(&self, request: &Request) -> Reply {
        ask(self.address, request).await.expect("an answer")
    }

    /// Takes a stuck record over, as a client's retry at another process does;
    /// the new fence.
    pub(crate) async fn claim_again(&self, stuck: &RecordView) -> Fence {
        let token = Token::mint().expect("random bytes");
        let scope = Scope::of("acme").expect("a scope");
        let mut claim = Claim::new(stuck.id, seed::OPERATION, ScopeDigest::of(&scope), token);
        claim.fingerprint = stuck.fingerprint;
        match self.idempotency.store().claim(&claim).await {
            Ok(ClaimOutcome::Claimed(claimed)) => claimed.fence,
            other => panic!("not taken over: {other:?}"),
        }
    }

    /// The record of a payment.
    pub(crate) fn record(&self, account: &str, key: &str) -> RecordId {
        let key = Key::new(key).expect("a key");
        let scope = Scope::of(account).expect("a scope");
        self.idempotency.record_id(seed::OPERATION, &scope, &key)
    }
}
