//! Texts are text, addresses lead where they may, and what is sent has bounds.

use afterword_response::receive;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    texts_are_never_markup,
    texts_are_never_markup_in_the_painted_form,
    no_trick_makes_a_link_of_an_address_that_is_none,
    no_trick_makes_one_in_the_painted_form,
    links_tell_the_page_they_open_nothing,
    wrong_headers_and_properties_are_left_out,
    wrong_headers_and_properties_are_left_out_by_the_painted_form,
    a_comment_has_an_end,
);

async fn texts_are_never_markup(visit: &Visit<'_>) -> Result<()> {
    visit.fixture("markup.html").await?;
    visit.page.taken_over().await?;
    markup(visit).await
}

async fn texts_are_never_markup_in_the_painted_form(visit: &Visit<'_>) -> Result<()> {
    visit.fixture("markup-painted.html").await?;
    markup(visit).await
}

async fn markup(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    // Every text that is shown, and every element that is not one of ours.
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
    page.rest(200).await;
    for asked in ["/x", "/y"] {
        ensure!(shop.requests("GET", asked).is_empty(), "a text was markup");
    }
    let noise = page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

/// Answers a survey for each trick, and gives the links that they show.
async fn tricks(visit: &Visit<'_>, fixture: &str, arguments: &str) -> Result<Vec<String>> {
    let page = &visit.page;
    page.client.goto(&format!("{}/{fixture}", visit.shop.origin)).await?;
    afterword_e2e::until("the script", || async {
        let ready = "!!window.afterword && document.readyState == 'complete'";
        Ok((page.read(ready).await? == true).then_some(()))
    })
    .await?;
    page.read(&format!("(tricks({arguments}).then((links) => window.links = links), 0)")).await?;
    let links = afterword_e2e::until("every survey's end", || async {
        Ok(Some(page.read("window.links").await?).filter(Value::is_array))
    })
    .await?;
    Ok(serde_json::from_value(links)?)
}

async fn no_trick_makes_a_link_of_an_address_that_is_none(visit: &Visit<'_>) -> Result<()> {
    let links = tricks(visit, "links.html", "true").await?;
    ensure!(links.is_empty(), "{links:?}");
    let noise: Vec<String> = serde_json::from_value(visit.page.read("probe.noise").await?)?;
    let warned = |name: &str| {
        noise
            .iter()
            .filter(|line| line.starts_with(&format!("warn: afterword: data-{name}=")))
            .count()
    };
    let tried = visit.page.read("schemes.length + entities.length").await?;
    for name in ["review-url", "support-url", "privacy-url"] {
        ensure!(
            warned(name) as u64 == tried.as_u64().unwrap_or_default(),
            "{name}: {} of {tried}: {noise:#?}",
            warned(name)
        );
    }
    Ok(())
}

async fn no_trick_makes_one_in_the_painted_form(visit: &Visit<'_>) -> Result<()> {
    let links = tricks(visit, "links-painted.html", "false").await?;
    ensure!(links.is_empty(), "{links:?}");
    Ok(())
}

async fn links_tell_the_page_they_open_nothing(visit: &Visit<'_>) -> Result<()> {
    for (fixture, widget) in [("links.html", true), ("links-painted.html", false)] {
        let good = "['https://a.example/r', 'HTTP://a.example/', 'mailto:a@example.org', 'tel:+49301', '/own', '//a.example/x']";
        let links = tricks(visit, fixture, &format!("{widget}, {good}")).await?;
        // The review, and the privacy notice; the help is for lower scores than the first that is tapped: 0.
        ensure!(links.len() == 18, "{fixture}: {links:?}");
        for link in &links {
            ensure!(link.ends_with(" noopener _blank"), "{link}");
        }
    }
    Ok(())
}

async fn wrong_headers_and_properties_are_left_out(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.fixture("headers-wrong.html").await?;
    page.taken_over().await?;
    let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
    for attribute in ["header-x-euro", "header-x-line", "header-x:y", "header-", "prop-a:b"] {
        let warnings = noise.iter().filter(|line| line.contains(&format!("data-{attribute}=")));
        ensure!(warnings.count() == 1, "{attribute}: {noise:?}");
    }
    headers(visit).await
}

async fn wrong_headers_and_properties_are_left_out_by_the_painted_form(
    visit: &Visit<'_>,
) -> Result<()> {
    visit.fixture("headers-wrong-painted.html").await?;
    headers(visit).await
}

async fn headers(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
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
    receive::from_json(last.body.as_bytes()).map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    Ok(())
}

async fn a_comment_has_an_end(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for fixture in ["own-server.html", "csp.html"] {
        visit.fixture(fixture).await?;
        if fixture == "own-server.html" {
            page.taken_over().await?;
        }
        page.score(9).await?;
        page.write("x").await?;
        // As typed or pasted, which the browser keeps within bounds.
        page.read("document.execCommand('insertText', false, 'ä'.repeat(3000))").await?;
        page.send().await?;
        let posts = visit.shop.requests("POST", "/endpoint");
        let last = posts.last().context("a post")?;
        let body: Value = serde_json::from_str(&last.body)?;
        let length = body["comment"].as_str().map_or(0, |text| text.chars().count());
        ensure!(length == 2000, "{fixture}: {length}");
        receive::from_json(last.body.as_bytes())
            .map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    }
    Ok(())
}
