//! The words of the page with the quotes.

use crate::words::words;

words! {
    pub(super) struct Words {
        title: "Quotes", "Zitate";
        responses: "Answers", "Antworten";
        lead: "What customers said and allowed you to show. You choose on the page of an answer; the words stay as they were written.",
            "Was Kundinnen und Kunden gesagt haben und Sie zeigen dürfen. Ausgewählt wird auf der Seite einer Antwort; der Wortlaut bleibt, wie er war.";
        too_few: "Nothing is shown in your shop yet: quotes are shown only together with the scores of all answers, and there are fewer than 30 answers.",
            "In Ihrem Shop wird noch nichts gezeigt: Neben Zitaten steht, wie alle Antworten ausgefallen sind, und es sind noch keine 30.";
        chosen: "Chosen", "Ausgewählt";
        none: "None yet. Look for an answer that may be quoted, and choose it there.",
            "Noch keine. Suchen Sie eine Antwort, die zitiert werden darf, und wählen Sie sie dort aus.";
        to_answer: "To the answer", "Zur Antwort";
        to_shop: "In your shop", "In Ihrem Shop";
        tag_lead: "Paste this where they should stand. They take on the look of your page, and what is withdrawn, changed or erased is gone within a minute. Without quotes nothing is shown, the heading included.",
            "Fügen Sie das dort ein, wo die Zitate stehen sollen. Sie übernehmen das Aussehen Ihrer Seite, und was zurückgezogen, geändert oder gelöscht wird, verschwindet innerhalb einer Minute. Ohne Zitate bleibt alles verborgen, auch die Überschrift.";
        heading: "What our customers say", "Das sagen unsere Kunden";
        json_lead: "Or for your own template, as JSON from any page. What is withdrawn, changed or erased is gone at the next request.",
            "Oder für Ihre eigene Vorlage als JSON von jeder Seite aus. Was zurückgezogen, geändert oder gelöscht wird, fehlt bei der nächsten Abfrage.";
        html_lead: "Or as HTML to paste. It stays as it is: if a quote is withdrawn, take it out there yourself.",
            "Oder als HTML zum Einfügen. Es bleibt, wie es ist: Wird ein Zitat zurückgezogen, nehmen Sie es dort bitte selbst heraus.";
        copy: "Copy", "Kopieren";
        copied: "Copied", "Kopiert";
        all_answers: "All answers by score", "Alle Antworten nach Bewertung";
    }
}
