//! Accessibility: axe-core checks all rules of WCAG A and AA and its best practices in every state, light and dark.

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{FULL, Fixture, Form, LINKS, Script};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::corner::{in_frames, with_a_card};
use crate::{Visit, scenarios};

scenarios!(
    no_violation_in_light,
    no_violation_in_dark,
    no_violation_in_the_painted_form,
    no_violation_in_the_corner,
    no_violation_in_a_banner,
    no_violation_in_a_dialog,
    no_violation_in_a_tab_and_its_card,
    no_violation_in_a_dark_corner,
    no_violation_in_a_german_corner,
    no_violation_with_all_that_can_be_asked,
    what_happens_is_announced,
    that_it_is_sending_is_announced_and_the_thanks_name_no_question(form),
    the_name_of_a_card_has_the_language_of_its_question(form),
    with_wider_text_a_bar_shows_the_whole_question,
    the_trees_of_the_browsers_have_names_roles_and_states(form),
    with_forced_colours_and_more_contrast_all_can_be_seen,
    with_wider_text_at_400_percent_nothing_is_cut_off,
);

/// Runs axe on the whole page. The survey has an open shadow root, so that axe can look into it.
pub(crate) async fn check(visit: &Visit<'_>, state: &str) -> Result<()> {
    let page = &visit.page;
    // While an element fades in, its contrast is too low.
    afterword_e2e::until("everything to stand still", || async {
        Ok((page.read("probe.find('.frame').getAnimations().length").await? == 0).then_some(()))
    })
    .await?;
    page.read(
        "(() => {
            window.verdict = null;
            const run = () => axe.run(document, { resultTypes: ['violations'] }).then(
                (result) => window.verdict = {
                    violations: result.violations.map(({ id, nodes }) =>
                        [id, nodes.map((node) => node.target.flat().join(' ') + ': ' + node.failureSummary)]),
                    seen: result.passes.some(({ nodes }) => nodes.some((node) => Array.isArray(node.target[0]))),
                }, (error) => window.verdict = { error: String(error) });
            if (window.axe) return void run();
            const script = document.createElement('script');
            script.src = '/axe.js';
            script.onload = run;
            document.body.append(script);
        })()",
    )
    .await?;
    let result = afterword_e2e::until("axe's verdict", || async {
        Ok(Some(page.read("window.verdict").await?).filter(|verdict| !verdict.is_null()))
    })
    .await?;
    ensure!(result["violations"] == json!([]), "{state}: {:#}", result["violations"]);
    ensure!(result["seen"] == true, "{state}: axe did not look into the survey: {result}");
    Ok(())
}

/// A page whose survey has an open shadow root, and whose endpoint refuses twice.
fn open_root() -> Fixture {
    Fixture::shop()
        .endpoint("/endpoint/200,503;99,503;99,200")
        .attributes(&[("subject", "us"), ("debug", ""), ("accent", "#1a56db")])
        .attributes(LINKS)
}

async fn every_state(visit: &Visit<'_>, fixture: Fixture) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &fixture).await?;
    check(visit, "asking").await?;
    page.score(3).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    check(visit, "commenting").await?;
    visit.posted("/endpoint", 1).await?;
    page.read(
        "(() => {
            const area = probe.find('textarea');
            area.value = 'x'.repeat(1900);
            area.dispatchEvent(new Event('input', { bubbles: true }));
        })()",
    )
    .await?;
    // The counter has its own line, so the button moves down.
    afterword_e2e::until("the counter", || async {
        Ok((page.read("probe.find('#remaining').textContent").await? != "").then_some(()))
    })
    .await?;
    page.click(".send").await?;
    page.wait("the failure", |state| state["button"] == "Try again").await?;
    check(visit, "failed, near the end of the box").await?;
    page.click(".send").await?;
    visit.posted("/endpoint", 3).await?;
    page.wait("the failure", |state| state["button"] == "Try again").await?;
    page.send().await?;
    check(visit, "thanked").await
}

async fn no_violation_in_light(visit: &Visit<'_>) -> Result<()> {
    every_state(visit, open_root().attribute("theme", "light")).await
}

