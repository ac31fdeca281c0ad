//! Faults of every kind between the customer and the endpoint: the survey thanks only for answers that have arrived,
//! and drops no answer that has not.

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{FULL, Fixture, Form};
use afterword_e2e::shop::Request;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    faulty_responses_are_retried(form),
    an_empty_html_response_counts_as_arrived(form),
    a_final_refusal_is_not_retried_and_keeps_the_text(form),
    a_score_corrected_after_a_failure_is_sent_with_the_sent_comment(form),
    retry_after_is_waited_for(form),
    retry_after_counts_before_form_js_has_loaded,
    the_widget_respects_a_retry_after_of_the_painted_form,
    a_response_after_half_a_minute_counts(form),
    an_endpoint_that_is_away_gets_the_answer_when_it_is_back,
    a_dns_failure_is_shown_to_the_customer,
    a_tls_failure_is_shown_to_the_customer,
    leaving_makes_a_waiting_attempt_at_once(form),
    an_unsent_comment_is_not_sent_when_the_customer_leaves(form),
    without_keepalive_a_beacon_goes_once,
    leaving_and_coming_back_sends_nothing_twice(form),
    a_response_cut_off_as_the_page_closes_does_not_count(form),
    a_large_answer_arrives_too(form),
    displays_and_dismissals_are_reported_on_request,
);

/// A page with this endpoint, whose clock the test controls.
fn fault(endpoint: &str) -> Fixture {
    Fixture::shop().endpoint(endpoint).attributes(FULL).clock()
}

fn body(request: &Request) -> Result<Value> {
    serde_json::from_str(&request.body).with_context(|| request.body.clone())
}

/// The messages that were sent to `endpoint`.
fn posts(visit: &Visit<'_>, endpoint: &str) -> Vec<Request> {
    visit.shop.requests("POST", endpoint)
}

/// Waits until `endpoint` was asked `count` times, while the page's clock goes on.
async fn asked(visit: &Visit<'_>, endpoint: &str, count: usize) -> Result<Vec<Request>> {
    let page = &visit.page;
    page.until_passing(&format!("{count} requests"), || async {
        let posts = posts(visit, endpoint);
        Ok((posts.len() >= count).then_some(posts))
    })
    .await
}

/// A captive portal, a redirect, and a connection cut before or within the response do not count as a response.
async fn faulty_responses_are_retried(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    for fault in ["html", "302", "307", "cut", "short", "500", "425"] {
        // The score arrives; the fault affects the revision with the comment.
        let endpoint = format!("/endpoint/200,{fault},200");
        visit.open_as(form, &self::fault(&endpoint)).await?;
        page.score(9).await?;
        asked(visit, &endpoint, 1).await?;
        page.write("x").await?;
        page.send().await.with_context(|| fault.to_owned())?;
        let posts = posts(visit, &endpoint);
        ensure!(posts.len() == 3, "thanked for {fault}: {posts:?}");
        let last = body(posts.last().context("no request")?)?;
        ensure!(last["complete"] == true && last["comment"] == "x", "{last}");
    }
    let redirected = visit.shop.requests("GET", "/endpoint/200?redirected");
    ensure!(redirected.is_empty(), "a redirect was followed");
    ensure!(posts(visit, "/endpoint/200?redirected").is_empty(), "a redirect was followed");
    Ok(())
}

/// Many servers send every answer as HTML, even an empty one.
async fn an_empty_html_response_counts_as_arrived(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &fault("/endpoint/empty")).await?;
    page.score(9).await?;
    page.write("x").await?;
    page.send().await.map(drop)
}

async fn a_final_refusal_is_not_retried_and_keeps_the_text(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    for status in [401, 403, 404, 413] {
        let endpoint = format!("/endpoint/{status}");
        visit.open_as(form, &fault(&endpoint)).await?;
        page.score(3).await?;
        asked(visit, &endpoint, 1).await?;
        page.write("Kept").await?;
        page.click(".send").await?;
        let said = |state: &Value| state["failed"].as_str().is_some_and(|it| !it.is_empty());
        let state = page.wait_passing("the refusal", said).await?;
        ensure!(state["comment"] == "Kept" && state["thanks"].is_null(), "{state}");
        ensure!(state["button"].is_null(), "to try again would be no use: {state}");
        visit.nothing_more().await?;
        let posts = posts(visit, &endpoint);
        ensure!(posts.len() == 2, "{status}: score and answer, once each: {posts:?}");
    }
    Ok(())
}

