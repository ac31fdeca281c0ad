//! Putting a survey into the shop: the tag to paste, for each touchpoint, and what can be added.

use afterword_response::Touchpoint;
use maud::{Markup, html};

use super::{tag, words::Words};
use crate::{access::person::Person, site::frame::names::Names, store::surveys::Survey};

/// The section of the page.
pub(super) fn section(
    person: &Person,
    survey: &Survey,
    touchpoint: Touchpoint,
    words: &Words,
) -> Markup {
    let language = person.language;
    let names = Names::of(language);
    let here =
        |touchpoint: Touchpoint| format!("/surveys/{}?touchpoint={}", survey.id, touchpoint.name());
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
            pre tabindex="0" aria-label=(words.tag) { code #tag-text { (tag::lines(survey, touchpoint, &person.origin)) } }
            div .row {
                button type="button" data-copy="tag-text" data-copied=(words.copied) hidden { (words.copy) }
                a .button .second href={ "/surveys/" (survey.id) "/preview?touchpoint=" (touchpoint.name()) } {
                    (words.preview)
                }
            }
            details .more {
                summary { (words.order) }
                p { (words.order_do) }
                dl .facts {
                    dt { "WooCommerce" }
                    dd { code { "data-order-id=\"<?php echo esc_attr( $order->get_order_number() ); ?>\"" } }
                    dt { "Shopware 6" }
                    dd { code { "data-order-id=\"{{ page.order.orderNumber }}\"" } }
                    dt { (words.elsewhere) }
                    dd { code { "data-order-id=\"A-1001\"" } }
                }
            }
            details .more {
                summary { (words.rate) }
                p { (words.rate_do) }
                p { code { "data-report=\"all\"" } }
            }
            details .more {
                summary { (words.noscript) }
                p { (words.noscript_do) }
                pre tabindex="0" aria-label=(words.noscript) {
                    code #noscript-text { (tag::lines_with_form(survey, touchpoint, &person.origin, language)) }
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
