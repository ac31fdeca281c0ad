//! The texts of the pages about surveys.

use afterword_response::Touchpoint;

use super::tag::Extra;
use crate::words::words;

words! {
    pub(super) struct Words {
        title: "Surveys", "Umfragen";
        lead: "What you ask, and where. The first twenty surveys also appear here by themselves with their first answer.",
            "Was Sie fragen, und wo. Die ersten zwanzig Umfragen erscheinen hier auch von selbst, sobald ihre erste Antwort eintrifft.";
        none: "Your first survey", "Ihre erste Umfrage";
        none_do: "Give it a name; then you get the two lines to paste into your shop.",
            "Geben Sie ihr einen Namen; danach erhalten Sie die zwei Zeilen zum Einfügen in Ihren Shop.";
        add: "Add a survey", "Umfrage anlegen";
        name: "Name", "Name";
        name_hint: "For you and your colleagues. For example: after the purchase.",
            "Für Sie und Ihr Team. Zum Beispiel: Nach dem Kauf.";
        subject: "What is recommended", "Was weiterempfohlen wird";
        subject_hint: "The name in the question: that of your shop. If left empty, the name of the site is used.",
            "So steht es in der Frage: der Name Ihres Shops. Bleibt es leer, ist es der Name der Website.";
        exists: "There is a survey of this name already. Choose another name.",
            "Eine Umfrage dieses Namens gibt es schon. Wählen Sie einen anderen Namen.";
        create: "Add", "Anlegen";
        answers_none: "no answers yet", "noch keine Antworten";
        latest: ", the latest ", ", zuletzt am ";

        added: "The survey was added.", "Die Umfrage wurde angelegt.";
        added_do: "Paste the two lines below into your shop.", "Fügen Sie die zwei Zeilen unten in Ihren Shop ein.";
        saved: "Saved.", "Gespeichert.";
        saved_do: "If the subject, a link or the language changed, paste the tag again.",
            "Haben sich der Name in der Frage, ein Link oder die Sprache geändert, fügen Sie die Zeilen bitte neu ein.";
        not_saved: "Not saved yet.", "Noch nicht gespeichert.";
        not_saved_do: "Correct the marked fields under Settings, and save once more.",
            "Berichtigen Sie unter Einstellungen die markierten Felder, und speichern Sie noch einmal.";
        allowed: "Allowed.", "Zugelassen.";
        allowed_do: "Answers from there are taken from now on.", "Antworten von dort werden ab jetzt angenommen.";
        forgotten: "The list was cleared.", "Die Liste wurde geleert.";
        all_surveys: "All surveys", "Alle Umfragen";
        report: "Report", "Bericht";
        responses: "Answers", "Antworten";

        refused: "Answers were refused", "Antworten wurden abgewiesen";
        refused_lead: "They came from sites that this survey does not list. The customers were told so, and could try again.",
            "Sie kamen von Websites, die für diese Umfrage nicht eingetragen sind. Wer geantwortet hat, hat das gesehen und konnte es erneut versuchen.";
        allow: "Allow this site", "Diese Website zulassen";
        forget: "Clear this list", "Liste leeren";
        hidden_frame: "a sandboxed frame, which names no site", "ein abgeschotteter Rahmen, der keine Website nennt";

        left_out: "More arrived than is counted", "Es kam mehr an, als gezählt wird";
        left_out_lead: "Anybody can invent properties and values. What came first is counted; what came later is only in its answers. Under Settings you choose which properties of your own are counted.",
            "Merkmale und Werte kann sich jeder ausdenken. Gezählt wird, was zuerst kam; was später kam, steht nur in den Antworten. Welche eigenen Merkmale gezählt werden, bestimmen Sie unter Einstellungen.";
        since: "since", "seit";
        properties: "Properties of your own", "Eigene Merkmale";
        first_come: "the first that arrive", "die ersten, die ankommen";
        waiting: "Waiting to be added", "Noch nicht angelegt";
        waiting_lead: "Answers to these surveys arrived. Twenty surveys appear by themselves; these wait, and their answers are kept and not counted until you add them. If you do not know one, somebody invented it.",
            "Zu diesen Umfragen sind Antworten eingetroffen. Zwanzig Umfragen erscheinen von selbst; diese warten, und ihre Antworten werden aufbewahrt und erst gezählt, wenn Sie sie anlegen. Kennen Sie eine nicht, hat sie jemand erfunden.";
        add_this: "Add", "Anlegen";
        look_at_answers: "Look at the answers", "Antworten ansehen";

        link_record: "Who saw the review link", "Wer den Bewertungslink gesehen hat";
        link_record_lead: "One link for every score or for none: asking only satisfied customers for a public review misleads its readers, and platforms forbid it. This record shows that it was so. It names no person.",
            "Der Link erscheint nach jeder Bewertung oder nach keiner: Wer nur Zufriedene um eine öffentliche Rezension bittet, täuscht deren Leserinnen und Leser, und die Plattformen verbieten es. Diese Aufzeichnung belegt, dass es so war. Sie nennt keine Person.";
        link_by_score: "Satisfied customers saw the link more often.", "Wer zufrieden war, sah den Link häufiger.";
        link_by_score_do: "That is more than chance. Look for a condition in your shop's pages: the widget itself has none.",
            "Das ist mehr als Zufall. Suchen Sie nach einer Bedingung in den Seiten Ihres Shops: Die Umfrage selbst kennt keine.";
        link_scores: "By score", "Nach Bewertung";
        link_scores_lead: "Counted answers. The rest were not sent to the end, so nobody was thanked, or came from a page that does not tell.",
            "Gezählte Antworten. Die übrigen wurden nicht zu Ende gesendet, also auch nicht mit einem Dank beantwortet, oder kamen von einer Seite, die es nicht mitteilt.";
        link_score: "Score", "Bewertung";
        link_answers: "Answers", "Antworten";
        link_shown: "Link shown", "Link gezeigt";
        link_not_shown: "No link", "Kein Link";
        link_csv: "By day, as CSV", "Nach Tagen, als CSV";
        link_json: "By day, as JSON", "Nach Tagen, als JSON";
        link_history: "The setting", "Die Einstellung";
        link_history_lead: "What was set here. Attributes in your shop's pages take precedence.",
            "Was hier eingestellt war. Attribute in den Seiten Ihres Shops gehen vor.";
        link_never: "No link was ever set here.", "Hier war nie ein Link eingestellt.";
        link_none: "no link", "kein Link";

        removal: "Archive or delete", "Archivieren oder löschen";
        archive: "Archive this survey", "Diese Umfrage archivieren";
        archive_do: "An archived survey is left out where all surveys are counted. It still accepts answers, and its own report shows them.",
            "In Auswertungen über alle Umfragen zählt eine archivierte nicht mehr mit. Sie nimmt weiter Antworten an, und ihr eigener Bericht zeigt sie.";
        restore: "Take it out of the archive", "Aus dem Archiv holen";
        restore_do: "Taken out of the archive, it counts among all surveys again.",
            "Danach zählt sie in Auswertungen über alle Umfragen wieder mit.";
        archived: "The survey was archived.", "Die Umfrage wurde archiviert.";
        archived_do: "Reports on all surveys leave it out.", "In Auswertungen über alle Umfragen zählt sie nicht mehr mit.";
        restored: "The survey is back.", "Die Umfrage ist zurück.";
        restored_do: "It counts among all surveys again.", "In Auswertungen über alle Umfragen zählt sie wieder mit.";
        is_archived: "Archived since", "Archiviert seit";
        is_archived_do: "It is left out where all surveys are counted.",
            "In Auswertungen über alle Umfragen zählt sie nicht mit.";
        archive_title: "Archive", "Archiv";
        archive_lead: "These are left out where all surveys are counted. Their answers are kept.",
            "In Auswertungen über alle Umfragen zählen diese nicht mit. Ihre Antworten bleiben erhalten.";
        delete: "Delete", "Löschen";
        delete_do: "This deletes the survey with all its answers and displays. First you see what would be deleted.",
            "Das löscht die Umfrage mit allen Antworten und Anzeigen. Vorher sehen Sie, was gelöscht würde.";
        delete_sure: "Delete this survey for good?", "Diese Umfrage endgültig löschen?";
        delete_lead: "All of it disappears from the reports, the search and the files of the database. Answers that still arrive are refused until somebody adds the survey again; so take the tag out of your shop. Earlier backups still contain them.",
            "Alles verschwindet aus Berichten, Suche und den Dateien der Datenbank. Antworten, die noch eintreffen, werden abgewiesen, bis jemand die Umfrage wieder anlegt; nehmen Sie deshalb die Zeilen aus Ihrem Shop. Ältere Sicherungen enthalten sie noch.";
        delete_in_file: "The settings file names this survey. Take it out there and restart; then it can be deleted.",
            "Diese Umfrage steht in der Einstellungsdatei. Nehmen Sie sie dort heraus und starten Sie neu; danach lässt sie sich löschen.";
        delete_name: "The survey's name", "Name der Umfrage";
        delete_other_name: "That is not its name.", "So heißt sie nicht.";
        delete_now: "Delete for good", "Endgültig löschen";
        delete_keep: "Keep it", "Behalten";
        deleted: "The survey was deleted.", "Die Umfrage wurde gelöscht.";
        deleted_do: "The receipt is on the page Data.", "Der Beleg steht auf der Seite Daten.";
        when: "When", "Wann";
        score: "Score", "Bewertung";
        comment: "Comment", "Kommentar";

        tag: "Put it into your shop", "In Ihren Shop einbauen";
        moment: "Moment", "Zeitpunkt";
        where_visit: "On any page, best at its end. It appears where you paste the lines.",
            "Auf eine beliebige Seite, am besten ans Ende. Die Frage erscheint dort, wo die Zeilen stehen.";
        where_order: "On the thank-you page after the order, below the thanks.",
            "Auf die Dankeseite nach der Bestellung, unter den Dank.";
        where_delivery: "On the page that your message about the delivery links to, for example the order's status.",
            "Auf die Seite, auf die Ihre Nachricht zur Lieferung verweist, zum Beispiel den Bestellstatus.";
        where_support: "On the page that ends a request to your support.",
            "Auf die Seite, mit der eine Anfrage beim Kundenservice endet.";
        where_return: "On the page that confirms a return.", "Auf die Seite, die eine Rückgabe bestätigt.";
        copy: "Copy", "Kopieren";
        copied: "Copied", "Kopiert";
        preview: "Preview", "Vorschau";
        order: "Send the order's number along", "Bestellnummer mitsenden";
        order_do: "Then one order's answers at several moments can be compared, found and erased by its number. The template of your shop knows it.",
            "Dann lassen sich die Antworten einer Bestellung zu mehreren Zeitpunkten vergleichen, finden und über die Nummer löschen. Die Vorlage Ihres Shops kennt die Nummer.";
        elsewhere: "Another template", "Andere Vorlage";
        noscript: "For customers without JavaScript", "Für Kundinnen und Kunden ohne JavaScript";
        noscript_do: "Paste this instead of the two lines. Whoever browses without JavaScript then sees an ordinary form in the question's place, and is thanked on a page in their language.",
            "Fügen Sie dies anstelle der zwei Zeilen ein. Wer ohne JavaScript unterwegs ist, sieht dann an der Stelle der Frage ein gewöhnliches Formular; den Dank zeigt eine Seite in derselben Sprache.";
        rate: "Count customers who do not answer, too", "Auch zählen, wer nicht antwortet";
        rate_do: "Then the report knows the response rate. Only that the question was shown is noted, without a person or an order.",
            "Dann kennt der Bericht die Antwortquote. Vermerkt wird nur, dass die Frage gezeigt wurde, ohne Person und Bestellung.";
        extras: "Beside the comment", "Neben dem Kommentar";
        reasons: "Reasons to tap", "Gründe zum Antippen";
        contact: "A contact for your reply", "Kontakt für Ihre Antwort";
        quote: "Permission to quote", "Erlaubnis zum Zitieren";
        receipt: "For everybody, a link to their own answer", "Für alle ein Link zur eigenen Rückmeldung";
        extras_do: "The reasons in the tag are examples; replace them with yours. Contact and permission are voluntary, and whoever gives one gets the link in any case.",
            "Die Gründe in der Zeile sind Beispiele; ersetzen Sie sie durch Ihre eigenen. Kontakt und Erlaubnis sind freiwillig, und wer eines davon gibt, bekommt den Link in jedem Fall.";
        no: "No", "Nein";
        apply: "Apply", "Übernehmen";
        policy: "If your shop has a content security policy", "Wenn Ihr Shop eine Content Security Policy hat";
        policy_do: "Add this address to script-src and connect-src, and 'wasm-unsafe-eval' to script-src.",
            "Nehmen Sie diese Adresse in script-src und connect-src auf, und 'wasm-unsafe-eval' in script-src.";

        settings: "Settings", "Einstellungen";
        in_file: "The settings file decides over this.", "Darüber entscheidet die Einstellungsdatei.";
        review_link: "Review link", "Bewertungslink";
        review_link_hint: "Where customers may write a public review. Every score sees it, as the platforms' rules demand.",
            "Wo Kundinnen und Kunden öffentlich bewerten können. Alle sehen ihn, unabhängig von der Bewertung; so verlangen es die Regeln der Plattformen.";
        privacy_link: "Privacy notice", "Datenschutzerklärung";
        privacy_link_hint: "The address of your notice. A small link to it is shown below the question, before anybody answers.",
            "Die Adresse der Erklärung. Unter der Frage steht ein kleiner Link darauf, noch bevor jemand antwortet.";
        privacy_link_shop: "Left open, the shop's:", "Bleibt es leer, gilt die des Shops:";
        no_privacy: "The question has no link to a privacy notice yet.",
            "Unter der Frage fehlt noch der Link zur Datenschutzerklärung.";
        no_privacy_do: "Enter it below under Settings, or for all surveys in the shop's settings.",
            "Tragen Sie ihn bei den Einstellungen dieser Umfrage ein, oder für alle Umfragen in den Einstellungen des Shops.";
        origins: "Allowed sites", "Zugelassene Websites";
        origins_hint: "One a line, such as https://shop.example or https://*.shop.example. Left open, answers from any site are taken. Answers from elsewhere are refused, and counted here.",
            "Eine je Zeile, etwa https://shop.example oder https://*.shop.example. Bleibt es leer, werden Antworten von überall angenommen. Andere werden abgewiesen und hier gezählt.";
        retention: "Keep answers for", "Antworten aufbewahren";
        retention_hint: "Older answers are erased, once a day. A proposal: 730 days, which is two years. Left open: ",
            "Ältere Antworten werden einmal am Tag gelöscht. Ein Vorschlag: 730 Tage, also zwei Jahre. Bleibt es leer: ";
        days: "days", "Tage";
        days_90: "3 months", "3 Monate";
        days_365: "1 year", "1 Jahr";
        days_730: "2 years", "2 Jahre";
        days_1095: "3 years", "3 Jahre";
        language: "Language of the pages", "Sprache der Seiten";
        language_any: "Automatic", "Automatisch";
        save: "Save", "Speichern";
        any: "any", "alle";
        unlimited: "without limit", "unbegrenzt";
        not_set: "not set", "nicht gesetzt";
        id: "Id", "Kennung";

        preview_title: "Preview", "Vorschau";
        preview_lead: "This is the question as your shop shows it. Nothing is sent.",
            "So steht die Frage in Ihrem Shop. Es wird nichts gesendet.";
        back: "Back to the survey", "Zurück zur Umfrage";
        no_widget: "The question cannot be shown: the widget's files are not part of this collector. Its log says what to do.",
            "Die Frage lässt sich nicht anzeigen: Diesem Collector fehlen die Dateien des Widgets. Sein Protokoll sagt, was zu tun ist.";
    }
}

impl Words {
    /// The place in the shop for the tag.
    pub(super) const fn place(&self, touchpoint: Touchpoint) -> &'static str {
        match touchpoint {
            Touchpoint::Visit => self.where_visit,
            Touchpoint::Order => self.where_order,
            Touchpoint::Delivery => self.where_delivery,
            Touchpoint::Support => self.where_support,
            Touchpoint::Return => self.where_return,
        }
    }

    /// What can be asked or offered beside the comment.
    pub(super) const fn extra(&self, extra: Extra) -> &'static str {
        match extra {
            Extra::Reasons => self.reasons,
            Extra::Contact => self.contact,
            Extra::Quote => self.quote,
            Extra::Receipt => self.receipt,
        }
    }
}
