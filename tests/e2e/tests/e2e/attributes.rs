//! The shop's attributes, at their limits and beyond: painted form and widget show and send the same, and no
//! answer is refused because of one.

use afterword::attributes::{ATTRIBUTES, Example};
use afterword_e2e::fixture::{Embedding, FULL, Fixture, Form};
use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    every_example_in_the_table_is_found_again(form),
    a_subject_is_text_whatever_characters_it_has,
    whatever_is_too_long_is_cut_or_left_out_in_the_same_way,
    lists_can_be_json,
    half_a_character_spoils_no_answer(form),
    a_bare_switch_is_a_yes_and_no_other_word_is(form),
    an_event_with_a_space_in_its_name_is_warned_about_once(form),
    what_is_wrong_is_said_without_webassembly_too,
    what_is_wrong_is_said_while_the_survey_waits,
    a_language_is_found_however_it_is_written,
    names_that_are_not_ours_are_nobodys_business(form),
    a_survey_in_the_page_stays_in_the_page_where_that_is_said,
);

/// Taps a score and sends it without a comment.
async fn answer(visit: &Visit<'_>, score: u8) -> Result<()> {
    visit.page.score(score).await?;
    visit.page.wait("the comment", |state| state["comment"].is_string()).await?;
    visit.page.send().await.map(drop)
}

/// The texts that painted form and widget show, and what they send for a score of 3 without a comment.
async fn both(visit: &Visit<'_>, fixture: &Fixture) -> Result<(Value, Value)> {
    let mut seen = Vec::new();
    for form in Form::BOTH {
        let before = visit.shop.requests("POST", "/endpoint").len();
        visit.open_as(form, fixture).await?;
        let state = visit.page.state().await?;
        visit.page.score(3).await?;
        let opened = visit.page.wait("the comment", |state| state["comment"].is_string()).await?;
        visit.page.send().await?;
        let posts = visit.shop.requests("POST", "/endpoint");
        let post = posts[before..].last().context("an answer")?;
        post.response().with_context(|| form.name())?;
        let mut body: Value = serde_json::from_str(&post.body)?;
        for field in ["id", "revision", "shown_at", "scored_at", "sent_at", "page"] {
            ensure!(body.as_object_mut().context("an object")?.remove(field).is_some(), "{field}");
        }
        let placeholder = visit.page.read("probe.find('textarea')?.placeholder").await?;
        let texts = json!([state["question"], state["labels"], opened["followUp"], placeholder]);
        seen.push((texts, body));
    }
    let [painted, widget] = <[_; 2]>::try_from(seen).map_err(|_| anyhow!("two forms"))?;
    ensure!(painted == widget, "painted: {painted:#?}\nwidget: {widget:#?}");
    Ok(painted)
}

/// Each example has its effect on a page that sets it, in the page or on the card, and on no other page.
async fn every_example_in_the_table_is_found_again(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let examples: Vec<_> = ATTRIBUTES
        .iter()
        .filter_map(|attribute| Some((attribute.name.replace('*', "a"), attribute.example?)))
        .collect();
    for is_set in [true, false] {
        let mut missing: Vec<_> = examples.iter().map(|(name, _)| name).collect();
        for mode in ["inline", "corner"] {
            let before = shop.requests("POST", "/endpoint").len();
            let mut fixture = Fixture::shop().attribute("mode", mode);
            if is_set {
                let set = |fixture: Fixture, (name, example): &(String, Example)| {
                    fixture.attribute(name, example.value)
                };
                fixture = examples.iter().fold(fixture, set);
            }
            visit.open_as(form, &fixture).await?;
            page.score(3).await?;
            page.wait("the comment", |state| state["comment"].is_string()).await?;
            let posts = visit.posted("/endpoint", before + 1).await?;
            let sent = &posts[before].body;
            for (name, example) in &examples {
                let look =
                    format!("((sent, find) => {})({sent}, probe.find) ?? null", example.found);
                if page.read(&look).await? == example.value {
                    missing.retain(|missing| *missing != name);
                }
            }
        }
        if is_set {
            ensure!(missing.is_empty(), "set, but not found: {missing:?}");
        } else {
            ensure!(missing.len() == examples.len(), "not set, but found: all but {missing:?}");
        }
    }
    Ok(())
}

/// `replaceAll` reads `$'`, `$$` and `$&` in a text as references to what it replaces.
async fn a_subject_is_text_whatever_characters_it_has(visit: &Visit<'_>) -> Result<()> {
    for subject in ["Rock $'n' Roll", "Cash$$Back", "A $& B", "$`x$1$<y>", "{subject}"] {
        let (shown, sent) = both(visit, &Fixture::shop().attribute("subject", subject)).await?;
        let question =
            format!("How likely are you to recommend {subject} to a friend or colleague?");
        ensure!(shown[0] == *question, "{subject}: {shown}");
        ensure!(sent["method"]["question"] == *question, "{subject}: {sent}");
    }
    Ok(())
}

