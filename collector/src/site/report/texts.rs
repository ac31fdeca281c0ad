//! The report's texts. Sentences with figures are functions, because each language has its own word order.

use std::borrow::Cow;

use afterword_response::Touchpoint;
use jiff::civil::Date;

use crate::aside::{Flagged, Kind};
use crate::{
    language::Language,
    query::Period,
    report::{
        Concentration, Dates, Point,
        calendar::{Day, Step, date},
        facts::{ORDER_VALUE, PROPERTY, Source, THEME, read_band},
        method::Aspect,
        statistics::{Difference, Interval, Power, Verdict},
        story::{Comparison, Course, Story},
        themes::Themes,
        won_back::{WON_BACK_DAYS, WON_BACK_SCORE, WonBackShare},
    },
    site::frame::{format::Format, names::Names},
    store::bounds::{METHODS, PROPERTIES},
    words::{
        cldr::{country, language_name},
        words,
    },
};

words! {
    /// The words without figures.
    pub(super) struct Words {
        title: "Report", "Bericht";
        filter: "What the report is about", "Worum es im Bericht geht";
        period: "Period", "Zeitraum";
        survey: "Survey", "Umfrage";
        touchpoint: "Touchpoint", "Kontaktpunkt";
        all_surveys: "All surveys", "Alle Umfragen";
        all_touchpoints: "All touchpoints", "Alle Kontaktpunkte";
        from: "From", "Von";
        to: "To", "Bis";
        show: "Show", "Anzeigen";
        all_time: "All", "Gesamt";
        without: "Show everybody's answers again", "Wieder alle Antworten zeigen";
        nps: "Net Promoter Score", "Net Promoter Score";
        answers: "Answers", "Antworten";
        response_rate: "Response rate", "Antwortquote";
        set_aside: "Not counted:", "Nicht gezählt:";
        count_flagged: "Count them", "Mitzählen";
        leave_flagged_out: "Leave them out", "Weglassen";
        look: "View", "Ansehen";
        not_measured: "not measured", "nicht gemessen";
        how_to_measure: "Add data-report=\"all\" to the tag: then the report also counts those who saw the question and did not answer.",
            "Mit data-report=\"all\" im Einbau-Code zählt der Bericht auch, wer die Frage gesehen und nicht geantwortet hat.";
        rate_with_property: "Customers who did not answer have no properties.",
            "Wer nicht geantwortet hat, lässt sich keinem Merkmal zuordnen.";
        change: "Change", "Veränderung";
        nothing_before: "nothing to compare with", "kein Vergleich möglich";
        detractors: "Detractors", "Kritische";
        passives: "Passives", "Neutrale";
        promoters: "Promoters", "Begeisterte";
        score: "Score", "Bewertung";
        share: "Share", "Anteil";
        as_table: "As a table", "Als Tabelle";
        trend: "Over time", "Verlauf";
        step: "Step", "Schritt";
        time: "Time", "Zeit";
        interval: "95% interval", "95-%-Intervall";
        marked: "Marked change", "Auffällige Änderung";
        this_period: "This period", "Dieser Zeitraum";
        mix: "At the earlier mix", "Bei früherer Mischung";
        ways: "Asked in different ways", "Auf verschiedene Weise gefragt";
        since_change: "Show only since the last change", "Nur seit der letzten Änderung zeigen";
        touchpoints: "Touchpoints side by side", "Kontaktpunkte im Vergleich";
        touchpoints_lead: "Each moment measures something else: right after the order it is the checkout and what people expect, after delivery the parcel and the goods.",
            "Jeder Moment misst etwas anderes: direkt nach der Bestellung sind es Kasse und Erwartung, nach der Lieferung Paket und Ware.";
        moments: "The same orders, asked twice", "Dieselben Bestellungen, zweimal gefragt";
        other_moments: "Other pairs of moments", "Weitere Paare von Kontaktpunkten";
        pair: "Moments", "Kontaktpunkte";
        number: "no.", "Nr.";
        orders: "Orders", "Bestellungen";
        gap: "Gap", "Abstand";
        won_back: "Won back", "Zurückgewonnen";
        month: "Month", "Monat";
        rated_again: "Rated again", "Noch einmal bewertet";
        won_back_open: "Not all of the 90 days are over yet.", "Die 90 Tage sind noch nicht alle vorbei.";
        breakdown: "Who answers how", "Wer antwortet wie";
        by: "By", "Nach";
        few: "few", "wenige";
        themes: "What people say", "Was gesagt wird";
        theme: "Theme", "Thema";
        impact: "Impact on NPS", "Einfluss auf den NPS";
        share_before: "before:", "zuvor:";
        rising: "more often than before", "häufiger als zuvor";
        examples: "Latest comments about it", "Neueste Kommentare dazu";
        all_of_theme: "All answers about it", "Alle Antworten dazu";
        phrases: "Written more often than before", "Häufiger geschrieben als zuvor";
        no_phrases: "No phrase has risen by more than chance.", "Keine Wendung ist stärker gestiegen als durch Zufall.";
        no_themes: "None of these comments names a theme.", "Keiner dieser Kommentare nennt ein Thema.";
        themes_incomplete: "The themes of earlier answers are still being found: these figures will change.",
            "Die Themen früherer Antworten werden noch ermittelt: Diese Zahlen ändern sich noch.";
        silence: "Customers who did not answer", "Wer nicht geantwortet hat";
        answered: "Answered", "Beantwortet";
        closed: "Closed unanswered", "Ohne Antwort geschlossen";
        ignored: "Neither", "Keins von beidem";
        comments: "Latest comments", "Neueste Kommentare";
        search: "Search in comments", "In Kommentaren suchen";
        search_go: "Search", "Suchen";
        everybody: "All", "Alle";
        segment: "Segment", "Gruppe";
        no_comments: "No comment in this period.", "Kein Kommentar in diesem Zeitraum.";
        none_found: "No comment matches.", "Kein Kommentar passt dazu.";
        more_comments: "More in the list of answers", "Mehr in der Liste der Antworten";
        download: "Download these answers as CSV", "Diese Antworten als CSV herunterladen";
        none_title: "No answers in this period", "Keine Antworten in diesem Zeitraum";
        none_counts: "No answer counts in this period", "In diesem Zeitraum zählt keine Antwort";
        none: "Other dates or fewer conditions may find answers.",
            "Mit anderen Daten oder weniger Bedingungen finden sich vielleicht Antworten.";
        no_values: "None of these answers says this.", "Keine dieser Antworten enthält diese Angabe.";
        show_all: "Show everything", "Alles zeigen";
        empty_title: "Your report will be here", "Hier entsteht Ihr Bericht";
        empty: "No customer has answered yet. Put the survey's tag on your thank-you page: the first answer appears here at once, and with thirty the report begins to draw conclusions.",
            "Noch hat niemand geantwortet. Setzen Sie den Einbau-Code der Umfrage auf Ihre Dankeseite: Die erste Antwort erscheint hier sofort, und ab dreißig gibt der Bericht auch Urteile ab.";
        get_tag: "Get the tag", "Zum Einbau-Code";
        see_demo: "See the question in the demo shop", "Die Frage im Demo-Shop ansehen";
        before: "Before", "Vorher";
        after: "From then on", "Seitdem";
        step_too_fine: "Shown by a longer step: this period has too many of the one asked for to be read.",
            "In längeren Schritten dargestellt: Mit den gewünschten wäre dieser Zeitraum nicht mehr lesbar.";
    }
}

