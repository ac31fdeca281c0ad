//! A form with a file (`multipart/form-data`), which a person sent from our own page.

use std::error::Error as StdError;

use axum::extract::{
    Multipart,
    multipart::{Field, MultipartError, MultipartRejection},
};

use super::{
    body,
    error::{Error, PageError},
    extract::Fields,
};
use crate::access::person::Person;

/// Characters of a file's name that are kept.
const MAX_NAME_LENGTH: usize = 120;
/// Bytes of a field beside the file.
const MAX_FIELD_SIZE: usize = 4_096;
/// Fields of the form beside the file.
const MAX_FIELDS: usize = 16;

/// The form, with the field `file` apart.
pub(crate) struct FileForm {
    pub(crate) fields: Fields,
    /// The file's name.
    pub(crate) name: String,
    /// The file; empty if there is none.
    pub(crate) bytes: Vec<u8>,
    /// Whether the file had more bytes than are taken.
    pub(crate) is_too_large: bool,
}

/// The limits of a file's size, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizeLimits {
    /// A larger file is refused.
    pub(crate) taken: usize,
    /// So many are read at all: a browser shows no answer before its file was read to the end.
    pub(crate) read: usize,
}

impl FileForm {
    /// Reads a form, and waits for `turn` before it reads the file. The token comes first and is checked first, so that nobody
    /// without permission can fill the memory.
    pub(crate) async fn read<T>(
        person: &Person,
        form: Result<Multipart, MultipartRejection>,
        limits: SizeLimits,
        turn: impl Future<Output = Result<T, PageError>>,
    ) -> Result<(Self, Option<T>), PageError> {
        let mut form = form.map_err(|_| PageError(Error::Multipart))?;
        let (mut name, mut bytes, mut size) = (String::new(), Vec::new(), 0);
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut is_checked = false;
        let (mut turn, mut has_turn) = (Some(Box::pin(turn)), None);
        while let Some(mut field) = form.next_field().await.map_err(unread)? {
            let field_name = field.name().unwrap_or_default().to_owned();
            if field_name != "file" {
                let value = text(&mut field).await?;
                if field_name == "form_token" {
                    person.check(Some(&value))?;
                    is_checked = true;
                }
                if fields.len() == MAX_FIELDS {
                    return Err(PageError(Error::TooLarge));
                }
                fields.push((field_name, value));
                continue;
            }
            if !is_checked {
                return Err(PageError(Error::ForeignForm));
            }
            if let Some(turn) = turn.take() {
                has_turn = Some(turn.await?);
            }
            name = field.file_name().unwrap_or_default().chars().take(MAX_NAME_LENGTH).collect();
            while size <= limits.read
                && let Some(chunk) = field.chunk().await.map_err(unread)?
            {
                size += chunk.len();
                if size <= limits.taken {
                    bytes.extend_from_slice(&chunk);
                }
            }
            if size > limits.read {
                break;
            }
        }
        if !is_checked {
            person.check(None)?;
        }
        let is_too_large = size > limits.taken;
        Ok((Self { fields: fields.into(), name, bytes, is_too_large }, has_turn))
    }
}

/// The value of a field that is no file.
async fn text(field: &mut Field<'_>) -> Result<String, PageError> {
    let mut value = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(unread)? {
        value.extend_from_slice(&chunk);
        if value.len() > MAX_FIELD_SIZE {
            return Err(PageError(Error::TooLarge));
        }
    }
    Ok(String::from_utf8_lossy(&value).into_owned())
}

/// Why a form could not be read: the connection failed, or the form is malformed.
fn unread(error: MultipartError) -> PageError {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
    while let Some(error) = cause {
        // The error of the connection lies below that of the form's reader.
        if error.is::<hyper::Error>() || body::is_late(error) {
            return PageError(Error::of_body(error));
        }
        cause = error.source();
    }
    PageError(Error::Multipart)
}
