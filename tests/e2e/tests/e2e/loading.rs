//! The script's requests and their order, and that nothing moves while files arrive.

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Embedding, FULL, Fixture, Form, LINKS, WITHOUT_WEBASSEMBLY};
use anyhow::{Context, Result, ensure};

use crate::corner::{enter, frame, with_a_card};
use crate::guest::with_a_place;

use crate::{Visit, scenarios};

scenarios!(
    four_requests_three_round_trips_deep,
    the_card_costs_one_request_and_one_round_trip_more,
    the_question_is_there_after_the_first,
    a_second_visit_costs_at_most_a_revalidation_of_the_script,
    until_the_page_has_loaded_only_the_script_is_fetched,
    a_tap_while_the_page_loads_fetches_the_files_at_once,
    a_survey_far_below_waits_with_the_widget,
    a_survey_that_waits_for_an_event_fetches_nothing_before,
    closed_and_opened_again_it_is_the_same_survey,
    nothing_shifts_by_chromiums_own_count,
    the_card_shifts_nothing_by_chromiums_own_count,
    the_card_moves_nothing,
    no_work_of_ours_keeps_the_page_busy,
    no_work_of_the_cards_keeps_the_page_busy,
    the_reserved_place_is_high_enough_everywhere,
    no_gap_stays_below_the_thanks(form),
    thanks_after_a_failure_shift_nothing_by_chromiums_own_count(form),
    late_thanks_move_nothing_until_the_next_input(form),
    late_thanks_move_nothing_until_they_are_out_of_view,
    another_order_has_the_reserved_place_again(form),
    where_no_place_is_reserved_the_thanks_change_none,
    the_bare_tag_moves_nothing_but_what_follows_it,
);

/// A page with all attributes set.
fn full() -> Fixture {
    Fixture::shop().attributes(FULL)
}

/// First comes the script, then the files that complete the painted form, and its texts. The widget comes last, and
/// nobody waits for it.
async fn four_requests_three_round_trips_deep(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold("/w-");
    go_without_waiting(visit, &full()).await?;
    afterword_e2e::until("two requests at once", || async {
        Ok((shop.requests("GET", "/dist/w-").len() == 2).then_some(()))
    })
    .await?;
    shop.release();
    page.taken_over().await?;
    let all: Vec<String> =
        shop.requests("GET", "/dist/").into_iter().map(|request| request.path).collect();
    ensure!(all.len() == 4 && all[0] == "/dist/afterword.js", "{all:?}");
    for file in ["inline.js", "widget_bg.wasm", "en.answer.json"] {
        ensure!(all[1..].iter().any(|path| path.ends_with(file)), "{file}: {all:?}");
    }
    Ok(())
}

/// First comes the script, then `when.js`, then the mode's file and, beside it, the texts; with both the question is shown.
/// The widget comes last.
async fn the_card_costs_one_request_and_one_round_trip_more(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    for part in ["corner.js", ".wasm", ".json"] {
        shop.hold(part);
    }
    // Without reports of displays, since another file sends them.
    go_without_waiting(visit, &with_a_card().without("report")).await?;
    let asked = || -> Vec<String> {
        shop.requests("GET", "/dist/").into_iter().map(|request| request.path).collect()
    };
    afterword_e2e::until("four requests", || async { Ok((asked().len() == 4).then_some(())) })
        .await?;
    // WebKit's driver does not answer while the page loads.
    if page.engine != Engine::WebKit {
        ensure!(page.state().await?.is_null(), "painted without its file");
    }
    shop.release();
    page.taken_over().await?;
    let all = asked();
    ensure!(all.len() == 5 && all[0] == "/dist/afterword.js", "{all:?}");
    ensure!(all[1].ends_with("/when.js") && all[4].ends_with(".wasm"), "{all:?}");
    for file in ["corner.js", "en.answer.json"] {
        ensure!(all[2..4].iter().any(|path| path.ends_with(file)), "{file}: {all:?}");
    }
    Ok(())
}

