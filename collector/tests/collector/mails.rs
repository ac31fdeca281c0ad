//! Mails to colleagues, by a mail server that speaks SMTP with STARTTLS and AUTH.

use std::fs;

use afterword_collector::{Config, SettingsFile};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    bench::{Bench, LOGIN, response_with, shown_link},
    markup::words_of,
    smtp::{Mail, MailServer, USER},
};

/// Whether the settings trust the server's certificate.
#[derive(PartialEq, Eq)]
enum Trust {
    Yes,
    No,
}

/// Settings with a mail server, and that server.
async fn bench_with(password: &str, trust: Trust) -> (Bench, MailServer, String) {
    let server = MailServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    fs::write(&authority, &server.authority).unwrap();
    let password_file = folder.path().join("password");
    fs::write(&password_file, format!("{password}\n")).unwrap();
    let mut text = format!(
        "public-url = \"https://feedback.shop.example\"\n[mail]\nserver = \"localhost\"\nport = {}\n\
         user = \"{}\"\npassword-file = \"{}\"\nfrom = \"Harbour & Hill <feedback@shop.example>\"\n\
         reply-to = \"service@shop.example\"\n",
        server.port,
        USER.0,
        password_file.display(),
    );
    if trust == Trust::Yes {
        text.push_str(&format!("authority-file = \"{}\"\n", authority.display()));
    }
    let file = SettingsFile::read(&text).unwrap();
    let bench = Bench::with(|config: Config| config.settings(file)).await;
    let admin = bench.admin().await;
    let rule = bench.own_form("/settings/alerts", &admin, "of=answer&at_most=6").await;
    assert_eq!(rule.status, 303, "{}", rule.text());
    (bench, server, admin)
}

pub(crate) async fn bench() -> (Bench, MailServer, String) {
    bench_with(USER.1, Trust::Yes).await
}

async fn choose(bench: &Bench, cookie: &str, form: &str) {
    let answer = bench.own_form("/settings/alerts/mails", cookie, form).await;
    assert_eq!(answer.header("location"), "/settings/alerts?done=mails", "{}", answer.text());
}

/// Sends an answer with a low score, and runs the rules.
async fn low(bench: &Bench) {
    let sent =
        response_with(&[("score", json!(2)), ("comment", json!("Unter uns gesagt: kaputt"))]);
    assert_eq!(bench.post_json(&sent).await.status, 200);
    bench.collector.run_rules(Timestamp::now() + SignedDuration::from_secs(5)).await.unwrap();
}

pub(crate) async fn send_in(bench: &Bench, seconds: i64) {
    let now = Timestamp::now() + SignedDuration::from_secs(seconds);
    bench.collector.send_alerts(now).await.unwrap();
}

/// The text of a mail of plain text, whose lines may be broken for the way.
pub(crate) fn text(mail: &Mail) -> String {
    mail.text.replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n")
}

async fn messages(bench: &Bench) -> Vec<String> {
    let page = bench.get("/settings/alerts", &[LOGIN, ("accept-language", "en")]).await.page();
    words_of(&page, ".messages li .row > div > p:first-child")
}

