//! What a shop may ask beside the comment: reasons, a contact, the permission to quote; and the link to the community.

use afterword_e2e::fixture::{Fixture, Form};
use afterword_e2e::until;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    what_else_is_asked_leaves_only_with_send_and_in_one_revision(form),
    who_says_nothing_more_is_asked_for_nothing(form),
    other_scores_are_offered_other_reasons(form),
    a_contact_corrected_after_a_failure_is_sent(form),
    contact_and_name_are_never_stored_in_the_browser,
    reasons_can_be_a_json_list_and_wrong_ones_are_left_out,
);

const EVERYTHING: &[(&str, &str)] = &[
    ("reasons", "late:It came late, packing:Badly packed, price:Too dear"),
    ("contact", ""),
    ("quote-permission", "true"),
    ("community-url", "/community"),
];

/// Opens a page, taps a score, and waits for what else is asked.
async fn asked(visit: &Visit<'_>, form: Form, fixture: &Fixture, score: u8) -> Result<()> {
    visit.open_as(form, fixture).await?;
    visit.page.score(score).await?;
    is_true(visit, "what else is asked", "!!probe.find('.further')").await
}

async fn is_true(visit: &Visit<'_>, what: &str, expression: &str) -> Result<()> {
    until(what, || async { Ok((visit.page.read(expression).await? == true).then_some(())) }).await
}

/// Puts a text into a field, as a person does.
async fn fill(visit: &Visit<'_>, selector: &str, text: &str) -> Result<()> {
    visit.page.click(selector).await?;
    visit.page.keys(text).await?;
    is_true(visit, text, &format!("probe.find('{selector}').value.endsWith({text:?})")).await
}

/// The bodies that the endpoint has got.
fn bodies(visit: &Visit<'_>) -> Result<Vec<Value>> {
    let posts = visit.shop.requests("POST", "/endpoint");
    posts.iter().map(|post| Ok(serde_json::from_str(&post.body)?)).collect()
}

const FIELDS: [&str; 4] = ["reasons", "quotable", "quote_name", "contact"];

async fn what_else_is_asked_leaves_only_with_send_and_in_one_revision(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    asked(visit, form, &Fixture::shop().attributes(EVERYTHING), 3).await?;
    let empty = page
        .read("[probe.find('#contact').value, probe.find('#quotable').checked, probe.find('#quote-name').checkVisibility()]")
        .await?;
    ensure!(empty == json!(["", false, false]), "nothing is filled in beforehand: {empty}");
    page.write("It took two weeks").await?;
    page.click("[value=packing] + span").await?;
    page.click("[value=late] + span").await?;
    fill(visit, "#contact", "kim@example.org").await?;
    page.click("#quotable").await?;
    fill(visit, "#quote-name", "Kim").await?;
    page.quiet().await?;
    for body in bodies(visit)? {
        for field in FIELDS {
            ensure!(body.get(field).is_none(), "{field} left before Send: {body}");
        }
    }
    page.send().await?;
    let all = bodies(visit)?;
    let last = all.last().context("an answer")?;
    let said = FIELDS.map(|field| last[field].clone());
    let expected =
        [json!(["late", "packing"]), json!(true), json!("Kim"), json!("kim@example.org")];
    ensure!(said == expected, "{last}");
    ensure!(last["comment"] == "It took two weeks" && last["complete"] == true, "{last}");
    let method = &last["method"];
    ensure!(
        method["contact_text"]
            == "We use this only to answer you about this feedback, and delete it afterwards.",
        "{method}"
    );
    ensure!(method["quote_text"] == "You may quote my words.", "{method}");
    is_true(
        visit,
        "the community",
        "probe.find('#community')?.textContent == 'Visit our community'",
    )
    .await?;
    ensure!(page.read("probe.find('#community').pathname").await? == "/community");
    Ok(())
}

async fn who_says_nothing_more_is_asked_for_nothing(visit: &Visit<'_>, form: Form) -> Result<()> {
    asked(visit, form, &Fixture::shop().attributes(EVERYTHING), 9).await?;
    visit.page.send().await?;
    let all = bodies(visit)?;
    let last = all.last().context("an answer")?;
    let said = FIELDS.map(|field| last.get(field).cloned());
    ensure!(said == [None, Some(json!(false)), None, None], "{last}");
    ensure!(last["method"]["contact_text"].is_string(), "what was shown is on record: {last}");
    Ok(())
}

