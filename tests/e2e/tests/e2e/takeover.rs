//! The painted form, the takeover by the widget, and the painted form alone if the widget cannot run.

use afterword_e2e::fixture::{FULL, Fixture, Form, STRICT_WITH_WEBASSEMBLY, Script};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    nothing_changes_when_the_widget_takes_over,
    a_score_tapped_before_is_kept_and_saved_once,
    text_and_focus_move_along,
    whoever_is_writing_is_not_interrupted,
    a_tap_in_progress_is_not_lost,
    a_tap_while_the_widget_is_being_made_is_not_lost,
    a_tap_that_begins_while_the_widget_is_being_made_is_not_lost,
    a_tap_in_whose_moment_the_widget_is_ready_is_not_lost,
    words_sent_while_the_widget_is_being_made_are_not_lost,
    a_score_under_way_is_not_sent_again,
    without_webassembly_the_painted_form_goes_on,
    without_the_widget_the_painted_form_retries,
    without_the_widget_a_refused_answer_can_be_sent_again,
    without_the_widget_wrong_attributes_spoil_nothing,
    painted_form_and_widget_send_the_same,
    the_painted_form_sends_its_layout_too,
    a_strict_policy_with_webassembly_is_enough,
);

/// A page with all attributes set.
fn full() -> Fixture {
    Fixture::shop().attributes(FULL)
}

/// Every element of the survey with its place and attributes, and the elements around it.
const PICTURE: &str = "(() => {
    const box = (element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const attributes = [...element.attributes].map(({ name, value }) => name + '=' + value).sort();
        const text = [...element.childNodes].filter((n) => n.nodeType == 3).map((n) => n.data).join('');
        return [element.localName, attributes.join(' '), text, x, y, width, height].join('|');
    };
    const style = getComputedStyle(probe.find('.score span'));
    return [
        ...[...probe.find('.frame > div').querySelectorAll('*')].map(box),
        ...[...document.querySelectorAll('main > *')].map(box),
        style.borderTopColor, style.borderRadius, style.fontSize,
    ];
})()";

async fn nothing_changes_when_the_widget_takes_over(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for (name, fixture) in [
        ("everything", full()),
        ("German, informal", crate::flow::german()),
        ("the shop's own texts", crate::flow::own_texts()),
    ] {
        visit.shop.hold(".wasm");
        visit.open(&fixture).await?;
        page.quiet().await?;
        let painted = page.read(PICTURE).await?;
        ensure!(page.state().await?["widget"] == false);
        visit.shop.release();
        page.taken_over().await?;
        let widget = page.read(PICTURE).await?;
        difference(&painted, &widget).with_context(|| name.to_owned())?;
    }
    Ok(())
}

/// Fails with the first lines in which two pictures differ.
fn difference(one: &Value, other: &Value) -> Result<()> {
    let lines = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (one, other) = (lines(one), lines(other));
    let differing = one.iter().zip(&other).find(|(a, b)| a != b);
    ensure!(differing.is_none() && one.len() == other.len(), "{differing:?}");
    ensure!(one.len() > 30, "a picture of nothing: {one:?}");
    Ok(())
}

async fn a_score_tapped_before_is_kept_and_saved_once(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    visit.open(&full().clock()).await?;
    page.score(9).await?;
    // The comment appears before the widget, and is part of the picture.
    page.wait("the comment", |state| state["comment"] == "").await?;
    page.pass(400).await?;
    visit.posted("/endpoint", 1).await?;
    page.quiet().await?;
    let painted = page.read(PICTURE).await?;
    shop.release();
    page.taken_over().await?;
    difference(&painted, &page.read(PICTURE).await?)?;
    let state = page.state().await?;
    ensure!(state["score"] == "9", "{state}");
    page.pass(60_000).await?;
    visit.all_has_arrived().await?;
    let posts = shop.requests("POST", "/endpoint");
    ensure!(posts.len() == 1, "sent again: {posts:?}");
    let first: Value = serde_json::from_str(&posts[0].body)?;
    ensure!(first["revision"] == 1 && first["score"] == 9, "{first}");
    page.write("and why").await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    ensure!(posts.len() == 2, "{posts:?}");
    let second: Value = serde_json::from_str(&posts[1].body)?;
    ensure!(second["id"] == first["id"] && second["revision"] == 2, "{second}");
    ensure!(second["shown_at"] == first["shown_at"], "{second}");
    ensure!(second["scored_at"] == first["scored_at"], "{second}");
    Ok(())
}

