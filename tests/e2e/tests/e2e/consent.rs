//! The lines of docs/CONSENT.md, as they stand there: with the consent tools themselves, where npm has them, and with
//! stand-ins for the others, which have the interface that the tool documents.

use afterword_e2e::fixture::Fixture;
use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{Visit, scenarios};

scenarios!(
    klaro_tells_it,
    cookie_consent_tells_it,
    a_tool_with_iabs_interface_tells_it,
    cookiebot_tells_it,
    onetrust_tells_it,
    usercentrics_tells_it,
    borlabs_tells_it,
    consent_mode_tells_it,
);

const MANUAL: &str = include_str!("../../../../docs/CONSENT.md");

/// The first block of code below a heading of the manual.
fn lines(heading: &str) -> Result<&'static str> {
    let section = MANUAL.split_once(&format!("\n## {heading}\n")).context("the heading")?.1;
    let code = section.split_once("```js\n").context("its lines")?.1;
    Ok(code.split_once("```").context("their end")?.0)
}

/// A page whose survey waits for consent, with a consent tool and the manual's lines. The tool knows no choice at first, and has a
/// function `choose(given)`.
fn page(head: &str) -> Fixture {
    Fixture::shop()
        .attributes(&[("consent", "required-to-show"), ("storage", "local"), ("max-shows", "9")])
        .head(head)
}

/// The same with a stand-in.
fn stand_in(tool: &str, lines: &str) -> Fixture {
    page(&format!("<script>{tool}</script><script>{lines}</script>"))
}

/// What the survey has stored, among what the tool has.
const STORED: &str = "Object.keys(localStorage).filter((key) => key.startsWith('afterword'))";

async fn choose(visit: &Visit<'_>, given: bool) -> Result<()> {
    visit.page.read(&format!("(choose({given}), 0)")).await.map(drop)
}

/// Without a choice and after a refusal nothing is shown or stored; with consent it is; withdrawn, what is stored goes.
async fn told(visit: &Visit<'_>, page: &Fixture) -> Result<()> {
    begun(visit, page).await?;
    withdrawn(visit).await
}

/// The same with a tool that remembers the choice: it tells the next page without being asked.
async fn told_and_remembered(visit: &Visit<'_>, page: &Fixture) -> Result<()> {
    begun(visit, page).await?;
    visit.go(page).await?;
    visit.page.wait("the question on the next page", |state| state["question"].is_string()).await?;
    afterword_e2e::until("the tool", || async {
        Ok((visit.page.read("typeof choose").await? == "function").then_some(()))
    })
    .await?;
    withdrawn(visit).await
}

async fn begun(visit: &Visit<'_>, page: &Fixture) -> Result<()> {
    visit.go(page).await?;
    afterword_e2e::until("the survey to wait, and the tool", || async {
        let both = "[probe.skipped, typeof choose]";
        Ok((visit.page.read(both).await? == json!([["consent"], "function"])).then_some(()))
    })
    .await?;
    choose(visit, false).await?;
    visit.page.quiet().await?;
    let stored = visit.page.read(STORED).await?;
    ensure!(stored == json!([]), "stored: {stored}");
    ensure!(visit.page.state().await?.is_null(), "it is shown");
    choose(visit, true).await?;
    visit.page.wait("the question", |state| state["question"].is_string()).await?;
    let stored = visit.page.read(STORED).await?;
    ensure!(stored == json!(["afterword-memory"]), "stored: {stored}");
    Ok(())
}

async fn withdrawn(visit: &Visit<'_>) -> Result<()> {
    choose(visit, false).await?;
    afterword_e2e::until("what is stored to go", || async {
        Ok((visit.page.read(STORED).await? == json!([])).then_some(()))
    })
    .await
}

async fn klaro_tells_it(visit: &Visit<'_>) -> Result<()> {
    let service = lines("Klaro")?;
    let page = page(&format!(
        "<script>
            var klaroConfig = {{ storageMethod: 'localStorage', services: [{service}] }};
            // As its window does when the customer saves.
            addEventListener('load', () => window.choose = (given) => {{
                const manager = klaro.getManager();
                manager.changeAll(given);
                manager.saveAndApplyConsents(given ? 'accept' : 'decline');
            }});
        </script>
        <script defer data-config=\"klaroConfig\" src=\"/npm/klaro/dist/klaro-no-css.js\"></script>"
    ));
    told_and_remembered(visit, &page).await
}

