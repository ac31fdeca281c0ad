//! The ways to load the script: the question is shown, or one line in the console says what to do and the document gets
//! an event. There is never an exception in the page's own code. docs/EMBEDDING.md has the table.

use afterword_e2e::fixture::{Embedding, Fixture, Form};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Visit, scenarios};

scenarios!(
    a_card_is_shown_wherever_its_tag_stands,
    a_tag_without_a_place_says_what_to_paste,
    a_tag_in_the_head_says_nothing_where_the_page_places_the_survey_itself,
    a_tag_in_something_hidden_is_shown_when_that_is,
    a_tag_that_is_a_module_is_a_tag,
    the_endpoint_lies_beside_the_script(form),
    the_module_entry_is_imported(form),
    the_module_entry_as_a_tag_is_a_tag,
    the_classic_file_imported_says_what_to_do,
    evaluated_it_finds_its_files_by_a_tag,
    text_in_the_page_needs_data_base,
    joined_with_other_scripts_it_needs_data_base,
    a_tag_in_a_shadow_root_says_what_to_do,
    two_tags_with_different_surveys_are_both_shown,
    the_same_tag_twice_is_shown_once,
    what_is_called_before_the_script_is_there_is_not_lost(form),
    the_queue_works_beside_an_element_of_our_globals_name,
    umlauts_are_right_whatever_the_pages_encoding,
    a_page_without_a_name_has_a_question_without_one,
    attributes_may_be_set_right_after_insertion,
    a_name_that_no_script_can_set_does_no_harm,
);

/// A page with the tag, or another way to load the script, in its text.
fn page(markup: &str) -> Fixture {
    Fixture::shop().embedding(Embedding::Absent).before(markup)
}

/// Taps a score, and checks that the shop's endpoint receives it in an answer to that survey.
async fn answered(visit: &Visit<'_>, survey: &str) -> Result<()> {
    let before = visit.shop.requests("POST", "/endpoint").len();
    visit.page.score(9).await?;
    let posts = visit.posted("/endpoint", before + 1).await?;
    let sent = posts[before].response()?;
    ensure!(sent.survey == survey, "{}", sent.survey);
    Ok(())
}

/// Checks that the question is shown and can be answered, without a line in the console.
async fn works(visit: &Visit<'_>, fixture: &Fixture) -> Result<()> {
    visit.open_as(Form::Widget, fixture).await?;
    answered(visit, "default").await?;
    ensure!(visit.page.read("probe.noise").await? == json!([]), "{}", noise(visit).await?);
    Ok(())
}

async fn noise(visit: &Visit<'_>) -> Result<Value> {
    visit.page.read("probe.noise").await
}

/// Checks that nothing is shown, that the document gets an event with the reason, and that the console has one line of
/// ours, which contains `hint`.
async fn says(visit: &Visit<'_>, fixture: &Fixture, hint: &str) -> Result<()> {
    let page = &visit.page;
    visit.go(fixture).await?;
    afterword_e2e::until("afterword:failed", || async {
        let failed = page.read("probe.events.some((event) => event.name == 'failed')").await?;
        Ok((failed == true).then_some(()))
    })
    .await?;
    page.quiet().await?;
    let noise = noise(visit).await?;
    let lines = noise.as_array().context("lines")?;
    ensure!(lines.len() == 1 && lines[0].as_str().is_some_and(|it| it.contains(hint)), "{noise}");
    let events = page.read("probe.events").await?;
    ensure!(events.as_array().is_some_and(|all| all.len() == 1), "{events}");
    ensure!(events[0]["detail"]["reason"].is_string(), "{events}");
    ensure!(page.state().await?.is_null(), "something is shown");
    // Other scripts of the page still run.
    ensure!(page.read("window.theirs ?? 'runs'").await? == "runs", "the page's own code stopped");
    Ok(())
}

/// Ways that leave the survey without a place: the name of each, and its page for a tag with attributes.
fn placeless(data: &[(&str, &str)]) -> Vec<(&'static str, Fixture)> {
    let with = |embedding| Fixture::shop().attributes(data).embedding(embedding);
    let set =
        data.iter().map(|(name, value)| format!("tag.setAttribute('data-{name}', '{value}');"));
    let set: String = set.collect();
    let made = |rest: &str| {
        page(&format!(
            "<script>{{ const tag = document.createElement('script'); tag.src = '/dist/afterword.js'; \
             tag.dataset.endpoint = '/endpoint/200'; {set} {rest} }}</script>"
        ))
    };
    vec![
        ("in the head", with(Embedding::Head)),
        ("appended to the head", with(Embedding::AppendedToHead)),
        ("removed at once", made("document.body.append(tag); tag.remove();")),
    ]
}

