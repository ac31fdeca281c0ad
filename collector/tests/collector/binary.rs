//! The binary itself: its help, its start and end, and the data that it stores.
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
};

use serde_json::json;

use crate::{
    bench::response,
    process::{Process, TOKEN, command, read_answer},
};

/// Runs the command to its end: whether it succeeded, standard output, standard error.
fn run(arguments: &[&str]) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = command().current_dir(folder.path()).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn help_explains_every_setting_with_its_variable_and_default() {
    let (success, text, _) = run(&["serve", "--help"]);
    assert!(success);
    for said in [
        "--listen",
        "AFTERWORD_LISTEN",
        "127.0.0.1:8080",
        "--database",
        "DATABASE_URL",
        "sqlite://afterword.db",
        "--token",
        "AFTERWORD_TOKEN",
        "--assets",
        "AFTERWORD_ASSETS",
        "--log-format",
        "--config",
        "AFTERWORD_CONFIG",
        "--public-url",
        "AFTERWORD_PUBLIC_URL",
        "AFTERWORD_LOG",
        "POST /v1/responses",
        "Examples:",
    ] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
    let (success, text, _) = run(&["--help"]);
    assert!(success && text.contains("serve"), "{text}");
    let (success, text, _) = run(&["--version"]);
    assert!(success && text.starts_with("afterword-collector "), "{text}");
    assert!(!run(&[]).0, "without a command there is nothing to do");
}

#[test]
fn the_manual_and_the_completions_have_every_command_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let output = command()
        .arg("reference")
        .arg(folder.path())
        .env(TOKEN.0, TOKEN.1)
        .env("DATABASE_URL", "sqlite://of-this-machine.db")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let serve = read("man/afterword-collector-serve.1");
    assert!(serve.contains("AFTERWORD_LISTEN"), "{serve}");
    let bash = read("completions/afterword-collector.bash");
    for known in ["doctor", "reset-link", "--trusted-proxies"] {
        assert!(bash.contains(known), "{known}");
    }
    let all = read("man/afterword-collector.1") + &serve + &bash;
    for secret in [TOKEN.1, "of-this-machine"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[test]
fn the_help_never_shows_the_token_that_is_set() {
    let output = command().args(["serve", "--help"]).env(TOKEN.0, TOKEN.1).output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains(TOKEN.1));
}

#[test]
fn a_start_that_cannot_succeed_says_why_and_what_to_do() {
    for (arguments, reason) in [
        (
            &["--listen=127.0.0.1:0", "--database=postgres://u:secret@localhost/db"][..],
            "not supported in this release",
        ),
        (
            &["--listen=127.0.0.1:0", "--database=sqlite:///nowhere/at/all/a.db"],
            "does its folder exist",
        ),
        (&["--listen=127.0.0.1:0", "--database=mysql://u:secret@localhost/db"], "sqlite://FILE"),
        (&["--listen=somewhere"], "--listen"),
        (&["--log-format=xml"], "json"),
    ] {
        let (success, out, error) = run(&[&["serve"], arguments].concat());
        assert!(!success, "{arguments:?}");
        assert!(error.contains(reason), "{arguments:?}: {error}");
        assert!(!error.contains("secret"), "{error}");
        assert!(!out.contains("Listening"), "{out}");
    }
}

#[test]
fn a_file_that_is_not_a_database_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    fs::write(&file, "Dear customer, ".repeat(100)).unwrap();
    let output = command()
        .args(["serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(format!("sqlite://{}", file.display()))
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("letter.txt"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "Dear customer, ".repeat(100));
}

#[test]
fn the_token_is_printed_once_and_answers_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = Process::start(folder.path(), &[], &[]);
    let token = match first.said.as_slice() {
        [token, link] => {
            assert!(link.starts_with("Create the first account"), "{link}");
            token.strip_prefix("Admin token (shown only this once): ").unwrap().to_owned()
        }
        other => panic!("{other:?}"),
    };
    assert!(token.starts_with("aw_") && token.len() == 46, "256 bits: {token}");
    let sent = response();
    assert_eq!(first.post(&sent.to_string()).0, 200);
    assert_eq!(first.list("another").0, 401);
    first.stop();

    let second = Process::start(folder.path(), &[], &[]);
    assert!(second.said.iter().all(|line| !line.contains("token")), "it is not shown again");
    let (status, list) = second.list(&token);
    assert_eq!((status, &list["responses"][0]["id"]), (200, &sent["id"]));
    second.stop();

    let third = Process::start(folder.path(), &[], &[TOKEN]);
    assert_eq!((third.list(TOKEN.1).0, third.list(&token).0), (200, 401), "the given token rules");
    third.stop();

    // Neither the database nor the log holds a token.
    for file in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for secret in [&token, TOKEN.1] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
    }
}

#[test]
fn the_database_is_readable_by_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    assert_eq!(process.post(&response().to_string()).0, 200);
    for name in ["afterword.db", "afterword.db-wal"] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    process.stop();
    assert!(!folder.path().join("afterword.db-wal").exists(), "the log is folded in at the end");
}

