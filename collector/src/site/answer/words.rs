//! The texts of the page of one answer, and of the page with everything that is stored about an order or a customer.

use crate::words::words;

words! {
    pub(super) struct Words {
        title: "Answer", "Antwort";
        back: "All answers", "Alle Antworten";
        comment: "Comment", "Kommentar";
        no_comment: "Score only, no comment.", "Nur eine Bewertung, kein Kommentar.";
        about: "About", "Thema";
        no_theme: "No theme was found.", "Es wurde kein Thema gefunden.";
        themes_unknown: "Themes are found in German and English comments only.",
            "Themen werden nur in deutschen und englischen Kommentaren gefunden.";
        by_hand: "Corrected by hand:", "Von Hand berichtigt:";
        not: "not", "nicht";
        correct: "Correct", "Berichtigen";
        correct_lead: "The themes of this answer. Your changes stay, even if the answer or the rules change later.",
            "Worum es in dieser Antwort geht. Was Sie ändern, bleibt, auch wenn sich die Antwort später ändert oder die Regeln.";
        save: "Save", "Speichern";
        quoting: "Quote", "Zitat";
        quote_lead: "The customer allows you to quote this comment. It is shown once you choose it.",
            "Diese Worte dürfen Sie zitieren. Gezeigt werden sie erst, wenn Sie sie auswählen.";
        quote_aside: "This answer is not counted, so it is not quoted.",
            "Diese Antwort zählt nicht und wird deshalb nicht zitiert.";
        is_quoted: "Is quoted", "Wird zitiert";
        all_quotes: "All quotes", "Alle Zitate";
        quoted_as: "Under the name", "Unter dem Namen";
        quoted_nameless: "Without a name: none was given.", "Ohne Namen: Es wurde keiner angegeben.";
        choose_quote: "Quote…", "Zitieren…";
        cut_again: "Shorten it otherwise…", "Anders kürzen…";
        quote_words: "The words", "Der Wortlaut";
        quote_hint: "Nothing may be changed. Whole words may be left out, with this mark in their place, as long as the meaning stays:",
            "Ändern dürfen Sie nichts. Ganze Wörter dürfen wegfallen, wenn der Sinn bleibt; an ihrer Stelle steht dann:";
        quote: "Quote", "Zitieren";
        withdraw_quote: "Take the quote down", "Zitat zurückziehen";
        quote_given: "The quote is shown from now on. If the customer changes their words, it is taken down by itself.",
            "Das Zitat wird ab jetzt gezeigt. Ändert die Kundin oder der Kunde die Worte, wird es von selbst zurückgezogen.";
        quote_withdrawn: "The quote was taken down.", "Das Zitat wurde zurückgezogen.";
        quote_not_allowed: "Nobody allowed this answer to be quoted, or it is not counted.",
            "Diese Antwort darf nicht zitiert werden, oder sie zählt nicht.";
        quote_other_words: "Not quoted: these are not the customer's words in their order, or something was left out without the mark […].",
            "Nicht zitiert: Das sind nicht die Worte in ihrer Reihenfolge, oder es fehlt etwas ohne das Zeichen […].";
        quote_changed: "Not quoted: the answer has changed meanwhile. Read it once more.",
            "Nicht zitiert: Die Antwort hat sich inzwischen geändert. Lesen Sie sie noch einmal.";
        facts: "Facts", "Angaben";
        survey: "Survey", "Umfrage";
        touchpoint: "Touchpoint", "Kontaktpunkt";
        answered: "Answered", "Beantwortet";
        changed: "Last changed", "Zuletzt geändert";
        order: "Order number", "Bestellnummer";
        value: "Order value", "Bestellwert";
        country: "Country", "Land";
        products: "Products", "Produkte";
        customer: "Customer number", "Kundennummer";
        kind: "Customer", "Kundschaft";
        new: "New", "Neu";
        returning: "Returning", "Wiederkehrend";
        contact: "Contact", "Kontakt";
        reasons: "Reasons", "Gründe";
        tags: "Tags", "Schlagwörter";
        wants_answer: "Wants to be answered", "Möchte eine Antwort";
        quotable: "May be quoted", "Darf zitiert werden";
        quote_name: "Quoted as", "Zitiert als";
        yes: "Yes", "Ja";
        no: "No", "Nein";
        language: "Language", "Sprache";
        page: "Page", "Seite";
        question: "Question", "Frage";
        history: "History", "Verlauf";
        rated_again: "Rated again", "Noch einmal bewertet";
        rated_again_lead: "On the customer's own page, after this answer. It changes no score; after a low one it decides whether the customer was won back.",
            "Auf der Seite der Kundin oder des Kunden, nach dieser Antwort. Am Wert ändert das nichts; nach einer niedrigen Bewertung zeigt es, ob Sie jemanden zurückgewonnen haben.";
        without_comment: "without comment", "ohne Kommentar";
        shown: "Question shown", "Frage gezeigt";
        closed: "Question closed", "Frage geschlossen";
        not_counted: "Not counted:", "Nicht gezählt:";
        others: "Also of this order or customer", "Auch von dieser Bestellung oder Person";
        no_others: "Nothing else was answered.", "Sonst wurde nichts beantwortet.";
        all_of_order: "All of this order", "Alles zu dieser Bestellung";
        all_of_customer: "All of this customer", "Alles zu dieser Person";
        copy_link: "Copy link", "Link kopieren";
        copied: "Copied", "Kopiert";
        erase: "Erase…", "Löschen…";

        access_order: "All that is stored of order", "Auskunft zur Bestellung";
        access_customer: "All that is stored of customer", "Auskunft zu Kundennummer";
        access_lead: "Everything this collector keeps, to answer a request for access (Art. 15 GDPR). Print the page, or send one of the files.",
            "Alles, was dieser Collector gespeichert hat, als Auskunft nach Art. 15 DSGVO. Drucken Sie die Seite aus, oder senden Sie eine der Dateien.";
        as_json: "Download as JSON", "Als JSON herunterladen";
        as_csv: "Download as CSV", "Als CSV herunterladen";
        none: "Nothing is stored under this number.", "Unter dieser Nummer ist nichts gespeichert.";
        erase_all: "Erase all of it…", "Alles davon löschen…";
        score: "Score", "Bewertung";
        case: "What was done", "Was getan wurde";
        replies: "Replies to the customer", "Antworten an die Kundin oder den Kunden";
        id: "Id", "Kennung";
    }
}
