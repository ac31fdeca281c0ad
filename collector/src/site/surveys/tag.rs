//! The markup that a shop pastes: the two lines of the tag, and the form for customers without JavaScript.

use afterword_response::{Touchpoint, limits};
use maud::{Markup, html};

use crate::{language::Language, locales, store::surveys::Survey};

/// The optional parts of the tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Additions {
    /// The template language in which the tag writes the order's number.
    pub(super) order: Option<Template>,
    /// Whether displays are reported, so that the report knows the response rate.
    pub(super) displays: bool,
    /// What the survey asks or offers beside the comment.
    pub(super) extras: Vec<Extra>,
}

/// What a survey can ask or offer beside the comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extra {
    /// Reasons to tap.
    Reasons,
    /// A contact to answer at.
    Contact,
    /// The permission to quote.
    Quote,
    /// The link to the page of the answer.
    Receipt,
}

impl Extra {
    pub(super) const ALL: [Self; 4] = [Self::Reasons, Self::Contact, Self::Quote, Self::Receipt];

    /// Its name in addresses.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Reasons => "reasons",
            Self::Contact => "contact",
            Self::Quote => "quote",
            Self::Receipt => "receipt",
        }
    }

    /// Its attribute without `data-`, and the value. Reasons are examples in that language.
    const fn attribute(self, language: Language) -> (&'static str, &'static str) {
        match self {
            Self::Reasons => (
                "reasons",
                match language {
                    Language::English => {
                        "late:It came late, packing:Badly packed, price:Too expensive"
                    }
                    Language::German => {
                        "late:Zu spät geliefert, packing:Schlecht verpackt, price:Zu teuer"
                    }
                },
            ),
            Self::Contact => ("contact", "true"),
            Self::Quote => ("quote-permission", "true"),
            Self::Receipt => ("receipt", "true"),
        }
    }
}

/// The template language of a shop system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Template {
    WooCommerce,
    Shopware,
    Jtl,
    Oxid,
    Gambio,
    Oscar,
    /// Any other one; the tag has an example of an order's number.
    Other,
}

impl Template {
    pub(super) const ALL: [Self; 7] = [
        Self::WooCommerce,
        Self::Shopware,
        Self::Jtl,
        Self::Oxid,
        Self::Gambio,
        Self::Oscar,
        Self::Other,
    ];

    /// Its name in addresses.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::WooCommerce => "woocommerce",
            Self::Shopware => "shopware",
            Self::Jtl => "jtl",
            Self::Oxid => "oxid",
            Self::Gambio => "gambio",
            Self::Oscar => "django-oscar",
            Self::Other => "other",
        }
    }

    /// What its makers call the shop system; `None` for any other one.
    pub(super) const fn shop_system(self) -> Option<&'static str> {
        match self {
            Self::WooCommerce => Some("WooCommerce"),
            Self::Shopware => Some("Shopware 6"),
            Self::Jtl => Some("JTL-Shop 5"),
            Self::Oxid => Some("OXID"),
            Self::Gambio => Some("Gambio"),
            Self::Oscar => Some("django-oscar"),
            Self::Other => None,
        }
    }

    /// The template with that name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.name() == name)
    }

    /// The order's number in this template language.
    const fn order(self) -> &'static str {
        match self {
            Self::WooCommerce => "<?php echo esc_attr( $order->get_order_number() ); ?>",
            Self::Shopware => "{{ page.order.orderNumber }}",
            Self::Jtl => "{$Bestellung->cBestellNr|escape:'html'}",
            Self::Oxid => "{{ order.oxorder__oxordernr.value|e }}",
            Self::Gambio => "<?= (int) $this->v_data_array['orders_id'] ?>",
            Self::Oscar => "{{ order.number }}",
            Self::Other => "A-1001",
        }
    }
}

/// The two lines. Examples in them are in the survey's language, or else in `usual`.
pub(super) fn lines(
    survey: &Survey,
    touchpoint: Touchpoint,
    origin: &str,
    usual: Language,
    additions: &Additions,
) -> String {
    // The link to the privacy notice takes one more line.
    let height = match survey.privacy_link() {
        Some(_) => "max(13.75em,27.75em - 35vw)",
        None => "max(12em,26em - 35vw)",
    };
    let mut place = format!("style=\"display:block;min-height:{height}\"");
    if let Some(template) = additions.order {
        // Code in the template language, which must not be escaped.
        place.push_str(&format!(" data-order-id=\"{}\"", template.order()));
    }
    if additions.displays {
        place.push_str(" data-report=\"all\"");
    }
    for extra in &additions.extras {
        let (name, value) = extra.attribute(survey.settings.language.unwrap_or(usual));
        place.push_str(&format!(" data-{name}=\"{value}\""));
    }
    let place = place.as_str();
    format!(
        "{}\n<script async fetchpriority=\"high\" src=\"{origin}/{}\"></script>",
        element(survey, touchpoint, place),
        script(survey),
    )
}

