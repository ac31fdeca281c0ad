//! The page on which a customer reads their own answer again: what it shows, second ratings, and what can be taken back.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    bench::{Answer, Bench, LOGIN, response_with},
    erasure::assert_in_no_file,
    markup::{all, assert_nothing_inline, one, words, words_of},
};

const DAY: i64 = 86_400_000;

/// A secret as a browser makes it, and the mark of it in the answer.
fn secret(letter: char) -> (String, Value) {
    let secret = letter.to_string().repeat(43);
    let mark: String = Sha256::digest(&secret).iter().map(|byte| format!("{byte:02x}")).collect();
    (secret, json!(mark))
}

/// An answer with its page.
struct Given {
    bench: Bench,
    sent: Value,
    /// The address of the page.
    page: String,
}

impl Given {
    async fn new(changes: &[(&str, Value)]) -> Self {
        let bench = Bench::new().await;
        let (secret, mark) = secret('a');
        let mut sent = response_with(changes);
        sent["answer_page"] = mark;
        assert_eq!(bench.post_json(&sent).await.status, 200);
        Self { bench, sent, page: format!("/r/{secret}") }
    }

    async fn open(&self) -> Answer {
        self.bench.get(&self.page, &[]).await
    }

    async fn post(&self, form: &str) -> Answer {
        self.bench.form(&self.page, "", form).await
    }

