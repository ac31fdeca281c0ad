//! If the shop asks for it, an unsent answer outlives the page, and a later page sends it once.

use afterword_e2e::fixture::{Embedding, FULL, Fixture, Form};
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    an_unsent_answer_is_sent_by_the_next_page,
    two_tabs_send_it_once,
    an_answer_that_one_page_is_sending_is_not_sent_by_another,
    without_locks_a_lease_is_used,
    of_two_pages_that_take_a_lease_the_last_one_has_it,
    without_consent_nothing_is_kept,
    an_answer_that_has_arrived_is_not_kept,
    old_answers_are_dropped_and_too_many_are_not_kept,
    an_answer_that_is_too_long_is_not_kept,
    without_storage_the_survey_works,
    without_the_attribute_nothing_is_stored,
);

/// The shop's entries in the browser's storage.
const KEPT: &str = "Object.entries(localStorage).filter(([key]) => key.startsWith('afterword:')).map(([, e]) => JSON.parse(e))";

/// A page that keeps unsent answers in the browser. Its endpoint, on another origin, cannot be reached until
/// [`Shop::come_back`](afterword_e2e::shop::Shop::come_back).
fn keeping(visit: &Visit<'_>) -> Fixture {
    let endpoint = format!("{}/endpoint/away", visit.shop.other());
    Fixture::shop().endpoint(&endpoint).attributes(FULL).attribute("storage", "local").clock()
}

/// The same without Web Locks, as on a page without https.
fn without_locks(visit: &Visit<'_>) -> Fixture {
    keeping(visit).run("/no-locks.js")
}

/// A page with two frames: two pages of the shop that start at the same moment.
fn twice(visit: &Visit<'_>, page: &Fixture) -> Result<Fixture> {
    let inside = visit.shop.publish(page)?;
    let frames = ["one", "two"].map(|title| crate::corner::frame(&inside, title, 500, 600));
    Ok(Fixture::shop().embedding(Embedding::Absent).clock().before(&frames.concat()))
}

/// Answers on a page whose endpoint cannot be reached, and leaves; returns the response's id.
async fn answer_in_vain(visit: &Visit<'_>, fixture: &Fixture) -> Result<Value> {
    let page = &visit.page;
    // The storage belongs to this test alone: each shop has its own port, and so its own origin.
    visit.open_as(Form::Widget, fixture).await?;
    page.quiet().await?;
    page.score(9).await?;
    page.write("Later").await?;
    page.click(".send").await?;
    let kept = afterword_e2e::until("the answer to be kept", || async {
        let kept = page.read(KEPT).await?;
        let whole = kept[0]["body"].as_str().is_some_and(|body| body.contains("Later"));
        Ok(whole.then_some(kept))
    })
    .await?;
    ensure!(kept.as_array().is_some_and(|kept| kept.len() == 1), "one entry a response: {kept}");
    let id = page.read("probe.events[0].detail.id").await?;
    visit.leave().await?;
    // The last attempt of the closed page has failed, too.
    visit.all_has_arrived().await?;
    Ok(id)
}

/// The revisions of a response that the endpoint has stored.
fn stored(visit: &Visit<'_>, id: &Value) -> Vec<Value> {
    let posts = visit.shop.requests("POST", "/endpoint");
    let stored = posts.iter().filter(|post| post.stored);
    let bodies = stored.filter_map(|post| serde_json::from_str::<Value>(&post.body).ok());
    bodies.filter(|body| body["id"] == *id).collect()
}

/// Waits until the storage is empty, and checks what arrived.
async fn arrived_once(visit: &Visit<'_>, id: &Value) -> Result<()> {
    let page = &visit.page;
    let sent = page
        .until_passing("the kept answer to be sent", || async {
            Ok((page.read(KEPT).await? == json!([])).then_some(()))
        })
        .await;
    if sent.is_err() {
        let locks = page.read("navigator.locks?.query().then(JSON.stringify)").await?;
        let noise = page.read("window.probe?.noise").await?;
        return sent.map_err(|error| error.context(format!("locks: {locks}, console: {noise}")));
    }
    visit.nothing_more().await?;
    let of_it = stored(visit, id);
    ensure!(of_it.len() == 1, "{of_it:?}");
    ensure!(of_it[0]["comment"] == "Later" && of_it[0]["complete"] == true, "{of_it:?}");
    Ok(())
}

