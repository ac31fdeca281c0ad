//! The settings of the whole shop: the links for customers, and its time zone.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed, words::Words};
use crate::{
    access::person::Person,
    http::{error::PageError, extract::OwnForm, redirect::see_other},
    language::Language,
    site::frame::{field, form_token},
    state::Shared,
    store::{ZoneError, surveys::ShopLinks},
    survey::{self, SettingProblem},
    words::problems::of_setting,
};

/// The values of a form that was refused, to be shown again.
#[derive(Default)]
struct RejectedInput<'a> {
    /// An unknown time zone.
    zone: Option<&'a str>,
    links: Option<&'a TypedLinks>,
}

/// `GET /settings/shop`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let notice = Notice::from_query(query.as_deref());
    view(&person, &shared, notice, &RejectedInput::default()).await
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
            let typed = RejectedInput { zone: Some(zone), ..RejectedInput::default() };
            let mut page = view(&person, &shared, None, &typed).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}

/// The form with the links for customers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedLinks {
    privacy: String,
    imprint: String,
}

/// `POST /settings/shop/links`: sets both links for customers, or none if one is wrong.
pub(crate) async fn save_links(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<TypedLinks>,
) -> Result<Response, PageError> {
    match (read(&form.privacy), read(&form.imprint)) {
        (Ok(privacy), Ok(imprint)) => {
            shared.store.set_shop_links(ShopLinks { privacy, imprint }).await?;
            Ok(see_other("/settings/shop?done=links"))
        }
        _ => {
            let typed = RejectedInput { links: Some(&form), ..RejectedInput::default() };
            let mut page = view(&person, &shared, None, &typed).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}

/// Reads a link; an empty text is no link.
fn read(text: &str) -> Result<Option<String>, SettingProblem> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { survey::read_link(text).map(Some) }
}

async fn view(
    person: &Person,
    shared: &Shared,
    notice: Option<Notice>,
    typed: &RejectedInput<'_>,
) -> Result<Response, PageError> {
    let links = shared.store.shop_links().await?;
    let main = html! {
        (customers(person, &links, typed.links))
        (zone(person, shared.is_time_zone_fixed, typed.zone))
    };
    Ok(framed(person, Part::Shop, notice, &main))
}

/// The section with the links for customers.
fn customers(person: &Person, links: &ShopLinks, typed: Option<&TypedLinks>) -> Markup {
    let words = Words::of(person.language);
    let line = |id: &'static str,
                label: &str,
                hint: &str,
                kept: &Option<String>,
                typed: Option<&str>| {
        let problem = typed.and_then(|text| read(text).err());
        let problem = problem.map(|problem| sentence(of_setting(problem, person.language)));
        field(
            id,
            label,
            hint,
            problem.as_deref(),
            &html! {
                input #(id) name=(id) type="url" maxlength="2000" placeholder="https://"
                    value=(typed.unwrap_or(kept.as_deref().unwrap_or_default()))
                    aria-describedby={ (id) "-hint" } aria-invalid=[problem.as_ref().map(|_| "true")];
            },
        )
    };
    html! {
        section .sheet {
            h2 { (words.customers) }
            p .quiet { (words.customers_lead) }
            form .fields method="post" action="/settings/shop/links" {
                (form_token(person))
                (line("privacy", words.privacy, words.privacy_hint, &links.privacy, typed.map(|it| it.privacy.as_str())))
                (line("imprint", words.imprint, words.imprint_hint, &links.imprint, typed.map(|it| it.imprint.as_str())))
                div { button { (words.save) } }
            }
        }
    }
}

/// The section with the time zone. `typed` is an unknown time zone.
fn zone(person: &Person, is_fixed: bool, typed: Option<&str>) -> Markup {
    let words = Words::of(person.language);
    let current = person.zone.iana_name().unwrap_or("UTC");
    let problem = typed.map(|typed| match nearest_zone(typed) {
        Some(zone) => format!("{} {}", words.zone_wrong, did_you_mean(&zone, person.language)),
        None => words.zone_wrong.to_owned(),
    });
    html! {
        section .sheet {
            h2 { (words.zone) }
            p .quiet { (words.zone_lead) }
            form .fields method="post" action="/settings/shop" {
                (form_token(person))
                @let hint = if is_fixed { words.in_file } else { words.zone_hint };
                (field("zone", words.zone, hint, problem.as_deref(), &html! {
                    input #zone name="zone" list="zones" required maxlength="64" autocomplete="off"
                        spellcheck="false" value=(typed.unwrap_or(current)) readonly[is_fixed]
                        aria-describedby="zone-hint" aria-invalid=[typed.map(|_| "true")];
                    datalist #zones {
                        @for name in jiff::tz::db().available() { option value=(name.as_str()) {} }
                    }
                }))
                @if !is_fixed { div { button { (words.save) } } }
            }
        }
    }
}

/// The time zone for the name of a city, or for a name with a typing error.
fn nearest_zone(typed: &str) -> Option<String> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
    let typed = plain(typed);
    let city = |name: &str| plain(name.rsplit('/').next().unwrap_or(name));
    let names: Vec<String> =
        jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    let of_city = names.iter().find(|name| name.contains('/') && city(name) == typed);
    let near = || {
        let distance = |name: &String| {
            strsim::damerau_levenshtein(&typed, &plain(name))
                .min(strsim::damerau_levenshtein(&typed, &city(name)))
        };
        let nearest = names.iter().map(|name| (distance(name), name)).min()?;
        (nearest.0 <= 2 && typed.len() > 3).then_some(nearest.1)
    };
    of_city.or_else(near).cloned()
}

fn did_you_mean(zone: &str, language: Language) -> String {
    match language {
        Language::English => format!("Did you mean {zone}?"),
        Language::German => format!("Meinten Sie {zone}?"),
    }
}

/// The words as a sentence: with a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest_zone;

    #[test]
    fn a_time_zone_is_suggested_for_a_city_or_a_typing_error() {
        for (typed, expected) in [
            ("Berlin", Some("Europe/Berlin")),
            ("new york", Some("America/New_York")),
            ("europe/berln", Some("Europe/Berlin")),
            ("Viena", Some("Europe/Vienna")),
            ("", None),
            ("Entenhausen", None),
        ] {
            assert_eq!(nearest_zone(typed).as_deref(), expected, "{typed}");
        }
    }
}
