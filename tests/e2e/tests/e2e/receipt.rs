//! The customer's link to the page of their own answer. The page makes its secret, and the endpoint gets only the hash.

use afterword_e2e::fixture::{Fixture, Form};
use afterword_e2e::until;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    the_thanks_have_a_link_whose_secret_never_left_the_page(form),
    the_link_opens_the_page_of_the_answer_at_the_collector,
    contact_and_permission_to_quote_imply_the_link(form),
    who_asked_for_no_link_gets_none(form),
    without_an_acknowledgement_there_is_no_link_yet(form),
    an_answer_that_is_corrected_keeps_its_page(form),
    an_answer_that_is_sent_by_a_later_page_keeps_its_mark_alone,
    another_endpoint_may_name_a_page_of_its_own(form),
    without_https_there_is_no_link_and_the_answer_arrives(form),
);

/// A page whose answers go to an address such as the collector's, which acts as the plan says.
fn asking(plan: &str) -> Fixture {
    let endpoint = format!("/endpoint/{plan}/v1/responses");
    Fixture::shop().endpoint(&endpoint).attribute("receipt", "").run("/secrets.js")
}

/// Opens a page, taps a score, and waits until `further.js` has put its element into the form.
async fn scored(visit: &Visit<'_>, form: Form, fixture: &Fixture) -> Result<()> {
    visit.open_as(form, fixture).await?;
    visit.page.score(3).await?;
    is_true(visit, "what further.js asks", "!!probe.find('.further')").await
}

async fn is_true(visit: &Visit<'_>, what: &str, expression: &str) -> Result<()> {
    until(what, || async { Ok((visit.page.read(expression).await? == true).then_some(())) }).await
}

/// The address of the link, once there is one.
async fn linked(visit: &Visit<'_>) -> Result<String> {
    is_true(visit, "the link", "!!probe.find('.thanks') && !!probe.find('#receipt')").await?;
    let address = visit.page.read("probe.find('#receipt').href").await?;
    Ok(address.as_str().context("an address")?.to_owned())
}

/// Waits until everything that the page has asked for has come, and checks that there is no link.
async fn has_no_link(visit: &Visit<'_>) -> Result<()> {
    visit.page.quiet().await?;
    ensure!(visit.page.read("probe.find('#receipt')").await?.is_null(), "there is a link");
    Ok(())
}

/// The answers that the endpoint has got, in order.
fn bodies(visit: &Visit<'_>) -> Result<Vec<Value>> {
    let posts = visit.shop.requests("POST", "/endpoint");
    posts.iter().map(|post| Ok(serde_json::from_str(&post.body)?)).collect()
}

/// The marks of the complete answers that the endpoint has got, in order. Those of the score alone must have none.
fn marks(visit: &Visit<'_>) -> Result<Vec<Value>> {
    let (complete, scores): (Vec<_>, Vec<_>) =
        bodies(visit)?.into_iter().partition(|body| body["complete"] == true);
    ensure!(scores.iter().all(|body| body.get("answer_page").is_none()), "{scores:?}");
    Ok(complete.into_iter().map(|mut body| body["answer_page"].take()).collect())
}

/// The secret of the page's survey.
async fn secret(visit: &Visit<'_>) -> Result<String> {
    let secrets = visit.page.read("window.secrets").await?;
    let [secret] = secrets.as_array().context("a list")?.as_slice() else {
        anyhow::bail!("one secret for a survey: {secrets}");
    };
    Ok(secret.as_str().context("a text")?.to_owned())
}

/// The mark that belongs to a secret.
async fn mark_of(visit: &Visit<'_>, secret: &str) -> Result<Value> {
    let hash = format!(
        "Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode({secret:?}))),
            (byte) => byte.toString(16).padStart(2, '0')).join('')"
    );
    visit.page.promised(&hash).await
}

/// Checks that no request to the shop and no storage of the page contains a secret.
async fn nobody_was_told(visit: &Visit<'_>, secret: &str) -> Result<()> {
    for request in visit.shop.requests("GET", "").iter().chain(&visit.shop.requests("POST", "")) {
        let told = format!("{} {:?} {}", request.path, request.headers, request.body);
        ensure!(!told.contains(secret), "a request has the secret: {told}");
    }
    let kept = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])";
    let kept = visit.page.read(kept).await?;
    ensure!(!kept.to_string().contains(secret), "the secret is stored: {kept}");
    Ok(())
}

