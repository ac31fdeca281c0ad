//! The report's words. Sentences with figures in them are functions: each language orders its own.

use afterword_response::Touchpoint;
use jiff::civil::Date;

use crate::{
    language::Language,
    query::Period,
    report::{
        Dates,
        calendar::{Day, Step, date},
        method::Aspect,
        statistics::{Interval, Verdict},
    },
    site::frame::format::Format,
    words::words,
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
        not_measured: "not measured", "nicht gemessen";
        how_to_measure: "Add data-report=\"all\" to the tag: then this page also knows who saw the question and said nothing.",
            "Mit data-report=\"all\" im Einbau-Code weiß diese Seite auch, wer die Frage gesehen und nichts gesagt hat.";
        rate_with_property: "Who did not answer has no property to go by.",
            "Wer nicht geantwortet hat, lässt sich keiner Eigenschaft zuordnen.";
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
        touchpoints: "Touchpoints side by side", "Kontaktpunkte im Vergleich";
        touchpoints_lead: "Each moment measures something else: right after the order it is the checkout and what people expect, after delivery the parcel and the goods.",
            "Jeder Moment misst etwas anderes: direkt nach der Bestellung sind es Kasse und Erwartung, nach der Lieferung Paket und Ware.";
        moments: "The same orders, asked twice", "Dieselben Bestellungen, zweimal gefragt";
        other_moments: "Other pairs of moments", "Weitere Paare von Kontaktpunkten";
        pair: "Moments", "Kontaktpunkte";
        number: "no.", "Nr.";
        orders: "Orders", "Bestellungen";
        gap: "Gap", "Abstand";
        breakdown: "Who answers how", "Wer antwortet wie";
        by: "By", "Nach";
        few: "few", "wenige";
        silence: "Those who said nothing", "Wer nichts gesagt hat";
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
        more_comments: "More in the list of responses", "Mehr in der Liste der Antworten";
        download: "Download these answers as CSV", "Diese Antworten als CSV herunterladen";
        none_title: "No answers in this period", "Keine Antworten in diesem Zeitraum";
        none: "With other dates or fewer conditions there may be some.",
            "Mit anderen Daten oder weniger Bedingungen gibt es vielleicht welche.";
        show_all: "Show everything", "Alles zeigen";
        empty_title: "Here the report will be", "Hier entsteht der Bericht";
        empty: "No customer has answered yet. Put the survey's tag on your order page; the first answer appears here at once, and from thirty on the report also judges.",
            "Noch hat niemand geantwortet. Setzen Sie den Einbau-Code der Umfrage auf Ihre Bestellseite: Die erste Antwort erscheint hier sofort, und ab dreißig gibt der Bericht auch Urteile ab.";
        get_tag: "Get the tag", "Zum Einbau-Code";
        see_demo: "See the question in the demo shop", "Die Frage im Demo-Shop ansehen";
        before: "Before", "Vorher";
        after: "From then on", "Seitdem";
        step_too_fine: "Shown by a longer step: this period has too many of the one asked for to be read.",
            "In längeren Schritten dargestellt: Mit den gewünschten wäre dieser Zeitraum nicht mehr lesbar.";
    }
}