#[tokio::test]
async fn a_colleague_gets_the_alerts_that_they_chose_without_customers_words() {
    let (bench, server, admin) = bench().await;
    let alex = bench.colleague(&admin, "alex", "member").await;
    choose(&bench, &admin, "address=kim%40shop.example&rule=1").await;
    choose(&bench, &alex, "address=alex%40shop.example").await;
    low(&bench).await;
    low(&bench).await;
    send_in(&bench, 10).await;
    let [mail] = &server.mails()[..] else { panic!("{:?}", server.mails()) };
    assert_eq!((&*mail.from, &*mail.to), ("feedback@shop.example", "kim@shop.example"));
    let text = text(mail);
    assert!(text.contains("Subject: 2 alerts\n"), "{text}");
    assert!(text.contains("Auto-Submitted: auto-generated\n"), "{text}");
    assert!(!text.contains("Reply-To"), "that is for customers: {text}");
    assert_eq!(text.matches("Score 2, Order\nScores 0 to 6\n").count(), 2, "{text}");
    assert!(text.contains("https://feedback.shop.example/responses/"), "{text}");
    for private in ["Unter uns", "kim@example.org"] {
        assert!(!text.contains(private), "{text}");
    }
    assert_eq!(messages(&bench).await, ["Kim (mail) · alert delivered"; 2]);
    send_in(&bench, 5_000).await;
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn in_quiet_hours_alerts_wait_and_come_in_one_mail() {
    let (bench, server, admin) = bench().await;
    let now = Timestamp::now();
    let clock = |hours: i64| {
        let at = now + SignedDuration::from_hours(hours);
        at.strftime("%H%%3A%M").to_string()
    };
    let form = format!("address=kim%40shop.example&rule=1&from={}&until={}", clock(-1), clock(3));
    choose(&bench, &admin, &form).await;
    low(&bench).await;
    send_in(&bench, 10).await;
    low(&bench).await;
    send_in(&bench, 3_600).await;
    assert_eq!(server.mails(), []);
    send_in(&bench, 3 * 3_600 + 60).await;
    assert_eq!(server.mails().len(), 1);
    assert!(text(&server.mails()[0]).contains("Subject: 2 alerts\n"));
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_and_one_for_now_is_tried_again() {
    let (bench, server, admin) = bench().await;
    choose(&bench, &admin, "address=kim%40shop.example&rule=1").await;
    *server.to_recipients.lock().unwrap() = "451 try again";
    low(&bench).await;
    send_in(&bench, 10).await;
    assert_eq!(messages(&bench).await, ["Kim (mail) · alert on its way"]);
    *server.to_recipients.lock().unwrap() = "550 nobody here";
    send_in(&bench, 60).await;
    assert_eq!(messages(&bench).await, ["Kim (mail) · alert given up"]);
    *server.to_recipients.lock().unwrap() = "250 ok";
    let again = bench.own_form("/settings/alerts/deliveries/1", &admin, "").await;
    assert_eq!(again.status, 303);
    send_in(&bench, 70).await;
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_wrong_password_sends_nothing() {
    let (bench, server, admin) = bench_with("another", Trust::Yes).await;
    choose(&bench, &admin, "address=kim%40shop.example&rule=1").await;
    low(&bench).await;
    send_in(&bench, 10).await;
    assert_eq!(server.mails(), []);
    assert_eq!(messages(&bench).await, ["Kim (mail) · alert given up"]);
}

#[tokio::test]
async fn a_server_that_is_not_trusted_gets_nothing() {
    let (bench, server, admin) = bench_with(USER.1, Trust::No).await;
    choose(&bench, &admin, "address=kim%40shop.example&rule=1").await;
    low(&bench).await;
    send_in(&bench, 10).await;
    assert_eq!(server.mails(), [], "its certificate is not one that Mozilla's authorities signed");
    assert_eq!(messages(&bench).await, ["Kim (mail) · alert on its way"]);
}

#[tokio::test]
async fn slips_are_explained_and_without_a_server_the_page_says_so() {
    let (bench, _server, admin) = bench().await;
    for (form, problem) in [
        ("address=kim&rule=1", "Enter an address such as"),
        ("address=&rule=1", "Enter an address such as"),
        ("address=a%40b.example%0D%0ABcc%3A+c%40d.example&rule=1", "Enter an address such as"),
        ("address=kim%40shop.example&rule=1&from=22:00", "Enter both times"),
    ] {
        let answer = bench.own_form("/settings/alerts/mails", &admin, form).await;
        assert_eq!(answer.status, 422, "{form}");
        assert!(words_of(&answer.page(), ".error").concat().contains(problem), "{form}");
    }
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let page = bench.get("/settings/alerts", &[("cookie", &admin)]).await;
    assert!(page.text().contains("There is no mail server in the settings file"));
}

#[tokio::test]
async fn an_invitation_and_a_link_for_a_password_can_be_sent_by_mail() {
    let (bench, server, admin) = bench().await;
    let form = "name=Lee&role=reader&mail=lee%40shop.example";
    let answer = bench.own_form("/settings/colleagues", &admin, form).await;
    assert!(answer.text().contains("The link was sent to lee@shop.example."), "{}", answer.text());
    assert!(!answer.text().contains("/invitation/"), "it is in the mail alone");
    let mail = text(&server.mails()[0]);
    assert!(mail.contains("To: lee@shop.example\n"), "{mail}");
    let (_, link) = mail.split_once("/invitation/").unwrap();
    let path = format!("/invitation/{}", link.split_whitespace().next().unwrap());
    assert_eq!(bench.get(&path, &[]).await.status, 200);

    // Where it cannot be sent, the link is shown as ever.
    *server.to_recipients.lock().unwrap() = "550 nobody here";
    let answer = bench.own_form("/settings/colleagues", &admin, form).await;
    assert!(answer.text().contains("could not be sent"), "{}", answer.text());
    assert_eq!(bench.get(&shown_link(&answer.text(), "/invitation/"), &[]).await.status, 200);

    *server.to_recipients.lock().unwrap() = "250 ok";
    let form = "do=link&mail=kim%40shop.example";
    let answer = bench.own_form("/settings/colleagues/1", &admin, form).await;
    assert!(answer.text().contains("The link was sent to kim@shop.example."), "{}", answer.text());
    assert!(text(&server.mails()[1]).contains("/password/"));
}
