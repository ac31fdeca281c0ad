//! The collector's pages in real browsers: used by keyboard, and checked by axe.

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{FULL, Fixture, Form};
use afterword_e2e::shop::TOKEN;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    a_shop_owners_first_hour_by_keyboard,
    what_is_tried_out_in_the_own_shop_is_a_test,
    axe_finds_nothing_on_any_page,
    axe_finds_nothing_in_the_inbox,
    axe_finds_nothing_on_customers_pages,
    a_customer_rates_again_by_keyboard_and_erases_the_answer,
    the_demo_shop_shows_a_quote_until_it_is_withdrawn,
    no_page_asks_anybody_else_or_is_wider_than_a_phone,
    on_a_small_phone_in_german_no_page_is_too_wide_and_the_areas_fill_one_line,
    filters_fold_on_a_phone_and_stand_open_where_there_is_room,
    the_inbox_is_worked_by_keyboard_and_only_a_look_makes_a_case_seen,
);

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';

/// Creates the first account by its link, by keyboard only, and is then signed in.
async fn sign_up(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let path = shop.setup.clone().context("there is no link for the first account")?;
    page.client.goto(&format!("{}{path}", shop.collector)).await?;
    page.read("document.querySelector('#name').focus()").await?;
    page.keys("Kim").await?;
    // Tabs from field to field, over all other elements that can have the focus.
    for (field, text) in [("login", "kim"), ("password", "correct horse battery staple")] {
        reach(visit, &format!("#{field}")).await?;
        page.keys(text).await?;
    }
    page.keys(&ENTER.to_string()).await?;
    // As long as there is no survey, the page offers a tag to paste.
    afterword_e2e::until("to be signed in", || async {
        let here = page.read("location.pathname").await;
        Ok(here.is_ok_and(|path| path == "/" || path == "/surveys").then_some(()))
    })
    .await
}

/// Tabs until that element has the focus.
async fn reach(visit: &Visit<'_>, selector: &str) -> Result<()> {
    for _ in 0..80 {
        let there = format!("document.activeElement.matches({selector:?})");
        if visit.page.read(&there).await? == true {
            return Ok(());
        }
        visit.page.keys(&TAB.to_string()).await?;
    }
    anyhow::bail!("{selector} cannot be reached with the Tab key")
}

/// Waits until the browser is at that path of the collector, and the page has loaded.
async fn at(visit: &Visit<'_>, path: &str) -> Result<()> {
    afterword_e2e::until(path, || async {
        let here = visit.page.read("[location.pathname, !!document.querySelector('main')]").await;
        Ok(here.is_ok_and(|here| here == json!([path, true])).then_some(()))
    })
    .await
}

/// Sixty answers at two touchpoints, sent from a server.
async fn answers(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    visit.leave().await?;
    let made = format!(
        "Promise.all(Array.from({{ length: 60 }}, (_, n) => {{
            const time = new Date().toISOString();
            const digits = String(n).padStart(12, '0');
            return fetch('{}/v1/responses', {{ method: 'POST', body: JSON.stringify({{
                version: 1, id: '01a1ffc0-215b-787b-a299-' + digits, revision: 1, complete: true, survey: 'post-purchase',
                touchpoint: n % 2 ? 'order' : 'delivery', score: [10, 9, 8, 3, 10, 0][n % 6],
                comment: n % 3 ? 'Schön verpackt <b>und</b> schnell' : undefined, shown_at: time, scored_at: time, sent_at: time,
                page: 'https://shop.example/', locale: 'de', quotable: true, review_link: n % 2 == 0, order: {{ id: 'A-' + (n >> 1), country: 'DE' }}, properties: {{ coupon: 'WELCOME' }},
                method: {{ question: 'Well?', low_label: 'no', high_label: 'yes', layout: 'one-row', mode: 'inline', release: 'test' }},
            }}) }}).then((answer) => answer.status);
        }})).then((all) => all.filter((status) => status == 200).length)",
        visit.shop.collector
    );
    let stored = page.read(&made).await?;
    ensure!(stored == 60, "{stored} of 60 stored");
    Ok(())
}

