//! Building the response: what was set, what was asked, and what the customer said, as the contract
//! has it.

use afterword_response::{Customer, Method, Mode, Order, Response, VERSION};

use crate::RELEASE;
use crate::settings::Settings;
use crate::survey::Revision;
use crate::texts::Texts;

/// What is known when the question is shown and stays for the whole response.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Showing {
    /// The response's id, a UUIDv7.
    pub id: String,
    /// When the question was painted, in RFC 3339.
    pub shown_at: String,
    /// The page's address, without query and fragment.
    pub page: String,
    /// The language shown.
    pub locale: String,
}

/// The response as of one revision.
#[must_use]
pub fn response(
    settings: &Settings,
    texts: &Texts,
    showing: &Showing,
    revision: &Revision,
) -> Response {
    Response {
        version: VERSION,
        id: showing.id.clone(),
        revision: revision.number,
        complete: revision.complete,
        survey: settings.survey.clone(),
        touchpoint: settings.touchpoint,
        score: revision.choice.score,
        comment: revision.comment.clone(),
        reasons: Vec::new(),
        quotable: None,
        contact: None,
        shown_at: showing.shown_at.clone(),
        scored_at: revision.choice.at.clone(),
        sent_at: revision.sent_at.clone(),
        page: showing.page.clone(),
        locale: showing.locale.clone(),
        method: Method {
            question: texts.question.to_string(),
            low_label: texts.low_label.to_string(),
            high_label: texts.high_label.to_string(),
            layout: revision.choice.layout,
            mode: Mode::Inline,
            release: RELEASE.into(),
        },
        order: (settings.order != Order::default()).then(|| settings.order.clone()),
        customer: (settings.customer != Customer::default()).then(|| settings.customer.clone()),
        properties: settings.properties.iter().cloned().collect(),
        tags: settings.tags.clone(),
    }
}
