//! The filter above a list or a report. On a phone it is folded, and says what is filtered by; where there is room, the
//! style shows what is in it.

use maud::{Markup, html};

use super::frame::{format::Format, moment, names::Names};
use crate::{
    access::person::Person,
    language::Language,
    query::{FilterQuery, PeriodBound},
    store::surveys::Survey,
    themes::Theme,
};

/// A form that is folded on a phone. `said` is what it filters by.
pub(super) fn folded(said: &[String], form: &Markup, language: Language) -> Markup {
    let name = match language {
        Language::English => "Filter",
        Language::German => "Auswahl",
    };
    html! {
        details .more .filtering .no-print {
            summary {
                (name)
                @if !said.is_empty() { ": " span .filtered { (said.join(" · ")) } }
            }
            (form)
        }
    }
}

/// What a filter lets through, in words: survey, touchpoint, segment, theme, words and period. A property is said beside the
/// filter, also where there is room.
pub(super) fn said(filter: &FilterQuery, surveys: &[Survey], person: &Person) -> Vec<String> {
    let names = Names::of(person.language);
    let survey = filter.survey.as_deref().map(|id| {
        surveys.iter().find(|survey| survey.id == id).map_or(id, Survey::title).to_owned()
    });
    let theme = match filter.property() {
        Some(_) => None,
        None => filter.facet.as_ref().and_then(|facet| Theme::from_id(&facet.value)),
    };
    let words = filter.words.as_deref().map(|words| match person.language {
        Language::English => format!("“{words}”"),
        Language::German => format!("„{words}“"),
    });
    [
        survey,
        filter.touchpoint.map(|touchpoint| names.touchpoint(touchpoint).to_owned()),
        filter.segment.map(|segment| names.segment(segment).to_owned()),
        theme.map(|theme| names.theme(theme, &person.themes).to_owned()),
        words,
        said_period(filter, person),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first and the last day, in words.
fn said_period(filter: &FilterQuery, person: &Person) -> Option<String> {
    let day = |bound: PeriodBound| match bound {
        PeriodBound::Day(day) => Format::of(person.language).day(day),
        PeriodBound::Moment(at) => moment(at, person),
    };
    Some(match (person.language, filter.from.map(day), filter.to.map(day)) {
        (_, None, None) => return None,
        (Language::English, Some(from), None) => format!("from {from}"),
        (Language::German, Some(from), None) => format!("ab {from}"),
        (Language::English, None, Some(to)) => format!("until {to}"),
        (Language::German, None, Some(to)) => format!("bis {to}"),
        (Language::English, Some(from), Some(to)) => format!("{from} to {to}"),
        (Language::German, Some(from), Some(to)) => format!("{from} bis {to}"),
    })
}