/// The report's words in a language, and its numbers.
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

    /// The one or the other.
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

    /// A period's dates, as short as they are clear.
    pub(super) fn dates(&self, dates: Dates) -> String {
        let (from, to) = (date(dates.from), date(dates.to));
        if from == to {
            return self.format.day(from);
        }
        format!("{} – {}", self.format.day(from), self.format.day(to))
    }

    /// A step of the trend by its name: a day, the days of a week, a month.
    pub(super) fn step_name(&self, dates: Dates) -> String {
        let (from, to) = (date(dates.from), date(dates.to));
        if from == to {
            self.format.day(from)
        } else if from.day() == 1 && to == from.last_of_month() {
            self.format.month(from)
        } else {
            format!("{} – {}", self.format.short_day(from), self.format.day(to))
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

    /// What a breakdown goes by.
    pub(super) fn facet(&self, name: &str) -> String {
        match name {
            "product" => self.say("Product", "Produkt"),
            "country" => self.say("Country", "Land"),
            "customer" => self.say("Customer", "Kundschaft"),
            "tag" => self.say("Tag", "Schlagwort"),
            "reason" => self.say("Reason", "Grund"),
            "language" => self.say("Language", "Sprache"),
            property => return spoken(property.strip_prefix("prop-").unwrap_or(property)),
        }
        .to_owned()
    }

    /// A facet's value as people say it; most are the shop's own words.
    pub(super) fn value<'a>(&self, facet: &str, value: &'a str) -> &'a str {
        match (facet, value) {
            ("customer", "new") => self.say("New", "Neu"),
            ("customer", "returning") => self.say("Returning", "Wiederkehrend"),
            ("language", "de") => self.say("German", "Deutsch"),
            ("language", "en") => self.say("English", "Englisch"),
            _ => value,
        }
    }

    /// How sure the score is.
    pub(super) fn certainty(&self, interval: Interval) -> String {
        let range = self.range(interval);
        match self.language {
            Language::English => format!(
                "Chance allowed for, the score of all customers like these lies in the range of \
                 {range}; in 19 of 20 such reports that is true."
            ),
            Language::German => format!(
                "Den Zufall eingerechnet liegt der Wert aller vergleichbaren Kundinnen und Kunden \
                 im Bereich {range}; in 19 von 20 solchen Berichten stimmt das."
            ),
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
            Verdict::Real => self.say("Real", "Echt"),
            Verdict::CouldBeChance => self.say("Could be chance", "Kann Zufall sein"),
            Verdict::TooFew => self.say("Too few answers", "Zu wenige Antworten"),
            Verdict::NotComparable => self.say("Not comparable", "Nicht vergleichbar"),
        }
    }

    pub(super) fn verdict_reason(&self, verdict: Verdict, before: Dates) -> String {
        let before = self.dates(before);
        match (verdict, self.language) {
            (Verdict::Real, Language::English) => {
                format!("Against {before}. Chance alone seldom makes a difference this large.")
            }
            (Verdict::Real, Language::German) => {
                format!("Gegenüber {before}. So groß ist ein Unterschied selten durch Zufall.")
            }
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

    /// How the score comes about.
    pub(super) fn sum(&self, promoters: f64, detractors: f64, nps: f64) -> String {
        let promoters = self.format.share(promoters);
        let detractors = self.format.share(detractors);
        let nps = self.format.score(nps);
        match self.language {
            Language::English => format!(
                "{promoters} promoters (9–10) less {detractors} detractors (0–6) make a score of {nps}."
            ),
            Language::German => format!(
                "{promoters} Begeisterte (9–10) minus {detractors} Kritische (0–6) ergeben einen Wert \
                 von {nps}."
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
                real change, fewer than 1 in 20 such charts would have even one."
                    .to_owned()
            }
            (true, _, Language::German) => {
                "Dreiecke markieren Änderungen, die für Zufall zu groß sind: \
                Ohne echte Änderung hätte weniger als eines von 20 solchen Bildern auch nur eines."
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

    /// What changed on a day, each aspect once.
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
                self.say("after asking for support", "nach dem Kontakt mit dem Kundendienst")
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

    pub(super) fn gap_reason(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Real => self.say(
                "Too large a gap for chance: something between the two moments makes it.",
                "Zu groß für Zufall: Zwischen den beiden Momenten liegt etwas, das ihn macht.",
            ),
            Verdict::TooFew => self.say(
                "Fewer than 30 orders have both answers: no verdict yet.",
                "Weniger als 30 Bestellungen haben beide Antworten: noch kein Urteil.",
            ),
            _ => self.say(
                "Chance alone may make a gap of this size.",
                "Einen Abstand dieser Größe kann auch der Zufall machen.",
            ),
        }
    }

    pub(super) fn breakdown_lead(&self, has_few: bool, is_filtered: bool) -> String {
        let mut lead = self
            .say(
                "The upright line is the score of all; a bar that crosses it may differ by chance only.",
                "Die senkrechte Linie ist der Wert aller; ein Balken, der sie kreuzt, weicht vielleicht nur \
                 zufällig ab.",
            )
            .to_owned();
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
        lead
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

    pub(super) fn silence_lead(&self, bounds: Interval) -> String {
        let [worst, best] = [bounds.low, bounds.high].map(|it| self.format.score(it));
        match self.language {
            Language::English => format!(
                "Had everybody who said nothing been a detractor, the score would be {worst}; had all of \
                 them been promoters, {best}. Statistics cannot tell where in between the truth lies, and \
                 the more answer, the closer the two come."
            ),
            Language::German => format!(
                "Wären alle, die nichts gesagt haben, kritisch, läge der Wert bei {worst}; wären alle \
                 begeistert, bei {best}. Wo dazwischen die Wahrheit liegt, kann keine Statistik sagen; \
                 je mehr antworten, desto näher rücken beide zusammen."
            ),
        }
    }

    pub(super) fn narrowed(&self, facet: &str, value: &str) -> String {
        format!("{}: {}", self.facet(facet), self.value(facet, value))
    }

    /// A day of the axis.
    pub(super) fn tick(&self, day: Date, is_month: bool) -> String {
        if is_month { self.format.short_month(day) } else { self.format.short_day(day) }
    }
}

/// A property's name as people write words: `gift-wrap` as `Gift wrap`.
fn spoken(name: &str) -> String {
    let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    let words = words.join(" ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        // A name of signs only is its own.
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_is_called_by_words() {
        for (name, expected) in [
            ("coupon", "Coupon"),
            ("gift-wrap", "Gift wrap"),
            ("utm_source", "Utm source"),
            ("Filiale.Ort", "Filiale Ort"),
            ("--", "--"),
        ] {
            assert_eq!(spoken(name), expected, "{name}");
        }
    }
}
