//! `<afterword-quotes>`: what customers said, in the shop's page.

use afterword_e2e::fixture::{Embedding, Fixture, STRICT};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    quotes_stand_in_the_page_with_all_answers_and_the_notice,
    the_shop_says_which_quotes_how_many_and_in_which_language,
    without_quotes_nothing_is_shown_and_the_console_says_why,
    a_withdrawn_quote_is_gone_within_a_minute,
    a_browser_that_adopts_no_sheets_shows_them_all_the_same,
    they_fit_a_small_phone_and_axe_finds_nothing,
);

/// A page with quotes below a heading of the shop's, and with the attributes.
fn page(attributes: &str) -> Fixture {
    let element = format!(
        "<afterword-quotes hidden {attributes}><h2>What others say</h2></afterword-quotes>\
         <script async src=\"/dist/quotes.js\"></script>"
    );
    Fixture::shop().embedding(Embedding::Absent).run("/quoted.js").before(&element)
}

/// A JavaScript expression for the texts of all elements in the quotes that match.
fn texts(selector: &str) -> String {
    format!(
        "[...document.querySelector('afterword-quotes').shadowRoot.querySelectorAll('{selector}')].map((it) => it.textContent)"
    )
}

/// Waits until the page has asked so often, and the element is shown or hidden.
async fn asked(visit: &Visit<'_>, times: usize, is_shown: bool) -> Result<()> {
    let state = "[asked.length, !document.querySelector('afterword-quotes').hidden]";
    afterword_e2e::until(&format!("{times} requests, shown: {is_shown}"), || async {
        Ok((visit.page.read(state).await? == json!([times, is_shown])).then_some(()))
    })
    .await
}

async fn quotes_stand_in_the_page_with_all_answers_and_the_notice(visit: &Visit<'_>) -> Result<()> {
    // The policy forbids styles, and texts as markup.
    visit.go(&page("").policy(STRICT)).await?;
    asked(visit, 1, true).await?;
    let read = |selector: &str| {
        let texts = texts(selector);
        async move { visit.page.read(&texts).await }
    };
    let text = read("blockquote").await?;
    let expected = json!([
        "Schön verpackt <b>und</b> schnell.\nGerne wieder!",
        "Came a day early, in one piece.",
        "خدمة ممتازة"
    ]);
    ensure!(text == expected, "{text}");
    let bylines = read("figcaption").await?;
    ensure!(bylines == json!(["Kim, 1 March 2026", "14 February 2026", "ليلى, 1 February 2026"]));
    let apart = visit.page.read(
        "document.querySelector('afterword-quotes').shadowRoot.querySelectorAll('bdi').length",
    );
    ensure!(apart.await? == 2, "names in another script change the order of the dates");
    let all = read("summary").await?;
    ensure!(all == json!(["All 1,240 ratings, 2 March 2025 – 1 March 2026"]), "{all}");
    let scores = read("tbody tr").await?;
    let scores: Vec<&str> =
        scores.as_array().context("rows")?.iter().filter_map(Value::as_str).collect();
    ensure!(scores.len() == 11 && scores[0] == "10300" && scores[10] == "040", "{scores:?}");
    ensure!(read("[part=notice]").await? == json!(["Chosen by us."]));
    // Each quote in its language, and the element in the page's font.
    let languages =
        "[...document.querySelector('afterword-quotes').shadowRoot.querySelectorAll('blockquote')]
        .map((it) => it.lang + getComputedStyle(it).direction)";
    let languages = visit.page.read(languages).await?;
    ensure!(languages == json!(["deltr", "enltr", "arrtl"]), "{languages}");
    let font = "new Set([document.querySelector('afterword-quotes'), document.querySelector('afterword-quotes').shadowRoot.querySelector('blockquote')]
        .map((it) => getComputedStyle(it).fontFamily + getComputedStyle(it).color)).size";
    ensure!(visit.page.read(font).await? == 1, "not the shop's font");
    let address = visit.page.read("asked[0]").await?;
    ensure!(address == format!("{}/dist/v1/quotes omit", visit.shop.origin), "{address}");
    let noise = visit.page.read("probe.noise").await?;
    ensure!(noise == json!([]), "the console said {noise}");
    Ok(())
}

async fn the_shop_says_which_quotes_how_many_and_in_which_language(
    visit: &Visit<'_>,
) -> Result<()> {
    let attributes = "data-survey=\"a&amp;b\" data-max=\"1\" data-locale=\"de-AT\" data-endpoint=\"/endpoint/quotes?x=1\"";
    visit.go(&page(attributes)).await?;
    asked(visit, 1, true).await?;
    let address = visit.page.read("asked[0]").await?;
    ensure!(
        address == format!("{}/endpoint/quotes?x=1&survey=a%26b omit", visit.shop.origin),
        "{address}"
    );
    let bylines = visit.page.read(&texts("figcaption")).await?;
    ensure!(bylines == json!(["Kim, 1. März 2026"]), "{bylines}");
    let all = visit.page.read(&texts("summary")).await?;
    ensure!(all == json!(["Alle 1.240 Bewertungen, 2. März 2025 – 1. März 2026"]), "{all}");
    ensure!(visit.page.read(&texts("[part=notice]")).await? == json!(["Von uns ausgewählt."]));
    // A framework may set attributes later.
    visit.page.read("document.querySelector('afterword-quotes').dataset.max = 'many'").await?;
    asked(visit, 2, true).await?;
    let count = format!("{}.length", texts("figure"));
    afterword_e2e::until("three quotes", || async {
        Ok((visit.page.read(&count).await? == 3).then_some(()))
    })
    .await?;
    let noise = visit.page.read("probe.noise").await?.to_string();
    ensure!(noise.contains("data-max=\\\"many\\\""), "{noise}");
    Ok(())
}

