//! The survey fits into every container, for each embedding, mode, width and browser. An ordinary run plays enough
//! cases for every pair of values; `cargo xtask matrix` plays all of them.

use std::sync::LazyLock;

use afterword_e2e::browser::Engine;
use afterword_e2e::fixture::{Container, Embedding, Fixture, Form, LINKS};
use afterword_e2e::matrix;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::corner::frame;
use crate::{Scenario, Visit, register, scenario};

/// One scenario for each container. It plays all cases of the container in a browser on one page.
fn scenarios() -> Vec<Scenario> {
    let all = CONTAINERS.iter().enumerate();
    let mut scenarios: Vec<Scenario> = all
        .map(|(number, container)| {
            let name = format!("in_{}", container.name);
            Scenario::new(name, move |visit| Box::pin(fits(visit, number)))
        })
        .collect();
    scenario!(scenarios, beside_vertical_text_it_takes_the_width_that_is_left);
    scenario!(scenarios, a_survey_is_hidden_with_its_parent);
    scenario!(scenarios, text_grows_with_the_pages_font_size);
    scenario!(scenarios, custom_properties_of_the_page_do_not_affect_it);
    scenario!(scenarios, it_is_not_printed);
    scenario!(scenarios, in_a_slide_that_cuts_off_all_is_reached(form));
    scenario!(scenarios, above_a_soft_keyboard_box_and_button_are_seen(form));
    scenarios
}
register!(scenarios);

const fn container(name: &'static str, open: &'static str, close: &'static str) -> Container {
    Container { name, open, close }
}

const CONTAINERS: &[Container] = &[
    container("a_block", "<div>", "</div>"),
    container("a_dialog", "<dialog open>", "</dialog>"),
    container(
        "a_modal_dialog",
        "<dialog>",
        "<script>document.querySelector('dialog').showModal()</script></dialog>",
    ),
    container("a_table_cell", "<table><tr><td>", "</td></tr></table>"),
    container("a_cell_of_two", "<table><tr><td>", "<td>A</td></tr></table>"),
    container("a_css_table", "<div style=\"display:table\">", "</div>"),
    container("a_float", "<div style=\"float:left\">", "</div>"),
    container("an_inline_block", "<div style=\"display:inline-block\">", "</div>"),
    container("an_inline_flex", "<div style=\"display:inline-flex\">", "</div>"),
    container("a_flex_row", "<div style=\"display:flex\">", "</div>"),
    container("a_flex_child", "<div style=\"display:flex\"><div>", "</div></div>"),
    container(
        "a_flex_child_of_two",
        "<div style=\"display:flex;flex-wrap:wrap\"><p>Thank you.</p><div>",
        "</div></div>",
    ),
    container(
        "a_centred_column",
        "<div style=\"display:flex;flex-direction:column;align-items:center\">",
        "</div>",
    ),
    container(
        "a_child_of_a_centred_column",
        "<div style=\"display:flex;flex-direction:column;align-items:center\"><div>",
        "</div></div>",
    ),
    container("a_centred_grid", "<div style=\"display:grid;place-items:center\">", "</div>"),
    container(
        "a_child_of_a_centred_grid",
        "<div style=\"display:grid;place-items:center\"><div>",
        "</div></div>",
    ),
    container(
        "a_grid_column",
        "<div style=\"display:grid;grid-template-columns:auto 1fr\"><div>",
        "</div><i></i></div>",
    ),
    container("fit_content", "<div style=\"width:fit-content\">", "</div>"),
    container("min_content", "<div style=\"width:min-content\">", "</div>"),
    container("max_content", "<div style=\"width:max-content;max-width:100%\">", "</div>"),
    container(
        "an_absolute_parent",
        "<div style=\"position:relative;height:700px\"><div style=\"position:absolute\">",
        "</div></div>",
    ),
    container(
        "a_centred_absolute_parent",
        "<div style=\"position:relative;height:700px\"><div style=\"position:absolute;inset-inline:0;margin-inline:auto;width:fit-content\">",
        "</div></div>",
    ),
    container("a_fixed_parent", "<div style=\"position:fixed;top:100px;left:8px\">", "</div>"),
    container("vertical_writing", "<div style=\"writing-mode:vertical-rl\">", "</div>"),
    container(
        "vertical_writing_from_the_left",
        "<div style=\"writing-mode:vertical-lr\">",
        "</div>",
    ),
    container("sideways_writing", "<div style=\"writing-mode:sideways-rl\">", "</div>"),
    container("details", "<details open><summary>More</summary>", "</details>"),
    container("a_fieldset", "<fieldset><legend>A word</legend>", "</fieldset>"),
    container("columns", "<div style=\"columns:264px\">", "</div>"),
    container("an_aspect_ratio", "<div style=\"aspect-ratio:16/9\">", "</div>"),
    container(
        "a_square_inline_block",
        "<div style=\"display:inline-block;aspect-ratio:1\">",
        "</div>",
    ),
    container("a_zoomed_parent", "<div style=\"zoom:1.1\">", "</div>"),
    container("a_scaled_parent", "<div style=\"scale:.9;transform-origin:0 0\">", "</div>"),
    container("content_visibility", "<div style=\"content-visibility:auto\">", "</div>"),
    container("a_container", "<div style=\"container-type:inline-size\">", "</div>"),
    container("no_wrapping", "<div style=\"white-space:nowrap;overflow:hidden\">", "</div>"),
    container("no_font_size", "<div style=\"font-size:0;line-height:0\">", "</div>"),
    container("a_list", "<ul style=\"padding:0;list-style:none\"><li>", "</li></ul>"),
    container("a_span", "<span>", "</span>"),
    container("no_box", "<div style=\"display:contents\">", "</div>"),
    container("a_scrolling_box", "<div style=\"overflow:auto;max-height:900px\">", "</div>"),
    container("right_to_left", "<div dir=\"rtl\" style=\"float:right\">", "</div>"),
];

