//! Pages read as browsers read them: by selectors, so that a test says where something stands.

use scraper::{ElementRef, Html, Selector};

use crate::bench::Answer;

impl Answer {
    /// The page, as a document.
    pub(crate) fn page(&self) -> Html {
        Html::parse_document(&self.text())
    }
}

pub(crate) fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

#[track_caller]
pub(crate) fn one<'a>(page: &'a Html, selector: &str) -> ElementRef<'a> {
    let found = all(page, selector);
    assert_eq!(found.len(), 1, "so often there is {selector}");
    found[0]
}

/// What a person reads in an element.
pub(crate) fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a person reads in each of the elements.
pub(crate) fn words_of(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).into_iter().map(words).collect()
}

/// What a list of terms says of one of them.
#[track_caller]
pub(crate) fn described(page: &Html, term: &str) -> String {
    let terms = words_of(page, "main dt");
    let at = terms.iter().position(|it| it == term).unwrap_or_else(|| panic!("{term}: {terms:?}"));
    words_of(page, "main dd")[at].clone()
}

/// The address of the page's only link to one that begins so.
#[track_caller]
pub(crate) fn link_to(page: &Html, beginning: &str) -> String {
    one(page, &format!("a[href^='{beginning}']")).attr("href").unwrap().to_owned()
}

/// Asserts that the policy of our pages has nothing to drop.
#[track_caller]
pub(crate) fn assert_nothing_inline(page: &Html) {
    let inline = all(page, "script:not([src]), style, [style], [onclick], [onsubmit]");
    assert!(inline.is_empty(), "the policy would drop {}", inline[0].html());
}
