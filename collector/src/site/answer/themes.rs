//! The themes of an answer, and corrections by hand.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use maud::{Markup, html};

use super::words::Words;
use crate::{
    access::{Role, person::Person},
    http::{
        error::{Error, PageError},
        extract::{Fields, OwnForm},
        redirect::see_other,
    },
    site::frame::{form_token, names::Names},
    state::Shared,
    store::Stored,
    themes::{Correction, Taxonomy},
};

/// The field with the themes that the page showed.
const SHOWN: &str = "shown";

/// The section with the themes of the answer, and the form to correct them.
pub(super) fn section(person: &Person, answer: &Stored, corrections: &[Correction]) -> Markup {
    let (words, names) = (Words::of(person.language), Names::of(person.language));
    let known = answer.named.known();
    let themes = known.unwrap_or_default();
    let by_hand: Vec<String> = corrections
        .iter()
        .map(|it| {
            let theme = names.theme(it.theme, &person.themes);
            if it.is_named { theme.to_owned() } else { format!("{} {theme}", words.not) }
        })
        .collect();
    let shown: Vec<&str> = themes.iter().map(|theme| theme.id()).collect();
    html! {
        section .sheet #themes aria-labelledby="about" {
            h2 #about { (words.about) }
            @if themes.is_empty() {
                p .quiet { (if known.is_some() { words.no_theme } else { words.themes_unknown }) }
            } @else {
                ul .named { @for theme in themes { li .badge { (names.theme(*theme, &person.themes)) } } }
            }
            @if !by_hand.is_empty() {
                p .small .quiet { (words.by_hand) " " (by_hand.join(", ")) }
            }
            @if person.may(Role::Member) {
                details .more {
                    summary { (words.correct) }
                    form .fields method="post" action={ "/responses/" (answer.response.id) "/themes" } {
                        (form_token(person))
                        input type="hidden" name=(SHOWN) value=(shown.join(" "));
                        fieldset .themes {
                            legend .hint { (words.correct_lead) }
                            @for theme in person.themes.wanted() {
                                label .check {
                                    input type="checkbox" name=(theme.id()) value="yes"
                                        checked[themes.contains(&theme)];
                                    span { (names.theme(theme, &person.themes)) }
                                }
                            }
                        }
                        div { button .second { (words.save) } }
                    }
                }
            }
        }
    }
}

/// `POST /responses/{id}/themes`: stores the themes that the person added or removed.
pub(crate) async fn correct(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm<Fields>,
) -> Result<Response, PageError> {
    let id = id.to_ascii_lowercase();
    let exists = shared.store.correct_themes(&id, changes(&form, &person.themes)).await?;
    if !exists {
        return Err(PageError(Error::NotFound("No answer of this id is kept.")));
    }
    Ok(see_other(&format!("/responses/{id}#themes")))
}

/// The themes whose box is ticked although the page showed it empty, or the other way round.
fn changes(form: &Fields, taxonomy: &Taxonomy) -> Vec<Correction> {
    let shown: Vec<&str> = form.get(SHOWN).split(' ').collect();
    taxonomy
        .wanted()
        .map(|theme| Correction { theme, is_named: !form.get(theme.id()).is_empty() })
        .filter(|it| it.is_named != shown.contains(&it.theme.id()))
        .collect()
}
