//! The survey as a guest in the page: which keys reach the page, when a question counts as shown, what the survey does
//! not tell about the customer, and that it does not ask twice.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use afterword_e2e::fixture::{Embedding, FULL, Fixture, Form, LINKS};
use afterword_e2e::shop::Request;
use anyhow::{Context, Result, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    keys_that_neither_type_nor_choose_are_the_pages(form),
    a_dialog_of_the_pages_closes_by_escape(form),
    escape_closes_the_card_and_nothing_else,
    digits_home_and_end_choose(form),
    a_one_waits_for_a_zero(form),
    scores_that_are_passed_by_are_not_sent(form),
    enter_on_the_scale_leads_to_the_comment(form),
    half_of_the_question_in_view_counts_as_shown(form),
    what_nobody_sees_is_not_shown,
    whoever_answers_has_seen_the_question,
    asked_for_privacy_it_says_nothing_of_the_customer(form),
    asked_for_privacy_it_keeps_nothing_without_a_yes,
    the_pages_address_names_nobody(form),
    texts_of_the_shops_own_have_the_pages_language(form),
    a_refusal_is_told_to_the_console_as_it_came(form),
    a_refusal_is_nobodys_fault_and_offers_no_retry(form),
    the_comment_is_counted_near_its_end(form),
    the_browser_is_asked_not_to_translate(form),
    what_was_closed_stays_closed_in_a_copy,
    what_was_answered_is_not_asked_again(form),
    facts_may_come_late(form),
    another_order_asks_anew(form),
    another_order_asks_anew_on_a_card,
    another_order_while_the_customer_writes_is_told_of(form),
    texts_that_change_too_late_are_told_of_once,
    a_survey_that_hydration_has_removed_comes_back_once,
    a_survey_that_the_page_has_placed_never_comes_back_by_itself,
);

/// WebDriver's keys.
const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const CONTROL: char = '\u{e009}';
const ESCAPE: char = '\u{e00c}';
const END: char = '\u{e010}';
const HOME: char = '\u{e011}';
const RIGHT: char = '\u{e014}';

/// A page with the properties in the parameters: see tests/fixtures/manners.js.
fn page(parameters: &str) -> Fixture {
    Fixture::shop().run(&format!("/manners.js?{parameters}")).attribute("subject", "us")
}

/// Opens the page with that form, and waits until all its files have loaded.
async fn open(visit: &Visit<'_>, form: Form, fixture: &Fixture) -> Result<()> {
    visit.open_as(form, fixture).await?;
    if form == Form::Painted {
        afterword_e2e::until("the file that listens to keys", || async {
            let come = "performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('/inline.js') && responseEnd > 0)";
            Ok((visit.page.read(come).await? == true).then_some(()))
        })
        .await?;
    }
    visit.page.quiet().await
}

async fn focus(visit: &Visit<'_>, selector: &str) -> Result<()> {
    visit.page.read(&format!("(probe.find({selector:?}).focus(), 0)")).await.map(drop)
}

async fn press(visit: &Visit<'_>, key: char) -> Result<()> {
    visit.page.keys(&key.to_string()).await
}

/// Presses a key while Control is held.
async fn press_with_control(visit: &Visit<'_>, key: char) -> Result<()> {
    let keys = KeyActions::new("keys".to_owned())
        .then(KeyAction::Down { value: CONTROL })
        .then(KeyAction::Down { value: key })
        .then(KeyAction::Up { value: key })
        .then(KeyAction::Up { value: CONTROL });
    Ok(visit.page.client.perform_actions(keys).await?)
}

fn body(request: &Request) -> Result<Value> {
    serde_json::from_str(&request.body).with_context(|| request.body.clone())
}

fn posts(visit: &Visit<'_>) -> Vec<Request> {
    visit.shop.requests("POST", "/endpoint")
}

/// Waits for the score.
async fn chosen(visit: &Visit<'_>, score: &str) -> Result<Value> {
    visit.page.wait(&format!("the score {score}"), |state| state["score"] == score).await
}

async fn names(visit: &Visit<'_>) -> Result<Vec<String>> {
    let names = visit.page.read("probe.events.map((event) => event.name)").await?;
    Ok(serde_json::from_value(names)?)
}

