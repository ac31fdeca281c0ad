//! The survey is readable on pages of any colours, by the colours that the browsers compute.

use std::fmt::Write;

use afterword_e2e::fixture::{Embedding, Fixture};
use anyhow::{Result, ensure};
use serde_json::json;

use crate::{Visit, scenarios};

scenarios!(
    any_accent_on_any_colour_can_be_read,
    any_accent_in_any_syntax_can_be_read,
    without_relative_colours_any_accent_can_be_read,
    where_colours_cannot_be_mixed_any_accent_can_be_read,
    over_pictures_and_what_is_translucent_it_has_a_surface_of_its_own,
    readable_colours_are_not_changed,
    a_page_that_turns_dark_later_is_followed,
    a_tab_is_seen_on_any_page_in_any_accent,
    with_dark_reader_all_can_be_read,
);

/// A survey on a page: its container's style, and its attributes.
type Case = (String, Vec<(&'static str, String)>);

/// Random colours, the same in every run.
struct Colours(u64);

impl Colours {
    fn next(&mut self) -> u64 {
        // Knuth's linear congruential generator, whose upper bits are the random ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn hex(&mut self) -> String {
        format!("#{:06x}", self.next() & 0x00ff_ffff)
    }

    /// The colour may be half transparent.
    fn text(&mut self) -> String {
        let opacity = [255, 255, 153, 102][(self.next() % 4) as usize];
        format!("{}{opacity:02x}", self.hex())
    }
}

/// A page with all these surveys; each shows a score, a comment box and a button.
async fn open(visit: &Visit<'_>, cases: &[Case]) -> Result<()> {
    open_in(visit, cases, None).await
}

/// The same in a browser that lacks these features of tests/fixtures/lacking.js.
async fn open_in(visit: &Visit<'_>, cases: &[Case], lacking: Option<&str>) -> Result<()> {
    let mut sections = String::new();
    for (number, (style, attributes)) in cases.iter().enumerate() {
        write!(
            sections,
            "<section style=\"{style}\"><afterword-survey data-survey=\"s{number}\" data-endpoint=\"/endpoint/200\" data-privacy-url=\"/privacy\""
        )?;
        for (name, value) in attributes {
            write!(sections, " data-{name}=\"{value}\"")?;
        }
        sections.push_str("></afterword-survey></section>\n");
    }
    // The painted form is enough for this test, and so many widgets at once would be slow.
    visit.shop.hold(".wasm");
    let page = Fixture::shop()
        .embedding(Embedding::Element)
        .bare()
        .sheet("/plain.css")
        .run("/contrast.js")
        .before(&sections);
    let page = match lacking {
        Some(names) => page.run(&format!("/lacking.js?{names}")),
        None => page,
    };
    visit.open(&page).await?;
    let page = &visit.page;
    page.loaded().await?;
    for number in 0..cases.len() {
        page.promised(&format!(
            "await (async (host) => {{
                host.scrollIntoView({{ behavior: 'instant' }});
                await probe.frame();
                await probe.frame();
                probe.rootOf(host).querySelector('input[value=\"4\"]').click();
            }})(probe.hosts()[{number}])"
        ))
        .await?;
    }
    afterword_e2e::until("all the buttons", || async {
        let buttons = "[...probe.hosts()].slice(0, -1).every((host) => probe.rootOf(host).querySelector('.send'))";
        Ok((page.read(buttons).await? == true).then_some(()))
    })
    .await?;
    page.quiet().await
}

/// The parts of the page's surveys with too little contrast.
async fn unreadable(visit: &Visit<'_>, cases: &[Case]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (number, (style, attributes)) in cases.iter().enumerate() {
        let seen = visit.page.read(&format!("probe.contrasts(probe.hosts()[{number}])")).await?;
        let Some(seen) = seen.as_array() else {
            found.push(format!("{style}: nobody can tell what is behind it"));
            continue;
        };
        ensure!(seen.len() >= 12, "{seen:?}");
        for it in seen {
            let (has, least) = (it[1].as_f64(), it[2].as_f64());
            if has.is_none() || has < least {
                found.push(format!("{style} {attributes:?}: {it}"));
            }
        }
    }
    Ok(found)
}

