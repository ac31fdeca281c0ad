//! The survey in a browser: read through the probe, and used with pointer and keys like a person.

use std::future::Future;

use anyhow::{Context, Result, ensure};
use axum::http::Method;
use fantoccini::Client;
use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MouseActions, PointerAction, TouchActions,
};
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::browser::Engine;
use crate::until;

/// A WebDriver command that only one browser has.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// WebDriver's command that asks what assistive technology is told of an element.
#[derive(Debug)]
struct Told {
    element: String,
    what: &'static str,
}

impl WebDriverCompatibleCommand for Told {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let Self { element, what } = self;
        base.join(&format!("session/{}/element/{element}/{what}", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}

/// The member by which WebDriver names an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A page with a survey on it.
pub struct Page<'a> {
    /// The browser.
    pub client: &'a Client,
    /// The browser's engine.
    pub engine: Engine,
}

impl Page<'_> {
    /// Goes to an address and waits for the survey's question.
    ///
    /// # Errors
    /// The browser fails, or no question appears.
    pub async fn visit(&self, address: &str) -> Result<()> {
        self.client.goto(address).await?;
        until("the question", || async {
            Ok(self.read("probe.find('#question')?.textContent").await?.as_str().map(drop))
        })
        .await
    }

    /// The value of a JavaScript expression.
    ///
    /// # Errors
    /// The browser fails, or the expression throws.
    pub async fn read(&self, expression: &str) -> Result<Value> {
        let script = format!("return ({expression}) ?? null");
        self.client.execute(&script, vec![]).await.with_context(|| expression.to_owned())
    }

