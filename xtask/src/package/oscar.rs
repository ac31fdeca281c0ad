//! A real shop: django-oscar from the registry, with the template that docs/SHOPS.md prints. An order in Chromium ends in
//! an answer that the collector has stored with the order's data.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::browser::Browser;
use super::collector::{Collector, curl, ended};
use super::{hex, snippet};
use crate::places::root;
use crate::run::{Program, Step, command};
use crate::tools::{self, Engine};

/// How long an answer may take from the page to the database.
const PATIENCE: Duration = Duration::from_secs(120);

/// Places an order in the shop, and answers the question on the page that thanks for it. Returns what could not be tried.
///
/// `program` is the collector; `work` is a folder for the shop's and the collector's data, which is emptied.
///
/// # Errors
/// The shop cannot be set up, or the answer does not arrive with the order's data.
pub(crate) fn order_and_answer(program: &Path, work: &Path) -> Result<Option<String>> {
    let requirements = fs::read_to_string(project().join("requirements.txt"))?;
    if tools::venv().is_err() {
        let what = "an order in django-oscar, for want of Python's modules venv and ensurepip";
        return Ok(Some(what.to_owned()));
    }
    tools::browsers(&[Engine::Chromium])?;
    let environment = tools::python("oscar", &requirements)?;
    let step = Step::begin("django-oscar: an order in Chromium, and an answer with its number");
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    let collector = Collector::start_in(&work.join("collector"), program, &[])?;
    let origin = format!("http://127.0.0.1:{}", collector.port);
    let docs = fs::read_to_string(root().join("docs/SHOPS.md"))?;
    let template = snippet(&docs, "django", 0).context("docs/SHOPS.md")?;
    ensure!(template.contains(DOCUMENTED), "the template does not name {DOCUMENTED}");
    let folder = work.join("shop");
    let place = folder.join("templates/oscar/checkout");
    fs::create_dir_all(&place)?;
    fs::write(place.join("thank_you.html"), template.replace(DOCUMENTED, &origin))?;
    fs::copy(stocked(&environment)?, folder.join(DATABASE))?;
    let shop = Shop::start(&environment, &folder)?;

    let browser = Browser::start()?;
    let number = order(&browser, &shop.origin)?;
    browser.click_in_survey("input[value=\"9\"] + span")?;
    browser.click_in_survey("textarea")?;
    browser.keys("Alles gut.")?;
    browser.click_in_survey(".send")?;
    browser.wait("probe.state()?.thanks")?;

    let answer = stored(&collector, &origin)?;
    let expected = json!({
        "survey": "after-the-purchase", "touchpoint": "order", "score": 9, "comment": "Alles gut.",
        "complete": true, "locale": "de", "page": format!("{}/checkout/thank-you/", shop.origin),
        "order": {
            "id": number, "value": "1024.90", "currency": "EUR", "country": "DE",
            "products": ["KANNE-1", "TEE-250"],
        },
    });
    for (field, value) in expected.as_object().into_iter().flatten() {
        ensure!(answer[field] == *value, "{field} is not {value} in the stored answer: {answer}");
    }
    step.done();
    Ok(None)
}

/// The address that stands for the collector in the docs.
const DOCUMENTED: &str = "https://feedback.shop.example";

/// The name of the shop's database in its folder.
const DATABASE: &str = "shop.db";

/// The folder with the shop's settings.
fn project() -> PathBuf {
    root().join("integrations/oscar/tests")
}

/// Python in the shop's environment, with the shop's settings.
fn python(environment: &Path, folder: &Path) -> Program {
    command(environment.join("bin/python"))
        .folder(&project())
        .env("DJANGO_SETTINGS_MODULE", "settings")
        .env("SHOP_FOLDER", folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONWARNINGS", "ignore")
}

/// The database of a shop with products and without orders. It is made once for each state of the shop's files, because
/// django-oscar's migrations take most of a minute.
fn stocked(environment: &Path) -> Result<PathBuf> {
    let mut digest = Sha256::new();
    for file in ["settings.py", "stock.py"] {
        digest.update(fs::read(project().join(file))?);
    }
    let name = hex(&digest.finalize());
    let database = environment.join(format!("shop-{}.db", name.get(..10).unwrap_or_default()));
    if database.exists() {
        return Ok(database);
    }
    let folder = environment.join(format!("shop-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    python(environment, &folder).args(["-m", "django", "migrate", "--verbosity=0"]).run()?;
    python(environment, &folder).arg("stock.py").run()?;
    fs::rename(folder.join(DATABASE), &database)?;
    fs::remove_dir_all(&folder)?;
    Ok(database)
}

/// A running shop, which ends when this value is dropped.
struct Shop {
    process: Child,
    origin: String,
    /// Kept open, so that the shop can write to it.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Shop {
    fn start(environment: &Path, folder: &Path) -> Result<Self> {
        let log = fs::File::create(folder.join("log"))?;
        let mut process = python(environment, folder)
            .args(["-m", "django", "runserver", "--noreload", "127.0.0.1:0"])
            .errors(log.into())
            .start(Stdio::piped())?;
        let mut lines = BufReader::new(process.stdout.take().context("its output")?).lines();
        let origin = loop {
            let Some(line) = lines.next() else {
                bail!("the shop ended at once: {}", fs::read_to_string(folder.join("log"))?);
            };
            let line = line?;
            if let Some((_, address)) = line.split_once("development server at ") {
                break address.trim().trim_end_matches('/').to_owned();
            }
        };
        Ok(Self { process, origin, _output: lines })
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        ended(&mut self.process);
    }
}

/// Orders both products without an account; returns the order's number as the page says it to the customer.
fn order(browser: &Browser, shop: &str) -> Result<String> {
    for product in ["kanne_1", "tee_2"] {
        browser.visit(&format!("{shop}/catalogue/{product}/"))?;
        browser.click("#add_to_basket_form [type=submit]")?;
    }
    browser.visit(&format!("{shop}/checkout/"))?;
    browser.write("[name=username]", "kim@shop.example")?;
    browser.click("[name=options][value=anonymous]")?;
    browser.click("form [type=submit]")?;
    browser.write("[name=last_name]", "Lenz")?;
    browser.write("[name=line1]", "Am Hafen 1")?;
    browser.click("#new_shipping_address [type=submit]")?;
    browser.click("#view_preview")?;
    browser.click("#place-order")?;
    let number = browser.wait("document.querySelector('.lead strong')?.textContent")?;
    Ok(number.as_str().context("the order's number")?.to_owned())
}

/// The only stored answer, as soon as it is complete.
pub(super) fn stored(collector: &Collector, origin: &str) -> Result<Value> {
    let token = format!("Authorization: Bearer {}", collector.token);
    let until = Instant::now() + PATIENCE;
    loop {
        let list = curl(&["--header", &token, &format!("{origin}/v1/responses")])?;
        let mut list: Value = serde_json::from_str(&list).with_context(|| list.clone())?;
        let answers = list["responses"].as_array().context("a list of answers")?;
        ensure!(answers.len() <= 1, "one answer was given, and these are stored: {list}");
        if answers.first().is_some_and(|answer| answer["complete"] == true) {
            return Ok(list["responses"][0].take());
        }
        ensure!(Instant::now() < until, "no complete answer arrives: {list}");
        thread::sleep(Duration::from_millis(50));
    }
}
