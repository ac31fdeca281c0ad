//! Reads pages by CSS selectors, so that a test names the place of what it expects.

use scraper::{ElementRef, Html, Selector};

use crate::bench::Answer;

impl Answer {
    /// The body of the answer as an HTML document.
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

/// The text of an element.
pub(crate) fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of each element that matches.
pub(crate) fn words_of(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).into_iter().map(words).collect()
}

/// The description of a term in a list of terms (`dl`).
#[track_caller]
pub(crate) fn described(page: &Html, term: &str) -> String {
    let terms = words_of(page, "main dt");
    let at = terms.iter().position(|it| it == term).unwrap_or_else(|| panic!("{term}: {terms:?}"));
    words_of(page, "main dd")[at].clone()
}

/// The address of the page's only link whose address begins so.
#[track_caller]
pub(crate) fn link_to(page: &Html, beginning: &str) -> String {
    one(page, &format!("a[href^='{beginning}']")).attr("href").unwrap().to_owned()
}

/// Asserts that the page has nothing that its content security policy would block.
#[track_caller]
pub(crate) fn assert_nothing_inline(page: &Html) {
    let inline = all(page, "script:not([src]), style, [style], [onclick], [onsubmit]");
    assert!(inline.is_empty(), "the policy would drop {}", inline[0].html());
}