async fn text_and_focus_move_along(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    visit.open(&full()).await?;
    page.score(6).await?;
    page.write("half a sentence").await?;
    page.read("probe.find('input[value=\"6\"]').focus()").await?;
    shop.release();
    page.taken_over().await?;
    let state = page.state().await?;
    ensure!(state["comment"] == "half a sentence" && state["score"] == "6", "{state}");
    ensure!(state["focus"] == "6", "{state}");
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    let last: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
    ensure!(last["comment"] == "half a sentence", "{last}");
    Ok(())
}

/// A text box that is replaced while somebody types loses its undo history, a composed character and the
/// phone's keyboard.
async fn whoever_is_writing_is_not_interrupted(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    visit.open(&full().clock()).await?;
    page.score(6).await?;
    page.write("half a ").await?;
    page.read("(window.box = probe.find('textarea'), 0)").await?;
    shop.release();
    page.instantiated().await?;
    page.pass(10_000).await?;
    page.keys("sentence").await?;
    let same = page.read("box == probe.root().activeElement && box.value").await?;
    ensure!(same == "half a sentence", "{same}");
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    let last: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
    ensure!(last["comment"] == "half a sentence" && last["complete"] == true, "{last}");
    Ok(())
}

/// The widget arrives between press and release. The tap counts, and the takeover waits for it.
async fn a_tap_in_progress_is_not_lost(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    visit.open(&full().clock()).await?;
    page.press("input[value=\"9\"] + span").await?;
    shop.release();
    page.instantiated().await?;
    page.pass(10_000).await?;
    ensure!(page.state().await?["widget"] == false, "the form was replaced under the finger");
    page.let_go().await?;
    page.wait_passing("the widget to take over", |state| state["widget"] == true).await?;
    let state = page.wait("the score", |state| state["score"] == "9").await?;
    ensure!(state["comment"] == "", "{state}");
    Ok(())
}

/// Yew returns to the browser between rendering and its callback. The painted form is still there then.
async fn a_tap_while_the_widget_is_being_made_is_not_lost(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop } = visit;
    visit.open_as(Form::Widget, &full().clock().run("/yielding.js?tap")).await?;
    ensure!(page.read("yields").await?.as_u64() > Some(0), "Yew has not yielded");
    let state = page.wait("the score", |state| state["score"] == "9").await?;
    ensure!(state["comment"] == "", "{state}");
    page.pass(2000).await?;
    visit.posted("/endpoint", 1).await?;
    visit.nothing_more().await?;
    page.write("and why").await?;
    page.send().await?;
    let mut revisions = Vec::new();
    for post in shop.requests("POST", "/endpoint") {
        let body: Value = serde_json::from_str(&post.body)?;
        ensure!(body["score"] == 9, "{body}");
        revisions.push((body["revision"].clone(), body["comment"].clone()));
    }
    ensure!(revisions == [(json!(1), Value::Null), (json!(2), json!("and why"))], "{revisions:?}");
    let told = page.read("probe.events.filter(({ name }) => name == 'scored').length").await?;
    ensure!(told == 1, "told {told} times");
    Ok(())
}

