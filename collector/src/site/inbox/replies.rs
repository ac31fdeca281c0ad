//! Replying to a customer, and taking a reply back.

use std::sync::Arc;

use axum::{
    extract::{Path, State as Shares},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::acts::NO_ANSWER;
use crate::{
    access::person::Person,
    http::{
        error::{Error, PageError},
        extract::OwnForm,
        redirect::see_other,
    },
    replying::tidy,
    site::{
        answer,
        case::{AnswerDetails, Draft, DraftAbout, Typed, with_outcome},
    },
    state::Shared,
    store::{
        cases::{ActOutcome, Target},
        replies::{MAX_REPLY_LENGTH, ReplyOutcome, SendAgainOutcome, TakeBackOutcome, Way},
    },
};

/// The form of a reply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReplyForm {
    /// A way, `preview`, or `template`.
    #[serde(rename = "do")]
    action: String,
    words: String,
    /// The number of the template to insert.
    template: i64,
    /// The version of the case that the person saw.
    version: Option<u32>,
    /// The address that the browser is sent to afterwards.
    next: String,
}

/// `POST /inbox/{id}/reply`: inserts a template, shows a reply before it is sent, or sends it. A reply that is not sent stands in the form again.
pub(crate) async fn reply(
    Shares(shared): Shares<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm<ReplyForm>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    let ReplyForm { action, words, template, version, next } = form;
    let words = tidy(&words);
    if action == "template" {
        let templates = shared.store.templates().await?;
        let text = templates.into_iter().find(|it| it.template == template);
        let text = text.map_or_else(String::new, |it| it.text.words);
        let words = if words.is_empty() { text } else { format!("{words}\n\n{text}") };
        let draft = Draft { words, about: DraftAbout::Template };
        return again(&shared, &person, &id, draft, StatusCode::OK).await;
    }
    let is_long = words.chars().count() > MAX_REPLY_LENGTH;
    let way = Way::from_name(&action);
    let about = match way {
        _ if words.is_empty() => DraftAbout::Empty,
        _ if is_long => DraftAbout::Long,
        None => DraftAbout::Preview,
        Some(way) => {
            let answer_details = AnswerDetails::of(&shared, &id).await?;
            let answer_details = answer_details.ok_or(PageError(Error::NotFound(NO_ANSWER)))?;
            if answer_details.offers(way) {
                let on = Target { id: id.clone(), version };
                let (by, now) = (person.account(), Timestamp::now());
                match shared.store.reply(&on, way, words.clone(), by, now).await? {
                    ReplyOutcome::Written { step } => {
                        let acted = ActOutcome { step: Some(step), changed: 1, kept: 0 };
                        return Ok(see_other(&with_outcome(&next, &acted)));
                    }
                    ReplyOutcome::Changed => DraftAbout::Changed,
                    ReplyOutcome::NotFound => return Err(PageError(Error::NotFound(NO_ANSWER))),
                }
            } else {
                DraftAbout::NotPossible
            }
        }
    };
    let status = match about {
        DraftAbout::Preview => StatusCode::OK,
        DraftAbout::Changed => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    again(&shared, &person, &id, Draft { words, about }, status).await
}

/// The form by which a reply is taken back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TakeBackForm {
    step: i64,
}

/// `POST /inbox/{id}/take-back`: takes a reply back that the customer cannot read yet. Its text stands in the form again.
pub(crate) async fn take_back(
    Shares(shared): Shares<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form: TakeBackForm { step } }: OwnForm<TakeBackForm>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    let taken_back = shared.store.take_back(step, person.account(), Timestamp::now()).await?;
    let (draft, status) = match taken_back {
        TakeBackOutcome::TakenBack { words } => {
            (Draft { words, about: DraftAbout::TakenBack }, StatusCode::OK)
        }
        TakeBackOutcome::TooLate => {
            let words = String::new();
            (Draft { words, about: DraftAbout::TooLate }, StatusCode::CONFLICT)
        }
        TakeBackOutcome::NotFound => {
            return Err(PageError(Error::NotFound("No reply of yours can be taken back here.")));
        }
    };
    again(&shared, &person, &id, draft, status).await
}

/// The form by which the mail of a reply is sent again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SendAgainForm {
    /// The step that wrote the reply.
    step: i64,
    /// The address that the browser is sent to afterwards.
    next: String,
}

/// `POST /inbox/{id}/send-again`: sends the mail of a reply again that was given up.
pub(crate) async fn send_again(
    Shares(shared): Shares<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form: SendAgainForm { step, next } }: OwnForm<SendAgainForm>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    let answer_details = AnswerDetails::of(&shared, &id).await?;
    let answer_details = answer_details.ok_or(PageError(Error::NotFound(NO_ANSWER)))?;
    if !answer_details.offers(Way::Mail) {
        // The contact or the mail server is gone.
        let draft = Draft { words: String::new(), about: DraftAbout::NotPossible };
        return again(&shared, &person, &id, draft, StatusCode::CONFLICT).await;
    }
    let on = Target { id, version: None };
    let sent = shared.store.send_reply_again(&on, step, person.account(), Timestamp::now()).await?;
    let step = match sent {
        SendAgainOutcome::Due { step } => Some(step),
        // Somebody else was faster.
        SendAgainOutcome::NotFound => None,
    };
    shared.post_due.notify_one();
    let acted = ActOutcome { step, changed: u32::from(step.is_some()), kept: 0 };
    Ok(see_other(&with_outcome(&next, &acted)))
}

/// The page of the answer, with a draft in its form.
async fn again(
    shared: &Shared,
    person: &Person,
    id: &str,
    draft: Draft,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut page = answer::show(shared, person, id, &Typed::Reply(draft)).await?;
    *page.status_mut() = status;
    Ok(page)
}
