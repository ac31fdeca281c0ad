//! When and how often a survey is shown: each trigger and each rule. If time matters, the test controls the clock.

use afterword_e2e::fixture::{Embedding, Fixture, Form};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::{Visit, scenarios};

scenarios!(
    what_happens_while_the_rules_are_on_their_way_counts,
    what_the_page_calls_before_the_survey_has_its_place_counts,
    a_page_without_such_rules_does_not_fetch_them,
    a_delay_passes_before_anything_else_is_fetched,
    scrolling_through_part_of_the_page_shows_it,
    a_pointer_that_leaves_at_the_top_shows_it,
    scrolling_up_fast_by_finger_shows_it,
    an_element_out_of_view_is_waited_for,
    all_that_the_shop_waits_for_has_to_happen,
    only_on_these_pages_also_where_routes_change,
    the_moment_itself_decides_not_the_beginning_of_the_wait,
    not_before_and_not_after_these_days,
    what_was_answered_is_not_asked_again_for_a_while,
    of_two_tabs_that_ask_at_once_one_does,
    what_was_closed_rests,
    no_more_often_than_the_shop_says_and_with_a_gap,
    a_customer_is_in_the_sample_or_not_and_stays_so,
    without_storage_the_page_remembers_and_the_next_one_does_not,
    a_browser_that_asks_for_privacy_remembers_nothing,
    a_card_that_asks_on_every_page_is_warned_about_once,
    what_others_have_left_in_the_storage_is_no_hindrance,
    a_survey_that_needs_consent_waits_for_it,
    one_card_at_a_time,
    nothing_opens_by_itself_where_nobody_looks,
    the_shops_own_button_shows_it_all_the_same,
    a_survey_that_is_taken_out_while_it_waits_begins_anew_when_it_comes_back,
    a_wrong_rule_is_said_and_counts_as_none,
    with_debug_the_console_has_every_reason,
    the_check_says_that_a_question_has_ended_on_this_page,
    the_page_can_tell_what_is_so_now,
    where_data_is_saved_no_webassembly_is_fetched,
);

/// Waits until the page got exactly these reasons, and checks that nothing is shown.
async fn skipped(visit: &Visit<'_>, reasons: &[&str]) -> Result<()> {
    let told = afterword_e2e::until(&format!("the reasons {reasons:?}"), || async {
        let told = visit.page.read("probe.skipped").await?;
        Ok(told.as_array().is_some_and(|told| told.len() >= reasons.len()).then_some(told))
    })
    .await?;
    ensure!(told == json!(reasons), "{told}");
    hidden(visit).await
}

async fn shown(visit: &Visit<'_>) -> Result<()> {
    visit.page.wait("the question", |state| state["question"].is_string()).await.map(drop)
}

async fn hidden(visit: &Visit<'_>) -> Result<()> {
    visit.page.quiet().await?;
    let state = visit.page.state().await?;
    ensure!(state.is_null(), "it is shown: {state}");
    Ok(())
}

/// Runs a statement in the page.
async fn run(visit: &Visit<'_>, statement: &str) -> Result<()> {
    visit.page.read(&format!("(() => {{ {statement}; return 0; }})()")).await.map(drop)
}

/// The number of requests for one of our files.
fn fetched(visit: &Visit<'_>, name: &str) -> usize {
    visit.shop.requests("GET", "/dist/").iter().filter(|it| it.path.ends_with(name)).count()
}

/// Waits until the rules have loaded. If the survey is not shown after that, it is because of them.
async fn ruled(visit: &Visit<'_>) -> Result<()> {
    crate::modes::ruled(visit).await?;
    hidden(visit).await
}

/// A page that is several windows high.
fn long() -> Fixture {
    Fixture::shop().sheet("/far.css").after("<div class=\"far\"></div>")
}

/// Scrolls to this fraction of the page at once.
async fn scroll(visit: &Visit<'_>, part: f64) -> Result<()> {
    let to = format!(
        "scrollTo({{ top: (document.documentElement.scrollHeight - innerHeight) * {part}, behavior: 'instant' }})"
    );
    run(visit, &to).await?;
    visit.page.promised("await probe.frame()").await?;
    visit.page.promised("await probe.frame()").await.map(drop)
}

