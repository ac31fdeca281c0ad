//! Delivery: answers arrive at every kind of endpoint, and the survey handles endpoints that fail.

use std::collections::BTreeMap;

use afterword_e2e::fixture::{FULL, Fixture, Form};
use anyhow::{Result, anyhow, ensure};

use crate::corner::enter;
use crate::loading::{ready_for_the_end, reserving};
use crate::{Visit, scenarios};

scenarios!(
    json_arrives_at_any_server,
    another_origin_is_reached_without_a_preflight,
    the_shops_headers_are_sent,
    a_form_arrives_as_an_ordinary_post(form),
    a_failing_endpoint_is_tried_again(form),
    a_page_with_an_odd_fetch_is_survived,
    a_refused_answer_stays_and_can_be_sent_again(form),
    a_failure_comes_into_view_and_tells_whether_there_is_a_connection(form),
    a_failure_leaves_alone_who_reads_something_else(form),
    the_thanks_after_a_failure_are_in_view(form),
    what_is_saved_is_said_while_the_comment_fails(form),
    the_console_names_what_was_refused_and_why(form),
    a_score_tapped_just_before_leaving_is_saved(form),
);

async fn json_arrives_at_any_server(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    visit.open_as(Form::Widget, &Fixture::shop().attributes(FULL)).await?;
    page.score(9).await?;
    page.write("Why not").await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint/200");
    let last = &posts[posts.len() - 1];
    ensure!(last.headers["content-type"] == "application/json", "{:?}", last.headers);
    let response = last.response()?;
    ensure!(response.complete && response.comment.as_deref() == Some("Why not"));
    ensure!(response.survey == "post-purchase" && response.tags == ["q4", "app"]);
    let order = response.order.ok_or_else(|| anyhow!("no order"))?;
    ensure!(order.id.as_deref() == Some("A-1001") && order.products == ["Pot", "Can"]);
    ensure!(response.method.question.contains("Harbour & Hill"), "{:?}", response.method);
    Ok(())
}

async fn another_origin_is_reached_without_a_preflight(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let endpoint = format!("{}/endpoint/200", shop.other());
    visit.open_as(Form::Widget, &Fixture::shop().endpoint(&endpoint).attributes(FULL)).await?;
    page.score(9).await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint/200");
    ensure!(!posts.is_empty() && shop.requests("OPTIONS", "/").is_empty());
    for post in &posts {
        let kind = &post.headers["content-type"];
        ensure!(kind.to_str()?.to_lowercase() == "text/plain;charset=utf-8", "{kind:?}");
        post.response()?;
    }
    Ok(())
}

async fn the_shops_headers_are_sent(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let fixture = Fixture::shop()
        .endpoint(&format!("{}/endpoint/200", shop.other()))
        .attributes(&[("header-x-shop", "harbour"), ("header-content-type", "application/json")]);
    visit.open_as(Form::Widget, &fixture).await?;
    page.score(9).await?;
    page.send().await?;
    ensure!(!shop.requests("OPTIONS", "/endpoint").is_empty(), "own headers need a preflight");
    for post in shop.requests("POST", "/endpoint") {
        ensure!(post.headers["x-shop"] == "harbour", "{:?}", post.headers);
        ensure!(post.headers["content-type"] == "application/json", "{:?}", post.headers);
    }
    Ok(())
}

async fn a_form_arrives_as_an_ordinary_post(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    visit.open_as(form, &Fixture::shop().attributes(FULL).attribute("format", "form")).await?;
    page.score(9).await?;
    page.write("Flat & simple").await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    let last = &posts[posts.len() - 1];
    let kind = last.headers["content-type"].to_str()?.to_lowercase();
    ensure!(kind == "application/x-www-form-urlencoded;charset=utf-8", "{kind}");
    let fields = parse(&last.body);
    let response = last.response_of_a_form()?;
    ensure!(response.comment.as_deref() == Some("Flat & simple"), "{response:?}");
    ensure!(fields["order.value"] == "129.90" && fields["properties.coupon"] == "WELCOME");
    ensure!(fields["order.products"] == "Pot,Can" && fields["tags"] == "q4,app", "{fields:?}");
    ensure!(fields["customer.kind"] == "returning" && fields["complete"] == "true");
    Ok(())
}