async fn no_violation_in_dark(visit: &Visit<'_>) -> Result<()> {
    every_state(visit, open_root().attribute("theme", "dark")).await
}

async fn no_violation_in_the_corner(visit: &Visit<'_>) -> Result<()> {
    every_state(visit, open_root().attribute("mode", "corner")).await
}

async fn no_violation_in_a_banner(visit: &Visit<'_>) -> Result<()> {
    every_state(visit, open_root().attributes(&[("mode", "banner"), ("position", "top")])).await
}

async fn no_violation_in_a_dialog(visit: &Visit<'_>) -> Result<()> {
    every_state(visit, open_root().attribute("mode", "dialog")).await
}

/// The tab in light and dark, also in a language from right to left, then its card.
async fn no_violation_in_a_tab_and_its_card(visit: &Visit<'_>) -> Result<()> {
    for (theme, locale) in [("light", "ar"), ("dark", "de")] {
        let set = [("mode", "tab"), ("theme", theme), ("locale", locale)];
        visit.open(&open_root().attributes(&set)).await?;
        check(visit, &format!("{theme}: the tab")).await?;
        visit.page.click(".bar").await?;
        visit.page.taken_over().await?;
        check(visit, &format!("{theme}: the card")).await?;
    }
    Ok(())
}

async fn no_violation_in_a_dark_corner(visit: &Visit<'_>) -> Result<()> {
    every_state(visit, open_root().attributes(&[("mode", "corner"), ("theme", "dark")])).await
}

/// The painted form in the language with the longest words.
async fn no_violation_in_a_german_corner(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.shop.hold(".wasm");
    visit.open(&open_root().attributes(&[("mode", "corner"), ("locale", "de")])).await?;
    check(visit, "asking").await?;
    page.score(3).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    check(visit, "commenting").await?;
    let close = page.read("probe.find('.close').ariaLabel").await?;
    ensure!(close == "Schließen", "{close}");
    Ok(())
}

/// Reasons, contact and permission to quote, on a phone of 320 px, where nothing sticks out and every target is large
/// enough.
async fn no_violation_with_all_that_can_be_asked(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = open_root()
        .attributes(&[
            ("locale", "de"),
            ("contact", ""),
            ("quote-permission", ""),
            ("reasons", "late:Zu spät geliefert, packing:Schlecht verpackt, price:Für das, other:Etwas ganz anderes als das"),
            ("community-url", "/community"),
            ("receipt", ""),
        ])
        .endpoint("/endpoint/200/v1/responses")
        .sheet("/narrow.css");
    for theme in ["light", "dark"] {
        visit.open_as(Form::Widget, &fixture.clone().attribute("theme", theme)).await?;
        page.score(3).await?;
        afterword_e2e::until("what else is asked", || async {
            Ok((page.read("!!probe.find('.further')").await? == true).then_some(()))
        })
        .await?;
        page.click("#quotable").await?;
        page.click("[value=late] + span").await?;
        check(visit, "all that can be asked").await?;
        let out = page
            .read(
                "[...probe.root().querySelectorAll('.further, .further :is(input, label, p, legend)')]
                    .filter((it) => it.checkVisibility())
                    .filter((it) => {
                        const { left, right } = it.getBoundingClientRect();
                        const frame = probe.find('form').getBoundingClientRect();
                        return left < frame.left || right > frame.right;
                    }).map((it) => it.outerHTML)",
            )
            .await?;
        ensure!(out == json!([]), "it sticks out: {out}");
        let low = page
            .read(
                "[...probe.root().querySelectorAll('.further fieldset label, .further [type=text], .quote label')]
                    .map((it) => it.getBoundingClientRect().height).filter((height) => height < 43.5)",
            )
            .await?;
        ensure!(low == json!([]), "a target is too low: {low}");
        page.send().await?;
        afterword_e2e::until("the link to the answer", || async {
            Ok((page.read("!!probe.find('#receipt')").await? == true).then_some(()))
        })
        .await?;
        check(visit, "thanked").await?;
        let low = page
            .read(
                "[...probe.root().querySelectorAll('.links a')].filter((it) => {
                    const { left, right, height } = it.getBoundingClientRect();
                    const frame = probe.find('form').getBoundingClientRect();
                    return height < 43.5 || left < frame.left || right > frame.right;
                }).map((it) => it.outerHTML)",
            )
            .await?;
        ensure!(low == json!([]), "a link is too low or sticks out: {low}");
    }
    Ok(())
}