/// Waits for the event.
async fn told(visit: &Visit<'_>, name: &str) -> Result<()> {
    afterword_e2e::until(&format!("afterword:{name}"), || async {
        Ok(names(visit).await?.iter().any(|other| other == name).then_some(()))
    })
    .await
}

async fn keys_that_neither_type_nor_choose_are_the_pages(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    open(visit, form, &page("")).await?;
    focus(visit, "input").await?;
    for key in ['5', RIGHT, ESCAPE, HOME] {
        press(visit, key).await?;
    }
    visit.page.wait("the comment", |state| state["comment"].is_string()).await?;
    focus(visit, "textarea").await?;
    visit.page.keys("jk").await?;
    press_with_control(visit, 'k').await?;
    press_with_control(visit, 'a').await?;
    press(visit, ESCAPE).await?;
    press(visit, TAB).await?;
    let heard = visit
        .page
        .read("keys.filter((key) => key.startsWith('keydown') && !/Control/.test(key))")
        .await?;
    ensure!(
        heard == json!(["keydown Escape", "keydown k", "keydown Escape", "keydown Tab"]),
        "{heard}"
    );
    Ok(())
}

async fn a_dialog_of_the_pages_closes_by_escape(visit: &Visit<'_>, form: Form) -> Result<()> {
    let dialog = afterword_e2e::fixture::Container {
        name: "dialog",
        open: "<dialog id=\"theirs\" aria-label=\"Thanks\" open>",
        close: "</dialog>",
    };
    open(visit, form, &page("").inside(dialog)).await?;
    let theirs = "document.getElementById('theirs')";
    visit.page.read(&format!("({theirs}.close(), {theirs}.showModal(), 0)")).await?;
    focus(visit, "input").await?;
    press(visit, ESCAPE).await?;
    afterword_e2e::until("the dialog to close", || async {
        Ok((visit.page.read(&format!("{theirs}.open")).await? == false).then_some(()))
    })
    .await
}

async fn escape_closes_the_card_and_nothing_else(visit: &Visit<'_>) -> Result<()> {
    open(visit, Form::Widget, &page("").attribute("mode", "corner")).await?;
    visit.page.read("(document.getElementById('own').focus(), 0)").await?;
    focus(visit, "input").await?;
    press(visit, ESCAPE).await?;
    told(visit, "dismissed").await?;
    ensure!(visit.page.read("keys").await? == json!([]), "{}", visit.page.read("keys").await?);
    // The next Escape reaches the page.
    press(visit, ESCAPE).await?;
    let heard = visit.page.read("keys").await?;
    ensure!(heard == json!(["keydown Escape", "keyup Escape"]), "{heard}");
    Ok(())
}

async fn digits_home_and_end_choose(visit: &Visit<'_>, form: Form) -> Result<()> {
    open(visit, form, &page("").clock()).await?;
    focus(visit, "input").await?;
    for (key, score) in [('7', "7"), (END, "10"), (HOME, "0"), ('0', "0"), ('9', "9"), ('1', "1")] {
        press(visit, key).await?;
        let state = chosen(visit, score).await?;
        ensure!(state["focus"] == score, "{state}");
    }
    ensure!(visit.page.read("scrollY").await? == 0, "the page scrolled");
    Ok(())
}

async fn a_one_waits_for_a_zero(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("").clock()).await?;
    focus(visit, "input").await?;
    press(visit, '1').await?;
    chosen(visit, "1").await?;
    page.pass(650).await?;
    visit.all_has_arrived().await?;
    ensure!(posts(visit).is_empty(), "it did not wait");
    press(visit, '0').await?;
    chosen(visit, "10").await?;
    page.pass(399).await?;
    visit.all_has_arrived().await?;
    ensure!(posts(visit).is_empty(), "it did not rest");
    page.pass(2).await?;
    let sent = visit.posted("/endpoint", 1).await?;
    ensure!(sent[0].response()?.score == 10);
    // After that time, a 0 means the score 0.
    press(visit, '1').await?;
    chosen(visit, "1").await?;
    page.pass(701).await?;
    let sent = visit.posted("/endpoint", 2).await?;
    ensure!(sent[1].response()?.score == 1);
    press(visit, '0').await?;
    chosen(visit, "0").await.map(drop)
}

