//! Mails to whoever looks after a case: it was given to them, or waits for an answer.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    bench::{Bench, LOGIN, response_with},
    mails::{self, send_in, text},
    markup::{all, one, words_of},
    smtp::{Mail, MailServer},
};

/// The order number of every answer here.
const ORDER: &str = "ORDER-77";

/// A bench with a mail server, the admin Kim (account 1) and the member Alex (account 2). Both get mails about their cases.
async fn shop() -> (Bench, MailServer, String, String) {
    let (bench, server, kim) = mails::bench().await;
    let alex = bench.colleague(&kim, "alex", "member").await;
    choose(&bench, &kim, "address=kim%40shop.example&own=yes").await;
    choose(&bench, &alex, "address=alex%40shop.example&own=yes").await;
    (bench, server, kim, alex)
}

async fn choose(bench: &Bench, cookie: &str, form: &str) {
    let saved = bench.own_form("/settings/alerts/mails", cookie, form).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
}

/// Sends an answer with a comment; returns the id that it is shown under, and its own.
async fn answered(bench: &Bench) -> (String, String) {
    let sent = response_with(&[
        ("score", json!(2)),
        ("comment", json!("Unter uns gesagt: kaputt")),
        ("order.id", json!(ORDER)),
    ]);
    let answer = bench.post_json(&sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let id = sent["id"].as_str().unwrap();
    (bench.collector.public_id(id), id.to_owned())
}

/// Acts on a case; returns the step, to undo it.
async fn act(bench: &Bench, cookie: &str, id: &str, form: &str) -> String {
    let form = format!("{form}&next=/inbox");
    let answer = bench.own_form(&format!("/inbox/{id}"), cookie, &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.header("location");
    let (_, step) = location.split_once("done=").unwrap();
    step.split('&').next().unwrap().to_owned()
}

async fn undo(bench: &Bench, cookie: &str, step: &str) {
    let form = format!("step={step}&next=/inbox");
    assert_eq!(bench.own_form("/inbox/undo", cookie, &form).await.status, 303);
}

/// Moves everything that was stored so far into the past.
async fn days_pass(bench: &Bench, days: i64) {
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    for statement in [
        "UPDATE responses SET received_at = received_at - ?",
        "UPDATE case_steps SET at = at - ?",
        "UPDATE alerts SET at = at - ?",
    ] {
        sqlx::query(statement).bind(days * 86_400_000).execute(&mut file).await.unwrap();
    }
    file.close().await.unwrap();
}

async fn run(bench: &Bench) {
    let now = Timestamp::now() + SignedDuration::from_secs(5);
    bench.collector.run_rules(now).await.unwrap();
    send_in(bench, 90).await;
}

/// The receivers and subjects of all mails so far.
fn received(server: &MailServer) -> Vec<String> {
    let subject = |mail: &Mail| {
        let text = text(mail);
        let (_, rest) = text.split_once("Subject: ").unwrap();
        rest.lines().next().unwrap().to_owned()
    };
    server.mails().iter().map(|mail| format!("{}: {}", mail.to, subject(mail))).collect()
}

const GIVEN: &str = "alex@shop.example: A case was given to you: Score 2, Order";

#[tokio::test]
async fn a_colleague_gets_one_mail_about_a_case_that_is_given_to_them() {
    let (bench, server, kim, alex) = shop().await;
    let (id, own_id) = answered(&bench).await;
    act(&bench, &kim, &id, "do=give&owner=2&version=0").await;
    send_in(&bench, 10).await;
    assert_eq!(received(&server), [""; 0], "it can still be undone");
    send_in(&bench, 90).await;
    send_in(&bench, 900).await;
    assert_eq!(received(&server), [GIVEN]);
    let mail = text(&server.mails()[0]);
    assert!(mail.contains(&format!("https://feedback.shop.example/responses/{id}")), "{mail}");
    for private in ["Unter uns", "kim@example.org", ORDER, &own_id] {
        assert!(!mail.contains(private), "{private}: {mail}");
    }
    // Whoever takes a case oneself knows that.
    let (id, _) = answered(&bench).await;
    act(&bench, &alex, &id, "do=take&version=0").await;
    let (id, _) = answered(&bench).await;
    act(&bench, &alex, &id, "do=give&owner=2&version=0").await;
    send_in(&bench, 1_800).await;
    assert_eq!(received(&server), [GIVEN]);
    // It is nobody else's business: the page does not list it.
    let page = bench.get("/settings/alerts", &[LOGIN, ("accept-language", "en")]).await.page();
    assert!(all(&page, ".alert").is_empty(), "{:?}", words_of(&page, ".alert"));
}

#[tokio::test]
async fn an_assignment_that_is_undone_or_given_further_tells_only_whom_it_concerns() {
    let (bench, server, kim, alex) = shop().await;
    let (id, _) = answered(&bench).await;
    let step = act(&bench, &kim, &id, "do=give&owner=2&version=0").await;
    undo(&bench, &kim, &step).await;
    send_in(&bench, 900).await;
    assert_eq!(received(&server), [""; 0]);

    // Given to Alex, from there to Kim, and that undone: it is Alex's.
    let (id, _) = answered(&bench).await;
    act(&bench, &kim, &id, "do=give&owner=2&version=0").await;
    let step = act(&bench, &alex, &id, "do=give&owner=1&version=1").await;
    undo(&bench, &alex, &step).await;
    send_in(&bench, 900).await;
    assert_eq!(received(&server), [GIVEN]);

    // Several at once are one mail.
    let (one, _) = answered(&bench).await;
    let (two, _) = answered(&bench).await;
    let form = format!("case={one}.0&case={two}.0&do=give&owner=2&next=/inbox");
    assert_eq!(bench.own_form("/inbox/cases", &kim, &form).await.status, 303);
    send_in(&bench, 1_800).await;
    assert_eq!(received(&server), [GIVEN, "alex@shop.example: 2 alerts"]);
}

#[tokio::test]
async fn assignments_wait_for_the_end_of_quiet_hours_and_go_to_nobody_who_chose_no_mails() {
    let (bench, server, kim, alex) = shop().await;
    let now = Timestamp::now();
    let clock = |hours: i64| (now + SignedDuration::from_hours(hours)).strftime("%H%%3A%M");
    let quiet =
        format!("address=alex%40shop.example&own=yes&from={}&until={}", clock(-1), clock(3));
    choose(&bench, &alex, &quiet).await;
    let (id, _) = answered(&bench).await;
    act(&bench, &kim, &id, "do=give&owner=2&version=0").await;
    send_in(&bench, 90).await;
    assert_eq!(received(&server), [""; 0]);
    send_in(&bench, 3 * 3_600 + 90).await;
    assert_eq!(received(&server), [GIVEN]);

    choose(&bench, &alex, "address=alex%40shop.example&rule=1").await;
    let (id, _) = answered(&bench).await;
    act(&bench, &kim, &id, "do=give&owner=2&version=0").await;
    send_in(&bench, 90).await;
    assert_eq!(received(&server), [GIVEN]);
}

#[tokio::test]
async fn a_case_that_waits_for_three_days_tells_its_owner_once_until_it_waits_anew() {
    let (bench, server, _, alex) = shop().await;
    let (id, own_id) = answered(&bench).await;
    act(&bench, &alex, &id, "do=take&version=0").await;
    days_pass(&bench, 2).await;
    run(&bench).await;
    assert_eq!(received(&server), [""; 0]);
    days_pass(&bench, 1).await;
    run(&bench).await;
    days_pass(&bench, 1).await;
    run(&bench).await;
    let waits = "alex@shop.example: A case has waited for an answer for 3 days: Score 2, Order";
    assert_eq!(received(&server), [waits]);
    let mail = text(&server.mails()[0]);
    assert!(mail.contains(&format!("https://feedback.shop.example/responses/{id}")), "{mail}");
    for private in ["Unter uns", "kim@example.org", ORDER, &own_id] {
        assert!(!mail.contains(private), "{private}: {mail}");
    }
    let page = bench.get("/settings/alerts", &[LOGIN, ("accept-language", "en")]).await.page();
    // The rule of the bench has found the low score, too.
    let alert = &words_of(&page, ".alert")[0];
    assert!(alert.starts_with("A case has waited") && alert.contains("Cases that wait"), "{alert}");

    // Answered and opened again, it waits anew from then on.
    act(&bench, &alex, &id, "do=answered&version=1").await;
    days_pass(&bench, 4).await;
    run(&bench).await;
    act(&bench, &alex, &id, "do=in-progress&version=2").await;
    days_pass(&bench, 2).await;
    run(&bench).await;
    assert_eq!(received(&server).len(), 1);
    days_pass(&bench, 1).await;
    run(&bench).await;
    days_pass(&bench, 1).await;
    run(&bench).await;
    assert_eq!(received(&server), [waits, waits]);
}

#[tokio::test]
async fn a_waiting_case_of_nobody_tells_those_who_chose_that_and_one_that_is_answered_meanwhile_nobody()
 {
    let (bench, server, kim, alex) = shop().await;
    choose(&bench, &kim, "address=kim%40shop.example&unowned=yes").await;
    let (id, _) = answered(&bench).await;
    // The shop cannot reply to a score alone.
    let score = response_with(&[
        ("score", json!(2)),
        ("comment", serde_json::Value::Null),
        ("contact", serde_json::Value::Null),
    ]);
    assert_eq!(bench.post_json(&score).await.status, 200);
    days_pass(&bench, 3).await;
    run(&bench).await;
    let waits = "kim@shop.example: A case has waited for an answer for 3 days: Score 2, Order";
    assert_eq!(received(&server), [waits]);

    let (other, _) = answered(&bench).await;
    days_pass(&bench, 3).await;
    let now = Timestamp::now() + SignedDuration::from_secs(5);
    bench.collector.run_rules(now).await.unwrap();
    act(&bench, &alex, &other, "do=answered&version=0").await;
    act(&bench, &alex, &id, "do=closed&version=0").await;
    send_in(&bench, 90).await;
    assert_eq!(received(&server), [waits]);
}

#[tokio::test]
async fn the_days_of_waiting_can_be_chosen_and_switched_off() {
    let (bench, server, kim, alex) = shop().await;
    let reader = bench.colleague(&kim, "ray", "reader").await;
    let days = |page: &scraper::Html| one(page, "#waiting-days").attr("value").map(str::to_owned);
    let headers = [("cookie", &*kim), ("accept-language", "de")];
    let page = bench.get("/settings/alerts", &headers).await;
    assert_eq!(days(&page.page()).as_deref(), Some("3"));
    assert!(page.text().contains("Wartende Fälle"));
    for wrong in ["-1", "61", "", "zwei"] {
        let form = format!("days={wrong}");
        let answer = bench.own_form("/settings/alerts/waiting", &kim, &form).await;
        assert_eq!(answer.status, 422, "{wrong}");
        let said = words_of(&answer.page(), ".error").concat();
        assert!(said.contains("from 0 to 60"), "{wrong}: {said}");
    }
    let refused = bench.own_form("/settings/alerts/waiting", &reader, "days=9").await;
    assert_eq!(refused.status, 403);
    let saved = bench.own_form("/settings/alerts/waiting", &alex, "days=0").await;
    assert_eq!(saved.header("location"), "/settings/alerts?done=waiting");
    assert_eq!(days(&bench.get("/settings/alerts", &headers).await.page()).as_deref(), Some("0"));

    let (id, _) = answered(&bench).await;
    act(&bench, &alex, &id, "do=take&version=0").await;
    days_pass(&bench, 4).await;
    run(&bench).await;
    assert_eq!(received(&server), [""; 0]);
    bench.own_form("/settings/alerts/waiting", &kim, "days=4").await;
    run(&bench).await;
    assert_eq!(received(&server).len(), 1);
}
