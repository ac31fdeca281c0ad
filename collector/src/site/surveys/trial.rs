//! The section for trying a survey in the shop: a link that marks answers as tests, and the number of tests.

use afterword_response::{Touchpoint, limits};
use jiff::Timestamp;
use maud::{Markup, html};
use url::Url;

use super::{FormInput, parameter, read};
use crate::{
    access::{Role, person::Person, trial::TRIAL},
    aside::Kind,
    http::error::PageError,
    language::Language,
    query::FilterQuery,
    site::frame::{field, form_token, format::Format},
    state::Shared,
    store::surveys::Survey,
    survey,
    words::words,
};

words! {
    struct Words {
        title: "Try it in my shop", "Im eigenen Shop ausprobieren";
        lead: "Open your page with a link that is good for one hour. What you answer there is marked as a test and \
            counts in no figure.",
            "Öffnen Sie Ihre Seite mit einem Link, der eine Stunde lang gilt. Was Sie dort antworten, wird als Test \
            markiert und zählt in keiner Auswertung.";
        page: "Page with the question", "Seite mit der Frage";
        page_hint: "The page of your shop that you pasted the lines into.",
            "Die Seite Ihres Shops, in die Sie die Zeilen eingefügt haben.";
        make: "Create link", "Link erstellen";
        open: "Open as a test", "Als Test öffnen";
        copy: "Copy link", "Link kopieren";
        copied: "Copied", "Kopiert";
        not_allowed: "Answers from this website are refused: it is not among the allowed sites of this survey.",
            "Antworten von dieser Website werden abgewiesen: Sie steht nicht unter den zugelassenen Websites dieser Umfrage.";
        look: "View", "Ansehen";
        remove: "Remove tests", "Tests entfernen";
    }
}

/// The content of the section.
pub(super) struct Trial {
    typed: FormInput,
    link: Option<Link>,
    tests: u64,
}

/// A link to a page on which all answers are marked as tests.
struct Link {
    address: String,
    until: Timestamp,
    is_allowed: bool,
}

impl Trial {
    /// Reads the content for the page in the query, or else for the page of the latest answer.
    pub(super) async fn read(
        shared: &Shared,
        person: &Person,
        survey: &Survey,
        query: Option<&str>,
    ) -> Result<Self, PageError> {
        let mut typed = FormInput::default();
        let page = match parameter(query, "page") {
            Some(page) => Some(page),
            None => known_page(shared, survey).await?,
        };
        let page = read("page", page.as_deref().unwrap_or_default(), &mut typed, survey::read_link);
        let link = page.and_then(|page| {
            let now = Timestamp::now();
            let page = Url::parse(&page).ok()?;
            let origin = page.origin().ascii_serialization();
            let listed = survey.settings.origins.as_deref().unwrap_or_default();
            let is_allowed = listed.is_empty()
                || origin == person.origin
                || listed.iter().any(|listed| listed.allows(&origin));
            let address = marked(page, &shared.trials.mark(&survey.id, now));
            Some(Link { address, until: now + crate::access::trial::TRIAL_LASTS, is_allowed })
        });
        let filter = tests_of(survey).filter(&shared.store.time_zone().await?);
        Ok(Self { typed, link, tests: shared.store.count_of(&filter).await? })
    }

    /// The section of the page.
    pub(super) fn section(
        &self,
        person: &Person,
        survey: &Survey,
        touchpoint: Touchpoint,
    ) -> Markup {
        let language = person.language;
        let words = Words::of(language);
        let problem = self.typed.problem("page", language);
        html! {
            section .sheet #try {
                h2 { (words.title) }
                p { (words.lead) }
                form .fields method="get" action={ "/surveys/" (survey.id) "#try" } {
                    input type="hidden" name="touchpoint" value=(touchpoint.name());
                    (field("page", words.page, words.page_hint, problem.as_deref(), &html! {
                        input #page name="page" type="url" required maxlength=(limits::PAGE)
                            value=(self.typed.value("page")) placeholder="https://"
                            aria-describedby="page-hint" aria-invalid=[problem.as_ref().map(|_| "true")];
                    }))
                    div { button .second { (words.make) } }
                }
                @if let Some(link) = &self.link {
                    @if !link.is_allowed { p .notice .warn { (words.not_allowed) } }
                    div .row {
                        a .button href=(link.address) target="_blank" rel="noopener noreferrer" { (words.open) }
                        button .second type="button" data-copy="try-link" data-copied=(words.copied) hidden {
                            (words.copy)
                        }
                        span #try-link .hidden-text { (link.address) }
                    }
                    p .hint { (until(link.until, person)) }
                }
                @if self.tests > 0 {
                    div .row .apart data-figure="tests" {
                        span { (count(self.tests, language)) " "
                            a href={ "/responses?" (tests_of(survey).query()) } { (words.look) } }
                        @if person.may(Role::Member) {
                            form method="post" action="/responses/choice" {
                                (form_token(person))
                                input type="hidden" name="filter" value=(tests_of(survey).query());
                                button .second name="do" value="erase" { (words.remove) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The likely page with the question: that of the latest answer, or else an allowed site.
async fn known_page(shared: &Shared, survey: &Survey) -> Result<Option<String>, PageError> {
    let latest = shared.store.latest_page(&survey.id).await?;
    let listed = survey.settings.origins.iter().flatten();
    let mut sites =
        listed.map(|it| it.as_str()).filter(|it| it.starts_with("http") && !it.contains('*'));
    Ok(latest.or_else(|| sites.next().map(|site| format!("{site}/"))))
}

/// The page's address with the mark at the end of its fragment. The fragment stays, because some shops distinguish their
/// pages by it. The script finds the mark by its `&`.
fn marked(mut page: Url, mark: &str) -> String {
    let before = page.fragment().unwrap_or_default();
    let fragment = format!("{before}&{TRIAL}={mark}");
    page.set_fragment(Some(&fragment));
    page.into()
}

/// All tests of a survey.
fn tests_of(survey: &Survey) -> FilterQuery {
    FilterQuery {
        survey: Some(survey.id.clone()),
        aside: Some(Kind::Test),
        ..FilterQuery::default()
    }
}

fn until(until: Timestamp, person: &Person) -> String {
    let time = until.to_zoned(person.zone.clone()).strftime("%H:%M");
    match person.language {
        Language::English => {
            format!("Good until {time}. To try it on a phone, copy the link and open it there.")
        }
        Language::German => format!(
            "Gilt bis {time} Uhr. Zum Ausprobieren auf dem Telefon den Link kopieren und dort öffnen."
        ),
    }
}

fn count(tests: u64, language: Language) -> String {
    let number = Format::of(language).count(tests);
    match (tests, language) {
        (1, Language::English) => "1 test answer is kept.".to_owned(),
        (1, Language::German) => "1 Testantwort ist gespeichert.".to_owned(),
        (_, Language::English) => format!("{number} test answers are kept."),
        (_, Language::German) => format!("{number} Testantworten sind gespeichert."),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_mark_is_added_after_the_shops_own_fragment() {
        for (page, expected) in [
            ("https://shop.example/thanks", "https://shop.example/thanks#&afterword-try=m"),
            ("https://shop.example/?a=1", "https://shop.example/?a=1#&afterword-try=m"),
            ("https://shop.example/#", "https://shop.example/#&afterword-try=m"),
            ("https://shop.example/#/thanks", "https://shop.example/#/thanks&afterword-try=m"),
        ] {
            assert_eq!(marked(Url::parse(page).unwrap(), "m"), expected);
        }
    }
}