const EMBEDDINGS: [Embedding; 3] = [Embedding::Pasted, Embedding::Element, Embedding::Appended];

/// The values of `data-mode` and `data-position`.
const MODES: [(&str, &str); 3] = [("inline", ""), ("corner", "end"), ("corner", "start")];

const WIDTHS: [u32; 5] = [280, 320, 390, 768, 1280];

/// One survey on the page.
struct Case {
    embedding: Embedding,
    mode: (&'static str, &'static str),
    width: u32,
}

/// The cases, each by the numbers of: the container; browser and mode, which are one factor so that each
/// container meets every mode in every browser; the embedding; the width.
static CASES: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    let browsers_and_modes = Engine::ALL.len() * MODES.len();
    let sizes = [CONTAINERS.len(), browsers_and_modes, EMBEDDINGS.len(), WIDTHS.len()];
    if is_whole() { matrix::product(&sizes) } else { matrix::pairwise(&sizes) }
});

/// Whether all cases are played.
pub(crate) fn is_whole() -> bool {
    std::env::var_os("AFTERWORD_MATRIX").is_some()
}

/// The cases of a container in a browser.
fn cases(container: usize, engine: Engine) -> Vec<Case> {
    let is_ours =
        |case: &&Vec<usize>| case[0] == container && Engine::ALL[case[1] / MODES.len()] == engine;
    let of = |case: &Vec<usize>| Case {
        embedding: EMBEDDINGS[case[2]],
        mode: MODES[case[1] % MODES.len()],
        width: WIDTHS[case[3]],
    };
    CASES.iter().filter(is_ours).map(of).collect()
}

