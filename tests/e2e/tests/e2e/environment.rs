//! Pages with a broken environment: the survey works, or hides itself with an event. It never causes an
//! uncaught error or an empty box.

use afterword_e2e::fixture::{Fixture, Form, Script};
use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{Visit, scenarios};

scenarios!(
    another_promise(form),
    enumerable_methods_of_arrays(form),
    an_old_prototype_js(form),
    all_frozen(form),
    no_random_uuid_and_no_timeout(form),
    no_aria_properties(form),
    an_element_of_our_globals_name(form),
    our_globals_name_is_locked(form),
    no_adopted_style_sheets,
    style_sheets_that_cannot_be_made,
    no_intersection_observer,
    the_elements_name_is_taken,
    fetch_throws,
    fetch_gives_nothing,
);

/// A page whose environment tests/fixtures/odd.js breaks in the way `how`.
fn odd(how: &str) -> Fixture {
    Fixture::shop().run(&format!("/odd.js?{how}")).attributes(&[
        ("survey", "post-purchase"),
        ("subject", "us"),
        ("products", "Pot, Can"),
        ("tags", "q4,app"),
        ("header-x-shop", "harbour"),
    ])
}

async fn another_promise(visit: &Visit<'_>, form: Form) -> Result<()> {
    works(visit, form, odd("promise")).await
}

async fn enumerable_methods_of_arrays(visit: &Visit<'_>, form: Form) -> Result<()> {
    works(visit, form, odd("arrays")).await
}

async fn an_old_prototype_js(visit: &Visit<'_>, form: Form) -> Result<()> {
    works(visit, form, odd("prototype")).await
}

async fn all_frozen(visit: &Visit<'_>, form: Form) -> Result<()> {
    works(visit, form, odd("frozen")).await
}

async fn no_random_uuid_and_no_timeout(visit: &Visit<'_>, form: Form) -> Result<()> {
    works(visit, form, odd("no-uuid")).await
}

/// As in Firefox before 119: what a screen reader has to know stands in attributes.
async fn no_aria_properties(visit: &Visit<'_>, form: Form) -> Result<()> {
    visit.open_as(form, &odd("no-aria").attribute("mode", "corner")).await?;
    let page = &visit.page;
    let named = "['.frame', '.close'].map((it) => probe.find(it).getAttribute('aria-label') || '')";
    let names: Vec<String> = serde_json::from_value(page.read(named).await?)?;
    ensure!(names.iter().all(|name| !name.is_empty()), "{names:?}");
    page.score(9).await?;
    visit.posted("/endpoint", 1).await?;
    page.write("x").await?;
    // While the answer is on its way, the button says that it is being sent.
    visit.shop.hold("/endpoint");
    page.click(".send").await?;
    afterword_e2e::until("the button to be disabled", || async {
        let state = "probe.find('.send')?.getAttribute('aria-disabled')";
        Ok((page.read(state).await? == "true").then_some(()))
    })
    .await?;
    visit.shop.release();
    page.wait("the thanks", |state| state["thanks"].is_string()).await.map(drop)
}

async fn an_element_of_our_globals_name(visit: &Visit<'_>, form: Form) -> Result<()> {
    works(visit, form, odd("element").before("<p id=\"afterword\">Ours</p>")).await
}

async fn our_globals_name_is_locked(visit: &Visit<'_>, form: Form) -> Result<()> {
    works(visit, form, odd("locked")).await
}

async fn no_adopted_style_sheets(visit: &Visit<'_>) -> Result<()> {
    aside(visit, odd("no-sheets")).await
}

async fn style_sheets_that_cannot_be_made(visit: &Visit<'_>) -> Result<()> {
    aside(visit, odd("old-sheets")).await
}

async fn no_intersection_observer(visit: &Visit<'_>) -> Result<()> {
    aside(visit, odd("no-observer")).await
}

async fn the_elements_name_is_taken(visit: &Visit<'_>) -> Result<()> {
    aside_with(visit, odd("taken"), 1).await
}

async fn fetch_throws(visit: &Visit<'_>) -> Result<()> {
    says_so(visit, odd("fetch-throws")).await
}

async fn fetch_gives_nothing(visit: &Visit<'_>) -> Result<()> {
    says_so(visit, odd("fetch-nothing")).await
}

/// The question can be answered, also in the painted form without the widget.
async fn works(visit: &Visit<'_>, form: Form, fixture: Fixture) -> Result<()> {
    match form {
        Form::Painted => visit.open(&fixture.script(Script::Gone)).await?,
        Form::Widget => visit.open_as(form, &fixture).await?,
    };
    answered(visit).await
}

/// The whole answer arrives, and follows the contract.
async fn answered(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    page.score(9).await?;
    page.write("Said \"so\"").await?;
    page.send().await?;
    let posts = visit.shop.requests("POST", "/endpoint");
    for post in &posts {
        post.response().with_context(|| post.body.clone())?;
        ensure!(post.headers.get("x-shop").is_some_and(|value| value == "harbour"), "{post:?}");
    }
    let last: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
    ensure!(last["comment"] == "Said \"so\"" && last["complete"] == true, "{last}");
    ensure!(last["tags"] == serde_json::json!(["q4", "app"]), "{last}");
    ensure!(last["order"]["products"] == serde_json::json!(["Pot", "Can"]), "{last}");
    quiet(visit).await
}

/// Nothing is shown, the place that the shop has reserved collapses, and an event is fired.
async fn aside(visit: &Visit<'_>, fixture: Fixture) -> Result<()> {
    aside_with(visit, fixture, 0).await
}

/// The same, with this number of lines in the console, all of them ours.
async fn aside_with(visit: &Visit<'_>, fixture: Fixture, lines: usize) -> Result<()> {
    let page = &visit.page;
    // The shop reserves the place.
    let style = "<style>afterword-survey { display: block; min-height: 200px; }</style>";
    visit.go(&fixture.head(style)).await?;
    failed(visit).await?;
    let heights = page.read("[...probe.hosts()].map((host) => host.offsetHeight)").await?;
    let empty = heights.as_array().is_some_and(|all| all.iter().all(|height| height == 0));
    ensure!(empty, "a box remains: {heights}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == serde_json::json!(["failed"]), "{names}");
    let noise: Vec<String> = serde_json::from_value(page.read("probe.noise").await?)?;
    ensure!(noise.len() == lines, "{noise:?}");
    ensure!(noise.iter().all(|line| line.starts_with("warn: afterword: ")), "{noise:?}");
    Ok(())
}

/// The question is shown, the answer cannot be sent, and an event is fired.
async fn says_so(visit: &Visit<'_>, fixture: Fixture) -> Result<()> {
    visit.open(&fixture).await?;
    visit.page.score(9).await?;
    failed(visit).await?;
    quiet(visit).await
}

async fn failed(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    afterword_e2e::until("afterword:failed", || async {
        let failed = page.read("probe.events.some((event) => event.name == 'failed')").await?;
        Ok((failed == true).then_some(()))
    })
    .await
}

/// Asserts that there was no uncaught error.
async fn quiet(visit: &Visit<'_>) -> Result<()> {
    // As one text, because the drivers also serialise lists with the page's broken `JSON`.
    let noise = visit.page.read("probe.noise.join('\\n')").await?;
    let noise = noise.as_str().unwrap_or_default().trim_matches('"');
    let uncaught = noise.lines().any(|line| !line.starts_with("warn: afterword"));
    ensure!(!uncaught, "{noise}");
    Ok(())
}