/// Setting up, getting an answer and reading it, without a mouse.
async fn a_shop_owners_first_hour_by_keyboard(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    sign_up(visit).await?;
    page.client.goto(&shop.collector).await?;
    at(visit, "/").await?;
    let empty = page.read("document.querySelector('main').innerText").await?;
    ensure!(empty.as_str().is_some_and(|text| !text.contains("NaN")), "{empty}");
    // A customer answers.
    visit.open_as(Form::Widget, &Fixture::collector().attributes(FULL).clock()).await?;
    // The driver waits like a customer who reads the question. An answer within milliseconds would be set aside.
    page.pass(3_000).await?;
    page.score(9).await?;
    page.write("Wirklich schnell").await?;
    page.send().await?;
    // The report has the answer, says that one answer is too few, and shows markup in the comment as text.
    page.client.goto(&shop.collector).await?;
    at(visit, "/").await?;
    let text = page.read("document.querySelector('main').innerText").await?;
    ensure!(text.as_str().is_some_and(|text| text.contains("Wirklich schnell")), "{text}");
    // The navigation by keyboard, and out again.
    reach(visit, "a[href='/surveys']").await?;
    page.keys(&ENTER.to_string()).await?;
    at(visit, "/surveys").await?;
    let survey =
        page.read("!!document.querySelector('a[href*=\"/surveys/post-purchase\"]')").await?;
    ensure!(survey == true, "the answered survey is not in the list");
    Ok(())
}

/// Three test answers in the shop by the link on the survey's page, then a customer's answer on the same page.
async fn what_is_tried_out_in_the_own_shop_is_a_test(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    sign_up(visit).await?;
    let fixture = Fixture::collector().attributes(FULL).attribute("report", "all").clock();
    // Its first answer creates the survey.
    visit.open_as(Form::Widget, &fixture).await?;
    let address = page.read("location.href").await?;
    let address = address.as_str().context("an address")?;
    page.pass(3_000).await?;
    page.score(9).await?;
    page.send().await?;
    let survey = format!("{}/surveys/post-purchase", shop.collector);
    for score in [0, 5, 10] {
        page.client.goto(&survey).await?;
        at(visit, "/surveys/post-purchase").await?;
        let link = page.read("document.querySelector('#try a.button').href").await?;
        let link = link.as_str().context("a link")?;
        ensure!(link.starts_with(&format!("{address}#&afterword-try=")), "{link} on {address}");
        page.visit(link).await?;
        page.taken_over().await?;
        // A single-page app changes its address.
        page.read("history.replaceState(null, '', '/elsewhere')").await?;
        page.score(score).await?;
        page.write("Nur ein Test").await?;
        page.send().await?;
    }
    let stored = shop.stored().await?;
    let marks: Vec<_> = stored.iter().map(|it| (&it["score"], &it["aside"][0])).collect();
    let (test, none) = (json!("test"), Value::Null);
    let expected = [(json!(10), &test), (json!(5), &test), (json!(0), &test), (json!(9), &none)];
    let expected: Vec<_> = expected.iter().map(|(score, aside)| (score, *aside)).collect();
    ensure!(marks == expected, "{marks:?}");
    page.client.goto(&survey).await?;
    let said = page.read("document.querySelector('#try').innerText").await?;
    ensure!(said.as_str().is_some_and(|said| said.contains("3 test")), "{said}");
    Ok(())
}

const PAGES: [&str; 16] = [
    "/",
    "/?touchpoint=order",
    // A choice that does not exist.
    "/?from=yesterday",
    "/responses",
    "/surveys",
    "/surveys/post-purchase",
    "/surveys/post-purchase/preview",
    "/surveys/post-purchase/review-link",
    "/quotes",
    "/data",
    "/settings/shop",
    "/settings/colleagues",
    "/settings/tokens",
    "/settings/themes",
    "/settings/alerts",
    "/settings/templates",
];

/// The pages of cases. `PUBLIC` stands for the public id of the newest case.
const INBOX: [&str; 3] = ["/inbox?touchpoint=order&open=PUBLIC", "/responses/PUBLIC", "/week"];

/// Opens a page of the collector. `PUBLIC` stands for the public id of the newest case.
async fn go(visit: &Visit<'_>, path: &str) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let mut path = path.to_owned();
    if path.contains("PUBLIC") {
        page.client.goto(&format!("{}/inbox", shop.collector)).await?;
        let first = "new URLSearchParams(document.querySelector('.to-case').search).get('open')";
        let first = page.read(first).await?;
        path = path.replace("PUBLIC", first.as_str().context("no case is listed")?);
    }
    page.client.goto(&format!("{}{path}", shop.collector)).await?;
    Ok(())
}

async fn axe_finds_nothing_on_any_page(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let axe = axe()?;
    answers(visit).await?;
    page.client.goto(&format!("{}/login", shop.collector)).await?;
    check(visit, &axe, "/login").await?;
    sign_up(visit).await?;
    look_over(visit, &axe, &PAGES).await
}