/// Measures the pages in the frames; null while a page's survey is not painted.
const MEASURED: &str = "[...document.querySelectorAll('iframe')].map((frame) => {
    const { probe, document: page } = frame.contentWindow;
    const shown = probe?.find?.('.frame');
    if (!shown?.querySelector('.score') || page.readyState != 'complete') return null;
    for (const animation of shown.getAnimations()) animation.finish();
    const host = probe.hosts()[0];
    // WebKitGTK measures enlarged elements in enlarged px.
    const enlarged = Number(getComputedStyle(host.parentElement).zoom) || 1;
    const zoom = shown.getBoundingClientRect().width / shown.offsetWidth < enlarged - 0.01 ? enlarged : 1;
    const box = (it) => {
        const { left, top, right, bottom } = it.getBoundingClientRect();
        return [left, top, right, bottom].map((side) => side * zoom);
    };
    const question = page.createRange();
    question.selectNodeContents(probe.find('#question'));
    return {
        title: frame.title,
        direction: getComputedStyle(host).direction,
        window: [page.documentElement.clientWidth, page.documentElement.clientHeight],
        wide: page.documentElement.scrollWidth,
        frame: box(shown),
        question: box(question),
        // Less than 1 if the page scales it down.
        scale: Math.min(1, shown.getBoundingClientRect().width / shown.offsetWidth) || 1,
        size: parseFloat(getComputedStyle(shown).fontSize),
        scores: [...probe.root().querySelectorAll('.score')].map((score) => {
            score.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
            const [left, top, right, bottom] = box(score);
            return [box(shown), [left, top, right, bottom], page.elementFromPoint((left + right) / 2, (top + bottom) / 2) == host];
        }),
    };
})";

/// Waits until later/inline.js has chosen the width of every survey in vertical writing. It is there once the survey is in
/// view or near, and then sets the colours.
async fn adapted(visit: &Visit<'_>) -> Result<()> {
    let adapted = "((frame) => {
        frame?.scrollIntoView({ behavior: 'instant' });
        return !frame;
    })([...document.querySelectorAll('iframe')].find(({ contentWindow: { probe, document, getComputedStyle } }) => {
        const shown = probe?.find?.('.frame');
        if (!shown || document.readyState != 'complete') return true;
        const { writingMode } = getComputedStyle(probe.hosts()[0].parentElement);
        return writingMode != 'horizontal-tb' && !shown.style.length;
    }))";
    afterword_e2e::until("the width in vertical writing", || async {
        Ok((visit.page.read(adapted).await? == true).then_some(()))
    })
    .await
}

