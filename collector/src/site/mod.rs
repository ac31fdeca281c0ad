//! The collector's own pages: HTML made on the server. Everything works without scripts.
//!
//! `maud` escapes everything that a customer wrote. If that ever failed, the content security policy would
//! still allow only our own files to run or load.
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
//! - The extractor [`Person`](crate::access::person::Person) is the signed-in person: `name`, `role`,
//!   `language`, and `here` (the address of the page). A handler with this extractor is closed to everybody
//!   who is not signed in. Texts are chosen by `person.language`.
//! - [`page`](frame::page) frames the main part (navigation, footer, headers). [`bare_page`](frame::bare_page) does for visitors who
//!   are not signed in.
//! - A form that changes something is `method="post"` and holds `(form_token(person))`, a hidden
//!   field; its handler takes [`OwnForm`](crate::http::extract::OwnForm), which has checked it, or asks
//!   `person.check(token)?` before it does anything.
//! - The route is listed in `router.rs` with its need; an address that is not listed is closed.
//! - Styles: `frame/base.css` is the design system (its comments name the parts: `stack`, `row`,
//!   `columns`, `sheet`, `field`, `hint`, `error`, `filter`, `table-frame`, `notice`, `badge`, `more`,
//!   `facts`, `button`, `second`, `danger`). Styles that only one page needs are in a file in the
//!   page's folder, listed in [`frame::files`]. There are no `style` attributes: the policy drops them.
//! - Scripts: `page.js` only, and pages work without it. `button data-copy="ID" data-copied="Copied"
//!   hidden` copies the text of the element with that id.

pub(crate) mod answer;
pub(crate) mod case;
pub(crate) mod customer;
pub(crate) mod data;
mod filtering;
pub(crate) mod frame;
mod hits;
pub(crate) mod inbox;
pub(crate) mod language;
pub(crate) mod login;
pub(crate) mod quotes;
pub(crate) mod report;
pub(crate) mod responses;
pub(crate) mod settings;
pub(crate) mod surveys;
mod way;
pub(crate) mod week;
pub(crate) mod welcome;