async fn scores_that_are_passed_by_are_not_sent(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("").clock()).await?;
    focus(visit, "input").await?;
    for score in 1..=8 {
        press(visit, RIGHT).await?;
        chosen(visit, &score.to_string()).await?;
        page.pass(1400).await?;
    }
    visit.all_has_arrived().await?;
    ensure!(posts(visit).is_empty(), "{} of the scores passed by were sent", posts(visit).len());
    page.pass(101).await?;
    let sent = visit.posted("/endpoint", 1).await?;
    ensure!(sent[0].response()?.score == 8);
    // When the customer leaves the scale, the score is sent.
    press(visit, RIGHT).await?;
    chosen(visit, "9").await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    press(visit, TAB).await?;
    page.pass(1).await?;
    let sent = visit.posted("/endpoint", 2).await?;
    ensure!(sent[1].response()?.score == 9);
    // A score that was chosen by pointer is sent after the usual delay.
    page.score(4).await?;
    chosen(visit, "4").await?;
    page.pass(401).await?;
    let sent = visit.posted("/endpoint", 3).await?;
    ensure!(sent[2].response()?.score == 4);
    visit.nothing_more().await?;
    ensure!(posts(visit).len() == 3, "{}", posts(visit).len());
    Ok(())
}

async fn enter_on_the_scale_leads_to_the_comment(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("")).await?;
    focus(visit, "input").await?;
    press(visit, '8').await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    press(visit, ENTER).await?;
    page.wait("the focus in the comment", |state| state["focus"] == "").await?;
    page.keys("Why").await?;
    let state = page.state().await?;
    ensure!(state["comment"] == "Why" && state["thanks"].is_null(), "{state}");
    visit.posted("/endpoint", 1).await?;
    for sent in posts(visit) {
        ensure!(!sent.response()?.complete, "Enter has sent the answer");
    }
    Ok(())
}

async fn half_of_the_question_in_view_counts_as_shown(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let fixture = self::page("")
        .bare()
        .attribute("report", "all")
        .before("<div id=\"tall\"></div>")
        .after("<div id=\"below\"></div>");
    open(visit, form, &fixture).await?;
    // At first the survey was in view. Now the page is opened with the survey below the window.
    told(visit, "shown").await?;
    let sent = visit.posted("/endpoint", 1).await?;
    let display = body(&sent[0])?;
    ensure!(display["display"] == "shown", "{display}");
    let place = "(() => {
        const survey = document.createElement('afterword-survey');
        Object.assign(survey.dataset, { endpoint: '/endpoint/204', survey: 'below', report: 'all' });
        tall.before(survey);
        survey.before(Object.assign(document.createElement('div'), { id: 'space' }));
        space.style.height = innerHeight + 'px';
        tall.style.height = 2 * innerHeight + 'px';
        document.querySelectorAll('afterword-survey')[1].remove();
        return 0;
    })()";
    // The page's policy may forbid style attributes, so a script sets the style.
    page.read(place).await?;
    page.wait("the second question", |state| state["question"].is_string()).await?;
    if form == Form::Widget {
        page.taken_over().await?;
    }
    let shown = "probe.events.filter(({ name, detail }) => name == 'shown' && detail.survey == 'below').length";
    let scroll = |part: &str| {
        format!(
            "(() => {{ const {{ top, height }} = probe.find('.frame').getBoundingClientRect(); scrollTo(0, scrollY + top - innerHeight + height * {part}); return 0; }})()"
        )
    };
    page.read("(scrollTo(0, 0), 0)").await?;
    page.read(&scroll("0.3")).await?;
    page.quiet().await?;
    ensure!(page.read(shown).await? == 0, "shown with less than half in view");
    ensure!(visit.shop.requests("POST", "/endpoint/204").is_empty(), "reported too early");
    page.read(&scroll("0.7")).await?;
    afterword_e2e::until("it to be shown", || async {
        Ok((page.read(shown).await? == 1).then_some(()))
    })
    .await?;
    let sent = visit.posted("/endpoint/204", 1).await?;
    ensure!(body(&sent[0])?["display"] == "shown");
    // The event comes only once.
    page.read("(scrollTo(0, 0), 0)").await?;
    page.read(&scroll("1")).await?;
    page.quiet().await?;
    ensure!(page.read(shown).await? == 1, "shown twice");
    ensure!(visit.shop.requests("POST", "/endpoint/204").len() == 1, "reported twice");
    Ok(())
}

