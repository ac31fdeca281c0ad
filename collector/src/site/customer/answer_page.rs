//! `/r/{secret}`: the page on which a customer reads their own answer and the shop's reply again. There they can write back,
//! rate once more, withdraw what they allowed, and erase everything.
//!
//! Only the secret in the address opens it. Opening it changes nothing; each change is a form of the page itself. The page
//! names neither the order nor the contact, because whoever has the address can read it.

use std::sync::Arc;

use afterword_response::{Segment, limits};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{Timestamp, tz::TimeZone};
use maud::{Markup, html};

use super::{page, scale, shop, tick};
use crate::{
    access::secret::Secret,
    http::{
        error::{Error, PageError},
        extract::{Fields, Form},
        negotiate,
        redirect::see_other,
    },
    intake,
    locales::{self, Locale},
    state::Shared,
    store::{
        answer_pages::{AnswerPage, SecondRating, Withdrawal},
        replies::{CustomerReply, MAX_WRITTEN_BACK_LENGTH},
        surveys::Shop,
    },
};

/// What the page asks or says besides its usual content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notice<'a> {
    Nothing,
    /// Thanks: a form without JavaScript has just been sent.
    Sent,
    /// Whether the customer really wants to erase everything.
    AskErase,
    /// A second rating without a score, or with a comment that is too long.
    Incomplete {
        score: Option<u8>,
        comment: &'a str,
    },
    /// Words that the customer wrote back to this reply, which are too long.
    TooLong {
        reply: &'a str,
        words: &'a str,
    },
}

/// `GET /r/{secret}`; with `?erase` the page asks whether to erase everything, and with `?sent` it says thanks.
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(secret): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let notice = match query.as_deref() {
        Some("erase") => Notice::AskErase,
        Some("sent") => Notice::Sent,
        _ => Notice::Nothing,
    };
    shown(&shared, &secret, notice, &headers).await
}

/// `POST /r/{secret}`: what the customer does, named by the field `do`.
pub(crate) async fn act(
    State(shared): State<Arc<Shared>>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let Some(hash) = read(&secret).map(|secret| secret.hash()) else {
        return gone(&shared, &headers).await;
    };
    let now = Timestamp::now();
    let store = Arc::clone(&shared.store);
    let is_there = match fields.get("do") {
        "rate" => {
            // Browsers send CR LF for a line end.
            let comment = fields.get("comment").replace("\r\n", "\n");
            let score = fields.get("score").parse().ok().filter(|score| *score <= limits::SCORE);
            let is_long = comment.chars().count() > limits::COMMENT;
            let Some(score) = score.filter(|_| !is_long) else {
                let notice = Notice::Incomplete { score, comment: &comment };
                return shown(&shared, &secret, notice, &headers).await;
            };
            let Some(found) = store.answer_page(hash, now).await? else {
                return gone(&shared, &headers).await;
            };
            let comment = Some(comment.trim().to_owned()).filter(|comment| !comment.is_empty());
            let comment = comment.map(|comment| {
                intake::redacted(shared.intake.redaction(), &comment, &found.response.locale)
            });
            let rating = SecondRating { at: now, score, comment };
            let rating = async move { store.rate_again(hash, rating).await.map_err(Error::from) };
            shared.intake.complete(rating).await?
        }
        "words" => {
            let words = fields.get("words").replace("\r\n", "\n");
            let words = words.trim();
            let reply = fields.get("reply");
            if words.chars().count() > MAX_WRITTEN_BACK_LENGTH {
                return shown(&shared, &secret, Notice::TooLong { reply, words }, &headers).await;
            }
            let Some(found) = store.answer_page(hash, now).await? else {
                return gone(&shared, &headers).await;
            };
            if !words.is_empty() {
                let redaction = shared.intake.redaction();
                let words = intake::redacted(redaction, words, &found.response.locale);
                let reply = reply.to_owned();
                // If it was written before, or the reply is gone, the page shows what there is.
                let writing = async move {
                    store.write_back(found.number, reply, words, now).await.map_err(Error::from)
                };
                shared.intake.complete(writing).await?;
            }
            true
        }
        "erase" => {
            let erasing = async move { store.erase_by_page(hash, now).await.map_err(Error::from) };
            // Its language is lost with the answer.
            let locale = locale_of(&shared, &secret, &headers).await?;
            return match shared.intake.complete(erasing).await? {
                Some(_) => Ok(erased(locale, &shop(&shared.store).await)),
                None => gone(&shared, &headers).await,
            };
        }
        what => match Withdrawal::from_name(what) {
            Some(what) => {
                let withdrawing =
                    async move { store.withdraw(hash, what, now).await.map_err(Error::from) };
                shared.intake.complete(withdrawing).await?
            }
            // A form of another release: the page shows what can be done now.
            None => true,
        },
    };
    match is_there {
        true => Ok(see_other(&format!("/r/{secret}"))),
        false => gone(&shared, &headers).await,
    }
}

