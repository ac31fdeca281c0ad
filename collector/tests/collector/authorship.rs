//! A sender who knows an answer's id may only send its next revision.

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use afterword_collector::{Collector, Need};
use axum::http::{Method, Request};

use crate::bench::{Answer, Bench, LOGIN, new_id, response_with};

/// An answer, and a way to send its next revision with changes.
struct KnownAnswer {
    bench: Bench,
    sent: Value,
}

impl KnownAnswer {
    async fn new(changes: &[(&str, Value)]) -> Self {
        let (bench, sent) = (Bench::new().await, response_with(changes));
        assert_eq!(bench.post_json(&sent).await.status, 200);
        Self { bench, sent }
    }

    async fn next(&mut self, changes: &[(&str, Value)]) -> Answer {
        let mut next = response_with(changes);
        next["id"] = self.sent["id"].clone();
        for (group, field) in [("order", "id"), ("customer", "id")] {
            let changed = changes.iter().any(|(path, _)| path.split('.').next() == Some(group));
            if !changed {
                next[group][field] = self.sent[group][field].clone();
            }
        }
        if next["revision"] == 1 {
            next["revision"] = json!(self.sent["revision"].as_u64().unwrap() + 1);
        }
        let answer = self.bench.post_json(&next).await;
        if answer.status == 200 {
            self.sent = next;
        }
        answer
    }

    async fn file(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.bench.address()).await.unwrap()
    }

    /// Makes the answer so many hours old.
    async fn age(&self, hours: i64) {
        let statement = "UPDATE responses SET received_at = received_at - ?";
        let by = hours * 3_600_000;
        sqlx::query(statement).bind(by).execute(&mut self.file().await).await.unwrap();
    }
}

#[tokio::test]
async fn survey_touchpoint_order_and_customer_of_an_answer_cannot_change() {
    let mut known = KnownAnswer::new(&[]).await;
    for (change, word) in [
        (("survey", json!("other")), "survey"),
        (("touchpoint", json!("return")), "touchpoint"),
        (("order.id", json!("A-other")), "order"),
        (("customer.id", json!("C-other")), "customer"),
    ] {
        let refused = known.next(&[change, ("score", json!(0))]).await;
        let problem = refused.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{problem}");
    }
    let kept = known.bench.kept(&known.sent["id"]).await;
    assert_eq!((&kept["score"], &kept["revision"]), (&json!(9), &json!(1)));
    assert_eq!(known.next(&[("score", json!(3))]).await.status, 200);
    // A repeat and an older revision still succeed.
    let again = known.sent.clone();
    assert_eq!(known.bench.post_json(&again).await.status, 200);
}

#[tokio::test]
async fn an_order_and_a_customer_may_be_added_once_and_are_never_removed() {
    let mut known = KnownAnswer::new(&[("order", Value::Null), ("customer", Value::Null)]).await;
    let added = [("order.id", json!("A-1")), ("customer.id", json!("C-1"))];
    assert_eq!(known.next(&added).await.status, 200);
    let kept = known.bench.kept(&known.sent["id"]).await;
    assert_eq!((&kept["order"]["id"], &kept["customer"]["id"]), (&json!("A-1"), &json!("C-1")));
    known.next(&[("order.id", json!("A-2"))]).await.problem(409, "conflict");
    let nameless = [("order", Value::Null), ("customer", Value::Null), ("score", json!(1))];
    assert_eq!(known.next(&nameless).await.status, 200);
    let kept = known.bench.kept(&known.sent["id"]).await;
    assert_eq!((&kept["order"]["id"], &kept["score"]), (&json!("A-1"), &json!(1)));
    assert_eq!(kept["customer"]["id"], "C-1");
}