async fn no_violation_in_the_painted_form(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = open_root().endpoint("/endpoint/200").script(Script::Gone);
    visit.open(&fixture.without("accent").without("support-url")).await?;
    check(visit, "asking").await?;
    page.score(3).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    check(visit, "commenting").await?;
    page.send().await?;
    check(visit, "thanked").await
}

/// The live regions exist before their text changes, because screen readers read only changes.
async fn what_happens_is_announced(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.open_as(Form::Widget, &Fixture::shop().attributes(FULL)).await?;
    let regions =
        "[probe.find('[role=status]')?.textContent, probe.find('[role=alert]')?.textContent]";
    ensure!(page.read(regions).await? == json!(["", Value::Null]));
    page.read("(window.region = probe.find('[role=status]'), 0)").await?;
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    ensure!(page.read(regions).await? == json!(["", ""]));
    page.send().await?;
    let same = page.read("region == probe.find('[role=status]')").await?;
    ensure!(same == true, "the thanks came with a new region");
    Ok(())
}

/// "Sending …" is said in the live region, where nobody sees it. In the end the form is not named by an element that is
/// gone.
async fn that_it_is_sending_is_announced_and_the_thanks_name_no_question(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &Fixture::shop()).await?;
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    visit.posted("/endpoint", 1).await?;
    visit.shop.hold("/endpoint");
    let height = "probe.find('form').offsetHeight";
    let before = page.read(height).await?;
    page.click(".send").await?;
    page.wait("Sending", |state| state["button"] == "Sending …").await?;
    let region = "[probe.find('[role=status]').textContent, getComputedStyle(probe.find('[role=status] span')).opacity]";
    let said = page.read(region).await?;
    ensure!(said == json!(["Sending …", "0"]), "{said}");
    let after = page.read(height).await?;
    ensure!(before == after, "the form was {before} px high, then {after}");
    // What stands in a region that is new, or was moved, is not announced.
    page.read(
        "(window.moved = 0, new MutationObserver((changes) => {
            for (const { addedNodes, removedNodes } of changes) {
                for (const node of [...addedNodes, ...removedNodes]) moved += !!node.matches?.('[role=status]');
            }
        }).observe(probe.find('form'), { childList: true }), 0)",
    )
    .await?;
    visit.shop.release();
    let state = page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    let moved = page.read("moved").await?;
    ensure!(moved == 0, "the region was moved {moved} times");
    let said = page
        .read("[probe.find('[role=status]').textContent, probe.find('form').getAttribute('aria-labelledby')]")
        .await?;
    ensure!(said == json!([state["thanks"], Value::Null]), "{said}");
    Ok(())
}

/// A name has the language of its element. What else is in the card keeps its own.
async fn the_name_of_a_card_has_the_language_of_its_question(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    for (mode, named) in [("corner", ".frame"), ("dialog", "dialog")] {
        // For a language without a locale, our texts are English.
        let fixture = Fixture::shop()
            .lang("eo")
            .attributes(&[("mode", mode), ("include", "*")])
            .attribute("question", "Ĉu vi rekomendus nin?");
        visit.open_as(form, &fixture).await?;
        let read = format!(
            "['{named}', '.close', '#question', '#low', '.scores'].map((it) => probe.find(it)?.closest('[lang]')?.lang)"
        );
        afterword_e2e::until(&format!("{mode}: the languages"), || async {
            let langs = page.read(&read).await?;
            Ok((langs == json!(["eo", "en", "eo", "en", "en"])).then_some(()))
        })
        .await?;
    }
    Ok(())
}