async fn the_thanks_have_a_link_whose_secret_never_left_the_page(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    scored(visit, form, &asking("200").attribute("storage", "local")).await?;
    page.write("It took two weeks").await?;
    page.send().await?;
    let address = linked(visit).await?;
    let secret = secret(visit).await?;
    ensure!(secret.len() == 43, "{secret}");
    ensure!(address == format!("{}/endpoint/200/r/{secret}", visit.shop.origin), "{address}");
    ensure!(marks(visit)? == [mark_of(visit, &secret).await?], "{:?}", bodies(visit)?);
    let shown = "[probe.find('#receipt').target, probe.find('#receipt').rel, probe.find('#receipt').parentNode.textContent]";
    let shown = page.read(shown).await?;
    let expected = "View your feedbackAnyone who has this link can read it.";
    ensure!(shown == json!(["_blank", "noreferrer", expected]), "{shown}");
    let told = page.read("JSON.stringify(probe.events)").await?;
    ensure!(!told.to_string().contains(&secret), "an event has the secret: {told}");
    nobody_was_told(visit, &secret).await
}

async fn the_link_opens_the_page_of_the_answer_at_the_collector(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::collector().attribute("receipt", "");
    scored(visit, Form::Widget, &fixture).await?;
    page.write("It took two weeks").await?;
    page.send().await?;
    let address = linked(visit).await?;
    ensure!(address.starts_with(&format!("{}/r/", visit.shop.collector)), "{address}");
    page.client.goto(&address).await?;
    let said = page.read("document.querySelector('main').textContent").await?;
    ensure!(said.as_str().is_some_and(|said| said.contains("It took two weeks")), "{said}");
    Ok(())
}

async fn contact_and_permission_to_quote_imply_the_link(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let fixture = asking("200").attributes(&[
        ("receipt", "false"),
        ("contact", ""),
        ("quote-permission", ""),
    ]);
    for (selector, text) in [("#contact", "kim@example.org"), ("#quotable", "")] {
        scored(visit, form, &fixture).await?;
        page.click(selector).await?;
        page.keys(text).await?;
        page.send().await?;
        let address = linked(visit).await?;
        let secret = secret(visit).await?;
        ensure!(address.ends_with(&format!("/r/{secret}")), "{selector}: {address}");
        let mark = mark_of(visit, &secret).await?;
        ensure!(marks(visit)?.last() == Some(&mark), "{selector}: {:?}", bodies(visit)?);
    }
    Ok(())
}

async fn who_asked_for_no_link_gets_none(visit: &Visit<'_>, form: Form) -> Result<()> {
    let fixture = asking("200").attributes(&[
        ("receipt", "false"),
        ("contact", ""),
        ("quote-permission", ""),
    ]);
    scored(visit, form, &fixture).await?;
    visit.page.send().await?;
    ensure!(marks(visit)? == [Value::Null], "{:?}", bodies(visit)?);
    has_no_link(visit).await
}

async fn without_an_acknowledgement_there_is_no_link_yet(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    // The score is acknowledged. The answer arrives, too, but every acknowledgement is lost.
    let fixture = asking("200,unheard").clock();
    visit.open_as(form, &fixture).await?;
    page.quiet().await?;
    page.score(3).await?;
    is_true(visit, "what further.js asks", "!!probe.find('.further')").await?;
    page.pass(400).await?;
    visit.posted("/endpoint", 1).await?;
    page.quiet().await?;
    page.click(".send").await?;
    page.wait_passing("the failure", |state| {
        state["failed"].as_str().is_some_and(|it| !it.is_empty())
    })
    .await?;
    has_no_link(visit).await?;
    visit.shop.come_back();
    page.send().await?;
    let secret = secret(visit).await?;
    ensure!(linked(visit).await?.ends_with(&format!("/r/{secret}")));
    let mark = mark_of(visit, &secret).await?;
    let marks = marks(visit)?;
    ensure!(marks.len() > 2 && marks.iter().all(|other| *other == mark), "{:?}", bodies(visit)?);
    Ok(())
}

