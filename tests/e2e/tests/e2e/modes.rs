//! The places over the page besides the corner: banner, dialog, and the cards that a tab or only the page opens.

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Embedding, Fixture, Form, Script};
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::corner::{card_in, in_frames, until_card, with_a_card};
use crate::{Visit, scenarios};

scenarios!(
    every_mode_says_in_the_answer_where_it_stood,
    a_banner_stands_along_either_edge_and_its_scores_are_reached,
    a_banner_takes_half_of_the_window_at_most_until_it_is_touched,
    a_banner_takes_no_focus_and_leaves_by_button_and_escape,
    a_banner_covers_neither_what_is_named_nor_a_consent_bar,
    a_banner_covers_nothing_that_has_the_focus,
    a_dialog_holds_the_focus_and_gives_it_back,
    a_dialog_leaves_scrolling_as_it_was,
    a_dialog_is_closed_and_opened_by_the_page_as_often_as_it_likes,
    a_dialog_fits_every_window_and_its_scores_are_reached,
    a_dialog_is_as_dark_as_the_page,
    a_tag_in_the_head_is_enough_for_each,
    a_tab_opens_its_card_and_gets_the_focus_back,
    a_tab_stands_at_its_edge_and_is_reached,
    a_tab_says_what_the_shop_says,
    a_tab_has_the_language_of_the_shops_label,
    a_tab_and_its_card_are_seen_in_forced_colours,
    a_tab_covers_neither_what_is_named_nor_a_consent_bar_nor_the_focus,
    the_page_opens_and_closes_a_tabs_card,
    a_tab_stays_when_its_card_is_closed_and_goes_after_the_thanks,
    after_the_thanks_a_tab_gives_the_focus_back,
    a_tab_counts_as_shown_once_its_card_is_open,
    a_tab_and_a_corner_do_not_wait_for_each_other,
    only_the_page_opens_a_manual_card,
    without_its_file_no_mode_is_shown,
    the_data_layer_is_told_of_event_survey_and_segment,
    the_data_layer_is_told_nothing_without_consent,
);

const MODES: [&str; 5] = ["corner", "banner", "dialog", "tab", "manual"];

const TAB: &str = "\u{E004}";
const ESCAPE: &str = "\u{E00C}";

fn with(mode: &str) -> Fixture {
    with_a_card().attribute("mode", mode)
}

/// Opens the survey, as the page does if the mode waits for it.
async fn open(visit: &Visit<'_>, fixture: &Fixture, mode: &str) -> Result<()> {
    if mode == "manual" {
        visit.go(fixture).await?;
        run(visit, "(window.afterword ??= []).push(['open'])").await?;
        visit.page.taken_over().await
    } else if mode == "tab" {
        until_tab(visit, fixture).await?;
        visit.page.click(".bar").await?;
        visit.page.taken_over().await
    } else {
        visit.open_as(Form::Widget, fixture).await.map(drop)
    }
}

/// Whether the tab is there, and its card is not.
const IS_TAB: &str = "probe.find('.bar')?.offsetHeight > 0 && probe.find('form').offsetHeight == 0";
/// Whether the card is there, and its tab is not.
const IS_CARD: &str =
    "probe.find('.bar')?.offsetHeight == 0 && probe.find('form').offsetHeight > 0";

/// Opens a page, and waits until the tab stands there.
async fn until_tab(visit: &Visit<'_>, fixture: &Fixture) -> Result<()> {
    visit.go(fixture).await?;
    until(visit, "the tab", IS_TAB).await?;
    visit.page.quiet().await
}

/// Runs a statement in the page.
async fn run(visit: &Visit<'_>, statement: &str) -> Result<()> {
    visit.page.read(&format!("(() => {{ {statement}; return 0; }})()")).await.map(drop)
}

/// Waits until an expression of the page is true.
async fn until(visit: &Visit<'_>, what: &str, expression: &str) -> Result<()> {
    afterword_e2e::until(what, || async {
        Ok((visit.page.read(expression).await? == true).then_some(()))
    })
    .await
}

/// Waits until the survey waits for what the shop has set.
pub(crate) async fn ruled(visit: &Visit<'_>) -> Result<()> {
    let come = "performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('/when.js') && responseEnd > 0)";
    until(visit, "the rules", come).await?;
    visit.page.quiet().await
}

async fn every_mode_says_in_the_answer_where_it_stood(visit: &Visit<'_>) -> Result<()> {
    for mode in MODES {
        open(visit, &with(mode).without("report"), mode).await?;
        visit.page.score(9).await?;
        visit.page.wait("the comment", |state| state["comment"].is_string()).await?;
        visit.page.send().await?;
        let sent = afterword_e2e::until("the answer", || async {
            let all = visit.shop.requests("POST", "/endpoint");
            let all = all.iter().map(|it| serde_json::from_str::<Value>(&it.body));
            Ok(all.flatten().find(|it| it["complete"] == true && it["method"]["mode"] == mode))
        })
        .await?;
        ensure!(sent["score"] == 9, "{sent}");
        ensure!(visit.page.read("probe.noise").await? == json!([]), "something in the console");
    }
    Ok(())
}