async fn an_unsent_answer_is_sent_by_the_next_page(visit: &Visit<'_>) -> Result<()> {
    let id = answer_in_vain(visit, &keeping(visit)).await?;
    visit.shop.come_back();
    visit.open(&keeping(visit)).await?;
    arrived_once(visit, &id).await?;
    visit.open(&keeping(visit)).await?;
    arrived_once(visit, &id).await
}

async fn two_tabs_send_it_once(visit: &Visit<'_>) -> Result<()> {
    let id = answer_in_vain(visit, &keeping(visit)).await?;
    visit.shop.come_back();
    visit.go(&twice(visit, &keeping(visit))?).await?;
    arrived_once(visit, &id).await
}

/// The page that sends holds a lock, or renews a lease while it sends.
async fn an_answer_that_one_page_is_sending_is_not_sent_by_another(
    visit: &Visit<'_>,
) -> Result<()> {
    let Visit { page, shop } = visit;
    shop.come_back();
    for (name, fixture) in [("locks", keeping(visit)), ("a lease", without_locks(visit))] {
        shop.hold("/endpoint");
        let before = shop.requests("POST", "/endpoint").len();
        let sent = || shop.requests("POST", "/endpoint").len() - before;
        visit.open_as(Form::Widget, &fixture).await?;
        page.quiet().await?;
        page.score(9).await?;
        page.pass(400).await?;
        let under_way = || async { Ok((sent() == 1).then_some(())) };
        afterword_e2e::until("the score under way", under_way).await?;
        let other = shop.publish(&fixture)?;
        let frame = format!(
            "(document.body.append(Object.assign(document.createElement('iframe'), {{ src: {other:?} }})), 0)"
        );
        page.read(&frame).await?;
        let asks = "!!document.querySelector('iframe').contentWindow.probe?.find('#question')";
        let there = || async { Ok((page.read(asks).await? == true).then_some(())) };
        afterword_e2e::until("the other page", there).await?;
        page.quiet().await?;
        // This takes longer than a lease. The clock advances in steps, so that the lease is renewed and checked in turn.
        for _ in 0..24 {
            page.pass(500).await?;
        }
        visit.all_has_arrived().await?;
        ensure!(sent() == 1, "{name}: the other page sent it, too");
        shop.release();
        let arrived = || async { Ok((page.read(KEPT).await? == json!([])).then_some(())) };
        afterword_e2e::until("the score to arrive", arrived).await?;
        ensure!(sent() == 1, "{name}: sent again");
    }
    Ok(())
}

async fn without_locks_a_lease_is_used(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let id = answer_in_vain(visit, &without_locks(visit)).await?;
    visit.shop.come_back();
    visit.go(&twice(visit, &without_locks(visit))?).await?;
    // The lease of the closed page has to expire first.
    page.quiet().await?;
    page.pass(1000).await?;
    visit.all_has_arrived().await?;
    ensure!(page.read(KEPT).await? != json!([]), "sent in spite of the lease");
    arrived_once(visit, &id).await
}

async fn of_two_pages_that_take_a_lease_the_last_one_has_it(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    earlier(visit).await?;
    visit.open(&keeping(visit).run("/no-locks.js?contended")).await?;
    let wanted = || async { Ok((page.read("!!window.contended").await? == true).then_some(())) };
    afterword_e2e::until("the lease to be asked for", wanted).await?;
    page.pass(1000).await?;
    visit.all_has_arrived().await?;
    ensure!(visit.shop.requests("POST", "/endpoint").is_empty(), "sent by both");
    Ok(())
}

/// Stores an answer as an earlier page would, without a lock or lease.
async fn earlier(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.leave().await?;
    page.read(
        "localStorage.setItem('afterword:earlier', JSON.stringify({ at: Date.now(), url: location.origin + '/endpoint/200', headers: [], body: '{}' }))",
    )
    .await
    .map(drop)
}

