//! The shop's logo, as a file that is shown to customers.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// Bytes of a logo.
pub(crate) const MAX_LOGO_BYTES: usize = 200 << 10;

/// A kind of image.
struct Kind {
    /// The ending of its files' names.
    ending: &'static str,
    content_type: &'static str,
    /// Whether a file with these bytes is one.
    begins: fn(&[u8]) -> bool,
}

/// The kinds of images that are taken. Browsers show them without running anything in them, unlike SVG.
const KINDS: [Kind; 3] = [
    Kind {
        ending: "png",
        content_type: "image/png",
        begins: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
    },
    Kind {
        ending: "jpg",
        content_type: "image/jpeg",
        begins: |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]),
    },
    Kind {
        ending: "webp",
        content_type: "image/webp",
        begins: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
    },
];

/// A logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logo {
    /// The file's name, which changes with its content, so that browsers can cache it for ever.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Logo {
    /// The logo in a file; `None` if the file is none of the images that are taken, whatever its name says.
    pub(crate) fn read(bytes: Vec<u8>) -> Option<Self> {
        let kind = KINDS.iter().find(|kind| (kind.begins)(&bytes))?;
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]);
        Some(Self { name: format!("{hash}.{}", kind.ending), bytes })
    }

    /// Its content type.
    pub(crate) fn content_type(&self) -> &'static str {
        let kind = KINDS.iter().find(|kind| self.name.ends_with(kind.ending));
        kind.map_or("application/octet-stream", |kind| kind.content_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_their_content() {
        let check = |bytes: &[u8], expected: Option<&str>| {
            let logo = Logo::read(bytes.to_vec());
            assert_eq!(logo.as_ref().map(Logo::content_type), expected, "{bytes:?}");
        };
        check(b"\x89PNG\r\n\x1a\n rest", Some("image/png"));
        check(b"\xff\xd8\xff\xe0 rest", Some("image/jpeg"));
        check(b"RIFF\x10\0\0\0WEBPVP8 rest", Some("image/webp"));
        check(b"RIFF\x10\0\0\0WAVE", None);
        check(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None);
        check(b"GIF89a", None);
        check(b"", None);
    }

    #[test]
    fn another_logo_has_another_name() {
        let [one, other] = [&b"\x89PNG\r\n\x1a\n1"[..], b"\x89PNG\r\n\x1a\n2"]
            .map(|bytes| Logo::read(bytes.to_vec()).map(|logo| logo.name));
        assert!(one.is_some() && one != other);
    }
}