#[tokio::test]
async fn nobody_is_locked_out_by_a_revision_far_above() {
    let mut known = KnownAnswer::new(&[]).await;
    known.next(&[("revision", json!(252))]).await.problem(409, "conflict");
    known.next(&[("revision", json!(10_000))]).await.problem(409, "conflict");
    assert_eq!(known.next(&[("revision", json!(251))]).await.status, 200);
    assert_eq!(known.next(&[("revision", json!(501))]).await.status, 200);
    let first = response_with(&[("revision", json!(251))]);
    known.bench.post_json(&first).await.problem(409, "conflict");
    let first = response_with(&[("revision", json!(250))]);
    assert_eq!(known.bench.post_json(&first).await.status, 200);
}

#[tokio::test]
async fn after_a_day_only_revisions_that_were_written_in_time_are_accepted() {
    let mut known = KnownAnswer::new(&[]).await;
    known.age(23).await;
    assert_eq!(known.next(&[("score", json!(1))]).await.status, 200);
    known.age(2).await;
    let later = [("score", json!(2)), ("sent_at", json!("2026-11-22T17:00:05.000Z"))];
    known.next(&later).await.problem(409, "conflict");
    // A revision that a browser kept while it had no connection.
    let kept = [("score", json!(2)), ("sent_at", json!("2026-11-22T17:00:04.000Z"))];
    assert_eq!(known.next(&kept).await.status, 200);
    assert_eq!(known.bench.kept(&known.sent["id"]).await["score"], 2);
    // A revision that is not newer changes nothing, and succeeds at any time.
    let again = known.sent.clone();
    assert_eq!(known.bench.post_json(&again).await.status, 200);
}