/// At that moment, the customer types in the painted form and presses Send.
async fn words_sent_while_the_widget_is_being_made_are_not_lost(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop } = visit;
    shop.hold(".wasm");
    visit.open(&full().clock().run("/yielding.js?send")).await?;
    page.score(9).await?;
    page.wait("the comment box", |state| state["comment"].is_string()).await?;
    page.pass(2000).await?;
    visit.posted("/endpoint", 1).await?;
    page.quiet().await?;
    shop.release();
    page.taken_over().await?;
    ensure!(page.read("yields").await?.as_u64() > Some(0), "Yew has not yielded");
    page.wait_passing("the thanks", |state| state["thanks"].is_string()).await?;
    visit.nothing_more().await?;
    let mut revisions = Vec::new();
    for post in shop.requests("POST", "/endpoint") {
        let body: Value = serde_json::from_str(&post.body)?;
        revisions.push((body["revision"].clone(), body["comment"].clone()));
    }
    ensure!(revisions == [(json!(1), Value::Null), (json!(2), json!("and why"))], "{revisions:?}");
    let told = page.read("probe.events.filter(({ name }) => name == 'submitted').length").await?;
    ensure!(told == 1, "told {told} times");
    Ok(())
}

/// The form is replaced only once the finger is lifted: browsers send no click if a tap ends on another form
/// than it began on.
async fn a_tap_that_begins_while_the_widget_is_being_made_is_not_lost(
    visit: &Visit<'_>,
) -> Result<()> {
    let page = &visit.page;
    visit.open(&full().run("/yielding.js?press")).await?;
    afterword_e2e::until("the finger", || async {
        Ok((page.read("yields").await?.as_u64() > Some(0)).then_some(()))
    })
    .await?;
    page.quiet().await?;
    page.quiet().await?;
    ensure!(page.read("probe.widget()").await? == false, "replaced under the finger");
    page.read("(lift(), 0)").await?;
    page.taken_over().await?;
    page.wait("the score", |state| state["score"] == "9").await.map(drop)
}

/// Promises go on between two listeners of one press, so the swap has to be a task of its own.
async fn a_tap_in_whose_moment_the_widget_is_ready_is_not_lost(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&full().run("/ready-in-a-press.js")).await?;
    afterword_e2e::until("the widget's instance", || async {
        Ok((page.read("window.isWaiting ?? null").await? == true).then_some(()))
    })
    .await?;
    page.score(9).await?;
    page.wait("the score", |state| state["score"] == "9").await?;
    page.taken_over().await
}

/// The score is being sent when the widget takes over: the widget waits for the result and does not send again.
async fn a_score_under_way_is_not_sent_again(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    visit.open(&full()).await?;
    shop.hold("/endpoint");
    page.score(9).await?;
    visit.posted("/endpoint", 1).await?;
    // The widget arrives before the endpoint has answered.
    shop.release();
    shop.hold("/endpoint");
    page.taken_over().await?;
    page.click(".send").await?;
    page.wait("the sending", |state| state["button"] == "Sending …").await?;
    page.quiet().await?;
    shop.release();
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    let posts = shop.requests("POST", "/endpoint");
    let revisions: Vec<Value> = posts
        .iter()
        .map(|post| serde_json::from_str::<Value>(&post.body).map(|body| body["revision"].clone()))
        .collect::<Result<_, _>>()?;
    ensure!(revisions == [json!(1), json!(2)], "{revisions:?}");
    Ok(())
}