#[test]
fn an_answer_given_a_200_outlives_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let mut sent = Vec::new();
    for _ in 0..3 {
        let process = Process::start(folder.path(), &[], &[TOKEN]);
        let response = response();
        assert_eq!(process.post(&response.to_string()).0, 200);
        process.kill();
        sent.push(response["id"].clone());
    }
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let (_, list) = process.list(TOKEN.1);
    let kept: Vec<_> =
        list["responses"].as_array().unwrap().iter().rev().map(|it| it["id"].clone()).collect();
    assert_eq!(kept, sent);
    process.stop();
}

#[test]
fn both_signals_let_a_request_in_flight_finish() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Process::start(folder.path(), &[], &[TOKEN]);
        let sent = response();
        let body = sent.to_string();

        let mut stream = process.connect();
        write!(
            stream,
            "POST /v1/responses HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\
             Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .unwrap();
        // The go-ahead comes when the handler waits for the body: the request is in flight.
        let mut line = String::new();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while !line.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut line).unwrap(), 0);
        }
        assert!(line.starts_with("HTTP/1.1 100"), "{line}");
        process.signal(signal);
        // Refused connections show that the signal has been heard.
        while TcpStream::connect(process.address).is_ok() {
            std::thread::yield_now();
        }
        stream.write_all(body.as_bytes()).unwrap();
        assert_eq!(read_answer(&mut stream), (200, json!({ "id": sent["id"], "revision": 1 })));
        assert!(process.wait().success());

        let again = Process::start(folder.path(), &[], &[TOKEN]);
        assert_eq!(again.list(TOKEN.1).1["responses"][0]["id"], sent["id"]);
        again.stop();
    }
}

#[test]
fn a_sender_of_a_body_that_is_too_large_can_read_the_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let (status, problem) = process.post(&" ".repeat(900_000));
    assert_eq!((status, &problem["type"]), (413, &json!("/problems/too-large")));
    process.stop();
}

#[test]
fn the_log_is_json_if_asked_and_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(
        folder.path(),
        &["--log-format", "json"],
        &[TOKEN, ("AFTERWORD_LOG", "trace")],
    );
    let mut sent = response();
    assert_eq!(process.post(&sent.to_string()).0, 200);
    sent["properties"] = json!({ "a secret name": "x", "another secret name": "Kim" });
    assert_eq!(process.post(&sent.to_string()).0, 200);
    sent["score"] = json!(11);
    assert_eq!(process.post(&sent.to_string()).0, 422);
    assert_eq!(process.list(TOKEN.1).0, 200);
    let address = process.address;
    process.stop();

    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["timestamp"].is_string() && line["level"].is_string());
    }
    assert!(log.contains("\"problem\":\"invalid-field\",\"fields\":\"score\""), "{log}");
    assert!(log.contains("\"fields\":\"properties\""), "{log}");
    for private in [TOKEN.1, "Schnell", "kim@example.org", "A-1001", "secret name"] {
        assert!(!log.contains(private), "{private} is in\n{log}");
    }
    // The listener's own address has a port of its own; a client's is the address alone.
    let log = log.replace(&address.to_string(), "");
    assert!(!log.contains("127.0.0.1"), "{log}");
}

/// The path behind the address in a line that holds a link.
fn path(line: &str) -> String {
    let (_, rest) = line.split_once("://").unwrap_or_else(|| panic!("no link in {line}"));
    rest[rest.find('/').unwrap()..].trim().to_owned()
}

#[test]
fn the_first_account_is_created_by_a_link_that_each_start_prints_anew_until_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let first = Process::start(folder.path(), &[], &[TOKEN]);
    let old = path(&first.said[0]);
    first.stop();
    let second = Process::start(folder.path(), &[], &[TOKEN]);
    let link = path(&second.said[0]);
    assert_ne!(old, link);
    let form = "name=Kim&login=kim&password=correct+horse+battery";
    assert_eq!(second.form(&old, form), 410, "the link before has ended");
    assert_eq!(second.form(&link, form), 303);
    assert_eq!(second.form(&link, form), 410, "it works once");
    second.stop();
    let third = Process::start(folder.path(), &[], &[TOKEN]);
    assert_eq!(third.said, [""; 0]);
    third.stop();

    for file in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for secret in [&old[7..], &link[7..], "correct horse", "correct+horse"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
    }
}

