//! A week of a shop owner, from an alert to an erasure: what each page says to the owner and to the customer on the way.

use jiff::{SignedDuration, Timestamp};
use scraper::Html;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    bench::{Bench, response_with},
    erasure::assert_in_no_file,
    markup::{all, one, words, words_of},
};

struct Week {
    bench: Bench,
    owner: String,
}

impl Week {
    /// A page as the owner sees it.
    async fn page(&self, path: &str) -> Html {
        let headers = [("cookie", &*self.owner), ("accept-language", "de")];
        let answer = self.bench.get(path, &headers).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.page()
    }

    /// Sends a form of the owner's, which leads to another page.
    async fn send(&self, path: &str, form: &[(&str, &str)]) {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let answer = self.bench.own_form(path, &self.owner, &form).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    }

    /// Sends a form of the customer's page, which leads back to it.
    async fn customer(&self, page: &str, form: &[(&str, &str)]) {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let answer = self.bench.form(page, "", &form).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, page));
    }

    async fn change(&self, statement: &'static str) {
        let mut file = SqliteConnection::connect(&self.bench.address()).await.unwrap();
        sqlx::query(statement).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_alert_a_reply_a_second_rating_and_an_erasure() {
    let bench = Bench::new().await;
    let owner = bench.admin().await;
    let week = Week { bench, owner };
    let bench = &week.bench;
    week.send("/settings/alerts", &[("of", "answer"), ("at_most", "6"), ("contact", "on")]).await;

    // Monday: a customer is angry, and would like an answer.
    let secret = "s".repeat(43);
    let mark: String = Sha256::digest(&secret).iter().map(|it| format!("{it:02x}")).collect();
    let said = "Unverwechselbar spät, und niemand geht ans Telefon.";
    let sent = response_with(&[
        ("score", json!(2)),
        ("comment", json!(said)),
        ("contact", json!("unverwechselbar@example.org")),
        ("answer_page", json!(mark)),
        ("reasons", Value::Null),
    ]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    let customers_page = format!("/r/{secret}");
    bench.collector.run_rules(Timestamp::now() + SignedDuration::from_secs(5)).await.unwrap();
    let alerts = week.page("/settings/alerts").await;
    let case = one(&alerts, ".alert a").attr("href").unwrap().to_owned();
    let id = case.trim_start_matches("/responses/").to_owned();

    // Tuesday: the owner reads it, and replies.
    assert_eq!(words_of(&week.page("/inbox").await, ".to-case").len(), 1);
    let page = week.page(&case).await;
    assert_eq!(words(one(&page, ".said blockquote")), said);
    let reply = "Es tut uns leid.\nDer Ersatz ist unterwegs.";
    let form = [("do", "page"), ("words", reply), ("version", "0"), ("next", &*case)];
    week.send(&format!("/inbox/{id}/reply"), &form).await;
    let before = bench.get(&customers_page, &[]).await;
    assert!(!before.text().contains("Der Ersatz"), "it can still be taken back");
    week.change("UPDATE replies SET visible_from = at").await;
    assert!(all(&week.page("/inbox").await, ".to-case").is_empty(), "the case is answered");

    // Wednesday: the customer reads the reply, writes back and rates again.
    let read = bench.get(&customers_page, &[]).await.page();
    let shown: String = one(&read, ".reply .said").text().collect();
    assert_eq!(shown, reply);
    let to = one(&read, "input[name='reply']").attr("value").unwrap().to_owned();
    week.customer(&customers_page, &[("do", "words"), ("reply", &to), ("words", "Es ist da!")])
        .await;
    week.customer(&customers_page, &[("do", "rate"), ("score", "8")]).await;

    // Thursday: the owner sees both, and that somebody was won back.
    assert_eq!(words_of(&week.page("/inbox").await, ".to-case").len(), 1, "it is new again");
    let page = week.page(&case).await;
    let all_of_it = words(one(&page, "main"));
    assert!(all_of_it.contains("Es ist da!"), "{all_of_it}");
    assert_eq!(words_of(&page, "section[aria-labelledby='rated-again'] .mark"), ["8"]);
    let report = week.page("/").await;
    let lead = words(one(&report, ".won-back .lead"));
    assert!(lead.starts_with("1 von 1 Kritischen (100,0 %) haben Sie zurückgewonnen"), "{lead}");
    let score =
        bench.get("/v1/report", &[("cookie", &week.owner), crate::bench::LOGIN]).await.json();
    assert_eq!((&score["nps"], &score["answers"]), (&json!(-100.0), &json!(1)), "no score changes");

    // Friday: the customer wants to be forgotten.
    assert_eq!(bench.form(&customers_page, "", "do=erase").await.status, 200);
    assert_eq!(bench.get(&customers_page, &[]).await.status, 404);
    assert!(all(&week.page("/inbox").await, ".to-case").is_empty());
    assert!(all(&week.page("/settings/alerts").await, ".alert a").is_empty());
    assert!(all(&week.page("/").await, ".won-back").is_empty());
    bench.collector.clone().close().await;
    for text in
        ["Unverwechselbar", "unverwechselbar@", "Der Ersatz", "Es ist da!", &*secret, &*mark]
    {
        assert_in_no_file(bench.folder.path(), text);
    }
}