const SIZES: [(u32, u32); 4] = [(320, 640), (390, 700), (768, 700), (1280, 700)];

/// How many of the scores and the close button in a frame are what a finger meets at their place.
async fn reached(visit: &Visit<'_>, number: usize) -> Result<Value> {
    let script = format!(
        "(({{ probe, document }}) => [...probe.root().querySelectorAll('.score, .close')].filter((it) => {{
            const {{ left, top, right, bottom }} = it.getBoundingClientRect();
            const [x, y] = [(left + right) / 2, (top + bottom) / 2];
            return document.elementFromPoint(x, y) == probe.hosts()[0] && it.contains(probe.root().elementFromPoint(x, y));
        }}).length)(document.querySelectorAll('iframe')[{number}].contentWindow)"
    );
    visit.page.read(&script).await
}

async fn a_banner_stands_along_either_edge_and_its_scores_are_reached(
    visit: &Visit<'_>,
) -> Result<()> {
    for position in ["", "bottom", "top", "end"] {
        in_frames(visit, &with("banner").attribute("position", position), &SIZES).await?;
        for (number, size) in SIZES.iter().enumerate() {
            let [left, top, right, bottom, width, height] = card_in(visit, number).await?;
            let at = format!("{position} {size:?}: {left} {top} {right} {bottom}");
            ensure!((left, right) == (0.0, width), "{at}");
            ensure!(bottom - top > 120.0 && bottom - top <= height / 2.0 + 1.0, "{at}");
            let edge = if position == "top" { top } else { height - bottom };
            ensure!(edge.abs() < 1.0, "{at}");
            let reached = reached(visit, number).await?;
            ensure!(reached == 12, "{at}: {reached} of 12 are reached");
        }
    }
    Ok(())
}

/// As at 400% zoom: where half is too little for the question, it is a bar that opens.
async fn a_banner_takes_half_of_the_window_at_most_until_it_is_touched(
    visit: &Visit<'_>,
) -> Result<()> {
    for position in ["bottom", "top"] {
        let sizes = [(320, 256), (1280, 300)];
        let inside = with("banner").attributes(&[("position", position), ("locale", "de")]);
        in_frames(visit, &inside, &sizes).await?;
        for (number, size) in sizes.iter().enumerate() {
            let [_, top, _, bottom, _, height] = card_in(visit, number).await?;
            let at = format!("{position} {size:?}: {top} to {bottom}");
            ensure!(bottom - top < 100.0, "{at}: no bar");
            let frame =
                format!("document.querySelectorAll('iframe')[{number}].contentWindow.probe");
            run(visit, &format!("{frame}.find('.bar').click()")).await?;
            until_card(visit, number, "the banner to open", |card| card[3] - card[1] > 100.0)
                .await?;
            let [_, top, _, bottom, ..] = card_in(visit, number).await?;
            ensure!(top >= 0.0 && bottom <= height, "{at}: opened, {top} to {bottom}");
            let focus = visit.page.read(&format!("{frame}.root().activeElement.name")).await?;
            ensure!(focus == "score", "{at}: the focus is on {focus}");
        }
    }
    Ok(())
}

async fn a_banner_takes_no_focus_and_leaves_by_button_and_escape(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for position in ["bottom", "top"] {
        // Where neither edge covers what has the focus.
        let fixture = with("banner")
            .head("<style>main { padding-top: 260px }</style>")
            .attributes(&[("position", position), ("on", "order-placed")]);
        visit.go(&fixture).await?;
        ruled(visit).await?;
        run(visit, "document.querySelector('#own').focus(); document.body.style.height = '4000px'")
            .await?;
        run(visit, "document.dispatchEvent(new Event('order-placed'))").await?;
        page.taken_over().await?;
        let state = page.read("[document.activeElement.id, scrollY, probe.find('.frame').role, document.querySelectorAll('[inert]').length]").await?;
        ensure!(state == json!(["own", 0, "region", 0]), "{state}");
        page.click(".close").await?;
        ensure!(page.read("probe.hosts()[0].hidden").await? == true, "still there");
        let names = page.read("probe.events.map((event) => event.name)").await?;
        ensure!(names == json!(["shown", "dismissed"]), "{names}");
        run(visit, "afterword.open(); document.querySelector('#own').focus()").await?;
        page.keys(TAB).await?;
        page.wait("the focus inside", |state| !state["focus"].is_null()).await?;
        page.keys(ESCAPE).await?;
        let closed = page.read("[probe.hosts()[0].hidden, document.activeElement.id]").await?;
        ensure!(closed == json!([true, "own"]), "{closed}");
    }
    Ok(())
}

