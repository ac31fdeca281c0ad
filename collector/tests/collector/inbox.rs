//! `/inbox`: which answers are cases, the actions on cases, and how both change.

use scraper::Html;
use serde_json::{Value, json};

use crate::{
    bench::{Answer, Bench, LOGIN, insert, response_with},
    markup::{all, assert_nothing_inline, described, one, words, words_of},
};

/// A bench, and the cookies of an admin (Kim), a member (alex) and a read-only person (ray).
async fn shop() -> (Bench, String, String, String) {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let member = bench.colleague(&admin, "alex", "member").await;
    let reader = bench.colleague(&admin, "ray", "reader").await;
    (bench, admin, member, reader)
}

/// Sends an answer without a comment and contact, but with these changes; returns the id under which it is shown.
async fn sent(bench: &Bench, changes: &[(&str, Value)]) -> String {
    let mut all = vec![("comment", Value::Null), ("contact", Value::Null)];
    all.extend(changes.iter().cloned());
    let sent = response_with(&all);
    let answer = bench.post_json(&sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    bench.collector.public_id(sent["id"].as_str().unwrap())
}

async fn said(bench: &Bench, comment: &str) -> String {
    sent(bench, &[("comment", json!(comment))]).await
}

async fn open(bench: &Bench, cookie: &str, path: &str) -> Answer {
    let answer = bench.get(path, &[("cookie", cookie), ("accept-language", "en")]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

async fn inbox(bench: &Bench, cookie: &str, query: &str) -> Html {
    open(bench, cookie, &format!("/inbox{query}")).await.page()
}

/// The comments of the listed cases.
fn listed(page: &Html) -> Vec<String> {
    words_of(page, ".to-case .text > :first-child")
}

/// The state and version of a case, read from its page.
async fn case(bench: &Bench, cookie: &str, id: &str) -> (String, String) {
    let page = open(bench, cookie, &format!("/responses/{id}")).await.page();
    let state = words(one(&page, ".case .state"));
    let version = all(&page, ".case input[name=version]")[0].attr("value").unwrap().to_owned();
    (state, version)
}

/// Sends a form of a case; returns the address to which the answer redirects.
async fn act(bench: &Bench, cookie: &str, id: &str, body: &str) -> String {
    let body = format!("{body}&next=/inbox");
    let answer = bench.own_form(&format!("/inbox/{id}"), cookie, &body).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

/// The case's history on its page, without the times.
async fn history(bench: &Bench, cookie: &str, id: &str) -> Vec<String> {
    let page = open(bench, cookie, &format!("/responses/{id}")).await.page();
    let told = words_of(&page, ".done li > p:first-child");
    told.iter().map(|line| line.rsplit_once(" · ").unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn comments_low_scores_and_contacts_make_new_cases() {
    let (bench, admin, ..) = shop().await;
    said(&bench, "Gut verpackt").await;
    sent(&bench, &[("score", json!(6))]).await;
    sent(&bench, &[("score", json!(10)), ("contact", json!("kim@example.org"))]).await;
    sent(&bench, &[("score", json!(10))]).await;
    sent(&bench, &[("score", json!(0)), ("test", json!(true))]).await;
    let page = inbox(&bench, &admin, "").await;
    let silent = "Score only, no comment.";
    assert_eq!(listed(&page), [silent, silent, "Gut verpackt"]);
    assert_eq!(words_of(&page, ".to-case .mark strong"), ["10", "6", "9"]);
    assert_eq!(words_of(&page, ".to-case .state"), ["New", "New", "New"]);
    assert_eq!(words(one(&page, ".hits")), "3 cases");
    assert_nothing_inline(&page);
}

#[tokio::test]
async fn a_case_follows_the_answer_until_somebody_acts() {
    let (bench, admin, ..) = shop().await;
    let low =
        response_with(&[("score", json!(2)), ("comment", Value::Null), ("contact", Value::Null)]);
    bench.post_json(&low).await;
    assert_eq!(listed(&inbox(&bench, &admin, "").await).len(), 1);
    let mut high = low.clone();
    (high["score"], high["revision"]) = (json!(10), json!(2));
    bench.post_json(&high).await;
    assert_eq!(listed(&inbox(&bench, &admin, "").await).len(), 0, "a slip of the finger");

    let id = bench.collector.public_id(low["id"].as_str().unwrap());
    act(&bench, &admin, &id, "do=closed&version=0").await;
    let mut spoken = high.clone();
    (spoken["comment"], spoken["revision"]) = (json!("Doch noch etwas"), json!(3));
    bench.post_json(&spoken).await;
    assert_eq!(listed(&inbox(&bench, &admin, "?state=new").await), ["Doch noch etwas"]);
    let expected = ["Kim · Closed", "Customer · Added or changed their words; new again"];
    assert_eq!(history(&bench, &admin, &id).await, expected);
}

#[tokio::test]
async fn imported_answers_are_no_cases_until_somebody_acts() {
    let (bench, admin, ..) = shop().await;
    let mut file = response_with(&[("score", json!(1)), ("comment", json!("Von früher"))]);
    let at = jiff::Timestamp::now().to_string();
    (file["received_at"], file["updated_at"]) = (json!(at), json!(at));
    bench.import(format!("{file}\n")).await;
    assert_eq!(bench.list("").await["responses"][0]["comment"], "Von früher");
    assert_eq!(listed(&inbox(&bench, &admin, "?state=all").await).len(), 0);
    let id = bench.collector.public_id(file["id"].as_str().unwrap());
    assert_eq!(case(&bench, &admin, &id).await.0, "Not in the inbox");
    act(&bench, &admin, &id, "do=note&note=Anrufen").await;
    assert_eq!(listed(&inbox(&bench, &admin, "?state=seen").await), ["Von früher"]);
}

#[tokio::test]
async fn a_case_goes_through_its_states_and_its_history_says_who_did_it() {
    let (bench, admin, member, _) = shop().await;
    let id = said(&bench, "Bitte anrufen").await;
    for (cookie, body) in [
        (&admin, "do=seen"),
        (&member, "do=take&version=0"),
        (&member, "do=in-progress&version=1"),
        (&member, "do=note&note=Kulanz+zugesagt"),
        (&member, "do=answered&version=2"),
        (&admin, "do=closed&version=3"),
    ] {
        act(&bench, cookie, &id, body).await;
    }
    let expected = [
        "Kim · Seen",
        "alex · Given to alex",
        "alex · In progress",
        "alex · Note added",
        "alex · Answered",
        "Kim · Closed",
    ];
    assert_eq!(history(&bench, &admin, &id).await, expected);
    let page = open(&bench, &admin, &format!("/responses/{id}")).await.page();
    assert_eq!(words(one(&page, ".note-text")), "Kulanz zugesagt");
    assert_eq!(words(one(&page, ".owned")), "Looked after by alex");
    assert_eq!(listed(&inbox(&bench, &admin, "").await).len(), 0, "nothing waits");
    assert_eq!(listed(&inbox(&bench, &admin, "?state=closed").await).len(), 1);
}

#[tokio::test]
async fn opening_an_address_changes_nothing() {
    let (bench, admin, ..) = shop().await;
    let id = said(&bench, "Neu").await;
    for _ in 0..3 {
        for path in [
            "/inbox".to_owned(),
            format!("/inbox?open={id}"),
            format!("/responses/{id}"),
            format!("/responses/{id}?done=1&do=closed"),
        ] {
            open(&bench, &admin, &path).await;
        }
        for path in [format!("/inbox/{id}"), format!("/inbox/{id}/seen"), "/inbox/undo".to_owned()]
        {
            let answer = bench.get(&path, &[("cookie", &admin)]).await;
            assert_eq!(answer.status, 405, "{path}");
        }
    }
    assert_eq!(case(&bench, &admin, &id).await.0, "New");
    // Without the page's token the form is refused.
    let forged = bench.form(&format!("/inbox/{id}/seen"), &admin, "").await;
    assert_eq!(forged.status, 403);
    let seen = bench.own_form(&format!("/inbox/{id}/seen"), &admin, "").await;
    assert_eq!((seen.status.as_u16(), seen.body.len()), (204, 0));
    assert_eq!(case(&bench, &admin, &id).await.0, "Seen");
    // When a case is in a later state, looking at it does not change the state.
    act(&bench, &admin, &id, "do=closed&version=0").await;
    bench.own_form(&format!("/inbox/{id}/seen"), &admin, "").await;
    assert_eq!(case(&bench, &admin, &id).await.0, "Closed");
}

#[tokio::test]
async fn whoever_acts_second_is_told_what_the_first_changed() {
    let (bench, admin, member, _) = shop().await;
    let id = said(&bench, "Zu spät").await;
    // Both have the page open.
    let (_, version) = case(&bench, &member, &id).await;
    act(&bench, &admin, &id, &format!("do=closed&version={version}")).await;
    let place = act(&bench, &member, &id, &format!("do=in-progress&version={version}")).await;
    assert_eq!(place, "/inbox?done=0&kept=1");
    let page = open(&bench, &member, &format!("/responses/{id}?done=0&kept=1")).await.page();
    let told = words(one(&page, ".notice.warn"));
    assert!(told.starts_with("Kim changed this case meanwhile: Closed, "), "{told}");
    assert_eq!(case(&bench, &member, &id).await, ("Closed".to_owned(), "1".to_owned()));
    // A note contradicts nothing, so it is never lost.
    act(&bench, &member, &id, &format!("do=note&note=Trotzdem&version={version}")).await;
    let page = open(&bench, &member, &format!("/responses/{id}")).await.page();
    assert_eq!(words(one(&page, ".note-text")), "Trotzdem");
    // Having seen the change, alex decides again.
    act(&bench, &member, &id, "do=in-progress&version=1").await;
    assert_eq!(case(&bench, &member, &id).await.0, "In progress");
}

#[tokio::test]
async fn after_a_case_the_next_one_follows_unless_somebody_changed_it_meanwhile() {
    let (bench, admin, member, _) = shop().await;
    let [one, two] = [said(&bench, "Eins").await, said(&bench, "Zwei").await];
    let close = format!("do=closed&version=0&then=/inbox?open%3D{one}");
    let place = act(&bench, &admin, &two, &close).await;
    assert!(place.starts_with(&format!("/inbox?open={one}&done=")), "{place}");
    let page = open(&bench, &admin, &place).await.page();
    assert_eq!(words(self::one(&page, ".said blockquote")), "Eins");
    assert_eq!(words(self::one(&page, ".notice.good strong")), "Closed");
    let undo = self::one(&page, "form[action='/inbox/undo']");
    assert_eq!(words(undo), "Undo");
    // What somebody has changed meanwhile stays before the eyes.
    act(&bench, &admin, &one, "do=in-progress&version=0").await;
    let close = format!("do=closed&version=0&then=/inbox?open%3D{two}");
    assert_eq!(act(&bench, &member, &one, &close).await, "/inbox?done=0&kept=1");
}

#[tokio::test]
async fn a_folded_filter_says_what_is_filtered_by_on_every_page_that_has_one() {
    let (bench, admin, ..) = shop().await;
    said(&bench, "Paket kaputt").await;
    for (path, english, german) in [
        ("/inbox", "Filter", "Auswahl"),
        (
            "/inbox?q=paket&owner=me&state=new&score=3&touchpoint=order",
            "Filter: Order · “paket” · New · Owner: Me · Score: 3",
            "Auswahl: Bestellung · „paket“ · Neu · Zuständig: Ich · Bewertung: 3",
        ),
        (
            "/responses?segment=detractor&from=2026-01-01&to=2026-11-24&show=all",
            "Filter: Detractor · 1 Jan 2026 to 24 Nov 2026 · also without a comment",
            "Auswahl: Kritisch · 01.01.2026 bis 24.11.2026 · auch ohne Kommentar",
        ),
        ("/responses?theme=price", "Filter: Price", "Auswahl: Preis"),
        ("/?period=all", "Filter", "Auswahl"),
        (
            "/?survey=post-purchase&touchpoint=order&from=2026-01-01",
            "Filter: post-purchase · Order · from 1 Jan 2026",
            "Auswahl: post-purchase · Bestellung · ab 01.01.2026",
        ),
    ] {
        for (language, expected) in [("en", english), ("de", german)] {
            let headers = [("cookie", &*admin), ("accept-language", language)];
            let page = bench.get(path, &headers).await.page();
            let folded = one(&page, "details.filtering");
            assert!(folded.attr("open").is_none(), "{path}");
            assert_eq!(words(one(&page, "details.filtering > summary")), expected, "{path}");
            one(&page, "details.filtering form");
        }
    }
}

#[tokio::test]
async fn the_inbox_leads_back_by_one_page() {
    let (bench, admin, ..) = shop().await;
    for number in 0..5 {
        said(&bench, &format!("Nummer {number}")).await;
    }
    let turn = async |from: &str, rel: &str| {
        let page = open(&bench, &admin, from).await.page();
        one(&page, &format!("a[rel={rel}]")).attr("href").unwrap().to_owned()
    };
    let second = turn("/inbox?limit=2", "next").await;
    let third = turn(&second, "next").await;
    let page = open(&bench, &admin, &third).await.page();
    assert_eq!(listed(&page), ["Nummer 0"]);
    assert_eq!(words(one(&page, "a[rel=prev]")), "Newer");
    // An open case keeps the way.
    let case = all(&page, ".to-case")[0].attr("href").unwrap().to_owned();
    let back = turn(&case, "prev").await;
    assert_eq!(listed(&open(&bench, &admin, &back).await.page()), ["Nummer 2", "Nummer 1"]);
    assert_eq!(turn(&back, "prev").await, "/inbox?limit=2");
    let first = inbox(&bench, &admin, "?limit=2").await;
    assert!(all(&first, "a[rel=prev]").is_empty());
}

#[tokio::test]
async fn several_cases_are_closed_at_once_and_the_step_is_undone() {
    let (bench, admin, member, _) = shop().await;
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(said(&bench, &format!("Nummer {number}")).await);
    }
    act(&bench, &member, &ids[3], "do=in-progress&version=0").await;
    let chosen: String = ids.iter().map(|id| format!("case={id}.0&")).collect();
    let body = format!("{chosen}do=closed&next=/inbox?q%3Dnummer");
    let answer = bench.own_form("/inbox/cases", &admin, &body).await;
    let place = answer.header("location").to_owned();
    assert!(place.starts_with("/inbox?q=nummer&done=") && place.ends_with("&kept=1"), "{place}");
    let page = open(&bench, &admin, &place).await.page();
    assert_eq!(words(one(&page, ".notice.good strong")), "3 cases: Closed");
    let kept = "1 case was changed by somebody else meanwhile and stayed as it was.";
    assert_eq!(words(one(&page, ".notice.warn")), kept);
    assert_eq!(listed(&page), ["Nummer 3"]);

    // Somebody has already reopened one of them.
    act(&bench, &member, &ids[0], "do=in-progress&version=1").await;
    let step = one(&page, "form[action='/inbox/undo'] input[name=step]").attr("value").unwrap();
    let undo = format!("step={step}&next=/inbox");
    // Only the person who acted may undo the step, so alex may not.
    bench.own_form("/inbox/undo", &member, &undo).await;
    assert_eq!(case(&bench, &admin, &ids[1]).await.0, "Closed");
    let answer = bench.own_form("/inbox/undo", &admin, &undo).await;
    let page = open(&bench, &admin, answer.header("location")).await.page();
    assert_eq!(words(one(&page, ".notice.good strong")), "2 cases: New");
    for (id, state) in ids.iter().zip(["In progress", "New", "New", "In progress"]) {
        assert_eq!(case(&bench, &admin, id).await.0, state);
    }
    // A version is never used twice: a form from before is still too old.
    act(&bench, &member, &ids[1], "do=answered&version=0").await;
    assert_eq!(case(&bench, &admin, &ids[1]).await, ("New".to_owned(), "2".to_owned()));
}

#[tokio::test]
async fn a_note_can_be_taken_back_and_one_that_is_too_long_is_not_lost() {
    let (bench, admin, ..) = shop().await;
    let id = said(&bench, "Notiert").await;
    let place = act(&bench, &admin, &id, "do=note&note=Voreilig").await;
    let page = open(&bench, &admin, &place).await.page();
    let step = one(&page, "form[action='/inbox/undo'] input[name=step]").attr("value").unwrap();
    let body = format!("step={step}&next=/inbox");
    let answer = bench.own_form("/inbox/undo", &admin, &body).await;
    let page = open(&bench, &admin, answer.header("location")).await.page();
    assert_eq!(words(one(&page, ".notice.good strong")), "Note taken back");
    assert!(all(&page, "form[action='/inbox/undo']").is_empty());
    let text = open(&bench, &admin, &format!("/responses/{id}")).await.text();
    assert!(!text.contains("Voreilig") && text.contains("Note taken back"), "{text}");

    let long = "ä".repeat(4_001);
    let encoded: String = form_urlencoded::byte_serialize(long.as_bytes()).collect();
    let body = format!("do=note&note={encoded}&next=/inbox");
    let answer = bench.own_form(&format!("/inbox/{id}"), &admin, &body).await;
    assert_eq!(answer.status, 422);
    let page = answer.page();
    assert_eq!(words(one(&page, "textarea[aria-invalid=true]")), long);
    assert!(words(one(&page, ".case .error")).starts_with("At most 4,000 characters."));
}

#[tokio::test]
async fn read_only_people_look_and_do_not_act() {
    let (bench, admin, member, reader) = shop().await;
    let id =
        sent(&bench, &[("comment", json!("Sichtbar")), ("contact", json!("a@example.org"))]).await;
    act(&bench, &member, &id, "do=note&note=Nur+unter+uns").await;
    act(&bench, &member, &id, "do=take&version=0").await;
    for path in ["/inbox".to_owned(), format!("/inbox?open={id}"), format!("/responses/{id}")] {
        let answer = open(&bench, &reader, &path).await;
        let page = answer.page();
        assert!(all(&page, "form[action^='/inbox/'], textarea, [name=case]").is_empty(), "{path}");
        let text = answer.text();
        assert!(text.contains("Sichtbar"), "{path}");
        assert!(!text.contains("unter uns") && !text.contains("a@example.org"), "{path}");
    }
    let told = history(&bench, &reader, &id).await;
    assert_eq!(told, ["alex · Note added", "alex · Given to alex"]);
    for (path, body) in [
        (format!("/inbox/{id}"), "do=closed&version=1".to_owned()),
        (format!("/inbox/{id}/seen"), String::new()),
        ("/inbox/cases".to_owned(), format!("case={id}.1&do=closed")),
        ("/inbox/undo".to_owned(), "step=1".to_owned()),
    ] {
        assert_eq!(bench.own_form(&path, &reader, &body).await.status, 403, "{path}");
    }
    assert_eq!(case(&bench, &admin, &id).await, ("New".to_owned(), "1".to_owned()));
    // They cannot be given a case either.
    let page = open(&bench, &admin, &format!("/responses/{id}")).await.page();
    assert_eq!(words_of(&page, ".case select option"), ["Nobody", "alex", "Kim"]);
    act(&bench, &admin, &id, "do=give&owner=3&version=1").await;
    assert_eq!(case(&bench, &admin, &id).await.1, "1");
    let page = open(&bench, &admin, &format!("/responses/{id}")).await.page();
    assert_eq!(described(&page, "Contact"), "a@example.org");
}

#[tokio::test]
async fn a_removed_colleague_stays_as_a_former_one() {
    let (bench, admin, member, _) = shop().await;
    let id = said(&bench, "Wer war das?").await;
    act(&bench, &member, &id, "do=take&version=0").await;
    let removed = bench.own_form("/settings/colleagues/2", &admin, "do=remove-now").await;
    assert!(removed.status.is_redirection(), "{}", removed.text());
    let page = open(&bench, &admin, &format!("/responses/{id}")).await.page();
    assert_eq!(words(one(&page, ".owned")), "Looked after by former colleague");
    assert_eq!(
        history(&bench, &admin, &id).await,
        ["former colleague · Given to former colleague"]
    );
    // Their cases can be found and given to somebody else.
    said(&bench, "Eine andere").await;
    assert_eq!(listed(&inbox(&bench, &admin, "?owner=former").await), ["Wer war das?"]);
    act(&bench, &admin, &id, "do=take&version=1").await;
    assert_eq!(listed(&inbox(&bench, &admin, "?owner=me").await).len(), 1);
}

#[tokio::test]
async fn every_filter_is_in_the_address_and_narrows_the_list() {
    let (bench, admin, ..) = shop().await;
    let mine = sent(
        &bench,
        &[
            ("comment", json!("Paket kaputt")),
            ("score", json!(2)),
            ("touchpoint", json!("delivery")),
        ],
    )
    .await;
    act(&bench, &admin, &mine, "do=take&version=0").await;
    let closed = said(&bench, "Gut verpackt").await;
    act(&bench, &admin, &closed, "do=closed&version=0").await;
    said(&bench, "Danke schön").await;
    for (query, expected) in [
        ("?q=paket", &["Paket kaputt"][..]),
        ("?segment=promoter", &["Danke schön"]),
        ("?touchpoint=delivery", &["Paket kaputt"]),
        ("?state=closed", &["Gut verpackt"]),
        ("?state=all", &["Danke schön", "Gut verpackt", "Paket kaputt"]),
        ("?owner=me", &["Paket kaputt"]),
        ("?owner=none&state=all", &["Danke schön", "Gut verpackt"]),
        ("?score=2", &["Paket kaputt"]),
        ("?reason=delivery&state=closed", &["Gut verpackt"]),
        ("?theme=packaging&state=closed", &["Gut verpackt"]),
        ("?from=2999-01-01", &[]),
        ("?survey=other", &[]),
        ("?q=paket&state=closed", &[]),
    ] {
        let page = inbox(&bench, &admin, query).await;
        assert_eq!(listed(&page), expected, "{query}");
    }
    let page = inbox(&bench, &admin, "?q=paket&state=new&owner=me&score=2").await;
    one(&page, "select[name=state] option[value=new][selected]");
    one(&page, "select[name=owner] option[value=me][selected]");
    one(&page, "select[name=score] option[value='2'][selected]");
    // The form has each parameter once, since a repeated parameter is refused.
    for (query, name) in [("?theme=packaging", "theme"), ("?reason=delivery", "reason")] {
        let page = inbox(&bench, &admin, query).await;
        one(&page, &format!("form.filter [name={name}]"));
    }
    for query in ["?state=done", "?owner=kim", "?score=11", "?nonsense=1"] {
        let answer = bench.get(&format!("/inbox{query}"), &[("cookie", &admin)]).await;
        assert_eq!(answer.status, 400, "{query}");
    }
}

#[tokio::test]
async fn pages_of_cases_have_each_case_once_newest_first_and_are_small() {
    use sqlx::Connection as _;

    let (bench, admin, ..) = shop().await;
    let mut file = sqlx::SqliteConnection::connect(&bench.address()).await.unwrap();
    let words = "Lieferung zu spät und niemand war zu erreichen. ".repeat(12);
    for number in 0..130_i64 {
        let body = response_with(&[("comment", json!(format!("{number} {words}")))]);
        // Some arrive in the same moment.
        insert(&mut file, &body, 1_790_000_000_000 + number / 3 * 60_000).await;
    }
    // In the first three states by turns; every tenth is closed.
    sqlx::query("UPDATE responses SET case_state = CASE WHEN number % 10 = 0 THEN 5 ELSE 1 + number % 3 END")
        .execute(&mut file)
        .await
        .unwrap();
    file.close().await.unwrap();
    bench.count_anew().await;
    let (mut path, mut found, mut pages) = ("/inbox".to_owned(), Vec::new(), 0);
    loop {
        let answer = open(&bench, &admin, &path).await;
        assert!(answer.body.len() < 60_000, "{} bytes", answer.body.len());
        let page = answer.page();
        found.extend(listed(&page).iter().map(|text| text.split(' ').next().unwrap().to_owned()));
        pages += 1;
        match all(&page, "[rel=next]").first() {
            Some(next) => next.attr("href").unwrap().clone_into(&mut path),
            None => break,
        }
    }
    assert_eq!(pages, 3);
    let open: Vec<String> =
        (0..130).rev().filter(|number| (number + 1) % 10 != 0).map(|it| it.to_string()).collect();
    assert_eq!(found, open);
}

#[tokio::test]
async fn an_open_list_is_told_about_new_cases() {
    let (bench, admin, _, reader) = shop().await;
    said(&bench, "Erster").await;
    let page = inbox(&bench, &admin, "?touchpoint=order").await;
    let address = one(&page, "[data-news]").attr("data-news").unwrap().to_owned();
    let ask = async |tag: &str| {
        let headers = [("cookie", &*reader), ("if-none-match", tag), ("accept-language", "de")];
        bench.get(&address, &headers).await
    };
    assert_eq!(ask("").await.status, 204);
    for (touchpoint, comment) in
        [("order", "Zweiter"), ("order", "Dritter"), ("delivery", "Anderswo")]
    {
        sent(&bench, &[("touchpoint", json!(touchpoint)), ("comment", json!(comment))]).await;
    }
    let told = ask("").await;
    assert_eq!((told.status.as_u16(), told.text().as_str()), (200, "2 neu: anzeigen"));
    assert_eq!(ask(told.header("etag")).await.status, 304);
    sent(&bench, &[("score", json!(0))]).await;
    assert_eq!(ask(told.header("etag")).await.text(), "3 neu: anzeigen");
    let answer = bench.get("/inbox/new", &[("cookie", &admin)]).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn the_cases_of_one_order_are_answered_together() {
    let (bench, admin, ..) = shop().await;
    let mut ids = Vec::new();
    for (touchpoint, customer) in [("order", "C-1"), ("delivery", "C-1"), ("support", "C-2")] {
        let changes = [
            ("comment", json!(format!("Bei {touchpoint}"))),
            ("touchpoint", json!(touchpoint)),
            ("order.id", json!("LS-1")),
            ("customer.id", json!(customer)),
        ];
        ids.push(sent(&bench, &changes).await);
    }
    let page = open(&bench, &admin, &format!("/responses/{}", ids[0])).await.page();
    assert_eq!(words_of(&page, ".answers-of .state"), ["New", "New"]);
    assert_eq!(words(one(&page, ".also")), "Also for the 2 other cases of this order or customer");
    let also = one(&page, ".also input").attr("value").unwrap().replace(' ', "+");
    act(&bench, &admin, &ids[0], &format!("do=answered&version=0&also={also}")).await;
    for id in &ids {
        assert_eq!(case(&bench, &admin, id).await.0, "Answered");
    }
}

#[tokio::test]
async fn access_and_erasure_take_notes_and_history_along() {
    let (bench, admin, ..) = shop().await;
    let id = sent(
        &bench,
        &[
            ("comment", json!("Bitte löschen")),
            ("order.id", json!("A-9")),
            ("customer.id", json!("C-9")),
        ],
    )
    .await;
    let other = said(&bench, "Bleibt").await;
    let private = "unverwechselbare Vermutung";
    act(&bench, &admin, &id, "do=note&note=unverwechselbare+Vermutung").await;
    let body = format!("case={id}.0&case={other}.0&do=closed&next=/inbox");
    bench.own_form("/inbox/cases", &admin, &body).await;
    let page = open(&bench, &admin, "/responses/of/customer?number=C-9").await.page();
    assert_eq!(words(one(&page, ".note-text")), private);
    let file = open(&bench, &admin, "/responses/of/order/file?number=A-9&format=json").await.json();
    let done = &file[0]["case"];
    assert_eq!((&done[0]["what"], &done[0]["note"]), (&json!("note"), &json!(private)));
    assert_eq!((&done[1]["state"], &done[1].get("note")), (&json!("closed"), &None));

    let path = "/v1/responses?order=A-9";
    let erased = bench.call(axum::http::Method::DELETE, path, &[LOGIN]).await.json();
    assert_eq!(erased["responses"], 1);
    bench.collector.clone().close().await;
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let is_there = bytes.windows(private.len()).any(|part| part == private.as_bytes());
        assert!(!is_there, "the note is in {}", path.display());
    }
}

#[tokio::test]
async fn every_way_of_erasing_leaves_nothing_of_a_case() {
    use sqlx::Connection as _;

    for way in ["id", "order", "customer", "filter", "expiry", "survey"] {
        let (bench, admin, ..) = shop().await;
        let id = sent(
            &bench,
            &[
                ("comment", json!("Weg damit")),
                ("contact", json!("weg@example.org")),
                ("order.id", json!("A-9")),
                ("customer.id", json!("C-9")),
            ],
        )
        .await;
        act(&bench, &admin, &id, "do=note&note=Notiz").await;
        act(&bench, &admin, &id, "do=take&version=0").await;
        let form = "do=elsewhere&words=Entschuldigung&version=1&next=/inbox";
        let replied = bench.own_form(&format!("/inbox/{id}/reply"), &admin, form).await;
        assert_eq!(replied.status, 303, "{}", replied.text());
        match way {
            "filter" => {
                let path = "/v1/erasures?q=damit&answers=1";
                let answer = bench.call(axum::http::Method::POST, path, &[LOGIN]).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
            }
            "expiry" => {
                let mut file = sqlx::SqliteConnection::connect(&bench.address()).await.unwrap();
                sqlx::query("UPDATE responses SET received_at = received_at - 40 * 86400000")
                    .execute(&mut file)
                    .await
                    .unwrap();
                sqlx::query("UPDATE surveys SET retention_days = 30")
                    .execute(&mut file)
                    .await
                    .unwrap();
                file.close().await.unwrap();
                bench.own_form("/data/expiry", &admin, "survey=post-purchase&days=30").await;
                assert_eq!(bench.collector.expire().await.unwrap(), 1);
            }
            "survey" => {
                let path = "/surveys/post-purchase/delete";
                let answer = bench.own_form(path, &admin, "name=post-purchase").await;
                assert!(answer.status.is_redirection(), "{}", answer.text());
            }
            by => {
                let value = match by {
                    "id" => &*id,
                    "order" => "A-9",
                    _ => "C-9",
                };
                let path = format!("/v1/responses?{by}={value}");
                bench.call(axum::http::Method::DELETE, &path, &[LOGIN]).await;
            }
        }
        let mut file = sqlx::SqliteConnection::connect(&bench.address()).await.unwrap();
        for table in ["responses", "contacts", "cases", "case_events", "case_steps", "replies"] {
            let left: i64 =
                sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
                    .fetch_one(&mut file)
                    .await
                    .unwrap();
            assert_eq!(left, 0, "{way} leaves rows in {table}");
        }
    }
}

#[tokio::test]
async fn a_week_shows_changes_comments_and_open_cases() {
    let (bench, admin, member, reader) = shop().await;
    let id = sent(&bench, &[("comment", json!("Nie wieder")), ("score", json!(0))]).await;
    said(&bench, "Sehr gerne wieder").await;
    sent(&bench, &[("comment", json!("Ein Test")), ("score", json!(0)), ("test", json!(true))])
        .await;
    act(&bench, &member, &id, "do=take&version=0").await;
    act(&bench, &member, &id, "do=answered&version=1").await;
    act(&bench, &member, &id, "do=in-progress&version=2").await;
    act(&bench, &member, &id, "do=answered&version=3").await;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let page = open(&bench, &member, &format!("/week?of={today}")).await.page();
    assert_nothing_inline(&page);
    assert_eq!(words(one(&page, "[data-figure=answers]")), "2");
    assert_eq!(
        words(one(&page, "[data-figure=change]")),
        "There were no answers in the week before."
    );
    assert_eq!(words_of(&page, ".week h3")[..2], ["Not satisfied", "Glad"]);
    let comments = words_of(&page, ".answers-of .text > :first-child");
    assert_eq!(comments, ["Nie wieder", "Sehr gerne wieder"]);
    for (name, count) in [
        ("New cases", "2"),
        ("Answered", "1"),
        ("Closed", "0"),
        ("New, seen by nobody", "1"),
        ("Open without an owner", "1"),
        ("Open and yours", "0"),
        ("Open for more than seven days", "0"),
        ("Answered from here", "0 of 2"),
        ("Answered elsewhere", "1"),
        ("Time to the first reply", "Half within an hour (95% interval: 1 hour or more)"),
    ] {
        assert_eq!(described(&page, name), count, "{name}");
    }
    // The numbers of open cases are links to their lists.
    let waits = one(&page, "a[href='/inbox?state=new']");
    assert_eq!(words(waits), "New, seen by nobody");
    assert_eq!(listed(&inbox(&bench, &member, "?state=new").await), ["Sehr gerne wieder"]);
    // Without a day the page shows the last week that is over. No answers came in that week.
    let page = open(&bench, &reader, "/week").await.page();
    assert!(words(one(&page, "main")).contains("Nobody answered in this week."));
    for wrong in ["/week?of=monday", "/week?week=3"] {
        assert_eq!(bench.get(wrong, &[("cookie", &admin)]).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn programs_read_cases_page_by_page_and_hear_when_nothing_has_changed() {
    let (bench, admin, member, _) = shop().await;
    let mut ids = Vec::new();
    for number in 0..3 {
        let contact = if number == 1 { json!("kim@example.org") } else { Value::Null };
        let comment = json!(format!("Nummer {number}"));
        ids.push(sent(&bench, &[("comment", comment), ("contact", contact)]).await);
    }
    act(&bench, &member, &ids[0], "do=take&version=0").await;
    act(&bench, &member, &ids[0], "do=note&note=Nur+unter+uns").await;
    act(&bench, &member, &ids[2], "do=closed&version=0").await;
    let token = format!("Bearer {}", bench.token(&admin, "cases").await);
    let ask = async |path: &str, tag: &str| {
        bench.get(path, &[("authorization", &*token), ("if-none-match", tag)]).await
    };
    let first = ask("/v1/cases?limit=1", "").await;
    assert_eq!(first.status, 200, "{}", first.text());
    let page = first.json();
    let entry = &page["cases"][0];
    assert_eq!((&entry["state"], &entry["version"]), (&json!("new"), &json!(0)));
    assert_eq!((&entry["owner"], &entry["wants_contact"]), (&Value::Null, &json!(true)));
    assert_eq!(entry["response"]["id"], *ids[1]);
    let next = page["next"].as_str().unwrap();
    let second = ask(&format!("/v1/cases?limit=1&after={next}"), "").await.json();
    assert_eq!(second["cases"][0]["owner"], "alex");
    assert_eq!(second["cases"][0]["wants_contact"], false);
    assert_eq!(second["next"], Value::Null);
    for (query, count) in [("state=all", 3), ("state=closed", 1), ("owner=none", 1), ("owner=2", 1)]
    {
        let answer = ask(&format!("/v1/cases?{query}"), "").await;
        assert_eq!(answer.json()["cases"].as_array().unwrap().len(), count, "{query}");
        for private in ["kim@example.org", "unter uns"] {
            assert!(!answer.text().contains(private), "{query} shows {private}");
        }
    }
    let tag = first.header("etag").to_owned();
    let same = ask("/v1/cases?limit=1", &tag).await;
    assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
    act(&bench, &admin, &ids[1], "do=in-progress&version=0").await;
    assert_eq!(ask("/v1/cases?limit=1", &tag).await.json()["cases"][0]["state"], "in-progress");
    ask("/v1/cases?state=done", "").await.problem(400, "invalid-parameter");
    ask("/v1/responses", "").await.problem(403, "forbidden");
}
