//! What a shop can say of the survey's look: attributes, custom properties and parts, as docs/LOOK.md describes them; and the
//! five pages of examples/looks, which say it.

use afterword_e2e::fixture::{Fixture, Form};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{Scenario, Visit, register, scenario};

fn scenarios() -> Vec<Scenario> {
    let mut scenarios: Vec<Scenario> = EXAMPLES
        .iter()
        .flat_map(|name| [390, 1280].map(|width| (name, width)))
        .map(|(name, width)| {
            let title = format!("the_example_{name}_is_answered_at_{width}_px");
            Scenario::new(title, move |visit| Box::pin(is_answered(visit, name, width)))
        })
        .collect();
    scenario!(scenarios, attributes_shape_the_survey_before_it_is_painted(form));
    scenario!(scenarios, custom_properties_do_the_same_in_every_mode);
    scenario!(scenarios, a_wrong_value_is_one_line_and_changes_nothing(form));
    scenario!(scenarios, at_every_density_a_finger_finds_every_target);
    scenario!(scenarios, a_custom_property_without_sense_leaves_every_target(form));
    scenario!(scenarios, an_accent_in_the_shops_style_sheet_can_be_read);
    scenario!(scenarios, every_part_can_be_styled(form));
    scenario!(scenarios, long_words_are_divided_where_browsers_can(form));
    scenario!(scenarios, buttons_and_links_answer_the_pointer(form));
    scenarios
}
register!(scenarios);

/// The pages of examples/looks.
pub(crate) const EXAMPLES: &[&str] = &["fashion", "electronics", "organic", "b2b", "luxury"];

/// The shape of the survey: the corners of surface and scores, the space above the question and above the scale, and how wide
/// the survey may become.
const SHAPE: &str = "(() => {
    const style = (selector) => getComputedStyle(probe.find(selector));
    // Browsers round to their own fractions of a px.
    const px = (length) => Math.round(2 * parseFloat(length)) / 2;
    return [px(style('.survey').borderRadius), px(style('.score span').borderRadius), px(style('.survey').paddingTop),
        px(style('.scale').marginTop), px(getComputedStyle(probe.hosts()[0]).width)];
})()";

/// A bare page whose letters are 16 px high, so that lengths in em are known.
fn plain() -> Fixture {
    Fixture::shop().sheet("/plain.css").bare().attribute("subject", "us")
}

/// Adds a style sheet to the page, also where its policy forbids inline styles.
async fn wear(visit: &Visit<'_>, rules: &str) -> Result<()> {
    let add = format!(
        "(() => {{ const sheet = new CSSStyleSheet(); sheet.replaceSync({rules:?}); document.adoptedStyleSheets = [sheet]; }})()"
    );
    visit.page.read(&add).await.map(drop)
}

/// A bare page with a style sheet of its own.
fn styled(rules: &str) -> Fixture {
    plain().head(&format!("<style>{rules}</style>"))
}

async fn attributes_shape_the_survey_before_it_is_painted(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    // Neither the file of the mode nor the words for what follows have come.
    visit.shop.hold("inline.js");
    visit.shop.hold(".answer.json");
    for (attributes, expected) in [
        (vec![], json!([14, 8, 23, 17.5, 736])),
        (
            vec![("radius", "0"), ("density", "roomy"), ("width", "600")],
            json!([0, 0, 32.5, 24.5, 600]),
        ),
        (
            vec![("radius", "99"), ("density", "compact"), ("width", "1")],
            json!([28, 28, 11.5, 10.5, 290]),
        ),
        (vec![("radius", " 3.5 "), ("density", "normal")], json!([3.5, 3.5, 23, 17.5, 736])),
    ] {
        visit.open(&plain().attributes(&attributes).form(form)).await?;
        let seen = page.read(SHAPE).await?;
        ensure!(seen == expected, "painted, {attributes:?}: {seen}");
        // As with the files that come later, except for the widths of 540 px and less, where the padding is smaller.
        if form == Form::Painted {
            continue;
        }
        visit.shop.release();
        page.taken_over().await?;
        let seen = page.read(SHAPE).await?;
        ensure!(seen == expected, "taken over, {attributes:?}: {seen}");
        visit.shop.hold("inline.js");
        visit.shop.hold(".answer.json");
    }
    Ok(())
}

