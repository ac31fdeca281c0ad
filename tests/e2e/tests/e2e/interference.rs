//! The survey does not change the page, which the page itself watches; and surveys that routers insert, remove and
//! move.

use afterword_e2e::fixture::{Container, Embedding, FULL, Fixture, Form};
use anyhow::{Context, Result, ensure};
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    focus_selection_and_scroll_position_stay,
    keys_in_the_page_stay_the_pages,
    built_in_objects_are_not_changed,
    nothing_outside_the_survey_is_changed,
    after_its_removal_nothing_is_left,
    surveys_that_wait_or_store_leave_nothing_either,
    a_survey_inserted_late_is_taken_over_too,
    a_moved_survey_keeps_its_state,
    a_survey_removed_and_inserted_again_sends_nothing_twice,
    a_survey_removed_as_the_page_closes_saves_its_score,
    a_tag_that_is_run_again_adds_nothing_but_its_survey,
    a_press_that_ends_elsewhere_does_not_keep_the_widget_away,
);

/// A page that watches the survey: see tests/fixtures/watch.js.
fn watching() -> Fixture {
    Fixture::shop().run("/watch.js")
}

/// The same, with a field, a selection and a long page to scroll.
fn watched() -> Fixture {
    watching()
        .attribute("subject", "us")
        .before("<p><input id=\"field\" value=\"half a word\" aria-label=\"Search\"></p>")
        .before("<p id=\"selected\">Some words that somebody has selected.</p>")
        .after("<div style=\"height:3000px\"></div>")
}

/// The focus, selection and scroll position of the page.
const WHERE: &str = "(() => {
    const { activeElement: at, documentElement: html, body } = document;
    return [
        at.id, at.selectionStart, at.selectionEnd, at.selectionDirection, getSelection().toString(), scrollX, scrollY,
        history.length, history.scrollRestoration, document.title, location.href,
        getComputedStyle(html).overflow, getComputedStyle(body).overflow, html.style.cssText, body.style.cssText, html.className, body.className,
    ].map(String);
})()";

async fn focus_selection_and_scroll_position_stay(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    for place in [
        "document.querySelector('#field').focus(), document.querySelector('#field').setSelectionRange(5, 6, 'backward')",
        "getSelection().selectAllChildren(document.querySelector('#selected'))",
    ] {
        shop.hold(".wasm");
        visit.open(&watched()).await?;
        page.read(&format!("({place}, scrollTo(0, 70), 0)")).await?;
        let before = page.read(WHERE).await?;
        ensure!(before[4] == "Some words that somebody has selected." || before[0] == "field");
        ensure!(before[6] == "70", "the fixture does not scroll: {before}");
        shop.release();
        page.taken_over().await?;
        ensure!(page.read(WHERE).await? == before, "the takeover: {before}");
        page.read("(afterword.close(), afterword.open(), 0)").await?;
        ensure!(page.read(WHERE).await? == before, "closed and opened: {before}");
    }
    let history =
        "[history.length, document.title, location.href, getComputedStyle(document.body).overflow]";
    let before = page.read(history).await?;
    page.score(9).await?;
    page.write("x").await?;
    page.send().await?;
    ensure!(page.read(history).await? == before, "answered: {before}");
    Ok(())
}

async fn keys_in_the_page_stay_the_pages(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    visit.open(&watched()).await?;
    page.read(
        "(window.heard = [],
          addEventListener('keydown', (event) => heard.push(event.key + (event.defaultPrevented ? ' stopped' : ''))),
          document.querySelector('#field').focus(), document.querySelector('#field').setSelectionRange(11, 11), 0)",
    )
    .await?;
    page.keys("ab").await?;
    shop.release();
    page.taken_over().await?;
    page.keys("c1\u{e00c}").await?;
    let seen = page.read("[document.querySelector('#field').value, heard]").await?;
    ensure!(seen == json!(["half a wordabc1", ["a", "b", "c", "1", "Escape"]]), "{seen}");
    let state = page.state().await?;
    ensure!(state["score"].is_null(), "a key of the page's was taken for a score: {state}");
    Ok(())
}