async fn axe_finds_nothing_in_the_inbox(visit: &Visit<'_>) -> Result<()> {
    answers(visit).await?;
    sign_up(visit).await?;
    look_over(visit, &axe()?, &INBOX).await
}

/// Answers in that language, and returns the address of the customer's page.
async fn answer_with_a_page(visit: &Visit<'_>, locale: &str) -> Result<String> {
    let page = &visit.page;
    visit.leave().await?;
    let made = format!(
        "(async () => {{
            const secret = Array.from({{ length: 43 }}, () => Math.floor(Math.random() * 36).toString(36)).join('');
            const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
            const mark = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
            const time = new Date().toISOString();
            const answer = await fetch('{}/v1/responses', {{ method: 'POST', body: JSON.stringify({{
                version: 1, id: '01a1ffc0-215b-787b-a299-' + mark.slice(0, 12), revision: 1, complete: true,
                survey: 'post-purchase', touchpoint: 'order', score: 2, comment: 'Zu langsam', shown_at: time, scored_at: time,
                sent_at: time, page: 'https://shop.example/', locale: '{locale}', quotable: true, contact: 'kim@example.org',
                answer_page: mark,
                method: {{ question: 'Well?', low_label: 'no', high_label: 'yes', layout: 'one-row', mode: 'inline', release: 'test' }},
            }}) }});
            return answer.status == 200 ? '/r/' + secret : String(answer.status);
        }})()",
        visit.shop.collector
    );
    let made = page.read(&made).await?;
    Ok(made.as_str().filter(|path| path.starts_with("/r/")).context("it is not stored")?.to_owned())
}

async fn axe_finds_nothing_on_customers_pages(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, .. } = visit;
    let axe = axe()?;
    for locale in ["de", "ar", "ja", "fi"] {
        let own = answer_with_a_page(visit, locale).await?;
        let paths = [
            own.clone(),
            format!("{own}?erase"),
            format!("/r/{}", "x".repeat(43)),
            format!("/thanks?locale={locale}&segment=detractor"),
        ];
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        look_over(visit, &axe, &paths).await?;
        page.client.set_window_size(500, 900).await?;
        for path in paths {
            go(visit, path).await?;
            page.read("document.querySelectorAll('details').forEach((it) => it.open = true)")
                .await?;
            let overflow =
                "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            let overflow = page.read(overflow).await?;
            ensure!(overflow == 0, "{locale} {path}: {overflow} px too wide");
        }
    }
    Ok(())
}

async fn a_customer_rates_again_by_keyboard_and_erases_the_answer(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let own = answer_with_a_page(visit, "de").await?;
    go(visit, &own).await?;
    reach(visit, "summary").await?;
    page.keys(&ENTER.to_string()).await?;
    reach(visit, "[name='score']").await?;
    // The arrows choose among radio buttons.
    page.keys(&format!(" {}", "\u{e015}".repeat(7))).await?;
    reach(visit, "textarea").await?;
    page.keys("Jetzt ist alles gut").await?;
    reach(visit, ".again button").await?;
    page.keys(&ENTER.to_string()).await?;
    afterword_e2e::until("the second rating", || async {
        let text = page.read("document.querySelector('main').innerText").await;
        Ok(text
            .is_ok_and(|text| {
                text.as_str().is_some_and(|text| text.contains("Jetzt ist alles gut"))
            })
            .then_some(()))
    })
    .await?;
    let scores = page
        .read("[...document.querySelectorAll('.rated strong')].map((it) => it.innerText)")
        .await?;
    ensure!(scores == json!(["2", "7"]), "{scores}");
    reach(visit, "a[href$='?erase#yours']").await?;
    page.keys(&ENTER.to_string()).await?;
    at(visit, &own).await?;
    reach(visit, "button.danger").await?;
    page.keys(&ENTER.to_string()).await?;
    afterword_e2e::until("the erasure", || async {
        let title = page.read("document.querySelector('h1').innerText").await;
        Ok(title.is_ok_and(|title| title == "Ihre Rückmeldung ist gelöscht.").then_some(()))
    })
    .await?;
    ensure!(shop.stored().await?.is_empty(), "the answer is still stored");
    Ok(())
}