/// The secret of an address, if it has the form of one.
fn read(secret: &str) -> Option<Secret> {
    let is_secret = secret.len() == Secret::LENGTH
        && secret.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'));
    is_secret.then(|| Secret::given(secret))
}

async fn found(shared: &Shared, secret: &str) -> Result<Option<AnswerPage>, PageError> {
    let Some(secret) = read(secret) else { return Ok(None) };
    Ok(shared.store.answer_page(secret.hash(), Timestamp::now()).await?)
}

/// The language of the answer, in which its page speaks.
fn locale(answer: &AnswerPage) -> &'static Locale {
    locales::best([answer.response.locale.as_str()])
}

async fn locale_of(
    shared: &Shared,
    secret: &str,
    headers: &HeaderMap,
) -> Result<&'static Locale, PageError> {
    let found = found(shared, secret).await?;
    Ok(found.map_or_else(|| negotiate::customers_locale("", headers), |found| locale(&found)))
}

async fn shown(
    shared: &Shared,
    secret: &str,
    notice: Notice<'_>,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let shop = shop(&shared.store).await;
    match found(shared, secret).await? {
        Some(found) => {
            let replies = shared.store.customer_replies(found.number, Timestamp::now()).await?;
            let mut response = view((&found, &replies), secret, notice, &shop);
            if matches!(notice, Notice::Incomplete { .. } | Notice::TooLong { .. }) {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Ok(response)
        }
        None => gone(shared, headers).await,
    }
}

/// The page for an address without an answer.
async fn gone(shared: &Shared, headers: &HeaderMap) -> Result<Response, PageError> {
    let locale = negotiate::customers_locale("", headers);
    let words = &locale.pages;
    let main = html! { h1 { (words.receipt_gone) } p { (words.receipt_gone_do) } };
    let mut response = page(locale, &shop(&shared.store).await, &words.receipt_gone, &main);
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}

fn erased(locale: &Locale, shop: &Shop) -> Response {
    let words = &locale.pages;
    let main = html! {
        (tick())
        h1 { (words.erased) }
        p { (words.erased_rest) }
    };
    page(locale, shop, &words.erased, &main)
}

fn view(
    (found, replies): (&AnswerPage, &[CustomerReply]),
    secret: &str,
    notice: Notice<'_>,
    shop: &Shop,
) -> Response {
    let AnswerPage { response, until, ratings, .. } = found;
    let locale = locale(found);
    let words = &locale.pages;
    let here = format!("/r/{secret}");
    let comment = response.comment.as_deref().map(str::trim).filter(|it| !it.is_empty());
    let main = html! {
        @if notice == Notice::Sent {
            @let (thanks, rest) = locale.thanks(Some(Segment::of(response.score)));
            (tick())
            h1 { (thanks) }
            @if !rest.is_empty() { p .lead { (rest) } }
            p .quiet { (words.arrived) }
            h2 .own { (words.receipt) }
        } @else {
            h1 { (words.receipt) }
        }
        (rated(locale, &words.score, response.score, comment, &words.your_words))
        @for reply in replies { (self::reply(reply, locale, &here, notice)) }
        @if replies.is_empty() { p .quiet { (words.no_reply) } }
        @if let Some(rating) = ratings.last() {
            section { (rated(locale, &words.rated_again, rating.score, rating.comment.as_deref(), &words.your_words)) }
        }
        (rate_again(locale, &here, notice, ratings.is_empty()))
        (yours(found, locale, &here, notice))
        p .quiet .readers {
            @match words.receipt_readers.split_once("{date}") {
                Some((before, after)) => { (before) (day(*until, locale)) (after) }
                None => (words.receipt_readers),
            }
        }
    };
    page(locale, shop, &words.receipt, &main)
}

/// A score with the words that came with it.
fn rated(
    locale: &Locale,
    name: &str,
    score: u8,
    comment: Option<&str>,
    name_of_comment: &str,
) -> Markup {
    html! {
        p .rated { span { (name) } " " strong { (locale.number(score.into())) } }
        @if let Some(comment) = comment {
            blockquote aria-label=(name_of_comment) dir="auto" { (comment) }
        }
    }
}

/// A reply of the shop, and what the customer wrote back, or the form for it.
fn reply(reply: &CustomerReply, locale: &Locale, here: &str, notice: Notice<'_>) -> Markup {
    let words = &locale.pages;
    let kept = match notice {
        Notice::TooLong { reply: to, words } if to == reply.id => Some(words),
        _ => None,
    };
    let [field, error] = ["words", "too-long"].map(|name| format!("{name}-{}", reply.id));
    html! {
        section .reply {
            h2 { (words.reply) }
            p .quiet .when { (day(reply.at, locale)) }
            p .said dir="auto" { (reply.words) }
            @if let Some(written) = &reply.written_back {
                h3 { (words.you_wrote) }
                blockquote dir="auto" { (written) }
            } @else {
                details .again open[kept.is_some()] {
                    summary { (words.write_back) }
                    form .fields method="post" action=(here) {
                        input type="hidden" name="do" value="words";
                        input type="hidden" name="reply" value=(reply.id);
                        div .field {
                            label .hidden-text for=(field) { (words.you_wrote) }
                            textarea id=(field) name="words" rows="4" required
                                aria-invalid=[kept.map(|_| "true")]
                                aria-describedby=[kept.map(|_| error.as_str())] {
                                // Browsers ignore a line end right after the tag `textarea`.
                                "\n" (kept.unwrap_or_default())
                            }
                            @if let Some(kept) = kept {
                                p .error id=(error) role="alert" {
                                    (locale.too_long(kept.chars().count(), MAX_WRITTEN_BACK_LENGTH))
                                }
                            }
                        }
                        div { button { (words.write_back_send) } }
                    }
                }
            }
        }
    }
}

/// The day of a moment.
fn day(at: Timestamp, locale: &Locale) -> Markup {
    let date = at.to_zoned(TimeZone::UTC).date();
    html! { time datetime=(date) { bdi { (locale.date(date)) } } }
}

/// The form for a second rating.
fn rate_again(locale: &Locale, here: &str, notice: Notice<'_>, is_first: bool) -> Markup {
    let words = &locale.pages;
    let (is_incomplete, kept) = match notice {
        Notice::Incomplete { score, comment } => (true, (score, comment)),
        _ => (false, (None, "")),
    };
    let (score, comment) = kept;
    let has = comment.chars().count();
    let is_long = has > limits::COMMENT;
    let no_score = is_incomplete && score.is_none();
    html! {
        details .again open[is_incomplete] {
            summary { (words.rate_again) }
            p { (words.rate_again_do) }
            form .fields method="post" action=(here) {
                input type="hidden" name="do" value="rate";
                (scale(locale, &locale.question(None), score, no_score.then_some(words.no_score.as_str())))
                div .field {
                    label for="comment" { (words.comment) }
                    textarea #comment name="comment" rows="4"
                        aria-invalid=[is_long.then_some("true")]
                        aria-describedby=[is_long.then_some("too-long")] {
                        // Browsers ignore a line end right after the tag `textarea`.
                        "\n" (comment)
                    }
                    @if is_long {
                        p .error #too-long role="alert" { (locale.too_long(has, limits::COMMENT)) }
                    }
                }
                div { button .second[!is_first] { (locale.send) } }
            }
        }
    }
}

/// What the customer allowed, and buttons to take it back.
fn yours(found: &AnswerPage, locale: &Locale, here: &str, notice: Notice<'_>) -> Markup {
    let words = &locale.pages;
    let response = &found.response;
    let is_withdrawn = |what| found.withdrawn.contains(&what);
    let has_contact = response.contact.as_ref().is_some_and(|contact| !contact.trim().is_empty());
    let withdraw = |what: Withdrawal, button: &str| {
        html! {
            form method="post" action=(here) {
                input type="hidden" name="do" value=(what.name());
                button .second { (button) }
            }
        }
    };
    html! {
        section .yours aria-labelledby="yours" {
            h2 #yours { (words.yours) }
            @if response.quotable == Some(true) {
                p { (words.quote_allowed) }
                (withdraw(Withdrawal::Quote, &words.quote_withdraw))
            } @else if is_withdrawn(Withdrawal::Quote) {
                p .quiet { (words.quote_withdrawn) }
            }
            @if has_contact {
                p { (words.contact_kept) }
                (withdraw(Withdrawal::Contact, &words.contact_withdraw))
            } @else if is_withdrawn(Withdrawal::Contact) {
                p .quiet { (words.contact_withdrawn) }
            }
            @if notice == Notice::AskErase {
                div .notice role="alert" {
                    p { (words.erase_ask) }
                    form .row method="post" action=(here) {
                        input type="hidden" name="do" value="erase";
                        button .danger { (words.erase_yes) }
                        a .button .second href=(here) { (words.erase_no) }
                    }
                }
            } @else {
                p { a href={ (here) "?erase#yours" } { (words.erase) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_secret_is_recognised_by_its_form() {
        let secret = "0123456789-_abcdefghijklmnopqrstuvwxyzABCDE";
        assert!(read(secret).is_some());
        for wrong in [&secret[1..], &format!("{secret}A"), &secret.replace('_', "+"), ""] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
