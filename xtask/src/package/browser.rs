//! A Chromium for the checks, controlled through chromedriver, and the survey on its pages.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::collector::{curl, ended};
use crate::run::command;
use crate::tools;

/// How long a check waits for anything on a page. Generous, because machines are busy.
const PATIENCE: Duration = Duration::from_secs(300);

/// Gives a script access to the survey's closed shadow root: `probe.find(selector)`.
const PROBE: &str = include_str!("../../../tests/fixtures/probe.js");

/// A running browser, which ends when this value is dropped.
pub(super) struct Browser {
    driver: Child,
    /// The address of the session.
    session: String,
}

impl Browser {
    /// Starts chromedriver and an empty Chromium.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub(super) fn start() -> Result<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let chromium = names.iter().find_map(|name| tools::find(name)).context("no Chromium")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = command("chromedriver").arg(format!("--port={port}")).start(Stdio::null())?;
        let mut browser = Self { driver, session: String::new() };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = browser.driver.try_wait()? {
                bail!("chromedriver ended ({status})");
            }
            ensure!(Instant::now() < until, "chromedriver does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        let sessions = format!("http://127.0.0.1:{port}/session");
        let wanted = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": {
            "binary": chromium, "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--window-size=1280,1000"
            ]
        } } } });
        let session = post(&sessions, &wanted)?;
        let id = session["sessionId"].as_str().context("a session")?;
        browser.session = format!("{sessions}/{id}");
        let probe = json!({
            "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": { "source": PROBE },
        });
        browser.order("goog/cdp/execute", &probe)?;
        Ok(browser)
    }

    fn order(&self, command: &str, body: &Value) -> Result<Value> {
        post(&format!("{}/{command}", self.session), body)
    }

    /// Goes to an address, and waits until the page has loaded.
    pub(super) fn visit(&self, address: &str) -> Result<()> {
        self.order("url", &json!({ "url": address })).map(drop)
    }

    /// The value of a JavaScript expression.
    pub(super) fn read(&self, expression: &str) -> Result<Value> {
        let script = format!("return ({expression}) ?? null");
        self.order("execute/sync", &json!({ "script": script, "args": [] }))
            .with_context(|| expression.to_owned())
    }

    /// Waits until a JavaScript expression has a value that is not empty, and returns it.
    pub(super) fn wait(&self, expression: &str) -> Result<Value> {
        let until = Instant::now() + PATIENCE;
        loop {
            let value = self.read(expression)?;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return Ok(value);
            }
            if Instant::now() > until {
                let page = self.read("`${location} ${document.body.innerText}`")?;
                bail!("waited in vain for {expression} on the page {page}");
            }
            thread::sleep(Duration::from_millis(25));
        }
    }

    /// Clicks an element of the page. If that leads to another page, waits until it has loaded.
    pub(super) fn click(&self, selector: &str) -> Result<()> {
        let element = self.element(selector)?;
        self.order(&format!("element/{element}/click"), &json!({})).map(drop)
    }

    /// Types into an element of the page.
    pub(super) fn write(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.element(selector)?;
        self.order(&format!("element/{element}/value"), &json!({ "text": text })).map(drop)
    }

    fn element(&self, selector: &str) -> Result<String> {
        let found = json!({ "using": "css selector", "value": selector });
        let found = self.order("element", &found);
        let found = found.with_context(|| {
            let page = self.read("`${location} ${document.body.innerText}`").unwrap_or_default();
            format!("looking for {selector} on the page {page}")
        })?;
        let (_, id) = found.as_object().and_then(|it| it.iter().next()).context("an element")?;
        Ok(id.as_str().context("an element")?.to_owned())
    }

    /// Clicks the middle of an element in the survey, as soon as it is there.
    pub(super) fn click_in_survey(&self, selector: &str) -> Result<()> {
        self.wait(&format!("!!probe.find({selector:?})"))?;
        let point = self.read(&format!("probe.point({selector:?})"))?;
        self.order(
            "actions",
            &json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": [
                { "type": "pointerMove", "duration": 0, "x": point["x"], "y": point["y"] },
                { "type": "pointerDown", "button": 0 },
                { "type": "pointerUp", "button": 0 },
            ] }] }),
        )
        .map(drop)
    }

    /// Types into the focused element.
    pub(super) fn keys(&self, text: &str) -> Result<()> {
        let keys: Vec<Value> = text
            .chars()
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
            })
            .collect();
        let keys = json!({ "actions": [{ "type": "key", "id": "keys", "actions": keys }] });
        self.order("actions", &keys).map(drop)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // Closes Chromium, which chromedriver leaves behind when it is killed. An error means that it is closed.
            let _ = curl(&["--request", "DELETE", &self.session]);
        }
        ended(&mut self.driver);
    }
}

/// Sends a WebDriver command, and returns its value.
fn post(address: &str, body: &Value) -> Result<Value> {
    let patience = PATIENCE.as_secs().to_string();
    let answer = curl(&["--max-time", &patience, "--json", &body.to_string(), address])?;
    let mut answer: Value = serde_json::from_str(&answer).with_context(|| answer.clone())?;
    let value = answer["value"].take();
    if let Some(error) = value["error"].as_str() {
        bail!("{error}: {}", value["message"].as_str().unwrap_or_default());
    }
    Ok(value)
}