async fn custom_properties_do_the_same_in_every_mode(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let rules =
        ":root { --afterword-radius: 5px; --afterword-density: .5; --afterword-width: 33em }";
    for mode in ["inline", "corner", "dialog", "tab", "manual"] {
        let fixture = styled(rules).attributes(&[("mode", mode), ("include", "*")]);
        visit.go(&fixture).await?;
        page.loaded().await?;
        page.read("(afterword.open(), 0)").await?;
        page.wait("the question", |state| state["question"].is_string()).await?;
        page.taken_over().await?;
        let seen = page
            .read(
                "(() => {
                    const { borderRadius } = getComputedStyle(probe.find('.frame'));
                    const { paddingTop } = getComputedStyle(probe.find('.survey'));
                    return [borderRadius, getComputedStyle(probe.find('.score span')).borderRadius,
                        parseFloat(paddingTop), probe.find('.frame').offsetWidth];
                })()",
            )
            .await?;
        ensure!(seen[0] == "5px" && seen[1] == "5px", "{mode}: {seen}");
        ensure!(seen[2].as_f64().is_some_and(|px| px < 15.0), "{mode}: {seen}");
        ensure!(seen[3].as_f64().is_some_and(|px| (px - 528.0).abs() < 1.5), "{mode}: {seen}");
    }
    Ok(())
}

async fn a_wrong_value_is_one_line_and_changes_nothing(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let wrong = [("radius", "round"), ("density", "dense"), ("width", "50%")];
    visit.open_as(form, &plain().attributes(&wrong)).await?;
    let seen = page.read(SHAPE).await?;
    ensure!(seen == json!([14, 8, 23, 17.5, 736]), "{seen}");
    page.score(9).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    let lines = "probe.noise.filter((line) => line.startsWith('warn: afterword'))";
    afterword_e2e::until("the warnings", || async {
        let lines = page.read(lines).await?;
        Ok((lines.as_array().map_or(0, Vec::len) >= wrong.len()).then_some(()))
    })
    .await?;
    page.quiet().await?;
    let lines: Vec<String> = serde_json::from_value(page.read(lines).await?)?;
    ensure!(lines.len() == wrong.len(), "{lines:?}");
    for (name, value) in wrong {
        let about = format!("data-{name}=\"{value}\" is ignored");
        ensure!(lines.iter().any(|line| line.contains(&about)), "{about}: {lines:?}");
    }
    Ok(())
}

/// The targets that are smaller than a finger needs, 44 px, with their sizes.
const SMALL: &str = "[...probe.root().querySelectorAll('.score, button, a, textarea')]
    .filter((target) => target.checkVisibility?.() ?? target.offsetHeight)
    .map((target) => [target.className || target.id, target.getBoundingClientRect()])
    .filter(([, { width, height }]) => Math.min(width, height) < 43.99)
    .map(([name, { width, height }]) => [name, width, height])";

async fn at_every_density_a_finger_finds_every_target(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for density in ["compact", "normal", "roomy"] {
        for width in [320, 1280] {
            for mode in ["inline", "corner"] {
                let inside = plain().attributes(afterword_e2e::fixture::LINKS).attributes(&[
                    ("mode", mode),
                    ("density", density),
                    ("include", "*"),
                ]);
                crate::corner::enter(visit, &inside, width, 900).await?;
                page.wait("the question", |state| state["question"].is_string()).await?;
                page.taken_over().await?;
                page.read("(probe.find('input[value=\"3\"]').click(), 0)").await?;
                page.wait("the comment", |state| state["comment"].is_string()).await?;
                let small = page.read(SMALL).await?;
                ensure!(small == json!([]), "{density}, {width} px, {mode}: {small}");
                let wide = page
                    .read("probe.find('.survey').scrollWidth - probe.find('.survey').clientWidth")
                    .await?;
                ensure!(wide == 0, "{density}, {width} px, {mode}: {wide} px too wide");
                page.client.clone().enter_parent_frame().await?;
            }
        }
    }
    Ok(())
}

async fn a_custom_property_without_sense_leaves_every_target(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let rules = ":root { --afterword-radius: red; --afterword-density: 3px; --afterword-width: {}; --afterword-accent: 12px }";
    visit.open_as(form, &plain()).await?;
    wear(visit, rules).await?;
    page.score(9).await?;
    page.wait("the button", |state| state["button"].is_string()).await?;
    let small = page.read(SMALL).await?;
    ensure!(small == json!([]), "{small}");
    page.send().await.map(drop)
}