/// While a picture of the shop is late, the question is shown, and no other file of ours is fetched.
async fn until_the_page_has_loaded_only_the_script_is_fetched(visit: &Visit<'_>) -> Result<()> {
    let fetched = fetched_while_a_picture_is_late(visit, "/late-picture.js").await?;
    ensure!(fetched.is_empty(), "before the page has loaded: {fetched:?}");
    visit.page.taken_over().await
}

/// On the same page the customer taps early: the files for that are fetched at once.
async fn a_tap_while_the_page_loads_fetches_the_files_at_once(visit: &Visit<'_>) -> Result<()> {
    let fetched = fetched_while_a_picture_is_late(visit, "/late-picture.js?tap").await?;
    for file in ["form.js", "en.answer.json"] {
        ensure!(fetched.iter().any(|path| path.ends_with(file)), "{file}: {fetched:?}");
    }
    let state = visit.page.wait("the comment", |state| state["comment"] == "").await?;
    ensure!(state["score"] == "9", "{state}");
    Ok(())
}

/// The widget's files that were requested while a picture of the page was delayed, after the question was shown and the
/// page was idle.
async fn fetched_while_a_picture_is_late(visit: &Visit<'_>, script: &str) -> Result<Vec<String>> {
    let Visit { page, shop, .. } = visit;
    shop.hold("/late.svg");
    let picture = "<img src=\"/late.svg\" width=\"16\" height=\"16\" alt=\"\">";
    let address = visit.address(&full().run(script).end(picture))?;
    let (gone, fetched) = tokio::join!(page.client.goto(&address), async {
        let asked = async || {
            let seen = ["/late.svg", "/quiet"].iter().all(|p| !shop.requests("GET", p).is_empty());
            Ok(seen.then_some(()))
        };
        let waited = afterword_e2e::until("question and picture", asked).await;
        let fetched = shop.requests("GET", "/dist/w-").into_iter().map(|request| request.path);
        let fetched: Vec<String> = fetched.collect();
        shop.release();
        waited.map(|()| fetched)
    });
    gone?;
    fetched
}

/// Goes to a page without waiting for it to load.
async fn go_without_waiting(visit: &Visit<'_>, fixture: &Fixture) -> Result<()> {
    let address = visit.address(fixture)?;
    let leave = format!("setTimeout(() => location.assign({address:?}))");
    Ok(visit.page.client.execute(&leave, vec![]).await.map(drop)?)
}

async fn the_question_is_there_after_the_first(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    shop.hold(".json");
    visit.open(&full()).await?;
    let state = page.state().await?;
    ensure!(state["widget"] == false && state["labels"][0] == "Not at all likely", "{state}");
    shop.release();
    Ok(())
}

async fn a_second_visit_costs_at_most_a_revalidation_of_the_script(
    visit: &Visit<'_>,
) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let address = format!("{}/demo/?lang=en", shop.collector);
    page.visit(&address).await?;
    page.taken_over().await?;
    let first = shop.asked_of_the_collector().len();
    page.client.goto("about:blank").await?;
    page.visit(&address).await?;
    page.taken_over().await?;
    let second = shop.asked_of_the_collector().split_off(first);
    // WebKitGTK under WebDriver has no cache on disk, and keeps only scripts in memory.
    let kept = |path: &str| page.engine != Engine::WebKit || path.ends_with(".js");
    // What the demo shop quotes is the shop's own affair.
    let is_shops = |path: &str| path.starts_with("/demo") || path.contains("/quotes");
    let ours = second.iter().filter(|request| !is_shops(&request.path) && kept(&request.path));
    for request in ours {
        ensure!(request.path == "/afterword.js", "fetched anew: {}", request.path);
        ensure!(request.headers.contains_key("if-none-match"), "not a revalidation");
    }
    Ok(())
}

/// Two windows below, the question is painted, but nothing is fetched until it is scrolled near.
async fn a_survey_far_below_waits_with_the_widget(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    visit.open(&full().sheet("/far.css").before("<div class=\"far\"></div>")).await?;
    page.quiet().await?;
    ensure!(shop.requests("GET", "/dist/w-").iter().all(|r| !r.path.ends_with(".wasm")));
    ensure!(page.state().await?["widget"] == false);
    page.read("probe.hosts()[0].scrollIntoView({ behavior: 'instant' })").await?;
    page.taken_over().await?;
    Ok(())
}

