//! Replies to customers: on the answer page, by mail, and noted as sent elsewhere.

use axum::http::Method;
use jiff::{SignedDuration, Timestamp};
use scraper::Html;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    bench::{Answer, Bench, LOGIN, response_with},
    erasure::assert_in_no_file,
    mails,
    markup::{all, assert_nothing_inline, described, one, words, words_of},
};

/// An answer with a contact and an answer page; returns the id that it is shown under.
async fn answered(bench: &Bench, changes: &[(&str, Value)]) -> String {
    let sent = response_with(changes);
    let answer = bench.post_json(&sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    bench.collector.public_id(sent["id"].as_str().unwrap())
}

async fn page(bench: &Bench, cookie: &str, id: &str) -> Html {
    let path = format!("/responses/{id}");
    let answer = bench.get(&path, &[("cookie", cookie), ("accept-language", "en")]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.page()
}

/// The text of an element that shows a text with its line breaks.
fn exact(page: &Html, selector: &str) -> String {
    one(page, selector).text().collect()
}

async fn send(
    bench: &Bench,
    cookie: &str,
    id: &str,
    way: &str,
    text: &str,
    version: u32,
) -> Answer {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("do", way), ("words", text), ("next", &format!("/responses/{id}"))])
        .append_pair("version", &version.to_string())
        .finish();
    bench.own_form(&format!("/inbox/{id}/reply"), cookie, &form).await
}

/// Sends a reply and expects that it is taken.
async fn reply(bench: &Bench, cookie: &str, id: &str, way: &str, text: &str, version: u32) {
    let answer = send(bench, cookie, id, way, text, version).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

async fn change(bench: &Bench, statement: &'static str) {
    let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
    sqlx::query(statement).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
}

/// Lets the seconds in which a reply can be taken back last an hour, however slow the machine is.
async fn time_stands_still(bench: &Bench) {
    change(bench, "UPDATE replies SET visible_from = visible_from + 3600000").await;
}

/// Ends the seconds in which a reply can be taken back.
async fn time_is_over(bench: &Bench) {
    change(bench, "UPDATE replies SET visible_from = at").await;
}

async fn take_back(bench: &Bench, cookie: &str, id: &str) -> Answer {
    let step: i64 = {
        let mut file = SqliteConnection::connect(&bench.address()).await.unwrap();
        sqlx::query_scalar("SELECT max(step) FROM replies").fetch_one(&mut file).await.unwrap()
    };
    bench.own_form(&format!("/inbox/{id}/take-back"), cookie, &format!("step={step}")).await
}

#[tokio::test]
async fn a_reply_is_seen_before_it_is_sent_and_answers_the_case() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let reader = bench.colleague(&admin, "ray", "reader").await;
    let id = answered(&bench, &[]).await;
    let text = "Guten Tag,\n\n<b>danke</b> für Ihre Worte.";
    let shown = send(&bench, &admin, &id, "preview", text, 0).await;
    assert_eq!(shown.status, 200);
    let shown = shown.page();
    assert_nothing_inline(&shown);
    assert_eq!(exact(&shown, "#reply-text"), text);
    assert_eq!(exact(&shown, "#reply-words"), text);
    assert!(all(&page(&bench, &admin, &id).await, ".replies").is_empty(), "nothing was sent");

    reply(&bench, &admin, &id, "page", text, 0).await;
    let shown = page(&bench, &admin, &id).await;
    assert_nothing_inline(&shown);
    assert_eq!(exact(&shown, ".replies .note-text"), text);
    assert_eq!(words(one(&shown, ".case .state")), "Answered");
    let done = words_of(&shown, ".done li > p:first-child");
    assert!(done[0].starts_with("Kim · Answered ·"), "{done:?}");
    assert!(done[1].starts_with("Kim · Replied on the answer page ·"), "{done:?}");

    let seen = page(&bench, &reader, &id).await;
    assert_eq!(exact(&seen, ".replies .note-text"), text);
    assert!(all(&seen, ".reply form").is_empty(), "read-only people cannot reply");
    assert_eq!(send(&bench, &reader, &id, "page", "Ich auch", 1).await.status, 403);
}