async fn leave_at(visit: &Visit<'_>, y: i32) -> Result<()> {
    let leave = format!(
        "document.documentElement.dispatchEvent(new MouseEvent('mouseout', {{ bubbles: true, clientY: {y} }}))"
    );
    run(visit, &leave).await
}

async fn a_page_without_such_rules_does_not_fetch_them(visit: &Visit<'_>) -> Result<()> {
    visit.open_as(Form::Widget, &Fixture::shop().attribute("storage", "local")).await?;
    ensure!(fetched(visit, "/when.js") == 0, "the rules were fetched");
    Ok(())
}

async fn a_delay_passes_before_anything_else_is_fetched(visit: &Visit<'_>) -> Result<()> {
    visit.go(&Fixture::shop().attribute("delay", "20").clock()).await?;
    ruled(visit).await?;
    visit.page.pass(19_900).await?;
    hidden(visit).await?;
    let all = visit.shop.requests("GET", "/dist/").len();
    ensure!(all == 2 && fetched(visit, "/when.js") == 1, "{all} files were fetched");
    visit.page.pass(101).await?;
    shown(visit).await
}

async fn scrolling_through_part_of_the_page_shows_it(visit: &Visit<'_>) -> Result<()> {
    visit.go(&long().attribute("scroll", "50")).await?;
    ruled(visit).await?;
    scroll(visit, 0.4).await?;
    hidden(visit).await?;
    scroll(visit, 0.6).await?;
    shown(visit).await?;
    // A page that cannot be scrolled is completely visible.
    visit.open(&Fixture::shop().bare().attribute("scroll", "50")).await.map(drop)
}

async fn a_pointer_that_leaves_at_the_top_shows_it(visit: &Visit<'_>) -> Result<()> {
    visit.go(&Fixture::shop().attribute("exit-intent", "")).await?;
    ruled(visit).await?;
    leave_at(visit, 300).await?;
    hidden(visit).await?;
    // The pointer moves within the page, from one element to another.
    let within = "document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY: 1, relatedTarget: document.documentElement }))";
    run(visit, within).await?;
    hidden(visit).await?;
    leave_at(visit, -1).await?;
    shown(visit).await
}

async fn scrolling_up_fast_by_finger_shows_it(visit: &Visit<'_>) -> Result<()> {
    visit.go(&long().attribute("exit-intent", "")).await?;
    ruled(visit).await?;
    scroll(visit, 0.8).await?;
    // A link to the top scrolls without a finger.
    scroll(visit, 0.0).await?;
    scroll(visit, 0.8).await?;
    hidden(visit).await?;
    let swipe = "document.body.dispatchEvent(new Event('touchmove', { bubbles: true })); scrollTo({ top: 0, behavior: 'instant' })";
    run(visit, swipe).await?;
    shown(visit).await
}

async fn an_element_out_of_view_is_waited_for(visit: &Visit<'_>) -> Result<()> {
    visit.go(&long().attribute("when-visible", "#reviews")).await?;
    ruled(visit).await?;
    // The element is inserted later, below the window, and then replaced, as frameworks do.
    let add = "document.querySelector('#reviews')?.remove();
        document.querySelector('.far').after(Object.assign(document.createElement('p'), { id: 'reviews', textContent: 'Reviews' }))";
    run(visit, add).await?;
    run(visit, add).await?;
    hidden(visit).await?;
    run(visit, "document.querySelector('#reviews').scrollIntoView({ behavior: 'instant' })")
        .await?;
    shown(visit).await
}

async fn all_that_the_shop_waits_for_has_to_happen(visit: &Visit<'_>) -> Result<()> {
    let rules = [("scroll", "50"), ("exit-intent", ""), ("on", "wanted"), ("delay", "5")];
    visit.go(&long().attributes(&rules).clock()).await?;
    ruled(visit).await?;
    scroll(visit, 0.9).await?;
    hidden(visit).await?;
    run(visit, "dispatchEvent(new Event('wanted'))").await?;
    hidden(visit).await?;
    leave_at(visit, -1).await?;
    hidden(visit).await?;
    visit.page.pass(5_001).await?;
    shown(visit).await
}

