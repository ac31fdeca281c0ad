//! `POST /language`: remembers the language that a reader chose, and leads back.

use axum::response::Response;

use crate::{
    http::{cookies, extract::Form},
    language::Language,
};

pub(crate) async fn choose(form: Form) -> Response {
    let language = Language::from_tag(form.get("to")).unwrap_or(Language::English);
    let mut response = cookies::see_other(form.get("next"));
    cookies::keep_language(&mut response, language);
    response
}