async fn cookie_consent_tells_it(visit: &Visit<'_>) -> Result<()> {
    let lines = lines("CookieConsent")?;
    let page = page(&format!(
        "<script src=\"/npm/vanilla-cookieconsent/dist/cookieconsent.umd.js\"></script>
        <script>{lines}</script>
        <script>
            addEventListener('load', () => {{
                CookieConsent.run({{
                    // A browser that a test controls is one, to this tool.
                    hideFromBots: false,
                    cookie: {{ useLocalStorage: true }},
                    categories: {{ necessary: {{ enabled: true, readOnly: true }}, functionality: {{}} }},
                    language: {{ default: 'en', translations: {{ en: {{
                        consentModal: {{ title: 'Cookies', acceptAllBtn: 'All', acceptNecessaryBtn: 'None' }},
                        preferencesModal: {{ sections: [{{ title: 'Functions', linkedCategory: 'functionality' }}] }},
                    }} }} }},
                }});
                window.choose = (given) => CookieConsent.acceptCategory(given ? 'all' : []);
            }});
        </script>"
    ));
    told_and_remembered(visit, &page).await
}

async fn a_tool_with_iabs_interface_tells_it(visit: &Visit<'_>) -> Result<()> {
    let lines = lines("IAB TCF")?;
    // IAB's stand-in keeps the calls until the tool is there.
    let page = page(&format!(
        "<script src=\"/npm/@iabtcf/stub/lib/stub.js\"></script>
        <script>{lines}</script>
        <script type=\"importmap\">{{ \"imports\": {{
            \"@iabtcf/cmpapi\": \"/npm/@iabtcf/cmpapi/lib/mjs/index.js\",
            \"@iabtcf/core\": \"/npm/@iabtcf/core/lib/mjs/index.js\"
        }} }}</script>
        <script type=\"module\" src=\"/consent/cmp.js\"></script>"
    ));
    told_and_remembered(visit, &page).await
}

async fn cookiebot_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        const Cookiebot = { consent: { preferences: false } };
        window.choose = (given) => {
            Cookiebot.consent.preferences = given;
            dispatchEvent(new Event(given ? 'CookiebotOnAccept' : 'CookiebotOnDecline'));
        };";
    told(visit, &stand_in(tool, lines("Cookiebot")?)).await
}

async fn onetrust_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        window.choose = (given) => dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: given ? ['C0001', 'C0003'] : ['C0001'] }));
        addEventListener('load', () => choose(false));";
    told(visit, &stand_in(tool, lines("OneTrust")?)).await
}

async fn usercentrics_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        const tell = (event, more) => dispatchEvent(new CustomEvent('ucEvent', { detail: { event, ...more } }));
        window.choose = (given) => tell('consent_status', { Afterword: given, type: 'EXPLICIT' });
        addEventListener('load', () => tell('other', { Afterword: true }));";
    told(visit, &stand_in(tool, lines("Usercentrics")?)).await
}

/// Borlabs inserts a service's code for opt-in into each page with consent and as it is given, and the code for opt-out as it is
/// withdrawn.
async fn borlabs_tells_it(visit: &Visit<'_>) -> Result<()> {
    let section = MANUAL.split_once("\n## Borlabs Cookie\n").context("the heading")?.1;
    let code = section.split_once("```html\n").context("its lines")?.1;
    let (given, rest) = code.split_once('\n').context("the code for opt-in")?;
    let (withdrawn, _) = rest.split_once('\n').context("the code for opt-out")?;
    let [given, withdrawn] = [given, withdrawn]
        .map(|code| serde_json::Value::from(code).to_string().replace('<', "\\u003c"));
    let tool = format!(
        "window.choose = (given) => document.body.append(document.createRange().createContextualFragment(given ? {given} : {withdrawn}));"
    );
    told(visit, &stand_in(&tool, "")).await
}

async fn consent_mode_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        window.dataLayer = [];
        function gtag() { dataLayer.push(arguments); }";
    let granted = lines("Google Consent Mode v2")?;
    let denied = granted.replace("granted", "denied").replace("true", "false");
    let choose =
        format!("window.choose = (given) => {{ if (given) {{ {granted} }} else {{ {denied} }} }}");
    told(visit, &stand_in(tool, &choose)).await
}