async fn the_demo_shop_shows_a_quote_until_it_is_withdrawn(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    sign_up(visit).await?;
    // From a file: so many answers from one network would be set aside.
    let answer = "version: 1, complete: true, survey: 'post-purchase', touchpoint: 'order', score: 9, shown_at: time,
        scored_at: time, sent_at: time, page: 'https://shop.example/', locale: 'en', comment: n ? undefined : 'Schön verpackt <b>und</b> schnell',
        id: '01a1ffc0-215b-787b-a299-' + String(n).padStart(12, '0'),
        method: { question: 'Well?', low_label: 'no', high_label: 'yes', layout: 'one-row', mode: 'inline', release: 'test' }";
    let imported = format!(
        "await (async () => {{
            const time = new Date().toISOString();
            const lines = Array.from({{ length: 40 }}, (_, n) =>
                JSON.stringify({{ {answer}, revision: 1, quotable: !n, received_at: time, updated_at: time }}));
            const sent = await fetch('/v1/import', {{ method: 'POST', body: lines.join('\\n'), headers: {{
                authorization: 'Bearer {TOKEN}', 'content-type': 'application/x-ndjson' }} }});
            return [sent.status, await sent.text()];
        }})()"
    );
    let imported = page.promised(&imported).await?;
    ensure!(imported[1].as_str().is_some_and(|it| it.contains("\"added\":40")), "{imported}");
    page.client.goto(&format!("{}/responses?q=verpackt", shop.collector)).await?;
    let said = "document.querySelector(\"main a[href^='/responses/'][href*='-']\").click()";
    page.read(said).await?;
    afterword_e2e::until("the answer", || async {
        let form = page.read("!!document.querySelector(\"form[action$='/quote'] button\")").await;
        Ok(form.is_ok_and(|form| form == true).then_some(()))
    })
    .await?;
    page.read("document.querySelector(\"form[action$='/quote'] button\").click()").await?;
    afterword_e2e::until("the quote", || async {
        let query = page.read("location.search").await;
        Ok(query.is_ok_and(|query| query == "?quote=quoted").then_some(()))
    })
    .await?;
    page.client.goto(&format!("{}/demo/?lang=de", shop.collector)).await?;
    let shown = "document.querySelector('.voices')?.hidden == false";
    afterword_e2e::until("the quote in the shop", || async {
        Ok(page.read(shown).await.is_ok_and(|it| it == true).then_some(()))
    })
    .await?;
    let read = "['blockquote', '[part=notice]', 'summary']
        .map((it) => document.querySelector('.voices').shadowRoot.querySelector(it).textContent)";
    let read = page.read(read).await?;
    let begins = |at: usize, text: &str| read[at].as_str().is_some_and(|it| it.starts_with(text));
    ensure!(begins(0, "Schön verpackt <b>und</b> schnell"), "{read}");
    ensure!(begins(1, "Diese Stimmen stammen aus unserer eigenen Umfrage"), "{read}");
    ensure!(begins(2, "Alle 40 Bewertungen, "), "{read}");
    // The page hides what is in its other language, and must not hide what a customer said in it.
    let height =
        "document.querySelector('.voices').shadowRoot.querySelector('blockquote').offsetHeight";
    let height = page.read(height).await?;
    ensure!(height.as_f64() > Some(0.0), "the quote has no room: {height}");
    // The customer changes their mind. The page looks again twice a minute, and when somebody comes back to it.
    let withdrawn = format!(
        "await (async () => {{
            const [n, time] = [0, new Date().toISOString()];
            const body = JSON.stringify({{ {answer}, revision: 2, quotable: false }});
            return (await fetch('/v1/responses', {{ method: 'POST', body }})).status;
        }})()"
    );
    let withdrawn = page.promised(&withdrawn).await?;
    ensure!(withdrawn == 200, "{withdrawn}");
    page.read("document.dispatchEvent(new Event('visibilitychange'))").await?;
    afterword_e2e::until("the quote to be gone", || async {
        let is_gone = "document.querySelector('.voices').hidden";
        Ok(page.read(is_gone).await.is_ok_and(|it| it == true).then_some(()))
    })
    .await
}

pub(crate) fn axe() -> Result<String> {
    Ok(std::fs::read_to_string(std::env::var("AFTERWORD_AXE")?)?)
}