async fn a_banner_covers_neither_what_is_named_nor_a_consent_bar(visit: &Visit<'_>) -> Result<()> {
    let sizes = [(390, 700), (1280, 700)];
    for (position, edge) in [("bottom", "bottom"), ("top", "top")] {
        let style = format!(
            "<style>
                .chat {{ position: fixed; right: 16px; {edge}: 16px; width: 60px; height: 60px }}
                #onetrust-banner-sdk {{ position: fixed; inset: auto 0 auto; {edge}: 0; height: 150px; background: #ddd }}
            </style>"
        );
        let inside = with("banner")
            .attributes(&[("position", position), ("avoid", ".chat")])
            .head(&style)
            .end("<div class=\"chat\">Chat</div>");
        in_frames(visit, &inside, &sizes).await?;
        // How far the banner is from its edge.
        let away = |card: &[f64; 6]| if position == "top" { card[1] } else { card[5] - card[3] };
        for number in 0..sizes.len() {
            let set = async |what: &str| {
                let script = format!(
                    "((page) => {{ {what}; return 0; }})(document.querySelectorAll('iframe')[{number}].contentDocument)"
                );
                visit.page.read(&script).await
            };
            let beside =
                |from: f64| move |card: &[f64; 6]| (from..from + 25.0).contains(&away(card));
            until_card(visit, number, "the banner beside the chat", beside(76.0)).await?;
            set("page.body.insertAdjacentHTML('beforeend', '<div id=onetrust-banner-sdk>Cookies</div>')")
                .await?;
            until_card(visit, number, "the banner beside the bar", beside(150.0)).await?;
            set("page.querySelector('#onetrust-banner-sdk').remove()").await?;
            set("page.querySelector('.chat').remove()").await?;
            until_card(visit, number, "the banner at its edge", |card| away(card).abs() < 1.0)
                .await?;
        }
    }
    Ok(())
}

/// WCAG 2.4.11: it gives way to an element with the focus, and comes back.
async fn a_banner_covers_nothing_that_has_the_focus(visit: &Visit<'_>) -> Result<()> {
    for position in ["bottom", "top"] {
        let style =
            format!("<style>#mine {{ position: fixed; left: 40px; {position}: 40px }}</style>");
        let inside = with("banner")
            .attribute("position", position)
            .head(&style)
            .end("<input id=\"mine\" aria-label=\"mine\">");
        in_frames(visit, &inside, &[(1280, 700)]).await?;
        let shown = card_in(visit, 0).await?;
        let mine = "document.querySelector('iframe').contentDocument.querySelector('#mine')";
        // A text field shows the focus however it came.
        run(visit, &format!("document.querySelector('iframe').focus(); {mine}.focus()")).await?;
        until_card(visit, 0, "the banner to give way", |card| card[3] <= 0.0 || card[1] >= card[5])
            .await?;
        run(visit, &format!("{mine}.blur()")).await?;
        until_card(visit, 0, "the banner to be back", |card| card[1] == shown[1]).await?;
    }
    Ok(())
}

async fn a_dialog_holds_the_focus_and_gives_it_back(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.go(&with("dialog").attribute("on", "order-placed")).await?;
    ruled(visit).await?;
    run(visit, "document.querySelector('#own').focus()").await?;
    run(visit, "document.dispatchEvent(new Event('order-placed'))").await?;
    page.taken_over().await?;
    let dialog = "probe.find('dialog')";
    let state = page
        .read(&format!("[{dialog}.matches(':modal'), {dialog}.ariaLabel == probe.find('#question').textContent, document.activeElement == probe.hosts()[0], probe.root().activeElement.className]"))
        .await?;
    ensure!(state == json!([true, true, true, "frame"]), "{state}");
    // A key that was meant for the page chooses nothing.
    page.keys("7").await?;
    ensure!(page.state().await?["score"].is_null(), "a key chose a score");
    // However often the focus moves on, nothing of the page has it.
    for _ in 0..6 {
        page.keys(TAB).await?;
        let at = page.read("document.activeElement.localName").await?;
        ensure!(at == "afterword-survey" || at == "body", "the focus is on {at}");
    }
    run(visit, "probe.find('.close').focus()").await?;
    page.keys(ESCAPE).await?;
    let closed = page
        .read(&format!("[probe.hosts()[0].hidden, {dialog}.open, document.activeElement.id]"))
        .await?;
    ensure!(closed == json!([true, false, "own"]), "{closed}");
    let names = page.read("probe.events.map((event) => event.name)").await?;
    ensure!(names == json!(["shown", "dismissed"]), "{names}");
    Ok(())
}