#[test]
fn a_lost_password_is_replaced_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let admin = |arguments: &[&str]| {
        let output =
            command().current_dir(folder.path()).arg("admin").args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    };
    let (success, _, error) = admin(&["list"]);
    assert!(!success && error.contains("there is no database"), "{error}");
    assert!(!folder.path().join("afterword.db").exists(), "nothing is made by looking");

    let process = Process::start(folder.path(), &[], &[TOKEN]);
    let (_, out, _) = admin(&["reset-link"]);
    assert!(out.starts_with("Create the first account"), "{out}");
    let form = "name=Kim&login=Kim@shop.example&password=correct+horse+battery";
    assert_eq!(process.form(&path(&out), form), 303);

    assert_eq!(admin(&["list"]).1, "kim@shop.example\tadmin\tKim\n");
    let (success, _, error) = admin(&["reset-link", "alex"]);
    assert!(!success && error.contains("admin list"), "{error}");
    let (_, out, _) = admin(&["reset-link", "--public-url", "https://feedback.shop.example/"]);
    assert!(out.contains(": https://feedback.shop.example/password/"), "{out}");
    assert_eq!(process.form(&path(&out), "password=short"), 422);
    assert_eq!(process.form(&path(&out), "password=another+good+password"), 303);
    assert_eq!(
        process.form("/login", "login=kim@shop.example&password=correct+horse+battery"),
        422
    );
    assert_eq!(
        process.form("/login", "login=kim@shop.example&password=another+good+password"),
        303
    );
    process.stop();

    // The paths of links are secrets, too.
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("/password/{secret}") && !log.contains(&path(&out)), "{log}");
}

#[test]
fn a_settings_file_says_where_to_listen_and_what_surveys_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("afterword.toml");
    fs::write(
        &file,
        "database = \"sqlite://from-the-file.db\"\npublic-url = \"https://feedback.shop.example\"\n\
         log-format = \"json\"\ntime-zone = \"Europe/Berlin\"\n[surveys.autumn]\nname = \"Autumn\"\n",
    )
    .unwrap();
    let process = Process::start(folder.path(), &["--config", "afterword.toml"], &[TOKEN]);
    assert!(process.said[0].contains("https://feedback.shop.example/setup/"), "{:?}", process.said);
    assert!(folder.path().join("from-the-file.db").exists());
    process.stop();
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.lines().all(|line| line.starts_with('{')), "{log}");

    // The command line overrides the file.
    let variables = [TOKEN, ("AFTERWORD_CONFIG", "afterword.toml")];
    let process = Process::start(folder.path(), &["--database", "sqlite://said.db"], &variables);
    assert!(folder.path().join("said.db").exists());
    process.stop();
}

#[test]
fn all_errors_of_a_settings_file_are_reported_at_once_and_nothing_starts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("afterword.toml");
    fs::write(&file, "lisen = \"127.0.0.1:0\"\n\n[surveys.a]\nretention-days = \"forever\"\n")
        .unwrap();
    let start = |name: &str| {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--config", name];
        let output = command().current_dir(folder.path()).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (success, error) = start("afterword.toml");
    assert!(!success);
    for said in [
        "afterword.toml:1: lisen is no setting; did you mean listen?",
        "afterword.toml:4: retention-days must be a whole number of days from 1 to 36500",
    ] {
        assert!(error.contains(said), "{said} is missing in {error}");
    }
    assert!(!folder.path().join("afterword.db").exists());
    let (success, error) = start("nowhere.toml");
    assert!(!success && error.contains("nowhere.toml cannot be read"), "{error}");
}

#[test]
fn every_command_finds_the_database_that_the_settings_file_names() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("afterword.toml"),
        "database = \"sqlite://named.db\"\npublic-url = \"https://feedback.shop.example\"\n",
    )
    .unwrap();
    let process = Process::start(folder.path(), &["--config", "afterword.toml"], &[TOKEN]);
    assert_eq!(process.post(&response().to_string()).0, 200);
    let run = |arguments: &[&str]| {
        let output = command()
            .current_dir(folder.path())
            .env("AFTERWORD_CONFIG", "afterword.toml")
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(&["export", "--format", "jsonl"]).lines().count(), 1);
    assert!(run(&["admin", "reset-link"]).contains(": https://feedback.shop.example/setup/"));
    assert!(run(&["backup", "copy.db"]).contains("1 answers"));
    process.stop();
    assert!(!folder.path().join("afterword.db").exists());
}

/// Container files pass on variables that are not set as empty ones.
#[test]
fn an_empty_variable_counts_as_absent() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(&["serve", "--help"]).1;
    let names = help.split("[env: ").skip(1).filter_map(|rest| rest.split(['=', ']']).next());
    let empty: Vec<(&str, &str)> =
        names.chain(["AFTERWORD_LOG", "RUST_LOG"]).map(|name| (name, "")).collect();
    assert!(empty.len() > 15, "{empty:?}");
    let process = Process::start(folder.path(), &[], &empty);
    assert_eq!(process.post(&response().to_string()).0, 200);
    process.stop();
    let doctor = command()
        .current_dir(folder.path())
        .envs(empty.iter().copied())
        .arg("doctor")
        .output()
        .unwrap();
    assert!(doctor.status.success(), "{doctor:?}");
}

/// As in `doctor | head -1`.
#[test]
fn a_command_whose_output_is_closed_ends_silently() {
    let folder = tempfile::tempdir().unwrap();
    Process::start(folder.path(), &[], &[TOKEN]).stop();
    for arguments in
        [&["doctor"][..], &["receipts"], &["backup", "copy.db"], &["admin", "reset-link"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output =
            command().current_dir(folder.path()).args(arguments).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{arguments:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {output:?}");
    }
}