/// WCAG 1.4.12: lines 1.5 times as high, letters and words farther apart. As at 400% zoom, where the card is a bar.
async fn with_wider_text_a_bar_shows_the_whole_question(visit: &Visit<'_>) -> Result<()> {
    let inside = with_a_card().attribute("locale", "de");
    in_frames(visit, &inside, &[(320, 320)]).await?;
    let bar = "(({ probe }) => {
        for (const it of probe.find('.bar').querySelectorAll('*')) {
            it.style.cssText = 'line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important';
        }
        const [bar, text] = ['.bar', '.bar span'].map((it) => probe.find(it));
        const [outer, inner] = [bar, text].map((it) => it.getBoundingClientRect());
        const texts = document.createRange();
        texts.selectNodeContents(text);
        const { bottom, height } = texts.getBoundingClientRect();
        return [outer.height > 0, height > 72, text.scrollHeight <= text.clientHeight + 1, bottom <= outer.bottom, inner.right < probe.find('.close').getBoundingClientRect().left + 10];
    })(document.querySelector('iframe').contentWindow)";
    let shown = visit.page.read(bar).await?;
    ensure!(shown == json!([true, true, true, true, true]), "{shown}");
    Ok(())
}

/// What the browsers tell assistive technology: roles and names in all three. Descriptions and states, and that the failure
/// belongs to the box, in Chromium, whose tree can be read whole.
async fn the_trees_of_the_browsers_have_names_roles_and_states(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop()
        .endpoint("/endpoint/200,503;99")
        .attributes(&[("subject", "us"), ("mode", "corner"), ("include", "*")])
        .attributes(LINKS);
    visit.open_as(form, &fixture).await?;
    let question = page.state().await?["question"].as_str().unwrap_or_default().to_owned();
    let told = async |selector: &str, role: &[&str], name: &str| -> Result<()> {
        let [has_role, has_name] = page.told(&format!("probe.find({selector:?})")).await?;
        let is_role = role.contains(&has_role.to_lowercase().as_str());
        ensure!(
            is_role && has_name == name,
            "{selector}: {has_role:?} {has_name:?}, not {role:?} {name:?}"
        );
        Ok(())
    };
    told(".frame", &["region"], &question).await?;
    told(".close", &["button"], "Close").await?;
    told("form", &["form"], &question).await?;
    told("[role=radiogroup]", &["radiogroup"], &question).await?;
    for score in 0..=10 {
        told(&format!("input[value='{score}']"), &["radio"], &score.to_string()).await?;
    }
    page.score(3).await?;
    let state = page.wait("the comment", |state| state["saved"].is_string()).await?;
    let label = page.read("probe.find('label[for=comment]').textContent.trim()").await?;
    let label = label.as_str().unwrap_or_default();
    ensure!(label.starts_with(state["followUp"].as_str().unwrap_or("-")), "{label}");
    told("textarea", &["textbox"], label).await?;
    told(".send", &["button"], "Send").await?;
    told("#privacy", &["link"], state_text(visit, "#privacy").await?.as_str()).await?;
    told("[role=status]", &["status"], "").await?;
    page.click(".send").await?;
    let state = page.wait("the failure", |state| state["button"] == "Try again").await?;
    told(".send", &["button"], "Try again").await?;
    told("[role=alert]", &["alert"], "").await?;
    let failure = state["failed"].as_str().unwrap_or_default();
    let described = page
        .read("probe.find('textarea').getAttribute('aria-describedby').split(' ').map((id) => probe.find('#' + id).textContent).join(' ').trim()")
        .await?;
    ensure!(described == failure && !failure.is_empty(), "the box is described by {described}");
    if page.engine != Engine::Chromium {
        return Ok(());
    }
    let tree = page.chromium("Accessibility.getFullAXTree").await?;
    let nodes = tree["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    let find = |role: &str, name: &str| {
        nodes.iter().find(|node| node["role"]["value"] == role && node["name"]["value"] == name)
    };
    let group = find("radiogroup", &question);
    let description = group.map(|node| &node["description"]["value"]);
    ensure!(
        description == Some(&json!("Not at all likely Extremely likely")),
        "the group is described by {description:?}"
    );
    let checked: Vec<_> = nodes
        .iter()
        .filter(|node| node["role"]["value"] == "radio")
        .map(|node| {
            let properties = node["properties"].as_array().map_or(&[][..], Vec::as_slice);
            properties.iter().any(|it| it["name"] == "checked" && it["value"]["value"] == "true")
        })
        .collect();
    let expected: Vec<bool> = (0..=10).map(|score| score == 3).collect();
    ensure!(checked == expected, "checked: {checked:?}");
    let boxed = find("textbox", label).map(|node| &node["description"]["value"]);
    ensure!(boxed == Some(&json!(failure)), "the box is described by {boxed:?}");
    Ok(())
}

