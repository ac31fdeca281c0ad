//! The self-check: its findings, and that it sends and stores nothing.

use afterword_e2e::fixture::{Embedding, Fixture, STRICT, Script};
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    it_opens_only_where_it_is_asked_for,
    all_in_order_it_says_so_and_sends_nothing,
    it_says_what_is_wrong_and_what_to_do,
    it_says_in_german_why_nothing_is_shown,
    it_works_where_the_survey_cannot_start,
    it_says_that_a_file_is_missing_or_another,
    it_works_in_a_script_under_another_name,
    it_says_that_a_renamed_script_has_to_name_its_folder,
    it_shows_what_follows_each_score,
    escape_closes_it_and_gives_the_focus_back,
    no_violation_of_accessibility_at_any_width,
);

const PANEL: &str = "document.querySelector('html > div[popover]')?.shadowRoot";

/// Opens the page with the self-check; returns its findings by title, each with its state and its text.
async fn check(visit: &Visit<'_>, fixture: &Fixture) -> Result<Value> {
    let address = visit.address(fixture)?;
    visit.page.client.goto(&format!("{address}?afterword-check")).await?;
    findings(visit).await
}

async fn findings(visit: &Visit<'_>) -> Result<Value> {
    let found = format!(
        "(() => {{
            const panel = {PANEL};
            if (!panel?.querySelector('.summary.good, .summary.bad')) return null;
            const all = {{ summary: panel.querySelector('.summary').textContent }};
            for (const item of panel.querySelectorAll('li')) {{
                all[item.querySelector('h3').textContent] = `${{item.className}}: ${{[...item.querySelectorAll('p')].map((line) => line.textContent).join(' ')}}`;
            }}
            return all;
        }})()"
    );
    afterword_e2e::until("the findings", || async {
        Ok(Some(visit.page.read(&found).await?).filter(|found| !found.is_null()))
    })
    .await
}

fn says(found: &Value, title: &str, words: &str) -> Result<()> {
    ensure!(
        found[title].as_str().is_some_and(|text| text.contains(words)),
        "{title}, {words}: {found:#}"
    );
    Ok(())
}

async fn it_opens_only_where_it_is_asked_for(visit: &Visit<'_>) -> Result<()> {
    visit.open(&Fixture::shop()).await?;
    visit.page.quiet().await?;
    ensure!(visit.page.read(&format!("{PANEL} ?? null")).await?.is_null());
    let fetched = visit.shop.requests("GET", "/dist/");
    ensure!(fetched.iter().all(|it| !it.path.ends_with("/check.js")), "it was fetched");
    Ok(())
}

async fn all_in_order_it_says_so_and_sends_nothing(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().attributes(&[
        ("order-id", "A-1001"),
        ("customer-id", "mara@example.org"),
        ("accent", "#1a56db"),
        ("report", "all"),
    ]);
    let found = check(visit, &fixture).await?;
    ensure!(found["summary"] == "Nothing needs mending.", "{found:#}");
    says(&found, "The script", "good: Found as")?;
    says(&found, "Shown now?", "good: Yes")?;
    says(&found, "The endpoint", "/endpoint/200")?;
    says(&found, "The order", "A-…")?;
    says(&found, "The accent", "6.")?;
    says(&found, "Storage", "good: Nothing is kept")?;
    let text = visit.page.read(&format!("{PANEL}.textContent")).await?;
    let text = text.as_str().unwrap_or_default();
    ensure!(!text.contains("A-1001") && !text.contains("mara@"), "a reference is shown: {text}");
    let robots = "document.querySelector('meta[name=robots]').content";
    ensure!(visit.page.read(robots).await? == "noindex", "it may be indexed");
    ensure!(visit.page.read("localStorage.length + sessionStorage.length").await? == 0);
    let sent = visit.shop.requests("POST", "/");
    // The survey itself reports that it was shown, as on any visit; the self-check adds nothing.
    ensure!(sent.len() <= 1, "{} messages", sent.len());
    Ok(())
}

async fn it_says_what_is_wrong_and_what_to_do(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().policy(STRICT).attributes(&[
        ("delay", "soon"),
        ("mode", "corner"),
        ("accent", "#fefefe"),
        ("endpoint", "https://feedback.example/v1/responses"),
    ]);
    let found = check(visit, &fixture).await?;
    ensure!(found["summary"] == "To be mended: 3.", "{found:#}");
    says(&found, "data-delay", "bad: “soon” is not taken as it stands. Allowed: a number")?;
    says(&found, "The endpoint", "Add https://feedback.example to connect-src.")?;
    says(&found, "WebAssembly", "note: It does not run here.")?;
    says(&found, "WebAssembly", "'wasm-unsafe-eval'")?;
    says(&found, "The accent", "note: #fefefe has a contrast of 1.0")?;
    says(&found, "Storage", "bad: It opens by itself")
}

async fn it_says_in_german_why_nothing_is_shown(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().lang("de").attribute("exclude", "/pages/*");
    let found = check(visit, &fixture).await?;
    ensure!(found["summary"] == "Es ist nichts zu beheben.", "{found:#}");
    says(&found, "Wird gefragt?", "note: Nein: data-include oder data-exclude nimmt /pages/")?;
    let found = check(visit, &Fixture::shop().attribute("on", "order-placed")).await?;
    says(&found, "Shown now?", "note: Not yet: it waits for what you have set (data-on).")
}

async fn it_works_where_the_survey_cannot_start(visit: &Visit<'_>) -> Result<()> {
    let closed = "script-src 'self'; connect-src 'none'; style-src 'none'";
    let fixture = Fixture::shop().embedding(Embedding::Head).policy(closed);
    let found = check(visit, &fixture).await?;
    says(&found, "The place", "bad: ")?;
    says(&found, "The script’s files", "bad: ")?;
    Ok(())
}