/// Checks pages in both colour schemes, with all collapsed parts open.
async fn look_over(visit: &Visit<'_>, axe: &str, paths: &[&str]) -> Result<()> {
    let page = &visit.page;
    for scheme in ["light", "dark"] {
        // The scheme can only be set in Chromium; the others follow the system.
        if page.engine == Engine::Chromium {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            page.chromium_with("Emulation.setEmulatedMedia", json!({ "features": features }))
                .await?;
        }
        for path in paths {
            go(visit, path).await?;
            page.read("document.querySelectorAll('details').forEach((it) => it.open = true)")
                .await?;
            check(visit, axe, &format!("{path}, {scheme}")).await?;
        }
    }
    if page.engine == Engine::Chromium {
        page.chromium_with("Emulation.setEmulatedMedia", json!({ "features": [] })).await?;
    }
    Ok(())
}

/// Runs axe beside the page's own policy, as an extension would.
async fn check(visit: &Visit<'_>, axe: &str, what: &str) -> Result<()> {
    let script = format!(
        "{axe}
        const done = arguments[arguments.length - 1];
        (typeof axe == 'object' ? axe : window.axe).run(document, {{ resultTypes: ['violations'] }}).then(
            (result) => done({{
                violations: result.violations.map(({{ id, nodes }}) =>
                    [id, nodes.map((node) => node.target.flat().join(' ') + ': ' + node.failureSummary)]),
                passes: result.passes.length,
            }}),
            (error) => done({{ error: String(error) }}));"
    );
    let result: Value =
        visit.page.client.execute_async(&script, vec![]).await.context(what.to_owned())?;
    ensure!(result["violations"] == json!([]), "{what}: {result:#}");
    ensure!(result["passes"].as_u64() > Some(10), "{what}: axe saw nothing: {result}");
    Ok(())
}

async fn filters_fold_on_a_phone_and_stand_open_where_there_is_room(
    visit: &Visit<'_>,
) -> Result<()> {
    let Visit { page, .. } = visit;
    answers(visit).await?;
    sign_up(visit).await?;
    let filters = ["/?touchpoint=order", "/responses?touchpoint=order", "/inbox?touchpoint=order"];
    let form = "document.querySelector('details.filtering > form').checkVisibility()";
    // No window of Chromium is narrower than 500 px.
    for (width, is_open) in [(1_280, true), (500, false)] {
        page.client.set_window_size(width, 900).await?;
        for path in filters {
            go(visit, path).await?;
            afterword_e2e::until(path, || async {
                Ok(page.read(form).await.is_ok_and(|form| form == is_open).then_some(()))
            })
            .await?;
        }
    }
    for path in filters {
        go(visit, path).await?;
        let said =
            page.read("document.querySelector('details.filtering summary').innerText").await?;
        ensure!(said.as_str().is_some_and(|it| it.ends_with(": Order")), "{path}: {said}");
        page.read("document.querySelector('details.filtering summary').click()").await?;
        ensure!(page.read(form).await? == true, "{path} does not open");
    }
    Ok(())
}

async fn no_page_asks_anybody_else_or_is_wider_than_a_phone(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, .. } = visit;
    answers(visit).await?;
    sign_up(visit).await?;
    page.client.set_window_size(500, 900).await?;
    for path in PAGES.into_iter().chain(INBOX) {
        go(visit, path).await?;
        let elsewhere = page
            .read(
                "performance.getEntriesByType('resource').map((entry) => entry.name)
                    .filter((name) => new URL(name).origin != location.origin)",
            )
            .await?;
        ensure!(elsewhere == json!([]), "{path}: {elsewhere}");
        // Collapsed parts have to fit, too.
        page.read("document.querySelectorAll('main details').forEach((it) => it.open = true)")
            .await?;
        let overflow = page
            .read("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await?;
        ensure!(overflow == 0, "{path}: {overflow} px too wide");
    }
    Ok(())
}

