//! The npm package in pages of its users: installed from its archive, its types checked, built by Vite into a page in React
//! and one in Vue, and answered there in three browsers.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::browser::{Browser, PROBE};
use super::collector::{Collector, curl, ended};
use crate::places::root;
use crate::run::{Program, Step, command};
use crate::tools::{self, Engine};

/// How long a page's server may take to start, and an answer from the page to the report.
const PATIENCE: Duration = Duration::from_secs(120);

/// A page, as it is built.
struct Page {
    /// Its name in the numbers of orders.
    name: &'static str,
    /// Its folder in `integrations/npm/tests/pages`.
    folder: &'static str,
    /// The folder into which it is built.
    built: &'static str,
    /// Whether the framework is the one for developers, in which React mounts everything twice within `StrictMode`.
    development: bool,
    /// What has to be true on the page when the question is there.
    mounted: &'static str,
    /// What has to be true on the page when the question is answered.
    answered: &'static str,
}

const PAGES: [Page; 3] = [
    Page {
        name: "react",
        folder: "react",
        built: "dist",
        development: false,
        mounted: "mounts == 1",
        answered: "true",
    },
    Page {
        name: "react-development",
        folder: "react",
        built: "dist-development",
        development: true,
        mounted: "mounts == 2",
        answered: "true",
    },
    Page {
        name: "vue",
        folder: "vue",
        built: "dist",
        development: false,
        mounted: "true",
        answered: "document.querySelector('output').textContent == 1",
    },
];

/// Answers the question on each page in each browser. `package` is the npm package's archive, `program` the collector; `work`
/// is emptied. Returns what could not be tried.
///
/// # Errors
/// The package cannot be used as its README says, or an answer does not arrive as it was given.
pub(super) fn answer(package: &Path, program: &Path, work: &Path) -> Result<Vec<String>> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    let project = installed(package, work)?;
    let collector = Collector::start_in(&work.join("collector"), program, &[])?;
    let origin = format!("http://127.0.0.1:{}", collector.port);
    build(&project, &origin)?;
    let servers = PAGES.iter().map(|page| Server::start(&project, page));
    let servers = servers.collect::<Result<Vec<_>>>()?;

    let mut not_tried = Vec::new();
    let mut answers = 0;
    for engine in Engine::ALL {
        let name = engine.name();
        if let Err(why) = tools::browsers(&[engine]) {
            eprintln!("    no {name}: {why:#}");
            not_tried.push(format!("the npm package's pages in {name}, which is missing"));
            continue;
        }
        let step = Step::begin(&format!("Pages with React and Vue: answered in {name}"));
        let browser = Browser::open(engine)?;
        for (page, server) in PAGES.iter().zip(&servers) {
            let order = format!("{}-{}", page.name, name.to_lowercase());
            visit(&browser, page, &server.origin, &order)
                .and_then(|()| stored(&collector, &origin, &order, &server.origin))
                .with_context(|| format!("the page {} in {name}", page.name))?;
            answers += 1;
            counted(&collector, &origin, answers)
                .with_context(|| format!("the page {} in {name}", page.name))?;
        }
        step.done();
    }
    // Nothing has come late.
    counted(&collector, &origin, answers)?;
    Ok(not_tried)
}

/// A fresh folder with the pages, what they are made with, and the package, installed from its archive.
fn installed(package: &Path, work: &Path) -> Result<PathBuf> {
    let source = root().join("integrations/npm/tests/pages");
    let tools = tools::npm_locked(&source, "Vite, React, Vue, publint and attw")?;
    let step = Step::begin("The npm package: publint, attw, installed beside Vite");
    let project = work.join("project");
    for folder in [&source, &tools.join("node_modules")] {
        fs::create_dir_all(&project)?;
        let to = if folder == &source { project.clone() } else { project.join("node_modules") };
        command("cp").args(["--archive", "--no-target-directory"]).arg(folder).arg(to).run()?;
    }
    command("npm")
        .args(["install", "--offline", "--no-save", "--no-audit", "--no-fund"])
        .arg(package)
        .folder(&project)
        .output()?;
    let read = fs::read_to_string(project.join("node_modules/afterword-survey/README.md"))?;
    for page in PAGES {
        let folder = project.join(page.folder);
        let manifest: Value = serde_json::from_slice(&fs::read(folder.join("package.json"))?)?;
        let copies = format!("\"prebuild\": {}", manifest["scripts"]["prebuild"]);
        ensure!(read.contains(&copies), "the package's README does not say {copies}");
        fs::create_dir_all(folder.join("public"))?;
        fs::write(folder.join("public/probe.js"), PROBE)?;
    }
    let bin = project.join("node_modules/.bin");
    command(bin.join("publint")).arg("--strict").arg(package).folder(&project).output()?;
    let types = command(bin.join("attw")).args(["--profile", "esm-only", "--no-emoji"]);
    types.arg(package).folder(&project).output()?;
    step.done();
    Ok(project)
}

/// Checks the types of the pages, and builds them for a collector.
fn build(project: &Path, collector: &str) -> Result<()> {
    let step = Step::begin("Pages with React and Vue: types");
    for folder in ["react", "vue"] {
        npm_run("types", &project.join(folder)).output()?;
    }
    step.done();
    let step = Step::begin("Pages with React and Vue: built by Vite");
    for page in PAGES {
        let program = npm_run("build", &project.join(page.folder));
        let mode = if page.development { "development" } else { "production" };
        program
            .args(["--", "--mode", mode, "--outDir", page.built, "--logLevel", "warn"])
            .env("NODE_ENV", mode)
            .env("VITE_ENDPOINT", format!("{collector}/v1/responses"))
            .output()?;
    }
    step.done();
    Ok(())
}