/// The README's two lines, at widths from 320 to 1280 px, in every language.
async fn the_reserved_place_is_high_enough_everywhere(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let mut fixture = Fixture::shop().embedding(Embedding::Absent);
    for lang in ["en", "de"] {
        let inside = visit.shop.publish(&with_a_place().lang(lang))?;
        for width in [320, 360, 420, 480, 560, 640, 768, 1024, 1280] {
            fixture = fixture.before(&frame(&inside, &format!("{lang} {width}"), width, 700));
        }
    }
    visit.go(&fixture).await?;
    let heights = afterword_e2e::until("all the surveys", || async {
        let heights = page
            .read(
                "[...document.querySelectorAll('iframe')].map((frame) => {
                    const { probe } = frame.contentWindow;
                    if (!probe?.find?.('.frame')) return null;
                    const host = probe.hosts()[0];
                    return [frame.title, host.offsetHeight, probe.find('.frame').offsetHeight];
                })",
            )
            .await?;
        let heights: Vec<Option<(String, f64, f64)>> = serde_json::from_value(heights)?;
        Ok(heights.into_iter().collect::<Option<Vec<_>>>())
    })
    .await?;
    ensure!(heights.len() == 18);
    for (title, place, form) in &heights {
        ensure!(form <= place, "{title}: the form takes {form} of {place}");
        ensure!(*place - form < 90.0, "{title}: a gap, {form} of {place}");
    }
    Ok(())
}

/// Gives a page a style sheet that reserves the place, since a policy that leaves the painted form alone forbids style
/// attributes, too.
pub(crate) fn reserving(fixture: Fixture, form: Form) -> Fixture {
    let fixture = fixture.sheet("/place.css");
    if form == Form::Painted { fixture.policy(WITHOUT_WEBASSEMBLY) } else { fixture }
}

/// Shows that form in an element with these attributes, whose place the page reserves.
async fn open_reserved(visit: &Visit<'_>, form: Form, attributes: &str) -> Result<()> {
    let element =
        format!("<afterword-survey data-subject=\"Harbour\" {attributes}></afterword-survey>");
    visit.open(&reserving(Fixture::shop().before(&element), form)).await?;
    if form == Form::Widget {
        visit.page.taken_over().await?;
    }
    let least = visit.page.read("getComputedStyle(probe.hosts()[0]).minHeight").await?;
    ensure!(least != "0px", "no place is reserved");
    Ok(())
}

/// How much of the survey's place is empty, in px.
const GAP: &str = "probe.hosts()[0].offsetHeight - probe.find('.frame').offsetHeight";

/// Where that begins which follows the survey.
const BELOW: &str = "document.querySelector('#after').getBoundingClientRect().top + scrollY";

/// Waits until nothing of the survey's place is empty.
pub(crate) async fn no_gap(visit: &Visit<'_>) -> Result<()> {
    afterword_e2e::until("the place to be given back", || async {
        Ok((visit.page.read(GAP).await? == 0).then_some(()))
    })
    .await
}

/// The file for what follows Send has come.
pub(crate) async fn ready_for_the_end(visit: &Visit<'_>) -> Result<()> {
    afterword_e2e::until("the file for what follows Send", || async {
        let come = "performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('/outcome.js') && responseEnd > 0)";
        Ok((visit.page.read(come).await? == true).then_some(()))
    })
    .await?;
    visit.page.quiet().await
}