/// Removes the browser's Navigation API.
const WITHOUT_NAVIGATION: &str = "<script>Object.defineProperty(window, 'navigation', { value: undefined, configurable: true })</script>";

/// A link that a router follows.
const LINK: &str = "<a id=\"next\" href=\"/done/1\" onclick=\"event.preventDefault(); history.pushState(null, '', this.href)\">next</a>";

async fn only_on_these_pages_also_where_routes_change(visit: &Visit<'_>) -> Result<()> {
    for before in ["", WITHOUT_NAVIGATION] {
        let fixture =
            Fixture::shop().before(before).attribute("include", "/cart, /done/*").after(LINK);
        visit.go(&fixture).await?;
        skipped(visit, &["page"]).await?;
        run(visit, "document.querySelector('#next').click()").await?;
        shown(visit).await?;
        visit.go(&Fixture::shop().before(before).attribute("exclude", "*")).await?;
        skipped(visit, &["page"]).await?;
        // The script decides again on every page.
        run(visit, "history.pushState(null, '', '/other'); document.body.click()").await?;
        skipped(visit, &["page", "page"]).await?;
        run(visit, "history.back()").await?;
        skipped(visit, &["page", "page", "page"]).await?;
    }
    Ok(())
}

async fn the_moment_itself_decides_not_the_beginning_of_the_wait(visit: &Visit<'_>) -> Result<()> {
    let rules = [("delay", "20"), ("exclude", "/done/*")];
    visit.go(&Fixture::shop().attributes(&rules).after(LINK).clock()).await?;
    ruled(visit).await?;
    visit.page.pass(19_000).await?;
    run(visit, "document.querySelector('#next').click()").await?;
    visit.page.pass(2_000).await?;
    skipped(visit, &["page"]).await?;
    // On the next page the delay starts again.
    run(visit, "history.pushState(null, '', '/other'); document.body.click()").await?;
    visit.page.pass(1_000).await?;
    hidden(visit).await?;
    visit.page.pass(18_000).await?;
    hidden(visit).await?;
    visit.page.pass(2_000).await?;
    shown(visit).await
}

async fn not_before_and_not_after_these_days(visit: &Visit<'_>) -> Result<()> {
    for (name, value) in [("from", "2999-01-01"), ("until", "2001-01-01")] {
        visit.go(&Fixture::shop().attribute(name, value)).await?;
        skipped(visit, &["date"]).await?;
    }
    // Both the first and the last day count.
    visit.go(&Fixture::shop().embedding(Embedding::Absent)).await?;
    let today = visit.page.read("(() => { const now = new Date(); return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => `${part}`.padStart(2, 0)).join('-'); })()").await?;
    let today = today.as_str().context("a day")?;
    let fixture = Fixture::shop().attributes(&[("from", today), ("until", today)]);
    visit.open(&fixture).await.map(drop)
}

/// The stored history of the survey `default`.
const REMEMBERED: &str = "JSON.parse(localStorage['afterword-memory']).default";

/// Makes the history older by this number of days.
async fn days_pass(visit: &Visit<'_>, days: u32) -> Result<()> {
    let pass = format!(
        "const memory = JSON.parse(localStorage['afterword-memory']);
        for (const history of Object.values(memory)) {{
            for (const name of ['shown', 'dismissed', 'answered']) if (history[name]) history[name] -= {days} * 864e5;
        }}
        localStorage['afterword-memory'] = JSON.stringify(memory)"
    );
    run(visit, &pass).await
}