/// The report's texts in a language, and the format of its numbers.
#[derive(Clone, Copy)]
pub(super) struct Texts {
    pub(super) language: Language,
    pub(super) words: &'static Words,
    pub(super) format: &'static Format,
}

impl Texts {
    pub(super) fn of(language: Language) -> Self {
        Self { language, words: Words::of(language), format: Format::of(language) }
    }

    /// The text in the reader's language.
    const fn say<T: Copy>(&self, english: T, german: T) -> T {
        match self.language {
            Language::English => english,
            Language::German => german,
        }
    }

    pub(super) fn range(&self, interval: Interval) -> String {
        self.between([interval.low, interval.high].map(|it| self.format.score(it)))
    }

    /// An interval of shares.
    pub(super) fn shares(&self, interval: Interval) -> String {
        self.between([interval.low, interval.high].map(|it| self.format.share(it)))
    }

    fn between(&self, [low, high]: [String; 2]) -> String {
        match self.language {
            Language::English => format!("{low} to {high}"),
            Language::German => format!("{low} bis {high}"),
        }
    }

    /// A period's dates, as short as possible.
    pub(super) fn dates(&self, dates: Dates) -> String {
        let (from, to) = (date(dates.from), date(dates.to));
        if from == to {
            return self.format.day(from);
        }
        format!("{} – {}", self.format.day(from), self.format.day(to))
    }

    /// The name of a step of the trend: a day, the days of a week, or a month.
    pub(super) fn step_name(&self, dates: Dates) -> String {
        let (from, to) = (date(dates.from), date(dates.to));
        if from == to {
            self.format.day(from)
        } else if from.day() == 1 && to == from.last_of_month() {
            self.format.month(from)
        } else {
            // The first date has no year, as in `07.09. – 13.09.2026`.
            let from = match self.language {
                Language::English => self.format.short_day(from),
                Language::German => format!("{:02}.{:02}.", from.day(), from.month()),
            };
            format!("{from} – {}", self.format.day(to))
        }
    }

    pub(super) fn period(&self, period: Period) -> String {
        match (period, self.language) {
            (Period::All, _) => self.words.all_time.to_owned(),
            (Period::Last(365), language) => match language {
                Language::English => "12 months".to_owned(),
                Language::German => "12 Monate".to_owned(),
            },
            (Period::Last(days), Language::English) => format!("{days} days"),
            (Period::Last(days), Language::German) => format!("{days} Tage"),
        }
    }