async fn no_gap_stays_below_the_thanks(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    for width in [320, 1280] {
        enter(visit, &reserving(with_a_place().lang("de"), form), width, 800).await?;
        page.wait("the form", |state| state["widget"] == (form == Form::Widget)).await?;
        page.read("(probe.find('input[value=\"9\"]').click(), 0)").await?;
        page.wait("the comment", |state| state["comment"].is_string()).await?;
        ready_for_the_end(visit).await?;
        let least = page.read("getComputedStyle(probe.hosts()[0]).minHeight").await?;
        ensure!(least != "0px", "no place is reserved");
        let style = page.read("probe.hosts()[0].getAttribute('style')").await?;
        let press = "new MouseEvent('mousedown', { bubbles: true, composed: true })";
        page.read(&format!(
            "(() => {{
                const pressed = performance.now();
                probe.hosts()[0].addEventListener('afterword:submitted', () => window.took = performance.now() - pressed);
                probe.find('.send').dispatchEvent({press});
                probe.find('.send').click();
            }})()"
        ))
        .await?;
        page.wait("the thanks", |state| state["thanks"].is_string()).await?;
        // Only where the machine was too slow, the place is there until the next input.
        if page.read("took").await?.as_f64().is_none_or(|took| took > 350.0) {
            page.read(&format!("(document.body.dispatchEvent({press}), document.body.click(), 0)"))
                .await?;
        }
        let gap = page.read(GAP).await?;
        ensure!(gap == 0, "{width} px: {gap}");
        let now = page.read("probe.hosts()[0].getAttribute('style')").await?;
        ensure!(now == style, "the page's own style: {now}");
        page.client.clone().enter_parent_frame().await?;
    }
    Ok(())
}

/// The failure keeps the place. The corrected score is sent by itself, so its thanks come some time after the last input.
async fn thanks_after_a_failure_shift_nothing_by_chromiums_own_count(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    open_reserved(visit, form, "data-endpoint=\"/endpoint/200,503;99,200\"").await?;
    page.score(9).await?;
    page.wait("that it is saved", |state| state["saved"].is_string()).await?;
    ready_for_the_end(visit).await?;
    let asked = page.read("getComputedStyle(probe.hosts()[0]).minHeight").await?;
    watch_shifts(visit).await?;
    page.click(".send").await?;
    page.wait("the failure", |state| state["button"] == "Try again").await?;
    let failed = page.read("getComputedStyle(probe.hosts()[0]).minHeight").await?;
    ensure!(failed == asked, "the failure has another place: {failed} instead of {asked}");
    page.score(3).await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    page.quiet().await?;
    page.click(".thanks").await?;
    no_gap(visit).await?;
    if page.engine == Engine::Chromium {
        let inputs = shifts(visit).await?;
        ensure!(!inputs.contains(&false), "without an input: {inputs:?}");
    }
    Ok(())
}

/// Presses Send, and is thanked when no input is recent any more.
async fn send_slowly(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    for endpoint in ["/v1/responses", "/endpoint"] {
        shop.hold(endpoint);
    }
    page.click(".send").await?;
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    ensure!(page.state().await?["thanks"].is_null(), "the endpoint has answered already");
    shop.release();
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    page.quiet().await
}

/// Answers while the endpoint takes its time. What follows the survey stays where it is.
pub(crate) async fn be_thanked_late(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    page.score(9).await?;
    page.wait("that it is saved", |state| state["saved"].is_string()).await?;
    ready_for_the_end(visit).await?;
    let asked = page.read(BELOW).await?;
    if page.engine == Engine::Chromium {
        watch_shifts(visit).await?;
    }
    send_slowly(visit).await?;
    let now = page.read(BELOW).await?;
    let moved = now.as_f64().zip(asked.as_f64()).map(|(now, asked)| (now - asked).abs());
    ensure!(moved.is_some_and(|moved| moved < 0.5), "what stands below moves: {asked}, {now}");
    Ok(())
}

async fn late_thanks_move_nothing_until_the_next_input(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    open_reserved(visit, form, "").await?;
    be_thanked_late(visit).await?;
    page.click(".thanks").await?;
    no_gap(visit).await?;
    if page.engine == Engine::Chromium {
        let inputs = shifts(visit).await?;
        ensure!(inputs == [true], "without an input, or none: {inputs:?}");
    }
    Ok(())
}