async fn without_consent_nothing_is_kept(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    // Answers of an earlier page are not sent without the attribute either.
    earlier(visit).await?;
    visit.open_as(Form::Widget, &keeping(visit).attribute("consent", "required")).await?;
    page.quiet().await?;
    page.score(9).await?;
    visit.nothing_more().await?;
    ensure!(page.read("localStorage.length").await? == 1, "kept without consent");
    let sent = || visit.shop.requests("POST", "/endpoint/200").len();
    ensure!(sent() == 0, "sent without consent");
    page.read("(afterword.consent(true), 0)").await?;
    let earlier = || async { Ok((sent() == 1).then_some(())) };
    afterword_e2e::until("the earlier one to be sent", earlier).await?;
    page.score(8).await?;
    page.until_passing("the score to be kept", || async {
        Ok((page.read(KEPT).await? != json!([])).then_some(()))
    })
    .await?;
    page.read("(afterword.consent(false), 0)").await?;
    ensure!(page.read("localStorage.length").await? == 0, "kept after consent was withdrawn");
    Ok(())
}

async fn an_answer_that_has_arrived_is_not_kept(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.shop.come_back();
    visit.open_as(Form::Widget, &keeping(visit)).await?;
    page.quiet().await?;
    page.score(9).await?;
    page.write("At once").await?;
    page.send().await?;
    ensure!(page.read(KEPT).await? == json!([]));
    Ok(())
}

async fn old_answers_are_dropped_and_too_many_are_not_kept(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.leave().await?;
    page.read(
        "(() => {
            const entry = { url: location.origin + '/endpoint/200', headers: [], body: '{}' };
            const days = (n) => Date.now() - n * 864e5;
            for (let n = 0; n < 20; n++) localStorage.setItem('afterword:' + n, JSON.stringify({ ...entry, at: days(1) }));
            localStorage.setItem('afterword:old', JSON.stringify({ ...entry, at: days(31) }));
            localStorage.setItem('afterword:odd', 'not JSON');
            localStorage.setItem('of the shop', 'kept');
        })()",
    )
    .await?;
    visit.shop.hold("/endpoint");
    visit.open_as(Form::Widget, &keeping(visit)).await?;
    page.quiet().await?;
    page.score(9).await?;
    page.pass(400).await?;
    page.quiet().await?;
    let own = page.read("Object.keys(localStorage).filter((key) => key.length > 40)").await?;
    ensure!(own == json!([]), "kept as the 21st: {own}");
    visit.shop.release();
    afterword_e2e::until("everything sent or dropped", || async {
        Ok((page.read(EARLIER).await? == json!([])).then_some(()))
    })
    .await?;
    ensure!(page.read("localStorage.getItem('of the shop')").await? == "kept");
    ensure!(visit.shop.requests("POST", "/endpoint/200").len() == 20, "the old one was sent");
    Ok(())
}

/// In the body of a form, each of these characters takes nine bytes.
async fn an_answer_that_is_too_long_is_not_kept(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for (character, kept) in [("界", 0), ("x", 1)] {
        let mut fixture = keeping(visit).attribute("format", "form");
        for number in 0..25 {
            fixture = fixture.attribute(&format!("prop-p{number}"), &character.repeat(500));
        }
        visit.open_as(Form::Widget, &fixture).await?;
        page.quiet().await?;
        page.score(9).await?;
        page.pass(60_000).await?;
        page.quiet().await?;
        let entries = page.read(KEPT).await?;
        let many = entries.as_array().map_or(0, Vec::len);
        ensure!(many == kept, "{character}: {many} kept");
    }
    Ok(())
}

/// The entries that the test stored; the page's own unsent answer has a longer key.
const EARLIER: &str = "Object.keys(localStorage).filter((key) => /^afterword:.{1,3}$/.test(key))";

async fn without_storage_the_survey_works(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for script in ["/blocked-storage.js", "/full-storage.js"] {
        let endpoint = format!("/endpoint/500,200?{script}");
        visit.open_as(Form::Widget, &keeping(visit).endpoint(&endpoint).run(script)).await?;
        page.score(9).await?;
        page.write("All the same").await?;
        page.send().await?;
        let noise = page.read("probe.noise").await?;
        ensure!(noise == json!([]), "{script}: {noise}");
    }
    Ok(())
}

async fn without_the_attribute_nothing_is_stored(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().endpoint("/endpoint/500").attributes(FULL).clock();
    visit.open_as(Form::Widget, &fixture).await?;
    page.score(9).await?;
    visit.nothing_more().await?;
    let stored = page.read("[localStorage.length, sessionStorage.length, document.cookie]").await?;
    ensure!(stored == json!([0, 0, ""]), "{stored}");
    let fetched = visit.shop.requests("GET", "/dist/");
    ensure!(!fetched.iter().any(|file| file.path.ends_with("/outbox.js")), "{fetched:?}");
    Ok(())
}