#[tokio::test]
async fn a_reply_can_be_taken_back_at_first_and_then_no_longer() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let alex = bench.colleague(&admin, "alex", "member").await;
    let id = answered(&bench, &[]).await;
    reply(&bench, &admin, &id, "page", "Voreilig", 0).await;
    time_stands_still(&bench).await;
    let button = format!("form[action='/inbox/{id}/take-back'] button");
    assert_eq!(all(&page(&bench, &admin, &id).await, &button).len(), 1);
    assert!(all(&page(&bench, &alex, &id).await, &button).is_empty(), "it is Kim's");
    assert_eq!(take_back(&bench, &alex, &id).await.status, 404);
    let answer = take_back(&bench, &admin, &id).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let shown = answer.page();
    assert_eq!(exact(&shown, "#reply-words"), "Voreilig", "to be written anew");
    assert_eq!(words(one(&shown, ".case .state")), "New");
    assert!(all(&shown, ".replies").is_empty());
    let done = words_of(&shown, ".done li > p:first-child");
    assert!(done.iter().any(|line| line.starts_with("Kim · Reply taken back")), "{done:?}");

    reply(&bench, &admin, &id, "page", "Bedacht", 2).await;
    time_is_over(&bench).await;
    let shown = page(&bench, &admin, &id).await;
    assert!(all(&shown, &button).is_empty());
    let answer = take_back(&bench, &admin, &id).await;
    assert_eq!(answer.status, 409);
    assert_eq!(exact(&answer.page(), ".replies .note-text"), "Bedacht");
}

#[tokio::test]
async fn a_reply_to_a_case_that_somebody_changed_meanwhile_is_not_lost() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let alex = bench.colleague(&admin, "alex", "member").await;
    let id = answered(&bench, &[]).await;
    reply(&bench, &alex, &id, "page", "Von Alex", 0).await;
    let answer = send(&bench, &admin, &id, "page", "Von Kim", 0).await;
    assert_eq!(answer.status, 409);
    let shown = answer.page();
    assert_eq!(exact(&shown, "#reply-words"), "Von Kim");
    assert_eq!(words_of(&shown, ".replies .note-text"), ["Von Alex"]);
    assert!(words(one(&shown, ".reply .error")).contains("Nothing was sent"));
    // The form knows the case as it is now.
    let version = one(&shown, ".reply input[name=version]").attr("value").unwrap();
    assert_eq!(version, "1");
    reply(&bench, &admin, &id, "page", "Von Kim", 1).await;
    let shown = page(&bench, &admin, &id).await;
    assert_eq!(words_of(&shown, ".replies .note-text"), ["Von Alex", "Von Kim"]);
}

#[tokio::test]
async fn a_reply_that_cannot_be_sent_stands_in_the_form_with_the_reason() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let id = answered(&bench, &[("answer_page", Value::Null)]).await;
    let long = "ä".repeat(2_001);
    for (way, text, problem) in [
        ("elsewhere", &*long, "At most 2,000 characters."),
        ("preview", &*long, "At most 2,000 characters."),
        ("elsewhere", " \r\n ", "Write a reply first."),
        ("page", "Danke", "The reply cannot go this way"),
        ("mail", "Danke", "The reply cannot go this way"),
    ] {
        let answer = send(&bench, &admin, &id, way, text, 0).await;
        assert_eq!(answer.status, 422, "{way}");
        let shown = answer.page();
        assert_eq!(exact(&shown, "#reply-words"), text.trim(), "{way}");
        let said = words(one(&shown, ".reply .error"));
        assert!(said.starts_with(problem), "{way}: {said}");
    }
    let whole = "ä".repeat(2_000);
    reply(&bench, &admin, &id, "elsewhere", &whole, 0).await;
    let unknown = bench.collector.public_id("0192f0c1-7a2b-7c3d-8e4f-00000000dead");
    assert_eq!(send(&bench, &admin, &unknown, "elsewhere", "Danke", 0).await.status, 404);
}

