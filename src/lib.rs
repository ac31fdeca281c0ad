//! The widget: the 0-10 question as a Yew component, compiled to WebAssembly.
//!
//! `script/` paints the first step before this module has arrived, and then calls [`mount`], which replaces
//! the painted form without a visible change. Data flows one way:
//!
//! ```text
//! attributes -> settings -> survey -> answer -> transport
//! ```
//!
//! | layer | modules | rule |
//! |---|---|---|
//! | decisions | [`attributes`], [`settings`], [`texts`], [`survey`], [`delivery`], [`answer`] | pure, tested on the host, never name `web_sys` |
//! | rendering | [`app`], [`view`] | Yew components, no I/O of their own |
//! | the edge | [`browser`] | one file per Web API, no decisions |
//!
//! Nothing here may panic: a panic ends the whole module, and with it a customer's answer.

pub mod answer;
pub mod app;
pub mod attributes;
pub mod browser;
pub mod delivery;
pub mod settings;
pub mod survey;
pub mod texts;
pub mod view;

pub use browser::mount::mount;

/// The release, stamped on each answer.
pub const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// The smallest allocator that we found.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