async fn a_dialog_leaves_scrolling_as_it_was(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let far = with("dialog")
        .attribute("on", "order-placed")
        .sheet("/far.css")
        .after("<div class=\"far\"></div>");
    visit.go(&far).await?;
    ruled(visit).await?;
    // What had the focus is out of view.
    run(
        visit,
        "document.querySelector('#own').focus(); scrollTo({ top: 777, behavior: 'instant' })",
    )
    .await?;
    let before = page.read("[scrollX, scrollY, document.documentElement.clientWidth, getComputedStyle(document.documentElement).overflow, getComputedStyle(document.body).overflow]").await?;
    let read = "[scrollX, scrollY, document.documentElement.clientWidth, getComputedStyle(document.documentElement).overflow, getComputedStyle(document.body).overflow]";
    ensure!(before[1] == 777, "{before}");
    run(visit, "document.dispatchEvent(new Event('order-placed'))").await?;
    page.taken_over().await?;
    let open = page.read(read).await?;
    ensure!(open == before, "{before}, then {open}");
    page.score(8).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    page.click(".close").await?;
    page.quiet().await?;
    let after = page.read(read).await?;
    ensure!(after == before, "{before}, then {after}");
    ensure!(page.read("document.activeElement.id").await? == "own", "the focus is elsewhere");
    Ok(())
}

async fn a_dialog_is_closed_and_opened_by_the_page_as_often_as_it_likes(
    visit: &Visit<'_>,
) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &with("dialog")).await?;
    let modal = "probe.find('dialog').matches(':modal')";
    for _ in 0..2 {
        run(visit, "afterword.close()").await?;
        until(visit, "the dialog to be closed", &format!("!{modal}")).await?;
        // The page can be used again.
        let free = page
            .read("(document.querySelector('#own').focus(), document.activeElement.id)")
            .await?;
        ensure!(free == "own", "the page is shut off: {free}");
        run(visit, "afterword.open()").await?;
        until(visit, "the dialog to be open", modal).await?;
    }
    // At once, the one after the other.
    run(visit, "afterword.close(); afterword.open()").await?;
    page.quiet().await?;
    until(visit, "the dialog to be open still", &format!("{modal} && !probe.hosts()[0].hidden"))
        .await?;
    page.score(5).await?;
    page.wait("the score", |state| state["score"] == "5").await?;
    // Taken out of the page, it leaves nothing behind.
    run(visit, "probe.hosts()[0].remove()").await?;
    let free =
        page.read("(document.querySelector('#own').focus(), document.activeElement.id)").await?;
    ensure!(free == "own", "the page is shut off: {free}");
    Ok(())
}

async fn a_dialog_fits_every_window_and_its_scores_are_reached(visit: &Visit<'_>) -> Result<()> {
    in_frames(visit, &with("dialog"), &SIZES).await?;
    for (number, size) in SIZES.iter().enumerate() {
        let [left, top, right, bottom, width, height] = card_in(visit, number).await?;
        let at = format!("{size:?}: {left} {top} {right} {bottom}");
        ensure!((left - (width - right)).abs() < 1.0 && left >= 16.0, "{at}: not in the middle");
        ensure!((top - (height - bottom)).abs() < 1.0, "{at}: not in the middle");
        let reached = reached(visit, number).await?;
        ensure!(reached == 12, "{at}: {reached} of 12 are reached");
    }
    // As at 400% zoom: all of it can be scrolled to, and the button stays.
    in_frames(visit, &with("dialog").attribute("locale", "de"), &[(320, 256)]).await?;
    let [_, top, _, bottom, _, height] = card_in(visit, 0).await?;
    ensure!(top >= 0.0 && bottom <= height, "{top} to {bottom} of {height}");
    let end = "(({ probe }) => {
        probe.find('#high').scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const [end, frame, close] = ['#high', '.frame', '.close'].map((it) => probe.find(it).getBoundingClientRect());
        return end.bottom <= frame.bottom && close.top >= frame.top;
    })(document.querySelector('iframe').contentWindow)";
    ensure!(visit.page.read(end).await? == true, "the end is out of reach");
    Ok(())
}

async fn a_dialog_is_as_dark_as_the_page(visit: &Visit<'_>) -> Result<()> {
    let style = "<style>html { background: #fff; color: #222 } .dark { background: #111; color: #eee }</style>";
    visit.open_as(Form::Widget, &with("dialog").sheet("/plain.css").head(style)).await?;
    for (class, theme) in [("", "light"), ("dark", "dark"), ("", "light")] {
        run(visit, &format!("document.documentElement.className = {class:?}")).await?;
        let what = format!("{class:?}: the dialog to be {theme}");
        until(visit, &what, &format!("probe.find('.frame').dataset.theme == '{theme}'")).await?;
    }
    Ok(())
}

async fn a_tag_in_the_head_is_enough_for_each(visit: &Visit<'_>) -> Result<()> {
    for mode in MODES {
        open(visit, &with(mode).embedding(Embedding::Head), mode).await?;
        visit.page.score(7).await?;
        visit.page.wait("the score", |state| state["score"] == "7").await?;
    }
    Ok(())
}

const EVENTS: &str = "probe.events.map((event) => event.name)";

