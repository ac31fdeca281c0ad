//! The source of the widget's files: embedded in the binary, or a folder on disk.
//!
//! Both hold what `cargo xtask dist` writes: each file with its `.br` and `.gz` beside it.

use std::{fmt, io, path::PathBuf};

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Embedded;

/// A source of the widget's files.
#[derive(Clone, Debug)]
pub struct Assets(Source);

#[derive(Clone, Debug)]
enum Source {
    Embedded,
    Folder(PathBuf),
}

/// A file's bytes as they are sent, and the hash that names them.
pub(crate) struct Asset {
    pub(crate) bytes: Bytes,
    pub(crate) hash: String,
}

impl Assets {
    /// The files that `dist/` held when the collector was built.
    #[must_use]
    pub const fn embedded() -> Self {
        Self(Source::Embedded)
    }

    /// The files in a folder laid out like `dist/`, read anew for each request.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self(Source::Folder(path.into()))
    }

    /// Whether there is a file of that name.
    pub(crate) async fn contains(&self, name: &str) -> bool {
        matches!(self.find(name).await, Ok(Some(_)))
    }

    /// The file of that name, a relative path with `/`; `None` if there is none.
    pub(crate) async fn find(&self, name: &str) -> io::Result<Option<Asset>> {
        if !is_plain(name) {
            return Ok(None);
        }
        match &self.0 {
            Source::Embedded => Ok(Embedded::get(name).map(|file| Asset {
                hash: name_of(file.metadata.sha256_hash()),
                bytes: match file.data {
                    std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                    std::borrow::Cow::Owned(bytes) => bytes.into(),
                },
            })),
            Source::Folder(folder) => match tokio::fs::read(folder.join(name)).await {
                Ok(bytes) => {
                    let hash = name_of(Sha256::digest(&bytes).into());
                    Ok(Some(Asset { bytes: bytes.into(), hash }))
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::NotFound
                    | io::ErrorKind::NotADirectory
                    | io::ErrorKind::IsADirectory
                    | io::ErrorKind::InvalidFilename => Ok(None),
                    _ => Err(error),
                },
            },
        }
    }
}

impl fmt::Display for Assets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Embedded => f.write_str("embedded"),
            Source::Folder(folder) => folder.display().fmt(f),
        }
    }
}

/// Whether a name stays inside the folder on every system, and names no hidden file.
fn is_plain(name: &str) -> bool {
    !name.contains(['\\', ':', '\0'])
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// Half of the hash: 128 bits distinguish any two files, and fewer bytes are sent with every answer.
fn name_of(hash: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(&hash[..16])
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_name_cannot_leave_the_folder() {
        for name in ["afterword.js", "w-1/widget.wasm", "demo/a b.css"] {
            assert!(is_plain(name), "{name}");
        }
        for name in
            ["", "/etc/passwd", "../x", "a/../x", "a//x", "a/", "a\\..\\x", "C:x", ".git", "a\0"]
        {
            assert!(!is_plain(name), "{name}");
        }
    }
}
