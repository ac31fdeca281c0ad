//! `POST /language`: remembers the language that a reader chose, and leads back.

use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::{
    http::{cookies, extract::Form, redirect::see_other},
    language::Language,
};

/// The choice, and where it was made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    to: String,
    next: String,
}

pub(crate) async fn choose(Form(Choice { to, next }): Form<Choice>) -> impl IntoResponse {
    let language = Language::from_tag(&to).unwrap_or(Language::English);
    (CookieJar::new().add(cookies::language(language)), see_other(&next))
}