#[tokio::test]
async fn without_a_mail_server_the_preview_opens_the_shops_own_program() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let reader = bench.colleague(&admin, "ray", "reader").await;
    let id = answered(&bench, &[("contact", json!("kim+shop@example.org"))]).await;
    let shown = send(&bench, &admin, &id, "preview", "Grüße & mehr", 0).await.page();
    let link = one(&shown, "a[href^='mailto:']").attr("href").unwrap();
    assert_eq!(
        link,
        "mailto:kim%2Bshop@example.org?subject=Unsere%20Antwort%20auf%20Ihre%20R%C3%BCckmeldung\
         &body=Gr%C3%BC%C3%9Fe%20%26%20mehr"
    );
    let shown = send(&bench, &admin, &id, "preview", &"ü".repeat(400), 0).await.page();
    assert!(all(&shown, "a[href^='mailto:']").is_empty(), "too long for a link");
    assert_eq!(all(&shown, "button[data-copy=reply-text]").len(), 1);

    reply(&bench, &admin, &id, "elsewhere", "Grüße & mehr", 0).await;
    let shown = page(&bench, &admin, &id).await;
    let first = words(one(&shown, ".replies li > p:first-child"));
    assert!(first.starts_with("Kim · Replied with another program"), "{first}");
    let seen = bench.get(&format!("/responses/{id}"), &[("cookie", &reader)]).await.text();
    assert!(!seen.contains("kim+shop"), "the contact is for people who may reply");
    // A number to call is shown, and has no link.
    let id = answered(&bench, &[("contact", json!("+49 30 1234567"))]).await;
    let shown = send(&bench, &admin, &id, "preview", "Wir rufen an.", 0).await.page();
    assert!(all(&shown, "a[href^='mailto:']").is_empty());
    assert!(words(one(&shown, "#reply-hint")).contains("+49 30 1234567"));
}

#[tokio::test]
async fn a_mail_leaves_after_it_could_be_taken_back_and_is_a_persons() {
    let (bench, server, admin) = mails::bench().await;
    let form = "imprint=https%3A%2F%2Fshop.example%2Fimpressum";
    assert_eq!(bench.own_form("/settings/shop/links", &admin, form).await.status, 303);
    let id = answered(&bench, &[("contact", json!(" kim@example.org "))]).await;
    reply(&bench, &admin, &id, "mail", "Guten Tag,\n\nes tut uns leid.", 0).await;
    bench.collector.send_alerts(Timestamp::now()).await.unwrap();
    assert_eq!(server.mails(), []);
    mails::send_in(&bench, 60).await;
    mails::send_in(&bench, 120).await;
    let [mail] = &server.mails()[..] else { panic!("{:?}", server.mails()) };
    assert_eq!((&*mail.from, &*mail.to), ("feedback@shop.example", "kim@example.org"));
    let text = mails::text(mail);
    for expected in [
        "Reply-To: service@shop.example\n",
        "\n\nGuten Tag,\n\nes tut uns leid.\n",
        // Quoted-printable: the space at the end of the line is encoded.
        "\n--=20\nImpressum: https://shop.example/impressum\n",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in {text}");
    }
    let (_, link) = text
        .split_once("Ihre R=C3=BCckmeldung ansehen:\nhttps://feedback.shop.example/r/")
        .expect("a link");
    let secret = link.lines().next().unwrap();
    let opened = bench.get(&format!("/r/{secret}"), &[]).await;
    assert_eq!(opened.status, 200, "{secret}");
    assert!(opened.text().contains("Schnell &amp; gut"), "{}", opened.text());
    assert!(!text.contains("Auto-Submitted"), "a person wrote it: {text}");
    assert!(!text.contains("Schnell & gut") && !text.contains("/responses/"), "{text}");
    let shown = page(&bench, &admin, &id).await;
    let first = words(one(&shown, ".replies li > p:first-child"));
    assert!(first.contains("Replied by mail, accepted by the mail server"), "{first}");

    // The link leads to the reply, where the customer writes back.
    time_is_over(&bench).await;
    let path = format!("/r/{secret}");
    let theirs = bench.get(&path, &[]).await.page();
    assert_eq!(exact(&theirs, ".reply .said"), "Guten Tag,\n\nes tut uns leid.");
    let reply = one(&theirs, "input[name=reply]").attr("value").unwrap();
    let answer = bench.form(&path, "", &format!("do=words&reply={reply}&words=Danke+sehr!")).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let shown = page(&bench, &admin, &id).await;
    assert_eq!(words(one(&shown, ".replies blockquote")), "Danke sehr!");
    assert_eq!(words(one(&shown, ".case .state")), "New");
    let done = words_of(&shown, ".done li > p:first-child");
    assert!(done.last().unwrap().starts_with("Customer · Wrote back; new again"), "{done:?}");
}