/// The survey is far below the page's beginning.
async fn late_thanks_move_nothing_until_they_are_out_of_view(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let far = Fixture::shop().sheet("/place.css").before("<div class=\"far\"></div>");
    let fixture = far.before("<afterword-survey data-subject=\"Harbour\"></afterword-survey>");
    visit.open(&fixture).await?;
    page.read("probe.hosts()[0].scrollIntoView({ behavior: 'instant' })").await?;
    page.taken_over().await?;
    be_thanked_late(visit).await?;
    let gap = page.read(GAP).await?;
    ensure!(gap.as_f64().is_some_and(|gap| gap > 99.0), "in view: {gap}");
    page.read("scrollTo({ top: 0, behavior: 'instant' })").await?;
    no_gap(visit).await?;
    if page.engine == Engine::Chromium {
        let inputs = shifts(visit).await?;
        ensure!(inputs.is_empty(), "{inputs:?}");
    }
    Ok(())
}

/// Both after thanks that came at once, and while late ones still keep the place of the form.
async fn another_order_has_the_reserved_place_again(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    open_reserved(visit, form, "data-order-id=\"A-1\"").await?;
    let height = "probe.hosts()[0].offsetHeight";
    let reserved = page.read(height).await?;
    for order in ["A-2", "A-3"] {
        if order == "A-2" {
            page.score(9).await?;
            page.wait("that it is saved", |state| state["saved"].is_string()).await?;
            ready_for_the_end(visit).await?;
            page.send().await?;
            page.click(".thanks").await?;
            no_gap(visit).await?;
        } else {
            be_thanked_late(visit).await?;
        }
        page.read(&format!("(probe.hosts()[0].dataset.orderId = '{order}', 0)")).await?;
        page.wait("the question anew", |state| {
            state["score"].is_null() && state["question"].is_string() && state["thanks"].is_null()
        })
        .await?;
        page.quiet().await?;
        page.click("#question").await?;
        let now = page.read(height).await?;
        ensure!(now == reserved, "{order}: {now} instead of {reserved}");
    }
    Ok(())
}

async fn where_no_place_is_reserved_the_thanks_change_none(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &Fixture::shop()).await?;
    page.score(9).await?;
    page.wait("that it is saved", |state| state["saved"].is_string()).await?;
    ready_for_the_end(visit).await?;
    let of_ours =
        "[getComputedStyle(probe.hosts()[0]).minHeight, probe.root().adoptedStyleSheets.length]";
    let before = page.read(of_ours).await?;
    send_slowly(visit).await?;
    ensure!(page.read(GAP).await? == 0, "a place is kept that the page has not reserved");
    let after = page.read(of_ours).await?;
    ensure!(after == before, "{after} instead of {before}");
    Ok(())
}

/// Begins to count Chromium's layout shifts.
async fn watch_shifts(visit: &Visit<'_>) -> Result<()> {
    visit
        .page
        .read(
            "(() => {
                window.shifts = [];
                new PerformanceObserver((list) => list.getEntries().forEach(({ hadRecentInput }) => shifts.push(hadRecentInput)))
                    .observe({ type: 'layout-shift' });
            })()",
        )
        .await
        .map(drop)
}

/// Whether each layout shift since then followed an input. Chromium reports shifts late, but in order: once it reports one
/// that the test causes, it has reported all before.
async fn shifts(visit: &Visit<'_>) -> Result<Vec<bool>> {
    let page = &visit.page;
    page.read("scrollTo({ top: 0, behavior: 'instant' })").await?;
    // Longer than an input excuses shifts.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    let before = page.read("shifts.length").await?;
    page.read("(document.querySelector('h1').style.paddingTop = '20px', 0)").await?;
    afterword_e2e::until("the test's own shift", || async {
        let grown = format!("shifts.length > {before}");
        Ok((page.read(&grown).await? == true).then_some(()))
    })
    .await?;
    let mut inputs: Vec<bool> = serde_json::from_value(page.read("shifts").await?)?;
    ensure!(inputs.pop() == Some(false), "the test's own shift is not counted");
    Ok(inputs)
}

/// Without a reserved place, content above stays, and content below moves by the survey's height.
async fn the_bare_tag_moves_nothing_but_what_follows_it(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    shop.hold(".wasm");
    // A link to a privacy notice appears a moment later, so a shop that has one should reserve the height. The tag that
    // the collector offers does so.
    visit.open(&full().without("privacy-url")).await?;
    let places = "[...document.querySelectorAll('h1, #own, #after, #after + *')]
        .map((element) => element.getBoundingClientRect().top)";
    let painted = page.read(places).await?;
    shop.release();
    page.taken_over().await?;
    ensure!(page.read(places).await? == painted, "something moved at the takeover");
    Ok(())
}

