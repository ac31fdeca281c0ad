//! A filter as conditions on `responses`.

use afterword_response::Segment;
use sqlx::{QueryBuilder, Sqlite};

use super::search;
use crate::{
    report::facts::{Facet, PROPERTY},
    store::{Comments, Filter},
};

impl Filter {
    /// Appends the conditions to a query on `responses` that has a `WHERE` already.
    pub(super) fn narrow(&self, query: &mut QueryBuilder<Sqlite>) {
        if let Some(survey) = &self.survey {
            query.push(" AND survey = ").push_bind(survey.clone());
        }
        if let Some(touchpoint) = self.touchpoint {
            query.push(" AND touchpoint = ").push_bind(touchpoint.name());
        }
        if let Some(segment) = self.segment {
            let (low, high) = match segment {
                Segment::Detractor => (0, 6),
                Segment::Passive => (7, 8),
                Segment::Promoter => (9, 10),
            };
            query.push(" AND score BETWEEN ").push_bind(low).push(" AND ").push_bind(high);
        }
        if let Some(from) = self.from {
            query.push(" AND received_at >= ").push_bind(from.as_millisecond());
        }
        if let Some(before) = self.before {
            query.push(" AND received_at < ").push_bind(before.as_millisecond());
        }
        if let Some(facet) = &self.facet {
            share(facet, query);
        }
        if let Some(words) = &self.words {
            match search::expression(words) {
                Some(expression) => {
                    query
                        .push(
                            " AND id IN (SELECT c.id FROM comments_search s \
                             JOIN comments c ON c.number = s.rowid WHERE comments_search MATCH ",
                        )
                        .push_bind(expression)
                        .push(")");
                }
                // No comment holds a word that is none.
                None => {
                    query.push(" AND 0");
                }
            }
        }
        if self.comments == Comments::Only {
            query.push(" AND comment IS NOT NULL");
        }
    }
}

/// The same facts as the view `response_facets` has, asked of one row.
fn share(facet: &Facet, query: &mut QueryBuilder<Sqlite>) {
    let value = facet.value.clone();
    let list = match facet.name.as_str() {
        "country" => {
            query.push(" AND response ->> '$.order.country' = ").push_bind(value);
            return;
        }
        "customer" => {
            query.push(" AND response ->> '$.customer.kind' = ").push_bind(value);
            return;
        }
        "language" => {
            query
                .push(" AND lower(substr(locale, 1, instr(locale || '-', '-') - 1)) = ")
                .push_bind(value);
            return;
        }
        "product" => "$.order.products",
        "reason" => "$.reasons",
        "tag" => "$.tags",
        _ => "$.properties",
    };
    query
        .push(" AND EXISTS (SELECT 1 FROM json_each(response, ")
        .push_bind(list)
        .push(") item WHERE item.value = ")
        .push_bind(value);
    if let Some(name) = facet.name.strip_prefix(PROPERTY) {
        query.push(" AND item.key = ").push_bind(name.to_owned());
    }
    query.push(")");
}