async fn any_accent_on_any_colour_can_be_read(visit: &Visit<'_>) -> Result<()> {
    let cases = cases();
    open(visit, &cases).await?;
    all_can_be_read(visit, &cases).await
}

async fn any_accent_in_any_syntax_can_be_read(visit: &Visit<'_>) -> Result<()> {
    let cases = cases_in_any_syntax();
    open(visit, &cases).await?;
    all_can_be_read(visit, &cases).await
}

async fn without_relative_colours_any_accent_can_be_read(visit: &Visit<'_>) -> Result<()> {
    let cases = in_an_older_browser();
    open_in(visit, &cases, Some("relative")).await?;
    all_can_be_read(visit, &cases).await
}

async fn where_colours_cannot_be_mixed_any_accent_can_be_read(visit: &Visit<'_>) -> Result<()> {
    let cases = in_an_older_browser();
    open_in(visit, &cases, Some("relative,mix")).await?;
    all_can_be_read(visit, &cases).await
}

/// Some of both kinds: a page with all would take longer than a scenario may.
fn in_an_older_browser() -> Vec<Case> {
    cases().into_iter().step_by(3).chain(cases_in_any_syntax().into_iter().step_by(2)).collect()
}

async fn all_can_be_read(visit: &Visit<'_>, cases: &[Case]) -> Result<()> {
    let found = unreadable(visit, cases).await?;
    ensure!(found.is_empty(), "{} of {}:\n{}", found.len(), cases.len(), found.join("\n"));
    Ok(())
}

/// Random accents in every syntax of CSS, in both themes and without one, and one that no browser knows.
fn cases_in_any_syntax() -> Vec<Case> {
    let mut colours = Colours(1_848);
    let mut cases = Vec::new();
    for number in 0..24_u32 {
        let [a, b, c] = [0; 3].map(|_| colours.next() % 100);
        let (degrees, share) = (a * 36 / 10, b);
        let accent = match number % 12 {
            0 => format!("rgb({a}% {b}% {c}%)"),
            1 => format!("rgba({}, {}, {}, 0.9)", a * 2, b * 2, c * 2),
            2 => format!("hsl({degrees}deg {share}% {c}%)"),
            3 => format!("hwb({degrees} {}% {}%)", b / 2, c / 2),
            4 => format!("lab({a}% {} {})", b.cast_signed() - 50, c.cast_signed() - 50),
            5 => format!("lch({a}% {b} {})", c * 36 / 10),
            6 => format!("oklab({a}% 0.0{b:02} -0.0{c:02})"),
            7 => format!("oklch({a}% 0.{b:02} {degrees})"),
            8 => format!("color(display-p3 0.{a:02} 0.{b:02} 0.{c:02})"),
            9 => format!("color(srgb-linear 0.{a:02} 0.{b:02} 0.{c:02})"),
            10 => "rebeccapurple".to_owned(),
            _ => format!("shade({a} {b} {c})"),
        };
        let theme = ["light", "dark", ""][(number / 12 + number) as usize % 3];
        let mut attributes = vec![("accent", accent)];
        if !theme.is_empty() {
            attributes.push(("theme", theme.to_owned()));
        }
        let style = format!("background:{};color:{}", colours.hex(), colours.text());
        cases.push((style, attributes));
    }
    cases
}

fn cases() -> Vec<Case> {
    let mut colours = Colours(20_418);
    let mut cases: Vec<Case> = [
        ("background:#fff;color:#222", "#009d3b"),
        ("background:#fff;color:#222", "#ffffff"),
        ("background:#000;color:#eee", "#000000"),
        ("background:#fff;color:#999", "#777777"),
        ("background:#767676;color:#777", "#757575"),
        ("background:#1a56db;color:#1a56db", "#1a56db"),
        ("background:#fff;color:#00000080", "#ffd400"),
    ]
    .map(|(style, accent)| (style.to_owned(), vec![("accent", accent.to_owned())]))
    .into();
    for number in 0..28 {
        let style = format!("background:{};color:{}", colours.hex(), colours.text());
        let mut attributes = Vec::new();
        // Without an accent, the chosen score is filled with the text's colour.
        if number % 4 > 0 {
            attributes.push(("accent", colours.hex()));
        }
        if number % 7 == 6 {
            attributes.push(("theme", if number % 2 == 0 { "light" } else { "dark" }.to_owned()));
        }
        cases.push((style, attributes));
    }
    cases
}