async fn what_was_answered_is_not_asked_again_for_a_while(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().attributes(&[("storage", "local"), ("repeat-after", "30")]);
    visit.open_as(Form::Widget, &fixture).await?;
    visit.page.score(9).await?;
    visit.page.wait("the comment", |state| state["comment"].is_string()).await?;
    visit.page.send().await?;
    visit.go(&fixture).await?;
    skipped(visit, &["answered"]).await?;
    // A survey with another id is shown.
    visit.open(&fixture.clone().attribute("survey", "another")).await?;
    days_pass(visit, 29).await?;
    visit.go(&fixture).await?;
    skipped(visit, &["answered"]).await?;
    days_pass(visit, 2).await?;
    visit.open(&fixture).await.map(drop)
}

/// Two tabs of the same shop, in both of which the event happens at the same time: they decide one after the other.
async fn of_two_tabs_that_ask_at_once_one_does(visit: &Visit<'_>) -> Result<()> {
    let client = visit.page.client;
    let hear = "<script>window.all = new BroadcastChannel('tabs'); all.onmessage = () => dispatchEvent(new Event('now'))</script>";
    let rules = [("storage", "local"), ("max-shows", "1"), ("on", "now")];
    let fixture = Fixture::shop().attributes(&rules).head(hear);
    visit.go(&fixture).await?;
    ruled(visit).await?;
    let first = client.window().await?;
    let second = client.new_window(true).await?.handle;
    client.switch_to_window(second.clone()).await?;
    visit.go(&fixture).await?;
    ruled(visit).await?;
    run(visit, "all.postMessage(0); dispatchEvent(new Event('now'))").await?;
    // A tab has decided once it has asked, or was told why not.
    let mut decisions = Vec::new();
    for tab in [second.clone(), first.clone()] {
        client.switch_to_window(tab).await?;
        let decided = afterword_e2e::until("the tab's decision", || async {
            let found =
                visit.page.read("[!!probe.find('#question'), probe.skipped.join()]").await?;
            Ok((found != json!([false, ""])).then_some(found))
        })
        .await?;
        decisions.push(decided);
    }
    let remembered = visit.page.read(REMEMBERED).await;
    client.switch_to_window(second).await?;
    client.close_window().await?;
    client.switch_to_window(first).await?;
    let asked = decisions.iter().filter(|it| **it == json!([true, ""])).count();
    let left = decisions.iter().filter(|it| **it == json!([false, "max-shows"])).count();
    ensure!((asked, left) == (1, 1), "{decisions:?}");
    ensure!(remembered?["shows"] == 1, "both have written");
    Ok(())
}

/// A page may dispatch its event, or open the survey, before the file with the rules is there. The page does it by itself,
/// because WebKit's driver does not answer while a file is held back.
async fn what_happens_while_the_rules_are_on_their_way_counts(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let rules = [("mode", "corner"), ("on", "wanted"), ("order-id", "A-1")];
    for (turn, happens) in
        ["dispatchEvent(new Event('wanted'))", "afterword.open()"].into_iter().enumerate()
    {
        shop.hold("/when.js");
        let script = format!(
            "<script>customElements.whenDefined('afterword-survey').then(() => setTimeout(() => {{
                {happens};
                fetch('/quiet');
            }}))</script>"
        );
        let address = visit.address(&Fixture::shop().attributes(&rules).head(&script))?;
        let (gone, happened) = tokio::join!(page.client.goto(&address), async {
            let happened = afterword_e2e::until("the page's call", || async {
                Ok((shop.requests("GET", "/quiet").len() > turn).then_some(()))
            })
            .await;
            shop.release();
            happened
        });
        gone?;
        happened?;
        page.wait(happens, |state| state["question"].is_string()).await?;
    }
    Ok(())
}