async fn whatever_is_too_long_is_cut_or_left_out_in_the_same_way(visit: &Visit<'_>) -> Result<()> {
    let long = "Would you recommend {subject} to anyone you know, to friends, to colleagues, to strangers?";
    let products: Vec<String> = (1..=51).map(|number| format!("p{number}")).collect();
    let fixture = Fixture::shop()
        .attributes(FULL)
        .attribute("subject", &"🌷".repeat(150))
        .attribute("question", &("x".repeat(499) + "🌷🌷"))
        .attribute("low-label", long)
        .attribute("high-label", &"🌷".repeat(101))
        .attribute("follow-up", &"f".repeat(501))
        .attribute("placeholder", &"p".repeat(101))
        .attribute("products", &products.join(","))
        .attribute("tags", &format!("{}🌷, {}, kept", "y".repeat(64), "y".repeat(63) + "🌷"))
        .attribute("order-id", &"o".repeat(129))
        .attribute("customer-id", &"c".repeat(128))
        .attribute("prop-note", &("n".repeat(499) + "🌷🌷"))
        .attribute(&format!("prop-{}", "n".repeat(65)), "x")
        .attribute("prop-ends-in-", "x");
    let (shown, sent) = both(visit, &fixture).await?;
    let question = "x".repeat(499) + "🌷";
    let high = "🌷".repeat(100);
    ensure!(shown[0] == *question && sent["method"]["question"] == *question, "{shown} {sent}");
    ensure!(shown[1][1] == *high && sent["method"]["high_label"] == *high, "{shown} {sent}");
    // The label is shown whole, with the cut subject in it. The label in the answer is cut to the contract's limit.
    let low = long.replace("{subject}", &"🌷".repeat(100));
    let start: String = low.chars().take(100).collect();
    ensure!(shown[1][0] == *low && sent["method"]["low_label"] == *start, "{shown} {sent}");
    ensure!(shown[2] == *"f".repeat(500), "{shown}");
    ensure!(sent["order"]["products"] == json!(products[..50]), "{sent}");
    ensure!(sent["tags"] == json!(["y".repeat(63) + "🌷", "kept"]), "{sent}");
    ensure!(sent["order"].get("id").is_none(), "{sent}");
    ensure!(sent["customer"]["id"] == *"c".repeat(128), "{sent}");
    let properties =
        json!({ "coupon": "WELCOME", "ends-in-": "x", "note": "n".repeat(499) + "🌷" });
    ensure!(sent["properties"] == properties, "{sent}");
    Ok(())
}

async fn lists_can_be_json(visit: &Visit<'_>) -> Result<()> {
    let list = json!(["Pot, blue, 20 cm", " Can ", "", "x".repeat(129)]).to_string();
    for (products, expected) in [
        (list.as_str(), json!(["Pot, blue, 20 cm", "Can"])),
        ("Pot, Can,,", json!(["Pot", "Can"])),
        ("[1, 2]", json!(["[1", "2]"])),
        ("[Pot], Can", json!(["[Pot]", "Can"])),
    ] {
        let fixture = Fixture::shop().attribute("products", products).attribute("tags", products);
        let (_, sent) = both(visit, &fixture).await?;
        ensure!(sent["order"]["products"] == expected, "{products}: {sent}");
    }
    Ok(())
}

/// A script of the page that cuts texts may cut a character in half, and JSON with half a character is refused.
async fn half_a_character_spoils_no_answer(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let fixture = Fixture::shop().embedding(Embedding::Head).form(form);
    visit.go(&fixture).await?;
    page.loaded().await?;
    page.read(
        "(() => {
            const survey = document.createElement('afterword-survey');
            const half = '\\ud83c';
            survey.setAttribute('data-endpoint', '/endpoint/200');
            for (const name of ['order-id', 'products', 'tags', 'prop-note']) {
                survey.setAttribute('data-' + name, name + half);
            }
            document.querySelector('main').append(survey);
        })()",
    )
    .await?;
    page.wait("the question", |state| state["question"].is_string()).await?;
    if form == Form::Widget {
        page.taken_over().await?;
    }
    answer(visit, 3).await?;
    let posts = shop.requests("POST", "/endpoint");
    for post in &posts {
        post.response()?;
    }
    let last: Value = serde_json::from_str(&posts.last().context("an answer")?.body)?;
    ensure!(last["order"]["id"] == "order-id\u{fffd}", "{last}");
    ensure!(last["properties"]["note"] == "prop-note\u{fffd}", "{last}");
    Ok(())
}