async fn what_nobody_sees_is_not_shown(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let reporting = |parameters: &str| self::page(parameters).attribute("report", "all");
    let nothing = || async {
        page.quiet().await?;
        ensure!(names(visit).await?.is_empty(), "{:?}", names(visit).await?);
        ensure!(posts(visit).is_empty(), "a display was reported");
        Ok(())
    };
    open(visit, Form::Widget, &reporting("prerendering")).await?;
    nothing().await.context("prerendered")?;
    page.read("(arrive(), 0)").await?;
    told(visit, "shown").await?;
    let sent = visit.posted("/endpoint", 1).await?;
    ensure!(body(&sent[0])?["display"] == "shown");
    let before = posts(visit).len();

    open(visit, Form::Widget, &reporting("preview")).await?;
    page.quiet().await?;
    ensure!(names(visit).await?.is_empty() && posts(visit).len() == before, "a preview counted");

    let closed = afterword_e2e::fixture::Container {
        name: "hidden",
        open: "<div id=\"closed\" hidden>",
        close: "</div>",
    };
    visit.open(&reporting("").inside(closed)).await?;
    page.quiet().await?;
    ensure!(names(visit).await?.is_empty() && posts(visit).len() == before, "hidden, it counted");
    page.read("(document.getElementById('closed').hidden = false, 0)").await?;
    told(visit, "shown").await
}

async fn whoever_answers_has_seen_the_question(visit: &Visit<'_>) -> Result<()> {
    open(visit, Form::Widget, &page("prerendering").attribute("report", "all")).await?;
    visit.page.score(9).await?;
    told(visit, "scored").await?;
    ensure!(names(visit).await? == ["shown", "scored"], "{:?}", names(visit).await?);
    afterword_e2e::until("the display and the score", || async {
        let sent = posts(visit).iter().map(body).collect::<Result<Vec<_>>>()?;
        let has = |field: &str| sent.iter().any(|sent| !sent[field].is_null());
        Ok((has("display") && has("score")).then_some(()))
    })
    .await
}

async fn asked_for_privacy_it_says_nothing_of_the_customer(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    for parameters in ["privacy", "track"] {
        let before = posts(visit).len();
        let fixture = page(parameters).attributes(FULL).attribute("report", "all");
        open(visit, form, &fixture).await?;
        told(visit, "shown").await?;
        visit.page.quiet().await?;
        ensure!(posts(visit).len() == before, "{parameters}: something was sent before a tap");
        visit.page.score(3).await?;
        visit.page.write("Slow").await?;
        visit.page.send().await?;
        let sent = posts(visit);
        let answer = body(sent.last().context("an answer")?)?;
        ensure!(answer["complete"] == true, "{answer}");
        for request in &sent[before..] {
            let sent = body(request)?;
            ensure!(
                sent["customer"].is_null() && sent["properties"].is_null(),
                "{parameters}: {sent}"
            );
        }
        // The shop needs the order's number to solve the customer's problem.
        ensure!(answer["order"]["id"] == "A-1001", "{answer}");
    }
    Ok(())
}

async fn asked_for_privacy_it_keeps_nothing_without_a_yes(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = self::page("privacy").attribute("storage", "local").endpoint("/endpoint/500");
    open(visit, Form::Widget, &fixture).await?;
    page.score(3).await?;
    visit.posted("/endpoint", 1).await?;
    page.quiet().await?;
    ensure!(page.read("localStorage.length").await? == 0, "something was kept");
    page.read("(afterword.consent(true), 0)").await?;
    page.score(4).await?;
    afterword_e2e::until("something to be kept", || async {
        Ok((page.read("localStorage.length").await? == 1).then_some(()))
    })
    .await
}

async fn the_pages_address_names_nobody(visit: &Visit<'_>, form: Form) -> Result<()> {
    let address = "/orders/jane%2540example.org/9f8e7d6c5b4a39281706f5e4d3c2b1a0/thank-you%3Fa%3D1";
    let path = "/orders/*/*/thank-you";
    for (fixture, expected) in [
        (page(&format!("address={address}")), format!("{}{path}", visit.shop.origin)),
        (
            page("").attribute("page", "https://shop.example/u/jane@example.org/done?a=1"),
            "https://shop.example/u/*/done".to_owned(),
        ),
        (page("").attribute("page", "/thanks"), format!("{}/thanks", visit.shop.origin)),
    ] {
        let before = posts(visit).len();
        open(visit, form, &fixture).await?;
        visit.page.score(9).await?;
        visit.page.write("x").await?;
        visit.page.send().await?;
        for sent in &posts(visit)[before..] {
            let sent = body(sent)?;
            ensure!(sent["page"] == expected, "{sent}");
        }
    }
    Ok(())
}