/// The same revision is sent again, and not a moment too early.
async fn retry_after_is_waited_for(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    for (fault, wait) in [("503;3", 3000), ("429;2", 2000)] {
        let endpoint = format!("/endpoint/{fault},200");
        visit.open_as(form, &self::fault(&endpoint)).await?;
        page.score(9).await?;
        asked(visit, &endpoint, 1).await?;
        answered(visit).await?;
        page.pass(wait - 100).await?;
        visit.all_has_arrived().await?;
        ensure!(posts(visit, &endpoint).len() == 1, "{fault}: too early");
        let posts = asked(visit, &endpoint, 2).await?;
        ensure!(body(&posts[0])? == body(&posts[1])?, "the same revision again");
    }
    Ok(())
}

/// Waits until the page has its answer.
async fn answered(visit: &Visit<'_>) -> Result<()> {
    afterword_e2e::until("an answer", || async {
        Ok((visit.page.read("probe.pending()").await? == 0).then_some(()))
    })
    .await?;
    visit.page.quiet().await
}

async fn a_score_corrected_after_a_failure_is_sent_with_the_sent_comment(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let endpoint = "/endpoint/200,503;99,200";
    visit.open_as(form, &fault(endpoint)).await?;
    page.score(3).await?;
    asked(visit, endpoint, 1).await?;
    page.write("Sent").await?;
    page.click(".send").await?;
    page.wait_passing("the failure", |s| s["button"] == "Try again").await?;
    page.write(", a draft").await?;
    page.score(8).await?;
    let posts = asked(visit, endpoint, 3).await?;
    let answer = body(&posts[2])?;
    let said = ["complete", "score", "comment"].map(|field| answer[field].clone());
    ensure!(said == [json!(true), json!(8), json!("Sent")], "{answer}");
    let state = page.wait_passing("no failure any more", |s| s["button"] == "Send").await?;
    ensure!(state["comment"] == "Sent, a draft" && state["thanks"].is_null(), "{state}");

    page.score(9).await?;
    let posts = asked(visit, endpoint, 4).await?;
    let answer = body(&posts[3])?;
    ensure!(answer["score"] == 9 && answer["comment"] == "Sent", "{answer}");
    page.send().await?;
    let posts = asked(visit, endpoint, 5).await?;
    let answer = body(&posts[4])?;
    ensure!(answer["score"] == 9 && answer["comment"] == "Sent, a draft", "{answer}");
    Ok(())
}

async fn retry_after_counts_before_form_js_has_loaded(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop } = visit;
    let endpoint = "/endpoint/503;3,200";
    shop.hold("/form.js");
    visit.open_as(Form::Painted, &fault(endpoint)).await?;
    page.score(9).await?;
    page.pass(400).await?;
    visit.all_has_arrived().await?;
    page.quiet().await?;
    shop.release();
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    page.pass(2900).await?;
    visit.all_has_arrived().await?;
    ensure!(posts(visit, endpoint).len() == 1, "too early");
    asked(visit, endpoint, 2).await.map(drop)
}

async fn the_widget_respects_a_retry_after_of_the_painted_form(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop } = visit;
    for is_slow in [false, true] {
        let endpoint = format!("/endpoint/503;3,200?{is_slow}");
        let fixture = fault(&endpoint);
        let fixture = if is_slow { fixture.run("/yielding.js") } else { fixture };
        shop.hold(".wasm");
        visit.open(&fixture).await?;
        page.score(9).await?;
        page.pass(400).await?;
        visit.all_has_arrived().await?;
        // The painted form has the 503, and the widget's file has not arrived yet.
        page.quiet().await?;
        shop.release();
        page.taken_over().await?;
        page.pass(2900).await?;
        visit.all_has_arrived().await?;
        ensure!(posts(visit, &endpoint).len() == 1, "slow: {is_slow}: too early");
        let posts = asked(visit, &endpoint, 2).await?;
        let (before, after) = (body(&posts[0])?, body(&posts[1])?);
        ensure!(before["id"] == after["id"] && after["score"] == 9, "{after}");
        // The widget sends a new revision, because only the painted form knows when the old one was first sent.
        ensure!(after["revision"] == 2, "{after}");
        visit.nothing_more().await?;
        let posts = self::posts(visit, &endpoint);
        ensure!(posts.len() == 2, "and once: {posts:?}");
    }
    ensure!(page.read("yields").await?.as_u64() > Some(0), "Yew has not yielded");
    Ok(())
}