/// The survey's element: the attributes in `own`, then those of the survey's settings.
pub(super) fn element(survey: &Survey, touchpoint: Touchpoint, own: &str) -> String {
    let mut attributes = own.to_owned();
    for (name, value) in attributes_of(survey, touchpoint) {
        attributes.push_str(&format!(" data-{name}=\"{}\"", escaped(&value)));
    }
    format!("<afterword-survey {attributes}></afterword-survey>")
}

/// The file name of the script: the one that contains the survey's language, if one is set.
pub(super) fn script(survey: &Survey) -> String {
    match survey.settings.language {
        Some(language) => format!("afterword.{}.js", language.tag()),
        None => "afterword.js".to_owned(),
    }
}

/// The attributes without `data-`. A test compares them with the widget's table.
fn attributes_of(survey: &Survey, touchpoint: Touchpoint) -> Vec<(&'static str, String)> {
    let settings = &survey.settings;
    let mut attributes =
        vec![("survey", survey.id.clone()), ("touchpoint", touchpoint.name().to_owned())];
    attributes.extend(settings.subject.clone().map(|it| ("subject", it)));
    attributes.extend(settings.review_link.clone().map(|it| ("review-url", it)));
    attributes.extend(survey.privacy_link().map(|it| ("privacy-url", it.to_owned())));
    attributes.extend(survey.shop.accent.map(|it| ("accent", it.hex())));
    attributes.extend(settings.language.map(|it| ("locale", it.tag().to_owned())));
    attributes
}

/// The two lines with the form inside the element, so that it is shown in the place of the question.
pub(super) fn lines_with_form(
    survey: &Survey,
    touchpoint: Touchpoint,
    origin: &str,
    usual: Language,
    additions: &Additions,
) -> String {
    let form = form(survey, touchpoint, origin, usual, additions);
    lines(survey, touchpoint, origin, usual, additions)
        .replace("></afterword-survey>", &format!(">\n{form}\n</afterword-survey>"))
}