async fn built_in_objects_are_not_changed(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&watched()).await?;
    page.taken_over().await?;
    page.score(9).await?;
    page.write("x").await?;
    page.send().await?;
    let altered = page.read("watch.altered()").await?;
    ensure!(altered == json!([]), "{altered}");
    // Shows that the check can fail.
    page.read("watch.spoil()").await?;
    let altered = page.read("watch.altered()").await?;
    ensure!(altered == json!(["Array.prototype.own", "String.prototype.bold"]), "{altered}");
    Ok(())
}

async fn nothing_outside_the_survey_is_changed(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    router(visit).await?;
    page.read("(watch.changes.length = 0)").await?;
    insert(visit, "").await?;
    page.taken_over().await?;
    page.score(2).await?;
    page.write("x").await?;
    page.send().await?;
    page.quiet().await?;
    // The page's own change, and the attributes of our element: its language and direction.
    let changes = page.read("watch.changes").await?;
    let expected = json!([
        "childList div afterword-survey",
        "attributes afterword-survey lang",
        "attributes afterword-survey dir",
    ]);
    ensure!(changes == expected, "{changes}");
    Ok(())
}

async fn after_its_removal_nothing_is_left(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    router(visit).await?;
    // The first survey loads everything that a page needs only once.
    let mut before = Value::Null;
    for round in 0..4_usize {
        insert(visit, "").await?;
        page.taken_over().await?;
        page.score(9).await?;
        page.wait("the comment", |state| state["comment"].is_string()).await?;
        visit.posted("/endpoint", round + 1).await?;
        page.read("(document.querySelector('#view').replaceChildren(), 0)").await?;
        afterword_e2e::until("the last timer", || async {
            Ok((page.read("watch.timers.size").await? == 0).then_some(()))
        })
        .await?;
        let listeners = page.read("watch.listeners()").await?;
        if round == 0 {
            before = listeners.clone();
        }
        ensure!(listeners == before, "round {round}: {listeners} instead of {before}");
    }
    let many = before.as_object().map_or(0, serde_json::Map::len);
    ensure!(many > 4, "the watch sees nothing: {before}");
    // The survey is removed while a finger is down. No listener may keep waiting for the finger.
    shop.hold(".wasm");
    visit.open(&watched()).await?;
    page.press("input[value=\"9\"] + span").await?;
    shop.release();
    page.loaded().await?;
    afterword_e2e::until("the widget to wait for the finger", || async {
        Ok((page.read("watch.timers.size > 0").await? == true).then_some(()))
    })
    .await?;
    ensure!(page.state().await?["widget"] == false);
    page.read("(probe.hosts()[0].remove(), 0)").await?;
    // A timer checks for a moment whether the survey is inserted again. A listener for the finger would set timers again
    // and again.
    page.quiet().await?;
    let last = afterword_e2e::until("the last timer", || async {
        Ok((page.read("watch.timers.size").await? == 0).then_some(()))
    })
    .await;
    let timers = page.read("[...watch.timers.values()]").await?;
    page.let_go().await?;
    last.with_context(|| timers.to_string())
}

/// A survey that still waits for its event, and one that keeps an unsent answer in the browser's storage.
async fn surveys_that_wait_or_store_leave_nothing_either(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    router(visit).await?;
    let mut before = Value::Null;
    for round in 0..3 {
        place(visit, "host.setAttribute('data-on', 'paid');").await?;
        page.read("(document.querySelector('#view').replaceChildren(), 0)").await?;
        // A removed survey does not show the question.
        page.read("(dispatchEvent(new Event('paid')), 0)").await?;
        insert(visit, "host.setAttribute('data-storage', 'local');").await?;
        page.taken_over().await?;
        let listeners = page.read("watch.listeners()").await?;
        if round == 0 {
            before = listeners.clone();
        }
        ensure!(listeners == before, "round {round}: {listeners} instead of {before}");
        page.read("(document.querySelector('#view').replaceChildren(), 0)").await?;
    }
    ensure!(before["window paid"] == 1 && before["window online"] == 2, "{before}");
    place(visit, "host.setAttribute('data-on', 'paid');").await?;
    page.read("(dispatchEvent(new Event('paid')), 0)").await?;
    page.taken_over().await
}

