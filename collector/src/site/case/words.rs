//! The texts about cases, in the inbox and on the page of an answer.

use crate::{
    language::Language,
    query::StateChoice,
    site::{frame::format::Format, hits::number},
    store::{
        Hits,
        cases::{Actor, CaseChange, State},
        replies::Way,
    },
    words::words,
};

words! {
    pub(crate) struct Words {
        title: "Inbox", "Eingang";
        lead: "Answers that somebody should look after: with a comment, a low score or a contact.",
            "Was Kundinnen und Kunden gesagt haben und jemand ansehen sollte: Worte, niedrige Bewertungen, Wünsche nach einer Antwort.";
        to_week: "The week on one page", "Die Woche auf einer Seite";
        filter: "Filter", "Auswahl";
        search: "Search", "Suche";
        show: "Show", "Anzeigen";
        show_all: "Show all", "Alle anzeigen";
        state: "State", "Stand";
        owner: "Owner", "Zuständig";
        score: "Score", "Bewertung";
        anybody: "Anybody", "Alle";
        any: "All", "Alle";
        me: "Me", "Ich";
        nobody: "Nobody", "Niemand";
        list: "Cases", "Fälle";
        pages: "Pages", "Seiten";
        newest: "Newest", "Neueste";
        newer: "Newer", "Neuere";
        older: "Older", "Ältere";
        further: "Search further", "Weiter suchen";
        none: "Nothing waits here.", "Hier wartet nichts.";
        none_lead: "New comments, low scores and contacts appear here by themselves.",
            "Neue Worte, niedrige Bewertungen und Wünsche nach einer Antwort erscheinen hier von selbst.";
        none_filtered: "No case matches the filter.", "Kein Fall passt zur Auswahl.";
        none_yet: "None of the cases looked at so far matches. There are older ones.",
            "Von den bisher durchsuchten Fällen passt keiner. Es gibt ältere.";
        look_in_responses: "Search all answers for it", "In allen Antworten danach suchen";
        choose: "Choose", "Auswählen";
        no_words: "Score only, no comment.", "Nur eine Bewertung, kein Kommentar.";
        with_chosen: "With the chosen cases", "Mit den ausgewählten Fällen";
        choose_all: "Choose all", "Alle auswählen";
        give_to: "Give to", "Übergeben an";
        give: "Give", "Übergeben";
        close_detail: "Back to the list", "Zurück zur Liste";

        open: "Open", "Offen";
        all: "All", "Alle";
        new: "New", "Neu";
        seen: "Seen", "Gesehen";
        in_progress: "In progress", "In Arbeit";
        answered: "Answered", "Beantwortet";
        closed: "Closed", "Geschlossen";
        no_case: "Not in the inbox", "Nicht im Eingang";

        case: "Case", "Fall";
        set_new: "Mark as new", "Als neu markieren";
        set_seen: "Seen", "Gesehen";
        set_in_progress: "In progress", "In Arbeit nehmen";
        set_answered: "Answered", "Beantwortet";
        set_closed: "Close", "Schließen";
        take: "Take it", "Übernehmen";
        looked_after_by: "Looked after by", "Zuständig:";
        looked_after_by_nobody: "Nobody looks after it yet.", "Noch ist niemand zuständig.";
        note: "Private note", "Interne Notiz";
        note_hint: "Only colleagues who work with answers see it. It is erased with the answer, and a customer who asks for their data receives it.",
            "Nur Kolleginnen und Kollegen, die mit Antworten arbeiten, sehen sie. Sie wird mit der Antwort gelöscht und gehört zur Auskunft an Betroffene.";
        add_note: "Add note", "Notiz hinzufügen";
        note_long: "At most 4,000 characters. Nothing was saved; your text is still in the field.",
            "Höchstens 4.000 Zeichen. Es wurde nichts gespeichert; Ihr Text steht noch im Feld.";
        history: "What was done", "Was geschah";

        undo: "Undo", "Rückgängig machen";
        changed_meanwhile: "Your change was not made. Look at the case as it is now, and decide again.",
            "Ihre Änderung wurde nicht vorgenommen. Sehen Sie sich den jetzigen Stand an, und entscheiden Sie neu.";
        nothing_changed: "Nothing changed: the case was like this already.", "Nichts geändert: Es war schon so.";

        former: "former colleague", "ehemalige Person im Team";
        token_holder: "holder of the admin token", "Admin-Token";
        customer: "Customer", "Kundin oder Kunde";
        collector: "Afterword", "Afterword";

        keys: "Keyboard", "Tastatur";
        keys_on: "Use these keys", "Diese Tasten verwenden";
        key_next: "next case", "nächster Fall";
        key_previous: "previous case", "vorheriger Fall";
        key_search: "search", "suchen";
        key_close: "close the open case and go to the next", "offenen Fall schließen, weiter zum nächsten";
        key_help: "show these keys", "diese Tasten zeigen";
    }
}

