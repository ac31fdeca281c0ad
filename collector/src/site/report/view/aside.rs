//! The answers that are stored but not counted.

use maud::{Markup, html};

use super::Page;
use crate::{
    aside::{Flagged, Kind},
    report::calendar::date,
};

impl Page<'_> {
    /// The numbers of answers that no figure counts, by reason, with links to them; and the score with and without
    /// implausible answers.
    pub(super) fn set_aside(&self) -> Markup {
        let (texts, flagged) = (self.texts, self.query.flagged);
        let Some(aside) = &self.report.aside else { return html! {} };
        let counts = [
            (Kind::Waiting, aside.waiting),
            (Kind::Test, aside.test),
            (Kind::Repeated, aside.repeated),
            (Kind::Excluded, aside.excluded),
            (Kind::Flagged, if flagged == Flagged::Without { aside.flagged } else { 0 }),
        ];
        let other = match flagged {
            Flagged::Without => Some("with"),
            Flagged::With => None,
        };
        let said = counts.iter().any(|(_, count)| *count > 0);
        let archived: Vec<&str> =
            self.report.archived.iter().map(|id| self.survey_title(id)).collect();
        html! {
            @if !archived.is_empty() {
                p .notice data-figure="archived" { (texts.archived(&archived)) }
            }
            @if said || self.report.otherwise.is_some() {
                p .notice .set-aside data-figure="aside" {
                    @if said {
                        (texts.words.set_aside) " "
                        @for (index, (kind, count)) in counts.iter().filter(|it| it.1 > 0).enumerate() {
                            @if index > 0 { ", " }
                            a data-aside=(kind.name()) href=(self.responses_aside(*kind)) {
                                (texts.set_aside(*kind, *count))
                            }
                        }
                        ". "
                    }
                    @if let Some(otherwise) = &self.report.otherwise {
                        span data-figure="otherwise" {
                            (texts.otherwise(flagged, otherwise.nps, aside.flagged))
                        }
                        " "
                        a .no-print href=(self.address(&[("flagged", other)])) {
                            (match flagged {
                                Flagged::Without => texts.words.count_flagged,
                                Flagged::With => texts.words.leave_flagged_out,
                            })
                        }
                    }
                }
            }
        }
    }

    /// The address of the list of answers that are set aside in the report's period.
    fn responses_aside(&self, kind: Kind) -> String {
        let filter = &self.query.filter;
        let day = |day| date(day).to_string();
        let period = self.report.period;
        let pairs = [
            ("survey", filter.survey.clone()),
            ("touchpoint", filter.touchpoint.map(|it| it.name().to_owned())),
            ("from", Some(day(period.from))),
            ("to", Some(day(period.to))),
            ("aside", Some(kind.name().to_owned())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/responses?{query}")
    }
}