async fn over_pictures_and_what_is_translucent_it_has_a_surface_of_its_own(
    visit: &Visit<'_>,
) -> Result<()> {
    let cases: Vec<Case> = [
        "background:linear-gradient(#fff,#000);color:#fff",
        "background:#fff url(/late.svg);color:#444",
        "background:#ffffff80;color:#111",
        "background:#0008;color:#fff",
    ]
    .map(|style| (style.to_owned(), vec![("accent", "#0a7d5a".to_owned())]))
    .into();
    open(visit, &cases).await?;
    let found = unreadable(visit, &cases).await?;
    ensure!(found.is_empty(), "{}", found.join("\n"));
    let surfaces = "[...probe.hosts()].map((host) => probe.rootOf(host).querySelector('.frame').dataset.theme)";
    let surfaces = visit.page.read(surfaces).await?;
    ensure!(surfaces == json!(["dark", "light", "light", "dark", ""]), "{surfaces}");
    Ok(())
}

/// A page with readable colours gets exactly the colours of the style sheet.
async fn readable_colours_are_not_changed(visit: &Visit<'_>) -> Result<()> {
    let style = "background:#fdf6e3;color:#0b4a5f";
    let cases = [(style.to_owned(), vec![("accent", "#9c27b0".to_owned())])];
    open(visit, &cases).await?;
    let look = visit
        .page
        .read(
            "(() => {
                const root = probe.rootOf(probe.hosts()[0]);
                const style = (selector) => getComputedStyle(root.querySelector(selector));
                return [style('#question').color, style('.frame').backgroundColor, style('.send').backgroundColor, style('.send').borderTopColor, root.querySelector('.frame').dataset.theme];
            })()",
        )
        .await?;
    let expected =
        json!(["rgb(11, 74, 95)", "rgba(0, 0, 0, 0)", "rgb(156, 39, 176)", "rgba(0, 0, 0, 0)", ""]);
    ensure!(look == expected, "{look}");
    Ok(())
}

/// The page changes its colours at once or gradually, and back.
async fn a_page_that_turns_dark_later_is_followed(visit: &Visit<'_>) -> Result<()> {
    let cases: Vec<Case> = ["", "transition:all .3s"]
        .map(|style| (style.to_owned(), vec![("accent", "#0a3d5a".to_owned())]))
        .into();
    open(visit, &cases).await?;
    let page = &visit.page;
    page.read(
        "(() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync('section { background: #fff; color: #777 } .dark section { background: #111; color: #555 }');
            document.adoptedStyleSheets = [sheet];
            return 0;
        })()",
    )
    .await?;
    for class in ["dark", "", "dark"] {
        page.read(&format!("(document.documentElement.className = {class:?}, 0)")).await?;
        let settled = afterword_e2e::until("readable colours", || async {
            let animations = page.read("document.getAnimations().length").await?;
            let ready = animations == 0 && unreadable(visit, &cases).await?.is_empty();
            Ok(ready.then_some(()))
        })
        .await;
        if let Err(error) = settled {
            return Err(error.context(format!("{class:?}: {:?}", unreadable(visit, &cases).await?)));
        }
    }
    Ok(())
}

