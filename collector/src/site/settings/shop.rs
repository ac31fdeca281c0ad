//! The settings of the whole shop: its name, logo and links for customers, and its time zone.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed, words::Words};
use crate::{
    accent::Accent,
    access::person::Person,
    http::{
        error::{Error, PageError},
        extract::OwnForm,
        file_form::{FileForm, SizeLimits},
        redirect::see_other,
    },
    language::Language,
    logo::{Logo, MAX_LOGO_BYTES},
    site::{
        frame::{field, form_token},
        welcome::is_name,
    },
    state::Shared,
    store::{ZoneError, surveys::Shop},
    survey::{self, SettingProblem},
    words::problems::of_setting,
};

/// Bytes of a file that are read at all, so that the page can say that it is too large.
const MAX_READ_BYTES: usize = 32 << 20;

/// The values of a form that was refused, to be shown again.
#[derive(Default)]
struct RejectedInput<'a> {
    /// An unknown time zone.
    zone: Option<&'a str>,
    shop: Option<&'a TypedShop>,
    logo: Option<LogoProblem>,
}

/// Why a file cannot be the logo.
#[derive(Clone, Copy)]
enum LogoProblem {
    TooLarge,
    NoImage,
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
            refused(&person, &shared, &typed).await
        }
    }
}

/// The form with what customers see of the shop.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedShop {
    name: String,
    accent: String,
    privacy: String,
    imprint: String,
}

/// `POST /settings/shop/links`: sets the name, the colour and both links for customers, or nothing if one is wrong.
pub(crate) async fn save_links(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<TypedShop>,
) -> Result<Response, PageError> {
    let accent = read_accent(&form.accent);
    match (read_name(&form.name), accent, read(&form.privacy), read(&form.imprint)) {
        (Some(name), Some(accent), Ok(privacy), Ok(imprint)) => {
            let shop = Shop { name, logo: None, accent, privacy, imprint };
            shared.store.set_shop(shop).await?;
            Ok(see_other("/settings/shop?done=links"))
        }
        _ => {
            let typed = RejectedInput { shop: Some(&form), ..RejectedInput::default() };
            refused(&person, &shared, &typed).await
        }
    }
}

/// The page with what was typed, and why it was refused.
async fn refused(
    person: &Person,
    shared: &Shared,
    typed: &RejectedInput<'_>,
) -> Result<Response, PageError> {
    let mut page = view(person, shared, None, typed).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// `POST /settings/shop/logo`: replaces the logo, or removes it.
pub(crate) async fn save_logo(
    person: Person,
    State(shared): State<Arc<Shared>>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let limits = SizeLimits { taken: MAX_LOGO_BYTES, read: MAX_READ_BYTES };
    let (form, _) = FileForm::read(&person, form, limits, async { Ok(()) }).await?;
    let logo = match form.fields.get("do") {
        "remove" => None,
        _ => {
            let logo = if form.is_too_large {
                Err(LogoProblem::TooLarge)
            } else {
                Logo::read(form.bytes).ok_or(LogoProblem::NoImage)
            };
            match logo {
                Ok(logo) => Some(logo),
                Err(problem) => {
                    let typed = RejectedInput { logo: Some(problem), ..RejectedInput::default() };
                    return refused(&person, &shared, &typed).await;
                }
            }
        }
    };
    shared.store.set_logo(logo).await?;
    Ok(see_other("/settings/shop?done=logo"))
}

/// `GET /logo/{file}`: the shop's logo, for its customers.
pub(crate) async fn logo(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Result<Response, Error> {
    let logo = shared.store.logo(&name).await?;
    let logo = logo.ok_or(Error::NotFound("The shop has another logo now, or none."))?;
    let headers = [
        (header::CONTENT_TYPE, logo.content_type()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, logo.bytes).into_response())
}

/// `GET /accent/{file}`: a style sheet that puts a colour in the place of the collector's own, for pages of customers.
pub(crate) async fn accent(Path(name): Path<String>) -> Result<Response, Error> {
    let accent = Accent::of_file(&name).ok_or(Error::NotFound("This is no colour."))?;
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        // Another release may mix other shades.
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, accent.style_sheet()).into_response())
}