impl Words {
    /// The name of a state.
    pub(crate) const fn name_of(&self, state: State) -> &'static str {
        match state {
            State::New => self.new,
            State::Seen => self.seen,
            State::InProgress => self.in_progress,
            State::Answered => self.answered,
            State::Closed => self.closed,
        }
    }

    /// The name of a choice of states.
    pub(crate) const fn name_of_choice(&self, wanted: StateChoice) -> &'static str {
        match wanted {
            StateChoice::Open => self.open,
            StateChoice::All => self.all,
            StateChoice::One(state) => self.name_of(state),
        }
    }

    /// The button that sets a state.
    pub(crate) const fn setting(&self, state: State) -> &'static str {
        match state {
            State::New => self.set_new,
            State::Seen => self.set_seen,
            State::InProgress => self.set_in_progress,
            State::Answered => self.set_answered,
            State::Closed => self.set_closed,
        }
    }

    /// The name of an actor or owner.
    pub(crate) fn name<'a>(&self, who: &'a Actor) -> &'a str {
        match who {
            Actor::Colleague { name: Some(name), .. } => name,
            Actor::Colleague { name: None, .. } => self.former,
            Actor::TokenHolder => self.token_holder,
            Actor::Customer => self.customer,
            Actor::Collector => self.collector,
        }
    }
}

/// An event as a short sentence without a subject: `Closed`, `Given to Kim`.
pub(crate) fn happened(what: &CaseChange, language: Language) -> String {
    let words = Words::of(language);
    match (what, language) {
        (CaseChange::State(Some(state)), _) => words.name_of(*state).to_owned(),
        (CaseChange::State(None), _) => words.no_case.to_owned(),
        (CaseChange::Owner(Some(who)), Language::English) => {
            format!("Given to {}", words.name(who))
        }
        (CaseChange::Owner(Some(who)), Language::German) => {
            format!("Übergeben an {}", words.name(who))
        }
        (CaseChange::Owner(None), Language::English) => "Given to nobody".into(),
        (CaseChange::Owner(None), Language::German) => "Niemand mehr zuständig".into(),
        (CaseChange::Note(Some(_)), Language::English) => "Note added".into(),
        (CaseChange::Note(Some(_)), Language::German) => "Notiz hinzugefügt".into(),
        (CaseChange::Note(None), Language::English) => "Note taken back".into(),
        (CaseChange::Note(None), Language::German) => "Notiz zurückgenommen".into(),
        (CaseChange::Reply(Some(Way::Page)), Language::English) => {
            "Replied on the answer page".into()
        }
        (CaseChange::Reply(Some(Way::Page)), Language::German) => {
            "Auf der Antwortseite geantwortet".into()
        }
        (CaseChange::Reply(Some(Way::Mail)), Language::English) => "Replied by mail".into(),
        (CaseChange::Reply(Some(Way::Mail)), Language::German) => "Per E-Mail geantwortet".into(),
        (CaseChange::Reply(Some(Way::Elsewhere)), Language::English) => {
            "Replied with another program".into()
        }
        (CaseChange::Reply(Some(Way::Elsewhere)), Language::German) => {
            "Mit einem anderen Programm geantwortet".into()
        }
        (CaseChange::Reply(None), Language::English) => "Reply taken back".into(),
        (CaseChange::Reply(None), Language::German) => "Antwort zurückgenommen".into(),
        (CaseChange::WroteBack, Language::English) => "Wrote back; new again".into(),
        (CaseChange::WroteBack, Language::German) => "Zurückgeschrieben; wieder neu".into(),
        (CaseChange::RatedAgain, Language::English) => {
            "Rated again, with a comment; new again".into()
        }
        (CaseChange::RatedAgain, Language::German) => {
            "Noch einmal bewertet, mit Kommentar; wieder neu".into()
        }
        (CaseChange::MailFailed, Language::English) => {
            "The reply could not be delivered by mail; new again".into()
        }
        (CaseChange::MailFailed, Language::German) => {
            "Die Antwort war per E-Mail nicht zustellbar; wieder neu".into()
        }
        (CaseChange::Words, Language::English) => "Added or changed their words; new again".into(),
        (CaseChange::Words, Language::German) => "Worte ergänzt oder geändert; wieder neu".into(),
    }
}