async fn without_quotes_nothing_is_shown_and_the_console_says_why(visit: &Visit<'_>) -> Result<()> {
    visit.go(&page("").clock()).await?;
    asked(visit, 1, true).await?;
    let height = "document.querySelector('afterword-quotes').offsetHeight";
    ensure!(visit.page.read(height).await?.as_f64() > Some(100.0));
    // Too few answers: the shop's heading does not stand above nothing.
    let none = "window.usual = quoted, window.quoted = { ...quoted, quotes: [], answers: null }, 0";
    visit.page.read(none).await?;
    visit.page.pass(30_000).await?;
    asked(visit, 2, false).await?;
    ensure!(visit.page.read(height).await? == 0, "it takes room");
    ensure!(visit.page.read("probe.noise").await? == json!([]));
    visit.page.read("window.quoted = 503").await?;
    visit.page.pass(30_000).await?;
    asked(visit, 3, false).await?;
    let noise = visit.page.read("probe.noise").await?.to_string();
    ensure!(noise.contains("/v1/quotes answered 503"), "{noise}");
    // The same reason is said once.
    visit.page.pass(30_000).await?;
    asked(visit, 4, false).await?;
    let lines = visit.page.read("probe.noise.length").await?;
    ensure!(lines == 1, "{lines} lines");
    // What comes back is shown again.
    visit.page.read("window.quoted = usual, 0").await?;
    visit.page.pass(30_000).await?;
    asked(visit, 5, true).await
}

async fn a_withdrawn_quote_is_gone_within_a_minute(visit: &Visit<'_>) -> Result<()> {
    visit.go(&page("").clock()).await?;
    asked(visit, 1, true).await?;
    visit.page.read("window.quoted = { ...quoted, quotes: quoted.quotes.slice(1, 2) }, 0").await?;
    visit.page.pass(59_000).await?;
    afterword_e2e::until("one quote", || async {
        let texts = visit.page.read(&texts("blockquote")).await?;
        Ok((texts == json!(["Came a day early, in one piece."])).then_some(()))
    })
    .await?;
    // An element that was taken out asks no more.
    let asked = visit.page.read("asked.length").await?;
    visit
        .page
        .read("window.quotes = document.querySelector('afterword-quotes'), quotes.remove()")
        .await?;
    visit.page.pass(120_000).await?;
    ensure!(visit.page.read("asked.length").await? == asked, "it still asks");
    // Put back, it asks at once.
    visit.page.read("document.body.append(quotes)").await?;
    let again = asked.as_u64().context("a number")? + 1;
    ensure!(visit.page.read("asked.length").await? == again, "it does not ask");
    Ok(())
}

async fn a_browser_that_adopts_no_sheets_shows_them_all_the_same(visit: &Visit<'_>) -> Result<()> {
    visit.go(&page("").run("/lacking.js?sheets")).await?;
    asked(visit, 1, true).await?;
    let margin = "getComputedStyle(document.querySelector('afterword-quotes').shadowRoot.querySelector('figure')).paddingInlineStart";
    let margin = visit.page.read(margin).await?;
    ensure!(margin.as_str().is_some_and(|it| it != "0px"), "no style: {margin}");
    Ok(())
}

async fn they_fit_a_small_phone_and_axe_finds_nothing(visit: &Visit<'_>) -> Result<()> {
    visit.page.client.set_window_size(500, 900).await?;
    let narrow =
        page("data-locale=\"de\"").before("<style>body { max-width: 320px; margin: 0 }</style>");
    visit.go(&narrow).await?;
    asked(visit, 1, true).await?;
    visit.page.read("document.querySelector('afterword-quotes').shadowRoot.querySelector('details').open = true").await?;
    let wide = "[...document.querySelector('afterword-quotes').shadowRoot.querySelectorAll('*')]
        .filter((it) => it.getBoundingClientRect().right > document.body.getBoundingClientRect().right + .5).map((it) => it.localName)";
    let wide = visit.page.read(wide).await?;
    ensure!(wide == json!([]), "too wide: {wide}");
    visit.page.client.execute(&crate::report::axe()?, vec![]).await?;
    let found = "await axe.run('afterword-quotes').then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))";
    let found = visit.page.promised(found).await?;
    ensure!(found == json!([]), "{found}");
    Ok(())
}
