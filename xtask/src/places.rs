//! Paths: of the workspace, of the tools, and the PATH that finds them.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// The workspace's folder: of the package that Cargo runs, which need not be the one that this program was built from
/// (see `checkout.rs`).
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        package.parent().unwrap_or(Path::new(".")).to_owned()
    });
    &ROOT
}

/// The folder of the tools: `AFTERWORD_CACHE`, or `afterword` in the user's cache folder.
pub(crate) fn cache() -> PathBuf {
    let var = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    var("AFTERWORD_CACHE")
        .or_else(|| Some(var("XDG_CACHE_HOME")?.join("afterword")))
        .or_else(|| Some(var("HOME")?.join(".cache/afterword")))
        .unwrap_or_else(|| root().join("target/tools"))
}

/// The folder for packages from npm. Each set of locked versions has its own, so that clones with different
/// ones can share a cache.
pub(crate) fn npm() -> PathBuf {
    locked(include_bytes!("../npm/package-lock.json"))
}

/// The folder for the packages that this lock file of npm names.
pub(crate) fn locked(lock: &[u8]) -> PathBuf {
    let lock = Sha256::digest(lock);
    let name: String = lock.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    cache().join("npm").join(name)
}

/// The PATH with our tools first.
pub(crate) fn path() -> OsString {
    let ours = [cache().join("tools/bin"), npm().join("node_modules/.bin")];
    let theirs = env::var_os("PATH").unwrap_or_default();
    let all = ours.into_iter().chain(env::split_paths(&theirs));
    env::join_paths(all).unwrap_or(theirs)
}