/// The text of an element.
async fn state_text(visit: &Visit<'_>, selector: &str) -> Result<String> {
    let text = visit.page.read(&format!("probe.find({selector:?})?.textContent")).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Forced colours: the chosen score and the button have the customer's own. How well letters can be read on these is theirs to
/// choose: Firefox without a theme has a contrast of 2.9 there. WebKit has no such mode.
async fn with_forced_colours_and_more_contrast_all_can_be_seen(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let fixture = open_root().endpoint("/endpoint/200").run("/contrast.js");
    visit.open_as(Form::Widget, &fixture).await?;
    page.score(4).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    let force = async |on: bool| -> Result<()> {
        match page.engine {
            Engine::Chromium => {
                let value = if on { "active" } else { "none" };
                let features = json!({ "features": [{ "name": "forced-colors", "value": value }, { "name": "prefers-contrast", "value": if on { "more" } else { "no-preference" } }] });
                page.chromium_with("Emulation.setEmulatedMedia", features).await.map(drop)
            }
            Engine::Firefox => {
                let value = if on { 2 } else { 0 };
                page.firefox(&format!(
                    "Services.prefs.setIntPref('browser.display.document_color_use', {value})"
                ))
                .await
                .map(drop)
            }
            Engine::WebKit => Ok(()),
        }
    };
    force(true).await?;
    let seen = async || -> Result<()> {
        let forced = page.engine != Engine::WebKit;
        afterword_e2e::until("forced colours", || async {
            let is = page.read("matchMedia('(forced-colors: active)').matches").await?;
            Ok((is == forced).then_some(()))
        })
        .await?;
        let low = page
            .read("probe.contrasts(probe.hosts()[0]).filter(([name, has, least]) => !/^(letters|form) of/.test(name) && !(has >= least))")
            .await?;
        ensure!(low == json!([]), "{low}");
        let fills = "['.score:not(:has(:checked)) span', ':checked + span', '.send'].map((it) => getComputedStyle(probe.find(it)).backgroundColor)";
        let fills = page.read(fills).await?;
        ensure!(
            fills[0] != fills[1] && fills[1] == fills[2],
            "the choice is not to be seen: {fills}"
        );
        Ok(())
    };
    let result = seen().await;
    force(false).await?;
    result
}

/// Played where a browser can be told to want more contrast: WebKitGTK cannot.
fn of_some_browsers() -> Vec<crate::Scenario> {
    let name = stringify!(who_asks_for_more_contrast_gets_edges_like_letters);
    let scenario = crate::Scenario::new(name, |visit| {
        Box::pin(who_asks_for_more_contrast_gets_edges_like_letters(visit))
    });
    vec![scenario.only_in(vec![Engine::Chromium, Engine::Firefox])]
}
crate::register!(of_some_browsers);

/// `prefers-contrast: more` without forced colours.
async fn who_asks_for_more_contrast_gets_edges_like_letters(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let want = async |more: bool| -> Result<()> {
        if page.engine == Engine::Chromium {
            let value = if more { "more" } else { "no-preference" };
            let features = json!({ "features": [{ "name": "prefers-contrast", "value": value }] });
            return page.chromium_with("Emulation.setEmulatedMedia", features).await.map(drop);
        }
        // The system's theme is one for more contrast, and pages keep their own colours all the same.
        let set = if more {
            "Services.prefs.setIntPref('ui.useAccessibilityTheme', 1), Services.prefs.setIntPref('browser.display.document_color_use', 1)"
        } else {
            "Services.prefs.clearUserPref('ui.useAccessibilityTheme'), Services.prefs.clearUserPref('browser.display.document_color_use')"
        };
        page.firefox(&format!("({set}, 0)")).await.map(drop)
    };
    visit.open_as(Form::Widget, &open_root().endpoint("/endpoint/200").run("/contrast.js")).await?;
    page.score(4).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    let edges = "(() => {
        const style = (selector) => getComputedStyle(probe.find(selector));
        const text = style('#question').color;
        return [style('.score:not(:has(:checked)) span').borderTopColor, style('textarea').borderTopColor,
            style('.survey').borderTopColor, style('.optional').color].map((colour) => colour == text);
    })()";
    ensure!(page.read(edges).await? == json!([false, false, false, false]), "without the wish");
    want(true).await?;
    let seen = async || -> Result<()> {
        afterword_e2e::until("the wish for more contrast", || async {
            let asked = "matchMedia('(prefers-contrast: more)').matches && !matchMedia('(forced-colors: active)').matches";
            Ok((page.read(asked).await? == true).then_some(()))
        })
        .await?;
        let seen = page.read(edges).await?;
        ensure!(seen == json!([true, true, true, true]), "{seen}");
        let contrasts = page.read("probe.contrasts(probe.hosts()[0])").await?;
        let contrasts = contrasts.as_array().context("contrasts")?;
        ensure!(contrasts.len() >= 12, "{contrasts:?}");
        for it in contrasts {
            ensure!(it[1].as_f64() >= it[2].as_f64(), "{it}");
        }
        Ok(())
    };
    let result = seen().await;
    want(false).await?;
    result
}

