//! Signing in and out, and links that work only once.

use axum::http::Request;

use crate::bench::{Bench, PASSWORD};

#[tokio::test]
async fn before_there_is_an_account_the_page_says_how_to_get_one() {
    let bench = Bench::new().await;
    assert!(bench.get("/login", &[]).await.text().contains("There is no account yet."));
    bench.admin().await;
    assert!(!bench.get("/login", &[]).await.text().contains("There is no account yet."));
}

#[tokio::test]
async fn under_a_path_where_no_style_sheet_is_found_the_pages_ask_for_a_host_name() {
    let bench = Bench::new().await;
    // A proxy may pass the path on, or remove it.
    for path in ["/login", "/feedback/login"] {
        let accept = [("accept", "text/html")];
        let page = bench.get(path, &accept).await.text();
        assert!(page.contains("<p class=\"unstyled\">"), "{path}");
        assert!(page.contains("a host name of their own"), "{path}");
        let style = page.split("href=\"/pages/").find_map(|rest| {
            let name = rest.split('"').next()?;
            name.contains(".css").then(|| format!("/pages/{name}"))
        });
        let style = bench.get(&style.unwrap(), &[]).await.text();
        assert!(style.replace(' ', "").contains(".unstyled{display:none"), "{path}");
    }
}

#[tokio::test]
async fn signing_in_leads_to_the_requested_page_and_never_to_another_site() {
    let bench = Bench::new().await;
    bench.admin().await;
    for (next, location) in [
        ("%2Fresponses%3Flimit%3D2", "/responses?limit=2"),
        ("", "/"),
        ("https%3A%2F%2Fevil.example%2F", "/"),
        ("%2F%2Fevil.example", "/"),
        ("%2F%5Cevil.example", "/"),
        ("%2F%0D%0ASet-Cookie%3A+a%3Db", "/"),
    ] {
        let page = bench.get(&format!("/login?next={next}"), &[]).await.text();
        assert!(page.contains(&format!("name=\"next\" value=\"{location}\"")), "{next}");
        let body = format!("login=+Kim+&password={PASSWORD}&next={next}");
        let answer = bench.form("/login", "", &body).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, location), "{next}");
    }
}

#[tokio::test]
async fn a_failed_sign_in_does_not_say_what_was_wrong() {
    let bench = Bench::new().await;
    bench.admin().await;
    let wrong_password = bench.sign_in("kim", "not+the+password").await;
    let wrong_login = bench.sign_in("lee", PASSWORD).await;
    assert_eq!(wrong_password.status, 422);
    assert_eq!(wrong_login.status, 422);
    assert_eq!(wrong_password.text().replace("kim", "lee"), wrong_login.text());
    assert_eq!(wrong_password.header("set-cookie"), "");
    assert!(wrong_password.text().contains("value=\"kim\""), "what was typed stays");
    assert!(!wrong_password.text().contains("not the password"));
}

#[tokio::test]
async fn too_many_attempts_have_to_wait_even_with_the_right_password() {
    let bench = Bench::new().await;
    bench.admin().await;
    for _ in 0..8 {
        assert_eq!(bench.sign_in("kim", "wrong").await.status, 422);
    }
    let answer = bench.sign_in("kim", PASSWORD).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() <= 30);
    assert_eq!(
        bench.sign_in("lee", "wrong").await.status,
        422,
        "another account has not reached the limit"
    );
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let bench = Bench::new().await;
    bench.admin().await;
    let plain = bench.sign_in("kim", PASSWORD).await;
    let cookie = plain.set_cookie("afterword_session").to_owned();
    assert!(cookie.starts_with("afterword_session="), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000"), "{cookie}");

    let request = Request::post("/login")
        .header("x-forwarded-proto", "https")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let body = format!("login=kim&password={PASSWORD}");
    let safe = bench.send(request.body(body.into()).unwrap()).await;
    let cookie = safe.set_cookie("afterword_session").to_owned();
    assert!(cookie.starts_with("__Host-afterword_session="), "{cookie}");
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000"),
        "{cookie}"
    );
    assert_eq!(safe.header("strict-transport-security"), "max-age=31536000");
    assert_eq!(plain.header("strict-transport-security"), "");
    // A cookie that anybody on the network could have set does not count over HTTPS.
    let stolen = plain.cookie();
    let https = ("x-forwarded-proto", "https");
    assert_eq!(bench.get("/settings", &[("cookie", &stolen), https]).await.status, 303);
    assert_eq!(bench.get("/settings", &[("cookie", &safe.cookie()), https]).await.status, 200);
}

