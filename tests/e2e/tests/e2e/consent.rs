//! The lines of docs/CONSENT.md, as they stand there, with stand-ins for consent tools: each has the interface that the tool
//! documents.

use afterword_e2e::fixture::Fixture;
use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{Visit, scenarios};

scenarios!(
    klaro_tells_it,
    a_tool_with_iabs_interface_tells_it,
    cookiebot_tells_it,
    onetrust_tells_it,
    usercentrics_tells_it,
    consent_mode_tells_it,
);

const MANUAL: &str = include_str!("../../../../docs/CONSENT.md");

/// The first block of code below a heading of the manual.
fn lines(heading: &str) -> Result<&'static str> {
    let section = MANUAL.split_once(&format!("\n## {heading}\n")).context("the heading")?.1;
    let code = section.split_once("```js\n").context("its lines")?.1;
    Ok(code.split_once("```").context("their end")?.0)
}

/// A page whose survey waits for consent. `tool` is the stand-in, with a function `choose(given)`; it knows no choice at first.
fn page(tool: &str, lines: &str) -> Fixture {
    Fixture::shop()
        .attributes(&[("consent", "required-to-show"), ("storage", "local"), ("max-shows", "9")])
        .head(&format!("<script>{tool}</script><script>{lines}</script>"))
}

/// Without a choice and after a refusal nothing is shown or stored; with consent it is; withdrawn, what is stored goes.
async fn told(visit: &Visit<'_>, page: &Fixture) -> Result<()> {
    let choose = async |given: bool| visit.page.read(&format!("(choose({given}), 0)")).await;
    visit.go(page).await?;
    afterword_e2e::until("the survey to wait", || async {
        Ok((visit.page.read("probe.skipped").await? == json!(["consent"])).then_some(()))
    })
    .await?;
    choose(false).await?;
    visit.page.quiet().await?;
    let waits = "document.querySelector('afterword-survey') && localStorage.length == 0";
    ensure!(visit.page.read(waits).await? == true, "something is stored");
    ensure!(visit.page.state().await?.is_null(), "it is shown");
    choose(true).await?;
    visit.page.wait("the question", |state| state["question"].is_string()).await?;
    let stored = "Object.keys(localStorage)";
    ensure!(visit.page.read(stored).await? == json!(["afterword-memory"]), "nothing is stored");
    choose(false).await?;
    afterword_e2e::until("what is stored to go", || async {
        Ok((visit.page.read(stored).await? == json!([])).then_some(()))
    })
    .await
}

async fn klaro_tells_it(visit: &Visit<'_>) -> Result<()> {
    // Klaro calls a service when the page is loaded, with what was chosen before, and after each change.
    let tool = "
        let service;
        window.choose = (given) => service.callback(given, service);
        addEventListener('load', () => choose(false));";
    let service = lines("Klaro")?.trim_end().trim_end_matches(',');
    told(visit, &page(tool, &format!("service = {service}"))).await
}

async fn a_tool_with_iabs_interface_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        let listener;
        const tell = (eventStatus, given) => listener({ eventStatus, gdprApplies: true, purpose: { consents: { 1: given } } }, true);
        window.choose = (given) => tell('useractioncomplete', given);
        const __tcfapi = (command, version, heard) => {
            listener = heard;
            tell('cmpuishown', false);
        };";
    told(visit, &page(tool, lines("IAB TCF")?)).await
}

async fn cookiebot_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        const Cookiebot = { consent: { preferences: false } };
        window.choose = (given) => {
            Cookiebot.consent.preferences = given;
            dispatchEvent(new Event(given ? 'CookiebotOnAccept' : 'CookiebotOnDecline'));
        };";
    told(visit, &page(tool, lines("Cookiebot")?)).await
}

async fn onetrust_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        window.choose = (given) => dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: given ? ['C0001', 'C0003'] : ['C0001'] }));
        addEventListener('load', () => choose(false));";
    told(visit, &page(tool, lines("OneTrust")?)).await
}

async fn usercentrics_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        const tell = (event, more) => dispatchEvent(new CustomEvent('ucEvent', { detail: { event, ...more } }));
        window.choose = (given) => tell('consent_status', { Afterword: given, type: 'EXPLICIT' });
        addEventListener('load', () => tell('other', { Afterword: true }));";
    told(visit, &page(tool, lines("Usercentrics")?)).await
}

async fn consent_mode_tells_it(visit: &Visit<'_>) -> Result<()> {
    let tool = "
        window.dataLayer = [];
        function gtag() { dataLayer.push(arguments); }";
    let granted = lines("Google Consent Mode v2")?;
    let denied = granted.replace("granted", "denied").replace("true", "false");
    let choose =
        format!("window.choose = (given) => {{ if (given) {{ {granted} }} else {{ {denied} }} }}");
    told(visit, &page(tool, &choose)).await
}