/// With `data-on` nothing is painted or fetched before the event.
async fn a_survey_that_waits_for_an_event_fetches_nothing_before(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    for wake in ["document.dispatchEvent(new CustomEvent('order-placed'))", "afterword.open()"] {
        let before = shop.requests("GET", "/dist/w-").len();
        visit.go(&full().attribute("on", "order-placed")).await?;
        page.quiet().await?;
        ensure!(shop.requests("GET", "/dist/w-").len() == before, "fetched before the event");
        ensure!(page.state().await?.is_null(), "painted before the event");
        let names = page.read("probe.events.length").await?;
        ensure!(names == 0, "told before the event");
        page.read(&format!("({wake}, 0)")).await?;
        page.taken_over().await?;
    }
    Ok(())
}

async fn closed_and_opened_again_it_is_the_same_survey(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    // The page's style sets display:block, which overrides the attribute `hidden`.
    visit.open_as(Form::Widget, &with_a_place()).await?;
    page.score(7).await?;
    page.write("kept").await?;
    let height = "document.querySelector('afterword-survey').offsetHeight";
    let elements =
        "document.querySelectorAll('*').length + probe.root().querySelectorAll('*').length";
    let before = page.read(elements).await?;
    page.read("afterword.close()").await?;
    ensure!(page.read(height).await? == 0, "still there");
    for _ in 0..10 {
        page.read(
            "(() => { for (let n = 0; n < 100; n++) { afterword.open(); afterword.close(); } })()",
        )
        .await?;
    }
    page.read("afterword.open()").await?;
    let state = page.state().await?;
    ensure!(state["score"] == "7" && state["comment"] == "kept", "{state}");
    ensure!(page.read(elements).await? == before, "the page has grown");
    let told = "probe.events.map(({ name }) => name).filter((name) => name != 'dismissed')";
    ensure!(page.read(told).await? == serde_json::json!(["shown", "scored"]), "once each");
    Ok(())
}

/// Only Chromium counts layout shifts. In the other two the positions must not change, here and in
/// `the_reserved_place_moves_nothing`.
async fn nothing_shifts_by_chromiums_own_count(visit: &Visit<'_>) -> Result<()> {
    no_shift(visit, with_a_place()).await
}

async fn the_card_shifts_nothing_by_chromiums_own_count(visit: &Visit<'_>) -> Result<()> {
    no_shift(visit, with_a_card()).await
}

async fn no_shift(visit: &Visit<'_>, fixture: Fixture) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &fixture).await?;
    let places = "[...document.querySelectorAll('h1, p, #own, #after')]
        .map((element) => element.getBoundingClientRect().top)";
    let before = page.read(places).await?;
    if page.engine == Engine::Chromium {
        counts_one_shift(visit).await?;
    }
    // After a score, too: the comment grows downwards, and content above it stays.
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    let after = page.read(places).await?;
    let last = before.as_array().context("places")?.len() - 2;
    ensure!(before.as_array().map(|all| &all[..last]) == after.as_array().map(|all| &all[..last]));
    // Proves that shifts are counted.
    page.read("(document.querySelector('h1').style.paddingTop = '200px', 0)").await?;
    ensure!(page.read(places).await? != after, "the places are not looked at");
    Ok(())
}

/// Chromium reports shifts late, but in order: once it reports one that the test causes, it has reported all
/// before. There must be only that one.
async fn counts_one_shift(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    page.read(
        "(() => {
            window.shifts = [];
            new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => shifts.push(value)))
                .observe({ type: 'layout-shift', buffered: true });
        })()",
    )
    .await?;
    page.quiet().await?;
    ensure!(page.read("shifts").await? == serde_json::json!([]), "the survey shifts something");
    page.read("(document.querySelector('h1').style.paddingTop = '20px', 0)").await?;
    let shifts = afterword_e2e::until("the test's own shift", || async {
        let shifts = page.read("shifts").await?;
        Ok(shifts.as_array().is_some_and(|all| !all.is_empty()).then_some(shifts))
    })
    .await?;
    ensure!(shifts.as_array().map(Vec::len) == Some(1), "more than the test's own: {shifts}");
    page.read("(document.querySelector('h1').style.paddingTop = '', 0)").await.map(drop)
}

