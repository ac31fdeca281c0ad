//! The widget fails at any moment, and the painted form takes over again.

use afterword_e2e::fixture::{Fixture, Form};
use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{Visit, scenarios};

scenarios!(
    before_a_score_the_tap_that_ended_it_counts,
    while_somebody_types_score_and_text_are_kept,
    as_send_is_pressed_the_page_stays_and_send_works_again,
    as_the_answer_arrives_it_can_be_sent_again,
    as_a_timer_runs_out_the_score_is_sent,
    a_widget_that_fails_before_it_starts_leaves_the_painted_form,
    in_the_middle_of_rendering_the_painted_form_goes_on,
    after_the_thanks_they_stay,
    the_other_survey_goes_on,
);

/// A page in which the widget fails at the moment `how`, see tests/fixtures/trap.js.
fn trap(how: &str) -> Fixture {
    let script = format!("/trap.js{how}");
    Fixture::shop().bare().clock().run(&script).attribute("subject", "us")
}

/// The sent revisions, which must belong to one response.
fn sent(visit: &Visit<'_>) -> Result<Vec<Value>> {
    let posts = visit.shop.requests("POST", "/endpoint");
    let bodies = posts.iter().map(|post| serde_json::from_str(&post.body));
    let bodies: Vec<Value> = bodies.collect::<Result<_, _>>()?;
    for pair in bodies.windows(2) {
        ensure!(pair[0]["id"] == pair[1]["id"], "two responses: {bodies:#?}");
        let number = |body: &Value| body["revision"].as_u64();
        ensure!(number(&pair[0]) < number(&pair[1]), "revisions do not rise: {bodies:#?}");
    }
    Ok(bodies)
}

/// Waits until the painted form is back, with that score and comment.
async fn painted(visit: &Visit<'_>, score: &str, comment: &str) -> Result<()> {
    let back = |state: &Value| {
        state["widget"] == false && state["score"] == score && state["comment"] == comment
    };
    visit.page.wait_passing("the painted form", back).await?;
    ensure!(visit.page.read("trapped()").await? == 1, "nothing was ended");
    Ok(())
}

/// Sends from the painted form, and checks that this answer arrived last, and once.
async fn send(visit: &Visit<'_>, score: u8, comment: Option<&str>) -> Result<()> {
    visit.page.send().await?;
    visit.nothing_more().await?;
    let sent = sent(visit)?;
    let whole = sent.iter().filter(|body| body["complete"] == true).count();
    ensure!(whole == 1, "{sent:#?}");
    let last = sent.last().context("something sent")?;
    ensure!(last["complete"] == true && last["score"] == score, "{last}");
    ensure!(last["comment"].as_str() == comment, "{last}");
    let events = visit.page.read("probe.events.map(({ name }) => name).join()").await?;
    let events = events.as_str().context("events")?;
    ensure!(events.matches("submitted").count() == 1, "{events}");
    Ok(())
}

async fn before_a_score_the_tap_that_ended_it_counts(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &trap("")).await?;
    page.read("trap()").await?;
    page.score(7).await?;
    painted(visit, "7", "").await?;
    page.write("Still here").await?;
    send(visit, 7, Some("Still here")).await
}

async fn while_somebody_types_score_and_text_are_kept(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &trap("")).await?;
    page.score(3).await?;
    page.write("One word").await?;
    page.read("trap()").await?;
    page.keys("s").await?;
    painted(visit, "3", "One words").await?;
    send(visit, 3, Some("One words")).await
}

/// By default the button Send submits the form, which would reload the page.
async fn as_send_is_pressed_the_page_stays_and_send_works_again(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &trap("")).await?;
    page.score(10).await?;
    page.write("Kept").await?;
    let trap = "probe.root().addEventListener('submit', trap, { capture: true, once: true })";
    page.read(trap).await?;
    page.click(".send").await?;
    painted(visit, "10", "Kept").await?;
    page.quiet().await?;
    ensure!(page.read("location.search").await? == "", "the browser sent the form by itself");
    send(visit, 10, Some("Kept")).await
}

/// The widget fails within a promise, where no error event is fired.
async fn as_the_answer_arrives_it_can_be_sent_again(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop } = visit;
    visit.open_as(Form::Widget, &trap("")).await?;
    page.score(9).await?;
    page.write("On its way").await?;
    page.pass(400).await?;
    visit.posted("/endpoint", 1).await?;
    shop.hold("/endpoint");
    page.click(".send").await?;
    let under_way = || async {
        let sent = sent(visit)?;
        Ok(sent.last().is_some_and(|body| body["complete"] == true).then_some(()))
    };
    afterword_e2e::until("the answer under way", under_way).await?;
    page.read("trap()").await?;
    shop.release();
    painted(visit, "9", "On its way").await?;
    let state = page.state().await?;
    ensure!(state["thanks"].is_null() && state["button"] == "Send", "{state}");
    page.send().await?;
    visit.nothing_more().await?;
    // The answer had arrived already. An endpoint that keeps the highest revision has it once.
    let sent = sent(visit)?;
    let last = sent.last().context("something sent")?;
    ensure!(last["complete"] == true && last["comment"] == "On its way", "{last}");
    Ok(())
}

