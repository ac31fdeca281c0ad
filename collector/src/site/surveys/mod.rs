//! `/surveys`: the list, and for each survey its tag, its settings, a preview, and the pages that archive and delete
//! it.

mod install;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod removal;
pub(crate) mod review_link;
pub(crate) mod survey;
mod tag;
mod texts;
mod trial;
mod words;

use std::collections::BTreeMap;

use afterword_response::Touchpoint;
use jiff::Timestamp;

use crate::{
    http::error::{Error, PageError},
    language::Language,
    state::Shared,
    store::surveys::{OverfullFacet, Refusal, Survey},
    survey::SettingProblem,
    words::problems::of_setting,
};

const NO_SURVEY: &str = "There is no survey of that id.";

/// A survey in the list.
struct Entry {
    survey: Survey,
    answers: i64,
    latest: Option<Timestamp>,
    /// Answers that were refused because of their site.
    refused: i64,
    /// The facets with more values than are counted.
    left_out: Vec<OverfullFacet>,
    /// Days after which answers are erased if the survey has no number of its own; `None` is never.
    usual_days: Option<u32>,
}

async fn entry(shared: &Shared, survey: Survey) -> Result<(Entry, Vec<Refusal>), PageError> {
    let (answers, latest) = shared.store.survey_answers(&survey.id).await?;
    let refusals = shared.store.refusals(&survey.id).await?;
    let refused = refusals.iter().map(|refusal| refusal.answers).sum();
    let left_out = shared.store.left_out(&survey.id).await?;
    let usual_days = shared.keep_days;
    Ok((Entry { survey, answers, latest, refused, left_out, usual_days }, refusals))
}

async fn find(shared: &Shared, id: &str) -> Result<Survey, PageError> {
    let survey = shared.store.survey(id).await?;
    survey.ok_or(PageError(Error::NotFound(NO_SURVEY)))
}

/// The touchpoint in the address; `order` if there is none.
fn touchpoint(query: Option<&str>) -> Touchpoint {
    parameter(query, "touchpoint")
        .and_then(|name| Touchpoint::from_name(&name))
        .unwrap_or(Touchpoint::Order)
}

/// A parameter of an address.
fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The text in a form's fields, and the problems of the fields.
#[derive(Clone, Debug, Default)]
struct FormInput {
    values: BTreeMap<&'static str, String>,
    problems: BTreeMap<&'static str, SettingProblem>,
    /// A survey with this id exists.
    exists: bool,
}

impl FormInput {
    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The problem of a field, as a complete sentence.
    fn problem(&self, name: &str, language: Language) -> Option<String> {
        let words = of_setting(*self.problems.get(name)?, language);
        let mut letters = words.chars();
        let first = letters.next()?;
        Some(first.to_uppercase().chain(letters).chain(['.']).collect())
    }
}

/// Reads a field with a function, unless it is empty; records its text and its problem.
fn read<T>(
    name: &'static str,
    text: &str,
    typed: &mut FormInput,
    read: impl Fn(&str) -> Result<T, SettingProblem>,
) -> Option<T> {
    let text = text.trim();
    typed.values.insert(name, text.to_owned());
    if text.is_empty() {
        return None;
    }
    read(text).map_err(|problem| typed.problems.insert(name, problem)).ok()
}
