//! The outbox: what is sent to webhooks and chats, when it is tried again, and what an erasure leaves.

use std::{
    fs,
    future::Future,
    io::{Read as _, Write as _},
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use afterword_collector::{AllowedHosts, Config, Resolve, SealKey};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::{
    bench::{Bench, LOGIN, response_with},
    erasure::assert_in_no_file,
    markup::{all, assert_nothing_inline, one, words, words_of},
    process::{Process, TOKEN},
};

/// Every host is this machine.
struct Here;

impl Resolve for Here {
    fn resolve(
        &self,
        _: String,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send + '_>> {
        Box::pin(async { Ok(vec!["127.0.0.1".parse().unwrap()]) })
    }
}

/// A request that a receiver got.
#[derive(Clone, Debug)]
struct Got {
    headers: HeaderMap,
    body: Bytes,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The signature that a receiver computes with a secret.
    fn signed_by(&self, secret: &str) -> String {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let (id, timestamp) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(&self.body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// A receiver of webhooks on this machine.
struct Receiver {
    address: String,
    got: Arc<Mutex<Vec<Got>>>,
    /// The statuses of the next answers; 200 once they are used up.
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address =
            format!("http://hooks.lan:{}/secret-hook", listener.local_addr().unwrap().port());
        let (got, answers) = (Arc::<Mutex<Vec<Got>>>::default(), Arc::<Mutex<Vec<u16>>>::default());
        type Shared = (Arc<Mutex<Vec<Got>>>, Arc<Mutex<Vec<u16>>>);
        let take = async |State((got, answers)): State<Shared>, headers: HeaderMap, body: Bytes| {
            got.lock().unwrap().push(Got { headers, body });
            let mut answers = answers.lock().unwrap();
            let status = if answers.is_empty() { 200 } else { answers.remove(0) };
            StatusCode::from_u16(status).unwrap()
        };
        let router = Router::new()
            .route("/secret-hook", post(take))
            .with_state((Arc::clone(&got), Arc::clone(&answers)));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, got, answers }
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

/// Settings with a key, and with hosts on this machine allowed.
fn ready(config: Config) -> Config {
    config
        .secrets_key(SealKey::read(&STANDARD.encode([7; 32])).unwrap())
        .outgoing_hosts(AllowedHosts::new(["hooks.lan"]))
        .resolver(Arc::new(Here))
        .public_url("https://feedback.shop.example")
}

async fn bench() -> (Bench, String) {
    let bench = Bench::with(ready).await;
    let admin = bench.admin().await;
    let rule = bench.own_form("/settings/alerts", &admin, "of=answer&at_most=6").await;
    assert_eq!(rule.status, 303, "{}", rule.text());
    (bench, admin)
}

fn form(kind: &str, name: &str, address: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("kind", kind).append_pair("name", name).append_pair("address", address);
    form.finish()
}

/// Adds a webhook; returns its secret, as the page shows it.
async fn webhook(bench: &Bench, admin: &str, name: &str, address: &str) -> String {
    let form = form("webhook", name, address);
    let answer = bench.own_form("/settings/alerts/targets", admin, &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!answer.text().contains("secret-hook"), "the address is not shown again");
    words(one(&answer.page(), "#fresh-secret"))
}

/// Sends a low score with these words, and runs the rules; returns the answer as it was sent.
async fn low(bench: &Bench, comment: &str) -> Value {
    let sent = response_with(&[("score", json!(2)), ("comment", json!(comment))]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    bench.collector.run_rules(later(5)).await.unwrap();
    sent
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(seconds)
}

async fn send_in(bench: &Bench, seconds: i64) {
    bench.collector.send_alerts(later(seconds)).await.unwrap();
}

async fn page(bench: &Bench, language: &str) -> scraper::Html {
    let answer = bench.get("/settings/alerts", &[LOGIN, ("accept-language", language)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.page()
}

/// What the page says of each message: its target, kind and state.
async fn messages(bench: &Bench) -> Vec<String> {
    words_of(&page(bench, "en").await, ".messages li .row > div > p:first-child")
}

async fn figure(bench: &Bench, name: &str) -> String {
    let text = bench.get("/metrics", &[LOGIN]).await.text();
    let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
    line.rsplit(' ').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_webhook_gets_an_alert_that_it_can_check() {
    let (bench, admin) = bench().await;
    let receiver = Receiver::start().await;
    let secret = webhook(&bench, &admin, "Helpdesk", &receiver.address).await;
    let sent = low(&bench, "Das Paket war kaputt.").await;
    send_in(&bench, 10).await;
    let [got] = &receiver.got()[..] else { panic!("{:?}", receiver.got()) };
    assert_eq!(got.header("content-type"), "application/json");
    assert!(got.header("webhook-id").starts_with("msg_"));
    assert_eq!(got.header("webhook-signature"), got.signed_by(&secret));
    let told = got.json();
    let response = &told["data"]["response"];
    let public = bench.collector.public_id(sent["id"].as_str().unwrap());
    assert_eq!(told["type"], "alert.created");
    assert_eq!((&response["id"], &response["score"]), (&json!(public), &json!(2)));
    assert_eq!(response["comment"], "Das Paket war kaputt.");
    assert_eq!(response["wants_contact"], true);
    let link = format!("https://feedback.shop.example/responses/{public}");
    assert_eq!(told["data"]["link"], json!(link));
    let text = told.to_string();
    for private in ["kim@example.org", sent["id"].as_str().unwrap()] {
        assert!(!text.contains(private), "{private} is in {text}");
    }
    assert_eq!(messages(&bench).await, ["Helpdesk · alert delivered"]);
    send_in(&bench, 5_000).await;
    assert_eq!(receiver.got().len(), 1, "what was delivered is not sent again");
}

#[tokio::test]
async fn a_rule_tells_the_targets_that_were_chosen_for_it() {
    let (bench, admin) = bench().await;
    let [helpdesk, office] = [Receiver::start().await, Receiver::start().await];
    webhook(&bench, &admin, "Helpdesk", &helpdesk.address).await;
    webhook(&bench, &admin, "Office", &office.address).await;
    let got = || [helpdesk.got().len(), office.got().len()];
    let choose = async |form: &str| {
        let answer = bench.own_form("/settings/alerts/rules/1/targets", &admin, form).await;
        assert_eq!(answer.header("location"), "/settings/alerts?done=alert-rule-changed");
        let told = words_of(&page(&bench, "en").await, ".entries details.more > summary");
        let rules = bench.get("/v1/rules", &[LOGIN]).await.json();
        (told[0].clone(), rules["rules"][0]["targets"].clone())
    };
    let mut seconds = 10;
    let mut after_low = async || {
        low(&bench, "Kaputt").await;
        seconds += 10;
        send_in(&bench, seconds).await;
        got()
    };
    // As it is after an update: every target.
    let rules = bench.get("/v1/rules", &[LOGIN]).await.json();
    assert_eq!(rules["rules"][0]["targets"], Value::Null);
    assert_eq!(after_low().await, [1, 1]);

    let (told, targets) = choose("tells=only&target=2&target=77").await;
    assert_eq!((&*told, targets), ("Tells: Office", json!([{ "id": 2, "name": "Office" }])));
    assert_eq!(after_low().await, [1, 2]);

    let (told, targets) = choose("tells=only").await;
    assert_eq!((&*told, targets), ("Tells: no target", json!([])));
    assert_eq!(after_low().await, [1, 2]);

    // A target that is removed is chosen no longer, and one that is added later is told only by a rule for all.
    choose("tells=only&target=1&target=2").await;
    bench.own_form("/settings/alerts/targets/2", &admin, "act=remove").await;
    let third = Receiver::start().await;
    webhook(&bench, &admin, "Third", &third.address).await;
    assert_eq!(after_low().await, [2, 2]);
    assert_eq!(third.got().len(), 0);
    let (told, targets) = choose("tells=all").await;
    assert_eq!((&*told, targets), ("Tells: every target", Value::Null));
    assert_eq!(after_low().await, [3, 2]);
    assert_eq!(third.got().len(), 1);
    let reader = bench.colleague(&admin, "ray", "reader").await;
    let refused = bench.own_form("/settings/alerts/rules/1/targets", &reader, "tells=all").await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn the_targets_of_a_new_rule_are_chosen_as_it_is_added() {
    let (bench, admin) = bench().await;
    let boxes = "form:has(input[value='wrote-back']) input[name=target]";
    assert!(all(&page(&bench, "en").await, boxes).is_empty(), "there is no target yet");
    let [helpdesk, office] = [Receiver::start().await, Receiver::start().await];
    webhook(&bench, &admin, "Helpdesk", &helpdesk.address).await;
    webhook(&bench, &admin, "Office", &office.address).await;
    for language in ["en", "de"] {
        let shown = page(&bench, language).await;
        assert_nothing_inline(&shown);
        for kind in ["answer", "silence", "fall", "wrote-back"] {
            let form = format!("form:has(input[value='{kind}'])");
            assert_eq!(all(&shown, &format!("{form} input[name=target]")).len(), 2, "{kind}");
            let every = format!("{form} input[name=tells][checked]");
            assert_eq!(one(&shown, &every).attr("value"), Some("all"), "{kind}");
        }
    }
    // What was refused keeps the choice.
    let refused = bench.own_form("/settings/alerts", &admin, "of=answer&tells=only&target=2").await;
    assert_eq!(refused.status, 422);
    let chosen = "form:has(input[value='answer']) input[name=target][checked]";
    assert_eq!(one(&refused.page(), chosen).attr("value"), Some("2"));

    let form = "of=answer&at_most=3&tells=only&target=2&target=77";
    assert_eq!(bench.own_form("/settings/alerts", &admin, form).await.status, 303);
    let rules = bench.get("/v1/rules", &[LOGIN]).await.json();
    assert_eq!(rules["rules"][0]["targets"], Value::Null);
    assert_eq!(rules["rules"][1]["targets"], json!([{ "id": 2, "name": "Office" }]));
    low(&bench, "Kaputt").await;
    send_in(&bench, 10).await;
    assert_eq!([helpdesk.got().len(), office.got().len()], [1, 2]);
}

#[tokio::test]
async fn a_message_that_does_not_arrive_is_tried_again_with_the_same_id() {
    let (bench, admin) = bench().await;
    let receiver = Receiver::start().await;
    webhook(&bench, &admin, "Helpdesk", &receiver.address).await;
    *receiver.answers.lock().unwrap() = vec![500, 302, 200];
    low(&bench, "Kaputt").await;
    send_in(&bench, 10).await;
    assert_eq!(messages(&bench).await, ["Helpdesk · alert on its way"]);
    assert_eq!(figure(&bench, "afterword_alerts_waiting").await, "1");
    let said = words_of(&page(&bench, "en").await, ".messages p.small:last-child");
    assert_eq!(said, ["It answered with the status 500."]);
    send_in(&bench, 11).await;
    assert_eq!(receiver.got().len(), 1, "not before it is due");
    send_in(&bench, 30).await;
    send_in(&bench, 90).await;
    let got = receiver.got();
    assert_eq!(got.len(), 3, "a redirect is no success, and is not followed");
    assert!(got.iter().all(|it| it.header("webhook-id") == got[0].header("webhook-id")));
    assert_ne!(got[0].header("webhook-timestamp"), got[2].header("webhook-timestamp"));
    assert_eq!(messages(&bench).await, ["Helpdesk · alert delivered"]);
    assert_eq!(figure(&bench, "afterword_alerts_waiting").await, "0");
}

#[tokio::test]
async fn what_is_given_up_after_a_day_is_shown_and_can_be_sent_again() {
    let (bench, admin) = bench().await;
    let member = bench.colleague(&admin, "alex", "member").await;
    let receiver = Receiver::start().await;
    webhook(&bench, &admin, "Helpdesk", &receiver.address).await;
    *receiver.answers.lock().unwrap() = vec![500; 100];
    low(&bench, "Kaputt").await;
    let mut seconds = 10;
    while figure(&bench, "afterword_alerts_failed").await == "0" {
        send_in(&bench, seconds).await;
        seconds += 1_500;
        assert!(seconds < 100_000, "it is never given up");
    }
    assert!((50_000..90_000).contains(&seconds), "{seconds}");
    assert!((9..=12).contains(&receiver.got().len()), "{}", receiver.got().len());
    assert_eq!(messages(&bench).await, ["Helpdesk · alert given up"]);
    let health = bench.get("/settings/health", &[LOGIN, ("accept-language", "en")]).await.text();
    assert!(health.contains("An alert did not arrive within 24 hours."), "{health}");

    receiver.answers.lock().unwrap().clear();
    let answer = bench.own_form("/settings/alerts/deliveries/1", &member, "").await;
    assert_eq!(answer.header("location"), "/settings/alerts?done=sent-again");
    send_in(&bench, 10).await;
    assert_eq!(messages(&bench).await, ["Helpdesk · alert delivered"]);
    let got = receiver.got();
    assert_eq!(got[0].header("webhook-id"), got[got.len() - 1].header("webhook-id"));
}

#[tokio::test]
async fn a_target_that_never_answers_delays_no_other() {
    let (bench, admin) = bench().await;
    // Takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://hooks.lan:{}/", silent.local_addr().unwrap().port());
    webhook(&bench, &admin, "Silent", &address).await;
    let receiver = Receiver::start().await;
    webhook(&bench, &admin, "Helpdesk", &receiver.address).await;
    low(&bench, "Kaputt").await;
    let collector = bench.collector.clone();
    let sending = tokio::spawn(async move { collector.send_alerts(later(10)).await });
    let arrived = async {
        while receiver.got().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), arrived).await.unwrap();
    assert!(!sending.is_finished(), "the silent one is still waited for");
    sending.abort();
}

#[tokio::test]
async fn a_changed_secret_signs_together_with_the_one_before_it() {
    let (bench, admin) = bench().await;
    let receiver = Receiver::start().await;
    let old = webhook(&bench, &admin, "Helpdesk", &receiver.address).await;
    let answer = bench.own_form("/settings/alerts/targets/1", &admin, "act=rotate").await;
    let new = words(one(&answer.page(), "#fresh-secret"));
    assert_ne!(old, new);
    low(&bench, "Kaputt").await;
    send_in(&bench, 10).await;
    low(&bench, "Kaputt").await;
    send_in(&bench, 24 * 3_600 + 60).await;
    let got = receiver.got();
    let both = format!("{} {}", got[0].signed_by(&new), got[0].signed_by(&old));
    assert_eq!(got[0].header("webhook-signature"), both);
    assert_eq!(got[1].header("webhook-signature"), got[1].signed_by(&new), "a day later");
}

#[tokio::test]
async fn chats_get_messages_of_their_own_and_a_test_is_marked_as_one() {
    let (bench, admin) = bench().await;
    let member = bench.colleague(&admin, "alex", "member").await;
    let receiver = Receiver::start().await;
    for kind in ["slack", "teams", "discord"] {
        let form = form(kind, kind, &receiver.address);
        let answer = bench.own_form("/settings/alerts/targets", &admin, &form).await;
        assert_eq!(answer.header("location"), "/settings/alerts?done=target", "{kind}");
    }
    for target in 1..=3 {
        let path = format!("/settings/alerts/targets/{target}/test");
        assert_eq!(bench.own_form(&path, &member, "").await.status, 303);
    }
    send_in(&bench, 10).await;
    let got = receiver.got();
    assert_eq!(got.len(), 3);
    for got in &got {
        assert_eq!(got.header("webhook-signature"), "", "a chat's address is its only secret");
        assert!(got.json().to_string().contains("Test: Score 3, Delivery"), "{:?}", got.json());
    }
    assert_eq!(messages(&bench).await.len(), 3);
    let kinds: Vec<bool> = ["blocks", "attachments", "embeds"]
        .map(|name| got.iter().any(|got| got.json()[name].is_array()))
        .to_vec();
    assert_eq!(kinds, [true; 3]);
}

#[tokio::test]
async fn an_address_in_a_private_network_is_refused() {
    let (bench, admin) = bench().await;
    for (address, problem) in [
        ("https://127.0.0.1/in", "Enter a name in place of the IP address."),
        ("https://[::1]/in", "Enter a name in place of the IP address."),
        ("http://hooks.example/in", "Enter a whole address that begins with https://"),
        ("hooks.example", "Enter a whole address that begins with https://"),
    ] {
        let form = form("webhook", "Inside", address);
        let answer = bench.own_form("/settings/alerts/targets", &admin, &form).await;
        assert_eq!(answer.status, 422, "{address}");
        assert!(words(one(&answer.page(), ".error")).contains(problem), "{address}");
        assert!(!answer.text().contains(address), "what was typed is a secret");
    }
    // The name tells nothing; what it stands for is looked at when something is sent.
    webhook(&bench, &admin, "Inside", "https://hooks.example/secret-path").await;
    low(&bench, "Kaputt").await;
    send_in(&bench, 10).await;
    let said = words_of(&page(&bench, "de").await, ".messages p.small:last-child");
    assert_eq!(said, ["Der Name des Hosts führt in ein privates Netz."]);
}

#[tokio::test]
async fn without_a_key_there_are_no_targets_and_the_page_says_so() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let german = page(&bench, "de").await;
    assert!(words_of(&german, ".notice.warn").concat().contains("AFTERWORD_SECRETS_KEY"));
    let form = form("webhook", "Helpdesk", "https://hooks.example/in");
    let answer = bench.own_form("/settings/alerts/targets", &admin, &form).await;
    assert_eq!(answer.status, 422);
    assert_nothing_inline(&german);
}

#[tokio::test]
async fn addresses_and_secrets_are_in_no_file() {
    let (bench, admin) = bench().await;
    let secret = webhook(&bench, &admin, "Helpdesk", "https://hooks.example/secret-path").await;
    low(&bench, "Kaputt").await;
    send_in(&bench, 10).await;
    bench.collector.clone().close().await;
    for private in ["secret-path", secret.strip_prefix("whsec_").unwrap()] {
        assert_in_no_file(bench.folder.path(), private);
    }
}

#[tokio::test]
async fn an_erasure_takes_the_messages_along_and_is_told_to_who_got_them() {
    let (bench, admin) = bench().await;
    let receiver = Receiver::start().await;
    webhook(&bench, &admin, "Helpdesk", &receiver.address).await;
    let told = low(&bench, "Unverwechselbarer Wortlaut").await;
    send_in(&bench, 10).await;
    let untold = low(&bench, "Nie gesendet").await;
    for answer in [&told, &untold] {
        let path = format!("/v1/responses?id={}", answer["id"].as_str().unwrap());
        assert_eq!(bench.call(Method::DELETE, &path, &[LOGIN]).await.json()["responses"], 1);
    }
    send_in(&bench, 20).await;
    let public = bench.collector.public_id(told["id"].as_str().unwrap());
    let got: Vec<Value> = receiver.got().iter().map(Got::json).collect();
    assert_eq!(got.len(), 2, "of what was never sent nobody is told: {got:?}");
    assert_eq!(
        (&got[1]["type"], &got[1]["data"]),
        (&json!("response.erased"), &json!({ "id": public }))
    );
    assert_eq!(messages(&bench).await, ["Helpdesk · erasure delivered"]);
    let public_of_untold = bench.collector.public_id(untold["id"].as_str().unwrap());
    bench.collector.clone().close().await;
    for gone in [
        "Unverwechselbarer",
        "Nie gesendet",
        &public,
        &public_of_untold,
        told["id"].as_str().unwrap(),
    ] {
        assert_in_no_file(bench.folder.path(), gone);
    }
}

/// Sends a request with the admin token to a served collector; returns the whole answer.
fn ask(process: &Process, method: &str, path: &str, form: &str) -> String {
    let mut stream = process.connect();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        TOKEN.1,
        form.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_served_collector_delivers_by_itself_and_neither_database_nor_log_keep_what_was_erased() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = receiver.local_addr().unwrap().port();
    let (got, messages) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in receiver.incoming() {
            let mut stream = stream.unwrap();
            let (mut request, mut part) = (Vec::new(), [0; 4_096]);
            while !request.ends_with(b"}") {
                let length = stream.read(&mut part).unwrap();
                request.extend(&part[..length]);
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            if got.send(String::from_utf8(request).unwrap()).is_err() {
                break;
            }
        }
    });
    let key = STANDARD.encode([9; 32]);
    fs::write(folder.path().join("afterword.toml"), "outgoing-hosts = [\"127.0.0.1\"]\n").unwrap();
    let process = Process::start(
        folder.path(),
        &["--config", "afterword.toml"],
        &[TOKEN, ("AFTERWORD_SECRETS_KEY", &key)],
    );
    let added = ask(&process, "POST", "/settings/alerts", "of=answer&at_most=6");
    assert!(added.starts_with("HTTP/1.1 303"), "{added}");
    let address = format!("http://127.0.0.1:{port}/secret-hook");
    let added =
        ask(&process, "POST", "/settings/alerts/targets", &form("webhook", "Desk", &address));
    assert!(added.starts_with("HTTP/1.1 200"), "{added}");
    let comment = "Unverwechselbarer Wortlaut";
    let sent = response_with(&[("score", json!(1)), ("comment", json!(comment))]);
    assert_eq!(process.post(&sent.to_string()).0, 200);
    let patience = Duration::from_secs(60);
    let alert = messages.recv_timeout(patience).unwrap();
    assert!(alert.contains("alert.created") && alert.contains(comment), "{alert}");
    let public = alert.split("\"response\":{").nth(1).unwrap();
    let public = public.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    let id = sent["id"].as_str().unwrap();
    let erased = ask(&process, "DELETE", &format!("/v1/responses?id={id}"), "");
    assert!(erased.contains("\"responses\":1"), "{erased}");
    let told = messages.recv_timeout(patience).unwrap();
    assert!(told.contains("response.erased") && told.contains(&public), "{told}");
    while !ask(&process, "GET", "/metrics", "").contains("afterword_alerts_waiting 0\n") {
        std::thread::yield_now();
    }
    process.stop();
    for gone in ["Unverwechselbarer", "kim@example.org", id, &public, "secret-hook"] {
        assert_in_no_file(folder.path(), gone);
    }
}
