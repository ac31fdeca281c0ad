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
//! - `seed` and `import`, in answers a second and memory, each beside a bare loop of its own rows;
//! - how long answers take while eight readers search for words that no comment has;
//! - the rate with rules for alerts, beside a collector without them, in turns;
//! - if `AFTERWORD_EARLIER` names the program of an earlier release, its rate, in turns with this one's.
//!
//! Single figures hold only for one machine; the ratios hold for others, too. Each share of a bare loop is
//! measured three times, in turns with that loop, and the median counts. It fails if the collector accepts less
//! than half of the bare loop's rate, or `seed` or `import` has less than 60 % of the rate of its own.
//! `AFTERWORD_ANSWERS` sets how many answers are sent.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

fn main() {
    #[cfg(target_os = "linux")]
    linux::run();
    #[cfg(not(target_os = "linux"))]
    println!("this reads processor time and memory from Linux's /proc");
}

#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "another benchmark uses all of it")]
mod served;

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        net::SocketAddr,
        path::Path,
        process::Stdio,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::{Duration, Instant},
    };

    use rusqlite::{Connection, types::Value};
    use tokio::task::JoinSet;

    use crate::served::{
        Line, Server, TOKEN, collector, in_folder, memory, processor, raise_descriptors, request,
    };

    /// Answers that are sent as fast as possible, unless `AFTERWORD_ANSWERS` is set.
    const DEFAULT_ANSWERS: usize = 60_000;
    /// Connections that send at the same time.
    const SENDERS: usize = 256;
    /// Connections that are open at the same time, if the system allows so many.
    const CONNECTIONS: usize = 10_000;
    /// Answers in a transaction of the bare loop.
    const BATCH_ANSWERS: usize = 100;
    /// Rows in a transaction of the bare loop beside `seed`, as many as it writes in one.
    const SEEDED_ROWS: usize = 5_000;
    /// The same beside `import`.
    const IMPORTED_ROWS: usize = 1_000;
    /// The share of the bare loop's rate that the collector has to reach.
    const MIN_SHARE: f64 = 0.5;
    /// The share of a bare loop of their own rows that `seed` and `import` have to reach.
    const MIN_SHARE_OF_BULK: f64 = 0.6;
    /// For how long half of the maximal rate is sent.
    const STEADY_TIME: Duration = Duration::from_secs(10);
    /// Readers that search for words that no comment has.
    const READERS: usize = 8;
    /// Rules that every answer is checked by, as many as a shop may have.
    const RULES: usize = 50;
    /// Bursts to each of two collectors, in turns.
    const BURSTS: usize = 8;
    /// How often each share is measured. The median counts, because a disk that others use is slow for seconds.
    const ROUNDS: usize = 3;

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

        let share = median([0; ROUNDS].map(|_| {
            let folder = tempfile::tempdir_in(folder).unwrap();
            let server = Server::start(folder.path());
            let rate = as_fast_as_possible(&runtime, &server, answers);
            server.stop();
            let bare = bare(&folder.path().join("afterword.db"), BATCH_ANSWERS);
            println!(
                "  a bare loop, batches of {BATCH_ANSWERS}: {bare:.0} answers/s; over HTTP {:.0} % of it",
                rate / bare * 100.0
            );
            rate / bare
        }));
        println!("Over HTTP {:.0} % of a bare loop, the median", share * 100.0);

        let server = Server::start(folder);
        let rate = as_fast_as_possible(&runtime, &server, answers);
        let mut took =
            runtime.block_on(steady(server.address, 2 * answers, rate / 2.0, STEADY_TIME));
        println!("At half of it: {}", Latencies::of(&mut took));
        let open = runtime.block_on(idle(server.address, 40 * answers, CONNECTIONS));
        println!(
            "With {open} connections: {} MB of memory, {} MB at most since the start",
            server.memory_now(),
            server.memory()
        );
        server.stop();

        let of_bulk = bulk(folder, answers);
        runtime.block_on(beside_readers(folder));
        beside_rules(&runtime, answers);
        if let Some(earlier) = std::env::var_os("AFTERWORD_EARLIER") {
            beside_earlier(&runtime, Path::new(&earlier), answers);
        }
        for (what, share, due) in
            [("over HTTP", share, MIN_SHARE), ("of seed or import", of_bulk, MIN_SHARE_OF_BULK)]
        {
            let (percent, due_percent) = (share * 100.0, due * 100.0);
            assert!(
                share >= due,
                "{what}: {percent:.0} % of the bare loop, {due_percent} % are due"
            );
        }
    }

    /// The median of some shares.
    fn median(mut shares: [f64; ROUNDS]) -> f64 {
        shares.sort_by(f64::total_cmp);
        shares[ROUNDS / 2]
    }

    /// Sends answers as fast as the collector takes them; prints and returns the answers a second.
    fn as_fast_as_possible(
        runtime: &tokio::runtime::Runtime,
        server: &Server,
        answers: usize,
    ) -> f64 {
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
        rate
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
        let sent = answers / BURSTS * BURSTS;
        let Turns { took, used } = in_turns(runtime, &servers, answers / BURSTS);
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

    /// Prints the rate of the collector beside the one of an earlier release, whose program `AFTERWORD_EARLIER`
    /// names. Bursts to the two alternate.
    fn beside_earlier(runtime: &tokio::runtime::Runtime, earlier: &Path, answers: usize) {
        let folders = [0, 1].map(|_| tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
        let [theirs, ours] = folders.each_ref().map(tempfile::TempDir::path);
        let mut command = in_folder(earlier, theirs);
        // The first release has no limits that could be switched off.
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let servers = [Server::listening(command), Server::start(ours)];
        let sent = answers / BURSTS * BURSTS;
        let Turns { took, used } = in_turns(runtime, &servers, answers / BURSTS);
        let [before, now] = took.map(|took| rate(sent, took));
        let [before_used, now_used] = used.map(|used| used / sent as f64 * 1e6);
        println!(
            "The earlier release: {before:.0} answers/s, this one {now:.0} ({:.1} times), in {BURSTS} bursts each in turns; \
             processor {before_used:.0} and {now_used:.0} µs an answer",
            now / before
        );
        for server in servers {
            server.stop();
        }
    }

    /// What [`BURSTS`] bursts to each of two collectors took, and the seconds of processor time that they used.
    struct Turns {
        took: [Duration; 2],
        used: [f64; 2],
    }

    /// Sends bursts to two collectors in turns, so that a change of the machine's speed meets both. The first burst
    /// to each warms it up and is not measured.
    fn in_turns(runtime: &tokio::runtime::Runtime, servers: &[Server; 2], burst: usize) -> Turns {
        let mut turns = Turns { took: [Duration::ZERO; 2], used: [0.0; 2] };
        for turn in 0..=BURSTS {
            for (at, server) in servers.iter().enumerate() {
                let (before, begun) = (server.processor(), Instant::now());
                runtime.block_on(flood(server.address, turn * burst, burst));
                if turn > 0 {
                    turns.took[at] += begun.elapsed();
                    turns.used[at] += server.processor() - before;
                }
            }
        }
        turns
    }

    fn rate(answers: usize, took: Duration) -> f64 {
        answers as f64 / took.as_secs_f64()
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

    /// Writes the rows that the collector wrote into an empty copy of its database, so many answers or displays in a
    /// transaction; returns the answers per second.
    fn bare(from: &Path, batch: usize) -> f64 {
        let to = from.with_extension("bare");
        fs::copy(from, &to).unwrap();
        let rows = Rows::of(&Connection::open(from).unwrap());
        let file = Connection::open(&to).unwrap();
        for (pragma, value) in
            [("journal_mode", "WAL"), ("synchronous", "FULL"), ("foreign_keys", "1")]
        {
            file.pragma_update(None, pragma, value).unwrap();
        }
        file.pragma_update(None, "cache_size", -16 * 1024).unwrap();
        file.execute_batch(
            "DELETE FROM responses; DELETE FROM response_facts; DELETE FROM order_moments; DELETE FROM displays;
             INSERT INTO comment_words (comment_words) VALUES ('delete-all'); VACUUM;
             PRAGMA wal_checkpoint(TRUNCATE); PRAGMA secure_delete = 1;",
        )
        .unwrap();
        let begun = Instant::now();
        for batch in rows.answers.chunks(batch) {
            rows.write(&file, batch);
        }
        for batch in rows.displays.chunks(batch) {
            Rows::write_displays(&file, batch);
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
        displays: Vec<Vec<Value>>,
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
            let mut words = words(file);
            let mut all = file.prepare("SELECT * FROM responses ORDER BY number").unwrap();
            let names: Vec<String> = all.column_names().iter().map(|it| (*it).to_owned()).collect();
            let marks = vec!["?"; names.len()].join(", ");
            let insert = format!("INSERT INTO responses ({}) VALUES ({marks})", names.join(", "));
            let answers = all.query_map([], |row| {
                let columns: Vec<Value> =
                    (0..names.len()).map(|index| row.get(index)).collect::<Result<_, _>>()?;
                let (number, received_at) = (row.get("number")?, row.get("received_at")?);
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
                    words: words.remove(&number).unwrap_or_default(),
                })
            });
            let answers = answers.unwrap().collect::<Result<_, _>>().unwrap();
            let displays = by_number(file, "SELECT 0, * FROM displays").remove(&0);
            Self { answers, insert, displays: displays.unwrap_or_default() }
        }

        fn write_displays(file: &Connection, batch: &[Vec<Value>]) {
            put(file, "BEGIN IMMEDIATE", &[]);
            for display in batch {
                let marks = vec!["?"; display.len()].join(", ");
                put(file, &format!("INSERT INTO displays VALUES ({marks})"), display);
            }
            put(
                file,
                "UPDATE daily_displays SET shown = shown + 1 WHERE day = (SELECT max(day) FROM daily_displays)",
                &[],
            );
            put(file, "COMMIT", &[]);
        }

        fn write(&self, file: &Connection, batch: &[Answer]) {
            let run = |sql: &str, values: &[Value]| put(file, sql, values);
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
                    "UPDATE daily_scores SET answers = answers + 1
                     WHERE day = (SELECT max(day) FROM daily_scores) AND survey = ? AND touchpoint = ?",
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

    fn put(file: &Connection, sql: &str, values: &[Value]) {
        let mut statement = file.prepare_cached(sql).unwrap();
        statement.execute(rusqlite::params_from_iter(values)).unwrap();
    }

    /// The search entry of each answer, by its number: the very words that the collector has indexed.
    fn words(file: &Connection) -> BTreeMap<i64, String> {
        file.execute_batch(
            "CREATE VIRTUAL TABLE temp.entries USING fts5vocab(main, comment_words, instance)",
        )
        .unwrap();
        let mut all = BTreeMap::<i64, String>::new();
        let mut entries =
            file.prepare("SELECT doc, term FROM temp.entries ORDER BY doc, \"offset\"").unwrap();
        let mut rows = entries.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let text = all.entry(row.get(0).unwrap()).or_default();
            text.push_str(row.get_ref(1).unwrap().as_str().unwrap());
            text.push(' ');
        }
        all
    }

    /// Measures `seed` and `import`: answers a second and memory, each beside a bare loop of the very rows that it wrote, the
    /// seed's displays among them.
    fn bulk(folder: &Path, answers: usize) -> f64 {
        let share = |name: &str, (took, most): (Duration, u64), database: &str, rows: usize| {
            let (rate, bare) = (rate(answers, took), bare(&folder.join(database), rows));
            println!(
                "{name}: {rate:.0} answers/s, {:.0} % of a bare loop ({bare:.0}); {most} MB at most",
                rate / bare * 100.0
            );
            rate / bare
        };
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
        let of_seed = median(std::array::from_fn(|round| {
            let database = format!("seeded-{round}.db");
            let address = format!("sqlite://{database}");
            let seed = run(&["seed", "--database", &address, "--answers", &count]);
            share("seed", seed, &database, SEEDED_ROWS)
        }));
        let export = ["export", "--database", "sqlite://seeded-0.db", "--format", "jsonl"];
        run(&[&export[..], &["--output", "all.jsonl"]].concat());
        let of_import = median(std::array::from_fn(|round| {
            let database = format!("imported-{round}.db");
            let address = format!("sqlite://{database}");
            let import = run(&["import", "--database", &address, "all.jsonl"]);
            share("import", import, &database, IMPORTED_ROWS)
        }));
        let [seeded, imported] = [of_seed, of_import].map(|it| it * 100.0);
        println!("seed {seeded:.0} % of a bare loop, import {imported:.0} %, the medians");
        of_seed.min(of_import)
    }

    /// Measures how long answers take beside [`READERS`] searches in the seeded year.
    async fn beside_readers(folder: &Path) {
        let place = folder.join("readers");
        fs::create_dir(&place).unwrap();
        fs::rename(folder.join("seeded-0.db"), place.join("afterword.db")).unwrap();
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
