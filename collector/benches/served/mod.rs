//! A collector's program as a process, and what is sent to it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Ticks a second in which Linux counts processor time.
const TICKS_PER_SECOND: f64 = 100.0;
/// The token for everything that needs one.
pub(crate) const TOKEN: &str = "the token of this benchmark";

/// Raises the limit on descriptors as far as the system allows: each connection takes two in this process.
pub(crate) fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Seconds of processor time that a process has used.
pub(crate) fn processor(process: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(11).take(2).map(|it| it.parse::<f64>().unwrap());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

/// The peak memory of a process in megabytes; `None` once it has ended.
pub(crate) fn memory(process: u32) -> Option<u64> {
    status(process, "VmHWM")
}

/// A line of a process's `status`, in megabytes.
fn status(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? >> 10)
}

pub(crate) fn collector(folder: &Path) -> Command {
    in_folder(Path::new(env!("CARGO_BIN_EXE_afterword-collector")), folder)
}

/// The command that runs a collector's program in a folder, with nothing set but what the benchmark needs.
pub(crate) fn in_folder(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("AFTERWORD_TOKEN", TOKEN)
        .env("AFTERWORD_LOG", "error")
        .env_remove("DATABASE_URL")
        .env_remove("AFTERWORD_CONFIG");
    command
}

/// A running collector.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut command = collector(folder);
        command.args(["serve", "--listen", "127.0.0.1:0", "--limits", "off"]);
        Self::listening(command)
    }

    /// Runs the command, and waits until it listens.
    pub(crate) fn listening(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let address = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Listening on http://")?.parse().ok());
        Self { address: address.expect("a collector that listens"), process }
    }

    pub(crate) fn processor(&self) -> f64 {
        processor(&self.process.id().to_string())
    }

    pub(crate) fn memory(&self) -> u64 {
        memory(self.process.id()).unwrap()
    }

    /// The number of open files and sockets.
    pub(crate) fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap().count()
    }

    pub(crate) fn memory_now(&self) -> u64 {
        status(self.process.id(), "VmRSS").unwrap()
    }

    pub(crate) fn stop(mut self) {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A shop's answer: five facts, and a comment in every third.
pub(crate) fn request(number: usize) -> Vec<u8> {
    let pick = |from: &[&'static str]| from[number % from.len()];
    let comment = number.is_multiple_of(3).then(|| {
        format!(
            "Delivery number {number} came {} and the parcel was {}, I would order again",
            pick(&["early", "late", "on the day", "after a week"]),
            pick(&["fine", "torn", "wet", "well packed", "too large"]),
        )
    });
    let body = json!({
        "version": 1, "id": format!("0192f0c1-7a2b-7c3d-8e4f-{:012x}", number * 7_919 + 1),
        "revision": 1, "complete": true, "survey": "post-purchase",
        "touchpoint": pick(&["order", "delivery", "support"]), "score": number % 11,
        "comment": comment, "shown_at": "2026-11-21T17:00:00.000Z",
        "scored_at": "2026-11-21T17:00:04.120Z", "sent_at": "2026-11-21T17:00:04.520Z",
        "page": "https://shop.example/thank-you", "locale": pick(&["de", "en-GB"]),
        "method": {
            "question": "How likely are you to recommend us to friends or colleagues?",
            "low_label": "not at all", "high_label": "very", "layout": "two-rows",
            "mode": "inline", "release": "0.1.0"
        },
        "order": {
            "id": format!("A-{number}"), "value": "129.90", "currency": "EUR",
            "country": pick(&["DE", "AT", "CH", "NL", "FR"]),
            "products": [format!("SKU {}", number % 40)]
        },
        "customer": { "id": format!("C-{}", number % 50_000), "kind": pick(&["new", "returning"]) },
        "properties": { "coupon": pick(&["WELCOME", "AUTUMN", "NONE"]) }
    })
    .to_string();
    format!(
        "POST /v1/responses HTTP/1.1\r\nHost: bench\r\nOrigin: https://shop.example\r\n\
         Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A keep-alive connection.
pub(crate) struct Line {
    stream: TcpStream,
    pub(crate) buffer: Vec<u8>,
}

impl Line {
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 16 << 10] })
    }

    /// Waits until the collector closes the connection.
    pub(crate) async fn until_closed(mut self) {
        while self.stream.read(&mut self.buffer).await.is_ok_and(|read| read > 0) {}
    }

    /// Sends a request, waits for the whole answer, and returns its status.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> u16 {
        self.stream.write_all(request).await.unwrap();
        let (mut filled, mut wanted) = (0, None);
        while wanted.is_none_or(|wanted| filled < wanted) {
            if filled == self.buffer.len() {
                self.buffer.resize(2 * filled, 0);
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await.unwrap();
            assert!(read > 0, "the connection was closed");
            filled += read;
            if wanted.is_none() {
                let text = String::from_utf8_lossy(&self.buffer[..filled]).to_ascii_lowercase();
                wanted = text.find("\r\n\r\n").map(|head| {
                    let length = text[..head].split("content-length: ").nth(1);
                    let length = length.and_then(|it| it.split("\r\n").next());
                    head + 4 + length.map_or(0, |it| it.parse().unwrap())
                });
            }
        }
        String::from_utf8_lossy(&self.buffer[9..12]).parse().unwrap()
    }
}
