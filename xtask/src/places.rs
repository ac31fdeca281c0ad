//! Where things are: the workspace, the tools, and the PATH that finds them.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where the tools are kept: `AFTERWORD_CACHE`, or `afterword` in the user's cache folder.
pub(crate) fn cache() -> PathBuf {
    let var = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    var("AFTERWORD_CACHE")
        .or_else(|| Some(var("XDG_CACHE_HOME")?.join("afterword")))
        .or_else(|| Some(var("HOME")?.join(".cache/afterword")))
        .unwrap_or_else(|| root().join("target/tools"))
}

/// The PATH with our tools first.
pub(crate) fn path() -> OsString {
    let ours = [cache().join("tools/bin"), cache().join("npm/node_modules/.bin")];
    let theirs = env::var_os("PATH").unwrap_or_default();
    let all = ours.into_iter().chain(env::split_paths(&theirs));
    env::join_paths(all).unwrap_or(theirs)
}