async fn a_response_after_half_a_minute_counts(visit: &Visit<'_>, form: Form) -> Result<()> {
    let Visit { page, shop } = visit;
    visit.open_as(form, &fault("/endpoint/200")).await?;
    page.score(9).await?;
    page.write("Patience").await?;
    shop.hold("/endpoint");
    page.click(".send").await?;
    page.wait("the sending", |state| state["button"] == "Sending …").await?;
    page.pass(40_000).await?;
    page.quiet().await?;
    let state = page.state().await?;
    ensure!(state["thanks"].is_null() && state["button"] == "Sending …", "{state}");
    shop.release();
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    Ok(())
}

/// No server listens. After the last attempt the customer reads that the answer could not be sent, and keeps the text.
/// When the browser reports that the network is back, the survey sends the answer by itself.
async fn an_endpoint_that_is_away_gets_the_answer_when_it_is_back(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let endpoint = format!("{}/endpoint/200", visit.shop.later());
    visit.open_as(Form::Widget, &fault(&endpoint)).await?;
    page.score(9).await?;
    page.write("Offline").await?;
    page.click(".send").await?;
    told_of_the_failure(visit, "Offline").await?;
    visit.shop.connect().await?;
    page.read("(dispatchEvent(new Event('online')), 0)").await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    let posts = posts(visit, "/endpoint/200");
    ensure!(posts.len() == 1, "{posts:?}");
    ensure!(body(&posts[0])?["comment"] == "Offline");
    Ok(())
}

async fn a_dns_failure_is_shown_to_the_customer(visit: &Visit<'_>) -> Result<()> {
    unreachable(visit, "http://shop.invalid/v1/responses").await
}

async fn a_tls_failure_is_shown_to_the_customer(visit: &Visit<'_>) -> Result<()> {
    unreachable(visit, &format!("{}/endpoint/200", visit.shop.secure())).await
}

async fn unreachable(visit: &Visit<'_>, endpoint: &str) -> Result<()> {
    visit.open_as(Form::Widget, &fault(endpoint)).await?;
    visit.page.score(2).await?;
    visit.page.write("In vain").await?;
    visit.page.click(".send").await?;
    told_of_the_failure(visit, "In vain").await
}