/// `1 case`, `1,284 cases`.
pub(crate) fn cases(count: u64, language: Language) -> String {
    let number = Format::of(language).count(count);
    match (language, count) {
        (Language::English, 1) => "1 case".into(),
        (Language::English, _) => format!("{number} cases"),
        (Language::German, 1) => "1 Fall".into(),
        (Language::German, _) => format!("{number} Fälle"),
    }
}

/// The number of cases that a filter finds.
pub(crate) fn found(hits: Hits, language: Language) -> String {
    match (hits, language) {
        (Hits::Exactly(count), _) => cases(count, language),
        (Hits::AtLeast(_), Language::English) => format!("{} cases", number(hits, language)),
        (Hits::AtLeast(_), Language::German) => format!("{} Fälle", number(hits, language)),
    }
}

/// The text of the link to cases that arrived after the list was made.
pub(crate) fn news(hits: Hits, language: Language) -> String {
    match language {
        Language::English => format!("{} new: show", number(hits, language)),
        Language::German => format!("{} neu: anzeigen", number(hits, language)),
    }
}

/// Says that somebody else had already changed the case.
pub(crate) fn changed_by(who: &Actor, language: Language) -> String {
    let name = Words::of(language).name(who);
    match language {
        Language::English => format!("{name} changed this case meanwhile:"),
        Language::German => format!("Inzwischen geändert durch {name}:"),
    }
}

/// Says that some of several cases were not changed.
pub(crate) fn kept(count: u32, language: Language) -> String {
    match (language, count) {
        (Language::English, 1) => {
            "1 case was changed by somebody else meanwhile and stayed as it was.".into()
        }
        (Language::English, _) => {
            format!(
                "{count} cases were changed by somebody else meanwhile and stayed as they were."
            )
        }
        (Language::German, 1) => {
            "1 Fall wurde inzwischen von jemand anderem geändert und blieb, wie er war.".into()
        }
        (Language::German, _) => format!(
            "{count} Fälle wurden inzwischen von jemand anderem geändert und blieben, wie sie waren."
        ),
    }
}

/// The label of the box that applies an action to the other cases of the order or customer, too.
pub(crate) fn also_others(count: usize, language: Language) -> String {
    match (language, count) {
        (Language::English, 1) => "Also for the other case of this order or customer".into(),
        (Language::English, _) => {
            format!("Also for the {count} other cases of this order or customer")
        }
        (Language::German, 1) => "Auch für den anderen Fall dieser Bestellung oder Person".into(),
        (Language::German, _) => {
            format!("Auch für die {count} anderen Fälle dieser Bestellung oder Person")
        }
    }
}