async fn fits(visit: &Visit<'_>, container: usize) -> Result<()> {
    let page = &visit.page;
    let mut outside = Fixture::shop().embedding(Embedding::Absent).bare();
    let cases = cases(container, page.engine);
    ensure!(!cases.is_empty(), "no case");
    for Case { embedding, mode: (mode, position), width } in &cases {
        let inside = Fixture::shop()
            .bare()
            .sheet("/plain.css")
            .attributes(&[("subject", "Harbour & Hill"), ("mode", mode), ("position", position)])
            .embedding(*embedding)
            .inside(CONTAINERS[container]);
        let title = format!("{mode} {position} {width} {}", embedding.name());
        outside = outside.before(&frame(&visit.shop.publish(&inside)?, &title, *width, 1000));
    }
    visit.go(&outside).await?;
    adapted(visit).await?;
    let measured = afterword_e2e::until("all the surveys", || async {
        let measured: Vec<Option<Value>> = serde_json::from_value(page.read(MEASURED).await?)?;
        Ok(measured.into_iter().collect::<Option<Vec<_>>>())
    })
    .await?;
    let mut wrong = Vec::new();
    for (case, seen) in cases.iter().zip(&measured) {
        if let Err(error) = check(case, seen) {
            wrong.push(format!("{}: {error:#}", seen["title"]));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn check(case: &Case, seen: &Value) -> Result<()> {
    let rectangle =
        |value: &Value| -> Result<[f64; 4]> { Ok(serde_json::from_value(value.clone())?) };
    let [width, height]: [f64; 2] = serde_json::from_value(seen["window"].clone())?;
    let wide = seen["wide"].as_f64().context("a width")?;
    ensure!(wide <= width + 1.0, "the page has become {wide} wide, of {width}");
    let [left, top, right, bottom] = rectangle(&seen["frame"])?;
    ensure!(right - left >= 200.0, "{} wide", right - left);
    ensure!(bottom - top <= 480.0, "{} high", bottom - top);
    ensure!(left >= -0.5 && right <= width + 0.5, "{left} to {right} of {width}");
    let size = seen["size"].as_f64().context("a size")?;
    ensure!(size >= 15.0, "letters of {size}");
    let [from, _, to, _] = rectangle(&seen["question"])?;
    ensure!(to - from >= 150.0, "a question {} wide", to - from);
    ensure!(from >= left && to <= right + 0.5, "a question from {from} to {to}");
    // Six values in a row if there is room for six of 44 px.
    let scale = seen["scale"].as_f64().context("a scale")?;
    let least = scale * if right - left >= scale * 264.0 { 44.0 } else { 34.0 };
    for score in seen["scores"].as_array().context("scores")? {
        let ([left, _, right, _], [from, top, to, bottom]) =
            (rectangle(&score[0])?, rectangle(&score[1])?);
        ensure!(from >= left - 0.5 && to <= right + 0.5, "a score from {from} to {to}");
        ensure!(to - from >= least - 0.1 && bottom - top >= least - 0.1, "a small target: {score}");
        ensure!(score[2] == true, "a tap does not arrive: {score}");
    }
    if case.mode.0 == "corner" {
        // The tolerance is larger if the page enlarges the survey.
        ensure!((-0.5..23.0).contains(&(height - bottom)), "{bottom} of {height}");
        let is_left = (case.mode.1 == "start") == (seen["direction"] == "ltr");
        let gap = if is_left { left } else { width - right };
        ensure!((-0.5..23.0).contains(&gap), "{gap} from the side");
    }
    Ok(())
}

/// Vertical text stands beside the survey, so that less than the window's width is left: on a page that is vertical
/// itself, and in a part of a page. Where too little is left, the survey is as wide as its scale, and the page scrolls.
async fn beside_vertical_text_it_takes_the_width_that_is_left(visit: &Visit<'_>) -> Result<()> {
    let mut outside = Fixture::shop().embedding(Embedding::Absent).bare();
    let places = [
        container("a page", "<style>html{writing-mode:vertical-rl}</style><div>", "</div>"),
        container("a body", "<style>body{writing-mode:vertical-lr}</style>", ""),
        container(
            "a part",
            "<div style=\"writing-mode:vertical-rl;margin:8px\"><p>Thanks</p><div style=\"padding:10px\">",
            "</div></div>",
        ),
    ];
    let widths = [280, 390, 768];
    for place in &places {
        for width in widths {
            let inside = Fixture::shop()
                .bare()
                .sheet("/plain.css")
                .attribute("subject", "Harbour & Hill")
                .inside(*place);
            let title = format!("{} {width}", place.name);
            outside = outside.before(&frame(&visit.shop.publish(&inside)?, &title, width, 1000));
        }
    }
    visit.go(&outside).await?;
    adapted(visit).await?;
    let seen = "[...document.querySelectorAll('iframe')].map((frame) => {
        const { probe, document: page } = frame.contentWindow;
        const { clientWidth, scrollWidth } = page.documentElement;
        return [frame.title, clientWidth, scrollWidth, probe.find('.frame').getBoundingClientRect().width];
    })";
    let seen: Vec<(String, f64, f64, f64)> = serde_json::from_value(visit.page.read(seen).await?)?;
    ensure!(seen.len() == places.len() * widths.len(), "{seen:?}");
    for it in &seen {
        let (_, window, page, survey) = it;
        if *window < 300.0 {
            ensure!((200.0..=265.0).contains(survey), "not as narrow as the scale: {it:?}");
        } else {
            ensure!(page - window <= 1.0, "the page has become too wide: {it:?}");
            ensure!(*survey >= 264.0, "too narrow: {it:?}");
        }
    }
    Ok(())
}

/// A page with the survey in such an element.
fn inside(style: &'static str) -> Fixture {
    Fixture::shop().attribute("subject", "us").head(style).inside(container(
        "a place",
        "<div id=\"place\">",
        "</div>",
    ))
}

/// For example in a closed menu, or in a carousel's slide that is not shown.
async fn a_survey_is_hidden_with_its_parent(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let styles = "(() => {
        const { visibility, pointerEvents } = getComputedStyle(probe.find('.score'));
        return [visibility, pointerEvents];
    })()";
    for (rule, expected) in [
        ("visibility: hidden", json!(["hidden", "auto"])),
        ("pointer-events: none", json!(["visible", "none"])),
        ("", json!(["visible", "auto"])),
    ] {
        visit.open(&inside("")).await?;
        page.read(&format!("(document.querySelector('#place').style = {rule:?}, 0)")).await?;
        let found = page.read(styles).await?;
        ensure!(found == expected, "{rule}: {found}");
    }
    Ok(())
}

