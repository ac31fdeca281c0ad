//! The texts of the list of answers.

use crate::words::words;

words! {
    pub(super) struct Words {
        title: "Answers", "Antworten";
        lead: "What customers answered, newest first.",
            "Was Kundinnen und Kunden geantwortet haben, das Neueste zuerst.";
        filter: "Filter", "Auswahl";
        survey: "Survey", "Umfrage";
        touchpoint: "Touchpoint", "Kontaktpunkt";
        segment: "Segment", "Gruppe";
        all: "All", "Alle";
        also_silent: "also without a comment", "auch ohne Kommentar";
        apply: "Show", "Anzeigen";
        clear: "Show all", "Alle anzeigen";
        score: "Score", "Bewertung";
        no_comment: "No comment.", "Kein Kommentar.";
        order: "Order", "Bestellung";
        customer: "Customer", "Kundennummer";
        everything: "All that is stored", "Alles, was gespeichert ist";
        comment: "Comment", "Kommentar";
        with_comment: "With a comment", "Mit Kommentar";
        new_customer: "New customer", "Neue Kundschaft";
        returning_customer: "Returning customer", "Stammkundschaft";
        themes: "About", "Thema";
        only: "Only:", "Nur:";
        not_counted: "Not counted:", "Nicht gezählt:";
        exclude: "Leave these out of the report", "Diese im Bericht weglassen";
        exclude_sure: "Leave these answers out of the report?", "Diese Antworten im Bericht weglassen?";
        exclude_lead: "They stay in the list and can be counted again.",
            "Sie bleiben in der Liste und lassen sich wieder mitzählen.";
        include: "Count these again", "Diese wieder mitzählen";
        include_sure: "Count these answers again?", "Diese Antworten wieder mitzählen?";
        include_lead: "Tests, repeated and implausible answers stay left out.",
            "Tests, wiederholte und unplausible Antworten bleiben weg.";
        erase: "Erase these", "Diese löschen";
        erase_sure: "Erase these answers for good?", "Diese Antworten endgültig löschen?";
        erase_lead: "They cannot be brought back. A receipt stays under Data.",
            "Sie lassen sich nicht zurückholen. Ein Beleg bleibt unter Daten.";
        erased_receipt: "The receipt is under Data.", "Der Beleg steht unter Daten.";
        answer: "answer", "Antwort";
        answers: "answers", "Antworten";
        cancel: "Cancel", "Abbrechen";
        pages: "Pages", "Seiten";
        newest: "Newest", "Neueste";
        newer: "Newer", "Neuere";
        older: "Older", "Ältere";
        words: "Search", "Suche";
        further: "Search further", "Weiter suchen";
        none_yet: "None of the answers looked at so far matches. There are older ones.",
            "Von den bisher durchsuchten Antworten passt keine. Es gibt ältere.";
        from: "From", "Von";
        to: "To", "Bis";
        download_these: "Download these answers for Excel", "Diese Antworten für Excel herunterladen";
        download_all: "Download all answers for Excel", "Alle Antworten für Excel herunterladen";
        none_title: "No answers yet", "Noch keine Antworten";
        none: "As soon as a customer taps a score, it is listed here. Reload the page to look again.",
            "Sobald jemand eine Bewertung antippt, steht sie hier. Zum Nachsehen die Seite neu laden.";
        none_filtered: "No answer matches the filter.", "Keine Antwort passt zur Auswahl.";
    }
}
