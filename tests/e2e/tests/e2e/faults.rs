//! Faults of every kind between the customer and the endpoint: nobody is thanked for what has not arrived,
//! and what has not arrived is not dropped.

use std::time::Duration;

use afterword_e2e::browser::Engine;
use afterword_e2e::shop::Request;
use afterword_response::receive;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    what_is_no_acknowledgement_is_tried_again,
    what_is_none_is_tried_again_by_the_painted_form,
    a_page_without_words_may_be_an_endpoints_answer,
    what_is_refused_for_good_is_tried_once_and_kept,
    a_score_corrected_after_a_failure_goes_with_the_words_that_were_sent,
    retry_after_is_waited_for,
    retry_after_is_waited_for_by_the_widget_too_if_the_painted_form_was_told,
    an_answer_after_half_a_minute_counts,
    an_endpoint_that_is_away_gets_the_answer_when_it_is_back,
    a_name_nobody_knows_is_said_to_the_customer,
    a_connection_that_cannot_be_trusted_is_said_to_the_customer,
    whoever_leaves_while_it_waits_hurries_it,
    whoever_leaves_without_send_takes_the_words_along,
    without_keepalive_a_beacon_goes_once,
    there_and_back_again_nothing_is_sent_twice,
    an_answer_cut_off_as_the_page_leaves_is_none,
    a_large_answer_arrives_too,
    displays_and_dismissals_are_reported_where_asked_for,
);

/// With the widget, and with the painted form alone.
const FORMS: [&str; 2] = ["fault.html", "fault-painted.html"];

/// Visits a page whose endpoint is `endpoint`.
async fn visit_with(visit: &Visit<'_>, form: &str, endpoint: &str) -> Result<()> {
    visit.fixture(&format!("{form}?{endpoint}")).await?;
    if form != "fault-painted.html" {
        visit.page.taken_over().await?;
    }
    Ok(())
}

fn body(request: &Request) -> Result<Value> {
    serde_json::from_str(&request.body).with_context(|| request.body.clone())
}

/// What `endpoint` was sent.
fn posts(visit: &Visit<'_>, endpoint: &str) -> Vec<Request> {
    visit.shop.requests("POST", endpoint)
}

/// Waits until `endpoint` was asked `count` times.
async fn asked(visit: &Visit<'_>, endpoint: &str, count: usize) -> Result<Vec<Request>> {
    afterword_e2e::until(&format!("{count} requests"), || async {
        let posts = posts(visit, endpoint);
        Ok((posts.len() >= count).then_some(posts))
    })
    .await
}

async fn what_is_no_acknowledgement_is_tried_again(visit: &Visit<'_>) -> Result<()> {
    no_acknowledgement(visit, "fault.html").await
}

async fn what_is_none_is_tried_again_by_the_painted_form(visit: &Visit<'_>) -> Result<()> {
    no_acknowledgement(visit, "fault-painted.html").await
}