async fn text_grows_with_the_pages_font_size(visit: &Visit<'_>) -> Result<()> {
    for (style, expected) in [
        ("<style>html { font-size: 200% } body { font-size: 1rem }</style>", 32.0),
        ("<style>html { font-size: 62.5% } body { font-size: 1.6rem }</style>", 16.0),
        ("<style>body { font-size: 60px }</style>", 22.0),
        ("<style>body { font-size: 5px }</style>", 15.0),
    ] {
        visit.open(&inside(style)).await?;
        let size =
            visit.page.read("parseFloat(getComputedStyle(probe.find('.frame')).fontSize)").await?;
        ensure!(size == expected, "{style}: {size}");
    }
    Ok(())
}

/// A registered custom property has a type, and values of other types are invalid.
async fn custom_properties_of_the_page_do_not_affect_it(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let look = "(() => {
        const button = getComputedStyle(probe.find('.send'));
        return [button.backgroundColor, getComputedStyle(probe.find('.score span')).borderTopColor];
    })()";
    let mut seen = Vec::new();
    let registered = ["fill", "edge", "on-fill"].map(|name| {
        format!("@property --{name} {{ syntax: '<length>'; inherits: true; initial-value: 0px }} ")
    });
    for style in [String::new(), format!("<style>{}</style>", registered.concat())] {
        visit.open(&Fixture::shop().attribute("accent", "#1a56db").head(&style)).await?;
        page.score(9).await?;
        page.wait("the button", |state| state["button"].is_string()).await?;
        seen.push(page.read(look).await?);
    }
    ensure!(seen[0] == seen[1], "{seen:?}");
    ensure!(seen[0][0] == "rgb(26, 86, 219)", "{seen:?}");
    Ok(())
}