async fn without_webassembly_the_painted_form_goes_on(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    visit.open(&full().form(Form::Painted)).await?;
    // The widget's file has arrived, and the browser has refused to run it.
    afterword_e2e::until("the widget's file", || async {
        let asked = shop.requests("GET", "/dist/w-");
        Ok(asked.iter().any(|request| request.path.ends_with(".wasm")).then_some(()))
    })
    .await?;
    page.quiet().await?;
    ensure!(page.state().await?["widget"] == false, "WebAssembly ran in spite of the policy");
    let size = page.read("getComputedStyle(probe.find('.score span')).borderTopWidth").await?;
    ensure!(size == "1px", "styled without an entry in the policy: {size}");
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"] == "").await?;
    visit.posted("/endpoint", 1).await?;
    page.score(8).await?;
    page.write("Painted").await?;
    page.send().await?;
    page.wait("the focus on the thanks", |state| state["focus"] == "status").await?;
    let posts = shop.requests("POST", "/endpoint");
    let mut ids = Vec::new();
    for post in &posts {
        let response = post.response()?;
        ids.push((response.id, response.revision, response.score, response.complete));
    }
    ensure!(ids.iter().all(|(id, ..)| *id == ids[0].0), "one response: {ids:?}");
    let (_, revision, score, complete) = ids[ids.len() - 1].clone();
    ensure!((revision as usize, score, complete) == (ids.len(), 8, true), "{ids:?}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == json!(["shown", "scored", "scored", "submitted"]), "{names}");
    Ok(())
}

async fn without_the_widget_the_painted_form_retries(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let endpoint = "/endpoint/500,503,500,200";
    visit.open(&full().script(Script::Gone).endpoint(endpoint).clock()).await?;
    page.score(2).await?;
    page.write("Again and again").await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    ensure!(posts.len() == 4, "500, 503, 500, 200: {}", posts.len());
    Ok(())
}

async fn without_the_widget_a_refused_answer_can_be_sent_again(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open(&Fixture::shop().script(Script::Gone).endpoint("/endpoint/404,503;99,200")).await?;
    page.score(2).await?;
    page.write("Kept").await?;
    // The first request, with the score, was refused.
    visit.posted("/endpoint", 1).await?;
    page.click(".send").await?;
    let state = page.wait("the failure", |s| s["failed"].as_str() != Some("")).await?;
    ensure!(state["comment"] == "Kept" && state["button"] == "Try again", "{state}");
    page.send().await?;
    Ok(())
}

async fn without_the_widget_wrong_attributes_spoil_nothing(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().script(Script::Gone).attributes(&[
        ("touchpoint", "checkout"),
        ("survey", "a b"),
        ("order-value", "1.299,00"),
        ("order-currency", "€"),
        ("customer-kind", "loyal"),
        ("review-url", "javascript:alert(1)"),
    ]);
    visit.open(&fixture).await?;
    page.score(7).await?;
    page.write("Still good").await?;
    let state = page.send().await?;
    ensure!(state["links"] == json!([]), "javascript: is no link: {state}");
    for post in visit.shop.requests("POST", "/endpoint") {
        post.response()?;
    }
    Ok(())
}

/// The same page twice, once without WebAssembly, sends the same JSON except for ids and times.
async fn painted_form_and_widget_send_the_same(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let mut bodies = Vec::new();
    for form in Form::BOTH {
        visit.open_as(form, &full()).await?;
        page.score(9).await?;
        page.write("The same").await?;
        page.send().await?;
        let posts = shop.requests("POST", "/endpoint");
        let mut body: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
        let fields = body.as_object_mut().context("an object")?;
        for field in ["id", "revision", "shown_at", "scored_at", "sent_at", "page"] {
            ensure!(fields.remove(field).is_some(), "{field}");
        }
        bodies.push(body);
    }
    ensure!(bodies[0] == bodies[1], "{bodies:#?}");
    Ok(())
}

async fn a_strict_policy_with_webassembly_is_enough(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().policy(STRICT_WITH_WEBASSEMBLY);
    visit.open_as(Form::Widget, &fixture).await?;
    page.score(9).await?;
    page.send().await?;
    let noise = page.read("probe.noise").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

async fn the_painted_form_sends_its_layout_too(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    for (sheet, layout) in [("/page.css", "one-row"), ("/narrow.css", "two-rows")] {
        visit.open(&full().sheet(sheet)).await?;
        page.score(8).await?;
        page.write("x").await?;
        page.send().await?;
        let posts = shop.requests("POST", "/endpoint");
        let last: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
        ensure!(last["method"]["layout"] == layout, "{sheet}: {last}");
    }
    shop.release();
    Ok(())
}