/// With `data-preview`, `=""` and `="true"` nothing is sent; every other value is ignored.
async fn a_bare_switch_is_a_yes_and_no_other_word_is(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { shop, .. } = visit;
    for (value, sends) in [("", false), ("true", false), ("false", true), ("yes", true)] {
        let before = shop.requests("POST", "/endpoint").len();
        visit.open_as(form, &Fixture::shop().attribute("preview", value)).await?;
        answer(visit, 9).await?;
        let sent = shop.requests("POST", "/endpoint").len() > before;
        ensure!(sent == sends, "data-preview=\"{value}\": sent: {sent}");
    }
    Ok(())
}

/// An event of that name cannot come, so the survey does not wait for it: it asks at once and warns.
async fn an_event_with_a_space_in_its_name_is_warned_about_once(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    visit.open_as(form, &Fixture::shop().attribute("on", "a b")).await?;
    answer(visit, 9).await?;
    warned(visit, &["on"]).await
}

async fn what_is_wrong_is_said_without_webassembly_too(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop()
        .attribute("theme", "night")
        .attribute("consent", "yes")
        .attribute("order-value", "1.299,00")
        .attribute("review-url", "javascript:alert(1)")
        .attribute("thanks", &"t".repeat(501))
        .attribute("tags", &["x"; 21].join(","))
        .attribute("prop-", "x");
    visit.open_as(Form::Painted, &fixture).await?;
    warned(visit, &["theme", "consent", "order-value", "review-url", "thanks", "tags", "prop-"])
        .await
}

async fn what_is_wrong_is_said_while_the_survey_waits(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.go(&Fixture::shop().attribute("on", "never").attribute("storage", "locale")).await?;
    warned(visit, &["storage"]).await?;
    ensure!(page.state().await?.is_null(), "it is shown");
    Ok(())
}

async fn a_language_is_found_however_it_is_written(visit: &Visit<'_>) -> Result<()> {
    for lang in ["de_DE", "DE", "de-at", "de_DE.UTF-8"] {
        visit.open(&Fixture::shop().lang(lang)).await?;
        let state = visit.page.state().await?;
        ensure!(state["lang"] == "de", "lang=\"{lang}\": {state}");
        if lang.contains('.') {
            continue; // An attribute is a language tag.
        }
        visit.open(&Fixture::shop().attribute("locale", lang)).await?;
        let state = visit.page.state().await?;
        ensure!(state["lang"] == "de", "data-locale=\"{lang}\": {state}");
    }
    Ok(())
}

/// Asserts that the console has one warning for each of these attributes, and no other of ours.
async fn warned(visit: &Visit<'_>, attributes: &[&str]) -> Result<()> {
    let page = &visit.page;
    let lines = "probe.noise.filter((line) => line.startsWith('warn: afterword'))";
    afterword_e2e::until("the warnings", || async {
        let lines = page.read(lines).await?;
        Ok((lines.as_array().map_or(0, Vec::len) >= attributes.len()).then_some(()))
    })
    .await?;
    page.quiet().await?;
    let lines: Vec<String> = serde_json::from_value(page.read(lines).await?)?;
    ensure!(lines.len() == attributes.len(), "{lines:?}");
    for name in attributes {
        let named = format!("data-{name}=\"");
        let about = lines.iter().filter(|line| line.contains(&named));
        ensure!(about.count() == 1, "{name}: {lines:?}");
    }
    Ok(())
}

async fn names_that_are_not_ours_are_nobodys_business(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let fixture = Fixture::shop()
        .attribute("order-note", "secret")
        .attribute("customer-mail", "a@b.example")
        .attribute("constructor", "x")
        .attribute("turbo-track", "reload")
        // HTML allows this name, but `setAttribute` does not.
        .attribute("50%", "off")
        .attribute("order-id", "A-1");
    visit.open_as(form, &fixture).await?;
    answer(visit, 9).await?;
    let posts = shop.requests("POST", "/endpoint");
    let last: Value = serde_json::from_str(&posts.last().context("an answer")?.body)?;
    ensure!(last["order"] == json!({ "id": "A-1" }) && last.get("customer").is_none(), "{last}");
    page.quiet().await?;
    let noise = page.read("probe.noise.filter((line) => line.includes('afterword'))").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

/// A default value may be set explicitly, and fetches nothing.
async fn a_survey_in_the_page_stays_in_the_page_where_that_is_said(
    visit: &Visit<'_>,
) -> Result<()> {
    let fixture = Fixture::shop().attribute("mode", "inline").attribute("storage", "none");
    let (_, sent) = both(visit, &fixture).await?;
    ensure!(sent["method"]["mode"] == "inline", "{sent}");
    let fetched = visit.shop.requests("GET", "/dist/w-");
    let others = fetched
        .iter()
        .filter(|it| ["corner", "outbox", "none"].iter().any(|name| it.path.contains(name)));
    ensure!(others.count() == 0, "{fetched:?}");
    Ok(())
}