/// A tag in the head finds its survey's place with a file of its own, so the page's calls come first: those that it has
/// noted before the script was there, and those that it makes while that file is on its way.
async fn what_the_page_calls_before_the_survey_has_its_place_counts(
    visit: &Visit<'_>,
) -> Result<()> {
    const PUSH: &str = "(window.afterword ||= []).push";
    const ORDER: &str = "document.querySelector('afterword-survey').dataset.orderId";
    let corner = [("mode", "corner"), ("on", "wanted")];
    let cases: [(&[(&str, &str)], &str); 3] = [
        (&[("mode", "manual")], "['open']"),
        (&corner, "['wanted']"),
        (&corner, "['context', { 'order-id': 'A-7' }], ['wanted']"),
    ];
    for (attributes, calls) in cases {
        let call = format!("<script>{PUSH}({calls})</script>");
        let plain = Fixture::shop().attributes(attributes);
        let noted = plain.clone().embedding(Embedding::AppendedToHead).before(&call);
        let called = plain.embedding(Embedding::Head).before(&call);
        for fixture in [noted, called] {
            visit.go(&fixture).await?;
            visit.page.wait(calls, |state| state["question"].is_string()).await?;
            let order = visit.page.read(ORDER).await?;
            ensure!(order.is_string() == calls.contains("order-id"), "{calls}: {order}");
        }
    }
    Ok(())
}

async fn a_card_that_asks_on_every_page_is_warned_about_once(visit: &Visit<'_>) -> Result<()> {
    const TOLD: &str =
        "probe.noise.filter((line) => `${line}`.includes('it asks again on every page')).length";
    let card = Fixture::shop().attribute("mode", "corner");
    let another =
        r#"<afterword-survey data-survey="another" data-mode="banner"></afterword-survey>"#;
    visit.go(&card.clone().after(another)).await?;
    afterword_e2e::until("the warning", || async {
        Ok((visit.page.read(TOLD).await? != 0).then_some(()))
    })
    .await?;
    visit.page.quiet().await?;
    ensure!(visit.page.read(TOLD).await? == 1, "told more than once");
    for (name, value) in [("storage", "local"), ("order-id", "A-1"), ("include", "/*")] {
        visit.open(&card.clone().attribute(name, value)).await?;
        visit.page.quiet().await?;
        ensure!(visit.page.read(TOLD).await? == 0, "told with {name}");
    }
    Ok(())
}

async fn what_was_closed_rests(visit: &Visit<'_>) -> Result<()> {
    let rules = [("storage", "local"), ("snooze", "7"), ("mode", "corner")];
    let fixture = Fixture::shop().attributes(&rules);
    visit.open(&fixture).await?;
    run(visit, "afterword.close()").await?;
    visit.go(&fixture).await?;
    skipped(visit, &["snoozed"]).await?;
    days_pass(visit, 8).await?;
    visit.open(&fixture).await.map(drop)
}

async fn no_more_often_than_the_shop_says_and_with_a_gap(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().attributes(&[("storage", "local"), ("max-shows", "2")]);
    for shows in 1..=2 {
        visit.open(&fixture).await?;
        let remembered = visit.page.read(REMEMBERED).await?;
        ensure!(remembered["shows"] == shows, "{remembered}");
    }
    visit.go(&fixture).await?;
    skipped(visit, &["max-shows"]).await?;
    // The gap applies to all surveys of the site.
    let rules = [("storage", "local"), ("gap", "10"), ("survey", "other")];
    let other = Fixture::shop().attributes(&rules);
    visit.go(&other).await?;
    skipped(visit, &["gap"]).await?;
    days_pass(visit, 11).await?;
    visit.open(&other).await.map(drop)
}

async fn a_customer_is_in_the_sample_or_not_and_stays_so(visit: &Visit<'_>) -> Result<()> {
    let fixture =
        |share: &str| Fixture::shop().attributes(&[("storage", "local"), ("sample", share)]);
    visit.go(&fixture("0")).await?;
    skipped(visit, &["sample"]).await?;
    let draw = visit.page.read(REMEMBERED).await?["draw"].as_f64().context("a draw")?;
    ensure!((0.0..1.0).contains(&draw), "{draw}");
    visit.open(&fixture("1")).await?;
    let again = visit.page.read(REMEMBERED).await?["draw"].as_f64();
    ensure!(again == Some(draw), "{draw}, then {again:?}");
    // A customer who is in a sample is in every larger one, too; one who is not is in no smaller one.
    run(visit, "localStorage['afterword-memory'] = '{\"default\":{\"draw\":0.25}}'").await?;
    visit.go(&fixture("0.25")).await?;
    skipped(visit, &["sample"]).await?;
    visit.open(&fixture("0.26")).await.map(drop)
}

