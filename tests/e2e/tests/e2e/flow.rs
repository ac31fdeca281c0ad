//! The customer's steps: question, score, comment, thanks.

use afterword_e2e::fixture::{FULL, Fixture, Form, LINKS, Script};
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    the_demo_shop_asks_and_stores,
    a_score_can_be_corrected,
    across_origins,
    keyboard_only,
    on_a_phone_320_px_wide,
    the_tag_twice_asks_once,
    two_surveys_on_one_page_are_two_responses,
    a_preview_sends_nothing,
    the_privacy_notice_is_linked_before_an_answer,
    the_page_speaks_german_informally,
    the_german_script_paints_german_at_once,
    a_language_without_a_locale_gets_english,
    a_language_that_is_not_in_the_script,
    the_shops_own_texts_by_segment,
);

/// The link is below the scale before a score, and below the button after it, in both forms.
async fn the_privacy_notice_is_linked_before_an_answer(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for form in Form::BOTH {
        for mode in ["inline", "corner"] {
            let fixture = Fixture::shop().attributes(LINKS).attribute("mode", mode);
            visit.open_as(form, &fixture).await?;
            // Measures the link's text, since the area that a finger can tap is higher.
            let below = |above: &str| {
                format!(
                    "(([link, above]) => {{
                        const words = document.createRange();
                        if (link) words.selectNodeContents(link);
                        return !!link && words.getBoundingClientRect().top >= above.getBoundingClientRect().bottom;
                    }})([probe.find('#privacy'), probe.find('{above}')])"
                )
            };
            afterword_e2e::until("the link", || async {
                Ok((page.read(&below("#high")).await? == true).then_some(()))
            })
            .await?;
            let link = page
                .read("[probe.find('#privacy').pathname, probe.find('#privacy').textContent]")
                .await?;
            ensure!(link == json!(["/privacy", "Privacy"]), "{link}, {}, {mode}", form.name());
            ensure!(page.state().await?["score"].is_null());
            page.score(9).await?;
            page.wait("the comment", |state| state["comment"].is_string()).await?;
            ensure!(page.read(&below(".send")).await? == true, "{}, {mode}", form.name());
            ensure!(page.read("probe.root().querySelectorAll('#privacy').length").await? == 1);
            page.send().await?;
            ensure!(page.read("!probe.find('#privacy')").await? == true, "after the thanks");
        }
    }
    Ok(())
}

/// A page whose script and endpoint are the collector's, with everything that the tag can carry.
fn full() -> Fixture {
    Fixture::collector().attributes(FULL)
}

/// A German page, customers addressed informally.
pub(crate) fn german() -> Fixture {
    Fixture::shop().lang("de-AT").attributes(&[("subject", "Lenz"), ("address", "informal")])
}

/// Texts of the shop, some by segment.
pub(crate) fn own_texts() -> Fixture {
    Fixture::shop().attributes(&[
        ("question", "Would you tell {subject}?"),
        ("subject", "a friend"),
        ("low-label", "no"),
        ("high-label", "yes"),
        ("follow-up", "Why?"),
        ("follow-up-detractor", "What went wrong?"),
        ("thanks", "Thanks!"),
        ("thanks-promoter", "You are kind."),
        ("placeholder", "Tell us"),
        ("review-url", "/review"),
        ("review-label", "Review"),
        ("support-url", "mailto:help@example.org"),
        ("support-label", "Help"),
    ])
}

/// The collector's demo shop, with a tag without attributes.
async fn the_demo_shop_asks_and_stores(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    page.visit(&format!("{}/demo/?lang=en", shop.collector)).await?;
    page.taken_over().await?;
    let state = page.state().await?;
    ensure!(state["question"].as_str().is_some_and(|q| q.contains("Lenz & Sims")), "{state}");
    ensure!(state["comment"].is_null(), "the comment comes after the score: {state}");

    page.score(9).await?;
    page.wait("the comment", |state| state["score"] == "9" && state["comment"] == "").await?;
    let saved = stored(visit, 1).await?;
    ensure!(saved["revision"] == 1 && saved["complete"] == false, "{saved}");
    ensure!(saved["score"] == 9 && saved["comment"].is_null(), "{saved}");

    page.write("Fast, and well packed").await?;
    let thanked = page.send().await?;
    ensure!(thanked["question"].is_null(), "{thanked}");
    let answer = stored(visit, 1).await?;
    ensure!(answer["id"] == saved["id"], "one response");
    ensure!(answer["revision"] == 2 && answer["complete"] == true, "{answer}");
    ensure!(answer["comment"] == "Fast, and well packed" && answer["score"] == 9, "{answer}");
    ensure!(answer["order"]["value"] == "129.90" && answer["locale"] == "en", "{answer}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == json!(["shown", "scored", "submitted"]), "{names}");
    Ok(())
}

/// Waits until the collector holds exactly `count` responses, and gives the newest.
async fn stored(visit: &Visit<'_>, count: usize) -> Result<Value> {
    afterword_e2e::until("the stored answer", || async {
        let stored = visit.shop.stored().await?;
        Ok((stored.len() == count).then(|| stored[0].clone()))
    })
    .await
}

async fn a_score_can_be_corrected(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &full()).await?;
    page.score(9).await?;
    stored(visit, 1).await?;
    page.score(3).await?;
    let corrected = afterword_e2e::until("the corrected score", || async {
        let stored = visit.shop.stored().await?;
        Ok((stored[0]["score"] == 3).then(|| stored[0].clone()))
    })
    .await?;
    ensure!(corrected["revision"] == 2 && corrected["complete"] == false, "{corrected}");
    let state = page.send().await?;
    ensure!(state["links"] == json!(["support", "review"]), "help, and the same review: {state}");
    let answer = stored(visit, 1).await?;
    ensure!(answer["score"] == 3 && answer["revision"] == 3 && answer["complete"] == true);
    Ok(())
}