async fn a_card_is_shown_wherever_its_tag_stands(visit: &Visit<'_>) -> Result<()> {
    // About an order: a card that opens itself on every page is warned about.
    for (way, fixture) in placeless(&[("mode", "corner"), ("order-id", "A-1")]) {
        works(visit, &fixture).await.context(way)?;
    }
    let data = "data-endpoint=\"/endpoint/200\" data-mode=\"corner\" data-order-id=\"A-1\"";
    let hidden = page(&format!(
        "<div style=\"display:none\"><script async src=\"/dist/afterword.js\" {data}></script></div>"
    ));
    works(visit, &hidden).await.context("in something hidden")
}

async fn a_tag_without_a_place_says_what_to_paste(visit: &Visit<'_>) -> Result<()> {
    for (way, fixture) in placeless(&[]) {
        says(visit, &fixture, "<afterword-survey></afterword-survey>").await.context(way)?;
    }
    Ok(())
}

async fn a_tag_in_the_head_says_nothing_where_the_page_places_the_survey_itself(
    visit: &Visit<'_>,
) -> Result<()> {
    let late = "<script>addEventListener('DOMContentLoaded', () => {
        const survey = document.createElement('afterword-survey');
        survey.dataset.endpoint = '/endpoint/200';
        document.querySelector('main').append(survey);
    });</script>";
    works(visit, &Fixture::shop().embedding(Embedding::Head).head(late)).await
}

/// In a tab, a dialog or an accordion: the survey is placed there, and visible once the container is opened.
async fn a_tag_in_something_hidden_is_shown_when_that_is(visit: &Visit<'_>) -> Result<()> {
    let tag = "<script async src=\"/dist/afterword.js\" data-endpoint=\"/endpoint/200\"></script>";
    let tab = page(&format!("<div id=\"tab\" hidden>{tag}</div>"));
    visit.open(&tab).await?;
    visit.page.read("(document.getElementById('tab').hidden = false, 0)").await?;
    // Nobody taps what is not drawn yet.
    visit.page.quiet().await?;
    answered(visit, "default").await
}

async fn a_tag_that_is_a_module_is_a_tag(visit: &Visit<'_>) -> Result<()> {
    works(visit, &Fixture::shop().embedding(Embedding::Module)).await
}

/// The script is in a folder of the shop, or under a path that a proxy passes on. Answers never go to the root of the
/// origin.
async fn the_endpoint_lies_beside_the_script(visit: &Visit<'_>, form: Form) -> Result<()> {
    let tag = "<script async src=\"/dist/afterword.js\" data-order-id=\"A-1\"></script>";
    visit.open_as(form, &page(tag)).await?;
    visit.page.score(9).await?;
    let posts = visit.posted("/dist/v1/responses", 1).await?;
    let sent = posts[0].response()?;
    ensure!(sent.order.and_then(|order| order.id).as_deref() == Some("A-1"), "the order");
    ensure!(visit.shop.requests("POST", "/v1/").is_empty(), "at the shop's own root");
    Ok(())
}

async fn the_module_entry_is_imported(visit: &Visit<'_>, form: Form) -> Result<()> {
    let import = "<script type=\"module\" src=\"/import.js\"></script>";
    let element = "<afterword-survey data-endpoint=\"/endpoint/200\"></afterword-survey>";
    visit.open_as(form, &page(&(import.to_owned() + element))).await?;
    answered(visit, "default").await?;
    ensure!(visit.page.read("imported").await? == true, "the page's own code stopped");
    Ok(())
}

async fn the_module_entry_as_a_tag_is_a_tag(visit: &Visit<'_>) -> Result<()> {
    let tag = "<script type=\"module\" src=\"/dist/afterword.mjs\" data-endpoint=\"/endpoint/200\"></script>";
    works(visit, &page(tag)).await
}

async fn the_classic_file_imported_says_what_to_do(visit: &Visit<'_>) -> Result<()> {
    let import = "<script type=\"module\">
        window.theirs = 'stopped';
        await import('/dist/afterword.js');
        window.theirs = 'runs';
    </script>";
    says(visit, &page(import), "data-base").await
}