async fn texts_of_the_shops_own_have_the_pages_language(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    // For a language without a locale, our texts are English, and the shop's texts keep their language.
    let fixture = self::page("").lang("eo").attributes(LINKS).attributes(&[
        ("question", "Ĉu vi rekomendus {subject}?"),
        ("low-label", "tute ne"),
        ("follow-up-detractor", "Kial?"),
        ("thanks", "Dankon!"),
        ("review-label", "Recenzu"),
    ]);
    open(visit, form, &fixture).await?;
    let lang = |selector: &str| format!("probe.find({selector:?}).closest('[lang]').lang");
    let check = async |expected: &[(&str, &str)]| -> Result<()> {
        for (selector, expected) in expected {
            afterword_e2e::until(&format!("{selector} in {expected}"), || async {
                Ok((page.read(&lang(selector)).await? == *expected).then_some(()))
            })
            .await?;
        }
        Ok(())
    };
    check(&[("#question", "eo"), ("#low", "eo"), ("#high", "en"), (".scores", "en")]).await?;
    page.score(2).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    check(&[(".follow-up", "eo"), ("textarea", "en"), (".send", "en")]).await?;
    page.score(9).await?;
    check(&[(".follow-up", "en")]).await?;
    page.write("x").await?;
    page.send().await?;
    check(&[(".thanks", "eo"), ("#review", "eo"), (".links", "en")]).await?;
    // In the survey's own language nothing changes.
    open(visit, form, &self::page("").attribute("question", "Would you?")).await?;
    check(&[("#question", "en")]).await?;
    let own = page.read("probe.find('#question').getAttribute('lang')").await?;
    ensure!(own.is_null(), "{own}");
    Ok(())
}

async fn a_refusal_is_told_to_the_console_as_it_came(visit: &Visit<'_>, form: Form) -> Result<()> {
    for status in ["403", "404", "503;99"] {
        let endpoint = format!("/endpoint/{status}");
        open(visit, form, &page("").endpoint(&endpoint)).await?;
        visit.page.score(2).await?;
        visit.posted(&endpoint, 1).await?;
        visit.page.write("x").await?;
        visit.page.click(".send").await?;
        told(visit, "failed").await?;
        let line = afterword_e2e::until("a line in the console", || async {
            let noise: Vec<String> = serde_json::from_value(visit.page.read("probe.noise").await?)?;
            Ok(noise.into_iter().find(|line| line.contains("afterword:")))
        })
        .await?;
        let number = &status[..3];
        for part in [
            &endpoint,
            &format!("did not take the answer: {number}"),
            &format!("No, says {number}."),
        ] {
            ensure!(line.contains(part.as_str()), "{line}");
        }
        ensure!(!line.contains("CORS") && !line.contains('\n'), "{line}");
    }
    Ok(())
}

async fn a_refusal_is_nobodys_fault_and_offers_no_retry(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("").endpoint("/endpoint/200,404,200")).await?;
    page.score(2).await?;
    visit.posted("/endpoint", 1).await?;
    page.write("Kept").await?;
    page.click(".send").await?;
    let state =
        page.wait("the refusal", |s| s["failed"].as_str().is_some_and(|it| !it.is_empty())).await?;
    ensure!(state["failed"].as_str().is_some_and(|it| it.contains("did nothing wrong")), "{state}");
    ensure!(state["button"].is_null() && state["comment"] == "Kept", "{state}");
    ensure!(page.read("probe.find('.send').offsetHeight").await? == 0, "there is a button");
    // The button had the focus.
    page.wait("the focus in the box", |state| state["focus"] == "Kept").await?;
    // Another text is another answer.
    page.write(" too").await?;
    page.wait("the button", |state| state["button"] == "Send").await?;
    let state = page.send().await?;
    ensure!(state["thanks"].is_string(), "{state}");
    let sent = posts(visit);
    ensure!(sent.len() == 3, "{}", sent.len());
    ensure!(sent[2].response()?.comment.as_deref() == Some("Kept too"));
    Ok(())
}

