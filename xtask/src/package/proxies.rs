//! Runs the web servers of docs/RUNNING.md, with the configurations printed there, with TLS in front of a collector.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::collector::{ANSWER, Collector, curl, ended};
use super::snippet;
use crate::places::root;
use crate::run::{Step, command};
use crate::tools;

/// A web server: its program, its Debian package, the language of its code block, and the function that makes a complete
/// configuration of the block.
struct Server {
    program: &'static str,
    package: &'static str,
    language: &'static str,
    whole: fn(&str, &Path, u16) -> String,
    start: &'static [&'static str],
}

const SERVERS: [Server; 3] = [
    Server {
        program: "nginx",
        package: "nginx-light",
        language: "nginx",
        whole: nginx,
        start: &["-g", "daemon off;", "-c"],
    },
    Server {
        program: "caddy",
        package: "caddy",
        language: "caddyfile",
        whole: caddy,
        start: &["run", "--adapter", "caddyfile", "--config"],
    },
    Server {
        program: "apache2",
        package: "apache2-bin",
        language: "apache",
        whole: apache,
        start: &["-D", "FOREGROUND", "-f"],
    },
];

/// The address that the client claims in a header, and that a proxy must not pass on.
const CLAIMED: &str = "203.0.113.9";

/// Runs each of them; returns the names of those that cannot be installed on this machine.
pub(super) fn play(program: &Path, work: &Path) -> Result<Vec<&'static str>> {
    let docs = fs::read_to_string(root().join("docs/RUNNING.md"))?;
    certificate(work)?;
    let mut missing = Vec::new();
    for server in SERVERS {
        if tools::find(server.program).is_none()
            && let Err(error) = tools::programs(&[(server.program, server.package)], "web servers")
        {
            eprintln!("    {}: {error:#}", server.program);
            missing.push(server.program);
            continue;
        }
        let step = Step::begin(&format!("{} with TLS, by docs/RUNNING.md", server.program));
        let snippet = snippet(&docs, server.language, 0).context("docs/RUNNING.md")?;
        in_front_of_a_collector(&server, snippet, program, work)?;
        overwrites_what_is_claimed(&server, snippet, work)?;
        if server.program == "nginx" {
            under_a_path(&server, snippet, super::snippet(&docs, "nginx", 1)?, program, work)?;
        }
        step.done();
    }
    Ok(missing)
}

fn certificate(work: &Path) -> Result<()> {
    tools::programs(&[("openssl", "openssl")], "what makes a certificate")?;
    command("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext"])
        .args(["subjectAltName=DNS:localhost", "-keyout"])
        .arg(work.join("feedback.key"))
        .arg("-out")
        .arg(work.join("feedback.pem"))
        .output()?;
    Ok(())
}

fn nginx(snippet: &str, work: &Path, port: u16) -> String {
    let work = work.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {work}/nginx-{kind};\n"))
        .collect();
    // nginx's workers of another user could not enter a folder that is only root's. Without root's rights nginx ignores this.
    format!(
        "user root;\npid {work}/nginx.pid;\nerror_log {work}/nginx.log;\nevents {{}}\nhttp {{\naccess_log off;\n\
         {temporary}{}\n}}\n",
        snippet
            .replace("listen 443", &format!("listen 127.0.0.1:{port}"))
            .replace("/etc/ssl/", &format!("{work}/"))
    )
}

fn caddy(snippet: &str, work: &Path, port: u16) -> String {
    let work = work.display();
    let here = format!("https://localhost:{port}");
    format!(
        "{{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tstorage file_system {work}/caddy\n}}\n{}",
        snippet.replace(
            "feedback.shop.example {",
            &format!("{here} {{\n    tls {work}/feedback.pem {work}/feedback.key")
        )
    )
}

fn apache(snippet: &str, work: &Path, port: u16) -> String {
    let modules: String = [
        ("mpm_event", "mpm_event"),
        ("authz_core", "authz_core"),
        ("socache_shmcb", "socache_shmcb"),
        ("ssl", "ssl"),
        ("proxy", "proxy"),
        ("proxy_http", "proxy_http"),
        ("headers", "headers"),
    ]
    .iter()
    .map(|(name, file)| {
        format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{file}.so\n")
    })
    .collect();
    let work = work.display();
    format!(
        "{modules}ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {work}/apache.pid\nErrorLog {work}/apache.log\n\
         DefaultRuntimeDir {work}\nUser www-data\nGroup www-data\n{}",
        snippet.replace("*:443", &format!("*:{port}")).replace("/etc/ssl/", &format!("{work}/"))
    )
}

/// A running web server, which ends when this value is dropped.
struct Running {
    child: Child,
    port: u16,
}

