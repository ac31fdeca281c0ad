//! An export for people: ten columns in their language, with times in the shop's time zone.

use std::collections::{BTreeMap, HashMap};

use afterword_response::{Segment, Touchpoint};
use jiff::tz::TimeZone;

use super::{cell, columns::Dialect};
use crate::{store::Stored, themes::Theme};

/// Columns of the sheet.
pub(crate) const COLUMNS: usize = 10;

/// The reader's words and the time zone to write a sheet with.
pub(crate) struct Sheet {
    /// The names of the columns: date and time, score, segment, comment, themes, survey, touchpoint, order,
    /// customer, products.
    pub(crate) heading: [&'static str; COLUMNS],
    pub(crate) segment: fn(Segment) -> &'static str,
    pub(crate) touchpoint: fn(Touchpoint) -> &'static str,
    /// The names of the themes.
    pub(crate) themes: BTreeMap<Theme, String>,
    /// The names of surveys, by their ids.
    pub(crate) surveys: HashMap<String, String>,
    /// The shop's time zone, in which the report counts days.
    pub(crate) zone: TimeZone,
    pub(crate) dialect: Dialect,
}

impl Sheet {
    /// The names of the columns.
    pub(super) fn head(&self) -> Vec<String> {
        self.heading.iter().map(|name| (*name).to_owned()).collect()
    }

    /// One answer's cells.
    pub(super) fn cells(&self, stored: &Stored) -> Vec<String> {
        let Stored { response, received_at, .. } = stored;
        let local = received_at.to_zoned(self.zone.clone());
        // The notation that spreadsheets of that language recognise as a date with a time: they sort and group it by day.
        let moment = match self.dialect {
            Dialect::Semicolon => local.strftime("%d.%m.%Y %H:%M"),
            Dialect::Comma => local.strftime("%Y-%m-%d %H:%M"),
        };
        let order = response.order.as_ref();
        let customer = response.customer.as_ref().and_then(|customer| customer.id.as_deref());
        let products = order.map(|order| order.products.join(", ")).unwrap_or_default();
        let survey = self.surveys.get(&response.survey).unwrap_or(&response.survey);
        let text = cell::neutralised;
        vec![
            moment.to_string(),
            response.score.to_string(),
            (self.segment)(Segment::of(response.score)).to_owned(),
            text(response.comment.as_deref().unwrap_or_default()),
            text(&self.themes_of(stored)),
            text(survey),
            (self.touchpoint)(response.touchpoint).to_owned(),
            text(order.and_then(|order| order.id.as_deref()).unwrap_or_default()),
            text(customer.unwrap_or_default()),
            text(&products),
        ]
    }

    /// The names of the themes that an answer names.
    fn themes_of(&self, stored: &Stored) -> String {
        let names = stored.named.themes.iter().filter_map(|theme| self.themes.get(theme));
        names.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}