#[tokio::test]
async fn a_mail_that_was_taken_back_or_erased_does_not_leave() {
    let (bench, server, admin) = mails::bench().await;
    let id = answered(&bench, &[]).await;
    let other = answered(&bench, &[("order.id", json!("A-9"))]).await;
    reply(&bench, &admin, &other, "mail", "Zwei", 0).await;
    reply(&bench, &admin, &id, "mail", "Eins", 0).await;
    time_stands_still(&bench).await;
    assert_eq!(take_back(&bench, &admin, &id).await.status, 200);
    bench.call(Method::DELETE, "/v1/responses?order=A-9", &[LOGIN]).await;
    mails::send_in(&bench, 7_200).await;
    assert_eq!(server.mails(), []);
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_makes_the_case_new_again() {
    let (bench, server, admin) = mails::bench().await;
    let id = answered(&bench, &[]).await;
    reply(&bench, &admin, &id, "mail", "Es tut uns leid.", 0).await;
    *server.to_recipients.lock().unwrap() = "451 try again";
    mails::send_in(&bench, 60).await;
    let shown = page(&bench, &admin, &id).await;
    assert_eq!(words(one(&shown, ".case .state")), "Answered");
    *server.to_recipients.lock().unwrap() = "550 nobody here";
    mails::send_in(&bench, 120).await;
    let shown = page(&bench, &admin, &id).await;
    assert_eq!(words(one(&shown, ".case .state")), "New");
    let first = words(one(&shown, ".replies li > p:first-child"));
    assert!(first.contains("Replied by mail, not sent"), "{first}");
    let done = words_of(&shown, ".done li > p:first-child");
    let last = done.last().unwrap();
    assert!(last.starts_with("Afterword · The reply could not be delivered by mail"), "{last}");
    mails::send_in(&bench, 9_000).await;
    assert_eq!(server.mails(), []);
}

/// The value of a figure in `/metrics`.
async fn figure(bench: &Bench, name: &str) -> String {
    let text = bench.get("/metrics", &[LOGIN]).await.text();
    let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
    line.rsplit(' ').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_mail_that_was_given_up_is_counted_and_sent_again_by_a_member() {
    let (bench, server, admin) = mails::bench().await;
    let alex = bench.colleague(&admin, "alex", "member").await;
    let ray = bench.colleague(&admin, "ray", "reader").await;
    let id = answered(&bench, &[]).await;
    reply(&bench, &admin, &id, "mail", "Es tut uns leid.", 0).await;
    *server.to_recipients.lock().unwrap() = "550 nobody here";
    mails::send_in(&bench, 60).await;
    assert_eq!(figure(&bench, "afterword_replies_failed").await, "1");
    let health = bench.get("/settings/health", &[LOGIN, ("accept-language", "en")]).await.text();
    assert!(health.contains("A reply to a customer could not be sent by mail."), "{health}");
    let doctor = afterword_collector::maintenance::examine(
        &afterword_collector::Config::new(bench.address()),
        "http://127.0.0.1:9",
        afterword_collector::maintenance::DoctorMode::Check,
    )
    .await;
    assert!(doctor.iter().any(|it| it.what.contains("could not be sent by mail")), "{doctor:?}");

    let path = format!("/inbox/{id}/send-again");
    let button = format!("form[action='{path}']");
    assert!(all(&page(&bench, &ray, &id).await, &button).is_empty());
    let shown = page(&bench, &alex, &id).await;
    assert_eq!(words(one(&shown, &button)), "Send again");
    let step = one(&shown, &format!("{button} input[name=step]")).attr("value").unwrap().to_owned();
    let form = format!("step={step}&next=/responses/{id}");
    assert_eq!(bench.own_form(&path, &ray, &form).await.status, 403);
    let answer = bench.own_form(&path, &alex, &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(figure(&bench, "afterword_replies_failed").await, "0");
    let shown = page(&bench, &admin, &id).await;
    assert_eq!(words(one(&shown, ".case .state")), "Answered");
    assert!(all(&shown, &button).is_empty());
    let done = words_of(&shown, ".done li > p:first-child");
    assert!(done.last().unwrap().starts_with("alex · Replied by mail"), "{done:?}");

    *server.to_recipients.lock().unwrap() = "250 ok";
    mails::send_in(&bench, 120).await;
    let [mail] = &server.mails()[..] else { panic!("{:?}", server.mails()) };
    assert!(mails::text(mail).contains("Es tut uns leid."));
    // A second click sends nothing more.
    assert_eq!(bench.own_form(&path, &alex, &form).await.status, 303);
    mails::send_in(&bench, 9_000).await;
    assert_eq!(server.mails().len(), 1);
}

/// Writes back to the reply to an answer, on the answer page that its mail leads to.
async fn write_back(bench: &Bench, mail: &crate::smtp::Mail, text: &str) {
    let letter = mails::text(mail);
    let (_, link) = letter.split_once("https://feedback.shop.example/r/").unwrap();
    let path = format!("/r/{}", link.lines().next().unwrap());
    time_is_over(bench).await;
    let theirs = bench.get(&path, &[]).await.page();
    let reply = one(&theirs, "input[name=reply]").attr("value").unwrap();
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("do", "words"), ("reply", reply), ("words", text)])
        .finish();
    assert_eq!(bench.form(&path, "", &form).await.status, 303);
}

#[tokio::test]
async fn whoever_looks_after_a_case_is_told_when_the_customer_writes_back() {
    let (bench, server, admin) = mails::bench().await;
    let alex = bench.colleague(&admin, "alex", "member").await;
    for (cookie, form) in [
        (&alex, "address=alex%40shop.example&own=yes"),
        (&admin, "address=kim%40shop.example&own=yes"),
    ] {
        let saved = bench.own_form("/settings/alerts/mails", cookie, form).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
    }
    let id = answered(&bench, &[("order.id", json!("A-9"))]).await;
    let take = format!("do=take&version=0&next=/responses/{id}");
    assert_eq!(bench.own_form(&format!("/inbox/{id}"), &alex, &take).await.status, 303);
    reply(&bench, &admin, &id, "mail", "Es tut uns leid.", 1).await;
    mails::send_in(&bench, 60).await;
    let sent = server.mails();
    write_back(&bench, &sent[0], "Unter uns gesagt: danke").await;
    mails::send_in(&bench, 120).await;
    let told = &server.mails()[1..];
    let [mail] = told else { panic!("{told:?}") };
    assert_eq!(mail.to, "alex@shop.example");
    let text = mails::text(mail);
    assert!(text.contains("A customer wrote back: Score 9, Order"), "{text}");
    assert!(text.contains(&format!("https://feedback.shop.example/responses/{id}")), "{text}");
    assert!(!text.contains("Unter uns"), "{text}");
    let shown = bench.get("/settings/alerts", &[LOGIN, ("accept-language", "en")]).await.page();
    let alert = words_of(&shown, ".alert").join(" ");
    assert!(alert.contains("A customer wrote back") && alert.contains("was told"), "{alert}");

    // An erasure leaves nothing of it.
    bench.call(Method::DELETE, "/v1/responses?order=A-9", &[LOGIN]).await;
    let shown = bench.get("/settings/alerts", &[LOGIN]).await.page();
    assert!(all(&shown, ".alert").is_empty());
}

#[tokio::test]
async fn a_rule_tells_that_a_customer_wrote_back_and_the_owner_only_once() {
    let (bench, server, admin) = mails::bench().await;
    let rule = bench.own_form("/settings/alerts", &admin, "of=wrote-back").await;
    assert_eq!(rule.status, 303, "{}", rule.text());
    let form = "address=kim%40shop.example&own=yes&rule=2";
    assert_eq!(bench.own_form("/settings/alerts/mails", &admin, form).await.status, 303);
    let id = answered(&bench, &[]).await;
    let take = format!("do=take&version=0&next=/responses/{id}");
    assert_eq!(bench.own_form(&format!("/inbox/{id}"), &admin, &take).await.status, 303);
    reply(&bench, &admin, &id, "mail", "Es tut uns leid.", 1).await;
    mails::send_in(&bench, 60).await;
    let sent = server.mails();
    write_back(&bench, &sent[0], "Danke").await;
    mails::send_in(&bench, 120).await;
    let told = &server.mails()[1..];
    let [mail] = told else { panic!("{told:?}") };
    assert!(mails::text(mail).contains("Subject: A customer wrote back: Score 9, Order"));
    // A test, which is no customer's, tells nobody.
    change(&bench, "UPDATE responses SET aside = 1024").await;
    reply(&bench, &admin, &id, "mail", "Noch etwas.", 3).await;
    mails::send_in(&bench, 200).await;
    let sent = server.mails();
    write_back(&bench, &sent[2], "Danke").await;
    mails::send_in(&bench, 300).await;
    assert_eq!(server.mails().len(), 3);
}

#[tokio::test]
async fn a_mail_whose_contact_was_erased_does_not_leave_and_the_case_is_new_again() {
    let (bench, server, admin) = mails::bench().await;
    let id = answered(&bench, &[]).await;
    reply(&bench, &admin, &id, "mail", "Es tut uns leid.", 0).await;
    change(&bench, "UPDATE responses SET response = json_remove(response, '$.contact')").await;
    mails::send_in(&bench, 60).await;
    assert_eq!(server.mails(), []);
    assert_eq!(words(one(&page(&bench, &admin, &id).await, ".case .state")), "New");
}

#[tokio::test]
async fn a_reply_with_a_link_or_an_invitation_warns_and_is_not_refused() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let id = answered(&bench, &[]).await;
    for (text, warning) in [
        ("Hier: https://reviews.example", "The text has a link."),
        ("Bitte bewerten Sie uns!", "The text seems to invite"),
    ] {
        let shown = send(&bench, &admin, &id, "preview", text, 0).await.page();
        let said = words(one(&shown, ".reply .notice.warn"));
        assert!(said.starts_with(warning) && said.contains("§ 7 UWG"), "{said}");
    }
    let shown = send(&bench, &admin, &id, "preview", "Danke!", 0).await.page();
    assert!(all(&shown, ".reply .notice").is_empty());
    reply(&bench, &admin, &id, "page", "Hier: https://reviews.example", 0).await;
}