/// The accent comes from a variable of the shop, in each of its themes; no letter is lost on it.
async fn an_accent_in_the_shops_style_sheet_can_be_read(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    for (accent, fill) in [
        ("#ffd400", "rgb(255, 212, 0)"),
        ("oklch(30% .1 260)", ""),
        ("#1a56db", "rgb(26, 86, 219)"),
    ] {
        let rules =
            format!(":root {{ --brand: {accent} }} main {{ --afterword-accent: var(--brand) }}");
        visit
            .open_as(
                Form::Widget,
                &styled(&rules).attributes(afterword_e2e::fixture::LINKS).run("/contrast.js"),
            )
            .await?;
        page.score(4).await?;
        page.wait("the button", |state| state["button"].is_string()).await?;
        page.quiet().await?;
        let seen = page.read("getComputedStyle(probe.find('.send')).backgroundColor").await?;
        ensure!(fill.is_empty() || seen == fill, "{accent}: {seen}");
        readable(visit, accent).await?;
        let noise = page.read("probe.noise.filter((line) => line.includes('afterword'))").await?;
        ensure!(noise == json!([]), "{noise}");
    }
    // The attribute is about this one survey, so it wins.
    visit
        .open_as(
            Form::Widget,
            &styled(":root { --afterword-accent: red }").attribute("accent", "#1a56db"),
        )
        .await?;
    page.score(4).await?;
    page.wait("the button", |state| state["button"].is_string()).await?;
    let seen = page.read("getComputedStyle(probe.find('.send')).backgroundColor").await?;
    ensure!(seen == "rgb(26, 86, 219)", "{seen}");
    Ok(())
}

/// Fails if a text or an edge of the survey has too little contrast.
async fn readable(visit: &Visit<'_>, what: &str) -> Result<()> {
    let seen = visit.page.read("probe.contrasts(probe.hosts()[0])").await?;
    let seen =
        seen.as_array().with_context(|| format!("{what}: nobody can tell what is behind it"))?;
    ensure!(seen.len() >= 12, "{seen:?}");
    for it in seen {
        let (has, least) = (it[1].as_f64(), it[2].as_f64());
        ensure!(has.is_some() && has >= least, "{what}: {it}");
    }
    Ok(())
}

/// The parts, each with the state in which it is there.
const PARTS: &[(&str, &[&str])] = &[
    ("asking", &["survey", "question", "label", "score", "link"]),
    ("commenting", &["follow-up", "comment", "button"]),
    ("thanked", &["thanks", "link"]),
];

async fn every_part_can_be_styled(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let manual = include_str!("../../../../docs/LOOK.md");
    let mut rules = String::new();
    for (number, part) in PARTS.iter().flat_map(|(_, parts)| *parts).enumerate() {
        ensure!(manual.contains(&format!("| `{part}` |")), "docs/LOOK.md does not name {part}");
        rules += &format!("afterword-survey::part({part}) {{ text-indent: {number}.5px }} ");
    }
    let indents = |parts: &[&str]| {
        format!(
            "{parts:?}.map((part) => [part, [...probe.root().querySelectorAll(`[part=\"${{part}}\"]`)].map((it) => getComputedStyle(it).textIndent)])"
        )
    };
    let number = |part: &str| PARTS.iter().flat_map(|(_, parts)| *parts).rposition_of(part);
    visit.open_as(form, &plain().attributes(afterword_e2e::fixture::LINKS)).await?;
    wear(visit, &rules).await?;
    for (state, parts) in PARTS {
        match *state {
            "commenting" => {
                page.score(3).await?;
                page.wait("the comment", |state| state["comment"].is_string()).await?;
            }
            "thanked" => drop(page.send().await?),
            _ => page.quiet().await?,
        }
        let seen = page.read(&indents(parts)).await?;
        for it in seen.as_array().context("a list")? {
            let part = it[0].as_str().context("a name")?;
            let styled = it[1].as_array().context("a list")?;
            let expected = format!("{}.5px", number(part)?);
            // The painted form without WebAssembly gets the link to the privacy notice with the second step.
            let may_lack = part == "link" && *state == "asking";
            ensure!(may_lack || !styled.is_empty(), "{state}: no {part}");
            ensure!(styled.iter().all(|it| *it == *expected), "{state}: {it}, not {expected}");
        }
    }
    Ok(())
}