async fn as_a_timer_runs_out_the_score_is_sent(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &trap("")).await?;
    page.read("(probe.find('input[value=\"6\"]').click(), setTimeout(trap, 200), 0)").await?;
    page.pass(1000).await?;
    painted(visit, "6", "").await?;
    let saved =
        || async { Ok(sent(visit)?.last().is_some_and(|body| body["score"] == 6).then_some(())) };
    page.until_passing("the score", saved).await?;
    send(visit, 6, None).await
}

async fn a_widget_that_fails_before_it_starts_leaves_the_painted_form(
    visit: &Visit<'_>,
) -> Result<()> {
    let page = &visit.page;
    visit.open(&trap("?at-once")).await?;
    page.wait("the trap", |_| true).await?;
    afterword_e2e::until("the trap", || async {
        Ok((page.read("trapped()").await? == 1).then_some(()))
    })
    .await?;
    page.quiet().await?;
    page.score(5).await?;
    page.write("As if nothing was").await?;
    painted(visit, "5", "As if nothing was").await?;
    send(visit, 5, Some("As if nothing was")).await
}

/// The widget arrives before the score is sent, and fails before it is on the page.
async fn in_the_middle_of_rendering_the_painted_form_goes_on(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop } = visit;
    shop.hold(".wasm");
    visit.open(&trap("?rendering")).await?;
    // `form.js` cannot be loaded before the end of the test, either.
    shop.hold("form.js");
    page.read("(probe.find('input[value=\"4\"]').click(), 0)").await?;
    shop.release();
    shop.hold("form.js");
    afterword_e2e::until("the trap", || async {
        Ok((page.read("trapped()").await? == 1).then_some(()))
    })
    .await?;
    let saved =
        || async { Ok(sent(visit)?.last().is_some_and(|body| body["score"] == 4).then_some(())) };
    page.until_passing("the score", saved).await?;
    shop.release();
    painted(visit, "4", "").await?;
    page.write("And more").await?;
    send(visit, 4, Some("And more")).await
}

async fn after_the_thanks_they_stay(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &trap("")).await?;
    page.score(8).await?;
    page.send().await?;
    page.read("trap()").await?;
    page.read("(probe.find('form').dispatchEvent(new Event('change', { bubbles: true })), 0)")
        .await?;
    visit.nothing_more().await?;
    let state = page.state().await?;
    ensure!(state["thanks"].is_string(), "{state}");
    let sent = sent(visit)?;
    ensure!(sent.last().is_some_and(|body| body["complete"] == true), "{sent:?}");
    Ok(())
}

async fn the_other_survey_goes_on(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop } = visit;
    let fixture = Fixture::shop().without("endpoint").bare().run("/trap.js").before(
        "<afterword-survey data-survey=\"one\" data-endpoint=\"/endpoint/200\"></afterword-survey>
        <afterword-survey data-survey=\"two\" data-endpoint=\"/endpoint/200\"></afterword-survey>",
    );
    visit.open(&fixture).await?;
    let both = || async { Ok((page.read("instances()").await? == 2).then_some(())) };
    afterword_e2e::until("both widgets", both).await?;
    let find = |nth: u8, selector: &str| {
        format!("probe.rootOf(probe.hosts()[{nth}]).querySelector({selector:?})")
    };
    let widget = |nth: u8| format!("!!{}?.__yew_subtree_id", find(nth, ".frame > div"));
    for nth in [0, 1] {
        let widget = widget(nth);
        let there = || async { Ok((page.read(&widget).await? == true).then_some(())) };
        afterword_e2e::until("the widget", there).await?;
    }
    page.read("trap()").await?;
    for nth in [0, 1] {
        page.read(&format!("({}.click(), 0)", find(nth, "input[value=\"9\"]"))).await?;
    }
    let widgets = page.read(&format!("[{}, {}]", widget(0), widget(1))).await?;
    ensure!(
        widgets
            .as_array()
            .is_some_and(|both| both.contains(&true.into()) && both.contains(&false.into())),
        "{widgets}"
    );
    for nth in [0, 1] {
        let button = find(nth, ".send");
        let there =
            || async { Ok((page.read(&format!("!!{button}")).await? == true).then_some(())) };
        afterword_e2e::until("Send", there).await?;
        page.read(&format!("({button}.click(), 0)")).await?;
        let thanks = format!("!!{}", find(nth, ".thanks"));
        let thanked = || async { Ok((page.read(&thanks).await? == true).then_some(())) };
        afterword_e2e::until("the thanks", thanked).await?;
    }
    let mut whole = std::collections::BTreeMap::new();
    for post in shop.requests("POST", "/endpoint") {
        let body: Value = serde_json::from_str(&post.body)?;
        if body["complete"] == true {
            *whole.entry(body["id"].to_string()).or_insert(0) += 1;
        }
    }
    ensure!(whole.len() == 2 && whole.values().all(|count| *count == 1), "{whole:?}");
    Ok(())
}
