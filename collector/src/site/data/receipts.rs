//! The receipts: how much was erased, without the person's number.

use maud::{Markup, html};

use super::{texts::number, words::Words};
use crate::{access::person::Person, site::frame::moment, store::erasures::Receipt};

/// The section of the page.
pub(super) fn section(person: &Person, receipts: &[Receipt], words: &Words) -> Markup {
    html! {
        section .sheet {
            h2 #receipts { (words.receipts) }
            @if receipts.is_empty() {
                p .quiet { (words.no_receipts) }
            } @else {
                div .table-frame tabindex="0" role="region" aria-labelledby="receipts" {
                    table .plain-rows {
                        thead { tr {
                            th scope="col" { (words.receipt) }
                            th scope="col" { (words.when) }
                            th scope="col" { (words.why) }
                            th .number scope="col" { (words.responses) }
                            th .number scope="col" { (words.with_comment) }
                            th .number scope="col" { (words.with_contact) }
                            th .number scope="col" { (words.displays) }
                        } }
                        tbody {
                            @for receipt in receipts {
                                tr {
                                    td { code { (receipt.receipt) } }
                                    td { (moment(receipt.at, person)) }
                                    td { (words.subject(receipt.by)) }
                                    td .number { (number(receipt.responses, person.language)) }
                                    td .number { (number(receipt.comments, person.language)) }
                                    td .number { (number(receipt.contacts, person.language)) }
                                    td .number { (number(receipt.displays, person.language)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
