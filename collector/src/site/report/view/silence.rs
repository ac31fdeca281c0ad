//! The response rate: customers who saw the question and did not answer.

use maud::{Markup, html};

use super::Page;
use crate::{
    report::NonResponse,
    site::report::charts::{self, Parts},
};

impl Page<'_> {
    pub(super) fn silence(&self, silence: &NonResponse) -> Markup {
        let (report, texts) = (self.report, self.texts);
        let (words, format) = (texts.words, texts.format);
        #[expect(clippy::cast_precision_loss, reason = "a share to be rounded")]
        let share = |count: u64| format.share(count as f64 / report.displays as f64);
        let parts = [
            ("answered", words.answered, silence.answered),
            ("closed", words.closed, report.dismissals),
            ("ignored", words.ignored, silence.ignored),
        ];
        html! {
            section .sheet .silence aria-labelledby="silence" {
                h2 #silence { (words.silence) }
                p .lead { (texts.silence_lead(silence.bounds)) }
                @if let Some(from) = silence.shown_in_view_from {
                    p .notice data-figure="shown-in-view-from" { (texts.shown_in_view_from(from)) }
                }
                (charts::shares(parts.map(|(.., count)| count), Parts::Displays))
                ul .key {
                    @for (part, name, count) in parts {
                        li {
                            i class={ "swatch " (part) } {}
                            span { (name) }
                            strong { (share(count)) }
                            span .quiet data-figure=(part) { (format.count(count)) }
                        }
                    }
                }
            }
        }
    }
}