async fn without_storage_the_page_remembers_and_the_next_one_does_not(
    visit: &Visit<'_>,
) -> Result<()> {
    let fixture = Fixture::shop().embedding(Embedding::Element).attribute("max-shows", "1");
    visit.open(&fixture).await?;
    let stored = visit.page.read("localStorage.length + sessionStorage.length").await?;
    ensure!(stored == 0, "{stored} things are stored");
    let again = "const host = document.querySelector('afterword-survey'); host.replaceWith(host.cloneNode())";
    run(visit, again).await?;
    skipped(visit, &["max-shows"]).await?;
    visit.open(&fixture).await.map(drop)
}

async fn a_browser_that_asks_for_privacy_remembers_nothing(visit: &Visit<'_>) -> Result<()> {
    let rules = [("storage", "local"), ("max-shows", "1")];
    let fixture = Fixture::shop().run("/manners.js?privacy").attributes(&rules);
    visit.open(&fixture).await?;
    ensure!(visit.page.read("localStorage.length").await? == 0, "something is stored");
    visit.open(&fixture).await.map(drop)
}

async fn what_others_have_left_in_the_storage_is_no_hindrance(visit: &Visit<'_>) -> Result<()> {
    let rules = [("storage", "local"), ("max-shows", "1"), ("gap", "1")];
    for damaged in ["{", "null", "7", "[null,[]]", "{\"default\":null}", "{\"default\":\"x\"}"] {
        visit.go(&Fixture::shop().embedding(Embedding::Absent)).await?;
        run(visit, &format!("localStorage['afterword-memory'] = {damaged:?}")).await?;
        visit.open(&Fixture::shop().attributes(&rules)).await.context(damaged)?;
        let remembered = visit.page.read(REMEMBERED).await?;
        ensure!(remembered["shows"] == 1, "{damaged}: {remembered}");
    }
    Ok(())
}

async fn a_survey_that_needs_consent_waits_for_it(visit: &Visit<'_>) -> Result<()> {
    let rules = [("storage", "local"), ("consent", "required-to-show"), ("max-shows", "5")];
    visit.go(&Fixture::shop().attributes(&rules)).await?;
    skipped(visit, &["consent"]).await?;
    run(visit, "afterword.open()").await?;
    hidden(visit).await?;
    ensure!(visit.page.read("localStorage.length").await? == 0, "something is stored");
    run(visit, "afterword.consent(true)").await?;
    shown(visit).await?;
    let stored = "'afterword-memory' in localStorage";
    ensure!(visit.page.read(stored).await? == true, "nothing is remembered");
    run(visit, "afterword.consent(false)").await?;
    ensure!(visit.page.read(stored).await? == false, "it is still there");
    Ok(())
}

async fn one_card_at_a_time(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop()
        .embedding(Embedding::Element)
        .attributes(&[("mode", "corner"), ("survey", "first")])
        .after("<afterword-survey data-mode=\"corner\" data-survey=\"second\" data-endpoint=\"/endpoint/200\"></afterword-survey>");
    visit.go(&fixture).await?;
    // Either survey may be the first, since the page may still be parsed when the script arrives.
    let open = "[...probe.hosts()].filter((host) => !host.hidden && host.matches(':popover-open') && probe.rootOf(host)?.querySelector('form'))
        .map((host) => host.dataset.survey)";
    let first = afterword_e2e::until("a card, and the reason for the other", || async {
        let [open, skipped] =
            [visit.page.read(open).await?, visit.page.read("probe.skipped").await?];
        Ok((open[0].is_string() && skipped == json!(["another"])).then_some(open))
    })
    .await?;
    visit.page.quiet().await?;
    ensure!(
        visit.page.read(open).await? == first,
        "{first}, then {}",
        visit.page.read(open).await?
    );
    run(visit, &format!("document.querySelector(`[data-survey={}]`).hidden = true", first[0]))
        .await?;
    afterword_e2e::until("the other card", || async {
        let now = visit.page.read(open).await?;
        Ok((now[0].is_string() && now != first && now[1].is_null()).then_some(()))
    })
    .await
}