/// Like Rocket Loader and old tag managers: the script's text is fetched and evaluated. The tag is still in the page.
async fn evaluated_it_finds_its_files_by_a_tag(visit: &Visit<'_>) -> Result<()> {
    let evaluate = "<script>fetch('/dist/afterword.js').then((file) => file.text()).then((text) => (0, eval)(text))</script>";
    let inert = "<script type=\"text/later\" src=\"/dist/afterword.js\" data-endpoint=\"/endpoint/200\"></script>";
    works(visit, &page(&(inert.to_owned() + evaluate))).await?;
    says(visit, &page(evaluate), "data-base").await
}

async fn text_in_the_page_needs_data_base(visit: &Visit<'_>) -> Result<()> {
    for (base, is_enough) in [("/dist/", true), ("/dist", true), ("http://[", false), ("", false)] {
        let inline = format!(
            "<script>fetch('/dist/afterword.js').then((file) => file.text()).then((text) => {{
                const tag = document.createElement('script');
                Object.assign(tag.dataset, {{ base: '{base}', endpoint: '/endpoint/200' }});
                tag.text = text;
                document.querySelector('main').append(tag);
            }})</script>"
        );
        if is_enough {
            works(visit, &page(&inline)).await.context(base)?;
        } else {
            says(visit, &page(&inline), "data-base").await.context(base)?;
        }
    }
    Ok(())
}

async fn joined_with_other_scripts_it_needs_data_base(visit: &Visit<'_>) -> Result<()> {
    let joined = |data: &str| {
        page(&format!(
            "<script>window.theirs = 'stopped'; fetch('/dist/afterword.js').then((file) => file.text()).then((text) => {{
                const all = new Blob(['window.before = 1;', text, ';window.theirs = \"runs\"']);
                const tag = document.createElement('script');
                Object.assign(tag.dataset, {{ endpoint: '/endpoint/200' {data} }});
                tag.src = URL.createObjectURL(all);
                document.querySelector('main').append(tag);
            }})</script>"
        ))
    };
    says(visit, &joined(""), "data-base").await?;
    works(visit, &joined(", base: location.origin + '/dist/'")).await
}

async fn a_tag_in_a_shadow_root_says_what_to_do(visit: &Visit<'_>) -> Result<()> {
    let shadow = "<div id=\"box\"></div><script>{
        const tag = document.createElement('script');
        tag.src = '/dist/afterword.js';
        document.getElementById('box').attachShadow({ mode: 'open' }).append(tag);
    }</script>";
    says(visit, &page(shadow), "data-base").await
}

async fn two_tags_with_different_surveys_are_both_shown(visit: &Visit<'_>) -> Result<()> {
    let tag = |survey: &str| {
        format!(
            "<div><script async src=\"/dist/afterword.js\" data-endpoint=\"/endpoint/200\"{survey}></script></div>"
        )
    };
    let two = page(&(tag("") + &tag(" data-survey=\"second\"")));
    visit.open(&two).await?;
    let shown = "probe.events.filter(({ name }) => name == 'shown').map(({ detail }) => detail.survey).sort()";
    afterword_e2e::until("both", || async {
        Ok((visit.page.read(shown).await? == json!(["default", "second"])).then_some(()))
    })
    .await
}

/// Like consent managers, which create each tag again.
async fn the_same_tag_twice_is_shown_once(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().attribute("survey", "once").tags(2);
    visit.open(&fixture).await?;
    visit.page.quiet().await?;
    ensure!(visit.page.read("probe.hosts().length").await? == 1, "twice");
    answered(visit, "once").await
}

/// The page makes calls, adds listeners, and dispatches the event that a survey waits for.
const CALLS: &str = "
    window.told = [];
    afterword.push(['on', 'shown', ({ detail }) => told.push(detail.survey)], ['consent', true]);
    afterword.push(['order-placed']);";

async fn what_is_called_before_the_script_is_there_is_not_lost(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let fixture = || Fixture::shop().attribute("on", "order-placed").attribute("survey", "early");
    // The same calls are made before and after the script has loaded.
    visit.open_as(form, &fixture().run("/queue.js?before")).await?;
    is_told(visit, "early").await?;
    answered(visit, "early").await?;
    visit.go(&fixture().form(form)).await?;
    visit.page.loaded().await?;
    visit.page.read(&format!("(() => {{ {CALLS} }})()")).await?;
    visit.page.wait("the question", |state| state["question"].is_string()).await?;
    is_told(visit, "early").await?;
    // `open` also shows surveys that wait.
    visit.open_as(form, &fixture().run("/queue.js?open")).await.map(drop)
}

async fn the_queue_works_beside_an_element_of_our_globals_name(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop()
        .attribute("on", "order-placed")
        .before("<p id=\"afterword\">Ours</p><script src=\"/queue.js?before\"></script>");
    visit.open(&fixture).await?;
    is_told(visit, "default").await
}