/// Script and collector are on one origin, the shop is on another. No preflight is needed.
async fn across_origins(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let expected = visit.open_as(Form::Widget, &full()).await?;
    page.score(10).await?;
    page.write("From elsewhere").await?;
    let state = page.send().await?;
    ensure!(state["links"] == json!(["review"]), "no support for a promoter: {state}");
    let answer = stored(visit, 1).await?;
    ensure!(answer["score"] == 10 && answer["comment"] == "From elsewhere", "{answer}");
    ensure!(answer["page"] == expected.as_str(), "{answer}");
    ensure!(answer["properties"] == json!({ "coupon": "WELCOME" }), "{answer}");
    ensure!(answer["order"]["products"] == json!(["Pot", "Can"]), "{answer}");
    Ok(())
}

const TAB: char = '\u{E004}';
const RIGHT: char = '\u{E014}';

async fn keyboard_only(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &full()).await?;
    page.read("document.querySelector('#own').focus()").await?;
    // The whole scale is one tab stop; arrows choose a score.
    page.keys(&TAB.to_string()).await?;
    page.wait("the focus on the scale", |s| s["focus"] == "0" || s["focus"] == "10").await?;
    page.keys(" ").await?;
    page.wait("a score", |state| state["score"].is_string()).await?;
    page.read("probe.find('input[value=\"6\"]').focus()").await?;
    page.keys(&RIGHT.to_string()).await?;
    page.wait("the next score", |s| s["score"] == "7" && s["focus"] == "7").await?;
    page.keys(&TAB.to_string()).await?;
    page.wait("the focus on the comment", |state| state["focus"] == "").await?;
    page.keys("By keyboard").await?;
    page.keys(&TAB.to_string()).await?;
    page.wait("the focus on the button", |state| state["focus"] == "").await?;
    let button = page.read("probe.root().activeElement.className").await?;
    ensure!(button == "send", "{button}");
    page.keys("\u{E007}").await?;
    let state = page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    let state = if state["focus"] == "status" {
        state
    } else {
        page.wait("the focus on the thanks", |state| state["focus"] == "status").await?
    };
    ensure!(state["thanks"].is_string());
    let answer = stored(visit, 1).await?;
    ensure!(answer["score"] == 7 && answer["comment"] == "By keyboard", "{answer}");
    Ok(())
}

/// In a place as narrow as a small phone, the scale has two rows and large targets, and nothing sticks out.
async fn on_a_phone_320_px_wide(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &full().sheet("/narrow.css")).await?;
    let targets = page
        .read(
            "[...probe.root().querySelectorAll('.score')].map((label) => {
                const { x, y, width, height } = label.getBoundingClientRect();
                return [x, y, width, height];
            })",
        )
        .await?;
    let targets: Vec<[f64; 4]> = serde_json::from_value(targets)?;
    ensure!(targets.len() == 11);
    for [_, _, width, height] in &targets {
        ensure!(*width >= 43.99 && *height >= 43.99, "{targets:?}");
    }
    ensure!(targets[..6].iter().all(|t| t[1] == targets[0][1]), "0 to 5 in one row: {targets:?}");
    ensure!(targets[6..].iter().all(|t| t[1] == targets[6][1] && t[1] > targets[0][1]));
    let widths = page.read("[document.body.scrollWidth, document.body.clientWidth]").await?;
    ensure!(widths == json!([320, 320]), "sideways: {widths}");

    page.tap("input[value=\"8\"] + span").await?;
    page.wait("the score", |state| state["score"] == "8").await?;
    let saved = stored(visit, 1).await?;
    ensure!(saved["method"]["layout"] == "two-rows", "{saved}");
    let size = page.read("parseFloat(getComputedStyle(probe.find('textarea')).fontSize)").await?;
    ensure!(size.as_f64() >= Some(16.0), "a phone would zoom in: {size}");
    page.send().await?;
    Ok(())
}

async fn the_tag_twice_asks_once(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &Fixture::collector().attribute("subject", "us").tags(2)).await?;
    page.quiet().await?;
    let hosts = page.read("probe.hosts().length").await?;
    ensure!(hosts == 1, "{hosts} surveys");
    page.score(5).await?;
    page.send().await?;
    ensure!(visit.shop.stored().await?.len() == 1);
    let noise = page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

