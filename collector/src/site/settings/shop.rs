//! What holds for the whole shop: its time zone.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::html;
use serde::Deserialize;

use super::{Notice, Part, framed, words::Words};
use crate::{
    access::person::Person,
    http::{error::PageError, extract::OwnForm, redirect::see_other},
    site::frame::{field, form_token},
    state::Shared,
    store::ZoneError,
};

/// `GET /settings/shop`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Response {
    view(&person, shared.is_time_zone_fixed, Notice::from_query(query.as_deref()), None)
}

/// The shop's time zone, by its name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Zone {
    zone: String,
}

/// `POST /settings/shop`: sets the time zone, unless the file does.
pub(crate) async fn save(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: Zone { zone } }: OwnForm<Zone>,
) -> Result<Response, PageError> {
    if shared.is_time_zone_fixed {
        return Ok(see_other("/settings/shop"));
    }
    let zone = zone.trim();
    match shared.store.set_time_zone(zone).await {
        Ok(()) => Ok(see_other("/settings/shop?done=zone")),
        Err(ZoneError::Store(error)) => Err(error.into()),
        Err(ZoneError::Unknown(_)) => {
            let mut page = view(&person, false, None, Some(zone));
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}

/// `typed` is a time zone that there is not.
fn view(
    person: &Person,
    is_zone_fixed: bool,
    notice: Option<Notice>,
    typed: Option<&str>,
) -> Response {
    let words = Words::of(person.language);
    let current = person.zone.iana_name().unwrap_or("UTC");
    let main = html! {
        section .sheet {
            h2 { (words.zone) }
            p .quiet { (words.zone_lead) }
            form .fields method="post" action="/settings/shop" {
                (form_token(person))
                @let hint = if is_zone_fixed { words.in_file } else { words.zone_hint };
                (field("zone", words.zone, hint, typed.map(|_| words.zone_wrong), &html! {
                    input #zone name="zone" list="zones" required maxlength="64" autocomplete="off"
                        spellcheck="false" value=(typed.unwrap_or(current)) readonly[is_zone_fixed]
                        aria-describedby="zone-hint" aria-invalid=[typed.map(|_| "true")];
                    datalist #zones {
                        @for name in jiff::tz::db().available() { option value=(name.as_str()) {} }
                    }
                }))
                @if !is_zone_fixed { div { button { (words.save) } } }
            }
        }
    };
    framed(person, Part::Shop, notice, &main)
}