async fn nothing_opens_by_itself_where_nobody_looks(visit: &Visit<'_>) -> Result<()> {
    let hide = "<script>window.seen = 'hidden'; Object.defineProperty(document, 'visibilityState', { get: () => seen })</script>";
    visit.go(&Fixture::shop().before(hide).attribute("mode", "corner")).await?;
    ruled(visit).await?;
    ensure!(fetched(visit, "/corner.js") == 0, "the card was fetched");
    run(visit, "window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
        .await?;
    shown(visit).await
}

async fn the_shops_own_button_shows_it_all_the_same(visit: &Visit<'_>) -> Result<()> {
    visit.go(&Fixture::shop().attributes(&[("exclude", "*"), ("delay", "9999")])).await?;
    skipped(visit, &["page"]).await?;
    run(visit, "afterword.open()").await?;
    shown(visit).await?;
    visit.go(&Fixture::shop().attributes(&[("delay", "9999"), ("on", "wanted")])).await?;
    ruled(visit).await?;
    // The button shows it also if the event has happened but other triggers have not.
    run(visit, "dispatchEvent(new Event('wanted'))").await?;
    hidden(visit).await?;
    run(visit, "afterword.open()").await?;
    shown(visit).await
}

async fn a_survey_that_is_taken_out_while_it_waits_begins_anew_when_it_comes_back(
    visit: &Visit<'_>,
) -> Result<()> {
    let rules = [("delay", "20"), ("storage", "local")];
    let fixture = Fixture::shop().embedding(Embedding::Element).attributes(&rules).clock();
    visit.go(&fixture).await?;
    ruled(visit).await?;
    run(visit, "window.kept = document.querySelector('afterword-survey'); kept.remove()").await?;
    visit.page.pass(30_000).await?;
    visit.page.quiet().await?;
    ensure!(visit.page.read("localStorage.length").await? == 0, "it counts as shown");
    run(visit, "document.querySelector('main').append(kept)").await?;
    hidden(visit).await?;
    visit.page.pass(20_001).await?;
    shown(visit).await
}

async fn a_wrong_rule_is_said_and_counts_as_none(visit: &Visit<'_>) -> Result<()> {
    let rules = [("delay", "soon"), ("when-visible", "<<"), ("mode", "cornered")];
    visit.open(&Fixture::shop().attributes(&rules)).await?;
    for (name, _) in rules {
        let lines = format!("probe.noise.filter((line) => line.includes('data-{name}=')).length");
        afterword_e2e::until(name, || async {
            Ok((visit.page.read(&lines).await? == 1).then_some(()))
        })
        .await?;
    }
    Ok(())
}

/// Inserts a copy of the element, as frameworks do that cache pages.
const COPY: &str = "document.querySelector('afterword-survey').replaceWith(document.querySelector('afterword-survey').cloneNode())";

/// One line for each reason of the closed list: those of the rules, and those of the page's own memory.
async fn with_debug_the_console_has_every_reason(visit: &Visit<'_>) -> Result<()> {
    let second = |attribute: &str| {
        format!(
            "document.body.insertAdjacentHTML('beforeend', '<afterword-survey data-debug data-survey=\"default\" data-endpoint=\"/endpoint/200\" {attribute}></afterword-survey>')"
        )
    };
    let [gap, another] = ["data-gap=\"1\"", "data-mode=\"corner\""].map(second);
    let close = format!("afterword.close(); {COPY}");
    // The reason, an attribute, what happens once the question is shown, and the words.
    for (reason, (name, value), then, words) in [
        (
            "consent",
            ("consent", "required-to-show"),
            "",
            "your page has not called afterword.consent(true)",
        ),
        ("page", ("exclude", "*"), "", "data-include or data-exclude leaves this page out"),
        ("date", ("until", "2020-12-31"), "", "data-from or data-until leaves today out"),
        ("sample", ("sample", "0"), "", "this customer is not in the share of data-sample"),
        (
            "answered",
            ("debug", ""),
            COPY,
            "it was answered less than data-repeat-after days ago, or on this page",
        ),
        (
            "snoozed",
            ("debug", ""),
            &close,
            "it was closed less than data-snooze days ago, or on this page",
        ),
        ("max-shows", ("max-shows", "1"), COPY, "it was shown data-max-shows times"),
        ("gap", ("gap", "1"), &gap, "a survey was shown less than data-gap days ago"),
        ("another", ("mode", "corner"), &another, "another survey stands open on the page"),
    ] {
        let fixture = Fixture::shop().embedding(Embedding::Element);
        let fixture = fixture.attribute("debug", "").attribute(name, value);
        if then.is_empty() {
            visit.go(&fixture).await?;
        } else {
            visit.open_as(Form::Widget, &fixture).await?;
            if reason == "answered" {
                visit.page.score(9).await?;
                visit.page.wait("the comment", |state| state["comment"].is_string()).await?;
                visit.page.send().await?;
            }
            run(visit, then).await?;
        }
        let line = format!("info: afterword: survey \"default\" is not shown: {words}");
        let seen = "[probe.skipped, probe.noise.filter((line) => line.includes('is not shown'))]";
        let told = afterword_e2e::until("the line", || async {
            Ok((visit.page.read(seen).await? == json!([[reason], [line]])).then_some(()))
        })
        .await;
        if told.is_err() {
            bail!("{reason}: {}", visit.page.read(seen).await?);
        }
    }
    Ok(())
}

async fn the_check_says_that_a_question_has_ended_on_this_page(visit: &Visit<'_>) -> Result<()> {
    visit.open_as(Form::Widget, &Fixture::shop().embedding(Embedding::Element)).await?;
    run(visit, &format!("afterword.close(); {COPY}")).await?;
    skipped(visit, &["snoozed"]).await?;
    afterword_e2e::until("the reason on the element, where the check reads it", || async {
        let reason = visit.page.read("probe.hosts()[0].skipped").await?;
        Ok((reason == "snoozed").then_some(()))
    })
    .await
}

async fn the_page_can_tell_what_is_so_now(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().before(WITHOUT_NAVIGATION).attribute("include", "/done");
    visit.go(&fixture).await?;
    skipped(visit, &["page"]).await?;
    // The route changes without an event and without a click.
    run(visit, "history.replaceState(null, '', '/done')").await?;
    hidden(visit).await?;
    run(visit, "afterword.push(['context', { 'order-id': 'A-7', 'prop-coupon': 'LATE' }])").await?;
    visit.page.taken_over().await?;
    visit.page.score(9).await?;
    let sent = visit.posted("/endpoint", 1).await?;
    let sent: serde_json::Value = serde_json::from_str(&sent[0].body)?;
    ensure!(sent["order"]["id"] == "A-7" && sent["properties"]["coupon"] == "LATE", "{sent}");
    Ok(())
}

async fn where_data_is_saved_no_webassembly_is_fetched(visit: &Visit<'_>) -> Result<()> {
    for connection in ["{ saveData: true }", "{ effectiveType: 'slow-2g' }"] {
        let before = visit.shop.requests("POST", "/endpoint").len();
        let sparing = format!(
            "<script>Object.defineProperty(navigator, 'connection', {{ value: {connection}, configurable: true }})</script>"
        );
        visit.open(&Fixture::shop().before(&sparing)).await?;
        visit.page.score(9).await?;
        visit.page.wait("the comment", |state| state["comment"].is_string()).await?;
        visit.page.quiet().await?;
        visit.page.write("Fine").await?;
        let state = visit.page.send().await?;
        ensure!(state["thanks"].is_string() && state["widget"] == false, "{state}");
        ensure!(visit.shop.requests("POST", "/endpoint").len() > before);
        ensure!(fetched(visit, ".wasm") == 0, "the module was fetched");
    }
    Ok(())
}
