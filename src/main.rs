//! The program Trunk builds. Everything is in the library; naming it keeps its exports.
#![cfg_attr(target_arch = "wasm32", no_main)]

use afterword as _;

/// Nothing to run: the script calls what the library exports. In the wasm not even this, since it
/// would bring the standard library's own start and end.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
