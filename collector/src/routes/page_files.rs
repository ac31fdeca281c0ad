//! `GET /pages/{file}`: the style sheet, the script and the icon of our own pages.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{error::Error, pages::files::PageFile};

pub(crate) async fn page_file(Path(name): Path<String>) -> Result<Response, Error> {
    let file = PageFile::named(&name)
        .ok_or(Error::NotFound("Reload the page: the collector was updated meanwhile."))?;
    let headers = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, file.text.as_str()).into_response())
}