/// Reads the shop's colour; an empty text is none. `None` if it is no colour.
fn read_accent(text: &str) -> Option<Option<Accent>> {
    if text.trim().is_empty() { Some(None) } else { Accent::read(text).map(Some) }
}

/// Reads the shop's name; an empty text is no name. `None` if it cannot be one.
fn read_name(text: &str) -> Option<Option<String>> {
    let text = text.trim();
    if text.is_empty() { Some(None) } else { is_name(text).then(|| Some(text.to_owned())) }
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
    let shop = shared.store.shop().await?;
    let main = html! {
        (customers(person, &shop, typed.shop))
        (logo_form(person, &shop, typed.logo))
        (zone(person, shared.is_time_zone_fixed, typed.zone))
    };
    Ok(framed(person, Part::Shop, notice, &main))
}

/// The section with the name and the links for customers.
fn customers(person: &Person, shop: &Shop, typed: Option<&TypedShop>) -> Markup {
    let words = Words::of(person.language);
    let name_wrong = typed.is_some_and(|typed| read_name(&typed.name).is_none());
    let name = typed.map_or(shop.name.as_deref().unwrap_or_default(), |typed| &typed.name);
    let accent_wrong = typed.is_some_and(|typed| read_accent(&typed.accent).is_none());
    let accent = match typed {
        Some(typed) => typed.accent.clone(),
        None => shop.accent.map(Accent::hex).unwrap_or_default(),
    };
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
                (field("name", words.shop_name, words.shop_name_hint, name_wrong.then_some(words.name_wrong), &html! {
                    input #name name="name" maxlength="100" autocomplete="organization" value=(name)
                        aria-describedby="name-hint" aria-invalid=[name_wrong.then_some("true")];
                }))
                (field("accent", words.accent, words.accent_hint, accent_wrong.then_some(words.accent_wrong), &html! {
                    input #accent name="accent" maxlength="20" autocomplete="off" spellcheck="false"
                        placeholder="#274bb5" value=(accent)
                        aria-describedby="accent-hint" aria-invalid=[accent_wrong.then_some("true")];
                }))
                (line("privacy", words.privacy, words.privacy_hint, &shop.privacy, typed.map(|it| it.privacy.as_str())))
                (line("imprint", words.imprint, words.imprint_hint, &shop.imprint, typed.map(|it| it.imprint.as_str())))
                div { button { (words.save) } }
            }
        }
    }
}

/// The section with the logo.
fn logo_form(person: &Person, shop: &Shop, problem: Option<LogoProblem>) -> Markup {
    let words = Words::of(person.language);
    let problem = problem.map(|problem| match problem {
        LogoProblem::TooLarge => words.logo_too_large,
        LogoProblem::NoImage => words.logo_no_image,
    });
    html! {
        section .sheet #logo {
            h2 { (words.logo) }
            p .quiet { (words.logo_lead) }
            form .fields method="post" action="/settings/shop/logo" enctype="multipart/form-data" {
                (form_token(person))
                @if let Some(file) = &shop.logo {
                    p .logo { img src={ "/logo/" (file) } alt=(words.logo_now); }
                }
                (field("file", words.logo_file, words.logo_hint, problem, &html! {
                    input #file type="file" name="file" accept="image/png,image/jpeg,image/webp"
                        required[shop.logo.is_none()] aria-describedby="file-hint"
                        aria-invalid=[problem.map(|_| "true")];
                }))
                div .row {
                    button name="do" value="save" { (words.save) }
                    @if shop.logo.is_some() {
                        button .second name="do" value="remove" formnovalidate { (words.logo_remove) }
                    }
                }
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