async fn a_tab_opens_its_card_and_gets_the_focus_back(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    until_tab(visit, &with("tab")).await?;
    let state = page
        .read("[probe.find('.bar').textContent, document.activeElement == document.body, scrollY, document.querySelectorAll('[inert]').length]")
        .await?;
    ensure!(state == json!(["Feedback", true, 0, 0]), "{state}");
    // Nobody has seen a question, and nothing heavy was fetched.
    ensure!(page.read(EVENTS).await? == json!([]), "told of a question");
    let heavy = visit.shop.requests("GET", "/dist/").iter().any(|it| it.path.contains(".wasm"));
    ensure!(!heavy && visit.shop.requests("POST", "/").is_empty(), "the widget was fetched");
    // By keyboard, twice: the focus goes in and comes back.
    run(visit, "probe.find('.bar').focus()").await?;
    for keys in [" ", "\u{E007}"] {
        page.keys(keys).await?;
        until(visit, "the card", IS_CARD).await?;
        page.taken_over().await?;
        page.wait("the focus on the scale", |state| state["focus"] == "0").await?;
        until(visit, "the display", "probe.events.some((event) => event.name == 'shown')").await?;
        page.keys(ESCAPE).await?;
        until(visit, "the tab", IS_TAB).await?;
        until(visit, "the focus on the tab", "probe.root().activeElement?.className == 'bar'")
            .await?;
    }
    let names = page.read(EVENTS).await?;
    ensure!(names == json!(["shown", "dismissed", "dismissed"]), "{names}");
    // By pointer, and with a score that is kept.
    page.click(".bar").await?;
    page.score(8).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    page.click(".close").await?;
    until(visit, "the tab", IS_TAB).await?;
    page.click(".bar").await?;
    let state = page.wait("the focus on the score", |state| state["focus"] == "8").await?;
    ensure!(state["score"] == "8" && state["comment"] == "", "{state}");
    ensure!(page.read("probe.noise").await? == json!([]), "something in the console");
    Ok(())
}

async fn a_tab_stands_at_its_edge_and_is_reached(visit: &Visit<'_>) -> Result<()> {
    // Not as wide as the browser's window: WebKit meets nothing in the part of a frame that is out of view.
    let sizes = [(320, 256), (320, 640), (390, 700), (768, 700), (1200, 700)];
    for (locale, position) in [("en", "end"), ("en", "start"), ("ar", "end"), ("ja", "start")] {
        let fixture = with("tab").attributes(&[("locale", locale), ("position", position)]);
        in_frames(visit, &fixture, &sizes).await?;
        for (number, size) in sizes.iter().enumerate() {
            let is_right = (locale == "ar") == (position == "start");
            let at = |[left, _, right, _, width, _]: &[f64; 6]| {
                if is_right { width - right } else { *left }
            };
            until_card(visit, number, "the tab at its edge", |tab| at(tab).abs() < 1.0).await?;
            let [left, top, right, bottom, _, height] = card_in(visit, number).await?;
            let at = format!("{locale} {position} {size:?}: {left} {top} {right} {bottom}");
            ensure!((44.0..48.0).contains(&(right - left)) && bottom - top >= 44.0, "{at}");
            ensure!(top >= 0.0 && bottom <= height * 0.8, "{at}: not in the lower third");
            ensure!(bottom > height / 2.0, "{at}: not in the lower third");
            let met = format!(
                "(({{ probe, document }}) => {{
                    const {{ left, top, right, bottom }} = probe.find('.bar').getBoundingClientRect();
                    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
                    // Beside the tab the page is the page's.
                    const beside = document.elementFromPoint({0}, y);
                    const met = document.elementFromPoint(x, y);
                    const [host] = probe.hosts();
                    // The page is no wider than without it.
                    const width = document.documentElement.scrollWidth;
                    host.setAttribute('hidden', '');
                    const without = document.documentElement.scrollWidth;
                    host.removeAttribute('hidden');
                    return [met == host, beside != host, width - without];
                }})(document.querySelectorAll('iframe')[{number}].contentWindow)",
                if is_right { "left - 8" } else { "right + 8" }
            );
            let met = visit.page.read(&met).await?;
            ensure!(met == json!([true, true, 0]), "{at}: {met}");
            // Opened, the card fits, and its scores are reached.
            let frame =
                format!("document.querySelectorAll('iframe')[{number}].contentWindow.probe");
            run(visit, &format!("{frame}.find('.bar').click()")).await?;
            until_card(visit, number, "the card", |card| card[2] - card[0] > 200.0).await?;
            let [left, top, right, bottom, width, height] = card_in(visit, number).await?;
            let at = format!("{locale} {position} {size:?}: {left} {top} {right} {bottom}");
            ensure!(left >= 0.0 && top >= 0.0 && right <= width && bottom <= height, "{at}");
            if height > 300.0 {
                let reached = reached(visit, number).await?;
                ensure!(reached == 12, "{at}: {reached} of 12 are reached");
            }
        }
    }
    Ok(())
}

