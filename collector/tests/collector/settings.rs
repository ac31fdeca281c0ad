//! The settings pages: own account, colleagues, tokens.

use afterword_collector::Role;
use axum::{body::Body, http::Request};

use crate::{
    bench::{Answer, Bench, LOGIN, PASSWORD, form_token, response, shown_link},
    markup::{all, assert_nothing_inline, one, words, words_of},
};

/// The number of an account, read from the page of colleagues.
async fn number(bench: &Bench, admin: &str, name: &str) -> String {
    let page = bench.get("/settings/colleagues", &[("cookie", admin)]).await.text();
    let (_, rest) = page.split_once(&format!("<strong>{name}</strong>")).unwrap();
    let (_, rest) = rest.split_once("action=\"/settings/colleagues/").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_name_can_be_changed() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let answer = bench.own_form("/settings/name", &admin, "name=Kim+P%C3%A9tersen").await;
    assert_eq!(answer.header("location"), "/settings?done=name");
    let page = bench.get("/settings?done=name", &[("cookie", &admin)]).await.text();
    assert!(page.contains("Kim Pétersen") && page.contains("Your name was changed."), "{page}");
    for wrong in ["", "%0A", &"x".repeat(101)] {
        let answer = bench.own_form("/settings/name", &admin, &format!("name={wrong}")).await;
        assert_eq!(answer.status, 422, "{wrong}");
    }
    assert!(bench.get("/settings", &[("cookie", &admin)]).await.text().contains("Kim Pétersen"));
}

#[tokio::test]
async fn a_new_password_takes_the_current_one_and_ends_every_other_session() {
    let bench = Bench::new().await;
    let here = bench.admin().await;
    let there = bench.sign_in("kim", PASSWORD).await.cookie();
    for (body, problem) in [
        ("current=wrong&password=another+good+password".to_owned(), "not your current password"),
        (format!("current={PASSWORD}&password=short"), "Too short."),
    ] {
        let answer = bench.own_form("/settings/password", &here, &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.text().contains(problem), "{}", answer.text());
    }
    assert_eq!(bench.get("/settings", &[("cookie", &there)]).await.status, 200);

    let body = format!("current={PASSWORD}&password=another+good+password");
    let fresh = bench.own_form("/settings/password", &here, &body).await.cookie();
    assert_eq!(bench.get("/settings", &[("cookie", &fresh)]).await.status, 200);
    for old in [&here, &there] {
        assert_eq!(bench.get("/settings", &[("cookie", old)]).await.status, 303);
    }
    assert_eq!(bench.sign_in("kim", PASSWORD).await.status, 422);
    assert_eq!(bench.sign_in("kim", "another+good+password").await.status, 303);
}

#[tokio::test]
async fn the_current_password_cannot_be_tried_for_ever() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let body = "current=wrong&password=another+good+password";
    for _ in 0..8 {
        let answer = bench.own_form("/settings/password", &admin, body).await;
        assert!(answer.text().contains("not your current password"));
    }
    let body = format!("current={PASSWORD}&password=another+good+password");
    let answer = bench.own_form("/settings/password", &admin, &body).await;
    assert!(answer.status == 422 && answer.text().contains("Try again in"), "{}", answer.text());
    assert_eq!(bench.get("/settings", &[("cookie", &admin)]).await.status, 200, "nothing changed");
}

#[tokio::test]
async fn a_colleague_is_invited_by_a_link_that_works_once() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let answer = bench.own_form("/settings/colleagues", &admin, "name=Lee&role=reader").await;
    let link = shown_link(&answer.text(), "/invitation/");
    assert!(answer.text().contains(&format!("http://localhost{link}")), "the whole address");
    let page = bench.get("/settings/colleagues", &[("cookie", &admin)]).await.text();
    assert!(page.contains("Open invitations") && !page.contains(&link), "it is shown once");

    let page = bench.get(&link, &[]).await.text();
    assert!(page.contains("Read-only") && page.contains("value=\"Lee\""), "{page}");
    let taken = format!("name=Lee&login=KIM&password={PASSWORD}");
    let answer = bench.form(&link, "", &taken).await;
    assert!(answer.status == 422 && answer.text().contains("Somebody else has this login"));
    let body = format!("name=Lee&login=lee&password={PASSWORD}");
    let lee = bench.form(&link, "", &body).await.cookie();
    assert_eq!(bench.get("/responses", &[("cookie", &lee)]).await.status, 200);
    assert_eq!(bench.get("/settings/colleagues", &[("cookie", &lee)]).await.status, 403);
    assert_eq!(bench.form(&link, "", &body).await.status, 410);
    let accounts = bench.collector.accounts().await.unwrap();
    assert!(accounts.contains(&("lee".into(), "Lee".into(), Role::Reader)), "{accounts:?}");
}