/// The folder without the widget, from a server that says so, and from one that sends a page in its place.
async fn it_says_that_a_file_is_missing_or_another(visit: &Visit<'_>) -> Result<()> {
    let found = check(visit, &Fixture::shop().script(Script::Gone)).await?;
    says(&found, "The script’s files", "bad: ")?;
    says(&found, "The script’s files", "widget_bg.wasm is not the file it should be: status 404")?;
    let page = "{
        const { fetch } = window;
        window.fetch = (address, ...rest) => `${address}`.includes('.wasm')
            ? Promise.resolve(new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }))
            : fetch(address, ...rest);
    }";
    let found = check(visit, &Fixture::shop().head(&format!("<script>{page}</script>"))).await?;
    says(&found, "The script’s files", "bad: ")?;
    says(&found, "The script’s files", "status 200, content type text/html")
}

/// As a plugin that joins scripts leaves it: its text in a file of the shop's, which names the folder.
async fn it_works_in_a_script_under_another_name(visit: &Visit<'_>) -> Result<()> {
    let joined = "<script data-base=\"/dist/\"></script><script>
        fetch('/dist/afterword.en.js').then((answer) => answer.text()).then((text) => {
            const tag = document.createElement('script');
            tag.src = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
            document.head.append(tag);
        });
    </script><afterword-survey data-endpoint=\"/endpoint/200\"></afterword-survey>";
    let fixture = Fixture::shop().embedding(Embedding::Absent).before(joined);
    let found = check(visit, &fixture).await?;
    says(&found, "Shown now?", "good: Yes")?;
    says(&found, "The script’s files", "good: ")
}

/// Nothing else of a survey runs in that case, with an element in the page or without one.
async fn it_says_that_a_renamed_script_has_to_name_its_folder(visit: &Visit<'_>) -> Result<()> {
    for element in ["", "<afterword-survey></afterword-survey>"] {
        let renamed = format!("{element}<script src=\"/dist/reviews.js\"></script>");
        let fixture = Fixture::shop().embedding(Embedding::Absent).before(&renamed);
        let found = check(visit, &fixture).await?;
        says(&found, "The script", "bad: ")?;
        says(&found, "The script", "Set data-base on a script tag to the folder of afterword.js")?;
        ensure!(found.get("Shown now?").is_none(), "{found:#}");
    }
    let named = "<script src=\"/dist/reviews.js\" data-base=\".\"></script>";
    let found = check(visit, &Fixture::shop().embedding(Embedding::Absent).before(named)).await?;
    says(&found, "Shown now?", "good: Yes")
}

async fn it_shows_what_follows_each_score(visit: &Visit<'_>) -> Result<()> {
    check(visit, &Fixture::shop()).await?;
    let shown = visit.page.read("probe.events.length").await?;
    for (number, score) in ["3", "7", "10"].iter().enumerate() {
        let press = format!("({PANEL}.querySelectorAll('.buttons button')[{number}].click(), 0)");
        visit.page.read(&press).await?;
        let state = format!(
            "(() => {{
                const copy = {PANEL}.querySelector('.preview afterword-survey');
                const root = copy && probe.rootOf(copy);
                return root?.querySelector('textarea') ? root.querySelector('input:checked')?.value : null;
            }})()"
        );
        afterword_e2e::until(&format!("what follows a {score}"), || async {
            Ok((visit.page.read(&state).await? == *score).then_some(()))
        })
        .await?;
    }
    visit.page.quiet().await?;
    ensure!(visit.shop.requests("POST", "/").is_empty(), "a preview was sent");
    let events = visit.page.read("probe.events.length").await?;
    ensure!(events == shown || events == 1, "the page was told of a preview: {events}");
    Ok(())
}

async fn escape_closes_it_and_gives_the_focus_back(visit: &Visit<'_>) -> Result<()> {
    check(visit, &Fixture::shop()).await?;
    ensure!(visit.page.read(&format!("{PANEL}.activeElement.id")).await? == "title");
    visit.page.keys("\u{E00C}").await?;
    afterword_e2e::until("it to close", || async {
        Ok(visit.page.read(&format!("{PANEL} ?? null")).await?.is_null().then_some(()))
    })
    .await
}

async fn no_violation_of_accessibility_at_any_width(visit: &Visit<'_>) -> Result<()> {
    for (width, lang) in [(1200, "en"), (320, "de")] {
        visit.page.client.set_window_size(width, 900).await?;
        let fixture = Fixture::shop().lang(lang).attribute("delay", "soon");
        check(visit, &fixture).await?;
        visit.page.read(&format!("({PANEL}.querySelector('summary').click(), 0)")).await?;
        let wide = visit
            .page
            .read(&format!("{PANEL}.host.scrollWidth > {PANEL}.host.clientWidth"))
            .await?;
        ensure!(wide == false, "it scrolls sideways at {width}");
        visit.page.read(
            "(() => {
                window.verdict = null;
                const script = document.createElement('script');
                script.src = '/axe.js';
                script.onload = () => axe.run('html > div[popover]', { resultTypes: ['violations'] }).then(
                    (result) => window.verdict = result.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.failureSummary)]),
                    (error) => window.verdict = String(error));
                document.body.append(script);
                return 0;
            })()",
        )
        .await?;
        let verdict = afterword_e2e::until("axe's verdict", || async {
            Ok(Some(visit.page.read("window.verdict").await?).filter(|it| !it.is_null()))
        })
        .await?;
        ensure!(verdict == json!([]), "{width}: {verdict:#}");
    }
    Ok(())
}