/// The form, in the survey's language, or else in `usual`; `docs/NOSCRIPT.md` explains it.
fn form(
    survey: &Survey,
    touchpoint: Touchpoint,
    origin: &str,
    usual: Language,
    additions: &Additions,
) -> String {
    let language = survey.settings.language.unwrap_or(usual);
    let words = locales::best([language.tag()]);
    let mut hidden = vec![
        ("locale", language.tag().to_owned()),
        ("survey", survey.id.clone()),
        ("touchpoint", touchpoint.name().to_owned()),
    ];
    let question = words.question(survey.settings.subject.as_deref());
    // The form sends its question only if it differs from the collector's own wording, which the collector stores
    // otherwise.
    if survey.settings.subject.is_some() {
        hidden.push(("method.question", question.clone()));
    }
    if additions.extras.contains(&Extra::Receipt) {
        hidden.push(("receipt", "true".to_owned()));
    }
    let mut lines = vec![
        "<noscript>".to_owned(),
        format!("  <form method=\"post\" action=\"{origin}/v1/responses\">"),
    ];
    lines.extend(hidden.into_iter().map(|(name, value)| {
        format!("    <input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(&value))
    }));
    lines.push("    <fieldset>".to_owned());
    lines.push(format!("      <legend>{}</legend>", escaped(&question)));
    for score in 0..=limits::SCORE {
        let required = if score == 0 { " required" } else { "" };
        let label = match score {
            0 => format!(" ({})", words.low_label),
            limits::SCORE => format!(" ({})", words.high_label),
            _ => String::new(),
        };
        lines.push(format!(
            "      <label><input type=\"radio\" name=\"score\" value=\"{score}\"{required}>&#8239;{score}{label}</label>"
        ));
    }
    lines.extend([
        "    </fieldset>".to_owned(),
        format!("    <p><label for=\"afterword-comment\">{}</label></p>", words.follow_up()),
        format!(
            "    <p><textarea id=\"afterword-comment\" name=\"comment\" rows=\"4\" cols=\"40\" maxlength=\"{}\"></textarea></p>",
            limits::COMMENT
        ),
        format!("    <p><button>{}</button></p>", words.send),
    ]);
    lines.extend(
        survey
            .privacy_link()
            .map(|link| format!("    <p><a href=\"{}\">{}</a></p>", escaped(link), words.privacy)),
    );
    lines.extend(["  </form>".to_owned(), "</noscript>".to_owned()]);
    lines.join("\n")
}

/// Escapes a text for HTML, because a person pastes it into a page.
fn escaped(value: &str) -> String {
    html! { (value) }.into_string().replace('"', "&quot;")
}

/// The markup for display, with each attribute on its own line and its parts coloured. The text that is copied is the
/// unchanged markup.
pub(super) fn shown(text: &str) -> Markup {
    html! {
        @for (index, line) in text.lines().enumerate() {
            @if index > 0 { "\n" }
            @for part in parts(line) {
                @match part {
                    Part::Text(text) => (text),
                    Part::Attribute(name, value) => {
                        span .attribute { " " span .name { (name) } "=" span .value { "\"" (value) "\"" } }
                    },
                }
            }
        }
    }
}

/// A part of a line of markup.
enum Part<'a> {
    Text(&'a str),
    /// An attribute with its value, and the space before it.
    Attribute(&'a str, &'a str),
}

/// The parts of a line, in their order.
fn parts(line: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some((before, name, value, after)) = attribute(rest) {
        parts.extend([Part::Text(before), Part::Attribute(name, value)]);
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts
}

/// Splits a line at its first attribute with a value: the text before it, its name, its value, and the rest.
fn attribute(line: &str) -> Option<(&str, &str, &str, &str)> {
    let (head, rest) = line.split_once("=\"")?;
    let (value, after) = rest.split_once('"')?;
    let (before, name) = head.rsplit_once(' ')?;
    Some((before, name, value, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{accent::Accent, store::surveys::Shop, survey::Settings};

    const ORIGIN: &str = "https://feedback.shop.example";

    fn survey() -> Survey {
        Survey {
            id: "post-purchase".into(),
            settings: Settings::default(),
            shop: Shop::default(),
            fixed: [].into(),
            is_in_file: false,
            archived_at: None,
        }
    }

    #[test]
    fn a_tag_contains_the_settings_and_is_safe_to_paste() {
        let mut survey = survey();
        assert_eq!(
            lines(&survey, Touchpoint::Order, ORIGIN, Language::English, &Additions::default()),
            "<afterword-survey style=\"display:block;min-height:max(12em,26em - 35vw)\" \
             data-survey=\"post-purchase\" data-touchpoint=\"order\"></afterword-survey>\n\
             <script async fetchpriority=\"high\" src=\"https://feedback.shop.example/afterword.js\"></script>"
        );
        survey.settings.subject = Some("Harbour & \"Hill\" <b>".into());
        survey.settings.review_link = Some("https://r.example/?a=1&b=2".into());
        survey.settings.language = Some(Language::German);
        survey.shop.privacy = Some("https://shop.example/privacy?a=1&b=2".into());
        survey.shop.accent = Accent::read("#FD0");
        let text =
            lines(&survey, Touchpoint::Delivery, ORIGIN, Language::English, &Additions::default());
        for part in [
            "data-privacy-url=\"https://shop.example/privacy?a=1&amp;b=2\"",
            "data-subject=\"Harbour &amp; &quot;Hill&quot; &lt;b&gt;\"",
            "data-review-url=\"https://r.example/?a=1&amp;b=2\"",
            "min-height:max(13.75em,27.75em - 35vw)",
            "data-locale=\"de\"",
            "data-accent=\"#ffdd00\"",
            "data-touchpoint=\"delivery\"",
            "/afterword.de.js\"",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }

    /// Reads the attributes like the widget: a value that it would ignore or cut is a fault of the settings' rules.
    #[test]
    fn the_widget_takes_every_attribute_as_it_stands() {
        let longest = |text: &str| text.repeat(crate::survey::MAX_TEXT);
        for subject in ["Harbour & \"Hill\"".to_owned(), longest("x"), longest("🌷")] {
            for touchpoint in [Touchpoint::Visit, Touchpoint::Order, Touchpoint::Return] {
                let mut survey = survey();
                survey.settings.subject = Some(crate::survey::read_text(&subject).unwrap());
                let link =
                    format!("https://r.example/{}", "x".repeat(crate::survey::MAX_LINK - 18));
                survey.settings.review_link = Some(crate::survey::read_link(&link).unwrap());
                survey.settings.privacy_link = Some(crate::survey::read_link(&link).unwrap());
                survey.settings.language = Some(Language::German);
                survey.shop.accent = Accent::read("#fd0");
                let attributes: Vec<_> = attributes_of(&survey, touchpoint)
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect();
                let (taken, warnings) = afterword::attributes::read(&attributes);
                assert_eq!((taken, warnings), (attributes, vec![]));
            }
        }
        for extra in Extra::ALL {
            for language in Language::ALL {
                let (name, value) = extra.attribute(language);
                let attributes = vec![(name.to_owned(), value.to_owned())];
                let (taken, warnings) = afterword::attributes::read(&attributes);
                assert_eq!((taken, warnings), (attributes, vec![]));
            }
        }
        // The template code that the page offers for the order's number.
        for name in ["order-id", "report", "preview"] {
            assert!(afterword::attributes::Attribute::of(name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_shown_markup_equals_the_copied_one() {
        let mut survey = survey();
        survey.settings.subject = Some("Harbour & \"Hill\"".into());
        for order in Template::ALL.map(Some).into_iter().chain([None]) {
            let additions = Additions { order, displays: true, extras: Extra::ALL.into() };
            let text =
                lines_with_form(&survey, Touchpoint::Order, ORIGIN, Language::German, &additions);
            let page = scraper::Html::parse_fragment(&shown(&text).into_string());
            assert_eq!(page.root_element().text().collect::<String>(), text);
            let names = scraper::Selector::parse(".attribute .name").unwrap();
            let names: Vec<String> = page.select(&names).map(|it| it.text().collect()).collect();
            assert!(names.starts_with(&["style".into()]) && names.contains(&"data-report".into()));
            assert_eq!(names.contains(&"data-order-id".to_owned()), order.is_some());
        }
    }

    /// The plugins for shops write the tag by themselves, so only the recipes have such code.
    #[test]
    fn the_order_number_is_written_as_in_the_recipes() {
        let recipes = include_str!("../../../../docs/SHOPS.md");
        for template in [Template::Jtl, Template::Oxid, Template::Gambio, Template::Oscar] {
            let shop_system = template.shop_system().unwrap();
            let (_, recipe) = recipes.split_once(&format!("\n## {shop_system}\n")).unwrap();
            let recipe = recipe.split("\n## ").next().unwrap();
            let attribute = format!("data-order-id=\"{}\"", template.order());
            assert!(recipe.contains(&attribute), "{shop_system}: {attribute} in {recipe}");
        }
    }

    #[test]
    fn the_form_without_a_script_is_the_documented_one() {
        let guide = include_str!("../../../../docs/NOSCRIPT.md");
        for language in Language::ALL {
            let form = form(&survey(), Touchpoint::Order, ORIGIN, language, &Additions::default());
            // The form in the guide names no survey and no touchpoint.
            let is_extra =
                |line: &&str| line.contains("\"survey\"") || line.contains("\"touchpoint\"");
            let plain: Vec<&str> = form.lines().filter(|line| !is_extra(line)).collect();
            assert!(guide.contains(&plain.join("\n")), "docs/NOSCRIPT.md has no such form: {form}");
        }
    }

    #[test]
    fn the_form_is_in_the_place_of_the_question() {
        let text = lines_with_form(
            &survey(),
            Touchpoint::Order,
            ORIGIN,
            Language::English,
            &Additions::default(),
        );
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("<afterword-survey ") && lines[1] == "<noscript>", "{text}");
        let [.., noscript, element, script] = &lines[..] else { panic!("{text}") };
        assert_eq!((*noscript, *element), ("</noscript>", "</afterword-survey>"));
        assert!(script.starts_with("<script async "), "{text}");
    }

    #[test]
    fn the_form_asks_about_the_subject_and_sends_its_question() {
        let mut survey = survey();
        survey.settings.subject = Some("Harbour & \"Hill\"".into());
        survey.settings.language = Some(Language::German);
        survey.settings.privacy_link = Some("https://shop.example/datenschutz".into());
        let form =
            form(&survey, Touchpoint::Delivery, ORIGIN, Language::English, &Additions::default());
        for part in [
            "<p><a href=\"https://shop.example/datenschutz\">Datenschutz</a></p>",
            "<legend>Wie wahrscheinlich ist es, dass Sie Harbour &amp; &quot;Hill&quot; weiterempfehlen?</legend>",
            "name=\"method.question\" value=\"Wie wahrscheinlich ist es, dass Sie Harbour &amp; &quot;Hill&quot; weiterempfehlen?\"",
            "name=\"locale\" value=\"de\"",
            "name=\"survey\" value=\"post-purchase\"",
            "name=\"touchpoint\" value=\"delivery\"",
        ] {
            assert!(form.contains(part), "{part} is missing in {form}");
        }
    }
}