/// Waits until the listener of `queue.js` has got the event that this survey was shown, once.
async fn is_told(visit: &Visit<'_>, survey: &str) -> Result<()> {
    afterword_e2e::until("the listener to be told", || async {
        Ok((visit.page.read("told").await? == json!([survey])).then_some(()))
    })
    .await
}

async fn umlauts_are_right_whatever_the_pages_encoding(visit: &Visit<'_>) -> Result<()> {
    let tag =
        "<script async src=\"/silent/afterword.de.js\" data-endpoint=\"/endpoint/200\"></script>";
    let fixture = page(tag).lang("de").encoding("iso-8859-1");
    visit.open(&fixture).await?;
    ensure!(visit.page.read("document.characterSet").await? == "windows-1252", "the encoding");
    let state = visit.page.state().await?;
    let labels = json!(["Überhaupt nicht wahrscheinlich", "Äußerst wahrscheinlich"]);
    ensure!(state["labels"] == labels, "{state}");
    visit.page.taken_over().await?;
    let state = visit.page.state().await?;
    ensure!(state["labels"] == labels, "{state}");
    Ok(())
}

/// A frame with its own text has no host name for the question.
async fn a_page_without_a_name_has_a_question_without_one(visit: &Visit<'_>) -> Result<()> {
    let Visit { page, shop, .. } = visit;
    let mut arrived = 0;
    for embedding in [Embedding::Srcdoc, Embedding::Blob] {
        for (lang, address, question) in [
            ("en", "", "How likely are you to recommend us to a friend or colleague?"),
            ("de", "formal", "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?"),
            ("de", "informal", "Wie wahrscheinlich ist es, dass du uns weiterempfiehlst?"),
            ("ja", "", "当店を友人や同僚に薦める可能性は、どのくらいありますか？"),
        ] {
            // Of a `blob:` no address is relative.
            let endpoint = format!("{}/endpoint/200", shop.origin);
            let fixture =
                Fixture::shop().lang(lang).endpoint(&endpoint).attribute("address", address);
            visit.go(&fixture.embedding(embedding)).await?;
            page.enter_frame().await?;
            afterword_e2e::until("the question", || async {
                let found = page.read("window.probe?.find('#question')?.textContent").await?;
                Ok((found == question).then_some(()))
            })
            .await
            .with_context(|| format!("{}, {lang} {address}", embedding.name()))?;
            page.taken_over().await?;
            page.read("(probe.find('input[value=\"9\"]').click(), 0)").await?;
            page.wait("the comment", |state| state["comment"].is_string()).await?;
            let state = page.state().await?;
            ensure!(state["question"] == question, "{}: {state}", embedding.name());
            page.read("(probe.find('.send').click(), 0)").await?;
            page.wait("the thanks", |state| state["thanks"].is_string()).await?;
            let posts = shop.requests("POST", "/endpoint");
            ensure!(posts.len() > arrived, "{}: nothing was sent", embedding.name());
            for post in &posts[arrived..] {
                let sent: Value = serde_json::from_str(&post.body)?;
                ensure!(sent["method"]["question"] == question, "{sent}");
            }
            arrived = posts.len();
            page.client.enter_parent_frame().await?;
        }
    }
    // With a subject the question is the usual one.
    let fixture = Fixture::shop().attribute("subject", "Harbour & Hill");
    visit.go(&fixture.embedding(Embedding::Srcdoc)).await?;
    page.enter_frame().await?;
    page.wait("the question", |state| {
        state["question"]
            == "How likely are you to recommend Harbour & Hill to a friend or colleague?"
    })
    .await?;
    page.client.enter_parent_frame().await.map_err(Into::into)
}

/// Like much code: the page inserts the element first, and then sets its attributes.
async fn attributes_may_be_set_right_after_insertion(visit: &Visit<'_>) -> Result<()> {
    let fixture = Fixture::shop().embedding(Embedding::Head).end(
        "<script>{
            const survey = document.createElement('afterword-survey');
            document.querySelector('main').append(survey);
            Object.assign(survey.dataset, { endpoint: '/endpoint/200', survey: 'late', subject: 'us' });
        }</script>",
    );
    visit.open(&fixture).await?;
    let state = visit.page.state().await?;
    ensure!(state["question"].as_str().is_some_and(|it| it.contains("recommend us to")), "{state}");
    answered(visit, "late").await
}

async fn a_name_that_no_script_can_set_does_no_harm(visit: &Visit<'_>) -> Result<()> {
    works(visit, &Fixture::shop().attribute("50%", "off")).await
}
