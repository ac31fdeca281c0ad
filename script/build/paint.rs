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

/// What the script paints.
pub(crate) struct Painted {
    /// The form with the question.
    pub(crate) form: Value,
    /// The link to the privacy notice, which stands before the form's last child. It is in `form` no more: later
    /// files add it.
    pub(crate) privacy: Value,
    /// What is added once there is a score.
    pub(crate) more: Value,
    /// What the status region holds at the end.
    pub(crate) thanks: Value,
}

/// Renders all three from the component.
pub(crate) async fn paint() -> Result<Painted> {
    let asking = render(Carried::default()).await?;
    // A detractor, who is shown everything that there is.
    let choice = Choice { score: 0, at: String::new(), layout: Layout::OneRow };
    let scored = Carried { choice: Some(choice), ..Carried::default() };
    let commenting = render(scored).await?;

    let more = child(&commenting, "class", "more")?;
    // The script adds the one to the other: the rest must be the same, but for what is chosen.
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

/// The form's child with that attribute.
fn child(form: &Value, attribute: &str, value: &str) -> Result<Value> {
    let mut children = form.as_array().into_iter().flatten();
    children.find(|child| child[1][attribute] == value).cloned().context(value.to_owned())
}

/// Settings and texts in which everything is its own name.
fn named() -> Result<(Rc<Settings>, Rc<Texts>)> {
    let raw = ["privacy-url", "review-url", "support-url"];
    let raw: Vec<_> = raw.map(|name| (name.to_owned(), format!("${name}"))).into();
    let (settings, warnings) = settings::parse(&raw);
    ensure!(warnings.is_empty(), "{warnings:?}");
    // The segment's words by the name without it: what is painted is a detractor's, and serves every segment.
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

/// The thanks, which the survey reaches only through the network, rendered alone.
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