/// Puts a text into the box, given as an expression.
fn fill_with(text: &str) -> String {
    format!(
        "(() => {{ const box = probe.find('textarea'); box.value = {text}; box.dispatchEvent(new Event('input', {{ bubbles: true }})); return 0; }})()"
    )
}

async fn the_comment_is_counted_near_its_end(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("")).await?;
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    let remaining = "probe.find('#remaining').textContent";
    let region = "probe.find('.counted')?.textContent ?? null";
    let says = async |what: &str, expected: &str| {
        afterword_e2e::until(&format!("{expected:?}"), || async {
            Ok((page.read(what).await? == expected).then_some(()))
        })
        .await
    };
    page.read(&fill_with("'x'.repeat(1799)")).await?;
    page.quiet().await?;
    ensure!(page.read(remaining).await? == "", "counted too early");
    page.read(&fill_with("'x'.repeat(1800)")).await?;
    says(remaining, "200 characters left").await?;
    says(region, "200 characters left").await?;
    ensure!(page.read("probe.find('.counted').role").await? == "status");
    // The counter changes at every key, and is read out from time to time.
    page.read(&fill_with("'x'.repeat(1801)")).await?;
    says(remaining, "199 characters left").await?;
    says(region, "200 characters left").await?;
    page.read(&fill_with("'x'.repeat(1999)")).await?;
    says(remaining, "1 character left").await?;
    says(region, "1 character left").await?;
    // Browsers count UTF-16 units: these characters are two each.
    page.read(&fill_with("'🌱'.repeat(1000)")).await?;
    says(remaining, "0 characters left").await?;
    page.read(&fill_with("'x'")).await?;
    says(remaining, "").await?;
    says(region, "").await?;
    let described = page.read("probe.find('textarea').getAttribute('aria-describedby')").await?;
    ensure!(described == "remaining failed", "{described}");
    page.send().await.map(drop)
}

/// Simulates a browser's translation: every text is put into elements of the translator, except where the page has asked
/// not to translate.
const TRANSLATE: &str = "(() => {
    const walk = (node) => {
        for (const child of [...node.childNodes]) {
            if (child.nodeType == 3 && child.data.trim()) {
                const font = document.createElement('font');
                font.textContent = 'translated ' + child.data;
                child.replaceWith(font);
            } else if (child.nodeType == 1 && child.translate) walk(child);
        }
    };
    walk(document.body);
    walk(probe.root());
    return document.querySelector('h1').textContent;
})()";

async fn the_browser_is_asked_not_to_translate(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("").endpoint("/endpoint/200,503;99,200")).await?;
    page.score(2).await?;
    visit.posted("/endpoint", 1).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    let heading = page.read(TRANSLATE).await?;
    ensure!(heading.as_str().is_some_and(|it| it.starts_with("translated")), "{heading}");
    page.write("x").await?;
    page.click(".send").await?;
    page.wait("the failure", |state| state["button"] == "Try again").await?;
    page.score(9).await?;
    let state = page.send().await?;
    ensure!(state["thanks"] == "Thank you. We are delighted!", "{state}");
    Ok(())
}

/// Like Turbo and htmx, which restore a page with a copy of the element, without its state.
const COPY: &str = "(() => {
    const survey = document.querySelector('afterword-survey');
    const copy = survey.cloneNode(true);
    copy.removeAttribute('hidden');
    survey.replaceWith(copy);
    return 0;
})()";

/// Opens a page with a card about the order A-1, and closes the card.
async fn close_a_card(visit: &Visit<'_>) -> Result<()> {
    let fixture = self::page("")
        .embedding(Embedding::Element)
        .attributes(&[("mode", "corner"), ("order-id", "A-1")]);
    open(visit, Form::Widget, &fixture).await?;
    visit.page.click(".close").await?;
    told(visit, "dismissed").await
}