/// A captive portal, a redirect, a connection cut before and within the answer: each is no answer.
async fn no_acknowledgement(visit: &Visit<'_>, form: &str) -> Result<()> {
    for fault in ["html", "302", "307", "cut", "short", "500", "425"] {
        // The score arrives; what the customer is thanked for meets the fault.
        let endpoint = format!("/endpoint/200,{fault},200");
        visit_with(visit, form, &endpoint).await?;
        visit.page.score(9).await?;
        asked(visit, &endpoint, 1).await?;
        visit.page.write("x").await?;
        visit.page.send().await.with_context(|| fault.to_owned())?;
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

/// Many servers call everything HTML, an empty answer too.
async fn a_page_without_words_may_be_an_endpoints_answer(visit: &Visit<'_>) -> Result<()> {
    for form in FORMS {
        visit_with(visit, form, "/endpoint/empty").await?;
        visit.page.score(9).await?;
        visit.page.write("x").await?;
        visit.page.send().await?;
    }
    Ok(())
}

async fn what_is_refused_for_good_is_tried_once_and_kept(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for form in FORMS {
        for status in [401, 403, 404, 413] {
            let endpoint = format!("/endpoint/{status}?{form}");
            visit_with(visit, form, &endpoint).await?;
            page.score(3).await?;
            asked(visit, &endpoint, 1).await?;
            page.write("Kept").await?;
            page.click(".send").await?;
            let state = page.wait("the failure", |s| s["button"] == "Try again").await?;
            ensure!(state["comment"] == "Kept" && state["thanks"].is_null(), "{form}: {state}");
            page.rest(1500).await;
            let posts = posts(visit, &endpoint);
            ensure!(posts.len() == 2, "{form} {status}: score and answer, once each: {posts:?}");
        }
    }
    Ok(())
}

async fn retry_after_is_waited_for(visit: &Visit<'_>) -> Result<()> {
    for form in FORMS {
        for (fault, seconds) in [("503;3", 3.0), ("429;2", 2.0)] {
            let endpoint = format!("/endpoint/{fault},200?{form}");
            visit_with(visit, form, &endpoint).await?;
            visit.page.score(9).await?;
            let posts = asked(visit, &endpoint, 2).await?;
            let waited = posts[1].at.duration_since(posts[0].at).as_secs_f64();
            ensure!(waited > seconds - 0.1, "{form}: {fault}: after {waited} s");
            ensure!(body(&posts[0])? == body(&posts[1])?, "the same revision again");
        }
    }
    Ok(())
}

async fn a_score_corrected_after_a_failure_goes_with_the_words_that_were_sent(
    visit: &Visit<'_>,
) -> Result<()> {
    let page = &visit.page;
    for form in FORMS {
        let endpoint = format!("/endpoint/200,404,200?{form}");
        visit_with(visit, form, &endpoint).await?;
        page.score(3).await?;
        asked(visit, &endpoint, 1).await?;
        page.write("Sent").await?;
        page.click(".send").await?;
        page.wait("the failure", |s| s["button"] == "Try again").await?;
        page.write(", a draft").await?;
        page.score(8).await?;
        let posts = asked(visit, &endpoint, 3).await?;
        let answer = body(&posts[2])?;
        let said = ["complete", "score", "comment"].map(|field| answer[field].clone());
        ensure!(said == [json!(true), json!(8), json!("Sent")], "{form}: {answer}");
        let state = page.wait("no failure any more", |s| s["button"] == "Send").await?;
        ensure!(state["comment"] == "Sent, a draft" && state["thanks"].is_null(), "{state}");

        page.score(9).await?;
        let posts = asked(visit, &endpoint, 4).await?;
        let answer = body(&posts[3])?;
        ensure!(answer["score"] == 9 && answer["comment"] == "Sent", "{form}: {answer}");
        page.send().await?;
        let posts = asked(visit, &endpoint, 5).await?;
        let answer = body(&posts[4])?;
        ensure!(answer["score"] == 9 && answer["comment"] == "Sent, a draft", "{form}: {answer}");
    }
    Ok(())
}

async fn retry_after_is_waited_for_by_the_widget_too_if_the_painted_form_was_told(
    visit: &Visit<'_>,
) -> Result<()> {
    let Visit { page, shop } = visit;
    for fixture in ["fault.html", "yielding.html"] {
        let endpoint = format!("/endpoint/503;3,200?{fixture}");
        shop.hold(".wasm");
        visit.fixture(&format!("{fixture}?{endpoint}")).await?;
        page.score(9).await?;
        asked(visit, &endpoint, 1).await?;
        page.rest(200).await;
        shop.release();
        page.taken_over().await?;
        let posts = asked(visit, &endpoint, 2).await?;
        let waited = posts[1].at.duration_since(posts[0].at).as_secs_f64();
        ensure!(waited > 2.9, "{fixture}: after {waited} s");
        let (before, after) = (body(&posts[0])?, body(&posts[1])?);
        ensure!(before["id"] == after["id"] && after["score"] == 9, "{after}");
        // Not the same one: when that was first sent is known to the painted form alone.
        ensure!(after["revision"] == 2, "{after}");
        page.rest(500).await;
        let posts = self::posts(visit, &endpoint);
        ensure!(posts.len() == 2, "and once: {posts:?}");
    }
    ensure!(page.read("yields").await?.as_u64() > Some(0), "Yew has not yielded");
    Ok(())
}

async fn an_answer_after_half_a_minute_counts(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit_with(visit, "fault.html", "/endpoint/late").await?;
    page.score(9).await?;
    page.write("Patience").await?;
    page.click(".send").await?;
    tokio::time::sleep(Duration::from_secs(15)).await;
    let state = page.state().await?;
    ensure!(state["thanks"].is_null() && state["button"] == "Sending …", "{state}");
    tokio::time::sleep(Duration::from_secs(15)).await;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    Ok(())
}

/// Nobody listens: after the last attempt the customer is told, and keeps the text. When the network is
/// said to be back, the answer goes by itself.
async fn an_endpoint_that_is_away_gets_the_answer_when_it_is_back(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit_with(visit, "fault.html", "{{later}}/endpoint/200").await?;
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

async fn a_name_nobody_knows_is_said_to_the_customer(visit: &Visit<'_>) -> Result<()> {
    unreachable(visit, "http://shop.invalid/v1/responses").await
}

async fn a_connection_that_cannot_be_trusted_is_said_to_the_customer(
    visit: &Visit<'_>,
) -> Result<()> {
    unreachable(visit, "{{secure}}/endpoint/200").await
}

async fn unreachable(visit: &Visit<'_>, endpoint: &str) -> Result<()> {
    visit_with(visit, "fault.html", endpoint).await?;
    visit.page.score(2).await?;
    visit.page.write("In vain").await?;
    visit.page.click(".send").await?;
    told_of_the_failure(visit, "In vain").await
}

/// 1, 2, 4 and 8 seconds, a quarter more at the most, and then the message: with the text, and a line in
/// the console for whoever runs the shop.
async fn told_of_the_failure(visit: &Visit<'_>, comment: &str) -> Result<()> {
    let page = &visit.page;
    tokio::time::sleep(Duration::from_secs(8)).await;
    let state = page.wait("the failure", |state| state["button"] == "Try again").await?;
    ensure!(state["comment"] == comment && state["thanks"].is_null(), "{state}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == json!(["shown", "scored", "failed"]), "{names}");
    let noise = page.read("probe.noise.join()").await?;
    ensure!(noise.as_str().is_some_and(|said| said.contains("connect-src")), "{noise}");
    Ok(())
}

/// The first attempt has failed, the second is a second away: the page goes, and it goes with it.
async fn whoever_leaves_while_it_waits_hurries_it(visit: &Visit<'_>) -> Result<()> {
    for form in FORMS {
        let endpoint = format!("/endpoint/500,200?{form}");
        visit_with(visit, form, &endpoint).await?;
        visit.page.score(9).await?;
        let first = asked(visit, &endpoint, 1).await?;
        visit.page.read("(location.assign('/page.css'), 0)").await?;
        let posts = asked(visit, &endpoint, 2).await?;
        let waited = posts[1].at.duration_since(posts[0].at);
        ensure!(waited < Duration::from_millis(745), "{form}: by its timer, after {waited:?}");
        ensure!(body(&first[0])? == body(&posts[1])?, "{form}: the same revision");
    }
    Ok(())
}

/// Words somebody chose not to send are theirs; the score was saved.
async fn whoever_leaves_without_send_takes_the_words_along(visit: &Visit<'_>) -> Result<()> {
    for form in FORMS {
        let endpoint = format!("/endpoint/200?{form}");
        visit_with(visit, form, &endpoint).await?;
        visit.page.score(4).await?;
        visit.page.write("Rather not").await?;
        asked(visit, &endpoint, 1).await?;
        // Corrected at last, so that there is something to send as the page goes.
        visit.page.score(5).await?;
        visit.page.read("(location.assign('/page.css'), 0)").await?;
        asked(visit, &endpoint, 2).await?;
        visit.page.rest(600).await;
        // The same revision may come twice where the first one's receipt was lost with the page.
        for post in posts(visit, &endpoint) {
            let body = body(&post)?;
            ensure!(body["complete"] == false && body["comment"].is_null(), "{form}: {body}");
        }
    }
    Ok(())
}

/// An old browser: what has not rested yet goes by beacon, and only that way. That is Firefox until 132:
/// Chromium has kept requests alive since before it had the survey's colours, and calls listeners on the
/// window in another order than `beacon.js` needs.
async fn without_keepalive_a_beacon_goes_once(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    if page.engine == Engine::Chromium {
        return Ok(());
    }
    visit_with(visit, "no-keepalive.html", "/endpoint/200").await?;
    page.read("(probe.find('input[value=\"9\"]').click(), location.assign('/page.css'), 0)")
        .await?;
    let posts = asked(visit, "/endpoint/200", 1).await?;
    page.rest(800).await;
    ensure!(posts.len() == 1, "{posts:?}");
    ensure!(posts[0].headers["content-type"] == "application/json", "{:?}", posts[0].headers);
    ensure!(body(&posts[0])?["score"] == 9);
    Ok(())
}

async fn there_and_back_again_nothing_is_sent_twice(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for form in FORMS {
        let endpoint = format!("/endpoint/200?{form}");
        visit_with(visit, form, &endpoint).await?;
        page.score(9).await?;
        asked(visit, &endpoint, 1).await?;
        page.client.goto(&format!("{}/page.css", visit.shop.origin)).await?;
        page.client.back().await?;
        page.wait("the question", |state| !state.is_null()).await?;
        // As it was, where the browser has kept the page; asked anew, where it has not.
        if form != "fault-painted.html" {
            page.taken_over().await?;
        }
        page.score(8).await?;
        page.write("Back").await?;
        page.send().await?;
        let mut seen = std::collections::HashSet::new();
        for post in posts(visit, &endpoint) {
            let body = body(&post)?;
            ensure!(seen.insert((body["id"].to_string(), body["revision"].to_string())), "{body}");
        }
    }
    Ok(())
}

/// More than browsers keep alive: it is sent without. As a form each of these characters takes nine bytes.
/// For WebKit the beginning of an answer that the page has left is all of it.
async fn an_answer_cut_off_as_the_page_leaves_is_none(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for form in ["invariant.html", "invariant-painted.html"] {
        let endpoint = format!("/endpoint/200,short,short,short?{form}");
        visit.fixture(&format!("{form}?{endpoint}")).await?;
        if form == "invariant.html" {
            page.taken_over().await?;
        }
        page.read("(invariant.begin(), 0)").await?;
        page.score(9).await?;
        asked(visit, &endpoint, 1).await?;
        page.write("Left").await?;
        page.click(".send").await?;
        asked(visit, &endpoint, 2).await?;
        // Its head is there, its body not yet.
        page.rest(60).await;
        page.client.refresh().await?;
        let thanked = page.read("invariant.seen().thanked").await?;
        ensure!(thanked == json!([]), "{form}: {thanked}");
    }
    Ok(())
}

async fn a_large_answer_arrives_too(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for (form, format) in FORMS.into_iter().flat_map(|form| [(form, "json"), (form, "form")]) {
        let endpoint = format!("/endpoint/200?{form}&{format}");
        visit.page.client.goto(&format!("{}/page.css", visit.shop.origin)).await?;
        visit_with(visit, form, &endpoint).await?;
        // A second survey, with as much as the attributes allow, and a property more.
        page.read(&format!(
            "(() => {{
                const host = probe.hosts()[0];
                const large = host.cloneNode();
                large.setAttribute('data-format', '{format}');
                for (let n = 0; n < 30; n++) large.setAttribute('data-prop-p' + n, '界'.repeat(500));
                host.replaceWith(large);
            }})()"
        ))
        .await?;
        page.wait("the large survey", |state| !state.is_null()).await?;
        if form != "fault-painted.html" {
            page.taken_over().await?;
        }
        page.score(9).await?;
        page.write("Large").await?;
        page.send().await?;
        let posts = posts(visit, &endpoint);
        let last = posts.last().context("no request")?;
        let least = if format == "json" { 40_000 } else { 120_000 };
        ensure!(last.body.len() > least && last.body.contains("Large"), "{}", last.body.len());
        if format == "json" {
            let response = receive::from_json(last.body.as_bytes());
            response.map_err(|refusal| anyhow::anyhow!("{form}: {refusal:?}"))?;
        }
    }
    Ok(())
}

async fn displays_and_dismissals_are_reported_where_asked_for(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.fixture("report.html").await?;
    page.taken_over().await?;
    page.read("(afterword.close(), 0)").await?;
    let posts = asked(visit, "/endpoint/200", 2).await?;
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