#[tokio::test]
async fn access_by_law_contains_replies_and_erasure_takes_them() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let id = answered(&bench, &[("order.id", json!("A-9"))]).await;
    let (ours, theirs) = ("unverwechselbare Entschuldigung", "unvergleichlicher Dank");
    reply(&bench, &admin, &id, "page", ours, 0).await;
    time_is_over(&bench).await;
    change(
        &bench,
        "UPDATE replies SET written_back = 'unvergleichlicher Dank', written_back_at = at",
    )
    .await;
    let shown = page(&bench, &admin, &id).await;
    assert_eq!(words(one(&shown, ".replies blockquote")), theirs);
    let path = "/responses/of/order/file?number=A-9&format=json";
    let file = bench.get(path, &[("cookie", &admin)]).await.json();
    let stored = &file[0]["replies"][0];
    assert_eq!((&stored["words"], &stored["way"]), (&json!(ours), &json!("page")));
    assert_eq!(stored["written_back"], theirs);
    assert!(!stored.to_string().contains("Kim"), "who replied is data of a colleague");
    let path = "/responses/of/order?number=A-9";
    let all_of_order = bench.get(path, &[("cookie", &admin)]).await.page();
    assert_eq!(words(one(&all_of_order, ".replies .note-text")), ours);

    bench.call(Method::DELETE, "/v1/responses?order=A-9", &[LOGIN]).await;
    bench.collector.clone().close().await;
    for private in [ours, theirs] {
        assert_in_no_file(bench.folder.path(), private);
    }
}