/// The tab of `data-mode="tab"` on white, on dark, over pictures and on random colours.
async fn a_tab_is_seen_on_any_page_in_any_accent(visit: &Visit<'_>) -> Result<()> {
    let mut colours = Colours(31_337);
    let mut pages: Vec<String> = [
        "background:#fff;color:#222",
        "background:#111;color:#eee",
        "background:linear-gradient(#fff,#000);color:#fff",
        "background:#fff url(/late.svg);color:#444",
    ]
    .map(str::to_owned)
    .into();
    pages.extend((0..4).map(|_| format!("background:{};color:{}", colours.hex(), colours.text())));
    let mut found = Vec::new();
    for body in &pages {
        let mut accents: Vec<String> =
            ["", "#ffffff", "#000000", "#777777", "#0a7d5a"].map(str::to_owned).into();
        accents.extend((0..5).map(|_| colours.hex()));
        let mut tabs = String::new();
        for (number, accent) in accents.iter().enumerate() {
            let theme = ["", "light", "", "dark"][number % 4];
            write!(
                tabs,
                "<afterword-survey data-survey=\"s{number}\" data-endpoint=\"/endpoint/200\" data-mode=\"tab\" data-accent=\"{accent}\" data-theme=\"{theme}\"></afterword-survey>"
            )?;
        }
        let page = Fixture::shop()
            .embedding(Embedding::Element)
            .bare()
            .sheet("/plain.css")
            .run("/contrast.js")
            .head(&format!("<style>body{{{body}}}</style>"))
            .before(&tabs);
        visit.open(&page).await?;
        let page = &visit.page;
        let tabs = "[...probe.hosts()].slice(0, -1)";
        afterword_e2e::until("all the tabs", || async {
            let ready = format!("{tabs}.every((host) => probe.rootOf(host)?.querySelector('.bar')?.getClientRects().length && probe.rootOf(host).querySelector('.frame').style.length)");
            Ok((page.read(&ready).await? == true).then_some(()))
        })
        .await?;
        page.quiet().await?;
        let seen = page.read(&format!("{tabs}.map(probe.contrastsOfTab)")).await?;
        let seen: Vec<Vec<serde_json::Value>> = serde_json::from_value(seen)?;
        ensure!(seen.len() == accents.len(), "{seen:?}");
        for (tab, accent) in seen.iter().zip(&accents) {
            let [contrasts @ .., fill] = &tab[..] else { anyhow::bail!("{tab:?}") };
            ensure!(contrasts.len() == 3, "{tab:?}");
            for it in contrasts {
                let (has, least) = (it[1].as_f64(), it[2].as_f64());
                if has.is_none() || has < least {
                    found.push(format!("{body}, accent {accent:?}: {it}"));
                }
            }
            // As the button Send, it is filled with the accent.
            if let Some(digits) = accent.strip_prefix('#') {
                let [_, red, green, blue] = u32::from_str_radix(digits, 16)?.to_be_bytes();
                let expected = format!("rgb({red}, {green}, {blue})");
                if fill[1] != *expected {
                    found.push(format!("{body}, accent {accent:?}: {fill}"));
                }
            }
        }
    }
    ensure!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
    Ok(())
}

/// Dark Reader, as a shop builds it into its page and as an extension works: from the start, and switched on later. It darkens
/// the page's style sheets, and knows nothing of what is in a closed root.
async fn with_dark_reader_all_can_be_read(visit: &Visit<'_>) -> Result<()> {
    let page = &visit.page;
    let dark = "DarkReader.enable({ brightness: 100, contrast: 100, sepia: 0 })";
    let is_dark = "getComputedStyle(document.documentElement).colorScheme == 'dark'";
    for at_once in [true, false] {
        for attributes in [&[][..], &[("theme", "light")], &[("mode", "corner"), ("include", "*")]]
        {
            let mut fixture = Fixture::shop()
                .bare()
                .sheet("/plain.css")
                .run("/contrast.js")
                .run("/npm/darkreader/darkreader.js")
                .head("<style>body { background: #fff; color: #222 } a { color: #1a56db }</style>")
                .attributes(&[("privacy-url", "/privacy"), ("accent", "#1a56db")])
                .attributes(attributes);
            if at_once {
                fixture = fixture.head(&format!("<script>{dark}</script>"));
            }
            visit.open(&fixture).await?;
            page.taken_over().await?;
            if !at_once {
                page.read(&format!("({dark}, 0)")).await?;
            }
            page.score(4).await?;
            page.wait("the comment", |state| state["comment"].is_string()).await?;
            page.quiet().await?;
            let result = afterword_e2e::until("a dark page on which all can be read", || async {
                let dark = page.read(is_dark).await? == true;
                let low = page.read("probe.contrasts(probe.hosts()[0])?.filter(([, has, least]) => !(has >= least)) ?? 'unknown'").await?;
                Ok((dark && low == json!([])).then_some(()))
            })
            .await;
            if result.is_err() {
                let seen = page.read("probe.contrasts(probe.hosts()[0])").await?;
                let dark = page.read(is_dark).await?;
                anyhow::bail!("at once: {at_once}, {attributes:?}, dark: {dark}: {seen}");
            }
        }
    }
    Ok(())
}
