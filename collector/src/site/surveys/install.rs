//! The section about adding a survey to the shop: the tag for each touchpoint, and its optional parts.

use afterword_response::Touchpoint;
use maud::{Markup, html};

use super::{
    parameter,
    tag::{self, Additions, Extra, Template},
    words::Words,
};
use crate::{access::person::Person, site::frame::names::Names, store::surveys::Survey};

/// The optional parts of the tag, from the page's query: `order=shopware&rate=1&contact=1`.
pub(super) fn additions(query: Option<&str>) -> Additions {
    let is_chosen = |extra: &Extra| parameter(query, extra.name()).is_some();
    Additions {
        extras: Extra::ALL.into_iter().filter(is_chosen).collect(),
        order: parameter(query, "order").and_then(|name| Template::from_name(&name)),
        displays: parameter(query, "rate").is_some(),
    }
}

/// The section of the page.
pub(super) fn section(
    person: &Person,
    survey: &Survey,
    touchpoint: Touchpoint,
    additions: &Additions,
    words: &Words,
) -> Markup {
    let language = person.language;
    let names = Names::of(language);
    let added = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(additions.order.map(|template| ("order", template.name())))
        .extend_pairs(additions.displays.then_some(("rate", "1")))
        .extend_pairs(additions.extras.iter().map(|extra| (extra.name(), "1")))
        .finish();
    let here = |touchpoint: Touchpoint| {
        format!("/surveys/{}?touchpoint={}&{added}", survey.id, touchpoint.name())
    };
    let place = words.place(touchpoint);
    html! {
        section .sheet #tag {
            h2 { (words.tag) }
            nav .tabs aria-label=(words.moment) {
                ul {
                    @for name in Touchpoint::NAMES {
                        @if let Some(it) = Touchpoint::from_name(name) {
                            li { a href={ (here(it)) "#tag" } aria-current=[(it == touchpoint).then_some("true")] {
                                (names.touchpoint(it))
                            } }
                        }
                    }
                }
            }
            p { (place) }
            @if survey.privacy_link().is_none() {
                p .notice .warn { strong { (words.no_privacy) } " " a href="#settings" { (words.no_privacy_do) } }
            }
            pre .tag tabindex="0" aria-label=(words.tag) {
                code #tag-text { (tag::shown(&tag::lines(survey, touchpoint, &person.origin, language, additions))) }
            }
            div .row {
                button type="button" data-copy="tag-text" data-copied=(words.copied) hidden { (words.copy) }
                a .button .second href={ "/surveys/" (survey.id) "/preview?touchpoint=" (touchpoint.name()) } {
                    (words.preview)
                }
            }
            form .additions method="get" action={ "/surveys/" (survey.id) "#tag" } data-on-change {
                input type="hidden" name="touchpoint" value=(touchpoint.name());
                div .field {
                    label for="order" { (words.order) }
                    select #order name="order" aria-describedby="order-hint" {
                        option value="" { (words.no) }
                        @for template in Template::ALL {
                            option value=(template.name()) selected[additions.order == Some(template)] {
                                (template.shop_system().unwrap_or(words.elsewhere))
                            }
                        }
                    }
                    p .hint #order-hint { (words.order_do) }
                }
                div .field {
                    label .check {
                        input type="checkbox" name="rate" value="1" checked[additions.displays] aria-describedby="rate-hint";
                        span { (words.rate) }
                    }
                    p .hint #rate-hint { (words.rate_do) }
                }
                fieldset .field aria-describedby="extras-hint" {
                    legend { (words.extras) }
                    @for extra in Extra::ALL {
                        label .check {
                            input type="checkbox" name=(extra.name()) value="1" checked[additions.extras.contains(&extra)];
                            span { (words.extra(extra)) }
                        }
                    }
                    p .hint #extras-hint { (words.extras_do) }
                }
                div { button .second { (words.apply) } }
            }
            details .more {
                summary { (words.noscript) }
                p { (words.noscript_do) }
                pre tabindex="0" aria-label=(words.noscript) {
                    code #noscript-text { (tag::lines_with_form(survey, touchpoint, &person.origin, language, additions)) }
                }
                div {
                    button .second type="button" data-copy="noscript-text" data-copied=(words.copied) hidden {
                        (words.copy) span .hidden-text { ": " (words.noscript) }
                    }
                }
            }
            details .more {
                summary { (words.policy) }
                p { (words.policy_do) }
                p { code { (person.origin) } }
            }
        }
    }
}