fn npm_run(script: &str, folder: &Path) -> Program {
    command("npm").args(["run", "--silent", script]).folder(folder)
}

/// A running server of a built page, which ends when this value is dropped.
struct Server {
    process: Child,
    origin: String,
}

impl Server {
    fn start(project: &Path, page: &Page) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = command(project.join("node_modules/.bin/vite"))
            .args(["preview", "--strictPort", "--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--outDir", page.built])
            .folder(&project.join(page.folder))
            .start(Stdio::null())?;
        let mut server = Self { process, origin: format!("http://127.0.0.1:{port}") };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(server.process.try_wait()?.is_none(), "the server of {} ended", page.name);
            ensure!(Instant::now() < until, "the server of {} does not listen", page.name);
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        ended(&mut self.process);
    }
}

/// The customer's words.
const COMMENT: &str = "All well.";

/// Answers the question about an order, sees that about the next, and leaves.
fn visit(browser: &Browser, page: &Page, origin: &str, order: &str) -> Result<()> {
    browser.visit(&format!("{origin}/?order={order}"))?;
    browser.wait("!!probe.state()?.question")?;
    let holds = |what: &str| -> Result<()> {
        ensure!(browser.read(what)? == true, "not true on the page: {what}");
        Ok(())
    };
    let one = "probe.hosts().length == 1 && document.querySelectorAll('script[src$=\"/afterword.js\"]').length == 1";
    // When half of it has been in view.
    let shown =
        |times: usize| format!("probe.events.filter(it => it.name == 'shown').length == {times}");
    holds(page.mounted)?;
    holds(one)?;
    browser.wait(&shown(1))?;
    browser.click_in_survey("input[value=\"9\"] + span")?;
    browser.click_in_survey("textarea")?;
    browser.keys(COMMENT)?;
    browser.click_in_survey(".send")?;
    browser.wait("probe.state()?.thanks")?;
    holds(page.answered)?;

    browser.click("#next")?;
    browser.wait(&format!(
        "probe.hosts()[0]?.dataset.orderId == '{order}-next' && !!probe.state()?.question \
         && !probe.state().thanks"
    ))?;
    holds(one)?;
    browser.wait(&shown(2))?;
    browser.click("#leave")?;
    browser.wait("probe.hosts().length == 0")?;
    // Time for what a survey that is gone would still do.
    browser.wait("(probe.idle ??= probe.quiet().then(() => probe.idle = 1)) == 1")?;
    let names = browser.read("probe.events.map(it => it.name).join()")?;
    ensure!(names == "shown,scored,submitted,shown", "the survey told the page: {names}");
    // React advertises its tools to developers.
    let noise = "probe.noise.filter(it => !it.includes('React DevTools'))";
    let noise = browser.read(noise)?;
    ensure!(noise == json!([]), "in the console: {noise}");
    Ok(())
}

/// Waits until the order's answer is complete in the collector, and checks it.
fn stored(collector: &Collector, origin: &str, order: &str, page: &str) -> Result<()> {
    let answer = eventually(|| {
        let list = get(collector, &format!("{origin}/v1/responses"))?;
        let answers = list["responses"].as_array().context("a list of answers")?;
        let ours: Vec<_> = answers.iter().filter(|it| it["order"]["id"] == order).collect();
        ensure!(ours.len() <= 1, "one answer was given, and these are stored: {list}");
        let complete = ours.first().filter(|it| it["complete"] == true);
        Ok(complete.map(|&it| it.clone()).ok_or_else(|| format!("not complete in {list}")))
    })?;
    for (field, value) in [
        ("score", json!(9)),
        ("comment", json!(COMMENT)),
        ("touchpoint", json!("order")),
        ("page", json!(format!("{page}/"))),
        ("order", json!({ "id": order })),
    ] {
        ensure!(answer[field] == value, "{field} is not {value} in the stored answer: {answer}");
    }
    Ok(())
}

/// Waits until the report counts these answers, and both questions of each visit as shown once.
fn counted(collector: &Collector, origin: &str, answers: u64) -> Result<()> {
    eventually(|| {
        // Nobody reads as fast as this customer, whom the collector takes for a machine.
        let report = get(collector, &format!("{origin}/v1/report?flagged=with"))?;
        let [given, shown] = ["answers", "displays"].map(|it| report[it].as_u64().unwrap_or(0));
        let counts = format!(
            "{answers} answers were given and {} questions shown; the report counts {given} and {shown}",
            2 * answers
        );
        ensure!(given <= answers && shown <= 2 * answers, counts);
        Ok(if (given, shown) == (answers, 2 * answers) { Ok(()) } else { Err(counts) })
    })
}

/// What the collector's API says.
fn get(collector: &Collector, address: &str) -> Result<Value> {
    let said = curl(&["--header", &format!("Authorization: Bearer {}", collector.token), address])?;
    serde_json::from_str(&said).with_context(|| said.clone())
}

/// Asks until there is something; until then, the inner error says what there is.
fn eventually<T>(mut ask: impl FnMut() -> Result<Result<T, String>>) -> Result<T> {
    let until = Instant::now() + PATIENCE;
    loop {
        match ask()? {
            Ok(found) => return Ok(found),
            Err(why) => ensure!(Instant::now() < until, why),
        }
        thread::sleep(Duration::from_millis(50));
    }
}