    pub(super) fn step(&self, step: Step) -> &'static str {
        match step {
            Step::Day => self.say("Days", "Tage"),
            Step::Week => self.say("Weeks", "Wochen"),
            Step::Month => self.say("Months", "Monate"),
        }
    }

    fn one_step(&self, step: Step) -> &'static str {
        match step {
            Step::Day => self.say("day", "Tag"),
            Step::Week => self.say("week", "Woche"),
            Step::Month => self.say("month", "Monat"),
        }
    }

    /// The name of a facet.
    pub(super) fn facet(&self, name: &str) -> String {
        match name {
            "product" => self.say("Product", "Produkt"),
            "country" => self.say("Country", "Land"),
            ORDER_VALUE => self.say("Order value", "Bestellwert"),
            "customer" => self.say("Customer", "Kundschaft"),
            "tag" => self.say("Tag", "Schlagwort"),
            "reason" => self.say("Reason", "Grund"),
            "language" => self.say("Language", "Sprache"),
            THEME => self.say("About", "Thema"),
            property => {
                let name = property.strip_prefix(PROPERTY).unwrap_or(property);
                return Names::of(self.language).property(name);
            }
        }
        .to_owned()
    }

    /// Says that these facets have more values than are counted.
    pub(super) fn left_out(&self, facets: &[String]) -> String {
        let names = facets.iter().map(|facet| match facet.as_str() {
            PROPERTIES => self.say("properties of your own", "eigene Merkmale").to_owned(),
            METHODS => self.say("ways of asking", "Arten zu fragen").to_owned(),
            facet => self.facet(facet),
        });
        let names = Vec::from_iter(names).join(", ");
        match self.language {
            Language::English => format!(
                "More arrived than is counted ({names}): what came later stands in its answers only. A \
                 survey's page says more."
            ),
            Language::German => format!(
                "Mehr kam an, als gezählt wird ({names}): Was später kam, steht nur in den Antworten. Näheres \
                 sagt die Seite der Umfrage."
            ),
        }
    }

    /// Says that a report over all surveys leaves out archived surveys.
    pub(super) fn archived(&self, names: &[&str]) -> String {
        let list = names.join(", ");
        match (self.language, names.len()) {
            (Language::English, 1) => format!("Not counted here: the archived survey {list}."),
            (Language::English, _) => format!("Not counted here: the archived surveys {list}."),
            (Language::German, 1) => {
                format!("Hier nicht gezählt: die archivierte Umfrage {list}.")
            }
            (Language::German, _) => {
                format!("Hier nicht gezählt: die archivierten Umfragen {list}.")
            }
        }
    }

    /// A facet's value in the reader's language; most values are the shop's own words.
    pub(super) fn value<'a>(&self, facet: &str, value: &'a str) -> Cow<'a, str> {
        let names = Names::of(self.language);
        if facet == ORDER_VALUE
            && let Some(band) = self.band(value)
        {
            return band.into();
        }
        let known = match (facet, value) {
            ("reason", reason) => names.reason(reason).unwrap_or(reason),
            ("customer", "new") => self.say("New", "Neu"),
            ("customer", "returning") => self.say("Returning", "Wiederkehrend"),
            ("country", code) => country(code, self.language).unwrap_or(code),
            ("language", tag) => {
                return language_name(tag, self.language).map_or(Cow::from(tag), Cow::from);
            }
            _ => value,
        };
        known.into()
    }

    /// A band of order values in the reader's language.
    fn band(&self, band: &str) -> Option<String> {
        let (currency, from, to) = read_band(band)?;
        let [from, to] = [from, to.unwrap_or_default()].map(|it| self.format.count(it));
        Some(match (self.language, read_band(band)?) {
            (Language::English, (_, 0, _)) => format!("below {to} {currency}"),
            (Language::German, (_, 0, _)) => format!("unter {to} {currency}"),
            (Language::English, (_, _, None)) => format!("{from} {currency} and more"),
            (Language::German, (_, _, None)) => format!("ab {from} {currency}"),
            (Language::English, _) => format!("{from} to below {to} {currency}"),
            (Language::German, _) => format!("{from} bis unter {to} {currency}"),
        })
    }

    /// The uncertainty of the score.
    pub(super) fn certainty(&self, interval: Interval) -> String {
        let [low, high] = [interval.low, interval.high].map(|it| self.format.score(it));
        match self.language {
            Language::English => format!(
                "These answers are a sample. The true score of all such customers most likely lies between \
                 {low} and {high}: in 19 of 20 such reports it does."
            ),
            Language::German => format!(
                "Diese Antworten sind eine Stichprobe. Der wahre Wert aller vergleichbaren Kundinnen und \
                 Kunden liegt sehr wahrscheinlich zwischen {low} und {high}: In 19 von 20 solchen Berichten \
                 trifft das zu."
            ),
        }
    }

    /// Says that answers were refused because their website is not allowed.
    pub(super) fn refused(&self, answers: u64) -> String {
        let count = self.format.count(answers);
        match (self.language, answers) {
            (Language::English, 1) => {
                "1 answer was refused: its website is not among the allowed sites.".to_owned()
            }
            (Language::English, _) => {
                format!(
                    "{count} answers were refused: their website is not among the allowed sites."
                )
            }
            (Language::German, 1) => {
                "1 Antwort wurde abgewiesen: Ihre Website ist nicht zugelassen.".to_owned()
            }
            (Language::German, _) => {
                format!("{count} Antworten wurden abgewiesen: Ihre Website ist nicht zugelassen.")
            }
        }
    }

    /// A number of answers that no figure counts, as a part of a sentence.
    pub(super) fn set_aside(&self, kind: Kind, answers: u64) -> String {
        let count = self.format.count(answers);
        let what = match (kind, answers) {
            (Kind::Test, 1) => self.say("test", "Test"),
            (Kind::Test, _) => self.say("tests", "Tests"),
            (Kind::Waiting, 1) => self.say(
                "answer to a survey that waits to be added",
                "Antwort zu einer Umfrage, die noch nicht angelegt ist",
            ),
            (Kind::Waiting, _) => self.say(
                "answers to surveys that wait to be added",
                "Antworten zu Umfragen, die noch nicht angelegt sind",
            ),
            (Kind::Repeated, 1) => {
                self.say("earlier answer of the same order", "frühere Antwort derselben Bestellung")
            }
            (Kind::Repeated, _) => self
                .say("earlier answers of the same order", "frühere Antworten derselben Bestellung"),
            (Kind::Excluded, 1) => self.say("answer taken out", "herausgenommene Antwort"),
            (Kind::Excluded, _) => self.say("answers taken out", "herausgenommene Antworten"),
            (Kind::Flagged, 1) => self.say("implausible answer", "unplausible Antwort"),
            (Kind::Flagged, _) => self.say("implausible answers", "unplausible Antworten"),
        };
        format!("{count} {what}")
    }

    /// The score with implausible answers if the report leaves them out, or without them if it counts them.
    pub(super) fn otherwise(&self, flagged: Flagged, nps: Option<f64>, answers: u64) -> String {
        let score = nps.map_or_else(|| "–".to_owned(), |nps| self.format.score(nps));
        let count = self.format.count(answers);
        match (self.language, flagged) {
            (Language::English, Flagged::Without) => {
                format!("With the implausible ones the score would be {score}.")
            }
            (Language::German, Flagged::Without) => {
                format!("Mit den unplausiblen wäre der Wert {score}.")
            }
            (Language::English, Flagged::With) => {
                format!(
                    "Implausible answers among these: {count}. Without them the score would be {score}."
                )
            }
            (Language::German, Flagged::With) => {
                format!("Darunter unplausible Antworten: {count}. Ohne sie wäre der Wert {score}.")
            }
        }
    }

    pub(super) fn too_few(&self, answers: u64) -> String {
        match (self.language, answers) {
            (Language::English, 1) => {
                "One answer so far: below 30, chance weighs more than opinion, \
                so there are figures here and no verdict yet."
                    .to_owned()
            }
            (Language::German, 1) => {
                "Erst eine Antwort: Unter 30 wiegt der Zufall schwerer als die \
                Meinung. Deshalb stehen hier Zahlen, aber noch kein Urteil."
                    .to_owned()
            }
            (Language::English, answers) => format!(
                "Only {answers} answers: below 30, chance weighs more than opinion, so there are \
                 figures here and no verdict."
            ),
            (Language::German, answers) => format!(
                "Erst {answers} Antworten: Unter 30 wiegt der Zufall schwerer als die Meinung. \
                 Deshalb stehen hier Zahlen, aber kein Urteil."
            ),
        }
    }

    pub(super) fn of_displays(&self, displays: u64) -> String {
        let displays = self.format.count(displays);
        match self.language {
            Language::English => format!("of {displays} times the question was shown"),
            Language::German => format!("bei {displays} gezeigten Fragen"),
        }
    }

    pub(super) fn verdict(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Real => self.say("Statistically clear", "Kein Zufall"),
            Verdict::CouldBeChance => self.say("Could be chance", "Kann Zufall sein"),
            Verdict::TooFew => self.say("Too few answers", "Zu wenige Antworten"),
            Verdict::NotComparable => self.say("Not comparable", "Nicht vergleichbar"),
        }
    }

    pub(super) fn verdict_reason(&self, verdict: Verdict, before: Dates) -> String {
        let before = self.dates(before);
        match (verdict, self.language) {
            (Verdict::Real, Language::English) => format!(
                "Against {before}. Chance alone makes a difference this large in at most 1 of 20 cases."
            ),
            (Verdict::Real, Language::German) => format!(
                "Gegenüber {before}. Zufall allein macht einen so großen Unterschied in höchstens 1 von 20 \
                 Fällen."
            ),
            (Verdict::CouldBeChance, Language::English) => {
                format!(
                    "Against {before}. Without any change, chance often makes such a difference."
                )
            }
            (Verdict::CouldBeChance, Language::German) => format!(
                "Gegenüber {before}. Ein solcher Unterschied kommt auch ohne jede Änderung oft vor."
            ),
            (Verdict::TooFew, Language::English) => {
                format!("Against {before}. One of both has fewer than 30 answers.")
            }
            (Verdict::TooFew, Language::German) => {
                format!("Gegenüber {before}. Einer der Zeiträume hat weniger als 30 Antworten.")
            }
            (Verdict::NotComparable, Language::English) => {
                format!("Against {before}. The question was asked another way in between.")
            }
            (Verdict::NotComparable, Language::German) => {
                format!("Gegenüber {before}. Dazwischen wurde anders gefragt.")
            }
        }
    }

    /// The difference that the answers of two periods could have shown.
    pub(super) fn power(&self, power: &Power) -> String {
        let (detectable, points) = self.power_points(power);
        let answers = self.rough_count(power.answers);
        match self.language {
            Language::English => format!(
                "With so many answers only a difference of {detectable} points or more is noticed in 4 of 5 \
                 cases. To notice {points}, it takes about {answers} in each period."
            ),
            Language::German => format!(
                "Mit so vielen Antworten fällt erst ein Unterschied ab {detectable} Punkten in 4 von 5 Fällen \
                 auf. Für {points} braucht es rund {answers} in jedem Zeitraum."
            ),
        }
    }

    /// The gap that the orders with two answers could have shown.
    pub(super) fn power_of_orders(&self, power: &Power) -> String {
        let (detectable, points) = self.power_points(power);
        let orders = self.rough_count(power.answers);
        match self.language {
            Language::English => format!(
                "With so many orders only a gap of {detectable} points or more is noticed in 4 of 5 cases. To \
                 notice {points}, it takes about {orders} orders."
            ),
            Language::German => format!(
                "Mit so vielen Bestellungen fällt erst ein Abstand ab {detectable} Punkten in 4 von 5 Fällen \
                 auf. Für {points} braucht es rund {orders} Bestellungen."
            ),
        }
    }

    /// The smallest difference that could be noticed, rounded up, and the difference that the advice is about; both in
    /// points.
    fn power_points(&self, power: &Power) -> (String, String) {
        let points = self.format.score(power.points);
        let points = points.strip_suffix(".0").or(points.strip_suffix(",0")).unwrap_or(&points);
        (self.format.whole(power.detectable.ceil()), points.to_owned())
    }

    /// A number of answers for planning: two significant figures, rounded up.
    fn rough_count(&self, count: u64) -> String {
        let unit = 10_u64.pow(count.max(1).ilog10().saturating_sub(1));
        self.format.count(count.div_ceil(unit) * unit)
    }

    /// The part of a change that comes from the change of mix.
    pub(super) fn mix_reason(&self, by_mix: f64) -> String {
        let by_mix = self.format.difference(by_mix);
        match self.language {
            Language::English => format!(
                "The mix of surveys and touchpoints has changed, which alone accounts for {by_mix} of it."
            ),
            Language::German => format!(
                "Umfragen und Kontaktpunkte sind anders gemischt als vorher; allein das macht {by_mix} aus."
            ),
        }
    }

    /// Says that many answers come from one customer, or are about one order.
    pub(super) fn concentration(&self, it: &Concentration) -> String {
        let (answers, share) = (self.format.count(it.answers), self.format.rough_share(it.share));
        match self.language {
            Language::English => {
                let from = match it.by {
                    Source::Customer => "have the same customer number",
                    Source::Order => "belong to the same order",
                };
                let when = if it.now { "" } else { "In the period before, " };
                format!(
                    "{when}{answers} answers ({share}) {from}: they are not {answers} opinions, so that \
                     intervals and verdicts promise too much here."
                )
            }
            Language::German => {
                let from = match it.by {
                    Source::Customer => "tragen dieselbe Kundennummer",
                    Source::Order => "gehören zur selben Bestellung",
                };
                let begin = if it.now {
                    format!("{answers} Antworten ({share}) {from}")
                } else {
                    let from = match it.by {
                        Source::Customer => "dieselbe Kundennummer",
                        Source::Order => "dieselbe Bestellnummer",
                    };
                    format!("Im Zeitraum davor tragen {answers} Antworten ({share}) {from}")
                };
                format!(
                    "{begin}: Das sind nicht {answers} Meinungen; Intervalle und Urteile versprechen hier \
                     zu viel."
                )
            }
        }
    }

    /// Says that the score pools answers to different questions.
    pub(super) fn pooled(&self, nps: f64) -> String {
        let nps = self.format.score(nps);
        match self.language {
            Language::English => format!(
                "The way of asking changed within this period. {nps} is an average over different \
                 questions or layouts, and what differs between these may be the asking:"
            ),
            Language::German => format!(
                "In diesem Zeitraum hat sich die Art zu fragen geändert. {nps} ist ein Durchschnitt über \
                 verschiedene Fragen oder Darstellungen; was sich dazwischen unterscheidet, kann an der Frage \
                 liegen:"
            ),
        }
    }

    /// The score of one way of asking.
    pub(super) fn way(&self, dates: Dates, nps: Option<f64>, answers: u64) -> String {
        let dates = self.dates(dates);
        let nps = nps.map_or("–".to_owned(), |nps| self.format.score(nps));
        let answers = self.answers(answers);
        match self.language {
            Language::English => format!("{dates}: {nps} from {answers}"),
            Language::German => format!("{dates}: {nps} aus {answers}"),
        }
    }

    pub(super) fn answers(&self, answers: u64) -> String {
        let count = self.format.count(answers);
        match (self.language, answers) {
            (Language::English, 1) => "1 answer".to_owned(),
            (Language::English, _) => format!("{count} answers"),
            (Language::German, 1) => "1 Antwort".to_owned(),
            (Language::German, _) => format!("{count} Antworten"),
        }
    }

    /// The difference between a row and all others.
    pub(super) fn beside_others(&self, difference: &Difference) -> String {
        let points = self.format.score(difference.points.abs());
        match (self.language, difference.points > 0.0) {
            (Language::English, true) => format!("{points} above the others"),
            (Language::English, false) => format!("{points} below the others"),
            (Language::German, true) => format!("{points} über den übrigen"),
            (Language::German, false) => format!("{points} unter den übrigen"),
        }
    }

    /// An interval of differences.
    pub(super) fn differences(&self, interval: Interval) -> String {
        self.between([interval.low, interval.high].map(|it| self.format.difference(it)))
    }

    /// Explains from which answers the themes come, and what their figures mean.
    pub(super) fn themes_lead(&self, base: u64) -> String {
        let count = self.format.count(base);
        match self.language {
            Language::English => format!(
                "About the {count} counted answers with words in German or English. A theme counts if they \
                 name it, in praise or in blame; a program on this server finds it, and it can be wrong. The \
                 impact is the score of these answers minus their score without those that name the theme. \
                 It does not say that the theme is the cause."
            ),
            Language::German => format!(
                "Es geht um die {count} gezählten Antworten mit Worten auf Deutsch oder Englisch. Ein Thema \
                 zählt, wenn sie es nennen, im Lob wie im Tadel; ein Programm auf diesem Server ermittelt das \
                 und kann sich irren. Der Einfluss ist der Wert dieser Antworten abzüglich ihres Werts ohne \
                 die, die das Thema nennen. Er besagt nicht, dass das Thema die Ursache ist."
            ),
        }
    }

    /// Which phrases are told.
    pub(super) fn phrases_lead(&self, comments: usize) -> String {
        let count = self.format.count(comments as u64);
        match self.language {
            Language::English => format!(
                "Up to three words in a row, from {count} comments of both periods. A phrase is told only if at least five \
                 customers or orders have it, so that no names appear here, and if it rose by more than chance."
            ),
            Language::German => format!(
                "Bis zu drei Wörter hintereinander, aus {count} Kommentaren beider Zeiträume. Eine Wendung steht hier nur, wenn \
                 sie von mindestens fünf Kunden oder Bestellungen stammt, damit keine Namen erscheinen, und wenn sie stärker \
                 gestiegen ist als durch Zufall."
            ),
        }
    }

    /// How many comments have a phrase, and had it.
    pub(super) fn phrase_counts(&self, now: u32, before: u32) -> String {
        match self.language {
            Language::English => format!("in {now} comments, {before} before"),
            Language::German => format!("in {now} Kommentaren, zuvor in {before}"),
        }
    }

    /// What the small line of a theme shows.
    pub(super) fn share_over_time(&self, theme: &str, from: &str, to: &str) -> String {
        match self.language {
            Language::English => format!("{theme} over time: from {from} to {to} of the answers"),
            Language::German => {
                format!("{theme} im Verlauf: von {from} auf {to} der Antworten")
            }
        }
    }

    /// Explains the marks of the themes.
    pub(super) fn themes_marks(&self, themes: &Themes) -> String {
        let has_marks = themes.named.iter().any(|it| it.difference.is_some());
        let marks = self.marks_lead(has_marks);
        if !themes.named.iter().any(|it| it.rising) {
            return marks.to_owned();
        }
        let rising = self.say(
            "“More often than before” is said where the share has risen against the period before by more \
             than chance, again with all themes looked at together.",
            "„Häufiger als zuvor“ steht, wo der Anteil gegenüber dem Zeitraum davor stärker gestiegen ist als \
             durch Zufall, wieder alle Themen zugleich betrachtet.",
        );
        format!("{marks} {rising}")
    }

    /// Explains the marks of a table, or says that there are none.
    pub(super) fn marks_lead(&self, has_marks: bool) -> &'static str {
        if has_marks {
            self.say(
                "Arrows mark what differs from all others by more than chance, all rows looked at together: \
                 without real differences, at most 1 in 20 such tables would have even one.",
                "Pfeile zeigen, was von den übrigen stärker abweicht als durch Zufall, alle Zeilen zugleich \
                 betrachtet: Gäbe es keine echten Unterschiede, stünde in höchstens einer von 20 solchen \
                 Tabellen trotzdem ein Pfeil.",
            )
        } else {
            self.say(
                "Looked at together, no row differs from the others by more than chance may make it.",
                "Alle Zeilen zugleich betrachtet weicht keine von den übrigen stärker ab, als der Zufall es kann.",
            )
        }
    }

    /// Headline and trend in one sentence; `None` if there are too few answers.
    pub(super) fn story(&self, story: &Story<'_>) -> Option<String> {
        let against = story.against.map(|against| match against {
            Comparison::Higher => self.say(
                "The score is higher than in the period before",
                "Der Wert liegt über dem des Zeitraums davor",
            ),
            Comparison::Lower => self.say(
                "The score is lower than in the period before",
                "Der Wert liegt unter dem des Zeitraums davor",
            ),
            Comparison::Alike => self.say(
                "Against the period before, no change is larger than chance may make it",
                "Gegenüber dem Zeitraum davor ist keine Änderung größer, als der Zufall sie machen kann",
            ),
        });
        if let (Some(against), Some((turn, last))) = (against, story.turned) {
            let turns = if story.against == Some(Comparison::Lower) {
                self.say("but rises again", "steigt aber wieder")
            } else {
                self.say("but falls again", "sinkt aber wieder")
            };
            let where_to = self.turned(story.against, turn, last);
            return Some(format!("{against}, {turns}: {where_to}."));
        }
        let course = story.course.map(|course| self.course(course));
        match (against, course) {
            (Some(against), Some(course)) => Some(format!("{against}; {course}.")),
            (Some(against), None) => Some(format!("{against}.")),
            (None, Some(course)) => Some(format!("{}.", capitalised(&course))),
            (None, None) => None,
        }
    }

    /// The course of the score within the period, as a part of the sentence.
    fn course(&self, course: Course<'_>) -> String {
        let size = |points: f64| self.format.whole(points.abs());
        match course {
            Course::Steady => self
                .say(
                    "within this period no direction is to be seen",
                    "innerhalb dieses Zeitraums ist keine Richtung zu erkennen",
                )
                .to_owned(),
            Course::Slides(points) => {
                let (points, rises) = (size(points), points > 0.0);
                match self.language {
                    Language::English => {
                        let goes = if rises { "rises" } else { "falls" };
                        format!(
                            "within this period it {goes} slowly, by about {points} points from \
                             beginning to end, without one step that stands out"
                        )
                    }
                    Language::German => {
                        let goes = if rises { "steigt" } else { "sinkt" };
                        format!(
                            "innerhalb dieses Zeitraums {goes} er langsam, um rund {points} Punkte vom \
                             Anfang bis zum Ende, ohne dass ein einzelner Schritt auffällt"
                        )
                    }
                }
            }
            Course::MixSlides(points) => {
                let (points, rises) = (size(points), points > 0.0);
                match self.language {
                    Language::English => {
                        let goes = if rises { "rises" } else { "falls" };
                        format!(
                            "within this period it {goes} by about {points} points, but only because \
                             the mix of surveys and touchpoints shifts: within each of them no direction \
                             is to be seen"
                        )
                    }
                    Language::German => {
                        let goes = if rises { "steigt" } else { "sinkt" };
                        format!(
                            "innerhalb dieses Zeitraums {goes} er um rund {points} Punkte, jedoch nur, \
                             weil sich die Mischung der Umfragen und Kontaktpunkte verschiebt: Für sich \
                             genommen ist bei ihnen keine Richtung zu erkennen"
                        )
                    }
                }
            }
            Course::SlidesWithin(points) => {
                let (points, rises) = (size(points), points > 0.0);
                match self.language {
                    Language::English => {
                        let go = if rises { "rise" } else { "fall" };
                        format!(
                            "taken by themselves, the touchpoints {go} by about {points} points within this \
                             period, which a shift of their mix hides"
                        )
                    }
                    Language::German => {
                        let go = if rises { "steigen" } else { "sinken" };
                        format!(
                            "für sich genommen {go} die Kontaktpunkte innerhalb dieses Zeitraums um rund \
                             {points} Punkte, was ihre verschobene Mischung verdeckt"
                        )
                    }
                }
            }
            Course::Jumps(point, marks) => {
                let step = self.step_name(point.dates);
                let points = point.change.map_or(0.0, |change| change.points);
                let (size, rises) = (self.format.difference(points), points > 0.0);
                match (self.language, marks) {
                    (Language::English, 1) => {
                        let way = if rises { "upward" } else { "downward" };
                        format!("one {way} jump stands out: {step} ({size})")
                    }
                    (Language::English, _) => {
                        let way = if rises { "upward" } else { "downward" };
                        format!("{marks} jumps stand out, the last of them {way}: {step} ({size})")
                    }
                    (Language::German, 1) => {
                        let way = if rises { "nach oben" } else { "nach unten" };
                        format!("es fällt ein Sprung {way} auf: {step} ({size})")
                    }
                    (Language::German, _) => {
                        let way = if rises { "nach oben" } else { "nach unten" };
                        format!("es fallen {marks} Sprünge auf, der letzte {way}: {step} ({size})")
                    }
                }
            }
        }
    }

    /// The step at which the course turned, and the last step.
    fn turned(&self, against: Option<Comparison>, turn: &Point, last: &Point) -> String {
        let [there, now] = [turn, last]
            .map(|point| point.figures.nps.map(|nps| self.format.whole(nps)).unwrap_or_default());
        let step = self.step_name(turn.dates);
        let end = if against == Some(Comparison::Lower) {
            self.say("lowest", "Tief")
        } else {
            self.say("highest", "Hoch")
        };
        match self.language {
            Language::English => format!("{end} at {there}, {step}; at last {now}"),
            Language::German => format!("{end} bei {there}, {step}; zuletzt {now}"),
        }
    }

    /// Explains how the score is computed.
    pub(super) fn sum(&self, promoters: f64, detractors: f64, nps: f64) -> String {
        let promoters = self.format.share(promoters);
        let detractors = self.format.share(detractors);
        let nps = self.format.score(nps);
        match self.language {
            Language::English => format!(
                "{promoters} promoters (9–10) less {detractors} detractors (0–6) make a score of {nps}."
            ),
            Language::German => format!(
                "{promoters} Begeisterte (Promotoren, 9–10) minus {detractors} Kritische (Kritiker, 0–6) \
                 ergeben einen Wert von {nps}."
            ),
        }
    }

    pub(super) fn trend_lead(&self, step: Step, compared: bool, marked: usize) -> String {
        let step = self.one_step(step);
        let band = match self.language {
            Language::English => {
                format!("The line is the score of each {step}, the band its 95% interval.")
            }
            Language::German => {
                let each = if step == "Woche" { "jeder" } else { "jedes" };
                let genitive = match step {
                    "Tag" => "Tages",
                    "Monat" => "Monats",
                    other => other,
                };
                format!("Die Linie ist der Wert {each} {genitive}, das Band sein 95-%-Intervall.")
            }
        };
        let marks = match (compared, marked, self.language) {
            (false, _, Language::English) => "No two neighbours have 30 answers each, so none is \
                compared: longer steps may help."
                .to_owned(),
            (false, _, Language::German) => {
                "Keine zwei Nachbarn haben je 30 Antworten; deshalb wird \
                nicht verglichen. Längere Schritte helfen vielleicht."
                    .to_owned()
            }
            (true, 0, Language::English) => {
                format!("No change from one {step} to the next is larger than chance may make it.")
            }
            (true, 0, Language::German) => {
                let to = if step == "Woche" { "zur nächsten" } else { "zum nächsten" };
                let from = if step == "Woche" { "von einer Woche" } else { "von einem" };
                let step = if step == "Woche" { String::new() } else { format!(" {step}") };
                format!(
                    "Keine Änderung {from}{step} {to} ist größer, als der Zufall sie machen kann."
                )
            }
            (true, _, Language::English) => {
                "Triangles mark changes too large for chance: without any \
                real change, at most 1 in 20 such charts would have even one."
                    .to_owned()
            }
            (true, _, Language::German) => {
                "Dreiecke markieren Änderungen, die für Zufall zu groß sind: \
                Gäbe es keine echte Änderung, stünde in höchstens einem von 20 solchen Bildern trotzdem eines."
                    .to_owned()
            }
        };
        format!("{band} {marks}")
    }

    pub(super) fn trend_too_short(&self, step: Step) -> &'static str {
        match step {
            Step::Day => self.say(
                "The line begins as soon as there are answers from two days.",
                "Die Linie beginnt, sobald es Antworten aus zwei Tagen gibt.",
            ),
            Step::Week => self.say(
                "The line begins as soon as there are answers from two weeks.",
                "Die Linie beginnt, sobald es Antworten aus zwei Wochen gibt.",
            ),
            Step::Month => self.say(
                "The line begins as soon as there are answers from two months.",
                "Die Linie beginnt, sobald es Antworten aus zwei Monaten gibt.",
            ),
        }
    }

    pub(super) fn trend_label(&self, points: usize, first: &str, last: &str) -> String {
        match self.language {
            Language::English => format!(
                "Line of the score in {points} steps, at first {first}, at last {last}. The table \
                 below has every figure."
            ),
            Language::German => format!(
                "Linie des Werts in {points} Schritten, zuerst {first}, zuletzt {last}. Die Tabelle \
                 darunter enthält jede Zahl."
            ),
        }
    }

    pub(super) fn distribution_label(&self) -> &'static str {
        self.say(
            "Bars of the answers by score from 0 to 10. The table below has every figure.",
            "Balken der Antworten je Bewertung von 0 bis 10. Die Tabelle darunter enthält jede Zahl.",
        )
    }

    pub(super) fn breaks_lead(&self) -> &'static str {
        self.say(
            "The line is broken where the question was asked another way. Scores on both sides of a \
             break are not comparable.",
            "Die Linie ist unterbrochen, wo anders gefragt wurde. Werte beiderseits einer \
             Unterbrechung sind nicht vergleichbar.",
        )
    }

    /// The aspects that changed on a day, each once.
    pub(super) fn changed(&self, from: Day, aspects: impl Iterator<Item = Aspect>) -> String {
        let mut names: Vec<&str> = aspects.map(|aspect| self.aspect(aspect)).collect();
        names.dedup();
        let (day, names) = (self.format.day(date(from)), names.join(", "));
        match self.language {
            Language::English => format!("{day}: asked another way ({names})"),
            Language::German => format!("{day}: anders gefragt ({names})"),
        }
    }

    pub(super) fn aspect(&self, aspect: Aspect) -> &'static str {
        match aspect {
            Aspect::Wording => self.say("wording", "Wortlaut"),
            Aspect::Layout => self.say("layout of the scale", "Anordnung der Skala"),
            Aspect::Mode => self.say("place on the page", "Platz auf der Seite"),
        }
    }

    pub(super) fn method(&self, aspect: Aspect, name: &str) -> String {
        match (aspect, name) {
            (Aspect::Wording, question) => match self.language {
                Language::English => format!("“{question}”"),
                Language::German => format!("„{question}“"),
            },
            (_, "one-row") => self.say("one row", "eine Zeile").to_owned(),
            (_, "two-rows") => self.say("two rows", "zwei Zeilen").to_owned(),
            (_, "inline") => self.say("in the page", "in der Seite").to_owned(),
            (_, "corner") => self.say("in a corner", "in einer Ecke").to_owned(),
            (_, "banner") => self.say("as a banner", "als Banner").to_owned(),
            (_, "dialog") => self.say("as a dialog", "als Dialog").to_owned(),
            (_, "tab") => self.say("opened by its tab", "über den Reiter geöffnet").to_owned(),
            (_, "manual") => self.say("opened by the page", "von der Seite geöffnet").to_owned(),
            (_, other) => other.to_owned(),
        }
    }

    /// A touchpoint after a preposition of time: "right after the order".
    fn then(&self, touchpoint: Touchpoint) -> &'static str {
        match touchpoint {
            Touchpoint::Visit => self.say("while looking around", "beim Besuch"),
            Touchpoint::Order => self.say("right after ordering", "direkt nach der Bestellung"),
            Touchpoint::Delivery => self.say("after delivery", "nach der Lieferung"),
            Touchpoint::Support => {
                self.say("after asking for support", "nach dem Kontakt mit dem Kundenservice")
            }
            Touchpoint::Return => self.say("after returning goods", "nach der Rückgabe"),
        }
    }

    pub(super) fn moments_lead(
        &self,
        orders: u64,
        (first, first_nps): (Touchpoint, f64),
        (second, second_nps): (Touchpoint, f64),
        better: u64,
        worse: u64,
    ) -> String {
        let [orders, better, worse] = [orders, better, worse].map(|it| self.format.count(it));
        let [before, after] = [first_nps, second_nps].map(|it| self.format.score(it));
        let (first, second) = (self.then(first), self.then(second));
        match self.language {
            Language::English => format!(
                "Of {orders} orders there is an answer from both moments: {before} {first}, {after} \
                 {second}. {better} moved up a segment, {worse} moved down."
            ),
            Language::German => format!(
                "Von {orders} Bestellungen gibt es beide Antworten: {before} {first}, {after} {second}. \
                 {better} sind in eine bessere Gruppe gewechselt, {worse} in eine schlechtere."
            ),
        }
    }

    /// `compared` is the number of pairs of moments.
    pub(super) fn gap_reason(&self, gap: &Difference, compared: usize) -> String {
        match gap.verdict {
            Verdict::Real => self
                .say(
                    "Too large a gap for chance: something between the two moments makes it.",
                    "Zu groß für Zufall: Zwischen den beiden Momenten liegt etwas, das ihn macht.",
                )
                .to_owned(),
            Verdict::TooFew => self
                .say(
                    "Fewer than 30 orders have both answers: no verdict yet.",
                    "Weniger als 30 Bestellungen haben beide Antworten: noch kein Urteil.",
                )
                .to_owned(),
            _ if !gap.interval.contains(0.0) => match self.language {
                Language::English => format!(
                    "By itself it would be too large for chance; among {compared} pairs compared at once, \
                     chance makes one like it more often."
                ),
                Language::German => format!(
                    "Für sich genommen wäre er zu groß für Zufall; unter {compared} zugleich verglichenen \
                     Paaren macht der Zufall einen solchen öfter."
                ),
            },
            _ => self
                .say(
                    "Chance alone may make a gap of this size.",
                    "Einen Abstand dieser Größe kann auch der Zufall machen.",
                )
                .to_owned(),
        }
    }

    /// `has_marks` is `None` if there are too few answers to compare rows.
    pub(super) fn breakdown_lead(
        &self,
        has_line: bool,
        has_marks: Option<bool>,
        has_few: bool,
        is_filtered: bool,
    ) -> String {
        let mut lead = String::new();
        if has_line {
            lead.push_str(self.say(
                "The upright line is the score of all.",
                "Die senkrechte Linie ist der Wert aller.",
            ));
        }
        if let Some(has_marks) = has_marks {
            lead.push(' ');
            lead.push_str(self.marks_lead(has_marks));
        }
        if has_few {
            lead.push(' ');
            lead.push_str(self.say(
                "Hollow points marked “few” rest on fewer than 30 answers.",
                "Hohle Punkte mit dem Vermerk „wenige“ beruhen auf weniger als 30 Antworten.",
            ));
        }
        if is_filtered {
            lead.push(' ');
            lead.push_str(self.say(
                "This table counts everybody, whatever property the rest of the page is narrowed to.",
                "Diese Tabelle zählt alle, auch wenn die Seite sonst auf eine Eigenschaft eingegrenzt ist.",
            ));
        }
        lead.trim().to_owned()
    }

    pub(super) fn more_values(&self, more: usize) -> String {
        let more_text = self.format.count(more as u64);
        match (self.language, more) {
            (Language::English, 1) => "One more value with fewer answers is not shown.".to_owned(),
            (Language::German, 1) => {
                "Ein weiterer Wert mit weniger Antworten ist nicht aufgeführt.".to_owned()
            }
            (Language::English, _) => {
                format!("{more_text} more values with fewer answers are not shown.")
            }
            (Language::German, _) => {
                format!("{more_text} weitere Werte mit weniger Antworten sind nicht aufgeführt.")
            }
        }
    }

    /// A day in the period from which displays are counted in another way.
    pub(super) fn shown_in_view_from(&self, from: Day) -> String {
        let from = self.format.day(date(from));
        match self.language {
            Language::English => format!(
                "Since {from} a question counts as shown once half of it was in view; before, once it was on the page. \
                 So the response rate rises there without anything having changed in your shop. Choose a period on one \
                 side of that day to compare."
            ),
            Language::German => format!(
                "Seit {from} zählt eine Frage erst als gezeigt, wenn die Hälfte von ihr zu sehen war; vorher, sobald sie \
                 auf der Seite stand. Die Antwortquote steigt dort also, ohne dass sich in Ihrem Shop etwas geändert \
                 hätte. Zum Vergleichen wählen Sie einen Zeitraum auf einer Seite dieses Tages."
            ),
        }
    }

    pub(super) fn won_back_lead(&self, total: &WonBackShare) -> String {
        let [won_back, detractors] =
            [total.won_back, total.detractors].map(|it| self.format.count(it));
        let share = self.format.share(total.share.unwrap_or_default());
        match self.language {
            Language::English => format!(
                "{won_back} of {detractors} detractors ({share}) were won back: within {WON_BACK_DAYS} days they rated again \
                 on the page of their answer, with {WON_BACK_SCORE} or more. The score above does not change by that."
            ),
            Language::German => format!(
                "{won_back} von {detractors} Kritischen ({share}) haben Sie zurückgewonnen: Innerhalb von {WON_BACK_DAYS} Tagen \
                 haben sie auf der Seite zu ihrer Antwort noch einmal bewertet, mit {WON_BACK_SCORE} oder mehr. Der Wert oben \
                 ändert sich dadurch nicht."
            ),
        }
    }

    pub(super) fn silence_lead(&self, bounds: Interval) -> String {
        let [worst, best] = [bounds.low, bounds.high].map(|it| self.format.score(it));
        match self.language {
            Language::English => format!(
                "Had everybody who did not answer been a detractor, the score would be {worst}; had all of \
                 them been promoters, {best}. Statistics cannot tell where in between the truth lies, and \
                 the more answer, the closer the two come."
            ),
            Language::German => format!(
                "Wären alle, die nicht geantwortet haben, kritisch, läge der Wert bei {worst}; wären alle \
                 begeistert, bei {best}. Wo dazwischen die Wahrheit liegt, kann keine Statistik sagen; \
                 je mehr antworten, desto näher rücken beide zusammen."
            ),
        }
    }

    pub(super) fn narrowed(&self, facet: &str, value: &str) -> String {
        format!("{}: {}", self.facet(facet), self.value(facet, value))
    }

    /// The label of a day on the axis.
    pub(super) fn tick(&self, day: Date, is_month: bool) -> String {
        if is_month { self.format.short_month(day) } else { self.format.short_day(day) }
    }
}

/// `text` with a capital first letter.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