async fn what_was_closed_stays_closed_in_a_copy(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    close_a_card(visit).await?;
    page.read(COPY).await?;
    page.quiet().await?;
    ensure!(page.state().await?.is_null(), "the card is back: {}", page.state().await?);
    // The page may open it.
    page.read("(afterword.open(), 0)").await?;
    page.wait("the question", |state| state["question"].is_string()).await?;
    // For another order the question is shown.
    page.read(
        "(() => {
            const other = document.querySelector('afterword-survey').cloneNode();
            other.dataset.orderId = 'A-2';
            document.querySelector('afterword-survey').replaceWith(other);
            return 0;
        })()",
    )
    .await?;
    page.wait("the other question", |state| state["question"].is_string()).await.map(drop)
}

async fn what_was_answered_is_not_asked_again(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("").embedding(Embedding::Element)).await?;
    page.score(9).await?;
    page.write("x").await?;
    page.send().await?;
    page.read(COPY).await?;
    page.quiet().await?;
    ensure!(page.state().await?.is_null(), "asked again: {}", page.state().await?);
    page.read("(afterword.open(), 0)").await?;
    page.quiet().await?;
    ensure!(page.state().await?.is_null(), "asked again: {}", page.state().await?);
    ensure!(page.read("probe.noise").await? == json!([]), "{}", page.read("probe.noise").await?);
    Ok(())
}

/// Frameworks and requests may set attributes after the question was painted.
async fn facts_may_come_late(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open(visit, form, &self::page("").attribute("customer-id", "c1")).await?;
    let set = "(() => {
        const { dataset } = document.querySelector('afterword-survey');
        Object.assign(dataset, { orderId: 'A-7', products: 'Pot, Can', customerId: 'c2', propCoupon: 'LATE', tags: 'a,b' });
        return 0;
    })()";
    page.read(set).await?;
    page.score(9).await?;
    page.write("x").await?;
    page.send().await?;
    for sent in posts(visit) {
        let sent = body(&sent)?;
        ensure!(sent["order"] == json!({ "id": "A-7", "products": ["Pot", "Can"] }), "{sent}");
        ensure!(sent["customer"] == json!({ "id": "c2" }), "{sent}");
        ensure!(sent["properties"] == json!({ "coupon": "LATE" }), "{sent}");
        ensure!(sent["tags"] == json!(["a", "b"]), "{sent}");
    }
    ensure!(page.read("probe.noise").await? == json!([]), "{}", page.read("probe.noise").await?);
    Ok(())
}

/// Otherwise it would be another answer under the first one's id, or the customer's text would be lost.
async fn another_order_while_the_customer_writes_is_told_of(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let fixture = self::page("").embedding(Embedding::Element).attribute("order-id", "A-1");
    open(visit, form, &fixture).await?;
    show_order(visit, "A-2").await?;
    page.score(9).await?;
    page.write("One").await?;
    show_order(visit, "A-3").await?;
    page.quiet().await?;
    let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
    ensure!(noise.len() == 1 && noise[0].contains("data-order-id"), "{noise:?}");
    page.send().await?;
    for sent in posts(visit) {
        let sent = body(&sent)?;
        ensure!(sent["order"]["id"] == "A-2", "{sent}");
    }
    Ok(())
}

/// Makes the page show another order, like a router that keeps the element.
async fn show_order(visit: &Visit<'_>, id: &str) -> Result<()> {
    let set = format!("(document.querySelector('afterword-survey').dataset.orderId = '{id}', 0)");
    visit.page.read(&set).await.map(drop)
}

/// Waits for a question on a card that is not closed.
async fn asked_anew(visit: &Visit<'_>) -> Result<()> {
    afterword_e2e::until("the question anew", || async {
        let look = "!probe.hosts()[0].hidden && !!probe.state()?.question";
        Ok((visit.page.read(look).await? == true).then_some(()))
    })
    .await
}