/// German has the longer words. Only Chromium shows a page in so narrow a window; the others stop at their window's least width.
async fn on_a_small_phone_in_german_no_page_is_too_wide_and_the_areas_fill_one_line(
    visit: &Visit<'_>,
) -> Result<()> {
    let Visit { page, .. } = visit;
    answers(visit).await?;
    sign_up(visit).await?;
    let german = "document.documentElement.lang == 'de' || (document.querySelector('.languages [lang=\"de\"]').click(), false)";
    afterword_e2e::until("the pages in German", || async {
        Ok(page.read(german).await.is_ok_and(|is_german| is_german == true).then_some(()))
    })
    .await?;
    let mut wrong = Vec::new();
    for width in [320, 390] {
        if page.engine == Engine::Chromium {
            let size =
                json!({ "width": width, "height": 700, "deviceScaleFactor": 1, "mobile": true });
            page.chromium_with("Emulation.setDeviceMetricsOverride", size).await?;
        } else {
            page.client.set_window_size(width, 700).await?;
        }
        for path in PAGES.into_iter().chain(INBOX) {
            go(visit, path).await?;
            page.read("document.querySelectorAll('main details').forEach((it) => it.open = true)")
                .await?;
            let seen = page
                .read(
                    "(() => {
                        const { scrollWidth, clientWidth } = document.documentElement;
                        const boxes = [...document.querySelectorAll('.areas a, .top .brand, .account summary')].map((it) => it.getBoundingClientRect());
                        const [brand, account, ...areas] = boxes;
                        const settings = areas.pop();
                        const apart = (one, other) => one.right <= other.left + 0.5 || other.right <= one.left + 0.5 || one.bottom <= other.top + 0.5 || other.bottom <= one.top + 0.5;
                        return [
                            scrollWidth - clientWidth,
                            new Set(areas.map(({ top }) => top)).size,
                            boxes.every((one) => boxes.every((other) => one == other || apart(one, other))),
                            settings.right <= clientWidth && settings.top >= 0,
                        ];
                    })()",
                )
                .await?;
            if seen != json!([0, 1, true, true]) {
                let wide = page
                    .read("[...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5).slice(0, 9).map((it) => `${it.localName}.${it.className}`)")
                    .await?;
                wrong.push(format!("{width} px, {path}: {seen} {wide}"));
            }
        }
    }
    if page.engine == Engine::Chromium {
        page.chromium_with("Emulation.clearDeviceMetricsOverride", json!({})).await?;
    }
    ensure!(wrong.is_empty(), "too wide, lines of areas, apart, in view:\n{}", wrong.join("\n"));
    Ok(())
}

/// Opening, reading, closing and undoing, by keyboard only.
async fn the_inbox_is_worked_by_keyboard_and_only_a_look_makes_a_case_seen(
    visit: &Visit<'_>,
) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    answers(visit).await?;
    sign_up(visit).await?;
    let state = async |expected: &str| {
        let badge = "document.querySelector('.answer .case .state')?.dataset.state";
        afterword_e2e::until(expected, || async {
            Ok((page.read(badge).await.is_ok_and(|state| state == expected)).then_some(()))
        })
        .await
    };
    page.client.goto(&format!("{}/inbox", shop.collector)).await?;
    at(visit, "/inbox").await?;
    // No case is open, so none counts as seen. A key opens the first one.
    page.keys("j").await?;
    state("new").await?;
    state("seen").await?;
    let first = page.read("location.search").await?;
    page.keys("j").await?;
    afterword_e2e::until("the next case", || async {
        let now = page.read("location.search").await;
        Ok(now.is_ok_and(|now| now != first).then_some(()))
    })
    .await?;
    state("new").await?;
    let second = page.read("location.search").await?;
    let second = second.as_str().context("no address of the case")?;
    // It is closed, and the next one is shown.
    page.keys("e").await?;
    afterword_e2e::until("the case after the closed one", || async {
        let now = page.read("location.search").await;
        Ok(now.is_ok_and(|now| now != second && now != first).then_some(()))
    })
    .await?;
    state("new").await?;
    reach(visit, "form[action='/inbox/undo'] button").await?;
    page.read("(window.isBefore = true, 0)").await?;
    page.keys(&ENTER.to_string()).await?;
    afterword_e2e::until("the page after it", || async {
        let is_new = page.read("!window.isBefore && document.readyState == 'complete'").await;
        Ok(is_new.is_ok_and(|is_new| is_new == true).then_some(()))
    })
    .await?;
    page.client.goto(&format!("{}/inbox{second}", shop.collector)).await?;
    afterword_e2e::until("the case to be open again", || async {
        let badge = "document.querySelector('.answer .case .state')?.dataset.state";
        let state = page.read(badge).await;
        Ok(state.is_ok_and(|state| state == "new" || state == "seen").then_some(()))
    })
    .await?;
    page.keys("/").await?;
    let focus = page.read("document.activeElement.id").await?;
    ensure!(focus == "search", "{focus}");
    // Keys that are typed into a field are text, and open nothing.
    page.keys("j?").await?;
    let typed =
        page.read("[document.activeElement.value, document.querySelector('.keys').open]").await?;
    ensure!(typed == json!(["j?", false]), "{typed}");
    page.read("document.activeElement.blur()").await?;
    page.keys("?").await?;
    let open = page.read("document.querySelector('.keys').open").await?;
    ensure!(open == true, "the keys are not shown");
    Ok(())
}
