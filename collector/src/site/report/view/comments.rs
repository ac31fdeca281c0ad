//! The latest comments, with a search and links to the list and the file.

use afterword_response::Segment;
use maud::{Markup, html};

use super::Page;
use crate::{
    query::{FilterQuery, PeriodBound, SEGMENTS},
    report::calendar::date,
    site::frame::segment_class,
    store::Stored,
};

impl Page<'_> {
    pub(super) fn comments(&self) -> Markup {
        let (words, filter) = (self.texts.words, &self.query.filter);
        let comments = &self.read.comments;
        let is_narrowed = filter.words.is_some() || filter.segment.is_some();
        html! {
            section .comments aria-labelledby="comments" {
                div .row .apart {
                    h2 #comments { (words.comments) }
                    nav .pick .no-print aria-label=(words.segment) {
                        a href={ (self.address(&[("segment", None)])) "#comments" }
                            aria-current=[filter.segment.is_none().then_some("true")] { (words.everybody) }
                        @for (name, segment) in SEGMENTS {
                            a href={ (self.address(&[("segment", Some(name))])) "#comments" }
                                aria-current=[(filter.segment == Some(segment)).then_some("true")] {
                                (self.names.segment(segment))
                            }
                        }
                    }
                }
                form .search .no-print method="get" action="/#comments" role="search" {
                    @for (name, value) in self.hidden_without_words() {
                        input type="hidden" name=(name) value=(value);
                    }
                    label .hidden-text for="q" { (words.search) }
                    input #q type="search" name="q" maxlength="200" placeholder=(words.search)
                        value=[filter.words.as_ref()];
                    button .second { (words.search_go) }
                }
                @if comments.is_empty() {
                    p .sheet { (if is_narrowed { words.none_found } else { words.no_comments }) }
                } @else {
                    ol .responses .sheet { @for stored in comments { li { (self.comment(stored)) } } }
                }
                p .row .no-print {
                    @if self.read.more_comments {
                        a href={ "/responses?" (self.list_query()) } { (words.more_comments) }
                    }
                    a href=(self.export_address()) download { (words.download) }
                }
            }
        }
    }

    fn hidden_without_words(&self) -> Vec<(String, String)> {
        let query = self.query.with(&[("q", None)]);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The query of the list of responses with the same filter.
    fn list_query(&self) -> String {
        self.filter_in_days().query()
    }

    /// The address of the file with the answers that the report counts. Segment and search words are left out, since they
    /// only filter the comments.
    fn export_address(&self) -> String {
        let filter = FilterQuery { segment: None, words: None, ..self.filter_in_days() };
        format!("/data/export?format=csv&{}", filter.query())
    }

    pub(super) fn filter_in_days(&self) -> FilterQuery {
        let day = |number| Some(PeriodBound::Day(date(number)));
        FilterQuery {
            from: day(self.report.period.from),
            to: day(self.report.period.to),
            ..self.query.filter.clone()
        }
    }

    /// A comment with its score, touchpoint and time.
    pub(super) fn comment(&self, stored: &Stored) -> Markup {
        let response = &stored.response;
        let segment = Segment::of(response.score);
        html! {
            article {
                p .mark .(segment_class(segment)) {
                    span .hidden-text { (self.texts.words.score) " " }
                    strong { (response.score) }
                    " " span { (self.names.segment(segment)) }
                }
                p .comment lang=(response.locale) dir="auto" {
                    (response.comment.as_deref().unwrap_or_default())
                }
                p .from {
                    a href={ "/responses/" (response.id) } {
                        time datetime=(stored.received_at) {
                            (self.texts.format.moment(stored.received_at, &self.read.zone))
                        }
                    }
                    span {
                        (self.names.touchpoint(response.touchpoint))
                        @if let Some(order) = response.order.as_ref().and_then(|it| it.id.as_deref()) {
                            " · " (self.texts.words.number) " " (order)
                        }
                    }
                }
            }
        }
    }
}
