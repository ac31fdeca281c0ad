//! The program that Trunk builds. All code is in the library; naming it here keeps its exports.
#![cfg_attr(target_arch = "wasm32", no_main)]

use afterword as _;

/// Does nothing: the script calls the library's exports. It is left out of the wasm, where it would bring
/// the standard library's start-up code along.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