async fn a_tab_says_what_the_shop_says(visit: &Visit<'_>) -> Result<()> {
    let label = "[probe.find('.bar').textContent, probe.find('.frame').getAttribute('aria-label')]";
    for (set, expected) in
        [(("locale", "fr"), "Votre avis"), (("tab-label", "Rate {subject}"), "Rate Harbour & Hill")]
    {
        until_tab(visit, &with("tab").attributes(&[set])).await?;
        let said = visit.page.read(label).await?;
        ensure!(said == json!([expected, expected]), "{said}");
    }
    Ok(())
}

/// Before the card is open, as well as afterwards.
async fn a_tab_has_the_language_of_the_shops_label(visit: &Visit<'_>) -> Result<()> {
    let lang = "['.bar span', '.frame', '.close', '#question'].map((it) => probe.find(it).closest('[lang]').lang)";
    let eo = |label: Option<&str>| {
        let tab = with("tab").lang("eo");
        label.map_or_else(|| tab.clone(), |label| tab.clone().attribute("tab-label", label))
    };
    // Our own label is English, since there is no locale for the page's language.
    until_tab(visit, &eo(None)).await?;
    let said = visit.page.read(lang).await?;
    ensure!(said == json!(["en", "en", "en", "en"]), "{said}");
    until_tab(visit, &eo(Some("Opinio pri {subject}"))).await?;
    let own = json!(["eo", "eo", "en", "en"]);
    let said = visit.page.read(lang).await?;
    ensure!(said == own, "the tab: {said}");
    visit.page.click(".bar").await?;
    visit.page.taken_over().await?;
    let said = visit.page.read(lang).await?;
    ensure!(said == own, "the card: {said}");
    Ok(())
}

/// With forced colours there are neither backgrounds nor shadows: what is seen has to be a line or a text.
async fn a_tab_and_its_card_are_seen_in_forced_colours(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    // WebKit has no forced colours, so there the lines alone are looked at.
    let force = async |on: bool| match page.engine {
        Engine::Chromium => {
            let value = if on { "active" } else { "none" };
            let features = json!({ "features": [{ "name": "forced-colors", "value": value }] });
            page.chromium_with("Emulation.setEmulatedMedia", features).await.map(drop)
        }
        Engine::Firefox => {
            let value = if on { 2 } else { 0 };
            let set =
                format!("Services.prefs.setIntPref('browser.display.document_color_use', {value})");
            page.firefox(&set).await.map(drop)
        }
        Engine::WebKit => Ok(()),
    };
    let look = async || -> Result<()> {
        until_tab(visit, &with("tab")).await?;
        let forced = page.read("matchMedia('(forced-colors: active)').matches").await?;
        ensure!(forced == (page.engine != Engine::WebKit), "forced colours: {forced}");
        // Of lines: their width, and whether they differ from what is behind them.
        let line = |selector: &str, pseudo: &str, side: &str| {
            format!(
                "((style, behind) => [parseFloat(style.border{side}Width) >= 1 && style.border{side}Style == 'solid', style.border{side}Color != behind])(
                    getComputedStyle(probe.find('{selector}'), '{pseudo}'), getComputedStyle(probe.find('.frame')).backgroundColor)"
            )
        };
        let text = "getComputedStyle(probe.find('.bar')).color != getComputedStyle(probe.find('.frame')).backgroundColor";
        let tab = page.read(&format!("[{}, {text}]", line(".frame", "", "Top"))).await?;
        ensure!(tab == json!([[true, true], true]), "the tab: {tab}");
        run(visit, "probe.find('.bar').focus()").await?;
        page.keys(" ").await?;
        until(visit, "the card", IS_CARD).await?;
        page.taken_over().await?;
        let card = page
            .read(&format!(
                "[{}, {}]",
                line(".frame", "", "Top"),
                line(".close", "::before", "Top")
            ))
            .await?;
        ensure!(card == json!([[true, true], [true, true]]), "the card: {card}");
        Ok(())
    };
    force(true).await?;
    let seen = look().await;
    force(false).await?;
    seen
}