/// In a full-screen slide or a box that does not grow, the step after the score does not fit, so it scrolls.
async fn in_a_slide_that_cuts_off_all_is_reached(visit: &Visit<'_>, form: Form) -> Result<()> {
    let page = &visit.page;
    for (open, close) in [
        ("<div id=\"slide\">", "</div>"),
        ("<div id=\"box\"><div style=\"padding-top:40px\">", "</div></div>"),
    ] {
        let slide = container("a slide", open, close);
        let fixture = Fixture::shop().bare().inside(slide).attributes(LINKS).form(form).sheet("");
        visit.open(&fixture).await?;
        page.read(
            "(() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync('#slide { position: fixed; inset: 0 0 auto; height: 330px; overflow: hidden } #box { height: 330px; overflow: clip } #tail { height: 2000px }');
                document.adoptedStyleSheets = [sheet];
                return 0;
            })()",
        )
        .await?;
        page.score(3).await?;
        page.wait("the comment", |state| state["comment"].is_string()).await?;
        // Scrolls everything that can be scrolled, like somebody with a pointer.
        afterword_e2e::until(&format!("{open}: the button in reach"), || async {
            let reached = page
                .read(
                    "(() => {
                        const frame = probe.find('.frame');
                        const slide = document.querySelector('#slide, #box');
                        frame.scrollTop = frame.scrollHeight;
                        const { bottom } = probe.find('.send').getBoundingClientRect();
                        const { overflowY } = getComputedStyle(frame);
                        return slide.scrollTop == 0 && overflowY == 'auto' && bottom < slide.getBoundingClientRect().bottom;
                    })()",
                )
                .await?;
            Ok((reached == true).then_some(()))
        })
        .await?;
        // The thanks fit, so nothing scrolls.
        page.read("(probe.find('.send').click(), 0)").await?;
        page.wait("the thanks", |state| state["thanks"].is_string()).await?;
        afterword_e2e::until("nothing to scroll", || async {
            let overflow = page.read("getComputedStyle(probe.find('.frame')).overflowY").await?;
            Ok((overflow == "visible").then_some(()))
        })
        .await?;
    }
    Ok(())
}

/// The test makes `visualViewport` smaller, since no test has the keyboard of a real phone.
async fn above_a_soft_keyboard_box_and_button_are_seen(
    visit: &Visit<'_>,
    form: Form,
) -> Result<()> {
    let page = &visit.page;
    let lines: String = (0..40).map(|n| format!("<p>Line {n}</p>")).collect();
    let fixture = Fixture::shop().run("/keyboard.js").before(&lines).after(&lines).form(form);
    visit.open(&fixture).await?;
    page.score(3).await?;
    page.wait("the comment", |state| state["comment"].is_string()).await?;
    if form == Form::Widget {
        page.taken_over().await?;
    }
    page.quiet().await?;
    // The box is at the window's lower edge, as it may be after scrolling.
    page.read("(probe.find('textarea').scrollIntoView({ block: 'end', behavior: 'instant' }), probe.find('textarea').focus({ preventScroll: true }), probe.keyboard(innerHeight - 320), 0)")
        .await?;
    let edges = page
        .read("[probe.find('textarea').getBoundingClientRect().top, probe.find('.send').getBoundingClientRect().bottom]")
        .await?;
    let [top, bottom]: [f64; 2] = serde_json::from_value(edges.clone())?;
    ensure!(top >= 0.0 && bottom <= 320.0, "{edges} of 320");
    Ok(())
}

/// Its place does not stay empty, either. Every browser is checked for the rule of printed pages, and Chromium also for
/// its effect.
async fn it_is_not_printed(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let mode = |mode| crate::corner::with_a_card().attribute("mode", mode);
    for fixture in [
        Fixture::shop(),
        crate::guest::with_a_place(),
        mode("corner"),
        mode("banner"),
        mode("dialog"),
        mode("tab"),
    ] {
        visit.open(&fixture).await?;
        let rules = page
            .read(
                "probe.root().adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules])
                    .filter((rule) => rule.media?.mediaText == 'print')
                    .flatMap((rule) => [...rule.cssRules]).map((rule) => [rule.selectorText, rule.style.display, rule.style.getPropertyPriority('display')])",
            )
            .await?;
        ensure!(rules == json!([[":host", "none", "important"]]), "{rules}");
        if page.engine == Engine::Chromium {
            let print = json!({ "media": "print" });
            page.chromium_with("Emulation.setEmulatedMedia", print).await?;
            let height = page.read("probe.hosts()[0].offsetHeight").await?;
            page.chromium_with("Emulation.setEmulatedMedia", json!({ "media": "" })).await?;
            ensure!(height == 0, "{height} px of paper");
        }
    }
    Ok(())
}
