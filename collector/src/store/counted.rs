//! Computes what a response adds to the counts, for every engine.

use std::collections::BTreeSet;

use afterword_response::{Layout, Mode, Response, Segment, Touchpoint};

use crate::{
    report::facts::{
        AskedHow, Facet, LINK_NOT_SHOWN, LINK_SHOWN, ORDER_VALUE, PROPERTY, READ, REVIEW_LINK,
        THEME, THEME_BEYOND, THEME_READ, band,
    },
    themes::Named,
};

/// The contribution of a response to the counts, apart from its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) survey: String,
    pub(crate) touchpoint: Touchpoint,
    pub(crate) score: u8,
    pub(crate) method: AskedHow,
    /// The facts that it can be found and broken down by, sorted, each once.
    pub(crate) facts: Vec<Facet>,
    pub(crate) order: Option<String>,
}

impl Counted {
    pub(crate) fn of(response: &Response, named: &Named) -> Self {
        let language = language(&response.locale);
        let method = &response.method;
        Self {
            survey: response.survey.clone(),
            touchpoint: response.touchpoint,
            score: response.score,
            facts: facts(response, &language),
            method: AskedHow {
                language,
                question: method.question.clone(),
                low_label: method.low_label.clone(),
                high_label: method.high_label.clone(),
                layout: method.layout.map_or("", Layout::name).to_owned(),
                mode: method.mode.map_or("", Mode::name).to_owned(),
            },
            order: response.order.as_ref().and_then(|order| order.id.clone()),
        }
        .about(named)
    }

    /// The same for an answer with other themes.
    pub(crate) fn about(mut self, named: &Named) -> Self {
        self.facts.retain(|fact| ![THEME, THEME_READ, THEME_BEYOND].contains(&fact.name.as_str()));
        let mut add = |name: &str, value: &str| {
            self.facts.push(Facet { name: name.to_owned(), value: value.to_owned() });
        };
        for theme in &named.themes {
            add(THEME, theme.id());
            if !named.is_read {
                add(THEME_BEYOND, theme.id());
            }
        }
        if named.is_read {
            add(THEME_READ, READ);
        }
        self.facts.sort_unstable();
        self
    }
}

/// The language of a locale, without its region: `de` of `de-AT`.
pub(crate) fn language(locale: &str) -> String {
    locale.split('-').next().unwrap_or_default().to_lowercase()
}

/// -1 for a detractor, 0 for a passive, 1 for a promoter.
pub(crate) fn segment(score: u8) -> i8 {
    match Segment::of(score) {
        Segment::Detractor => -1,
        Segment::Passive => 0,
        Segment::Promoter => 1,
    }
}

/// The position of a touchpoint in the customer's journey.
pub(crate) const fn place(touchpoint: Touchpoint) -> u8 {
    match touchpoint {
        Touchpoint::Visit => 0,
        Touchpoint::Order => 1,
        Touchpoint::Delivery => 2,
        Touchpoint::Support => 3,
        Touchpoint::Return => 4,
    }
}

/// The touchpoint at a position of the journey.
pub(crate) const fn at_place(place: u8) -> Option<Touchpoint> {
    Some(match place {
        0 => Touchpoint::Visit,
        1 => Touchpoint::Order,
        2 => Touchpoint::Delivery,
        3 => Touchpoint::Support,
        4 => Touchpoint::Return,
        _ => return None,
    })
}

fn facts(response: &Response, language: &str) -> Vec<Facet> {
    let mut facts = BTreeSet::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            facts.insert((name.to_owned(), value.to_owned()));
        }
    };
    add("language", language);
    if let Some(order) = &response.order {
        add("country", order.country.as_deref().unwrap_or_default());
        let value = order.value.as_deref().and_then(|value| band(value, order.currency.as_deref()));
        add(ORDER_VALUE, value.as_deref().unwrap_or_default());
        order.products.iter().for_each(|product| add("product", product));
    }
    if let Some(kind) = response.customer.as_ref().and_then(|customer| customer.kind) {
        add("customer", kind.name());
    }
    if let Some(is_shown) = response.review_link.filter(|_| response.complete) {
        add(REVIEW_LINK, if is_shown { LINK_SHOWN } else { LINK_NOT_SHOWN });
    }
    response.reasons.iter().for_each(|reason| add("reason", reason));
    response.tags.iter().for_each(|tag| add("tag", tag));
    for (name, value) in &response.properties {
        add(&format!("{PROPERTY}{name}"), value);
    }
    facts.into_iter().map(|(name, value)| Facet { name, value }).collect()
}
