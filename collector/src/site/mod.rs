//! The collector's own pages: HTML made on the server. Everything works without scripts.
//!
//! Everything a customer wrote passes through `maud`, which escapes it; and should that ever fail,
//! the content security policy leaves nothing to run or to load but our own files.
//!
//! # Making a page
//!
//! ```text
//! pub(crate) async fn report_page(person: Person, …) -> Result<Response, PageError> {
//!     let main = html! { h1 { … } … };          // the main part only; it starts with the `h1`
//!     Ok(frame::page(&person, Place::Report, title, &main))
//! }
//! ```
//!
//! - [`Person`](crate::access::person::Person), taken as an extractor, is who is looking: `name`,
//!   `role`, `language`, and `here` (the address they are at). A handler that takes it is closed to
//!   everybody who is not signed in. Texts are chosen by `person.language`.
//! - [`page`](frame::page) frames the main part (navigation, footer, headers). [`bare_page`](frame::bare_page) does for visitors who
//!   are not signed in.
//! - A form that changes something is `method="post"` and holds `(form_token(person))`, a hidden
//!   field; its handler takes [`OwnForm`](crate::http::extract::OwnForm), which has checked it, or asks
//!   `person.check(token)?` before it does anything.
//! - The route is listed in `router.rs` with what it needs; one that is not listed is closed.
//! - Styles: `frame/base.css` is the design system (its comments name the parts: `stack`, `row`,
//!   `columns`, `sheet`, `field`, `hint`, `error`, `filter`, `table-frame`, `notice`, `badge`, `more`,
//!   `facts`, `button`, `second`, `danger`). What only one page needs is a file of its own in the
//!   page's folder, listed in [`frame::files`]. There are no `style` attributes: the policy drops them.
//! - Scripts: `page.js` only, and pages work without it. `button data-copy="ID" data-copied="Copied"
//!   hidden` copies the text of the element with that id.

pub(crate) mod answer;
pub(crate) mod customer;
pub(crate) mod data;
pub(crate) mod frame;
pub(crate) mod language;
pub(crate) mod login;
pub(crate) mod report;
pub(crate) mod responses;
pub(crate) mod settings;
pub(crate) mod surveys;
pub(crate) mod welcome;