#[tokio::test]
async fn each_sign_in_has_a_session_of_its_own_and_ends_the_one_before() {
    let bench = Bench::new().await;
    let first = bench.admin().await;
    let body = format!("login=kim&password={PASSWORD}");
    let second = bench.form("/login", &first, &body).await.cookie();
    assert_ne!(first, second);
    assert_eq!(bench.get("/settings", &[("cookie", &first)]).await.status, 303);
    assert_eq!(bench.get("/settings", &[("cookie", &second)]).await.status, 200);
}

#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let bench = Bench::new().await;
    let here = bench.admin().await;
    let there = bench.sign_in("kim", PASSWORD).await.cookie();
    let answer = bench.own_form("/logout", &here, "").await;
    assert_eq!(answer.header("location"), "/login?out");
    let ended = answer.set_cookie("afterword_session");
    assert!(ended.starts_with("afterword_session=;") && ended.contains("; Max-Age=0"), "{ended}");
    assert_eq!(bench.get("/settings", &[("cookie", &here)]).await.status, 303);
    assert_eq!(bench.get("/settings", &[("cookie", &there)]).await.status, 200);

    let third = bench.sign_in("kim", PASSWORD).await.cookie();
    bench.own_form("/settings/sessions", &there, "").await;
    for cookie in [&there, &third] {
        assert_eq!(bench.get("/settings", &[("cookie", cookie)]).await.status, 303, "everywhere");
    }
}

#[tokio::test]
async fn an_account_takes_a_name_a_login_and_a_long_password() {
    let bench = Bench::new().await;
    let (path, _) = bench.collector.setup_link().await.unwrap().unwrap();
    assert_eq!(bench.get(&path, &[]).await.status, 200);
    for (body, problem) in [
        (format!("name=&login=kim&password={PASSWORD}"), "Enter a name"),
        (format!("name=Kim&login=&password={PASSWORD}"), "Enter a login"),
        (format!("name=Kim&login=k+m&password={PASSWORD}"), "without spaces"),
        ("name=Kim&login=kim&password=short".into(), "Make it at least 12 characters"),
        ("name=Kim&login=kim-from-the-shop&password=KIM-from-the-shop".into(), "too easy to guess"),
        (format!("name=Kim&login=kim&password={}", "x1".repeat(101)), "at most 200 characters"),
    ] {
        let answer = bench.form(&path, "", &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.text().contains(problem), "{body}: {}", answer.text());
        assert!(answer.text().contains("aria-invalid=\"true\""), "{body}");
    }
    let german = bench.get(&path, &[("accept-language", "de")]).await.text();
    assert!(german.contains("Das erste Konto anlegen"), "{german}");
    let answer = bench.form(&path, "", &format!("name=Kim&login=kim&password={PASSWORD}")).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/surveys"));
    assert_eq!(bench.get(&path, &[]).await.status, 410);
    assert!(bench.collector.setup_link().await.unwrap().is_none(), "there is an admin");
}

#[tokio::test]
async fn a_link_works_only_for_its_own_purpose() {
    let bench = Bench::new().await;
    let admin = bench.admin().await;
    let (password, _) = bench.collector.password_link("KIM").await.unwrap().unwrap();
    let secret = password.rsplit('/').next().unwrap();
    // The link decides which form it opens, not the address before it.
    let body = format!("name=Lee&login=lee&password={PASSWORD}");
    bench.form(&format!("/invitation/{secret}"), "", &body).await;
    let page = bench.get("/settings/colleagues", &[("cookie", &admin)]).await;
    assert_eq!(page.status, 303, "it set kim's password, and created nobody");
    assert_eq!(bench.collector.accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn guessing_passwords_does_not_lock_an_owner_out() {
    let bench = Bench::new().await;
    bench.admin().await;
    let answer = bench.sign_in("kim", PASSWORD).await;
    let device = answer.set_cookie("afterword_device");
    assert!(device.contains("; HttpOnly; SameSite=Lax"), "{device}");
    let device = device.split(';').next().unwrap();
    while bench.sign_in("kim", "wrong").await.status != 429 {}

    let body = format!("login=kim&password={PASSWORD}");
    assert_eq!(bench.form("/login", "", &body).await.status, 429, "a stranger");
    let answer = bench.form("/login", device, &body).await;
    assert_eq!(answer.status, 303, "a browser that has signed in before");
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1, "it is known already");
    // The cookie of a known device does not replace the password, and does not help with other accounts.
    assert_eq!(bench.form("/login", device, "login=kim&password=wrong").await.status, 422);
    while bench.sign_in("lee", "wrong").await.status != 429 {}
    assert_eq!(bench.form("/login", device, "login=lee&password=wrong").await.status, 429);
}
