//! A page as its user meets it: what is seen, typed, pressed and clicked.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::prelude::{By, ElementQueryable, WebElement};
use thirtyfour::{Key, WebDriver};

/// For what a page does after an event.
const SOON: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(25);

/// Runs before any script of any page: what breaks the policy is kept.
const WATCH: &str = "window.broken = []; addEventListener('securitypolicyviolation', \
                     event => broken.push(`${event.violatedDirective} ${event.blockedURI}`));";

/// A tab, and what it knows of logins.
pub(crate) struct Tab {
    client: WebDriver,
}

impl Tab {
    pub(crate) async fn new(client: WebDriver) -> Self {
        let tab = Self { client };
        let watch = json!({ "source": WATCH });
        tab.tell("Page.addScriptToEvaluateOnNewDocument", watch)
            .await;
        tab.tell("Network.enable", json!({})).await;
        // What other tests' pages were complained of.
        tab.client.browser_log().await.expect("a log");
        tab
    }

    /// Sends this header with every request of the tab, as a browser does with
    /// a login that it keeps.
    pub(crate) async fn log_in(&self, authorization: &str) {
        let headers = json!({ "headers": { "Authorization": authorization } });
        self.tell("Network.setExtraHTTPHeaders", headers).await;
    }

    pub(crate) async fn log_out(&self) {
        self.tell("Network.setExtraHTTPHeaders", json!({ "headers": {} }))
            .await;
    }

    pub(crate) async fn open(&self, url: &str) {
        let opened = self.client.goto(url).await;
        opened.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// A screen of this width, of which nothing scrolls sideways.
    pub(crate) async fn width(&self, width: u32) {
        let metrics =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    pub(crate) async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.tell("Emulation.setEmulatedMedia", media).await;
    }

    /// As a browser whose user allows no scripts. [`Tab::run`] still can.
    pub(crate) async fn without_scripts(&self) {
        let off = json!({ "value": true });
        self.tell("Emulation.setScriptExecutionDisabled", off).await;
    }

    /// The value of an expression in the page.
    pub(crate) async fn run(&self, expression: &str) -> Value {
        let what = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let done = self.tell("Runtime.evaluate", what).await;
        assert_eq!(done["exceptionDetails"], Value::Null, "{expression}");
        done["result"]["value"].clone()
    }

    pub(crate) async fn address(&self) -> String {
        let address = self.client.current_url().await.expect("an address");
        address.to_string()
    }

    pub(crate) async fn find(&self, css: &str) -> WebElement {
        let found = self
            .client
            .query(By::Css(css))
            .wait(SOON, POLL)
            .first()
            .await;
        let Ok(element) = found else {
            let shown = self.run("document.body.innerText").await;
            panic!("no {css} on {}: {shown}", self.address().await)
        };
        element
    }

    /// What a reader sees of an element.
    pub(crate) async fn text(&self, css: &str) -> String {
        let read = self.find(css).await.text().await;
        read.expect("a text")
    }

    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let all =
            format!("[...document.querySelectorAll({css:?})].map(it => it.textContent.trim())");
        let all = self.run(&all).await;
        serde_json::from_value(all).expect("texts")
    }

    pub(crate) async fn click(&self, css: &str) {
        let clicked = self.find(css).await.click().await;
        clicked.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Clicks on what leads to another page, and waits for that.
    pub(crate) async fn follow(&self, css: &str) {
        let before = self.loaded_at().await;
        self.click(css).await;
        self.has_left(&before).await;
    }

    /// Presses Enter on what leads to another page, and waits for that.
    pub(crate) async fn enter(&self) {
        let before = self.loaded_at().await;
        self.press(Key::Enter + "").await;
        self.has_left(&before).await;
    }

    async fn loaded_at(&self) -> Value {
        self.run("performance.timeOrigin").await
    }

    async fn has_left(&self, before: &Value) {
        let left =
            format!("performance.timeOrigin !== {before} && document.readyState === 'complete'");
        self.until(&left).await;
    }

    pub(crate) async fn has(&self, css: &str) -> bool {
        let there = format!("document.querySelector({css:?}) !== null");
        self.run(&there).await == json!(true)
    }

    /// Whether one sees where the focus is.
    pub(crate) async fn shows_focus(&self) -> bool {
        let ring = "(it => it.outlineStyle !== 'none' && parseFloat(it.outlineWidth) >= 2)(getComputedStyle(document.activeElement))";
        self.run(ring).await == json!(true)
    }

    /// Chooses by value, as a pointer would.
    pub(crate) async fn choose(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value={value:?}]")).await;
    }

    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("a field");
        field.send_keys(text).await.expect("a field");
    }

    /// Sends keys to whatever has the focus.
    pub(crate) async fn press(&self, keys: impl Into<thirtyfour::TypingData>) {
        let pressed = self.client.action_chain().send_keys(keys).perform().await;
        pressed.expect("keys");
    }

    /// Goes on by Tab until `css` has the focus, as somebody without a mouse.
    pub(crate) async fn tab_to(&self, css: &str) {
        let there = format!("document.activeElement?.matches({css:?}) ?? false");
        let mut passed = Vec::new();
        for _ in 0..200 {
            if self.run(&there).await == json!(true) {
                return;
            }
            self.press(Key::Tab + "").await;
            passed.push(
                self.run("document.activeElement.outerHTML.slice(0, 60)")
                    .await,
            );
        }
        panic!(
            "{css} is never reached by Tab on {}: {passed:#?}",
            self.address().await
        );
    }

    /// Waits until an expression is true.
    pub(crate) async fn until(&self, expression: &str) {
        let waiting = async {
            while self.run(expression).await != json!(true) {
                tokio::time::sleep(POLL).await;
            }
        };
        let came = tokio::time::timeout(SOON, waiting).await;
        came.unwrap_or_else(|_| panic!("never: {expression}"));
    }

    /// What broke the policy on this page, and what the console complains of.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let broken = self.run("window.broken").await;
        let mut all: Vec<String> = serde_json::from_value(broken).expect("texts");
        let log = self.client.browser_log().await.expect("a log");
        all.extend(log.into_iter().map(|entry| entry.message));
        all
    }

    /// The page at this width, and not more of it than that height, as PNG.
    pub(crate) async fn picture(&self, width: u32, most: u32) -> Vec<u8> {
        let height = format!("Math.min(document.documentElement.scrollHeight, {most})");
        let height = self.run(&height).await;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        self.client.screenshot_as_png().await.expect("a picture")
    }

    pub(crate) async fn tell(&self, method: &str, parameters: Value) -> Value {
        let told = self.client.cdp().send_raw(method, parameters).await;
        told.unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}
