//! How long the contacts are kept that customers gave to be answered.

use std::fs;

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    bench::{Bench, response_with},
    markup::words_of,
};

const DAY: i64 = 86_400_000;

/// A contact that was corrected once, so that both are stored.
struct Given {
    bench: Bench,
    admin: String,
    id: Value,
    shown: String,
}

impl Given {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let admin = bench.admin().await;
        let first = response_with(&[("contact", json!("wrong@example.org"))]);
        let mut second = first.clone();
        second["revision"] = json!(2);
        second["contact"] = json!("kim@example.org");
        for sent in [&first, &second] {
            assert_eq!(bench.post_json(sent).await.status, 200);
        }
        // Another answer, so that none is more than a fifth of the survey.
        for _ in 0..9 {
            assert_eq!(
                bench.post_json(&response_with(&[("contact", Value::Null)])).await.status,
                200
            );
        }
        let id = first["id"].clone();
        let shown = bench.collector.public_id(id.as_str().unwrap());
        Self { bench, admin, id, shown }
    }

    async fn act(&self, form: &str) {
        let form = format!("{form}&next=/inbox");
        let answer =
            self.bench.own_form(&format!("/inbox/{}", self.shown), &self.admin, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }

    async fn change(&self, statement: &'static str, value: i64) {
        let mut file = SqliteConnection::connect(&self.bench.address()).await.unwrap();
        sqlx::query(statement).bind(value).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
    }

    /// Makes everything so many days older that was done to cases.
    async fn days_pass_for_cases(&self, days: i64) {
        self.change("UPDATE case_steps SET at = at - ?", days * DAY).await;
    }

    /// The contact, after the daily erasure.
    async fn contact(&self) -> Value {
        self.bench.collector.expire().await.unwrap();
        self.bench.kept(&self.id).await["contact"].clone()
    }
}

#[tokio::test]
async fn a_contact_goes_ninety_days_after_its_case_was_closed() {
    let given = Given::new().await;
    let comment = given.bench.kept(&given.id).await["comment"].clone();
    given.act("do=closed&version=0").await;
    given.days_pass_for_cases(89).await;
    assert_eq!(given.contact().await, "kim@example.org");
    // Opened again and closed again: the last time counts.
    given.act("do=in-progress&version=1").await;
    given.days_pass_for_cases(2).await;
    assert_eq!(given.contact().await, "kim@example.org", "an open case keeps it");
    given.act("do=closed&version=2").await;
    given.days_pass_for_cases(89).await;
    assert_eq!(given.contact().await, "kim@example.org");
    given.days_pass_for_cases(2).await;
    assert_eq!(given.contact().await, Value::Null);
    let kept = given.bench.kept(&given.id).await;
    assert_eq!((&kept["comment"], &kept["revision"]), (&comment, &json!(2)), "all else stays");
    assert_eq!(
        kept["method"]["contact_text"],
        "Wir nutzen diese Angabe nur, um Ihnen zu antworten."
    );
    given.bench.collector.clone().close().await;
    for file in fs::read_dir(given.bench.folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for private in ["kim@example.org", "wrong@example.org"] {
            let is_there = bytes.windows(private.len()).any(|part| part == private.as_bytes());
            assert!(!is_there, "{private} is still in a file");
        }
    }
}

#[tokio::test]
async fn a_contact_goes_a_year_after_the_answer_at_the_latest() {
    let given = Given::new().await;
    let older = "UPDATE responses SET received_at = received_at - ?";
    given.change(older, 364 * DAY).await;
    assert_eq!(given.contact().await, "kim@example.org");
    given.change(older, 2 * DAY).await;
    assert_eq!(given.contact().await, Value::Null);
}

#[tokio::test]
async fn a_clock_that_jumps_erases_no_contact() {
    let given = Given::new().await;
    assert_eq!(given.contact().await, "kim@example.org");
    // As far as the collector knows, it last looked at its clock long ago.
    given
        .change(
            "UPDATE settings SET value = json_set(value, '$.clock',
                 strftime('%Y-%m-%dT%H:%M:%SZ', unixepoch() - ?, 'unixepoch'))
             WHERE name = 'expiry'",
            400 * DAY / 1_000,
        )
        .await;
    given.change("UPDATE responses SET received_at = received_at - ?", 366 * DAY).await;
    assert_eq!(given.contact().await, "kim@example.org");
    let right = given.bench.own_form("/data/expiry", &given.admin, "clock=right").await;
    assert_eq!(right.status, 200, "{}", right.text());
    assert_eq!(given.contact().await, Value::Null);
}

#[tokio::test]
async fn how_long_customers_wait_still_counts_those_whose_contact_is_gone() {
    let mut given = Given::new().await;
    // Without words, only the wish to be answered makes it one of those that can be answered.
    let silent = response_with(&[("comment", Value::Null), ("score", json!(10))]);
    assert_eq!(given.bench.post_json(&silent).await.status, 200);
    given.id = silent["id"].clone();
    given.shown = given.bench.collector.public_id(silent["id"].as_str().unwrap());
    given.act("do=answered&version=0").await;
    given.act("do=closed&version=1").await;
    given.days_pass_for_cases(91).await;
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let figures = async || {
        let path = format!("/week?of={today}");
        let page = given.bench.get(&path, &[("cookie", &given.admin)]).await.page();
        words_of(&page, ".week dd").join(" | ")
    };
    let before = figures().await;
    assert!(before.contains("11"), "{before}");
    assert_eq!(given.contact().await, Value::Null);
    assert_eq!(figures().await, before);
}
