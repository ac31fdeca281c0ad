//! Measures how many answers a second the collector accepts over HTTP, beside a bare loop that writes the
//! same rows.
//!
//! `cargo xtask bench ingest` builds the collector for release and prints, of one run on one disk:
//!
//! - a bare loop: one connection that writes batches of 100 of the very rows that the collector had written
//!   (answers, facts, words, moments, roll-ups), with the same pragmas, statements prepared once;
//! - the collector over HTTP, kept alive, its processor time and the generator's own;
//! - how long an answer takes at half of that rate, counted from when it should have been sent;
//! - memory, also with thousands of connections;
//! - `seed` and `import`, in rows a second and memory;
//! - how long answers take while eight readers search for words that no comment has;
//! - the rate with rules for alerts, beside a collector without them, in turns.
//!
//! Single figures hold only for one machine; the ratios hold for others, too. It fails if the collector
//! accepts less than half of the bare loop's rate. `AFTERWORD_ANSWERS` sets how many answers are sent.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

fn main() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    println!("this reads processor time and memory from Linux's /proc");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        io::{BufRead as _, BufReader},
        net::SocketAddr,
        path::Path,
        process::{Child, Command, Stdio},
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::{Duration, Instant},
    };

    use rusqlite::{Connection, types::Value};
    use serde_json::json;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        task::JoinSet,
    };

    /// Answers that are sent as fast as possible, unless `AFTERWORD_ANSWERS` is set.
    const DEFAULT_ANSWERS: usize = 60_000;
    /// Connections that send at the same time.
    const SENDERS: usize = 256;
    /// Connections that are open at the same time, if the system allows so many.
    const CONNECTIONS: usize = 10_000;
    /// Answers in a transaction of the bare loop.
    const BATCH_ANSWERS: usize = 100;
    /// The share of the bare loop's rate that the collector has to reach.
    const MIN_SHARE: f64 = 0.5;
    /// For how long half of the maximal rate is sent.
    const STEADY_TIME: Duration = Duration::from_secs(10);
    /// Readers that search for words that no comment has.
    const READERS: usize = 8;
    /// Ticks a second in which Linux counts processor time.
    const TICKS_PER_SECOND: f64 = 100.0;
    /// Rules that every answer is checked by, as many as a shop may have.
    const RULES: usize = 50;
    /// Bursts to each of two collectors, in turns.
    const BURSTS: usize = 8;
    const TOKEN: &str = "the token of this benchmark";

    pub(crate) fn run() {
        let answers =
            std::env::var("AFTERWORD_ANSWERS").map_or(DEFAULT_ANSWERS, |it| it.parse().unwrap());
        raise_descriptors();
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let folder = folder.path();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();

        let server = Server::start(folder);
        runtime.block_on(flood(server.address, 0, answers / 20));
        let (theirs, ours) = (server.processor(), processor("self"));
        let begun = Instant::now();
        runtime.block_on(flood(server.address, answers, answers));
        let took = begun.elapsed();
        let (theirs, ours) = (server.processor() - theirs, processor("self") - ours);
        let rate = rate(answers, took);
        println!("HTTP, {SENDERS} connections kept alive: {rate:.0} answers/s of {answers}");
        println!(
            "  processor: the collector's {:.0} µs an answer, the generator's {:.0} µs; together {:.0} % of a core",
            theirs / answers as f64 * 1e6,
            ours / answers as f64 * 1e6,
            (theirs + ours) / took.as_secs_f64() * 100.0
        );
        println!("  memory: {} MB at most", server.memory());

        let mut took =
            runtime.block_on(steady(server.address, 2 * answers, rate / 2.0, STEADY_TIME));
        println!("At half of it: {}", Latencies::of(&mut took));

        let open = runtime.block_on(idle(server.address, 40 * answers, CONNECTIONS));
        println!("With {open} connections: {} MB of memory at most", server.memory());
        server.stop();

        let bare = bare(folder);
        let share = rate / bare;
        println!(
            "A bare loop, batches of {BATCH_ANSWERS}: {bare:.0} answers/s; over HTTP {:.0} % of it",
            share * 100.0
        );
        bulk(folder, answers, bare);
        runtime.block_on(beside_readers(folder));
        beside_rules(&runtime, answers);
        assert!(share >= MIN_SHARE, "{:.0} % of the bare loop, and 50 % are due", share * 100.0);
    }

    /// Prints the rate of a collector with rules on, and of one without, whose bursts alternate.
    fn beside_rules(runtime: &tokio::runtime::Runtime, answers: usize) {
        let folders = [0, 1].map(|_| tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        let servers = [0, 1].map(|at: usize| Server::start(folders[at].path()));
        runtime.block_on(async {
            let mut line = Line::open(servers[1].address).await.unwrap();
            for rule in 0..RULES {
                let form = format!("of=answer&at_most={}&word=word{rule}", rule % 7);
                let request = format!(
                    "POST /settings/alerts HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n\
                     Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
                    form.len()
                );
                assert_eq!(line.exchange(request.as_bytes()).await, 303);
            }
        });
        let burst = answers / BURSTS;
        let mut took = [Duration::ZERO; 2];
        let mut used = [0.0; 2];
        // The first burst to each warms it up.
        for turn in 0..=BURSTS {
            for (at, server) in servers.iter().enumerate() {
                let (before, begun) = (server.processor(), Instant::now());
                runtime.block_on(flood(server.address, turn * burst, burst));
                if turn > 0 {
                    took[at] += begun.elapsed();
                    used[at] += server.processor() - before;
                }
            }
        }
        let sent = BURSTS * burst;
        let [without, with] = took.map(|took| rate(sent, took));
        let [plain, ruled] = used.map(|used| used / sent as f64 * 1e6);
        println!(
            "With {RULES} rules: {with:.0} answers/s, without {without:.0} ({:.2} of it), in {BURSTS} bursts each in turns; \
             processor {ruled:.0} and {plain:.0} µs an answer",
            with / without
        );
        for server in servers {
            server.stop();
        }
    }

    fn rate(answers: usize, took: Duration) -> f64 {
        answers as f64 / took.as_secs_f64()
    }

    /// Raises the limit on descriptors as far as the system allows: each connection takes two in this process.
    fn raise_descriptors() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let limit = getrlimit(Resource::Nofile);
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    }

    /// Seconds of processor time that a process has used.
    fn processor(process: &str) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks = fields.split_whitespace().skip(11).take(2).map(|it| it.parse::<f64>().unwrap());
        ticks.sum::<f64>() / TICKS_PER_SECOND
    }

    /// The peak memory of a process in megabytes; `None` once it has ended.
    fn memory(process: u32) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? >> 10)
    }

    fn collector(folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_afterword-collector"));
        command
            .current_dir(folder)
            .env("AFTERWORD_TOKEN", TOKEN)
            .env("AFTERWORD_LOG", "error")
            .env_remove("DATABASE_URL")
            .env_remove("AFTERWORD_CONFIG");
        command
    }

    struct Server {
        process: Child,
        address: SocketAddr,
    }

    impl Server {
        fn start(folder: &Path) -> Self {
            let mut process = collector(folder)
                .args(["serve", "--listen", "127.0.0.1:0", "--limits", "off"])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let said = BufReader::new(process.stdout.take().unwrap());
            let address = said
                .lines()
                .map_while(Result::ok)
                .find_map(|line| line.strip_prefix("Listening on http://")?.parse().ok());
            Self { address: address.expect("a collector that listens"), process }
        }

        fn processor(&self) -> f64 {
            processor(&self.process.id().to_string())
        }

        fn memory(&self) -> u64 {
            memory(self.process.id()).unwrap()
        }

        fn stop(mut self) {
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
    fn request(number: usize) -> Vec<u8> {
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
    struct Line {
        stream: TcpStream,
        buffer: Vec<u8>,
    }

    impl Line {
        async fn open(address: SocketAddr) -> std::io::Result<Self> {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(Self { stream, buffer: vec![0; 16 << 10] })
        }

        /// Sends a request, waits for the whole answer, and returns its status.
        async fn exchange(&mut self, request: &[u8]) -> u16 {
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

    /// Sends `answers` answers as fast as possible, numbered from `first`.
    async fn flood(address: SocketAddr, first: usize, answers: usize) {
        let next = Arc::new(AtomicUsize::new(first));
        let mut senders = JoinSet::new();
        for _ in 0..SENDERS {
            let next = Arc::clone(&next);
            senders.spawn(async move {
                let mut line = Line::open(address).await.unwrap();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= first + answers {
                        break;
                    }
                    assert_eq!(line.exchange(&request(number)).await, 200);
                }
            });
        }
        while let Some(sender) = senders.join_next().await {
            sender.unwrap();
        }
    }

    /// Sends answers at a fixed rate. Returns how long each took, from when it was due, so that a collector that
    /// falls behind does not look better.
    async fn steady(
        address: SocketAddr,
        first: usize,
        a_second: f64,
        during: Duration,
    ) -> Vec<Duration> {
        let begin = Instant::now() + Duration::from_millis(50);
        let mut senders = JoinSet::new();
        for sender in 0..SENDERS {
            senders.spawn(async move {
                let mut line = Line::open(address).await.unwrap();
                let mut took = Vec::new();
                for turn in 0.. {
                    let number = turn * SENDERS + sender;
                    let due = Duration::from_secs_f64(number as f64 / a_second);
                    if due >= during {
                        break;
                    }
                    tokio::time::sleep_until((begin + due).into()).await;
                    assert_eq!(line.exchange(&request(first + number)).await, 200);
                    took.push((begin + due).elapsed());
                }
                took
            });
        }
        let mut all = Vec::new();
        while let Some(took) = senders.join_next().await {
            all.extend(took.unwrap());
        }
        all
    }

    /// Opens connections that each send one answer and stay open; returns how many could be opened.
    async fn idle(address: SocketAddr, first: usize, connections: usize) -> usize {
        let mut lines = Vec::new();
        for number in 0..connections {
            let Ok(mut line) = Line::open(address).await else { break };
            line.buffer = vec![0; 1 << 10];
            assert_eq!(line.exchange(&request(first + number)).await, 200);
            lines.push(line);
        }
        lines.len()
    }

    struct Latencies {
        median: Duration,
        most: Duration,
        count: usize,
    }

    impl Latencies {
        fn of(took: &mut [Duration]) -> Self {
            took.sort();
            let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
            Self { median: at(0.5), most: at(0.99), count: took.len() }
        }
    }

    impl std::fmt::Display for Latencies {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let Self { median, most, count } = self;
            write!(out, "median {median:.1?}, 99 of 100 within {most:.1?} ({count} answers)")
        }
    }

    /// Writes the rows that the collector wrote into an empty copy of its database, in batches; returns the
    /// answers per second.
    fn bare(folder: &Path) -> f64 {
        let (from, to) = (folder.join("afterword.db"), folder.join("bare.db"));
        fs::copy(&from, &to).unwrap();
        let rows = Rows::of(&Connection::open(&from).unwrap());
        let file = Connection::open(&to).unwrap();
        for (pragma, value) in
            [("journal_mode", "WAL"), ("synchronous", "FULL"), ("foreign_keys", "1")]
        {
            file.pragma_update(None, pragma, value).unwrap();
        }
        file.pragma_update(None, "cache_size", -16 * 1024).unwrap();
        file.execute_batch(
            "DELETE FROM responses; DELETE FROM response_facts; DELETE FROM order_moments;
             INSERT INTO comment_words (comment_words) VALUES ('delete-all'); VACUUM;
             PRAGMA wal_checkpoint(TRUNCATE); PRAGMA secure_delete = 1;",
        )
        .unwrap();
        let begun = Instant::now();
        for batch in rows.answers.chunks(BATCH_ANSWERS) {
            rows.write(&file, batch);
        }
        let took = begun.elapsed();
        let count: i64 =
            file.query_row("SELECT count(*) FROM responses", [], |row| row.get(0)).unwrap();
        assert_eq!(usize::try_from(count).unwrap(), rows.answers.len());
        rate(rows.answers.len(), took)
    }

    /// All rows that were written for each answer.
    struct Rows {
        answers: Vec<Answer>,
        insert: String,
    }

    struct Answer {
        columns: Vec<Value>,
        /// Survey and touchpoint.
        place: (String, String),
        received_at: i64,
        number: i64,
        facts: Vec<i64>,
        moments: Vec<Vec<Value>>,
        words: String,
    }

    /// All rows of a table that belong to each answer, by its number.
    fn by_number(file: &Connection, sql: &str) -> BTreeMap<i64, Vec<Vec<Value>>> {
        let mut all = BTreeMap::<i64, Vec<Vec<Value>>>::new();
        let mut statement = file.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (1..columns).map(|index| row.get(index).unwrap()).collect();
            all.entry(row.get(0).unwrap()).or_default().push(values);
        }
        all
    }

    impl Rows {
        fn of(file: &Connection) -> Self {
            let mut facts = by_number(file, "SELECT number, fact FROM response_facts");
            let mut moments = by_number(file, "SELECT number, * FROM order_moments");
            let mut all = file.prepare("SELECT * FROM responses ORDER BY number").unwrap();
            let names: Vec<String> = all.column_names().iter().map(|it| (*it).to_owned()).collect();
            let marks = vec!["?"; names.len()].join(", ");
            let insert = format!("INSERT INTO responses ({}) VALUES ({marks})", names.join(", "));
            let answers = all.query_map([], |row| {
                let columns: Vec<Value> =
                    (0..names.len()).map(|index| row.get(index)).collect::<Result<_, _>>()?;
                let (number, received_at) = (row.get("number")?, row.get("received_at")?);
                let comment: Option<String> = row.get("comment")?;
                let fact = |row: Vec<Value>| match row[0] {
                    Value::Integer(fact) => fact,
                    _ => panic!("a fact is a number"),
                };
                Ok(Answer {
                    columns,
                    place: (row.get("survey")?, row.get("touchpoint")?),
                    received_at,
                    number,
                    facts: facts
                        .remove(&number)
                        .unwrap_or_default()
                        .into_iter()
                        .map(fact)
                        .collect(),
                    moments: moments.remove(&number).unwrap_or_default(),
                    words: comment.map(|it| words(&it, received_at)).unwrap_or_default(),
                })
            });
            Self { answers: answers.unwrap().collect::<Result<_, _>>().unwrap(), insert }
        }

        fn write(&self, file: &Connection, batch: &[Answer]) {
            let run = |sql: &str, values: &[Value]| {
                let mut statement = file.prepare_cached(sql).unwrap();
                statement.execute(rusqlite::params_from_iter(values)).unwrap();
            };
            run("BEGIN IMMEDIATE", &[]);
            let mut shared = BTreeSet::new();
            let mut places = BTreeSet::new();
            for answer in batch {
                run(&self.insert, &answer.columns);
                places.insert(&answer.place);
                for fact in &answer.facts {
                    run(
                        "INSERT INTO response_facts VALUES (?, ?, ?)",
                        &[(*fact).into(), answer.received_at.into(), answer.number.into()],
                    );
                    shared.insert((*fact, &answer.place));
                }
                for moment in &answer.moments {
                    let marks = vec!["?"; moment.len()].join(", ");
                    run(&format!("INSERT INTO order_moments VALUES ({marks})"), moment);
                }
                if !answer.words.is_empty() {
                    run(
                        "INSERT INTO comment_words (rowid, words) VALUES (?, ?)",
                        &[answer.number.into(), answer.words.clone().into()],
                    );
                }
            }
            for (survey, touchpoint) in places {
                run(
                    "UPDATE daily_scores SET answers = answers + 1 WHERE survey = ? AND touchpoint = ?",
                    &[survey.clone().into(), touchpoint.clone().into()],
                );
            }
            for (fact, (survey, touchpoint)) in shared {
                run(
                    "UPDATE daily_facets SET answers = answers + 1
                     WHERE (facet, value) = (SELECT facet, value FROM facts WHERE fact = ?)
                         AND day = (SELECT max(day) FROM daily_scores) AND survey = ? AND touchpoint = ?",
                    &[fact.into(), survey.clone().into(), touchpoint.clone().into()],
                );
            }
            run("COMMIT", &[]);
        }
    }

    /// The words of a comment, each after its day, as the collector indexes them.
    fn words(comment: &str, received_at: i64) -> String {
        let day = received_at / 86_400_000;
        let words = comment.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        words.map(|word| format!("{day:07}·{} ", word.to_lowercase())).collect()
    }

    /// Measures `seed` and `import`: rows a second and memory, beside the bare loop.
    fn bulk(folder: &Path, answers: usize, bare: f64) {
        let run = |arguments: &[&str]| {
            let begun = Instant::now();
            let mut process =
                collector(folder).args(arguments).stdout(Stdio::null()).spawn().unwrap();
            let mut most = 0;
            let status = loop {
                if let Some(status) = process.try_wait().unwrap() {
                    break status;
                }
                most = memory(process.id()).unwrap_or(0).max(most);
                std::thread::sleep(Duration::from_millis(10));
            };
            assert!(status.success(), "{arguments:?}");
            (begun.elapsed(), most)
        };
        let count = answers.to_string();
        let (took, most) = run(&["seed", "--database", "sqlite://seeded.db", "--answers", &count]);
        let seeded = rate(answers, took);
        println!("seed: {seeded:.0} answers/s ({:.0} %), {most} MB", seeded / bare * 100.0);
        let export = ["export", "--database", "sqlite://seeded.db", "--format", "jsonl"];
        run(&[&export[..], &["--output", "all.jsonl"]].concat());
        let (took, most) = run(&["import", "--database", "sqlite://imported.db", "all.jsonl"]);
        let imported = rate(answers, took);
        println!("import: {imported:.0} answers/s ({:.0} %), {most} MB", imported / bare * 100.0);
    }

    /// Measures how long answers take beside [`READERS`] searches in the seeded year.
    async fn beside_readers(folder: &Path) {
        let place = folder.join("readers");
        fs::create_dir(&place).unwrap();
        fs::rename(folder.join("seeded.db"), place.join("afterword.db")).unwrap();
        let server = Server::start(&place);
        let address = server.address;
        let during = Duration::from_secs(5);
        let mut alone = steady(address, 1 << 24, 50.0, during).await;
        println!("50 answers a second: {}", Latencies::of(&mut alone));
        let mut readers = JoinSet::new();
        for reader in 0..READERS {
            readers.spawn(async move {
                let filters = ["segment=passive&touchpoint=support&q=zzyzx", "survey=nowhere"];
                let request = format!(
                    "GET /v1/responses?{} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n\r\n",
                    filters[reader % filters.len()]
                );
                let mut line = Line::open(address).await.unwrap();
                loop {
                    line.exchange(request.as_bytes()).await;
                }
            });
        }
        let mut beside = steady(address, 1 << 25, 50.0, during).await;
        readers.abort_all();
        println!("beside {READERS} readers that find nothing: {}", Latencies::of(&mut beside));
        server.stop();
    }
}