#[tokio::test]
async fn an_invitation_can_be_withdrawn() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let answer = bench.own_form("/settings/colleagues", &admin, "name=Lee&role=admin").await;
    let link = shown_link(&answer.text(), "/invitation/");
    let action = shown_link(&answer.text(), "/settings/invitations/");
    let action = action.split('"').next().unwrap();
    assert_eq!(bench.own_form(action, &admin, "").await.status, 303);
    assert_eq!(bench.get(&link, &[]).await.status, 410);
    let answer = bench.own_form("/settings/colleagues", &admin, "name=+&role=admin").await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Enter a name of at most 100 characters."), "at its field");
    let unknown = bench.own_form("/settings/colleagues", &admin, "name=Lee&role=owner").await;
    assert_eq!(unknown.status, 400);
}

#[tokio::test]
async fn a_new_role_applies_at_once() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let lee = bench.colleague(&admin, "lee", "admin").await;
    assert_eq!(bench.get("/settings/tokens", &[("cookie", &lee)]).await.status, 200);
    let path = format!("/settings/colleagues/{}", number(&bench, &admin, "lee").await);
    assert_eq!(bench.own_form(&path, &admin, "do=role&role=reader").await.status, 303);
    assert_eq!(bench.get("/settings/tokens", &[("cookie", &lee)]).await.status, 303, "signed out");
    let lee = bench.sign_in("lee", PASSWORD).await.cookie();
    assert_eq!(bench.get("/settings/tokens", &[("cookie", &lee)]).await.status, 403);
}

#[tokio::test]
async fn a_removed_colleague_is_out_at_once() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let lee = bench.colleague(&admin, "lee", "member").await;
    let path = format!("/settings/colleagues/{}", number(&bench, &admin, "lee").await);
    // The page first asks for confirmation and names the person.
    let asked = bench.own_form(&path, &admin, "do=remove").await;
    assert_eq!(asked.status, 200);
    let asked = asked.page();
    assert!(words(one(&asked, "main")).contains("Remove "), "{}", words(one(&asked, "main")));
    one(&asked, "button.danger[value=remove-now]");
    assert_eq!(bench.own_form(&path, &admin, "do=remove-now").await.status, 303);
    assert_eq!(bench.get("/responses", &[("cookie", &lee)]).await.status, 303);
    assert_eq!(bench.sign_in("lee", PASSWORD).await.status, 422);
    assert_eq!(bench.own_form(&path, &admin, "do=remove-now").await.status, 409, "again");
}

#[tokio::test]
async fn the_last_admin_can_neither_go_nor_step_down() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let path = format!("/settings/colleagues/{}", number(&bench, &admin, "Kim").await);
    for body in ["do=remove-now", "do=role&role=member"] {
        let answer = bench.own_form(&path, &admin, body).await;
        assert_eq!(answer.status, 409, "{body}");
        assert!(answer.text().contains("the last admin"), "{}", answer.text());
    }
    assert_eq!(bench.get("/settings/colleagues", &[("cookie", &admin)]).await.status, 200);
}

#[tokio::test]
async fn a_colleague_gets_a_link_for_a_new_password() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let lee = bench.colleague(&admin, "lee", "member").await;
    let path = format!("/settings/colleagues/{}", number(&bench, &admin, "lee").await);
    let answer = bench.own_form(&path, &admin, "do=link").await;
    let link = shown_link(&answer.text(), "/password/");
    assert_eq!(bench.get("/responses", &[("cookie", &lee)]).await.status, 200, "not yet used");
    assert_eq!(bench.form(&link, "", "password=another+good+password").await.status, 303);
    assert_eq!(bench.get("/responses", &[("cookie", &lee)]).await.status, 303);
    assert_eq!(bench.sign_in("lee", "another+good+password").await.status, 303);
}