fn parse(body: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// A survey far below the top of a page in a small window, of which Send is the last that is in view.
async fn fail_at_the_lower_edge(
    visit: &Visit<'_>,
    form: Form,
    endpoint: &str,
    press: &str,
) -> Result<()> {
    let page = &visit.page;
    let far = "<div class=\"far\"></div>";
    let fixture = Fixture::shop().before(far).after(far).endpoint(endpoint);
    enter(visit, &reserving(fixture, form), 320, 480).await?;
    page.read("probe.hosts()[0].scrollIntoView({ behavior: 'instant' })").await?;
    page.wait("the form", |state| state["widget"] == (form == Form::Widget)).await?;
    page.read("(probe.find('input[value=\"2\"]').click(), 0)").await?;
    page.wait("that it is saved", |state| state["saved"].is_string()).await?;
    ready_for_the_end(visit).await?;
    page.read("probe.find('.send').scrollIntoView({ block: 'end', behavior: 'instant' })").await?;
    page.read(press).await?;
    page.wait("the failure", |state| state["button"] == "Try again").await?;
    // The page scrolls before it is painted again.
    page.read("new Promise((then) => requestAnimationFrame(() => setTimeout(then, 50, 0)))")
        .await?;
    Ok(())
}

async fn a_failure_comes_into_view_and_tells_whether_there_is_a_connection(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    for (online, endpoint, line) in [
        (true, "/endpoint/200,503;98", ""),
        (false, "/endpoint/200,503;99", "No internet connection."),
    ] {
        let press = format!(
            "(Object.defineProperty(navigator, 'onLine', {{ value: {online} }}), probe.find('.send').click(), 0)"
        );
        fail_at_the_lower_edge(visit, form, endpoint, &press).await?;
        let seen = page
            .read(
                "['.failed', '.send'].map((name) => {
                    const { top, bottom, height } = probe.find(name).getBoundingClientRect();
                    return [top >= 0 && height > 0 && bottom <= innerHeight, top, bottom, innerHeight];
                })",
            )
            .await?;
        ensure!(seen[0][0] == true && seen[1][0] == true, "out of view: {seen}");
        let said = page.read("probe.find('.failed').dataset.offline").await?;
        ensure!(said == line, "online {online}: {said}");
        let drawn =
            page.read("getComputedStyle(probe.find('.failed'), '::before').content").await?;
        ensure!(drawn != "none" && drawn != "normal", "not drawn: {drawn}");
        page.client.clone().enter_parent_frame().await?;
    }
    Ok(())
}

async fn a_failure_leaves_alone_who_reads_something_else(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let press = "(probe.find('.send').click(), scrollTo({ top: 0, behavior: 'instant' }), 0)";
    fail_at_the_lower_edge(visit, form, "/endpoint/200,503;99", press).await?;
    let at = visit.page.read("scrollY").await?;
    ensure!(at == 0, "scrolled to {at}");
    Ok(())
}

async fn the_thanks_after_a_failure_are_in_view(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let press = "(probe.find('.send').click(), 0)";
    fail_at_the_lower_edge(visit, form, "/endpoint/200,503;99,200", press).await?;
    page.read(press).await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    page.read("new Promise((then) => requestAnimationFrame(() => setTimeout(then, 50, 0)))")
        .await?;
    let seen = page
        .read(
            "(() => {
                const { top, bottom, height } = probe.find('.thanks').getBoundingClientRect();
                return [top >= 0 && height > 0 && bottom <= innerHeight, top, bottom, innerHeight];
            })()",
        )
        .await?;
    ensure!(seen[0] == true, "out of view: {seen}");
    Ok(())
}