#[tokio::test]
async fn earlier_revisions_are_kept_as_differences_until_the_answer_is_erased() {
    let said = "Vorher stand hier etwas Unverwechselbares";
    let mut known = KnownAnswer::new(&[("score", json!(2)), ("comment", json!(said))]).await;
    assert_eq!(known.next(&[("score", json!(10)), ("comment", json!("Gut."))]).await.status, 200);
    for score in 0..30 {
        assert_eq!(known.next(&[("score", json!(score % 10))]).await.status, 200);
    }
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT revision, differs FROM revisions ORDER BY revision")
            .fetch_all(&mut known.file().await)
            .await
            .unwrap();
    assert_eq!(rows.len(), 20);
    let first: Value = serde_json::from_str(&rows[0].1).unwrap();
    assert_eq!((rows[0].0, first), (1, json!({ "score": 2, "comment": said })));
    assert_eq!(rows[19].0, 31);

    let path = format!("/v1/responses?id={}", known.sent["id"].as_str().unwrap());
    let login = [crate::bench::LOGIN];
    assert_eq!(known.bench.call(axum::http::Method::DELETE, &path, &login).await.status, 200);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM revisions")
        .fetch_one(&mut known.file().await)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

/// A shop with answers of every kind, and their own ids.
async fn shop() -> (Bench, Vec<String>) {
    let bench = Bench::new().await;
    // The page of alerts shows answers, too.
    let rule = Request::post("/settings/alerts")
        .header("authorization", LOGIN.1)
        .header("content-type", "application/x-www-form-urlencoded");
    let rule = bench.send(rule.body("of=answer&at_most=9".into()).unwrap()).await;
    assert_eq!(rule.status, 303, "{}", rule.text());
    let mut ids = Vec::new();
    for (score, test) in [(0, Value::Null), (9, Value::Null), (10, json!(true))] {
        let sent = response_with(&[
            ("score", json!(score)),
            ("order.id", json!("A-1")),
            ("customer.id", json!("C-1")),
            ("test", test),
        ]);
        assert_eq!(bench.post_json(&sent).await.status, 200);
        ids.push(sent["id"].as_str().unwrap().to_owned());
    }
    let display = json!({
        "version": 1, "id": new_id(), "display": "shown", "survey": "post-purchase", "touchpoint": "order",
        "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/", "locale": "de"
    });
    assert_eq!(bench.post_json(&display).await.status, 200);
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(10);
    bench.collector.run_rules(later).await.unwrap();
    (bench, ids)
}

#[tokio::test]
async fn read_only_people_never_see_original_ids_contacts_or_notes() {
    let (bench, ids) = shop().await;
    let admin = bench.admin().await;
    let reader = bench.colleague(&admin, "reader", "reader").await;
    let token = format!("Bearer {}", bench.token(&admin, "read").await);
    let shown: Vec<String> = ids.iter().map(|id| bench.collector.public_id(id)).collect();
    let note = format!("/inbox/{}", shown[1]);
    let noted = bench.own_form(&note, &admin, "do=note&note=Nur+unter+uns&next=/inbox").await;
    assert_eq!(noted.status, 303, "{}", noted.text());
    let mut looked_at = 0;
    let mut had_shown = Vec::new();
    for (method, path, need) in Collector::rules() {
        if method != "GET" {
            continue;
        }
        let of_person = matches!(need, Need::Role(_) | Need::OwnForm | Need::Nothing);
        let headers = if of_person { [("cookie", &*reader)] } else { [("authorization", &*token)] };
        let full = path
            .replace("/surveys/{id}", "/surveys/post-purchase")
            .replace("/responses/{id}", &format!("/responses/{}", shown[1]))
            .replace("{owner}", "order")
            .replace("{file}", "x")
            .replace("{secret}", "x")
            .replace("{id}", "1");
        for query in [
            "",
            "?show=all",
            "?q=A-1",
            "?q=C-1&show=all",
            "?aside=test",
            "?format=csv",
            "?format=jsonl",
            "?number=A-1",
            "?state=all",
            &format!("?state=all&open={}", shown[1]),
        ] {
            let answer = bench.get(&format!("{full}{query}"), &headers).await;
            let text = String::from_utf8_lossy(&answer.body).to_lowercase();
            for id in &ids {
                assert!(!text.contains(id.as_str()), "{method} {path}{query} shows {id}");
            }
            for private in ["kim@example.org", "nur unter uns"] {
                assert!(!text.contains(private), "{method} {path}{query} shows {private}");
            }
            if answer.status == 200 && shown.iter().any(|id| text.contains(id.as_str())) {
                had_shown.push(path.to_owned());
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 200, "{looked_at}");
    let seen = bench.get(&format!("/responses/{}", shown[1]), &[("cookie", &*reader)]).await;
    assert!(seen.text().contains("Wants to be answered"), "that somebody wants an answer is shown");
    had_shown.sort();
    had_shown.dedup();
    // Every address that shows answers has them, under the other id.
    for path in [
        "/",
        "/inbox",
        "/responses",
        "/responses/{id}",
        "/data/export",
        "/v1/responses",
        "/v1/report",
        "/v1/export",
    ] {
        assert!(had_shown.iter().any(|it| it == path), "{path} shows no answer: {had_shown:?}");
    }
}

#[tokio::test]
async fn a_contact_stands_on_the_page_of_the_case_and_in_complete_files_and_nowhere_else() {
    let (bench, ids) = shop().await;
    let admin = bench.admin().await;
    let member = bench.colleague(&admin, "member", "member").await;
    let cases = format!("Bearer {}", bench.token(&admin, "cases").await);
    let shown = bench.collector.public_id(&ids[1]);
    let (mut looked_at, mut has_contact) = (0, Vec::new());
    for (method, path, need) in Collector::rules() {
        if method != "GET" {
            continue;
        }
        let of_person = matches!(need, Need::Role(_) | Need::OwnForm | Need::Nothing);
        let full = path
            .replace("/surveys/{id}", "/surveys/post-purchase")
            .replace("/responses/{id}", &format!("/responses/{shown}"))
            .replace("{owner}", "order")
            .replace("{file}", "x")
            .replace("{secret}", "x")
            .replace("{id}", "1");
        let opened = format!("?state=all&open={shown}");
        for query in [
            "",
            "?show=all",
            "?q=kim@example.org",
            "?q=kim&show=all",
            "?format=csv",
            "?format=jsonl",
            "?format=sheet",
            "?number=A-1",
            "?number=A-1&format=csv",
            "?state=all",
            &opened,
        ] {
            let programs = [("authorization", LOGIN.1), ("authorization", &*cases)];
            let people = [("cookie", &*member), ("cookie", &*admin)];
            for header in if of_person { people } else { programs } {
                let answer = bench.get(&format!("{full}{query}"), &[header]).await;
                let text = String::from_utf8_lossy(&answer.body).to_lowercase();
                // A search may repeat what was searched for.
                if text.replace("q=kim@example.org", "").contains("kim@example.org")
                    && !query.starts_with("?q=kim@")
                {
                    has_contact.push(path.to_owned());
                }
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 400, "{looked_at}");
    has_contact.sort();
    has_contact.dedup();
    assert_eq!(
        has_contact,
        [
            "/data/export",
            "/inbox",
            "/responses/of/{owner}",
            "/responses/of/{owner}/file",
            "/responses/{id}",
            "/v1/export",
        ]
    );
    let alerts = bench.get("/settings/alerts", &[("cookie", &*member)]).await.text();
    assert!(alerts.contains(&shown), "the alert names the answer by its other id");
    let inbox = bench.get("/inbox?state=all", &[("cookie", &*member)]).await.text();
    assert!(!inbox.contains("kim@example.org"), "only with the case open beside the list");
    let sheet = bench.get("/data/export?format=sheet", &[("cookie", &*member)]).await.text();
    assert!(!sheet.contains("kim@example.org"), "the table for people has none");
}

#[tokio::test]
async fn the_mark_of_the_answer_page_stays_as_it_was_first_sent() {
    let mut known = KnownAnswer::new(&[("answer_page", Value::Null)]).await;
    assert!(known.bench.kept(&known.sent["id"]).await.get("answer_page").is_none());
    let (first, other) = ("a".repeat(64), "b".repeat(64));
    for (mark, score) in [(json!(first), 8), (json!(other), 7), (Value::Null, 6)] {
        let next = known.next(&[("answer_page", mark), ("score", json!(score))]).await;
        assert_eq!(next.status, 200);
        let kept = known.bench.kept(&known.sent["id"]).await;
        assert_eq!((&kept["answer_page"], &kept["score"]), (&json!(first), &json!(score)));
    }
}

#[tokio::test]
async fn the_public_id_opens_and_erases_an_answer_but_proves_no_authorship() {
    let (bench, ids) = shop().await;
    let admin = bench.admin().await;
    let shown = bench.collector.public_id(&ids[1]);
    let opened = bench.get(&format!("/responses/{shown}"), &[("cookie", &admin)]).await;
    assert_eq!(opened.status, 200);
    let link = format!("/responses/{shown}<");
    assert!(opened.text().contains(&link), "the link to copy is the one that it is shown under");
    // A revision sent with this id makes another answer, and does not change this one.
    let forged =
        response_with(&[("id", json!(shown)), ("revision", json!(2)), ("score", json!(0))]);
    assert_eq!(bench.post_json(&forged).await.status, 200);
    assert_eq!(bench.kept(&json!(ids[1])).await["score"], 9);
    let path = format!("/v1/responses?id={shown}");
    assert_eq!(bench.call(Method::DELETE, &path, &[LOGIN]).await.json()["responses"], 1);
    assert!(
        !bench.list("?limit=200").await.to_string().contains(&ids[1]),
        "it is the answer that went"
    );
}

#[tokio::test]
async fn only_a_members_complete_export_has_original_ids() {
    let (bench, ids) = shop().await;
    let admin = bench.admin().await;
    let member = bench.colleague(&admin, "member", "member").await;
    let export = async |cookie: &str| {
        bench.get("/data/export?format=csv", &[("cookie", cookie)]).await.text()
    };
    let file = export(&member).await;
    assert!(ids.iter().all(|id| file.contains(id.as_str())), "{file}");
    assert!(file.contains("kim@example.org"), "{file}");
    let page = bench.get("/responses?show=all", &[("cookie", &member)]).await.text();
    assert!(ids.iter().all(|id| !page.contains(id.as_str())), "a page shows the other one");
    let programs = bench.get("/v1/export?format=jsonl", &[LOGIN]).await.text();
    assert!(ids.iter().all(|id| programs.contains(id.as_str())));
}