/// The page shows another order after a score alone, after an answer, and then a third order. Each order has its own
/// answer, and the customer is asked about each only once.
async fn another_order_asks_anew(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let fixture = self::page("").embedding(Embedding::Element).attribute("order-id", "A-1");
    open(visit, form, &fixture).await?;
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    // The score is sent at the latest when the page shows another order.
    for (order, score) in [("A-2", 3), ("A-3", 10)] {
        show_order(visit, order).await?;
        page.wait("the question anew", |state| {
            state["score"].is_null() && state["question"].is_string() && state["thanks"].is_null()
        })
        .await?;
        page.score(score).await?;
        page.write("x").await?;
        page.read(&fill_with("'x'.repeat(1800)")).await?;
        // Each comment is counted.
        afterword_e2e::until(&format!("the count of {order}"), || async {
            let left = page.read("probe.find('#remaining').textContent").await?;
            Ok((left == "200 characters left").then_some(()))
        })
        .await?;
        page.send().await?;
    }
    let shown = names(visit).await?.iter().filter(|name| *name == "shown").count();
    ensure!(shown == 3, "{shown} questions were shown");
    let answers = afterword_e2e::until("three answers", || async {
        let mut answers = BTreeMap::new();
        for sent in posts(visit) {
            let sent = body(&sent)?;
            answers.insert(sent["id"].to_string(), json!([sent["order"]["id"], sent["score"]]));
        }
        Ok((answers.len() == 3).then(|| answers.into_values().collect::<Vec<_>>()))
    })
    .await?;
    ensure!(answers == [json!(["A-1", 9]), json!(["A-2", 3]), json!(["A-3", 10])], "{answers:?}");
    // An answered order is not asked about again, an unanswered one is.
    show_order(visit, "A-2").await?;
    page.wait("nothing", Value::is_null).await?;
    show_order(visit, "A-1").await?;
    page.wait("the question anew", |state| state["question"].is_string()).await?;
    show_order(visit, "A-2").await?;
    page.wait("nothing", Value::is_null).await?;
    ensure!(page.read("probe.noise").await? == json!([]), "{}", page.read("probe.noise").await?);
    Ok(())
}

async fn another_order_asks_anew_on_a_card(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    close_a_card(visit).await?;
    show_order(visit, "A-2").await?;
    asked_anew(visit).await?;
    page.score(9).await?;
    page.write("x").await?;
    page.send().await?;
    for order in ["A-1", "A-2"] {
        show_order(visit, order).await?;
        page.wait("nothing", Value::is_null).await?;
    }
    show_order(visit, "A-3").await?;
    asked_anew(visit).await?;
    ensure!(page.read("probe.noise").await? == json!([]), "{}", page.read("probe.noise").await?);
    Ok(())
}

async fn texts_that_change_too_late_are_told_of_once(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    open(visit, Form::Widget, &self::page("")).await?;
    page.read(
        "(() => {
            const { dataset } = document.querySelector('afterword-survey');
            dataset.question = 'Well?';
            dataset.thanks = 'Bye';
            return 0;
        })()",
    )
    .await?;
    page.quiet().await?;
    page.read("(document.querySelector('afterword-survey').dataset.question = 'And?', 0)").await?;
    page.quiet().await?;
    let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
    ensure!(noise.len() == 1, "{noise:?}");
    for part in ["data-question", "data-thanks"] {
        ensure!(noise[0].contains(part), "{noise:?}");
    }
    ensure!(page.state().await?["question"] != "Well?");
    Ok(())
}

async fn a_survey_that_hydration_has_removed_comes_back_once(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&self::page("")).await?;
    page.read("(window.first = document.querySelector('afterword-survey'), hydrate(), 0)").await?;
    afterword_e2e::until("it to be back", || async {
        Ok((page.read("document.querySelector('afterword-survey') == first").await? == true)
            .then_some(()))
    })
    .await?;
    ensure!(page.read("first.previousElementSibling?.localName").await? == "script", "elsewhere");
    page.taken_over().await?;
    // It does not come back again.
    page.read("(hydrate(), 0)").await?;
    stays_away(visit).await
}

async fn a_survey_that_the_page_has_placed_never_comes_back_by_itself(
    visit: &Visit<'_>,
) -> Result<()> {
    visit.open(&self::page("").embedding(Embedding::Element)).await?;
    visit.page.read("(hydrate(), 0)").await?;
    stays_away(visit).await?;
    // A survey whose page has changed its route does not come back, either.
    visit.open(&self::page("")).await?;
    visit.page.read("(history.pushState(null, '', '/elsewhere'), hydrate(), 0)").await?;
    stays_away(visit).await
}

/// Checks for longer than a survey would need to come back.
async fn stays_away(visit: &Visit<'_>) -> Result<()> {
    let end = Instant::now() + Duration::from_millis(600);
    while Instant::now() < end {
        let there = visit.page.read("!!document.querySelector('afterword-survey')").await?;
        ensure!(there == false, "it is back");
        visit.page.quiet().await?;
    }
    Ok(())
}