#[tokio::test]
async fn a_token_is_shown_once_does_what_it_may_and_can_be_revoked() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.post_json(&response()).await;
    let read = bench.token(&admin, "read").await;
    let import = bench.token(&admin, "import").await;
    assert!(read.starts_with("aw_") && read.len() == 46);
    let page = bench.get("/settings/tokens", &[("cookie", &admin)]).await.text();
    assert!(page.contains("for read") && page.contains("never used") && !page.contains(&read));

    let list = |token: &str| {
        let authorization = format!("Bearer {token}");
        let bench = &bench;
        async move { bench.get("/v1/responses", &[("authorization", &authorization)]).await }
    };
    assert_eq!(list(&read).await.status, 200);
    list(&import).await.problem(403, "forbidden");
    let page = bench.get("/settings/tokens", &[("cookie", &admin)]).await.text();
    assert!(page.contains("last used"), "{page}");

    let (_, rest) = page.split_once("<strong>for read</strong>").unwrap();
    let action = shown_link(rest, "/settings/tokens/");
    let action = action.split('"').next().unwrap();
    assert_eq!(bench.own_form(action, &admin, "").await.status, 303);
    list(&read).await.problem(401, "unauthorized");

    for body in ["name=&scope=read", "name=x&scope=everything", "name=x"] {
        assert_eq!(bench.own_form("/settings/tokens", &admin, body).await.status, 422, "{body}");
    }
}

#[tokio::test]
async fn the_database_holds_no_secret_in_plain_text() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let token = bench.token(&admin, "admin").await;
    let answer = bench.own_form("/settings/colleagues", &admin, "name=Lee&role=admin").await;
    let link = shown_link(&answer.text(), "/invitation/");
    let session = admin.split_once('=').unwrap().1.to_owned();
    let secrets =
        [token, link.rsplit('/').next().unwrap().to_owned(), session, "correct horse".into()];
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in &secrets {
            assert!(secret.len() > 12);
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
    }
}

#[tokio::test]
async fn the_time_zone_is_set_and_times_are_told_in_it() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let page = bench.get("/settings", &[("cookie", &admin)]).await.text();
    assert!(page.contains(" UTC"), "{page}");
    let answer = bench.own_form("/settings/shop", &admin, "zone=Mars%2FOlympus").await;
    assert!(answer.status == 422 && answer.text().contains("no time zone of this name"));
    let answer = bench.own_form("/settings/shop", &admin, "zone=Europe%2FBerlin").await;
    assert_eq!(answer.header("location"), "/settings/shop?done=zone");
    let page = bench.get("/settings/shop", &[("cookie", &admin)]).await.text();
    assert!(page.contains("name=\"zone\" list=\"zones\""), "{page}");
    let page = bench.get("/settings", &[("cookie", &admin)]).await.text();
    assert!(!page.contains(" UTC"), "{page}");
}

#[tokio::test]
async fn a_shop_set_up_in_german_keeps_german_time() {
    let bench = Bench::new().await;
    let (path, _) = bench.collector.setup_link().await.unwrap().unwrap();
    let request = axum::http::Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept-language", "de");
    let body = format!("name=Kim&login=kim&password={PASSWORD}");
    let cookie = bench.send(request.body(body.into()).unwrap()).await.cookie();
    let page = bench.get("/settings/shop", &[("cookie", &cookie)]).await.text();
    assert!(page.contains("value=\"Europe/Berlin\""), "{page}");
}

#[tokio::test]
async fn the_page_of_health_says_what_is_stored_and_what_is_to_do() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.post_json(&response()).await;
    let health = async |language: &str| {
        let headers = [("cookie", admin.as_str()), ("accept-language", language)];
        bench.get("/settings/health", &headers).await.page()
    };
    let page = health("de").await;
    assert_nothing_inline(&page);
    let said = words(one(&page, "main"));
    for part in [
        "Neue Antworten werden gespeichert.",
        "MB sind frei neben einer Datenbank von",
        "Der Collector kennt seine eigene Adresse nicht",
        "Die Dateien des Widgets fehlen",
    ] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    assert_eq!(words(one(&page, "tbody tr td.number")), "1");
    assert!(words(one(&page, "tbody tr")).contains("2026"), "when it came");
    assert_eq!(all(&page, ".badge.warn").len(), 2, "the address, and the files");
    let english = words(one(&health("en").await, "main"));
    assert!(english.contains("New answers are stored."), "{english}");
}

