//! The plugin for WooCommerce in a real WordPress, that of Debian, with as much of WooCommerce as the plugin meets: the
//! owner sets it up on its page in Chromium, and a customer's answer on the page that thanks for an order is stored with the
//! order's data.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::browser::Browser;
use super::collector::{Collector, ended};
use super::{VERSION, oscar};
use crate::places::root;
use crate::run::{Program, Step, command};
use crate::tools::{self, Engine};

/// How long the database and the web server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where Debian installs WordPress.
const INSTALLED: &str = "/usr/share/wordpress";

/// The owner's password.
const PASSWORD: &str = "a shop for one test";

/// Plays it with the plugin's archive in `out`. `program` is the collector; `work` is emptied. Returns what could not be
/// tried.
pub(super) fn play(program: &Path, out: &Path, work: &Path) -> Result<Option<String>> {
    let what = "the plugin for WooCommerce in Debian's WordPress";
    let archive = out.join(format!("afterword-for-woocommerce-{VERSION}.zip"));
    let wordpress = Path::new(INSTALLED);
    let packages = "wordpress wordpress-theme-twentytwentythree php-mysql";
    let there = wordpress.join("wp-load.php").exists()
        || tools::programs(&[(WITHOUT_PROGRAM, packages)], "WordPress").is_ok();
    let needed = [("mariadbd", "mariadb-server-core"), ("php", "php-cli")];
    if !there || tools::programs(&needed, "WordPress's database").is_err() {
        return Ok(Some(format!("{what}, which takes Debian's packages")));
    }
    tools::browsers(&[Engine::Chromium])?;
    let step =
        Step::begin("WordPress: the plugin's settings, an order's answer, no trace afterwards");
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    let collector = Collector::start_in(&work.join("collector"), program, &[])?;
    let origin = format!("http://127.0.0.1:{}", collector.port);
    let shop = Shop::start(wordpress, &archive, work)?;
    eprintln!("    WordPress {}", shop.set_up["version"].as_str().unwrap_or_default());

    let browser = Browser::start()?;
    let thanks = |order: &str| {
        format!(
            "{}/?page_id={}&order-received={}",
            shop.origin, shop.set_up["page"], shop.set_up[order]
        )
    };
    browser.visit(&thanks("paid"))?;
    let asked = "!!document.querySelector('afterword-survey')";
    ensure!(browser.read(asked)? == false, "without an address somebody is asked");
    configure(&browser, &shop, &origin)?;
    browser.visit(&thanks("failed"))?;
    let text = browser.read("document.body.innerText")?;
    ensure!(text.as_str().is_some_and(|it| it.contains("Order details")), "not the page: {text}");
    ensure!(browser.read(asked)? == false, "somebody is asked about an order that failed");

    browser.visit(&thanks("paid"))?;
    browser.click_in_survey("input[value=\"9\"] + span")?;
    browser.click_in_survey("textarea")?;
    browser.keys("All well.")?;
    browser.click_in_survey(".send")?;
    browser.wait("probe.state()?.thanks")?;
    let answer = oscar::stored(&collector, &origin)?;
    let expected = json!({
        "survey": "after-an-order", "touchpoint": "order", "score": 9, "comment": "All well.",
        "complete": true, "customer": { "kind": "new" },
        "order": {
            "id": shop.set_up["paid"].to_string(), "value": "129.90", "currency": "EUR",
            "country": "DE", "products": ["POT, 5\"", "Can"],
        },
    });
    for (field, value) in expected.as_object().into_iter().flatten() {
        ensure!(answer[field] == *value, "{field} is not {value} in the stored answer: {answer}");
    }
    let question = answer["method"]["question"].as_str().unwrap_or_default();
    ensure!(question.contains("Harbour & Hill"), "the question names no shop: {question}");
    let left = shop.php(&["uninstall"])?;
    ensure!(left["left"] == 0, "a deleted plugin leaves {left}");
    let log = fs::read_to_string(shop.folder.join("log")).unwrap_or_default();
    let ours: Vec<_> =
        log.lines().filter(|line| COMPLAINTS.iter().any(|it| line.contains(it))).collect();
    ensure!(ours.is_empty(), "PHP complains: {ours:?}");
    step.done();
    Ok(None)
}

/// What a line of PHP's log contains if it is about the plugin: its folder, or what it logs.
const COMPLAINTS: [&str; 2] = ["plugins/afterword-for-woocommerce", "The survey was not shown"];

/// A name that no program has, for packages without one.
const WITHOUT_PROGRAM: &str = "WordPress";

