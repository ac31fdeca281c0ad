//! Texts are never read as markup, links have safe addresses, and messages have limits.

use afterword_e2e::fixture::{Embedding, FULL, Fixture, Form, LINKS, Script, WITHOUT_WEBASSEMBLY};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    texts_are_never_markup(form),
    unsafe_addresses_never_become_links(form),
    links_tell_the_page_they_open_nothing(form),
    wrong_headers_and_properties_are_left_out(form),
    a_comment_has_a_maximum_length(form),
);

/// Removes a policy that would block an injection, so that the test sees whether one works.
fn unguarded(fixture: Fixture, form: Form) -> Fixture {
    match form {
        Form::Painted => fixture.policy(WITHOUT_WEBASSEMBLY),
        Form::Widget => fixture,
    }
}

async fn texts_are_never_markup(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let fixture = Fixture::shop().script(Script::Markup).attributes(&[
        ("locale", "de"),
        ("subject", "<img src=x onerror=pwned()>us"),
        ("low-label", "<img src=x onerror=pwned()>low"),
        ("thanks-promoter", "<img src=x onerror=pwned()>{subject}"),
        ("review-url", "/r?\"><img src=x onerror=pwned()>"),
        ("privacy-url", "/p"),
    ]);
    visit.open(&unguarded(fixture, form)).await?;
    if form == Form::Widget {
        page.taken_over().await?;
    }
    // All visible texts, and all elements that are not ours.
    let shown = "[
        ['#question', '#low', '#high', '.follow-up', '.send', '#privacy', '.thanks', '#review'].map((each) => probe.find(each)?.textContent).filter((text) => text != null),
        [...probe.root().querySelectorAll('*')].map((each) => each.localName)
            .filter((name) => !/^(div|form|p|span|label|input|textarea|button|a)$/.test(name)),
    ]";
    let check = |seen: Value, least: usize| {
        let texts = seen[0].as_array().cloned().unwrap_or_default();
        ensure!(texts.len() >= least, "{seen}");
        ensure!(seen[1] == json!([]), "elements made of texts: {seen}");
        for text in texts {
            ensure!(
                text.as_str().is_some_and(|text| text.contains("<img src=x onerror=pwned()>")),
                "not a text: {text}"
            );
        }
        anyhow::Ok(())
    };
    check(page.read(shown).await?, 3)?;
    page.score(9).await?;
    page.write("<img src=x onerror=pwned()>").await?;
    check(page.read(shown).await?, 6)?;
    page.send().await?;
    check(page.read(shown).await?, 2)?;
    page.quiet().await?;
    for asked in ["/x", "/pages/x"] {
        ensure!(shop.requests("GET", asked).is_empty(), "a text was markup");
    }
    let noise = page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

/// Answers a survey for each injection, and returns the links that the surveys show.
async fn tricks(visit: &Visit<'_>, form: Form, urls: &str) -> Result<Vec<String>> {
    let page = &visit.page;
    let fixture = Fixture::shop()
        .embedding(Embedding::Head)
        .run("/links.js")
        .after("<div id=\"view\"></div>");
    visit.go(&unguarded(fixture, form)).await?;
    afterword_e2e::until("the script", || async {
        let ready = "!!window.afterword && document.readyState == 'complete'";
        Ok((page.read(ready).await? == true).then_some(()))
    })
    .await?;
    let tricks = format!("tricks({}{urls})", form == Form::Widget);
    page.read(&format!("({tricks}.then((links) => window.links = links), 0)")).await?;
    let links = afterword_e2e::until("every survey's end", || async {
        Ok(Some(page.read("window.links").await?).filter(Value::is_array))
    })
    .await?;
    Ok(serde_json::from_value(links)?)
}

async fn unsafe_addresses_never_become_links(visit: &Visit<'_>, form: Form) -> Result<()> {
    let links = tricks(visit, form, "").await?;
    ensure!(links.is_empty(), "{links:?}");
    if form == Form::Painted {
        return Ok(());
    }
    let noise: Vec<String> = serde_json::from_value(visit.page.read("probe.noise").await?)?;
    let warned = |name: &str| {
        noise
            .iter()
            .filter(|line| line.starts_with(&format!("warn: afterword: data-{name}=")))
            .count()
    };
    let tried = visit.page.read("schemes.length + entities.length").await?;
    for (name, _) in LINKS {
        ensure!(
            warned(name) as u64 == tried.as_u64().unwrap_or_default(),
            "{name}: {} of {tried}: {noise:#?}",
            warned(name)
        );
    }
    Ok(())
}

async fn links_tell_the_page_they_open_nothing(visit: &Visit<'_>, form: Form) -> Result<()> {
    let good = ", ['https://a.example/r', 'HTTP://a.example/', 'mailto:a@example.org', 'tel:+49301', '/own', '//a.example/x']";
    let links = tricks(visit, form, good).await?;
    // The review link and the privacy notice.
    ensure!(links.len() == 18, "{links:?}");
    for link in &links {
        ensure!(link.ends_with(" noopener _blank"), "{link}");
    }
    Ok(())
}

async fn wrong_headers_and_properties_are_left_out(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().attributes(&[
        ("header-x-good", "yes"),
        ("header-x-euro", "€"),
        ("header-x-line", "a\nx-evil: b"),
        ("header-x:y", "1"),
        ("header-", "1"),
        ("prop-good", "yes"),
        ("prop-a:b", "no"),
        ("constructor", "x"),
        ("__proto__", "x"),
    ]);
    visit.open_as(form, &fixture).await?;
    if form == Form::Widget {
        let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
        for attribute in ["header-x-euro", "header-x-line", "header-x:y", "header-", "prop-a:b"] {
            let warnings = noise.iter().filter(|line| line.contains(&format!("data-{attribute}=")));
            ensure!(warnings.count() == 1, "{attribute}: {noise:?}");
        }
    }
    page.score(9).await?;
    page.write("x").await?;
    page.send().await?;
    let posts = visit.shop.requests("POST", "/endpoint");
    let last = posts.last().context("a post")?;
    ensure!(last.headers.get("x-good").is_some_and(|value| value == "yes"), "{last:?}");
    for name in ["x-euro", "x-line", "x-evil", "x:y"] {
        ensure!(!last.headers.contains_key(name), "{name}: {last:?}");
    }
    let body: Value = serde_json::from_str(&last.body)?;
    ensure!(body["properties"] == json!({ "good": "yes" }), "{body}");
    last.response()?;
    Ok(())
}

async fn a_comment_has_a_maximum_length(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &Fixture::shop().attributes(FULL)).await?;
    page.score(9).await?;
    page.write("x").await?;
    // `maxlength` limits text that is typed or pasted.
    page.read("document.execCommand('insertText', false, 'ä'.repeat(3000))").await?;
    // The line of the counter moves the button, so the test waits for it before it presses the button.
    afterword_e2e::until("the counter", || async {
        let counted = page.read("probe.find('#remaining').textContent").await?;
        Ok(counted.as_str().is_some_and(|text| text.contains('0')).then_some(()))
    })
    .await?;
    page.send().await?;
    let posts = visit.shop.requests("POST", "/endpoint");
    let last = posts.last().context("a post")?;
    let body: Value = serde_json::from_str(&last.body)?;
    let length = body["comment"].as_str().map_or(0, |text| text.chars().count());
    ensure!(length == 2000, "{length}");
    last.response()?;
    Ok(())
}
