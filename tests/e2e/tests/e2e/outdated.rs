//! A browser has kept the script for longer than the server has kept the folder of its release: the present release continues
//! in the same place, and every answer counts once.

use afterword_e2e::fixture::{Fixture, Form, Script};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    the_present_release_continues(form),
    a_score_tapped_before_counts_once(form),
    a_finger_on_a_score_is_waited_for,
    a_survey_that_cannot_be_painted_is_shown_by_the_present_release,
    a_closed_survey_stays_closed,
    answers_as_a_form_stay_a_form,
    without_any_folder_the_score_is_saved_and_the_customer_is_told,
    in_an_older_browser_too,
);

fn page(kept: &'static str) -> Fixture {
    Fixture::shop().script(Script::Outdated(kept))
}

/// Checks that the browser has asked for the script once more, and that the console has one line.
async fn once(visit: &Visit<'_>, kept: &str) -> Result<()> {
    let script = format!("/outdated/{kept}/afterword.js");
    afterword_e2e::until("the script, once more", || async {
        Ok((visit.shop.requests("GET", &script).len() > 1).then_some(()))
    })
    .await?;
    visit.page.quiet().await?;
    let asked = visit.shop.requests("GET", &script).len();
    ensure!(asked == 2, "the script was asked for {asked} times");
    let noise = visit.page.read("probe.noise").await?;
    let lines = noise.as_array().context("lines")?;
    ensure!(
        lines.len() == 1 && noise[0].as_str().is_some_and(|it| it.contains("earlier release")),
        "{noise}"
    );
    Ok(())
}

/// Writes a comment, sends it, and returns the answer's revisions, which all have the same id.
async fn sent(visit: &Visit<'_>) -> Result<Vec<Value>> {
    visit.page.write("Slow").await?;
    visit.page.send().await?;
    let posts = visit.shop.requests("POST", "/endpoint");
    let posts: Vec<Value> =
        posts.iter().map(|post| serde_json::from_str(&post.body)).collect::<Result<_, _>>()?;
    let last = posts.last().context("no answer")?;
    ensure!(last["complete"] == true && last["comment"] == "Slow", "{last}");
    ensure!(posts.iter().all(|post| post["id"] == last["id"]), "another answer: {posts:?}");
    let revisions: Vec<_> = posts.iter().map(|post| post["revision"].as_u64()).collect();
    ensure!(revisions.is_sorted_by(|a, b| a < b), "{revisions:?}");
    Ok(posts)
}

async fn the_present_release_continues(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = page("nothing");
    visit.open_as(form, &page).await?;
    once(visit, "nothing").await?;
    let shown = visit.page.read("[probe.hosts().length, probe.find('form').isConnected, probe.root().querySelectorAll('form').length]").await?;
    ensure!(shown == json!([1, true, 1]), "{shown}");
    visit.page.score(4).await?;
    let posts = sent(visit).await?;
    ensure!(posts[0]["score"] == 4, "{posts:?}");
    let shown =
        visit.page.read("probe.events.filter(({ name }) => name == 'shown').length").await?;
    ensure!(shown == 1, "shown {shown} times");
    nothing_failed(visit).await
}

/// Checks that the page was told of no failure: the customer has noticed none.
async fn nothing_failed(visit: &Visit<'_>) -> Result<()> {
    let failed =
        visit.page.read("probe.events.filter(({ name }) => name == 'failed').length").await?;
    ensure!(failed == 0, "failed {failed} times");
    Ok(())
}

async fn a_score_tapped_before_counts_once(visit: &Visit<'_>, form: Form) -> Result<()> {
    visit.shop.hold("/again.js");
    visit.open(&page("nothing").form(form)).await?;
    visit.page.score(4).await?;
    visit.posted("/endpoint", 1).await?;
    visit.shop.release();
    once(visit, "nothing").await?;
    let state = visit.page.wait("the score", |state| state["comment"].is_string()).await?;
    ensure!(state["score"] == "4", "{state}");
    let posts = sent(visit).await?;
    ensure!(posts.iter().all(|post| post["score"] == 4), "{posts:?}");
    Ok(())
}

