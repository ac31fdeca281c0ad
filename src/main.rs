//! The program Trunk builds. Everything is in the library; naming it keeps its exports.

use afterword as _;

fn main() {}
