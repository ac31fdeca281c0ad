//! The three browsers, each controlled by a WebDriver server that runs as long as the tests.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// The time limit for commands that should be done at once.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(15);

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Blink.
    Chromium,
    /// Gecko.
    Firefox,
    /// WebKit, as WebKitGTK.
    WebKit,
}

impl Engine {
    /// All engines.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The engine's name in the names of tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }

    fn capabilities(self) -> Result<Capabilities> {
        let options: Value = serde_json::from_str(include_str!("../../fixtures/browsers.json"))?;
        let with = |name: &str, programs: &[&str]| -> Result<Value> {
            let mut options = options[name].clone();
            options["binary"] = json!(program(programs)?);
            if is_read_aloud() {
                // A browser without a window tells assistive technology nothing; with it, only if it is told to where no
                // desktop runs.
                let arguments = options["args"].as_array_mut().context("arguments")?;
                arguments.retain(|it| it != "-headless");
                options["prefs"]["accessibility.force_disabled"] = json!(-1);
            }
            Ok(options)
        };
        let mut capabilities = match self {
            Self::Chromium => json!({ "goog:chromeOptions":
                with("chromium", &["chromium", "chromium-browser", "google-chrome"])? }),
            Self::Firefox => json!({ "moz:firefoxOptions":
                with("firefox", &["firefox-esr", "firefox"])? }),
            Self::WebKit => json!({ "webkitgtk:browserOptions": {
                "binary": mini_browser()?, "args": ["--automation", "--geometry=1280x1000"]
            } }),
        };
        // Scenarios wait for the load event themselves, because WebKitGTK's driver sometimes hangs if it has to wait.
        if !matches!(self, Self::WebKit) {
            capabilities["pageLoadStrategy"] = json!("eager");
        }
        serde_json::from_value(capabilities).context("capabilities")
    }
}

/// Whether a screen reader reads what Firefox shows: see the scenarios in spoken.rs.
fn is_read_aloud() -> bool {
    std::env::var_os("AFTERWORD_ORCA").is_some()
}

/// The path of the first of these programs that is on the PATH.
fn program(names: &[&str]) -> Result<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let files = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    let found = files.into_iter().find(|file| file.is_file());
    let found = found.with_context(|| format!("{} is not on the PATH", names.join(" or ")))?;
    Ok(found.display().to_string())
}

/// The path of `MiniBrowser`, WebKitGTK's test browser, which is not on the PATH.
fn mini_browser() -> Result<String> {
    for base in [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/libexec",
        "/usr/lib",
    ] {
        for version in ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"] {
            let file = format!("{base}/{version}/MiniBrowser");
            if fs::exists(&file)? {
                return Ok(file);
            }
        }
    }
    bail!("WebKitGTK's MiniBrowser is not in its usual places")
}

/// A running WebDriver server, which is ended when this value is dropped.
#[derive(Debug)]
pub struct Driver {
    engine: Engine,
    port: u16,
    processes: Vec<Child>,
    browser: Option<Client>,
}

impl Driver {
    /// Starts the server of `engine`, and for WebKit a display.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub fn start(engine: Engine) -> Result<Self> {
        let port = free_port()?;
        let mut processes = Vec::new();
        let mut command = Command::new(engine.driver());
        match engine {
            Engine::Chromium => command
                .arg(format!("--port={port}"))
                // Letters are drawn in the same way on every machine: see the scenarios in pictures.rs.
                .env(
                    "FONTCONFIG_FILE",
                    concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/fonts.conf"),
                ),
            Engine::Firefox => command
                .args(["--port", &port.to_string(), "--log", "fatal"])
                .args(["--websocket-port", &free_port()?.to_string()])
                // Tests may run scripts in Firefox's own process.
                .arg("--allow-system-access"),
            Engine::WebKit => {
                // The display's number is derived from the port, so no other process has it.
                let display = format!(":{}", 100 + i32::from(port));
                processes.push(
                    Command::new("Xvfb")
                        .args([&display, "-screen", "0", "1400x1200x24", "-nolisten", "tcp"])
                        .stdout(Stdio::null())
                        .stderr(Stdio::null())
                        .spawn()
                        .context("starting Xvfb")?,
                );
                let port = port.to_string();
                command.args(["-p", &port]).env("DISPLAY", display).env_remove("WAYLAND_DISPLAY")
            }
        };
        let driver =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        processes.push(driver.with_context(|| format!("starting {}", engine.driver()))?);
        Ok(Self { engine, port, processes, browser: None })
    }

    /// The engine that this server drives.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The browser on an empty page; opens it if necessary.
    ///
    /// # Errors
    /// The server does not answer or cannot start the browser.
    pub async fn browser(&mut self) -> Result<Client> {
        if let Some(browser) = &self.browser {
            let emptied = tokio::time::timeout(COMMAND_TIMEOUT, browser.goto("about:blank")).await;
            if matches!(emptied, Ok(Ok(()))) {
                return Ok(browser.clone());
            }
            self.close().await;
        }
        let browser = self.open().await?;
        Ok(self.browser.insert(browser).clone())
    }

    /// Closes the browser, if it is open.
    pub async fn close(&mut self) {
        if let Some(browser) = self.browser.take() {
            let closing = tokio::time::timeout(COMMAND_TIMEOUT, browser.close());
            if !matches!(closing.await, Ok(Ok(()))) {
                // While a session hangs, the server cannot open another.
                self.stop();
                if let Ok(fresh) = Self::start(self.engine) {
                    *self = fresh;
                }
            }
        }
    }

    fn stop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    async fn open(&self) -> Result<Client> {
        let server = format!("http://127.0.0.1:{}", self.port);
        let mut error = None;
        // The server, or WebKit's display, may still be starting.
        for _ in 0..40 {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(self.engine.capabilities()?);
            match tokio::time::timeout(2 * COMMAND_TIMEOUT, builder.connect(&server)).await {
                Ok(Ok(client)) => return Ok(client),
                Ok(Err(problem)) => error = Some(problem.to_string()),
                Err(_) => bail!("{} does not start", self.engine.name()),
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        bail!("opening {}: {}", self.engine.name(), error.unwrap_or_default())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