async fn a_finger_on_a_score_is_waited_for(visit: &Visit<'_>) -> Result<()> {
    visit.shop.hold("/again.js");
    visit.open(&page("nothing")).await?;
    visit.page.press("input[value=\"7\"] + span").await?;
    visit.shop.release();
    once(visit, "nothing").await?;
    visit.page.let_go().await?;
    visit.page.wait("the score", |state| state["comment"].is_string()).await?;
    let posts = sent(visit).await?;
    ensure!(posts.iter().all(|post| post["score"] == 7), "{posts:?}");
    // The earlier script has asked for its words, which are gone, until the present one took over.
    nothing_failed(visit).await
}

async fn a_survey_that_cannot_be_painted_is_shown_by_the_present_release(
    visit: &Visit<'_>,
) -> Result<()> {
    let card = |kept| page(kept).attributes(&[("mode", "corner"), ("include", "*")]);
    // Its decision is missing; its card; its language.
    for (kept, fixture) in [
        ("nothing", card("nothing")),
        ("when", card("when")),
        ("nothing", page("nothing").lang("fr")),
    ] {
        visit.open_as(Form::Widget, &fixture).await.context(kept)?;
        let hosts =
            visit.page.read("[...probe.hosts()].map((host) => host.offsetHeight > 0)").await?;
        ensure!(hosts == json!([true]), "{hosts}");
        let before = visit.shop.requests("POST", "/endpoint").len();
        visit.page.score(9).await?;
        visit.posted("/endpoint", before + 1).await?;
        visit.page.write("Fine").await?;
        visit.page.send().await?;
    }
    Ok(())
}

async fn a_closed_survey_stays_closed(visit: &Visit<'_>) -> Result<()> {
    visit.shop.hold("/again.js");
    visit.open(&page("nothing")).await?;
    afterword_e2e::until("a file that is gone to be asked for", || async {
        let asked = visit.shop.requests("GET", "/outdated/nothing/w-");
        Ok(asked.iter().any(|it| it.path.ends_with("/inline.js")).then_some(()))
    })
    .await?;
    visit.page.read("(afterword.close(), 0)").await?;
    visit.shop.release();
    once(visit, "nothing").await?;
    let hidden = visit.page.read("[...probe.hosts()].map((host) => host.hidden)").await?;
    ensure!(hidden == json!([true]), "{hidden}");
    Ok(())
}

async fn answers_as_a_form_stay_a_form(visit: &Visit<'_>) -> Result<()> {
    visit.open_as(Form::Widget, &page("nothing").attribute("format", "form")).await?;
    visit.page.score(9).await?;
    let posts = visit.posted("/endpoint", 1).await?;
    ensure!(posts[0].response_of_a_form()?.score == 9, "{posts:?}");
    Ok(())
}

async fn without_any_folder_the_score_is_saved_and_the_customer_is_told(
    visit: &Visit<'_>,
) -> Result<()> {
    for (lang, said) in [("en", "Your 8 is saved."), ("de", "Ihre 8 ist gespeichert.")] {
        visit.open(&page("nothing-at-all").lang(lang)).await?;
        visit.page.quiet().await?;
        let before = visit.shop.requests("POST", "/endpoint").len();
        visit.page.score(8).await?;
        visit.posted("/endpoint", before + 1).await?;
        let status = "probe.find('form').lastChild.textContent";
        let told = afterword_e2e::until("the sentence", || async {
            Ok((visit.page.read(status).await? == said).then_some(()))
        })
        .await;
        if told.is_err() {
            let (has, noise) =
                (visit.page.read(status).await?, visit.page.read("probe.noise").await?);
            return told.map_err(|error| error.context(format!("{has} {noise}")));
        }
    }
    Ok(())
}

async fn in_an_older_browser_too(visit: &Visit<'_>) -> Result<()> {
    for lacks in ["relative,mix,lh,dvh,light-dark,popover", "relative,sheets"] {
        let fixture = page("nothing").run(&format!("/lacking.js?{lacks}"));
        visit.open_as(Form::Widget, &fixture).await.context(lacks)?;
        visit.page.score(9).await?;
        visit.page.write("Fine").await?;
        visit.page.send().await?;
    }
    Ok(())
}
