//! Renders the component and turns its markup into the script's nested arrays:
//! `["tag", {"attribute": "value"}, child, …]`, where a child is an array or a text.

use std::rc::Rc;

use afterword::app::{App, AppProps, World};
use afterword::settings::{self, Settings};
use afterword::survey::{Choice, Painted as Carried};
use afterword::texts::{KEYS, Locale, Texts};
use afterword::view;
use afterword_response::{Layout, Segment};
use anyhow::{Context, Result, ensure};
use scraper::{ElementRef, Html, Node};
use serde_json::{Map, Value, json};
use yew::component;

/// The markup of the parts that the script paints.
pub(crate) struct Painted {
    /// The form with the question.
    pub(crate) form: Value,
    /// The link to the privacy notice. It is not part of `form`: a file of `later/` adds it before the form's last
    /// child.
    pub(crate) privacy: Value,
    /// The part that is added after a score: the comment and Send.
    pub(crate) more: Value,
    /// The content of the status region at the end: the thanks.
    pub(crate) thanks: Value,
}

/// Renders all parts from the component.
pub(crate) async fn paint() -> Result<Painted> {
    let asking = render(Carried::default()).await?;
    // The score of a detractor, because only detractors see every part.
    let choice = Choice { score: 0, at: String::new(), layout: Layout::OneRow };
    let scored = Carried { choice: Some(choice), ..Carried::default() };
    let commenting = render(scored).await?;

    let more = child(&commenting, "class", "more")?;
    // The script adds `more` to the first step, so the two steps may differ in nothing else but the checked score.
    let without = |mut form: Value| {
        if let Some(children) = form.as_array_mut() {
            children.retain(|child| child != &more);
        }
        form.to_string().replace("\"checked\":\"\",", "")
    };
    let (asked, commented) = (without(asking.clone()), without(commenting));
    ensure!(asked == commented, "the steps' markup differs elsewhere:\n{asked}\n{commented}");
    let privacy = child(&asking, "id", "privacy")?;
    let mut form = asking;
    if let Some(children) = form.as_array_mut() {
        children.retain(|child| child != &privacy);
    }
    Ok(Painted { form, privacy, more, thanks: render_thanks().await? })
}

/// The form's child whose attribute has this value.
fn child(form: &Value, attribute: &str, value: &str) -> Result<Value> {
    let mut children = form.as_array().into_iter().flatten();
    children.find(|child| child[1][attribute] == value).cloned().context(value.to_owned())
}

/// Settings and texts in which every value is its own name, such as `$question`.
fn named() -> Result<(Rc<Settings>, Rc<Texts>)> {
    let raw = ["privacy-url", "review-url", "support-url"];
    let raw: Vec<_> = raw.map(|name| (name.to_owned(), format!("${name}"))).into();
    let (settings, warnings) = settings::parse(&raw);
    ensure!(warnings.is_empty(), "{warnings:?}");
    // A text for detractors gets the name without the segment, because the painted markup serves every segment.
    let name = |key: &str| key.strip_suffix("-detractor").unwrap_or(key).to_owned();
    let words = KEYS.iter().map(|key| ((*key).to_owned(), format!("${}", name(key)))).collect();
    let settings = Rc::new(settings);
    let texts = Texts::new(settings.clone(), Locale(words), String::new());
    Ok((settings, Rc::new(texts)))
}

async fn render(painted: Carried) -> Result<Value> {
    let (settings, texts) = named()?;
    let props = AppProps { settings, texts, painted, world: World::still() };
    let html = yew::LocalServerRenderer::<App>::with_props(props).hydratable(false).render().await;
    arrays(&html).into_iter().next().context("no markup")
}

/// The thanks, rendered alone: the survey itself shows them only after an answer from the endpoint.
#[component]
fn Thanks() -> yew::Html {
    match named() {
        Ok((_, texts)) => view::thanks(&texts, Segment::Detractor),
        Err(_) => yew::Html::default(),
    }
}

async fn render_thanks() -> Result<Value> {
    let html = yew::LocalServerRenderer::<Thanks>::new().hydratable(false).render().await;
    let thanks = arrays(&html);
    ensure!(!thanks.is_empty(), "no thanks");
    Ok(thanks.into())
}

fn arrays(html: &str) -> Vec<Value> {
    Html::parse_fragment(html).root_element().child_elements().map(array).collect()
}

fn array(element: ElementRef<'_>) -> Value {
    let attributes: Map<String, Value> =
        element.value().attrs().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let mut array = vec![json!(element.value().name()), attributes.into()];
    for child in element.children() {
        match child.value() {
            Node::Text(text) if !text.is_empty() => array.push(json!(&**text)),
            Node::Element(_) => array.extend(ElementRef::wrap(child).map(self::array)),
            _ => {}
        }
    }
    array.into()
}