/// The endpoint has the score, whatever becomes of the comment.
async fn what_is_saved_is_said_while_the_comment_fails(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &Fixture::shop().endpoint("/endpoint/200,503;99")).await?;
    page.score(2).await?;
    let saved = page.wait("that it is saved", |state| state["saved"].is_string()).await?;
    page.write("And a comment").await?;
    page.click(".send").await?;
    let failed = page.wait("the failure", |state| state["button"] == "Try again").await?;
    ensure!(failed["saved"] == saved["saved"], "{failed}");
    Ok(())
}

/// After 500, 503 and 500 the endpoint works: the customer notices only that sending takes longer.
async fn a_failing_endpoint_is_tried_again(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let fixture = Fixture::shop().endpoint("/endpoint/500,503,500,200").attributes(FULL).clock();
    visit.open_as(form, &fixture).await?;
    page.score(1).await?;
    page.write("Patience").await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    ensure!(posts.len() == 4, "{} requests", posts.len());
    let last = posts[3].response()?;
    ensure!(last.complete && last.comment.as_deref() == Some("Patience"), "{last:?}");
    Ok(())
}

async fn a_refused_answer_stays_and_can_be_sent_again(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &Fixture::shop().endpoint("/endpoint/404,503;99,200")).await?;
    page.score(1).await?;
    visit.posted("/endpoint", 1).await?;
    page.write("Kept").await?;
    page.click(".send").await?;
    let state = page.wait("the failure", |state| state["button"] == "Try again").await?;
    ensure!(state["comment"] == "Kept" && state["score"] == "1", "{state}");
    ensure!(state["failed"].as_str().is_some_and(|text| text.contains("not be sent")), "{state}");
    ensure!(state["thanks"].is_null(), "thanked for what did not arrive: {state}");
    page.send().await?;
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == serde_json::json!(["shown", "scored", "failed", "submitted"]), "{names}");
    Ok(())
}

async fn the_console_names_what_was_refused_and_why(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    for (act, said) in [
        (
            "forbidden",
            "/endpoint/forbidden did not take the answer: 403. Not from here. Allow this site.",
        ),
        ("404", "/endpoint/404 did not take the answer: 404. No, says 404."),
    ] {
        visit.open_as(form, &Fixture::shop().endpoint(&format!("/endpoint/{act}"))).await?;
        page.score(1).await?;
        page.wait("the comment", |state| state["comment"].is_string()).await?;
        page.click(".send").await?;
        let is_told =
            |state: &serde_json::Value| state["failed"].as_str().is_some_and(|it| !it.is_empty());
        page.wait("the refusal", is_told).await?;
        afterword_e2e::until(said, || async {
            let noise = page.read("probe.noise.join()").await?;
            Ok(noise.as_str().is_some_and(|noise| noise.ends_with(said)).then_some(()))
        })
        .await?;
    }
    Ok(())
}

/// The customer leaves before the score has been unchanged for 400 ms; the score is saved.
async fn a_score_tapped_just_before_leaving_is_saved(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    visit.open_as(form, &Fixture::shop().attributes(FULL).clock()).await?;
    page.read("(probe.find('input[value=\"9\"]').click(), location.assign('/page.css'))").await?;
    let posts = visit.posted("/endpoint", 1).await?;
    visit.leave().await?;
    visit.all_has_arrived().await?;
    ensure!(shop.requests("POST", "/endpoint").len() == 1, "once");
    ensure!(posts[0].response()?.score == 9);
    Ok(())
}

/// Neither a rejection without an error nor a result that is not a response breaks the widget.
async fn a_page_with_an_odd_fetch_is_survived(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    visit
        .open_as(Form::Widget, &Fixture::shop().attributes(FULL).run("/odd-fetch.js").clock())
        .await?;
    page.score(9).await?;
    page.write("All the same").await?;
    page.send().await?;
    let posts = shop.requests("POST", "/endpoint");
    ensure!(posts.len() == 1, "{}", posts.len());
    ensure!(posts[0].response()?.comment.as_deref() == Some("All the same"));
    let noise = page.read("probe.noise").await?;
    ensure!(noise == serde_json::json!([]), "{noise}");
    Ok(())
}