    /// The value that the promise of a JavaScript expression resolves to.
    ///
    /// # Errors
    /// The browser fails, or the promise is rejected.
    pub async fn promised(&self, expression: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
            (async () => ({expression}) ?? null)().then((value) => done({{ value }}), (error) => done({{ error: `${{error}}` }}))"
        );
        let outcome = self.client.execute_async(&script, vec![]).await;
        let mut outcome = outcome.with_context(|| expression.to_owned())?;
        ensure!(outcome["error"].is_null(), "{expression}: {}", outcome["error"]);
        Ok(outcome["value"].take())
    }

    /// The role and the name that the browser tells assistive technology of the element that a JavaScript expression
    /// returns.
    ///
    /// # Errors
    /// The browser fails, or the expression returns no element.
    pub async fn told(&self, expression: &str) -> Result<[String; 2]> {
        let element = self.read(expression).await?;
        let element = element[ELEMENT].as_str().with_context(|| format!("no {expression}"))?;
        let ask = async |what| -> Result<String> {
            let element = element.to_owned();
            let answer = self.client.issue_cmd(Told { element, what }).await?;
            Ok(answer.as_str().unwrap_or_default().to_owned())
        };
        Ok([ask("computedrole").await?, ask("computedlabel").await?])
    }

    /// A command of Chromium's own protocol.
    ///
    /// # Errors
    /// The browser refuses it.
    pub async fn chromium(&self, command: &str) -> Result<Value> {
        self.chromium_with(command, json!({})).await
    }

    /// The same, with parameters.
    ///
    /// # Errors
    /// The browser refuses it.
    pub async fn chromium_with(&self, command: &str, parameters: Value) -> Result<Value> {
        self.own("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// Runs a privileged script in Firefox's own process.
    ///
    /// # Errors
    /// The browser refuses it.
    pub async fn firefox(&self, script: &str) -> Result<Value> {
        self.own("moz/context", json!({ "context": "chrome" })).await?;
        let answer = self.client.execute(script, vec![]).await.context("in Firefox's own process");
        self.own("moz/context", json!({ "context": "content" })).await?;
        answer
    }

    async fn own(&self, path: &'static str, body: Value) -> Result<Value> {
        let name = format!("{path} {body}");
        self.client.issue_cmd(Own { path, body }).await.context(name)
    }

    /// The survey's state, as the probe describes it.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn state(&self) -> Result<Value> {
        self.read("probe.state()").await
    }

    /// Waits until `holds` accepts the state, and returns it.
    ///
    /// # Errors
    /// `holds` accepts no state in time.
    pub async fn wait(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Result<Value> {
        let result = until(what, || async {
            // While a page is on its way, there is nothing that could be asked.
            let state = self.read("window.probe?.state() ?? null").await?;
            Ok(holds(&state).then_some(state))
        })
        .await;
        match result {
            Ok(state) => Ok(state),
            Err(error) => {
                let state = self.state().await?;
                let noise = self.read("probe.noise").await?;
                let taps = self.read("probe.taps").await?;
                Err(error.context(format!(
                    "the state is {state}, the console said {noise}, the pointer: {taps}"
                )))
            }
        }
    }

    /// Goes on in the first frame of the page, once the script has run there. Until then nothing there can be read.
    ///
    /// # Errors
    /// There is no frame, or it never has the script.
    pub async fn enter_frame(&self) -> Result<()> {
        self.client.clone().enter_frame(0).await?;
        until("the page in the frame", || async {
            let ready = "document.readyState == 'complete' && !!window.probe && !!window.afterword?.release";
            Ok((self.read(ready).await? == true).then_some(()))
        })
        .await
    }

    /// Waits until the widget has taken over.
    ///
    /// # Errors
    /// It never does.
    pub async fn taken_over(&self) -> Result<()> {
        self.wait("the widget to take over", |state| state["widget"] == true).await.map(drop)
    }

    /// Clicks the middle of an element, in the survey or on the page, with a real pointer.
    ///
    /// # Errors
    /// There is no such element, or the browser fails.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let (x, y) = self.point(selector).await?;
        let pointer = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::Up { button: 0 });
        Ok(self.client.perform_actions(pointer).await?)
    }

    /// Moves the pointer to the middle of an element.
    ///
    /// # Errors
    /// As [`click`](Self::click).
    pub async fn point_at(&self, selector: &str) -> Result<()> {
        let (x, y) = self.point(selector).await?;
        let pointer = MouseActions::new("mouse".to_owned()).then(PointerAction::MoveTo {
            duration: None,
            x,
            y,
        });
        Ok(self.client.perform_actions(pointer).await?)
    }

    /// Presses the pointer's button in the middle of an element, and holds it.
    ///
    /// # Errors
    /// As [`click`](Self::click).
    pub async fn press(&self, selector: &str) -> Result<()> {
        let (x, y) = self.point(selector).await?;
        let pointer = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: 0 });
        Ok(self.client.perform_actions(pointer).await?)
    }

    /// Releases the pointer's button.
    ///
    /// # Errors
    /// The browser fails.
    pub async fn let_go(&self) -> Result<()> {
        let pointer = MouseActions::new("mouse".to_owned()).then(PointerAction::Up { button: 0 });
        Ok(self.client.perform_actions(pointer).await?)
    }

    /// Moves the pointer into the window's first corner.
    ///
    /// # Errors
    /// The browser fails.
    pub async fn point_elsewhere(&self) -> Result<()> {
        let pointer = MouseActions::new("mouse".to_owned()).then(PointerAction::MoveTo {
            duration: None,
            x: 2.0,
            y: 2.0,
        });
        Ok(self.client.perform_actions(pointer).await?)
    }

    /// Taps the middle of an element with a finger. WebKitGTK's driver cannot, so it clicks.
    ///
    /// # Errors
    /// As [`click`](Self::click).
    pub async fn tap(&self, selector: &str) -> Result<()> {
        if self.engine == Engine::WebKit {
            return self.click(selector).await;
        }
        let (x, y) = self.point(selector).await?;
        let finger = TouchActions::new("finger".to_owned())
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::Up { button: 0 });
        Ok(self.client.perform_actions(finger).await?)
    }

    async fn point(&self, selector: &str) -> Result<(f64, f64)> {
        let point = self.read(&format!("probe.point({selector:?})")).await?;
        point["x"].as_f64().zip(point["y"].as_f64()).with_context(|| format!("no {selector}"))
    }

    /// Clicks a score.
    ///
    /// # Errors
    /// As [`click`](Self::click).
    pub async fn score(&self, score: u8) -> Result<()> {
        self.click(&format!("input[value=\"{score}\"] + span")).await
    }

    /// Clicks into the comment and types.
    ///
    /// # Errors
    /// As [`click`](Self::click).
    pub async fn write(&self, text: &str) -> Result<()> {
        self.wait("the comment box", |state| state["comment"].is_string()).await?;
        self.click("textarea").await?;
        self.keys(text).await
    }

    /// Types into the focused element. Special keys are WebDriver's private characters.
    ///
    /// # Errors
    /// The browser fails.
    pub async fn keys(&self, text: &str) -> Result<()> {
        let mut keys = KeyActions::new("keys".to_owned());
        for value in text.chars() {
            keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        Ok(self.client.perform_actions(keys).await?)
    }

    /// Presses Send and waits for the thanks, while the page's clock goes on.
    ///
    /// # Errors
    /// The thanks do not appear.
    pub async fn send(&self) -> Result<Value> {
        self.click(".send").await?;
        let thanked = |state: &Value| state["thanks"].is_string();
        if self.read("!!probe.pass").await? == true {
            return self.wait_passing("the thanks", thanked).await;
        }
        self.wait("the thanks", thanked).await
    }

    /// Advances the clock of the page and its frames by so many milliseconds; timers that become due run in order.
    /// For pages with [`Fixture::clock`](crate::fixture::Fixture::clock).
    ///
    /// # Errors
    /// The browser fails, or the page has no such clock.
    pub async fn pass(&self, milliseconds: u64) -> Result<()> {
        // In parts: WebKit's driver measures its scripts by the page's clock, and aborts them after 30 s.
        let mut rest = milliseconds;
        while rest > 0 {
            let part = rest.min(20_000);
            self.promised(&format!("await probe.pass({part})")).await?;
            rest -= part;
        }
        Ok(())
    }

    /// As [`until`], but advances the page's clock whenever no request is under way.
    ///
    /// # Errors
    /// As [`until`] and [`pass`](Self::pass).
    pub async fn until_passing<T, F: Future<Output = Result<Option<T>>>>(
        &self,
        what: &str,
        mut ask: impl FnMut() -> F,
    ) -> Result<T> {
        until(what, || {
            let asked = ask();
            async {
                let answer = asked.await?;
                if answer.is_none() && self.read("probe.pending()").await? == 0 {
                    self.pass(CLOCK_STEP_MS).await?;
                }
                Ok(answer)
            }
        })
        .await
    }

    /// As [`wait`](Self::wait), but advances the page's clock meanwhile.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    pub async fn wait_passing(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Result<Value> {
        self.until_passing(what, || async {
            let state = self.state().await?;
            Ok(holds(&state).then_some(state))
        })
        .await
    }

    /// Waits until the page is idle: its requests have been answered, and work for the next frame is done.
    ///
    /// # Errors
    /// The browser fails.
    pub async fn quiet(&self) -> Result<()> {
        self.loaded().await?;
        self.promised("await probe.quiet()").await.map(drop)
    }

    /// Waits until the page has loaded, with all its scripts and pictures.
    ///
    /// # Errors
    /// It never does.
    pub async fn loaded(&self) -> Result<()> {
        until("the page to load", || async {
            Ok((self.read("document.readyState").await? == "complete").then_some(()))
        })
        .await
    }

    /// Waits until the page has made an instance of the module, used or not. For pages with
    /// [`Fixture::clock`](crate::fixture::Fixture::clock).
    ///
    /// # Errors
    /// It never does.
    pub async fn instantiated(&self) -> Result<()> {
        until("an instance of the module", || async {
            let made = self.read("probe.instances()").await?;
            Ok((made.as_u64() > Some(0)).then_some(()))
        })
        .await?;
        self.quiet().await
    }
}

/// Milliseconds by which the clock advances at a time while a test waits: less than any delay of the product.
const CLOCK_STEP_MS: u64 = 200;