/// The last position of an item.
trait Position {
    fn rposition_of(self, part: &str) -> Result<usize>;
}

impl<'a, I: Iterator<Item = &'a &'static str>> Position for I {
    fn rposition_of(self, part: &str) -> Result<usize> {
        let found = self.enumerate().filter(|(_, it)| **it == part).last();
        found.map(|(number, _)| number).with_context(|| part.to_owned())
    }
}

/// Opens an example in a frame of that width. The browser then reads and runs scripts in the frame.
pub(crate) async fn open(visit: &Visit<'_>, name: &str, width: u32) -> Result<()> {
    let page = &visit.page;
    let frame = crate::corner::frame(&format!("/looks/{name}.html"), name, width, 1000);
    let around = Fixture::shop().embedding(afterword_e2e::fixture::Embedding::Absent).bare();
    visit.go(&around.before(&frame)).await?;
    page.enter_frame().await?;
    page.wait("the question", |state| state["question"].is_string()).await.map(drop)
}

/// A customer answers in the page: axe finds nothing, all can be read, and nothing is wider than the window.
async fn is_answered(visit: &Visit<'_>, name: &str, width: u32) -> Result<()> {
    let page = &visit.page;
    open(visit, name, width).await?;
    page.taken_over().await?;
    crate::accessibility::check(visit, "asking").await?;
    page.read("(probe.find('input[value=\"4\"]').click(), 0)").await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    visit.posted("/dist/v1/responses", 1).await?;
    page.wait("that it is saved", |state| state["saved"].is_string()).await?;
    crate::accessibility::check(visit, "commenting").await?;
    readable(visit, name).await?;
    let small = page.read(SMALL).await?;
    ensure!(small == json!([]), "{small}");
    let wide = page.read("document.documentElement.scrollWidth - innerWidth").await?;
    ensure!(wide.as_f64() <= Some(0.0), "{wide} px wider than the window");
    page.read("(probe.find('.send').click(), 0)").await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    crate::accessibility::check(visit, "thanked").await?;
    let posts = visit.posted("/dist/v1/responses", 2).await?;
    let sent: Value = serde_json::from_str(&posts[posts.len() - 1].body)?;
    ensure!(sent["score"] == 4 && sent["complete"] == true, "{sent}");
    let noise = page.read("probe.noise.filter((line) => line.includes('afterword'))").await?;
    ensure!(noise == json!([]), "{noise}");
    Ok(())
}

/// The texts before and after a score divide long words, in the language of the survey.
async fn long_words_are_divided_where_browsers_can(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    let fixture = plain()
        .attribute("subject", "Donaudampfschifffahrtskapitänsmützen")
        .attribute("locale", "de");
    visit.open_as(form, &fixture).await?;
    page.score(4).await?;
    page.wait("the button", |state| state["button"].is_string()).await?;
    let seen = page
        .read(
            "['#question', '#low', '.follow-up', '.send'].map((name) => {
                const element = probe.find(name);
                const { hyphens, hyphenateLimitChars } = getComputedStyle(element);
                return [name, hyphens, element.closest('[lang]').lang, hyphenateLimitChars?.split(' ')[0] ?? '18'];
            })",
        )
        .await?;
    for text in seen.as_array().context("texts")? {
        ensure!(text[1] == "auto" && text[2] == "de" && text[3] == "18", "{text}");
    }
    Ok(())
}

/// Send rises by a pixel under the pointer, and sinks when it is pressed; so does a link.
async fn buttons_and_links_answer_the_pointer(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    visit.open_as(form, &plain().attributes(afterword_e2e::fixture::LINKS)).await?;
    page.score(4).await?;
    page.wait("the button", |state| state["button"].is_string()).await?;
    let moved = async |name: &str, expected: &str| -> Result<()> {
        let seen = page.read(&format!("getComputedStyle(probe.find('{name}')).translate")).await?;
        ensure!(seen == expected, "{name}: {seen}, not {expected}");
        Ok(())
    };
    moved(".send", "none").await?;
    page.point_at(".send").await?;
    moved(".send", "0px -1px").await?;
    page.press(".send").await?;
    moved(".send", "0px 1px").await?;
    page.let_go().await?;
    page.wait("the thanks", |state| state["thanks"].is_string()).await?;
    page.point_at("#support").await?;
    moved("#support", "0px -1px").await?;
    Ok(())
}