    /// Does something on the page, which then leads back to itself.
    async fn act(&self, form: &str) {
        let answer = self.post(form).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, &*self.page));
    }

    async fn change(&self, statement: &'static str, value: i64) {
        let mut file = SqliteConnection::connect(&self.bench.address()).await.unwrap();
        sqlx::query(statement).bind(value).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
    }

    async fn report(&self) -> Value {
        let answer = self.bench.get("/v1/report", &[LOGIN]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// The page of the answer for members.
    async fn for_members(&self) -> scraper::Html {
        let id = self.bench.collector.public_id(self.sent["id"].as_str().unwrap());
        self.bench.get(&format!("/responses/{id}"), &[LOGIN]).await.page()
    }
}

#[tokio::test]
async fn it_shows_the_answer_and_nothing_that_others_must_not_read() {
    let given = Given::new(&[("score", json!(3))]).await;
    let answer = given.open().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    let page = answer.page();
    assert_nothing_inline(&page);
    assert_eq!(one(&page, "html").attr("lang"), Some("de"));
    assert_eq!(words(one(&page, "h1")), "Ihre Rückmeldung");
    assert_eq!(words(one(&page, ".rated")), "Ihre Bewertung 3");
    assert_eq!(words(one(&page, "blockquote")), "Schnell & gut, gerne wieder.");
    let order = given.sent["order"]["id"].as_str().unwrap();
    let id = given.sent["id"].as_str().unwrap();
    let public_id = given.bench.collector.public_id(id);
    for private in ["kim@example.org", order, "C-7", id, &public_id, "129"] {
        assert!(!answer.text().contains(private), "{private}");
    }
}

#[tokio::test]
async fn no_other_address_opens_a_page() {
    let given = Given::new(&[]).await;
    let (other, _) = secret('b');
    let mark = given.sent["answer_page"].as_str().unwrap();
    let short = &given.page[..given.page.len() - 1];
    for path in [&format!("/r/{other}"), short, &format!("/r/{mark}"), "/r/%C3%BC"] {
        let answer = given.bench.get(path, &[("accept-language", "fr")]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(one(&answer.page(), "html").attr("lang"), Some("fr"));
        for act in ["do=rate&score=10", "do=quote", "do=erase"] {
            assert_eq!(given.bench.form(path, "", act).await.status, 404, "{path} {act}");
        }
    }
    assert_eq!(given.open().await.status, 200);
}

#[tokio::test]
async fn only_the_pages_own_forms_change_anything() {
    let given = Given::new(&[]).await;
    let before = given.bench.kept(&given.sent["id"]).await;
    for query in ["", "?erase", "?do=erase", "?do=quote", "?do=rate&score=1"] {
        assert_eq!(given.bench.get(&format!("{}{query}", given.page), &[]).await.status, 200);
    }
    let request = axum::http::Request::post(&given.page)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body("do=erase".into());
    assert_eq!(given.bench.send(request.unwrap()).await.status, 403);
    assert_eq!(given.bench.kept(&given.sent["id"]).await, before);
}

#[tokio::test]
async fn a_second_rating_is_shown_and_counts_in_no_score() {
    let given = Given::new(&[("score", json!(2))]).await;
    for _ in 0..3 {
        given.bench.post_json(&response_with(&[("score", json!(9))])).await;
    }
    let before = given.report().await;
    let list = given.bench.list("").await;
    given.act("do=rate&score=9&comment=Jetzt+ist+alles+gut.").await;
    let page = given.open().await.page();
    assert_eq!(words_of(&page, ".rated"), ["Ihre Bewertung 2", "Ihre neue Bewertung 9"]);
    let comments = ["Schnell & gut, gerne wieder.", "Jetzt ist alles gut."];
    assert_eq!(words_of(&page, "blockquote"), comments);
    let mut after = given.report().await;
    for report in [&mut after, &mut before.clone()] {
        report.as_object_mut().unwrap().remove("won_back");
    }
    for (name, value) in before.as_object().unwrap().iter().filter(|(name, _)| *name != "won_back")
    {
        assert_eq!(&after[name], value, "{name}");
    }
    assert_eq!(given.bench.list("").await, list);
    assert_eq!(given.bench.disagreeing().await, Vec::<&str>::new());
    let page = given.for_members().await;
    let shown = words_of(&page, "section[aria-labelledby='rated-again'] li");
    assert!(shown[0].starts_with("9Jetzt ist alles gut."), "{shown:?}");
}

#[tokio::test]
async fn a_second_rating_given_twice_is_one_and_later_ones_are_kept_apart() {
    let given = Given::new(&[("score", json!(2))]).await;
    let of_members = async || {
        words_of(&given.for_members().await, "section[aria-labelledby='rated-again'] .mark")
    };
    given.act("do=rate&score=8").await;
    given.act("do=rate&score=8").await;
    given.act("do=rate&score=7").await;
    assert_eq!(of_members().await, ["7"]);
    given.change("UPDATE second_ratings SET rated_at = rated_at - ?", 700_000).await;
    given.act("do=rate&score=9").await;
    assert_eq!(of_members().await, ["7", "9"]);
    for score in 0..30 {
        given.change("UPDATE second_ratings SET rated_at = rated_at - ?", 700_000).await;
        given.act(&format!("do=rate&score={}", score % 11)).await;
    }
    assert_eq!(of_members().await.len(), 20);
}

#[tokio::test]
async fn an_incomplete_second_rating_loses_no_words() {
    let given = Given::new(&[]).await;
    let long = "ä".repeat(2_001);
    for (form, error) in [
        ("do=rate&comment=Meine+Worte".to_owned(), "#no-score"),
        ("do=rate&score=11&comment=Meine+Worte".to_owned(), "#no-score"),
        (format!("do=rate&score=7&comment=Meine+Worte+{long}"), "#too-long"),
    ] {
        let answer = given.post(&form).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let page = answer.page();
        assert!(words(one(&page, "textarea")).starts_with("Meine Worte"));
        assert!(one(&page, "details").attr("open").is_some());
        one(&page, error);
    }
    assert_eq!(words_of(&given.open().await.page(), ".rated").len(), 1);
}

#[tokio::test]
async fn words_with_a_second_rating_open_the_case_again_without_contacts_in_them() {
    let given = Given::new(&[("score", json!(2))]).await;
    let admin = given.bench.admin().await;
    let id = given.bench.collector.public_id(given.sent["id"].as_str().unwrap());
    let form = "do=answered&version=0&next=/inbox";
    assert_eq!(given.bench.own_form(&format!("/inbox/{id}"), &admin, form).await.status, 303);
    let state = async || {
        let cases = given.bench.get("/v1/cases?state=all", &[LOGIN]).await.json();
        cases["cases"][0]["state"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(state().await, "answered");
    given.act("do=rate&score=8").await;
    assert_eq!(state().await, "answered", "a score alone needs no reply");
    given.act("do=rate&score=8&comment=Schreiben+Sie+an+kim%40example.com").await;
    assert_eq!(state().await, "new");
    let page = given.for_members().await;
    let shown = words_of(&page, "section[aria-labelledby='rated-again'] li");
    assert!(shown[0].starts_with("8Schreiben Sie an [E-Mail]"), "{shown:?}");
}

#[tokio::test]
async fn the_open_door_takes_no_second_rating() {
    let given = Given::new(&[]).await;
    let mut sent = response_with(&[]);
    sent["follows"] = given.sent["id"].clone();
    let refused = given.bench.post_json(&sent).await.problem(422, "invalid-field");
    assert_eq!(refused["errors"][0]["field"], "follows", "{refused}");
}

#[tokio::test]
async fn a_permission_to_quote_is_taken_back_and_stays_so() {
    let given = Given::new(&[("comment", json!("Unverwechselbare Worte."))]).await;
    let id = given.bench.collector.public_id(given.sent["id"].as_str().unwrap());
    let admin = given.bench.admin().await;
    let form = "revision=1&words=Unverwechselbare+Worte.";
    let quoted = given.bench.own_form(&format!("/responses/{id}/quote"), &admin, form).await;
    assert_eq!(quoted.status, 303, "{}", quoted.text());
    assert!(all(&given.for_members().await, ".badge.good").len() == 1, "it is quoted");
    given.act("do=quote").await;
    let kept = given.bench.kept(&given.sent["id"]).await;
    assert_eq!((&kept["quotable"], &kept["quote_name"]), (&json!(false), &Value::Null));
    let page = given.open().await.text();
    assert!(page.contains("Wir zitieren Ihre Worte nicht.") && !page.contains("value=\"quote\""));
    assert!(all(&given.for_members().await, ".badge.good").is_empty());
    // The shop's page is still open somewhere, and sends a correction.
    let mut later = given.sent.clone();
    later["revision"] = json!(2);
    later["score"] = json!(10);
    assert_eq!(given.bench.post_json(&later).await.status, 200);
    let kept = given.bench.kept(&given.sent["id"]).await;
    assert_eq!((&kept["score"], &kept["quotable"]), (&json!(10), &json!(false)));
    assert_eq!(kept["contact"], "kim@example.org", "all else stays");
}

#[tokio::test]
async fn a_contact_is_taken_back_and_is_in_no_file() {
    let given = Given::new(&[("contact", json!("unverwechselbar@example.org"))]).await;
    let mut second = given.sent.clone();
    second["revision"] = json!(2);
    second["contact"] = json!("noch-einer@example.org");
    assert_eq!(given.bench.post_json(&second).await.status, 200);
    given.act("do=contact").await;
    second["revision"] = json!(3);
    assert_eq!(given.bench.post_json(&second).await.status, 200);
    let kept = given.bench.kept(&given.sent["id"]).await;
    assert_eq!((&kept["contact"], &kept["quotable"]), (&Value::Null, &json!(true)));
    given.bench.collector.clone().close().await;
    for contact in ["unverwechselbar@example.org", "noch-einer@example.org"] {
        assert_in_no_file(given.bench.folder.path(), contact);
    }
}

#[tokio::test]
async fn everything_is_erased_after_a_second_question() {
    let given = Given::new(&[("comment", json!("Unverwechselbare Worte."))]).await;
    given.act("do=rate&score=4&comment=Unvergleichliche+Worte.").await;
    let asking = given.bench.get(&format!("{}?erase", given.page), &[]).await.page();
    let form = one(&asking, "[role='alert'] form");
    assert_eq!(form.attr("action"), Some(&*given.page));
    let answer = given.post("do=erase").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(words(one(&answer.page(), "h1")), "Ihre Rückmeldung ist gelöscht.");
    assert_eq!(given.open().await.status, 404);
    assert_eq!(given.bench.list("").await["responses"], json!([]));
    // A late retry of the browser brings nothing back.
    assert_eq!(given.bench.post_json(&given.sent).await.status, 200);
    assert_eq!(given.open().await.status, 404);
    given.bench.collector.clone().close().await;
    for words in ["Unverwechselbare", "Unvergleichliche", &given.page[3..]] {
        assert_in_no_file(given.bench.folder.path(), words);
    }
}

#[tokio::test]
async fn a_page_ends_half_a_year_after_it_was_made() {
    let given = Given::new(&[]).await;
    let older = "UPDATE answer_pages SET made_at = made_at - ?";
    given.change(older, 179 * DAY).await;
    assert_eq!(given.open().await.status, 200);
    given.change(older, 2 * DAY).await;
    assert_eq!(given.open().await.status, 404);
    assert_eq!(given.post("do=erase").await.status, 404);
    assert_eq!(given.bench.list("").await["responses"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_takes_over_a_page_by_sending_another_mark() {
    let given = Given::new(&[]).await;
    let (strangers, mark) = secret('c');
    // A later revision with the same id, and another answer with the same mark.
    let mut replayed = given.sent.clone();
    replayed["revision"] = json!(2);
    replayed["answer_page"] = mark;
    given.bench.post_json(&replayed).await;
    assert_eq!(given.bench.get(&format!("/r/{strangers}"), &[]).await.status, 404);
    let mut other = response_with(&[("comment", json!("Von jemand anderem."))]);
    other["answer_page"] = given.sent["answer_page"].clone();
    assert_eq!(given.bench.post_json(&other).await.status, 200);
    let page = given.open().await.page();
    assert_eq!(words(one(&page, "blockquote")), "Schnell & gut, gerne wieder.");
}

#[tokio::test]
async fn all_that_is_known_of_a_customer_has_second_ratings() {
    let given = Given::new(&[]).await;
    given.act("do=rate&score=4&comment=Doch+nicht").await;
    let path = "/responses/of/customer/file?number=C-7&format=json";
    let file = given.bench.get(path, &[LOGIN]).await.json();
    let rating = &file[0]["second_ratings"][0];
    assert_eq!((&rating["score"], &rating["comment"]), (&json!(4), &json!("Doch nicht")));
    let page = given.bench.get("/responses/of/customer?number=C-7", &[LOGIN]).await;
    assert!(page.text().contains("Doch nicht"));
}

#[tokio::test]
async fn the_report_counts_who_was_won_back() {
    let given = Given::new(&[("score", json!(2))]).await;
    for score in [4, 6, 10] {
        given.bench.post_json(&response_with(&[("score", json!(score))])).await;
    }
    assert_eq!(given.report().await["won_back"], Value::Null);
    given.act("do=rate&score=9").await;
    let won_back = given.report().await["won_back"].clone();
    assert_eq!((&won_back["detractors"], &won_back["rated_again"]), (&json!(3), &json!(1)));
    assert_eq!(won_back["won_back"], 1);
    assert_eq!(won_back["months"][0]["open"], true);
    let page = given.bench.get("/", &[LOGIN, ("accept-language", "de")]).await.page();
    assert_eq!(words_of(&page, "[data-figure='won-back']"), ["1"]);
    let lead = words(one(&page, ".won-back .lead"));
    assert!(lead.starts_with("1 von 3 Kritischen (33,3 %) haben Sie zurückgewonnen"), "{lead}");
    // Only the last rating within 90 days counts.
    given.change("UPDATE second_ratings SET rated_at = rated_at - ?", 700_000).await;
    given.act("do=rate&score=6").await;
    assert_eq!(given.report().await["won_back"]["won_back"], 0);
    given
        .change("UPDATE second_ratings SET rated_at = rated_at + ? WHERE score = 6", 90 * DAY)
        .await;
    assert_eq!(given.report().await["won_back"]["won_back"], 1);
    for other in ["?touchpoint=delivery", "?country=DE"] {
        let report = given.bench.get(&format!("/v1/report{other}"), &[LOGIN]).await.json();
        assert_eq!(report["won_back"], Value::Null, "{other}");
    }
    // Who was no detractor, as a later revision says, was not lost. Another revision makes a detractor of them again.
    for (revision, score, expected) in [(2, 7, Value::Null), (3, 5, json!(1))] {
        let mut corrected = given.sent.clone();
        (corrected["revision"], corrected["score"]) = (json!(revision), json!(score));
        let answer = given.bench.post_json(&corrected).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(given.report().await["won_back"]["won_back"], expected, "{score}");
    }
    // An answer that is not counted wins nobody back.
    given.change("UPDATE responses SET aside = ? WHERE score = 5", 1_024).await;
    assert_eq!(given.report().await["won_back"], Value::Null);
}

/// Stores a reply that the customer can read from `visible_from` on, and returns its public id.
async fn reply(given: &Given, words: &str, visible_from: i64) -> String {
    let mut file = SqliteConnection::connect(&given.bench.address()).await.unwrap();
    let id = format!("{:032x}", visible_from.unsigned_abs());
    sqlx::query("INSERT INTO case_steps (at, account) VALUES (?, NULL)")
        .bind(visible_from)
        .execute(&mut file)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO replies (number, public_id, step, at, way, words, visible_from)
         SELECT number, ?1, (SELECT max(step) FROM case_steps), ?2, 'page', ?3, ?2 FROM answer_pages",
    )
    .bind(&id)
    .bind(visible_from)
    .bind(words)
    .execute(&mut file)
    .await
    .unwrap();
    file.close().await.unwrap();
    id
}

#[tokio::test]
async fn a_reply_is_read_and_answered_once() {
    let given = Given::new(&[("score", json!(3))]).await;
    let now = jiff::Timestamp::now().as_millisecond();
    assert!(given.open().await.text().contains("Wir haben noch nicht geantwortet."));
    reply(&given, "Noch nicht zu lesen.", now + 60_000).await;
    assert!(!given.open().await.text().contains("Noch nicht zu lesen."));
    let id = reply(&given, "Das tut uns leid.", now - 1_000).await;
    let page = given.open().await.page();
    assert_eq!(words_of(&page, ".reply .said"), ["Das tut uns leid."]);
    let long = "ä".repeat(2_001);
    let refused = given.post(&format!("do=words&reply={id}&words={long}")).await;
    assert_eq!(refused.status, 422);
    assert_eq!(words(one(&refused.page(), ".reply textarea")), long);
    given.act(&format!("do=words&reply={id}&words=++")).await;
    given.act(&format!("do=words&reply={id}&words=Danke!%0D%0AIch+bin+kim%40example.org")).await;
    given.act(&format!("do=words&reply={id}&words=Noch+etwas")).await;
    let page = given.open().await.page();
    assert_eq!(words_of(&page, ".reply blockquote"), ["Danke! Ich bin [E-Mail]"]);
    assert!(all(&page, ".reply form").is_empty(), "once a reply");
    for other in ["", "0", "zz"] {
        given.act(&format!("do=words&reply={other}&words=Woanders")).await;
    }
    assert!(!given.open().await.text().contains("Woanders"));
}

#[tokio::test]
async fn a_page_is_kept_half_a_year_longer_by_a_reply() {
    let given = Given::new(&[]).await;
    given.change("UPDATE answer_pages SET made_at = made_at - ?", 181 * DAY).await;
    assert_eq!(given.open().await.status, 404);
    let now = jiff::Timestamp::now().as_millisecond();
    reply(&given, "Danke!", now - 100 * DAY).await;
    assert_eq!(given.open().await.status, 200);
    given.change("UPDATE responses SET received_at = received_at - ?", 731 * DAY).await;
    assert_eq!(given.open().await.status, 404, "two years at most");
}