/// The widget is loaded already, but the question is painted only once the survey is seen to be in view.
async fn a_survey_inserted_late_is_taken_over_too(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    router(visit).await?;
    insert(visit, "").await?;
    page.taken_over().await?;
    page.read("(document.querySelector('#view').replaceChildren(), 0)").await?;
    shop.hold("/flat.js");
    place(visit, "host.setAttribute('data-format', 'form');").await?;
    page.quiet().await?;
    shop.release();
    page.taken_over().await
}

async fn a_moved_survey_keeps_its_state(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    for widget in [false, true] {
        if !widget {
            shop.hold(".wasm");
        }
        router(visit).await?;
        insert(visit, "").await?;
        if widget {
            page.taken_over().await?;
        }
        let already = shop.requests("POST", "/endpoint").len();
        page.score(7).await?;
        page.write("half a sentence").await?;
        page.read("(document.querySelector('#other').append(probe.hosts()[0]), 0)").await?;
        let state = page.state().await?;
        ensure!(state["score"] == "7" && state["comment"] == "half a sentence", "{state}");
        ensure!(state["widget"] == widget, "{state}");
        page.read(
            "(probe.find('textarea').focus(), probe.find('textarea').setSelectionRange(99, 99), 0)",
        )
        .await?;
        page.keys(" and a half").await?;
        page.send().await?;
        let shown =
            page.read("probe.events.filter((event) => event.name == 'shown').length").await?;
        ensure!(shown == 1, "shown again");
        let posts = shop.requests("POST", "/endpoint");
        let bodies: Vec<Value> = posts[already..]
            .iter()
            .map(|post| serde_json::from_str(&post.body))
            .collect::<Result<_, _>>()?;
        ensure!(bodies.len() == 2 && bodies[0]["id"] == bodies[1]["id"], "{bodies:?}");
        let comment = &bodies[1]["comment"];
        ensure!(
            comment.as_str().is_some_and(
                |text| text.contains("half a sentence") && text.contains(" and a half")
            ),
            "{comment}"
        );
        shop.release();
    }
    Ok(())
}

async fn a_survey_removed_and_inserted_again_sends_nothing_twice(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    router_with(visit, Fixture::clock).await?;
    insert(visit, "").await?;
    page.taken_over().await?;
    // A score is tapped, and the survey removed before it was sent.
    page.read(
        "(window.host = probe.hosts()[0], probe.find('input[value=\"9\"]').click(), host.remove(), 0)",
    )
    .await?;
    visit.posted("/endpoint", 1).await?;
    for _ in 0..3 {
        page.read("(document.querySelector('#other').append(host), host.remove(), 0)").await?;
    }
    page.read("(document.querySelector('#view').append(host), 0)").await?;
    page.pass(60_000).await?;
    visit.all_has_arrived().await?;
    ensure!(page.state().await?["score"] == "9");
    ensure!(shop.requests("POST", "/endpoint").len() == 1, "sent again");
    page.write("back again").await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    ensure!(posts.len() == 2, "{posts:?}");
    let (first, last): (Value, Value) =
        (serde_json::from_str(&posts[0].body)?, serde_json::from_str(&posts[1].body)?);
    ensure!(first["id"] == last["id"] && last["comment"] == "back again", "{first} {last}");
    ensure!(first["revision"] == 1 && last["revision"] == 2, "{first} {last}");
    Ok(())
}

