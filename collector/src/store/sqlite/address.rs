//! The file that an address such as `sqlite://afterword.db` names.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::store::OpenError;

/// The file of a database address. `sqlite:FILE` and `sqlite://FILE` are relative to this folder,
/// `sqlite:///FOLDER/FILE` is not.
pub(super) fn file_of(address: &str) -> Result<PathBuf, OpenError> {
    let (scheme, rest) = address.split_once(':').ok_or(OpenError::Address)?;
    match scheme.to_ascii_lowercase().as_str() {
        "sqlite" => {}
        "postgres" | "postgresql" => return Err(OpenError::Postgres),
        _ => return Err(OpenError::Address),
    }
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (file, query) = rest.split_once('?').unwrap_or((rest, ""));
    if file.contains(":memory:") || query.contains("mode=memory") {
        return Err(OpenError::Memory);
    }
    // Other programs require one of these modes in such addresses; neither changes anything here.
    if file.is_empty() || !matches!(query, "" | "mode=rwc" | "mode=rw") {
        return Err(OpenError::Address);
    }
    let file = percent_decode_str(file).decode_utf8().map_err(|_| OpenError::Address)?;
    Ok(PathBuf::from(file.into_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::file_of;

    #[test]
    fn only_a_sqlite_file_is_an_address() {
        for (address, file) in [
            ("sqlite://a.db", "a.db"),
            ("sqlite:a.db", "a.db"),
            ("SQLite:///var/lib/a%20b.db?mode=rwc", "/var/lib/a b.db"),
        ] {
            assert_eq!(file_of(address).unwrap().to_str(), Some(file), "{address}");
        }
        for (address, hint) in [
            ("postgres://u:secret@host/db", "PostgreSQL is not supported"),
            ("PostgreSQL://host/db", "PostgreSQL is not supported"),
            ("sqlite::memory:", "keeps nothing"),
            ("sqlite://", "sqlite://FILE"),
            ("mysql://u:secret@host/db", "sqlite://FILE"),
            ("afterword.db", "sqlite://FILE"),
            ("sqlite://a.db?nonsense=1", "sqlite://FILE"),
        ] {
            let error = file_of(address).unwrap_err().to_string();
            assert!(error.contains(hint), "{address}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