impl Running {
    fn start(server: &Server, snippet: &str, behind: u16, work: &Path) -> Result<Self> {
        let port = free_port()?;
        let snippet = snippet.replace("127.0.0.1:8080", &format!("127.0.0.1:{behind}"));
        let file = work.join(format!("{}.conf", server.program));
        fs::write(&file, (server.whole)(&snippet, work, port))?;
        let child = command(server.program)
            .args(server.start)
            .arg(&file)
            .env("HOME", work)
            .env("XDG_DATA_HOME", work)
            .start(Stdio::null())?;
        let mut running = Self { child, port };
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = running.child.try_wait()? {
                bail!(
                    "{} ended ({status}); its configuration is {}",
                    server.program,
                    file.display()
                );
            }
            ensure!(Instant::now() < until, "{} does not listen", server.program);
            thread::sleep(Duration::from_millis(20));
        }
        Ok(running)
    }

    fn origin(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        ended(&mut self.child);
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Checks the first account by the setup link, the cookie with `__Host-`, the tag with host and port, and a large import.
fn in_front_of_a_collector(
    server: &Server,
    snippet: &str,
    program: &Path,
    work: &Path,
) -> Result<()> {
    let collector = Collector::start(program, &[("AFTERWORD_TRUSTED_PROXIES", "127.0.0.1")])?;
    let running = Running::start(server, snippet, collector.port, work)?;
    let origin = running.origin();
    let setup = format!("{origin}{}", collector.setup);
    let page = curl(&[&setup])?;
    ensure!(page.contains("name=\"password\""), "no page for the first account:\n{page}");
    let made = curl(&[
        "--include",
        "--header",
        &format!("Origin: {origin}"),
        "--data",
        "name=Kim&login=kim&password=a+harbour+and+a+hill",
        &setup,
    ])?;
    let cookie = made
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().to_owned())
        })
        .with_context(|| format!("nobody is signed in:\n{made}"))?;
    ensure!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "not the safest: {cookie}");
    let answer = curl(&["--json", ANSWER, &format!("{origin}/v1/responses")])?;
    ensure!(answer.contains("\"revision\":1"), "an answer was not taken: {answer}");
    let cookie = format!("Cookie: {}", cookie.split(';').next().unwrap_or_default());
    let page = curl(&["--header", &cookie, &format!("{origin}/surveys/default")])?;
    ensure!(page.contains(&format!("{origin}/afterword.js")), "the tag has lost its host:\n{page}");

    let file = work.join("large.csv");
    let mut rows = String::from("score,time,comment\n");
    for _ in 0..4_000 {
        rows.push_str(&format!("9,2026-01-02T03:04:05Z,{}\n", "long ".repeat(120)));
    }
    ensure!(rows.len() > 2_000_000, "not large");
    fs::write(&file, rows)?;
    let imported = curl(&[
        "--header",
        &format!("Authorization: Bearer {}", collector.token),
        "--header",
        "Content-Type: text/csv",
        "--data-binary",
        &format!("@{}", file.display()),
        &format!("{origin}/v1/import"),
    ])?;
    ensure!(imported.contains("\"rows\":4000"), "a large import did not arrive: {imported}");
    Ok(())
}

/// Checks that the collector gets the sender's address from the proxy, and not the one that the sender claims.
fn overwrites_what_is_claimed(server: &Server, snippet: &str, work: &Path) -> Result<()> {
    let echo = TcpListener::bind("127.0.0.1:0")?;
    let running = Running::start(server, snippet, echo.local_addr()?.port(), work)?;
    let heard = thread::spawn(move || -> Result<String> {
        let (stream, _) = echo.accept()?;
        let mut head = String::new();
        let mut reader = BufReader::new(&stream);
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
        (&stream).write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
        Ok(head.to_ascii_lowercase())
    });
    let claim = format!("X-Forwarded-For: {CLAIMED}");
    curl(&["--header", &claim, &format!("{}/readyz", running.origin())])?;
    let Ok(head) = heard.join() else { bail!("what was heard is lost") };
    let head = head?;
    for line in ["x-forwarded-for: 127.0.0.1\r\n", "x-forwarded-proto: https\r\n"] {
        ensure!(head.contains(line), "{line:?} is not in\n{head}");
    }
    let host = format!("host: localhost:{}\r\n", running.port);
    ensure!(head.contains(&host), "{host:?} is not in\n{head}");
    ensure!(!head.contains(CLAIMED), "{head}");
    Ok(())
}

/// Checks the script, its files and its endpoint under a path of the shop, and that a page says that it needs a host name.
fn under_a_path(
    server: &Server,
    whole: &str,
    location: &str,
    program: &Path,
    work: &Path,
) -> Result<()> {
    let collector = Collector::start(program, &[])?;
    let before = whole.split("    location / {").next().unwrap_or_default();
    let running = Running::start(server, &format!("{before}{location}}}\n"), collector.port, work)?;
    let at = |path: &str| format!("{}/feedback/{path}", running.origin());
    ensure!(curl(&[&at("afterword.js")])?.contains("v1/responses"), "no script under the path");
    let answer = curl(&["--json", ANSWER, &at("v1/responses")])?;
    ensure!(answer.contains("\"revision\":1"), "an answer under the path was not taken: {answer}");
    let page = curl(&[&at("login")])?;
    ensure!(page.contains("a host name of their own"), "the page says nothing:\n{page}");
    Ok(())
}