async fn an_answer_that_is_corrected_keeps_its_page(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let fixture = asking("200,422,200").attributes(&[("receipt", "false"), ("contact", "")]);
    scored(visit, form, &fixture).await?;
    visit.posted("/endpoint", 1).await?;
    page.click("#contact").await?;
    page.keys("k").await?;
    page.click(".send").await?;
    is_true(visit, "the refusal", "probe.find('.send').hidden").await?;
    // Without the contact nothing would imply the link. But the endpoint may have stored the mark.
    page.click("#contact").await?;
    page.keys("\u{e003}").await?;
    is_true(visit, "Send to come back", "!probe.find('.send').hidden").await?;
    page.send().await?;
    let secret = secret(visit).await?;
    ensure!(linked(visit).await?.ends_with(&format!("/r/{secret}")));
    let mark = mark_of(visit, &secret).await?;
    ensure!(marks(visit)? == [mark.clone(), mark], "{:?}", bodies(visit)?);
    let last = bodies(visit)?.pop().context("an answer")?;
    ensure!(last.get("contact").is_none() && last["revision"] == 3, "{last}");
    Ok(())
}

async fn an_answer_that_is_sent_by_a_later_page_keeps_its_mark_alone(
    visit: &Visit<'_>,
) -> Result<()> {
    let page = &visit.page;
    let endpoint = format!("{}/endpoint/away/v1/responses", visit.shop.other());
    let fixture = asking("200").endpoint(&endpoint).attribute("storage", "local").clock();
    scored(visit, Form::Widget, &fixture).await?;
    page.write("Later").await?;
    page.click(".send").await?;
    let kept = "JSON.stringify({ ...localStorage }).includes('Later')";
    is_true(visit, "the answer to be kept", kept).await?;
    let secret = secret(visit).await?;
    let mark = mark_of(visit, &secret).await?;
    nobody_was_told(visit, &secret).await?;
    visit.leave().await?;
    visit.all_has_arrived().await?;
    let before = bodies(visit)?.len();
    visit.shop.come_back();
    visit.open(&fixture).await?;
    visit.posted("/endpoint", before + 1).await?;
    ensure!(marks(visit)?.last() == Some(&mark), "{:?}", bodies(visit)?);
    nobody_was_told(visit, &secret).await?;
    has_no_link(visit).await
}

async fn another_endpoint_may_name_a_page_of_its_own(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let to = |plan: &str| asking("200").endpoint(&format!("/endpoint/{plan}"));
    scored(visit, form, &to("named")).await?;
    page.send().await?;
    let address = linked(visit).await?;
    ensure!(address == "https://answers.example/1?of=kim", "{address}");
    // An endpoint at the collector's path may name one, too.
    scored(visit, form, &asking("named")).await?;
    page.send().await?;
    let address = linked(visit).await?;
    ensure!(address == "https://answers.example/1?of=kim", "{address}");
    // Nothing but a web address becomes a link; and without one, the secret is of no use at such an endpoint.
    for plan in ["hostile", "200"] {
        scored(visit, form, &to(plan)).await?;
        page.send().await?;
        has_no_link(visit).await?;
    }
    ensure!(page.read("window.pwned").await?.is_null());
    Ok(())
}

async fn without_https_there_is_no_link_and_the_answer_arrives(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let fixture = asking("200").run("/no-subtle.js").attribute("contact", "");
    scored(visit, form, &fixture.clone().attribute("debug", "")).await?;
    let line = "probe.noise.filter((line) => line.includes('crypto.subtle')).length";
    is_true(visit, "the line for developers", &format!("{line} == 1")).await?;
    page.send().await?;
    ensure!(marks(visit)? == [Value::Null], "{:?}", bodies(visit)?);
    has_no_link(visit).await?;
    // Its endpoint can still name a page.
    scored(visit, form, &fixture.endpoint("/endpoint/named")).await?;
    page.send().await?;
    linked(visit).await?;
    ensure!(page.read(line).await? == 0, "without data-debug the console has no line");
    Ok(())
}