#[tokio::test]
async fn the_legal_texts_say_what_this_collector_does() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.post_json(&response()).await;
    let drafts = async |language: &str| {
        let headers = [("cookie", admin.as_str()), ("accept-language", language)];
        let page = bench.get("/settings/legal", &headers).await.page();
        assert_nothing_inline(&page);
        (words(one(&page, "#notice")), words(one(&page, "#record")), all(&page, ".warn").len())
    };
    let (notice, record, warnings) = drafts("de").await;
    assert!(notice.contains("Wir löschen die Antworten nach [Frist]."), "{notice}");
    assert!(notice.contains("eine Telefonnummer oder eine IBAN"), "{notice}");
    assert!(record.contains("Löschung: automatisch, Frist [Frist]"), "{record}");
    assert_eq!(warnings, 1, "they are kept for ever");

    let saved = bench.own_form("/surveys/post-purchase", &admin, "retention-days=400").await;
    assert_eq!(saved.status, 303);
    let (notice, record, warnings) = drafts("de").await;
    assert!(notice.contains("Wir löschen die Antworten spätestens nach 400 Tagen."), "{notice}");
    assert!(record.contains("Löschung: automatisch, Frist 400 Tage"), "{record}");
    assert_eq!(warnings, 0);
    let (notice, ..) = drafts("en").await;
    assert!(notice.contains("after 400 days at the latest"), "{notice}");
}

/// Sends the form with the logo as a browser does.
async fn send_logo(bench: &Bench, action: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("form_token", ""), ("do", action)] {
        let part =
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(
        b"--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\n\
          Content-Type: image/png\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let request = Request::post("/settings/shop/logo")
        .header(LOGIN.0, LOGIN.1)
        .header("content-type", "multipart/form-data; boundary=line");
    bench.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn customers_see_the_shops_name_or_logo() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let thanks = async || bench.get("/thanks?locale=de", &[]).await.page();
    assert!(all(&thanks().await, "body > header").is_empty());
    let fields = "name=Lenz+%26+Sims&privacy=https%3A%2F%2Fshop.example%2Fprivacy";
    let answer = bench.own_form("/settings/shop/links", &admin, fields).await;
    assert_eq!(answer.header("location"), "/settings/shop?done=links");
    let page = thanks().await;
    assert_eq!(words(one(&page, "body > header")), "Lenz & Sims");
    assert!(words(one(&page, "title")).ends_with(" · Lenz & Sims"));

    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.resize(200 << 10, 7);
    assert_eq!(
        send_logo(&bench, "save", &png).await.header("location"),
        "/settings/shop?done=logo"
    );
    let page = thanks().await;
    let logo = one(&page, "body > header img");
    assert_eq!(logo.attr("alt"), Some("Lenz & Sims"));
    let address = logo.attr("src").unwrap();
    let file = bench.get(address, &[]).await;
    assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "image/png"));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-security-policy").contains("sandbox"));
    assert!(file.header("cache-control").contains("immutable"));
    assert_eq!(file.body.as_ref(), png);
    // The links are of another form, which keeps the logo.
    bench.own_form("/settings/shop/links", &admin, fields).await;
    one(&thanks().await, "body > header img");

    // What cannot be one is explained, and the logo stays.
    png.push(7);
    for (file, problem) in [
        (&png[..], "larger than 200 KB"),
        (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "no PNG, JPEG or WebP"),
        (b"", "no PNG, JPEG or WebP"),
    ] {
        let answer = send_logo(&bench, "save", file).await;
        assert_eq!(answer.status, 422);
        assert!(words(one(&answer.page(), "#logo")).contains(problem), "{}", answer.text());
        one(&thanks().await, "body > header img");
    }
    let settings = bench.get("/settings/shop", &[("cookie", &admin)]).await.page();
    assert_eq!(one(&settings, "#logo img").attr("src"), Some(address));

    assert_eq!(send_logo(&bench, "remove", b"").await.status, 303);
    assert_eq!(words(one(&thanks().await, "body > header")), "Lenz & Sims");
    assert_eq!(bench.get(address, &[]).await.status, 404);
}

