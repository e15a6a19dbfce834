//! The one browser of all tests, and a fresh tab in it for each: the page sets no
//! cookies, logins are a tab's own, and the cache is emptied.

use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use thirtyfour::{Capabilities, WebDriver, WindowHandle};
use tokio::runtime::{Builder, Runtime};
use xtask::servers::{ChromeDriver, Scratch, Server};

use crate::tab::Tab;

/// What a test needs longer for has gone wrong.
const PATIENCE: Duration = Duration::from_mins(1);

/// The tests are of different threads, and the browser's connection is of one
/// runtime.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all();
    builder.build().expect("a runtime")
});

/// None until the first test. Its process ends with ours, by its watchdog.
static BROWSER: Mutex<Option<Browser>> = Mutex::new(None);

struct Browser {
    client: WebDriver,
    /// The tab that it began with, and that outlives all others.
    first: WindowHandle,
    _driver: ChromeDriver,
    _scratch: Scratch,
}

/// Runs `test` in a new tab: without cookies, cache, login or history.
pub(crate) fn in_a_tab(test: impl AsyncFnOnce(&Tab)) {
    let mut browser = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
    RUNTIME.block_on(async {
        if browser.is_none() {
            *browser = Some(Browser::start().await);
        }
        let browser = browser.as_ref().expect("it was started");
        browser.open().await;
        let tab = Tab::new(browser.client.clone()).await;
        let ended = tokio::time::timeout(PATIENCE, test(&tab)).await;
        ended.expect("the test ends in time");
        browser.close().await;
    });
}

impl Browser {
    async fn start() -> Self {
        let scratch = Scratch::new().expect("a directory");
        let driver = ChromeDriver::start(&scratch.join("driver")).expect("starts");
        let mut capabilities = Capabilities::new();
        for (name, value) in [
            ("browserName", json!("chrome")),
            ("goog:chromeOptions", json!({ "args": driver.flags() })),
            ("goog:loggingPrefs", json!({ "browser": "ALL" })),
        ] {
            capabilities.set(name, value).expect("a capability");
        }
        let client = WebDriver::new(driver.url(), capabilities);
        let client = client.await.expect("Chromium starts");
        let first = client.window().await.expect("a window");
        Self {
            client,
            first,
            _driver: driver,
            _scratch: scratch,
        }
    }

    async fn open(&self) {
        // A test that failed has left its own behind.
        self.look_at(self.first.clone()).await;
        let tab = self.client.new_tab().await.expect("a tab");
        self.look_at(tab).await;
        for method in ["Network.clearBrowserCache", "Network.clearBrowserCookies"] {
            let cleared = self.client.cdp().send_raw(method, json!({})).await;
            cleared.unwrap_or_else(|error| panic!("{method}: {error}"));
        }
    }

    async fn close(&self) {
        self.client.close_window().await.expect("closes");
        self.look_at(self.first.clone()).await;
    }

    async fn look_at(&self, window: WindowHandle) {
        let switched = self.client.switch_to_window(window).await;
        switched.expect("the window is there");
    }
}