/// The survey waits 1, 2, 4 and 8 seconds, each at most a quarter longer. Then it shows the message and keeps the text,
/// and the console has a line for the shop.
async fn told_of_the_failure(visit: &Visit<'_>, comment: &str) -> Result<()> {
    let page = &visit.page;
    let state = page.wait_passing("the failure", |state| state["button"] == "Try again").await?;
    ensure!(state["comment"] == comment && state["thanks"].is_null(), "{state}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == json!(["shown", "scored", "failed"]), "{names}");
    let noise = page.read("probe.noise.join()").await?;
    ensure!(noise.as_str().is_some_and(|said| said.contains("connect-src")), "{noise}");
    Ok(())
}

/// The first attempt has failed, and the second is due in a second. When the customer leaves, it is made at once. The
/// page's clock stands still meanwhile.
async fn leaving_makes_a_waiting_attempt_at_once(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let endpoint = "/endpoint/500,200";
    visit.open_as(form, &fault(endpoint)).await?;
    page.score(9).await?;
    let first = asked(visit, endpoint, 1).await?;
    answered(visit).await?;
    page.read("(location.assign('/page.css'), 0)").await?;
    let posts = visit.posted(endpoint, 2).await?;
    ensure!(body(&first[0])? == body(&posts[1])?, "the same revision");
    Ok(())
}

/// A comment that the customer did not send is not sent; the score was saved.
async fn an_unsent_comment_is_not_sent_when_the_customer_leaves(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let endpoint = "/endpoint/200";
    visit.open_as(form, &fault(endpoint)).await?;
    page.score(4).await?;
    page.write("Rather not").await?;
    asked(visit, endpoint, 1).await?;
    // The score is corrected at the end, so that there is something to send when the page closes.
    page.score(5).await?;
    visit.leave().await?;
    visit.all_has_arrived().await?;
    let posts = posts(visit, endpoint);
    ensure!(posts.len() > 1, "the correction was not sent");
    // The same revision may arrive twice if the page was closed before it got the first receipt.
    for post in posts {
        let body = body(&post)?;
        ensure!(body["complete"] == false && body["comment"].is_null(), "{body}");
    }
    Ok(())
}

/// In an old browser, a score that has not been sent yet goes by beacon, and only by it. This concerns Firefox before
/// 133. Every supported Chromium can keep requests alive; it also calls listeners on the window
/// in another order than `parting.js` needs.
async fn without_keepalive_a_beacon_goes_once(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    if page.engine == Engine::Chromium {
        return Ok(());
    }
    visit
        .open_as(
            Form::Widget,
            &fault("/endpoint/200").run("/lacking.js?relative").run("/no-keepalive.js"),
        )
        .await?;
    page.read("(probe.find('input[value=\"9\"]').click(), 0)").await?;
    visit.leave().await?;
    visit.all_has_arrived().await?;
    let posts = posts(visit, "/endpoint/200");
    ensure!(posts.len() == 1, "{posts:?}");
    ensure!(posts[0].headers["content-type"] == "application/json", "{:?}", posts[0].headers);
    ensure!(body(&posts[0])?["score"] == 9);
    Ok(())
}

async fn leaving_and_coming_back_sends_nothing_twice(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let endpoint = "/endpoint/200";
    visit.open_as(form, &fault(endpoint)).await?;
    page.score(9).await?;
    asked(visit, endpoint, 1).await?;
    visit.leave().await?;
    page.client.back().await?;
    page.wait("the question", |state| !state.is_null()).await?;
    // If the browser has kept the page, the survey is as it was; otherwise it asks again.
    if form == Form::Widget {
        page.taken_over().await?;
    }
    page.score(8).await?;
    page.write("Back").await?;
    page.send().await?;
    let mut seen = std::collections::HashSet::new();
    for post in posts(visit, endpoint) {
        let body = body(&post)?;
        ensure!(seen.insert((body["id"].to_string(), body["revision"].to_string())), "{body}");
    }
    Ok(())
}

/// When a page closes, WebKit treats the beginning of a response as the whole response. tests/fixtures/invariant.js
/// stores for which answer the customer was thanked.
async fn a_response_cut_off_as_the_page_closes_does_not_count(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let endpoint = "/endpoint/200,begun";
    visit.open_as(form, &crate::invariant::page(endpoint)).await?;
    page.read("(invariant.begin(), 0)").await?;
    page.score(9).await?;
    visit.posted(endpoint, 1).await?;
    page.write("Left").await?;
    page.click(".send").await?;
    visit.posted(endpoint, 2).await?;
    // The head of the response has arrived, but not its body.
    page.quiet().await?;
    page.client.refresh().await?;
    let thanked = page.read("invariant.seen().thanked").await?;
    ensure!(thanked == json!([]), "{thanked}");
    Ok(())
}

/// The answer is larger than browsers allow for `keepalive`, so it is sent without. In a form each of these characters
/// takes nine bytes.
async fn a_large_answer_arrives_too(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    for format in ["json", "form"] {
        let endpoint = format!("/endpoint/200?{format}");
        // As many facts as the attributes allow, and one property more.
        let mut fixture = Fixture::shop().endpoint(&endpoint).attributes(FULL);
        for number in 0..30 {
            fixture = fixture.attribute(&format!("prop-p{number}"), &"界".repeat(500));
        }
        visit.open_as(form, &fixture.attribute("format", format)).await?;
        page.score(9).await?;
        page.write("Large").await?;
        page.send().await?;
        let posts = posts(visit, &endpoint);
        let last = posts.last().context("no request")?;
        let least = if format == "json" { 40_000 } else { 120_000 };
        ensure!(last.body.len() > least && last.body.contains("Large"), "{}", last.body.len());
        if format == "json" {
            last.response()?;
        }
    }
    Ok(())
}

async fn displays_and_dismissals_are_reported_on_request(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().attribute("report", "all").attributes(FULL);
    visit.open_as(Form::Widget, &fixture).await?;
    page.read("(afterword.close(), 0)").await?;
    let posts = visit.posted("/endpoint/200", 2).await?;
    let displays = posts.iter().map(|post| Ok(body(post)?["display"].clone()));
    let displays = displays.collect::<Result<Vec<_>>>()?;
    ensure!(displays == [json!("shown"), json!("dismissed")], "{displays:?}");
    let first = body(&posts[0])?;
    for field in ["version", "id", "survey", "touchpoint", "at", "page", "locale"] {
        ensure!(!first[field].is_null(), "{field}: {first}");
    }
    ensure!(body(&posts[1])?["id"] == first["id"]);
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == json!(["shown", "dismissed"]), "{names}");
    Ok(())
}