async fn other_scores_are_offered_other_reasons(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop()
        .attribute("reasons", "other:Something else")
        .attribute("reasons-detractor", "late:It came late, other:Something else")
        .attribute("reasons-promoter", "fast:It came fast");
    asked(visit, form, &fixture, 3).await?;
    let offered =
        "[...probe.find('.further').querySelectorAll('label')].map((label) => label.textContent)";
    ensure!(page.read(offered).await? == json!(["It came late", "Something else"]));
    page.click("[value=late] + span").await?;
    page.click("[value=other] + span").await?;
    for (score, expected) in [(8, json!(["Something else"])), (10, json!(["It came fast"]))] {
        page.score(score).await?;
        until("its reasons", || async {
            Ok((page.read(offered).await? == expected).then_some(()))
        })
        .await?;
    }
    page.score(8).await?;
    is_true(visit, "the tap is kept", "probe.find('[value=other]')?.checked === true").await?;
    page.send().await?;
    let all = bodies(visit)?;
    ensure!(all.last().context("an answer")?["reasons"] == json!(["other"]), "{all:?}");
    Ok(())
}

async fn a_contact_corrected_after_a_failure_is_sent(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let fixture = Fixture::shop().attributes(EVERYTHING).endpoint("/endpoint/200,422,200");
    asked(visit, form, &fixture, 3).await?;
    visit.posted("/endpoint", 1).await?;
    fill(visit, "#contact", "kim").await?;
    page.click(".send").await?;
    is_true(visit, "the refusal", "probe.find('.send').hidden").await?;
    fill(visit, "#contact", "@example.org").await?;
    is_true(visit, "Send to come back", "!probe.find('.send').hidden").await?;
    page.send().await?;
    let all = bodies(visit)?;
    let contacts: Vec<_> = all.iter().map(|body| body["contact"].clone()).collect();
    ensure!(contacts == [Value::Null, json!("kim"), json!("kim@example.org")], "{all:?}");
    let revisions: Vec<_> = all.iter().map(|body| body["revision"].clone()).collect();
    ensure!(revisions == [json!(1), json!(2), json!(3)], "{all:?}");
    Ok(())
}

async fn contact_and_name_are_never_stored_in_the_browser(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let endpoint = format!("{}/endpoint/away", visit.shop.other());
    let fixture = Fixture::shop()
        .endpoint(&endpoint)
        .attributes(EVERYTHING)
        .attribute("storage", "local")
        .clock();
    asked(visit, Form::Widget, &fixture, 3).await?;
    page.write("Later").await?;
    fill(visit, "#contact", "kim@example.org").await?;
    page.click("#quotable").await?;
    fill(visit, "#quote-name", "Kimberley").await?;
    page.click(".send").await?;
    is_true(
        visit,
        "the answer to be kept",
        "JSON.stringify({ ...localStorage }).includes('Later')",
    )
    .await?;
    let kept = page.read("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])").await?;
    let kept = kept.as_str().context("a text")?;
    for private in ["kim@", "Kimberley"] {
        ensure!(!kept.contains(private), "{private} is stored: {kept}");
    }
    ensure!(kept.contains("quotable"), "all else is: {kept}");
    visit.leave().await?;
    visit.all_has_arrived().await
}

async fn reasons_can_be_a_json_list_and_wrong_ones_are_left_out(visit: &Visit<'_>) -> Result<()> {
    let list = r#"[{ "id": "late", "words": "Late, and cold" }, { "id": "no id", "words": "x" }, 7, { "id": "price", "words": "$question" }]"#;
    asked(visit, Form::Widget, &Fixture::shop().attribute("reasons", list), 3).await?;
    let offered = "[...probe.find('.further').querySelectorAll('label')].map((label) => [label.firstChild.value, label.textContent])";
    let offered = visit.page.read(offered).await?;
    ensure!(offered == json!([["late", "Late, and cold"], ["price", "$question"]]), "{offered}");
    Ok(())
}
