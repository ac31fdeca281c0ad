//! The files of the pages: one style sheet, one small script, one icon.
//!
//! Each is named after its content, so that browsers can cache it for ever.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::http::error::Error;

/// A file that pages load.
pub(crate) struct PageFile {
    /// Its name below `/pages/`.
    pub(crate) name: String,
    pub(crate) content_type: &'static str,
    pub(crate) text: String,
}

/// The style sheet: first the design system, then the additions of single pages. A page with its own styles gets a file
/// here, whose rules begin with a class of that page.
pub(crate) static STYLE: LazyLock<PageFile> = LazyLock::new(|| {
    let parts = [
        include_str!("base.css"),
        include_str!("shell.css"),
        include_str!("../responses/responses.css"),
        include_str!("../answer/answer.css"),
        include_str!("../inbox/inbox.css"),
        include_str!("../report/report.css"),
        include_str!("../settings/settings.css"),
        include_str!("../data/data.css"),
        include_str!("../customer/customer.css"),
    ];
    PageFile::new("style", "css", "text/css; charset=utf-8", parts.concat())
});

/// The script, which adds conveniences. Pages work without it.
pub(crate) static SCRIPT: LazyLock<PageFile> = LazyLock::new(|| {
    let text = include_str!("page.js").to_owned();
    PageFile::new("script", "js", "text/javascript; charset=utf-8", text)
});

pub(crate) static ICON: LazyLock<PageFile> = LazyLock::new(|| {
    PageFile::new("icon", "svg", "image/svg+xml", include_str!("icon.svg").to_owned())
});

impl PageFile {
    fn new(stem: &str, extension: &str, content_type: &'static str, text: String) -> Self {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..12]);
        Self { name: format!("{stem}-{hash}.{extension}"), content_type, text }
    }

    /// Its address.
    pub(crate) fn address(&self) -> String {
        format!("/pages/{}", self.name)
    }

    /// The file of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        [&*STYLE, &*SCRIPT, &*ICON].into_iter().find(|file| file.name == name)
    }
}

/// `GET /pages/{file}`
pub(crate) async fn page_file(Path(name): Path<String>) -> Result<Response, Error> {
    let file = PageFile::named(&name)
        .ok_or(Error::NotFound("Reload the page: the collector was updated meanwhile."))?;
    let headers = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, file.text.as_str()).into_response())
}