/// All elements of the page keep their places when the card appears, and the page keeps its size.
async fn the_card_moves_nothing(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.go(&with_a_card().attribute("on", "order-placed")).await?;
    ensure!(page.state().await?.is_null(), "painted before its event");
    let places = "[...document.querySelectorAll('html, body, main, main > :not(afterword-survey), #own, #after')]
        .flatMap((element) => Object.values(element.getBoundingClientRect().toJSON()))
        .concat(document.documentElement.scrollHeight, document.documentElement.scrollWidth)";
    let bare = page.read(places).await?;
    page.read("document.dispatchEvent(new Event('order-placed'))").await?;
    for step in ["painted", "taken over", "scored"] {
        match step {
            "painted" => page.wait(step, |state| state["question"].is_string()).await.map(drop)?,
            "taken over" => page.taken_over().await?,
            _ => {
                page.score(3).await?;
                page.wait(step, |state| state["comment"].is_string()).await?;
            }
        }
        ensure!(page.read(places).await? == bare, "something moved when it was {step}");
    }
    page.click(".close").await?;
    ensure!(page.read(places).await? == bare, "something moved when it was closed");
    Ok(())
}

/// A page that records its long tasks.
fn busy() -> Fixture {
    let fixture = Fixture::shop().run("/busy.js").attributes(LINKS);
    fixture.attributes(&[("subject", "Harbour & Hill"), ("report", "all")])
}

async fn no_work_of_ours_keeps_the_page_busy(visit: &Visit<'_>) -> Result<()> {
    never_busy(visit, busy()).await
}

async fn no_work_of_the_cards_keeps_the_page_busy(visit: &Visit<'_>) -> Result<()> {
    never_busy(visit, busy().attribute("mode", "corner")).await
}

/// From the start of the script to the thanks, Chromium counts no task of more than 50 ms. The other two
/// browsers count no tasks; there the positions must not change.
///
/// A busy machine may delay any task, so one visit proves nothing. But a task of ours that is too long is too
/// long on every visit: one visit of ten without a long task proves that we have none.
async fn never_busy(visit: &Visit<'_>, fixture: Fixture) -> Result<()> {
    let page = &visit.page;
    let mut seen = Vec::new();
    for _ in 0..10 {
        visit.open(&fixture).await?;
        let places = "[...document.querySelectorAll('h1, h1 + p, #own')]
            .map((element) => element.getBoundingClientRect().top + scrollY)";
        let before = page.read(places).await?;
        page.taken_over().await?;
        page.score(9).await?;
        page.write("!").await?;
        page.send().await?;
        ensure!(page.read(places).await? == before, "what stands above has moved");
        if page.engine != Engine::Chromium {
            return Ok(());
        }
        // Chromium reports tasks late, but in order: once it reports a task of the test, it has reported all
        // before.
        page.read(
            "(setTimeout(() => { for (window.end = performance.now(); performance.now() < end + 100;); }), 0)",
        )
        .await?;
        let busy = afterword_e2e::until("the test's own task", || async {
            let told = page.read("window.end && busy.some(([at, time]) => at + time > end)").await?;
            if told != true {
                return Ok(None);
            }
            let busy = "[probe.begun, busy.filter(([at, time]) => at + time > probe.begun && at < end - 50)]";
            page.read(busy).await.map(Some)
        })
        .await?;
        let (begun, long): (f64, Vec<(f64, f64)>) = serde_json::from_value(busy)?;
        ensure!(begun > 0.0, "no survey has begun");
        if long.is_empty() {
            return Ok(());
        }
        seen.push(long);
        page.client.goto("about:blank").await?;
    }
    anyhow::bail!("in every visit, at and for so many ms: {seen:?}")
}