/// WCAG 1.4.12 and 1.4.10 in every mode: lines, letters and words farther apart, in a window of 320 x 256 px. All texts stay
/// inside the survey, and the fields can be scrolled to.
async fn with_wider_text_at_400_percent_nothing_is_cut_off(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for mode in ["inline", "corner", "banner", "dialog", "tab", "manual"] {
        let inside = open_root().endpoint("/endpoint/200").attributes(&[
            ("mode", mode),
            ("include", "*"),
            ("locale", "de"),
        ]);
        crate::corner::enter(visit, &inside, 320, 256).await?;
        page.read("(afterword.open(), 0)").await?;
        page.wait("the question", |state| state["question"].is_string()).await?;
        page.read("(probe.find('.bar')?.click(), 0)").await?;
        page.read("(probe.find('input[value=\"3\"]').click(), 0)").await?;
        page.wait("the comment", |state| state["comment"].is_string()).await?;
        page.read(
            "(() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
                probe.root().adoptedStyleSheets.push(sheet);
                return 0;
            })()",
        )
        .await?;
        let cut = "(() => {
            const frame = probe.find('.frame').getBoundingClientRect();
            const all = [...probe.root().querySelectorAll('.frame p, .frame label, .frame span, .frame button, .frame a, .frame textarea')];
            return all.filter((it) => it.getClientRects().length && getComputedStyle(it).visibility == 'visible' && getComputedStyle(it).opacity != '0').filter((it) => {
                const { left, right } = it.getBoundingClientRect();
                return left < frame.left - 1 || right > frame.right + 1 || it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0 && !it.matches('textarea');
            }).map((it) => it.outerHTML.slice(0, 90));
        })()";
        let waited = afterword_e2e::until("nothing cut off", || async {
            Ok((page.read(cut).await? == json!([])).then_some(()))
        })
        .await;
        if let Err(error) = waited {
            return Err(error.context(format!("{mode}: {}", page.read(cut).await?)));
        }
        // The button can be brought into view.
        let reached = page
            .read(
                "(() => {
                    const send = probe.find('.send');
                    send.scrollIntoView({ block: 'center', behavior: 'instant' });
                    const { top, bottom } = send.getBoundingClientRect();
                    return top >= -1 && bottom <= innerHeight + 1;
                })()",
            )
            .await?;
        ensure!(reached == true, "{mode}: the button cannot be reached");
        page.client.clone().enter_parent_frame().await?;
    }
    Ok(())
}