/// Replies are for people: programs, lists, searches and exports have none of them.
#[tokio::test]
async fn replies_are_in_no_list_search_export_or_report() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let id = answered(&bench, &[]).await;
    reply(&bench, &admin, &id, "page", "unverwechselbare Entschuldigung", 0).await;
    time_is_over(&bench).await;
    let today = (Timestamp::now() - SignedDuration::from_secs(1)).strftime("%Y-%m-%d").to_string();
    for path in [
        "/v1/responses",
        "/v1/responses?q=entschuldigung",
        "/v1/cases?state=all",
        "/v1/report",
        "/v1/export?format=jsonl",
        "/v1/export?format=csv",
    ] {
        let answer = bench.get(path, &[LOGIN]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("Entschuldigung"), "{path}");
    }
    for path in ["/", "/inbox?state=all", "/responses", &format!("/week?of={today}")] {
        let answer = bench.get(path, &[("cookie", &admin)]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("Entschuldigung"), "{path}");
    }
}

#[tokio::test]
async fn a_template_is_written_by_a_member_and_inserted_below_what_is_typed() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let alex = bench.colleague(&admin, "alex", "member").await;
    let reader = bench.colleague(&admin, "ray", "reader").await;
    let path = "/settings/templates";
    let german =
        "name=Sp%C3%A4te+Lieferung&language=de&words=Guten+Tag,%0D%0A%0D%0Ades+tut+uns+leid.";
    assert_eq!(bench.own_form(path, &reader, german).await.status, 403);
    for form in [german, "name=Late&language=en&words=Hello,+see+https://reviews.example"] {
        let added = bench.own_form(path, &alex, form).await;
        assert_eq!(
            added.header("location"),
            "/settings/templates?done=template",
            "{}",
            added.text()
        );
    }
    let answer = bench.get(path, &[("cookie", &admin), ("accept-language", "en")]).await;
    let shown = answer.page();
    assert_nothing_inline(&shown);
    let names = words_of(&shown, ".templates > li > p:first-child");
    assert_eq!(names, ["Späte Lieferung · Deutsch", "Late · English"]);
    let warnings = words_of(&shown, ".templates .notice.warn");
    assert_eq!(warnings.len(), 1, "only the one with a link: {warnings:?}");

    // A customer who was asked in English has the English one first.
    let id = answered(&bench, &[("locale", json!("en-GB"))]).await;
    let offered = words_of(&page(&bench, &alex, &id).await, "#template option");
    assert_eq!(offered, ["Late (en)", "Späte Lieferung (de)"]);
    let form = "do=template&template=1&words=Liebe+Kim,&version=0";
    let inserted = bench.own_form(&format!("/inbox/{id}/reply"), &alex, form).await;
    assert_eq!(inserted.status, 200);
    let expected = "Liebe Kim,\n\nGuten Tag,\n\ndes tut uns leid.";
    assert_eq!(exact(&inserted.page(), "#reply-words"), expected);
    assert!(all(&page(&bench, &alex, &id).await, ".replies").is_empty(), "nothing was sent");

    let change =
        bench.own_form("/settings/templates/1", &alex, &german.replace("des", "das")).await;
    assert_eq!(change.status, 303);
    assert_eq!(bench.own_form("/settings/templates/2", &alex, "act=remove").await.status, 303);
    let shown = bench.get(path, &[("cookie", &admin)]).await.page();
    assert_eq!(words_of(&shown, ".templates > li > blockquote"), ["Guten Tag, das tut uns leid."]);
    for (form, problem) in
        [("name=&language=de&words=Hallo", "name"), ("name=Leer&language=de&words=+", "text")]
    {
        let refused = bench.own_form(path, &alex, form).await;
        assert_eq!(refused.status, 422, "{problem}");
        assert_eq!(all(&refused.page(), "[aria-invalid=true]").len(), 1, "{problem}");
    }
}

