//! The texts of the settings.

use crate::{access::Scope, words::words};

words! {
    pub(super) struct Words {
        title: "Settings", "Einstellungen";
        areas: "Settings", "Einstellungen";
        own: "Your account", "Ihr Konto";
        colleagues: "Colleagues", "Team";
        tokens: "Tokens", "Token";
        shop: "Shop", "Shop";
        themes: "Themes", "Themen";
        rules: "Words of your own", "Eigene Wörter";
        rules_lead: "Which words name a theme in your shop, beside those that are known anyway: a carrier, a voucher, a line of goods. They hold in every language.",
            "Welche Wörter bei Ihnen ein Thema nennen, neben den ohnehin bekannten: ein Paketdienst, ein Gutschein, eine Produktlinie. Sie gelten in jeder Sprache.";
        rule_words: "Words", "Wörter";
        rule_words_hint: "One word, or several in a row. * stands for any letters: bonus* also finds Bonuskarte.",
            "Ein Wort oder mehrere, die nebeneinander stehen. * steht für beliebige Buchstaben: bonus* findet auch Bonuskarte.";
        rule_theme: "Theme", "Thema";
        add_rule: "Add", "Hinzufügen";
        rule_empty: "Enter a word with letters or digits.", "Geben Sie ein Wort mit Buchstaben oder Ziffern ein.";
        rule_long: "Enter at most 100 characters.", "Geben Sie höchstens 100 Zeichen ein.";
        rule_short: "Write at least three letters beside a *: fewer are in many other words.",
            "Schreiben Sie neben einem * mindestens drei Buchstaben: Weniger kommen in vielen anderen Wörtern vor.";
        rule_known: "This rule is there already.", "Diese Regel gibt es schon.";
        rules_full: "There are 200 rules. Remove one first.", "Es gibt schon 200 Regeln. Entfernen Sie zuerst eine.";
        your_themes: "Your themes", "Ihre Themen";
        your_themes_lead: "What answers are sorted by. Name a theme as your shop calls it, or switch off what does not concern you.",
            "Wonach Antworten sortiert werden. Nennen Sie ein Thema so, wie es bei Ihnen heißt, oder schalten Sie ab, was Sie nicht betrifft.";
        theme_name: "Name", "Name";
        usual_name_hint: "If left empty, it has its usual name in each language:", "Bleibt es leer, gilt in jeder Sprache der übliche Name:";
        own_name_hint: "As your team calls it, in one language.", "So, wie Ihr Team es nennt.";
        is_wanted: "Look for this theme", "Nach diesem Thema suchen";
        is_own: "your own", "eigenes";
        is_off: "off", "abgeschaltet";
        own_theme: "A theme of your own", "Ein eigenes Thema";
        own_theme_lead: "It is found by your words alone, in every language. There can be 20.",
            "Es wird nur an Ihren Wörtern erkannt, in jeder Sprache. Möglich sind 20.";
        own_rule: "First words", "Erste Wörter";
        add_theme: "Add theme", "Thema hinzufügen";
        theme_name_wrong: "Enter a name of 1 to 60 characters.", "Geben Sie einen Namen mit 1 bis 60 Zeichen ein.";
        theme_name_taken: "Another theme has this name.", "Ein anderes Thema heißt schon so.";
        themes_full: "There are 20 themes of your own, or 200 rules. Rename one that is off, or remove a rule.",
            "Es gibt schon 20 eigene Themen oder 200 Regeln. Benennen Sie ein abgeschaltetes um, oder entfernen Sie eine Regel.";
        theme_added: "The theme was added. Earlier answers are looked through again in the background.",
            "Das Thema wurde hinzugefügt. Frühere Antworten werden im Hintergrund neu durchgesehen.";
        theme_saved: "The theme was saved.", "Das Thema wurde gespeichert.";
        your_rules: "Your rules", "Ihre Regeln";
        no_rules: "There are none yet.", "Noch gibt es keine.";
        rule_added: "The rule was added. Earlier answers are looked through again in the background.",
            "Die Regel wurde hinzugefügt. Frühere Antworten werden im Hintergrund neu durchgesehen.";
        rule_removed: "The rule was removed. Earlier answers are looked through again in the background.",
            "Die Regel wurde entfernt. Frühere Antworten werden im Hintergrund neu durchgesehen.";
        finding_themes: "Earlier answers are being looked through. Until that is done, the report may miss some of them.",
            "Frühere Antworten werden gerade durchgesehen. Bis dahin können im Bericht welche fehlen.";
        customers: "For your customers", "Für Ihre Kundschaft";
        customers_lead: "Customers see this on the pages of this collector: the thanks without JavaScript, and the page with their own answer. The links are also shown below the question.",
            "Das sieht Ihre Kundschaft auf den Seiten dieses Collectors: beim Dank ohne JavaScript und auf der Seite mit der eigenen Antwort. Die Links stehen auch unter der Frage.";
        shop_name: "Name of the shop", "Name des Shops";
        shop_name_hint: "Above these pages, unless there is a logo.", "Über diesen Seiten, wenn dort kein Logo steht.";
        accent: "Colour", "Farbe";
        accent_hint: "Such as #274bb5. Buttons have it, with black or white letters; where it would be too pale or too dark to read, a stronger shade is used. The lines to paste have it as data-accent.",
            "Etwa #274bb5. Schaltflächen bekommen sie, mit schwarzer oder weißer Schrift; wo sie zu hell oder zu dunkel zum Lesen wäre, wird ein kräftigerer Ton verwendet. In den Zeilen zum Einfügen steht sie als data-accent.";
        accent_wrong: "Enter a colour such as #274bb5, or leave the field empty.",
            "Geben Sie eine Farbe wie #274bb5 ein, oder lassen Sie das Feld leer.";
        logo: "Logo", "Logo";
        logo_lead: "Above the pages that customers see.", "Über den Seiten, die Ihre Kundschaft sieht.";
        logo_now: "Your logo", "Ihr Logo";
        logo_file: "Image", "Bild";
        logo_hint: "PNG, JPEG or WebP, at most 200 KB. It is shown up to 56 pixels high; twice as high is sharp everywhere.",
            "PNG, JPEG oder WebP, höchstens 200 KB. Gezeigt wird es bis zu 56 Pixel hoch; doppelt so hoch ist es überall scharf.";
        logo_remove: "Remove the logo", "Logo entfernen";
        logo_saved: "The logo was changed.", "Das Logo wurde geändert.";
        logo_too_large: "This file is larger than 200 KB. Save the image smaller.",
            "Diese Datei ist größer als 200 KB. Speichern Sie das Bild kleiner.";
        logo_no_image: "This is no PNG, JPEG or WebP image. Save the logo in one of these formats.",
            "Das ist kein Bild im Format PNG, JPEG oder WebP. Speichern Sie das Logo in einem dieser Formate.";
        privacy: "Privacy notice", "Datenschutzerklärung";
        privacy_hint: "Its address. A survey can have one of its own. If it changes, paste the tags again.",
            "Die Adresse der Erklärung. Eine Umfrage kann eine eigene haben. Ändert sie sich, fügen Sie den Einbau-Code neu ein.";
        imprint: "Legal notice", "Impressum";
        imprint_hint: "The address of the page that says who you are.",
            "Die Adresse der Seite mit Ihrer Anbieterkennzeichnung.";
        links_saved: "Name and links were saved.", "Name und Links wurden gespeichert.";
        zone: "Time zone", "Zeitzone";
        zone_lead: "When your days begin. The report counts by these days, and all times are shown in this zone.",
            "Wann Ihre Tage beginnen. Nach ihnen zählt der Bericht, und alle Uhrzeiten gelten in dieser Zone.";
        zone_hint: "By its name, such as Europe/Berlin. Changing it recounts all days.",
            "Mit ihrem Namen, etwa Europe/Berlin. Eine Änderung zählt alle Tage neu.";
        zone_wrong: "There is no time zone of this name.", "Eine Zeitzone dieses Namens gibt es nicht.";
        zone_saved: "The time zone was changed, and all days were recounted.",
            "Die Zeitzone wurde geändert, und alle Tage wurden neu gezählt.";
        in_file: "The settings file decides over this.", "Darüber entscheidet die Einstellungsdatei.";
        done: "Done.", "Erledigt.";

        health: "Health", "Zustand";
        is_fine: "Fine", "In Ordnung";
        is_to_do: "To do", "Zu tun";
        storing: "New answers are stored.", "Neue Antworten werden gespeichert.";
        not_storing: "New answers cannot be stored at the moment.",
            "Neue Antworten können gerade nicht gespeichert werden.";
        not_storing_do: "Customers' browsers keep them and send them again. Usually the disk is full or was set to read-only: the collector's log names the reason, and it goes on by itself once the reason is gone.",
            "Die Browser der Kundschaft bewahren sie auf und senden sie später erneut. Meist ist der Datenträger voll oder schreibgeschützt: Das Protokoll des Collectors nennt den Grund. Ist er behoben, geht es von selbst weiter.";
        latest_answers: "Latest answers", "Letzte Antworten";
        survey: "Survey", "Umfrage";
        answers: "Answers", "Antworten";
        latest_answer: "Latest", "Letzte";
        never_answered: "none yet", "noch keine";
        no_surveys: "There is no survey yet.", "Es gibt noch keine Umfrage.";

        no_account: "You came with the admin token, which belongs to no account.",
            "Sie sind mit dem Admin-Token hier; zu ihm gehört kein Konto.";
        name: "Name", "Name";
        name_hint: "As your colleagues know you.", "So, wie man Sie im Team kennt.";
        name_wrong: "Enter a name of at most 100 characters.", "Geben Sie einen Namen mit höchstens 100 Zeichen ein.";
        login_is: "You sign in as ", "Sie melden sich an als ";
        save: "Save", "Speichern";
        name_saved: "Your name was changed.", "Ihr Name wurde geändert.";
        password: "Password", "Passwort";
        password_lead: "Afterwards you are signed in here only.", "Danach sind Sie nur noch hier angemeldet.";
        current: "Current password", "Bisheriges Passwort";
        current_wrong: "This is not your current password.", "Das ist nicht Ihr bisheriges Passwort.";
        change: "Change the password", "Passwort ändern";
        password_saved: "Your password was changed, and you were signed out everywhere else.",
            "Ihr Passwort wurde geändert; überall sonst wurden Sie abgemeldet.";
        sessions: "Where you are signed in", "Wo Sie angemeldet sind";
        sessions_lead: "A browser that was not used for 7 days is signed out, and every one after 30 days. Neither addresses nor browsers' names are kept.",
            "Nach 7 Tagen ohne Nutzung wird ein Browser abgemeldet, spätestens nach 30 Tagen. Weder Adressen noch Namen der Browser werden gespeichert.";
        since: "Signed in", "Angemeldet";
        seen: "Last used", "Zuletzt benutzt";
        this_one: "This browser", "Dieser Browser";
        another: "Another browser", "Anderer Browser";
        out_everywhere: "Sign out everywhere", "Überall abmelden";

        invite: "Invite somebody", "Jemanden einladen";
        invite_lead: "You get a link to hand over yourself. It works once, for three days.",
            "Sie erhalten einen Link, den Sie selbst weitergeben. Er gilt einmal und drei Tage lang.";
        invite_lead_mail: "The link works once, for three days. It is sent to the address, or shown to you to hand over yourself.",
            "Der Link gilt einmal und drei Tage lang. Er wird an die Adresse gesendet oder Ihnen angezeigt, damit Sie ihn selbst weitergeben.";
        mail: "E-mail address (optional)", "E-Mail-Adresse (freiwillig)";
        mail_hint: "The link is sent there, and not shown. The address is not stored.",
            "Dorthin wird der Link gesendet; angezeigt wird er dann nicht. Die Adresse wird nicht gespeichert.";
        mail_invitation: "Your access to Afterword", "Ihr Zugang zu Afterword";
        mail_invitation_lead: "You are invited to see what customers say. Open this link to choose your login and password:",
            "Sie sind eingeladen zu lesen, was Ihre Kundschaft sagt. Öffnen Sie diesen Link und wählen Sie Anmeldenamen und Passwort:";
        mail_password: "A new password for Afterword", "Ein neues Passwort für Afterword";
        mail_password_lead: "Open this link to choose a new password. If you did not ask for one, do nothing: your password stays as it is.",
            "Öffnen Sie diesen Link und wählen Sie ein neues Passwort. Wenn Sie keines angefordert haben, tun Sie nichts: Ihr Passwort bleibt, wie es ist.";
        mail_until: "It works once, until ", "Er gilt einmal, bis ";
        link_sent: "The link was sent to ", "Der Link wurde gesendet an ";
        link_not_sent: "The link could not be sent. The log of the collector says why.",
            "Der Link konnte nicht gesendet werden. Das Protokoll des Collectors sagt, warum.";
        who: "Name", "Name";
        who_hint: "So that you recognise the invitation here. It can be changed by whoever accepts it.",
            "Damit Sie die Einladung hier wiedererkennen. Wer sie annimmt, kann den Namen ändern.";
        role: "Role", "Rolle";
        make_link: "Create link", "Link erstellen";
        link_for: "The link for ", "Der Link für ";
        link_do: "Copy it now and hand it over; it is not shown again.",
            "Kopieren Sie ihn jetzt und geben Sie ihn weiter; er wird nicht noch einmal angezeigt.";
        copy: "Copy", "Kopieren";
        copied: "Copied", "Kopiert";
        until: "It works until ", "Er gilt bis ";
        open: "Open invitations", "Offene Einladungen";
        until_short: "until ", "bis ";
        withdraw: "Withdraw", "Zurückziehen";
        withdrawn: "The invitation was withdrawn.", "Die Einladung wurde zurückgezogen.";
        you: "you", "Sie";
        edit: "Change", "Ändern";
        give_role: "Give this role", "Rolle vergeben";
        role_hint: "They are signed out, and sign in again with the new role.",
            "Sie oder er wird abgemeldet und meldet sich mit der neuen Rolle wieder an.";
        password_link: "Link for a new password", "Link für ein neues Passwort";
        password_link_hint: "For somebody who lost theirs. Until it is used, the old password works.",
            "Wenn jemand das Passwort verloren hat. Bis der Link benutzt wird, gilt das alte.";
        remove: "Remove", "Entfernen";
        remove_ask: "Remove…", "Entfernen…";
        remove_sure: "Remove", "Konto entfernen:";
        keep_them: "Keep", "Behalten";
        last_admin_hint: "The only admin. Give the role to somebody else first.",
            "Das einzige Admin-Konto. Geben Sie die Rolle zuerst jemand anderem.";
        remove_hint: "They are signed out at once and cannot sign in any more. What they did stays.",
            "Sie oder er wird sofort abgemeldet und kann sich nicht mehr anmelden. Was getan wurde, bleibt.";
        role_saved: "The role was changed. Whoever has it was signed out, and signs in again with the new role.",
            "Die Rolle wurde geändert. Die Person wurde abgemeldet und meldet sich mit der neuen Rolle wieder an.";
        removed: "The colleague was removed.", "Die Person wurde entfernt.";
        last_admin: "Not possible.", "Das geht nicht.";
        last_admin_do: "This is the last admin, and nobody could let others in any more. Give somebody else that role first.",
            "Das ist das letzte Konto mit der Rolle Admin; danach könnte niemand mehr jemandem Zugang geben. Geben Sie diese Rolle zuerst jemand anderem.";
        gone: "There is no such colleague any more.", "Diese Person gibt es hier nicht mehr.";
        who_may: "Who may do what", "Wer was darf";
        see: "See the report, answers, surveys; export", "Bericht, Antworten und Umfragen sehen; exportieren";
        work: "Import, erase, change surveys", "Importieren, löschen, Umfragen ändern";
        decide: "Colleagues and tokens", "Team und Token";
        yes: "yes", "ja";
        no: "no", "nein";

        tokens_lead: "With a token a program reads or writes here by itself. Each program gets its own, so that it can be revoked alone.",
            "Mit einem Token liest oder schreibt ein Programm hier selbst. Jedes Programm bekommt ein eigenes, damit es einzeln widerrufen werden kann.";
        new_token: "A new token", "Neues Token";
        token_name: "What for", "Wofür";
        token_name_hint: "For example: nightly export.", "Zum Beispiel: nächtlicher Export.";
        token_name_wrong: "Say what for, in at most 100 characters.", "Schreiben Sie in höchstens 100 Zeichen, wofür.";
        scope: "Permissions", "Berechtigungen";
        scope_read: "Read answers and report", "Antworten und Bericht lesen";
        scope_cases: "Read the inbox: cases with their answers, without notes and contacts", "Eingang lesen: Fälle mit ihren Antworten, ohne Notizen und Kontakte";
        scope_import: "Import answers", "Antworten importieren";
        scope_admin: "Everything", "Alles";
        make_token: "Create token", "Token erstellen";
        token_is: "The token for ", "Das Token für ";
        token_do: "Copy it now; it is not shown again. Programs send it as the header ",
            "Kopieren Sie es jetzt; es wird nicht noch einmal angezeigt. Programme senden es als Kopfzeile ";
        no_tokens: "There are no tokens yet. The admin token from the first start is not listed here.",
            "Noch gibt es keine Token. Das Admin-Token vom ersten Start steht nicht in dieser Liste.";
        made: "made ", "erstellt ";
        by: " by ", " von ";
        used: "last used ", "zuletzt benutzt ";
        never_used: "never used", "nie benutzt";
        revoke: "Revoke", "Widerrufen";
        revoke_hint: "Programs that use it are refused at once.", "Programme, die es benutzen, werden sofort abgewiesen.";
        revoked: "The token was revoked.", "Das Token wurde widerrufen.";
    }
}

impl Words {
    /// The description of a token's scope.
    pub(super) const fn scope_name(&self, scope: Scope) -> &'static str {
        match scope {
            Scope::Read => self.scope_read,
            Scope::Cases => self.scope_cases,
            Scope::Import => self.scope_import,
            Scope::Admin => self.scope_admin,
        }
    }
}