#[tokio::test]
async fn the_shops_colour_is_on_the_customers_pages_and_in_the_tag_and_letters_on_it_are_readable()
{
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    bench.post_json(&response()).await;
    let sheets = async |path: &str, cookie: &str| {
        let page = bench.get(path, &[("cookie", cookie)]).await.page();
        let sheets = all(&page, "link[rel=stylesheet]").into_iter();
        sheets.filter_map(|it| it.attr("href").map(str::to_owned)).collect::<Vec<_>>()
    };
    let customers = ["/thanks?locale=de", "/r/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];
    for path in customers {
        assert_eq!(sheets(path, "").await.len(), 1, "{path}");
    }
    let tag = async || {
        let page = bench.get("/surveys/post-purchase", &[("cookie", &admin)]).await.page();
        words(one(&page, "#tag"))
    };
    assert!(!tag().await.contains("data-accent"));

    // What is no colour changes nothing, and is said in both languages.
    for (language, said) in
        [("en", "Enter a colour such as #274bb5"), ("de", "Geben Sie eine Farbe wie #274bb5 ein")]
    {
        let page = bench.get("/settings", &[("cookie", &admin)]).await.text();
        let token = form_token(&page);
        let request = Request::post("/settings/shop/links")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("accept-language", language)
            .header("cookie", &admin);
        let body = format!("form_token={token}&name=Lenz&accent=ros%C3%A9");
        let answer = bench.send(request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, 422);
        let page = answer.page();
        assert!(words(one(&page, ".error")).contains(said), "{}", answer.text());
        assert_eq!(one(&page, "#accent").attr("value"), Some("rosé"));
        assert_eq!(one(&page, "#accent").attr("aria-invalid"), Some("true"));
    }
    assert_eq!(sheets("/thanks?locale=de", "").await.len(), 1);

    let fields = "name=Lenz+%26+Sims&accent=%23FD0";
    let answer = bench.own_form("/settings/shop/links", &admin, fields).await;
    assert_eq!(answer.header("location"), "/settings/shop?done=links");
    for path in customers {
        assert_eq!(sheets(path, "").await[1..], ["/accent/ffdd00.css"], "{path}");
    }
    assert_eq!(sheets("/settings/shop", &admin).await.len(), 1, "colleagues keep the collector's");
    let settings = bench.get("/settings/shop", &[("cookie", &admin)]).await.page();
    assert_eq!(one(&settings, "#accent").attr("value"), Some("#ffdd00"));
    assert!(tag().await.contains("data-accent=\"#ffdd00\""), "{}", tag().await);

    let sheet = bench.get("/accent/ffdd00.css", &[]).await;
    assert_eq!(
        (sheet.status.as_u16(), sheet.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
    let text = sheet.text();
    assert!(text.contains("--fill: #ffdd00; --on-fill: #000000;"), "{text}");
    for wrong in ["/accent/ffdd00", "/accent/yellow.css", "/accent/%7D.css"] {
        assert_eq!(bench.get(wrong, &[]).await.status, 404, "{wrong}");
    }

    // An empty field takes it away again.
    bench.own_form("/settings/shop/links", &admin, "name=Lenz&accent=").await;
    assert_eq!(sheets("/thanks?locale=de", "").await.len(), 1);
}

#[tokio::test]
async fn a_printed_page_says_the_shops_name() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let reader = bench.colleague(&admin, "ray", "reader").await;
    let named = async |path: &str| {
        let page = bench.get(path, &[("cookie", &reader)]).await.page();
        words_of(&page, ".top .print-only")
    };
    assert_eq!(named("/").await, [""; 0]);
    bench.own_form("/settings/shop/links", &admin, "name=Lenz+%26+Sims").await;
    for path in ["/", "/week", "/responses"] {
        assert_eq!(named(path).await, ["Lenz & Sims"], "{path}");
    }
    let page = bench.get("/", &[("cookie", &reader)]).await.page();
    let style = one(&page, "link[rel=stylesheet]").attr("href").unwrap().to_owned();
    let style = bench.get(&style, &[]).await.text();
    assert!(style.contains("@media screen { .print-only { display: none; } }"));
}