async fn two_surveys_on_one_page_are_two_responses(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::collector().before(
        "<afterword-survey data-survey=\"one\" data-subject=\"the shop\"></afterword-survey>
        <afterword-survey data-survey=\"two\" data-subject=\"the pot\"></afterword-survey>",
    );
    visit.open_as(Form::Widget, &fixture).await?;
    page.score(2).await?;
    page.send().await?;
    // The probe reads the first survey, so the first is removed before the second is tested.
    page.read("probe.hosts()[0].remove()").await?;
    page.wait("the second", |state| state["widget"] == true && state["thanks"].is_null()).await?;
    page.score(10).await?;
    page.send().await?;
    let stored = visit.shop.stored().await?;
    let mut answers: Vec<_> =
        stored.iter().map(|a| (a["survey"].as_str(), a["score"].as_u64())).collect();
    answers.sort_unstable();
    ensure!(answers == [(Some("one"), Some(2)), (Some("two"), Some(10))], "{stored:?}");
    Ok(())
}

async fn a_preview_sends_nothing(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().attribute("preview", "").clock();
    visit.open_as(Form::Widget, &fixture).await?;
    page.score(4).await?;
    page.write("Only looking").await?;
    page.send().await?;
    page.pass(60_000).await?;
    visit.all_has_arrived().await?;
    ensure!(visit.shop.requests("POST", "/").is_empty());
    Ok(())
}

async fn the_page_speaks_german_informally(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&german()).await?;
    let painted = page.state().await?;
    page.taken_over().await?;
    let state = page.state().await?;
    let question = "Wie wahrscheinlich ist es, dass du Lenz weiterempfiehlst?";
    ensure!(painted["question"] == question && state["question"] == question, "{painted} {state}");
    ensure!(state["lang"] == "de", "{state}");
    page.score(10).await?;
    let state = page.wait("the comment", |state| state["followUp"].is_string()).await?;
    ensure!(state["followUp"] == "Was hat dir am besten gefallen?", "{state}");
    ensure!(state["button"] == "Absenden", "{state}");
    Ok(())
}

async fn the_german_script_paints_german_at_once(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    // Neither the widget nor a locale file gets through.
    visit.shop.hold(".wasm");
    visit.shop.hold(".json");
    let fixture = Fixture::shop().script(Script::German).lang("de").attribute("subject", "Lenz");
    visit.open(&fixture).await?;
    let state = page.state().await?;
    ensure!(state["labels"][1] == "Äußerst wahrscheinlich" && state["widget"] == false, "{state}");
    visit.shop.release();
    page.taken_over().await?;
    page.score(8).await?;
    let state = page.wait("the comment", |state| state["followUp"].is_string()).await?;
    ensure!(state["button"] == "Absenden", "{state}");
    Ok(())
}

async fn a_language_without_a_locale_gets_english(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().lang("xx").attribute("subject", "nous");
    visit.open_as(Form::Widget, &fixture).await?;
    let state = visit.page.state().await?;
    ensure!(state["lang"] == "en" && state["labels"][0] == "Not at all likely", "{state}");
    let said =
        visit.page.read("probe.noise.filter((line) => line.includes('data-locale'))").await?;
    ensure!(said == json!([]), "the shop has set nothing: {said}");
    Ok(())
}

/// The script contains two languages. For other languages it fetches a file with the list of locales.
async fn a_language_that_is_not_in_the_script(visit: &Visit<'_>) -> Result<()> {
    for fixture in [
        Fixture::shop().lang("fr-CA"),
        Fixture::shop().attribute("locale", "FR"),
        // The shop's `data-locale` overrides the page's language.
        Fixture::shop().lang("de").attribute("locale", "fr"),
    ] {
        visit.open_as(Form::Widget, &fixture).await?;
        let state = visit.page.state().await?;
        ensure!(state["lang"] == "fr" && state["labels"][0] == "Pas du tout probable", "{state}");
    }
    // A locale that does not exist: the page's language is used, and the console warns once.
    visit.open(&Fixture::shop().lang("de").attribute("locale", "tlh")).await?;
    let state = visit.page.state().await?;
    ensure!(state["lang"] == "de", "{state}");
    let said =
        visit.page.read("probe.noise.filter((line) => line.includes('data-locale'))").await?;
    ensure!(said.as_array().is_some_and(|lines| lines.len() == 1), "{said}");
    Ok(())
}

async fn the_shops_own_texts_by_segment(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &own_texts()).await?;
    let state = page.state().await?;
    ensure!(state["question"] == "Would you tell a friend?", "{state}");
    ensure!(state["labels"] == json!(["no", "yes"]), "{state}");
    page.score(0).await?;
    page.wait("a detractor's question", |s| s["followUp"] == "What went wrong?").await?;
    page.score(7).await?;
    page.wait("everybody's question", |s| s["followUp"] == "Why?").await?;
    page.score(9).await?;
    let state = page.send().await?;
    ensure!(state["thanks"] == "You are kind." && state["links"] == json!(["review"]), "{state}");
    Ok(())
}