/// Signs in as the shop's owner, and enters the collector's address and the survey on the plugin's page.
fn configure(browser: &Browser, shop: &Shop, collector: &str) -> Result<()> {
    browser.visit(&format!("{}/wp-login.php", shop.origin))?;
    browser.write("#user_login", "owner")?;
    browser.write("#user_pass", PASSWORD)?;
    browser.click("#wp-submit")?;
    browser.visit(&format!("{}/wp-admin/plugins.php", shop.origin))?;
    browser.click("tr[data-slug^=afterword] a[href*='page=afterword']")?;
    let shown = "document.querySelector('.notice, .error, .updated')?.innerText";
    for (address, survey, said) in [
        ("https://feedback.shop.example/?a=b", "after-an-order", "has to look like"),
        (collector, "after-an-order", "saved"),
    ] {
        browser
            .read("document.querySelectorAll('.form-table input').forEach(it => it.value = '')")?;
        browser.write("#afterword-address", address)?;
        browser.write("#afterword-survey", survey)?;
        browser.click("#submit")?;
        let notice = browser.read(shown)?;
        let notice = notice.as_str().unwrap_or_default();
        ensure!(notice.contains(said), "the page says {notice:?}, not that it {said}");
    }
    let kept = browser.read("document.querySelector('#afterword-address').value")?;
    ensure!(kept == collector, "the page shows the address {kept}");
    Ok(())
}

/// A running WordPress with its database, which end when this value is dropped.
struct Shop {
    folder: PathBuf,
    origin: String,
    /// What `setup.php` says: the version of WordPress, and the ids of the page and of the orders.
    set_up: Value,
    processes: Vec<Child>,
}

impl Shop {
    fn start(wordpress: &Path, archive: &Path, work: &Path) -> Result<Self> {
        let folder = work.join("shop");
        let site = folder.join("site");
        fs::create_dir_all(&folder)?;
        // Followed, because Debian's files lead to other packages.
        command("cp").args(["--recursive", "--dereference"]).arg(wordpress).arg(&site).run()?;
        let ours = root().join("integrations/woocommerce/tests/shop");
        fs::copy(ours.join("wp-config.php"), site.join("wp-config.php"))?;
        let always = site.join("wp-content/mu-plugins");
        fs::create_dir_all(&always)?;
        fs::copy(ours.join("stub.php"), always.join("stub.php"))?;
        zip::ZipArchive::new(fs::File::open(archive)?)?.extract(site.join("wp-content/plugins"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let origin = format!("http://127.0.0.1:{port}");
        let mut shop = Self { folder, origin, set_up: Value::Null, processes: Vec::new() };

        let data = shop.folder.join("database");
        let data = data.to_str().context("a path in UTF-8")?;
        command("mariadb-install-db")
            .args(["--no-defaults", "--user=root", "--skip-test-db"])
            .args(["--auth-root-authentication-method=normal", &format!("--datadir={data}")])
            .output()?;
        let database =
            command("mariadbd").args(["--no-defaults", "--user=root", "--skip-networking"]);
        let database =
            database.args([format!("--datadir={data}"), format!("--socket={data}/socket")]);
        let log = fs::File::create(shop.folder.join("database.log"))?;
        shop.processes.push(database.errors(log.into()).start(Stdio::null())?);
        let until = Instant::now() + PATIENCE;
        while !Path::new(data).join("socket").exists() {
            ensure!(Instant::now() < until, "MariaDB does not start; see {data}.log");
            thread::sleep(Duration::from_millis(50));
        }
        shop.set_up = shop.php(&[])?;
        let log = fs::File::create(shop.folder.join("requests"))?;
        let server = shop.environment(command("php")).env("PHP_CLI_SERVER_WORKERS", "2");
        let server = server.args(["-S", &format!("127.0.0.1:{port}"), "-t"]).arg(&site);
        shop.processes.push(server.errors(log.into()).start(Stdio::null())?);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(Instant::now() < until, "PHP does not serve");
            thread::sleep(Duration::from_millis(50));
        }
        Ok(shop)
    }

    fn environment(&self, program: Program) -> Program {
        program
            .env("SHOP_FOLDER", self.folder.join("site"))
            .env("SHOP_SOCKET", self.folder.join("database/socket"))
            .env("SHOP_ORIGIN", &self.origin)
            .env("SHOP_LOG", self.folder.join("log"))
            .env("SHOP_PASSWORD", PASSWORD)
    }

    /// What `setup.php` says.
    fn php(&self, arguments: &[&str]) -> Result<Value> {
        let script = root().join("integrations/woocommerce/tests/shop/setup.php");
        let said = self.environment(command("php")).arg(script).args(arguments).output();
        let said =
            said.with_context(|| fs::read_to_string(self.folder.join("log")).unwrap_or_default())?;
        serde_json::from_str(&said).with_context(|| said.clone())
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // The web server before the database.
        while let Some(mut process) = self.processes.pop() {
            ended(&mut process);
        }
    }
}
