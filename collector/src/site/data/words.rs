//! The texts of the page about data.

use crate::{store::erasures::Subject, words::words};

words! {
    pub(super) struct Words {
        title: "Data", "Daten";
        lead: "Take answers with you, bring in old ones, erase what has to go.",
            "Antworten mitnehmen, alte mitbringen, löschen, was nicht bleiben soll.";
        all: "All", "Alle";

        export: "Export", "Exportieren";
        export_lead: "All matching answers as a file, however many there are.",
            "Alle passenden Antworten als Datei, egal wie viele es sind.";
        survey: "Survey", "Umfrage";
        touchpoint: "Touchpoint", "Kontaktpunkt";
        segment: "Segment", "Gruppe";
        from: "From", "Von";
        to: "To", "Bis";
        words: "Search in comments", "Suche in Kommentaren";
        format: "Format", "Format";
        sheet_file: "Table for Excel", "Tabelle für Excel";
        sheet_hint: "Ten columns in your language, with the date and time of your shop.",
            "Zehn Spalten auf Deutsch, mit Datum und Uhrzeit Ihres Shops.";
        csv: "Complete, as CSV", "Vollständig, als CSV";
        csv_hint: "Every field that is stored. It can be imported again, here or in another collector.",
            "Alle gespeicherten Felder. Lässt sich wieder importieren, hier oder in einem anderen Collector.";
        moment: "Date and time", "Datum und Uhrzeit";
        order_number: "Order number", "Bestellnummer";
        customer_number: "Customer number", "Kundennummer";
        products: "Products", "Produkte";
        jsonl: "Complete, as JSON Lines", "Vollständig, als JSON Lines";
        jsonl_hint: "For programs: one answer a line.", "Für Programme: eine Antwort pro Zeile.";
        download: "Download", "Herunterladen";
        program_hint: "Programs read the same at ", "Programme lesen dasselbe unter ";

        import: "Import", "Importieren";
        import_lead: "Bring in old answers, so that your trend does not start at zero: exports of Delighted, Wootric, Google Forms, Qualtrics, Typeform, SurveyMonkey, LimeSurvey and Formbricks, any table as CSV or Excel workbook, and Afterword's own files.",
            "Bringen Sie alte Antworten mit, damit Ihr Verlauf nicht bei null beginnt: Exporte von Delighted, Wootric, Google Formulare, Qualtrics, Typeform, SurveyMonkey, LimeSurvey und Formbricks, jede Tabelle als CSV oder Excel-Arbeitsmappe und Dateien von Afterword selbst.";
        step_file: "Choose a file", "Datei wählen";
        step_check: "Check", "Prüfen";
        step_done: "Done", "Fertig";
        steps: "Steps", "Schritte";
        file: "File", "Datei";
        file_hint: "CSV, Excel (.xlsx) or JSON Lines, with the columns' names above the answers; at most 20 MB. Nothing is imported yet: first you see how it is understood.",
            "CSV, Excel (.xlsx) oder JSON Lines, mit den Spaltennamen über den Antworten; höchstens 20 MB. Noch wird nichts importiert: Erst sehen Sie, wie die Datei verstanden wird.";
        belongs: "What the answers belong to", "Wozu die Antworten gehören";
        into_survey: "Survey", "Umfrage";
        new_survey: "Or a new one", "Oder eine neue";
        new_survey_hint: "Its id: letters, digits, hyphens.", "Ihre Kennung: Buchstaben, Ziffern, Bindestriche.";
        asked_at: "Touchpoint", "Kontaktpunkt";
        language: "Language", "Sprache";
        unless: "Where the file itself says otherwise, the file counts.",
            "Wo die Datei selbst etwas anderes sagt, gilt die Datei.";
        check_file: "Check the file", "Datei prüfen";
        not_allowed: "Your role sees this page only. Members may import and erase.",
            "Ihre Rolle darf hier nur lesen. Importieren und löschen darf, wer die Rolle Mitarbeit hat.";

        understood: "How the file is understood", "So wird die Datei verstanden";
        of: "Origin", "Herkunft";
        another: "another program", "ein anderes Programm";
        encoding: "Encoding", "Zeichensatz";
        format_is: "Format", "Format";
        comma: "CSV with commas", "CSV mit Kommas";
        semicolon: "CSV with semicolons", "CSV mit Semikolons";
        workbook: "Excel workbook", "Excel-Arbeitsmappe";
        sheet: "Sheet", "Blatt";
        tab: "CSV with tabs", "CSV mit Tabulatoren";
        lines: "JSON Lines, one answer a line", "JSON Lines, eine Antwort pro Zeile";
        rows: "Rows", "Zeilen";
        columns: "What the columns are", "Was in den Spalten steht";
        column: "Column", "Spalte";
        examples: "Examples", "Beispiele";
        is: "Meaning", "Bedeutung";
        times: "Times are written", "Zeiten sind geschrieben";
        as_guessed: "as guessed", "wie erkannt";
        own_columns: "This is Afterword's own export; every column is known.",
            "Das ist ein Export von Afterword selbst; jede Spalte ist bekannt.";
        left_out: "Names, e-mail addresses and IP addresses are left out unless you choose otherwise. Comments are redacted like all others.",
            "Namen, E-Mail-Adressen und IP-Adressen werden weggelassen, wenn Sie nichts anderes wählen. Kommentare werden bereinigt wie alle anderen.";
        first: "The first answers, as they would be stored", "Die ersten Antworten, so wie sie gespeichert würden";
        line: "Line", "Zeile";
        time: "Time", "Zeit";
        score: "Score", "Bewertung";
        comment: "Comment", "Kommentar";
        themes: "Themes", "Themen";
        order: "Order", "Bestellung";
        would_add: "would be added", "kämen hinzu";
        added: "added", "hinzugekommen";
        known: "are there already", "sind schon da";
        was_erased: "were erased and stay so", "wurden gelöscht und bleiben es";
        not_taken: "are not taken", "werden nicht übernommen";
        was_known: "were there already", "waren schon da";
        was_not_taken: "were not taken", "nicht übernommen";
        rejected: "What is not taken", "Was nicht übernommen wird";
        reason: "Reason", "Grund";
        and_more: " more are in the list that you can download after the import.",
            " weitere stehen in der Liste, die Sie nach dem Import herunterladen können.";
        again: "Check again", "Noch einmal prüfen";
        none_new: "Nothing to import.", "Nichts zu importieren.";
        none_new_do: "None of the rows would add an answer.", "Keine der Zeilen brächte eine neue Antwort.";
        another_file: "Another file", "Andere Datei";
        not_yet: "Not yet.", "Noch nicht.";
        missing_score: "Say which column is the score.", "Wählen Sie, in welcher Spalte die Bewertung steht.";
        missing_time: "Say which column is the time.", "Wählen Sie, in welcher Spalte die Zeit steht.";
        stars: "The answers are 1 to 5 stars. That is another question than 0 to 10, and mixed with scores they would mislead. If you want them all the same, choose “stars, each counted as two”: 5 stars become a 10, 4 an 8, 3 a 6. The report says that they were asked in another way.",
            "Die Antworten sind 1 bis 5 Sterne. Das ist eine andere Frage als 0 bis 10; mit Bewertungen gemischt führen sie in die Irre. Wenn Sie sie trotzdem wollen, wählen Sie „Sterne, jeder zählt zwei“: 5 Sterne werden eine 10, 4 eine 8, 3 eine 6. Der Bericht sagt, dass anders gefragt wurde.";
        currency_missing: "Some amounts have no currency. Choose it below, or leave the column out.",
            "Bei einigen Beträgen steht keine Währung. Wählen Sie sie unten, oder lassen Sie die Spalte weg.";
        currency: "Currency of the amounts", "Währung der Beträge";
        currency_of_file: "As in the file", "Wie in der Datei";
        listed_first: "The list holds the first {count} of them.", "Die Liste enthält die ersten {count} davon.";
        double: "Only one column can be: ", "Nur eine Spalte kann das sein: ";
        dates_unclear: "Most of the times are written in no way that is known. Say how they are written, or choose another column.",
            "Die meisten Zeiten sind auf keine bekannte Weise geschrieben. Wählen Sie, wie sie geschrieben sind, oder eine andere Spalte.";

        imported: "Imported", "Importiert";
        imported_do: "The report counts them from now on. A second import of the same file would change nothing.",
            "Der Bericht zählt sie ab jetzt mit. Ein zweiter Import derselben Datei würde nichts ändern.";
        nothing_new: "Nothing new was in the file; nothing has changed.",
            "In der Datei war nichts Neues; es hat sich nichts geändert.";
        download_rejected: "Download the rows that were not taken", "Nicht übernommene Zeilen herunterladen";
        download_rejected_hint: "Correct the rows in the downloaded file, and import it. It can be downloaded here for a day.",
            "Berichtigen Sie die Zeilen in der heruntergeladenen Datei und importieren Sie diese. Herunterladen können Sie sie hier einen Tag lang.";
        to_report: "See the report", "Zum Bericht";
        to_data: "Back to Data", "Zurück zu Daten";

        erase: "Erase", "Löschen";
        erase_lead: "For customers who ask to be forgotten. First you see what would be erased.",
            "Wenn jemand vergessen werden möchte. Sie sehen vorher, was gelöscht wird.";
        erase_by: "Whose answers", "Wessen Antworten";
        by_order: "Of an order, by its number", "Einer Bestellung, nach ihrer Nummer";
        by_customer: "Of a customer, by their number", "Einer Kundin oder eines Kunden, nach der Nummer";
        by_response: "One answer, by its id", "Eine Antwort, nach ihrer Kennung";
        value: "Number or id", "Nummer oder Kennung";
        look: "Preview deletion", "Löschung prüfen";
        sure: "Erase these answers for good?", "Diese Antworten endgültig löschen?";
        sure_lead: "They disappear from the report, the search and the files of the database, together with their displays. No late retry and no import brings them back. Earlier backups still contain them.",
            "Sie verschwinden aus Bericht, Suche und den Dateien der Datenbank, samt ihren Anzeigen. Auch eine verspätete Sendung oder ein Import bringt sie nicht zurück. Ältere Sicherungen enthalten sie noch.";
        erase_now: "Erase for good", "Endgültig löschen";
        keep: "Keep them", "Behalten";
        erased: "Erased.", "Gelöscht.";
        receipt_is: "Your receipt: ", "Ihr Beleg: ";
        receipt_do: "Note it with the request: it says how much was erased, and not whose.",
            "Vermerken Sie ihn bei der Anfrage: Er sagt, wie viel gelöscht wurde, und nicht, von wem.";
        nothing: "Nothing found.", "Nichts gefunden.";
        nothing_do: "No answer is kept under ", "Keine Antwort ist gespeichert unter ";

        receipts: "Deletion log", "Löschprotokoll";
        no_receipts: "Nothing was erased so far.", "Bisher wurde nichts gelöscht.";
        receipt: "Receipt", "Beleg";
        when: "When", "Wann";
        why: "By", "Nach";
        responses: "Answers", "Antworten";
        one_response: "answer", "Antwort";
        many_responses: "answers", "Antworten";
        one_display: "display", "Anzeige";
        many_displays: "displays", "Anzeigen";
        open_quote: "“", "„";
        close_quote: "”", "“";
        with_comment: "with a comment", "mit Kommentar";
        with_contact: "with a contact", "mit Kontakt";
        displays: "Displays", "Anzeigen";
        subject_response: "answer", "Antwort";
        subject_order: "order", "Bestellung";
        subject_customer: "customer", "Kundin oder Kunde";
        subject_survey: "a survey", "eine Umfrage";
        subject_filter: "a choice in the list", "eine Auswahl der Liste";
        subject_retention: "age", "Alter";

        backups: "Backups", "Sicherungen";
        backups_lead: "Everything is in one file. This makes a whole copy of it, also while the collector runs; put it into a daily job, and keep the copies on another machine.",
            "Alles liegt in einer Datei. Dieser Befehl macht eine vollständige Kopie davon, auch im laufenden Betrieb; führen Sie ihn täglich aus und bewahren Sie die Kopien auf einem anderen Rechner auf.";
        restore_lead: "To bring one back, stop the collector; what was there is kept beside it.",
            "Zum Zurückholen halten Sie den Collector an; was vorher da war, bleibt daneben liegen.";
        doctor_lead: "This checks everything and says what to do.",
            "Dieser Befehl sieht alles durch und sagt, was zu tun ist.";

        refused: "Not possible.", "Das geht nicht.";
        no_file: "Choose a file first.", "Wählen Sie zuerst eine Datei.";
        too_large: "The file is larger than 20 MB. Split it, or import it on the command line: afterword-collector import FILE.",
            "Die Datei ist größer als 20 MB. Teilen Sie sie, oder importieren Sie sie auf der Kommandozeile: afterword-collector import DATEI.";
        wrong_survey: "A survey's id has 1 to 64 letters, digits, full stops, hyphens or underscores, and no umlauts.",
            "Die Kennung einer Umfrage hat 1 bis 64 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche und keine Umlaute.";
        no_value: "Enter the number or id.", "Geben Sie die Nummer oder Kennung ein.";
        confirmed: "Confirmed.", "Bestätigt.";
        confirmed_do: "It is being erased in the background; the receipt will appear below.",
            "Es wird nun nebenher gelöscht; der Beleg erscheint unten.";
    }
}

impl Words {
    /// The criterion of an erasure.
    pub(super) const fn subject(&self, subject: Subject) -> &'static str {
        match subject {
            Subject::Response => self.subject_response,
            Subject::Order => self.subject_order,
            Subject::Customer => self.subject_customer,
            Subject::Survey => self.subject_survey,
            Subject::Filter => self.subject_filter,
            Subject::Retention => self.subject_retention,
        }
    }
}