#[tokio::test]
async fn the_week_counts_replies_that_the_customer_can_read_and_mails_that_were_accepted() {
    let (bench, server, admin) = mails::bench().await;
    let mut ids = Vec::new();
    for number in 0..6 {
        // Each has an answer page of its own.
        ids.push(answered(&bench, &[("answer_page", json!(format!("{number:064x}")))]).await);
    }
    reply(&bench, &admin, &ids[0], "page", "Eins", 0).await;
    reply(&bench, &admin, &ids[1], "mail", "Zwei", 0).await;
    mails::send_in(&bench, 60).await;
    assert_eq!(server.mails().len(), 1);
    *server.to_recipients.lock().unwrap() = "550 nobody here";
    reply(&bench, &admin, &ids[2], "mail", "Drei", 0).await;
    mails::send_in(&bench, 60).await;
    time_is_over(&bench).await;
    reply(&bench, &admin, &ids[3], "elsewhere", "Vier", 0).await;
    bench.own_form(&format!("/inbox/{}", ids[4]), &admin, "do=answered&version=0&next=/").await;
    // The customer cannot read this one yet.
    reply(&bench, &admin, &ids[5], "page", "Sechs", 0).await;
    change(
        &bench,
        "UPDATE replies SET visible_from = visible_from + 3600000 WHERE words = 'Sechs'",
    )
    .await;
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    let path = format!("/week?of={today}");
    let week = bench.get(&path, &[("cookie", &admin), ("accept-language", "en")]).await.page();
    assert_eq!(described(&week, "Answered from here"), "2 of 6");
    assert_eq!(described(&week, "Answered elsewhere"), "2");
    let half = described(&week, "Time to the first reply");
    assert!(half.starts_with("Half within an hour"), "{half}");
}