async fn a_tab_covers_neither_what_is_named_nor_a_consent_bar_nor_the_focus(
    visit: &Visit<'_>,
) -> Result<()> {
    let style = "<style>
        .chat { position: fixed; right: 8px; bottom: 180px; width: 60px; height: 60px }
        #onetrust-banner-sdk { position: fixed; inset: auto 0 0; height: 400px; background: #ddd }
        #mine { position: fixed; right: 0; bottom: 250px; width: 80px; height: 40px }
    </style>";
    let inside = with("tab")
        .attribute("avoid", ".chat")
        .head(style)
        .end("<div class=\"chat\">Chat</div><input id=\"mine\" aria-label=\"mine\">");
    in_frames(visit, &inside, &[(1280, 700)]).await?;
    let set = async |what: &str| {
        let page = "document.querySelector('iframe').contentDocument";
        run(visit, &format!("const page = {page}; {what}")).await
    };
    until_card(visit, 0, "the tab above the chat", |tab| tab[3] <= 460.0 && tab[1] > 0.0).await?;
    set("page.body.insertAdjacentHTML('beforeend', '<div id=onetrust-banner-sdk>Cookies</div>')")
        .await?;
    until_card(visit, 0, "the tab above the bar", |tab| tab[3] <= 300.0 && tab[1] > 0.0).await?;
    set("page.querySelector('#onetrust-banner-sdk').style.height = '100%'").await?;
    until_card(visit, 0, "the tab to wait", |tab| tab[1] >= tab[5]).await?;
    set("page.querySelector('#onetrust-banner-sdk').remove()").await?;
    set("page.querySelector('.chat').remove()").await?;
    until_card(visit, 0, "the tab in its place", |tab| tab[3] > 500.0 && tab[1] < tab[5]).await?;
    set("document.querySelector('iframe').focus(); page.querySelector('#mine').focus()").await?;
    until_card(visit, 0, "the tab to give way", |tab| tab[1] >= tab[5]).await?;
    set("page.querySelector('#mine').blur()").await?;
    until_card(visit, 0, "the tab to be back", |tab| tab[1] < tab[5]).await
}

async fn the_page_opens_and_closes_a_tabs_card(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    until_tab(visit, &with("tab")).await?;
    for _ in 0..2 {
        run(visit, "document.querySelector('#own').focus(); afterword.open()").await?;
        until(visit, "the card", IS_CARD).await?;
        // The page has opened it, so the focus is the page's.
        ensure!(page.read("document.activeElement.id").await? == "own", "it has taken the focus");
        page.taken_over().await?;
        until(visit, "the display", "probe.events.some((event) => event.name == 'shown')").await?;
        // The page closes card and tab.
        run(visit, "afterword.close()").await?;
        until(visit, "nothing", "probe.hosts()[0].offsetHeight == 0").await?;
    }
    ensure!(page.read(EVENTS).await? == json!(["shown", "dismissed", "dismissed"]));
    // And the tab alone, which nobody has dismissed.
    until_tab(visit, &with("tab")).await?;
    run(visit, "afterword.close()").await?;
    until(visit, "nothing", "probe.hosts()[0].offsetHeight == 0").await?;
    ensure!(page.read(EVENTS).await? == json!([]), "told of a question");
    // What the page opens before its moment is open at once.
    visit.go(&with("tab").attribute("on", "order-placed")).await?;
    ruled(visit).await?;
    ensure!(page.state().await?.is_null(), "it does not wait");
    run(visit, "afterword.open()").await?;
    until(visit, "the card", IS_CARD).await
}

async fn a_tab_stays_when_its_card_is_closed_and_goes_after_the_thanks(
    visit: &Visit<'_>,
) -> Result<()> {
    let page = &visit.page;
    open(visit, &with("tab"), "tab").await?;
    page.click(".close").await?;
    until(visit, "the tab", IS_TAB).await?;
    // A copy of its element, as Turbo and htmx make one, has the tab, too.
    run(visit, "const host = probe.hosts()[0], copy = host.cloneNode(); copy.removeAttribute('popover'); host.replaceWith(copy)").await?;
    until(visit, "the tab in the copy", IS_TAB).await?;
    page.click(".bar").await?;
    page.taken_over().await?;
    page.score(10).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    page.send().await?;
    page.click(".close").await?;
    until(visit, "nothing", "probe.hosts()[0].offsetHeight == 0").await?;
    run(visit, "const host = probe.hosts()[0], copy = host.cloneNode(); copy.removeAttribute('popover'); copy.removeAttribute('hidden'); host.replaceWith(copy)").await?;
    until(visit, "the reason", "probe.skipped.at(-1) == 'answered'").await?;
    ensure!(page.read("probe.hosts()[0].offsetHeight").await? == 0, "the tab is back");
    Ok(())
}

/// Nothing of the survey is left then, so whoever uses the keyboard goes on where they came from.
async fn after_the_thanks_a_tab_gives_the_focus_back(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for from in ["own", ""] {
        until_tab(visit, &with("tab")).await?;
        if !from.is_empty() {
            run(visit, &format!("document.querySelector('#{from}').focus()")).await?;
        }
        run(visit, "probe.find('.bar').focus()").await?;
        page.keys(" ").await?;
        until(visit, "the card", IS_CARD).await?;
        page.taken_over().await?;
        page.score(9).await?;
        page.wait("the comment", |state| state["comment"].is_string()).await?;
        page.send().await?;
        until(visit, "the focus inside", "!!probe.root().activeElement").await?;
        page.keys(ESCAPE).await?;
        until(visit, "nothing", "probe.hosts()[0].offsetHeight == 0").await?;
        let at = page.read("document.activeElement.id").await?;
        ensure!(at == from, "the focus is on {at}");
        // The next key goes on in the page.
        page.keys(TAB).await?;
        let next =
            page.read("[document.activeElement.localName, !!probe.root().activeElement]").await?;
        ensure!(next[0] != "afterword-survey" && next[1] == false, "the focus is on {next}");
    }
    Ok(())
}

