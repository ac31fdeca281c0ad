//! A browser for the checks, controlled by WebDriver, and the survey on its pages.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail};
use serde_json::{Value, json};

use super::collector::{curl, ended};
use crate::run::command;
use crate::tools::{self, CHROMIUM, Engine, FIREFOX};

/// How long a check waits for anything on a page. Generous, because machines are busy.
const PATIENCE: Duration = Duration::from_secs(300);

/// Gives a script access to the survey's closed shadow root: `probe.find(selector)`.
pub(super) const PROBE: &str = include_str!("../../../tests/fixtures/probe.js");

/// A running browser, which ends when this value is dropped.
pub(super) struct Browser {
    /// The driver, after what it needs.
    processes: Vec<Child>,
    /// The address of the session.
    session: String,
}

impl Browser {
    /// Starts an empty Chromium, in which every page has the probe.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub(super) fn start() -> Result<Self> {
        let browser = Self::open(Engine::Chromium)?;
        let probe = json!({
            "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": { "source": PROBE },
        });
        browser.order("goog/cdp/execute", &probe)?;
        Ok(browser)
    }

    /// Starts an empty browser. Pages have to bring the probe along, because WebKit's driver cannot add a script to them.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub(super) fn open(engine: Engine) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut browser = Self { processes: Vec::new(), session: String::new() };
        let driver = match engine {
            Engine::Chromium => command("chromedriver").arg(format!("--port={port}")),
            Engine::Firefox => {
                let driver = command("geckodriver").args(["--port", &port.to_string()]);
                // Firefox says a lot that is not about the page.
                driver.errors(Stdio::null())
            }
            Engine::WebKit => {
                // No other process has the port, so none has a display of this number.
                let display = format!(":{}", 100 + i32::from(port));
                let screen = command("Xvfb").args([
                    &display,
                    "-screen",
                    "0",
                    "1400x1200x24",
                    "-nolisten",
                    "tcp",
                ]);
                browser.processes.push(screen.errors(Stdio::null()).start(Stdio::null())?);
                let driver = command("WebKitWebDriver").args(["-p", &port.to_string()]);
                driver.env("DISPLAY", display).errors(Stdio::null())
            }
        };
        let mut driver = driver.start(Stdio::null())?;
        let until = Instant::now() + PATIENCE;
        let listens = loop {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break Ok(());
            }
            if let Some(status) = driver.try_wait()? {
                break Err(format!("the driver of {} ended ({status})", engine.name()));
            }
            if Instant::now() > until {
                break Err(format!("the driver of {} does not listen", engine.name()));
            }
            thread::sleep(Duration::from_millis(20));
        };
        browser.processes.push(driver);
        listens.map_err(Error::msg)?;
        let sessions = format!("http://127.0.0.1:{port}/session");
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities(engine)? } });
        let session = post(&sessions, &wanted).with_context(|| engine.name())?;
        let id = session["sessionId"].as_str().context("a session")?;
        browser.session = format!("{sessions}/{id}");
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
            // Closes the browser, which chromedriver leaves behind when it is killed. An error means that it is closed.
            let _ = curl(&["--request", "DELETE", &self.session]);
        }
        while let Some(mut process) = self.processes.pop() {
            ended(&mut process);
        }
    }
}

/// What is asked of a browser. The scenarios' browsers are started in the same way.
fn capabilities(engine: Engine) -> Result<Value> {
    let mut options: Value =
        serde_json::from_str(include_str!("../../../tests/fixtures/browsers.json"))?;
    let (name, key, programs) = match engine {
        Engine::Chromium => ("chromium", "goog:chromeOptions", CHROMIUM),
        Engine::Firefox => ("firefox", "moz:firefoxOptions", FIREFOX),
        // Its driver finds the browser by itself.
        Engine::WebKit => return Ok(json!({})),
    };
    let program = programs.iter().find_map(|name| tools::find(name));
    let mut options = options[name].take();
    options["binary"] = json!(program.with_context(|| format!("no {}", engine.name()))?);
    Ok(json!({ key: options }))
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
