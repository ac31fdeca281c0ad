//! Customers who were won back, month by month.

use maud::{Markup, html};

use super::Page;
use crate::report::{
    calendar::date,
    won_back::{WonBack, WonBackShare},
};

impl Page<'_> {
    pub(super) fn won_back(&self, won_back: &WonBack) -> Markup {
        let (texts, words) = (self.texts, self.texts.words);
        let (count, range) = (
            |number: u64| texts.format.count(number),
            |share: &WonBackShare| share.interval.map(|it| texts.shares(it)).unwrap_or_default(),
        );
        let has_open = won_back.months.iter().any(|month| month.open);
        html! {
            section .sheet .won-back aria-labelledby="won-back" {
                h2 #won-back { (words.won_back) }
                p .lead { (texts.won_back_lead(&won_back.total)) }
                div .table-frame tabindex="0" role="region" aria-label={ (words.won_back) ": " (words.as_table) } {
                    // What matters stands first, because a phone shows only that without scrolling.
                    table {
                        thead { tr {
                            th scope="col" { (words.month) }
                            th scope="col" .number { (words.won_back) }
                            th scope="col" .number { (words.share) }
                            th scope="col" .number { (words.interval) }
                            th scope="col" .number { (words.rated_again) }
                            th scope="col" .number { (words.detractors) }
                        } }
                        tbody {
                            @for month in &won_back.months {
                                tr {
                                    th scope="row" {
                                        (texts.format.month(date(month.dates.from)))
                                        @if month.open { " *" }
                                    }
                                    td .number data-figure="won-back" { (count(month.share.won_back)) }
                                    td .number { (month.share.share.map(|it| texts.format.share(it)).unwrap_or_default()) }
                                    td .number { (range(&month.share)) }
                                    td .number { (count(month.share.rated_again)) }
                                    td .number { (count(month.share.detractors)) }
                                }
                            }
                        }
                    }
                }
                @if has_open { p .small .quiet { "* " (words.won_back_open) } }
            }
        }
    }
}