async fn a_tab_counts_as_shown_once_its_card_is_open(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = with("tab").attributes(&[("storage", "session"), ("max-shows", "1")]);
    for _ in 0..2 {
        until_tab(visit, &fixture).await?;
    }
    page.click(".bar").await?;
    until(visit, "the display", "probe.events.some((event) => event.name == 'shown')").await?;
    visit.go(&fixture).await?;
    until(visit, "the reason", "probe.skipped.at(-1) == 'max-shows'").await
}

/// A tab asks nobody by itself, so it takes no other survey's turn.
async fn a_tab_and_a_corner_do_not_wait_for_each_other(visit: &Visit<'_>) -> Result<()> {
    let fixture = with("tab").end(
        "<afterword-survey data-mode=\"corner\" data-survey=\"other\" data-include=\"*\" data-position=\"start\" data-endpoint=\"/endpoint/200\"></afterword-survey>",
    );
    let fixture = fixture.embedding(Embedding::Element);
    until_tab(visit, &fixture).await?;
    let corner = "probe.rootOf(probe.hosts()[1])?.querySelector('form')?.offsetHeight > 0";
    until(visit, "the corner", corner).await?;
    ensure!(visit.page.read("probe.skipped").await? == json!([]), "one of them waits");
    Ok(())
}

async fn only_the_page_opens_a_manual_card(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let files = || visit.shop.requests("GET", "/dist/").len();
    visit.go(&with("manual").without("include").without("report")).await?;
    ruled(visit).await?;
    ensure!(page.state().await?.is_null(), "it opens by itself");
    ensure!(files() == 2, "{} files were fetched", files());
    ensure!(page.read("probe.noise").await? == json!([]), "warned about");
    run(visit, "afterword.open()").await?;
    page.taken_over().await?;
    page.click(".close").await?;
    run(visit, "afterword.open()").await?;
    page.score(4).await?;
    page.wait("the score", |state| state["score"] == "4").await?;
    Ok(())
}

/// No question is better than one in a place that the shop has not chosen.
async fn without_its_file_no_mode_is_shown(visit: &Visit<'_>) -> Result<()> {
    for mode in ["banner", "dialog", "tab"] {
        visit.go(&with(mode).script(Script::Gone)).await?;
        until(visit, "the failure", "probe.events.map((event) => event.name) == 'failed'").await?;
        ensure!(visit.page.state().await?.is_null(), "painted all the same");
    }
    Ok(())
}

/// A page with a data layer whose survey knows what must not get there.
fn with_a_layer() -> Fixture {
    Fixture::shop()
        .attributes(&[("layer", ""), ("survey", "post-purchase"), ("order-id", "A-1001")])
        .attributes(&[("customer-id", "c-7"), ("prop-coupon", "WELCOME")])
}

async fn the_data_layer_is_told_of_event_survey_and_segment(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let layer = "window.dataLayer ?? null";
    visit.open_as(Form::Widget, &Fixture::shop()).await?;
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    ensure!(page.read(layer).await?.is_null(), "told without the attribute");
    visit.open_as(Form::Widget, &with_a_layer()).await?;
    until(visit, "the display", "window.dataLayer?.length == 1").await?;
    page.score(3).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    page.send().await?;
    until(visit, "the answer", "dataLayer.length == 3").await?;
    let pushed = |event: &str, segment: Option<&str>| {
        let mut pushed = json!({ "event": event, "survey": "post-purchase" });
        if let Some(segment) = segment {
            pushed["segment"] = segment.into();
        }
        pushed
    };
    let expected = json!([
        pushed("afterword_shown", None),
        pushed("afterword_scored", Some("detractor")),
        pushed("afterword_submitted", Some("detractor")),
    ]);
    let told = page.read(layer).await?;
    ensure!(told == expected, "{told}");
    Ok(())
}

async fn the_data_layer_is_told_nothing_without_consent(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &with_a_layer().attribute("consent", "required")).await?;
    let come = "performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('/layer.js') && responseEnd > 0)";
    until(visit, "the file", come).await?;
    page.score(8).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    ensure!(page.read("window.dataLayer ?? null").await?.is_null(), "told without consent");
    run(visit, "afterword.consent(true)").await?;
    page.send().await?;
    until(visit, "the answer", "window.dataLayer?.length == 1").await?;
    let told = page.read("dataLayer").await?;
    let expected = json!([{ "event": "afterword_submitted", "survey": "post-purchase", "segment": "passive" }]);
    ensure!(told == expected, "{told}");
    // Withdrawn, nothing more.
    run(visit, "afterword.consent(false); afterword.close()").await?;
    ensure!(page.read("dataLayer.length").await? == 1, "told after consent was withdrawn");
    Ok(())
}