/// The survey is removed before the score is sent, so it no longer gets the page's closing events.
async fn a_survey_removed_as_the_page_closes_saves_its_score(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    for widget in [false, true] {
        if !widget {
            shop.hold(".wasm");
        }
        router(visit).await?;
        insert(visit, "").await?;
        if widget {
            page.taken_over().await?;
        }
        let before = shop.requests("POST", "/endpoint").len();
        page.read(
            "(probe.find('input[value=\"9\"]').click(), probe.hosts()[0].remove(), location.assign('/page.css'), 0)",
        )
        .await?;
        let whose = if widget { "the widget's score" } else { "the painted form's score" };
        let posts = afterword_e2e::until(whose, || async {
            let posts = shop.requests("POST", "/endpoint");
            Ok((posts.len() > before).then_some(posts))
        })
        .await?;
        let body: Value = serde_json::from_str(&posts[before].body)?;
        ensure!(body["score"] == 9, "{body}");
        shop.release();
    }
    Ok(())
}

async fn a_tag_that_is_run_again_adds_nothing_but_its_survey(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let view = Container { name: "view", open: "<div id=\"view\">", close: "</div>" };
    let fixture = watching().attribute("subject", "us").inside(view);
    visit.open_as(Form::Widget, &fixture).await?;
    let before = page.read("watch.listeners()").await?;
    // Like Turbo: the scripts of the new body are created again, so that they run.
    let run = "
        for (const old of view.querySelectorAll('script')) {
            const fresh = document.createElement('script');
            for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
            old.replaceWith(fresh);
        }";
    for _ in 0..3 {
        page.read(&format!(
            "(() => {{
                const view = document.querySelector('#view');
                view.querySelector('afterword-survey').remove();
                {run}
            }})()"
        ))
        .await?;
        page.taken_over().await?;
    }
    // Turbo's cache has a copy that already contains the survey's element.
    page.read(&format!(
        "(() => {{
            const view = document.querySelector('#view').cloneNode(true);
            document.querySelector('#view').replaceWith(view);
            {run}
        }})()"
    ))
    .await?;
    page.taken_over().await?;
    page.quiet().await?;
    let hosts = page.read("probe.hosts().length").await?;
    ensure!(hosts == 1, "{hosts} surveys");
    let listeners = page.read("watch.listeners()").await?;
    ensure!(listeners == before, "{listeners} instead of {before}");
    let noise = page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

async fn a_press_that_ends_elsewhere_does_not_keep_the_widget_away(
    visit: &Visit<'_>,
) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    visit.open(&Fixture::shop().attributes(FULL)).await?;
    page.press("input[value=\"9\"] + span").await?;
    let point = page.read("probe.point('#after')").await?;
    let coordinate = |axis: &str| point[axis].as_f64().unwrap_or_default();
    let away = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveTo { duration: None, x: coordinate("x"), y: coordinate("y") })
        .then(PointerAction::Up { button: 0 });
    page.client.perform_actions(away).await?;
    shop.release();
    page.taken_over().await
}

/// A page whose router inserts and removes surveys; the tag stands in the head.
async fn router(visit: &Visit<'_>) -> Result<()> {
    router_with(visit, |page| page).await
}

async fn router_with(visit: &Visit<'_>, more: fn(Fixture) -> Fixture) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().without("endpoint").embedding(Embedding::Head);
    let fixture = more(fixture).run("/watch.js");
    visit.go(&fixture.after("<div id=\"view\"></div>\n<div id=\"other\"></div>\n")).await?;
    afterword_e2e::until("the script", || async {
        Ok((page.read("!!window.afterword && document.readyState == 'complete'").await? == true)
            .then_some(()))
    })
    .await
}

/// Inserts a survey in the way of a router.
async fn place(visit: &Visit<'_>, more: &str) -> Result<()> {
    visit
        .page
        .read(&format!(
            "(() => {{
            const host = document.createElement('afterword-survey');
            host.setAttribute('data-endpoint', '/endpoint/200');
            host.setAttribute('data-subject', 'us');
            {more}
            document.querySelector('#view').append(host);
        }})()"
        ))
        .await
        .map(drop)
}

/// Inserts a survey and waits for the question.
async fn insert(visit: &Visit<'_>, more: &str) -> Result<()> {
    place(visit, more).await?;
    visit.page.wait("the question", |state| !state.is_null()).await.map(drop)
}
