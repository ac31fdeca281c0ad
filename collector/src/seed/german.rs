//! The German comments of the demo shop's customers. [`super::words`] describes the form of a line.

use super::happened::Event;

/// Complete comments of a few words, by mood.
pub(super) const SHORT_GLAD: &[&str] = &[
    "{Top|Super|Klasse|Prima|Perfekt|Toll|Spitze|Bestens|Hervorragend|Wunderbar|Großartig|Einwandfrei|Tadellos}",
    "{Alles|Wie immer alles|Wieder alles|Rundum|Einfach alles} {super|bestens|perfekt|gut|prima|top|in bester Ordnung|wie es sein soll}",
    "{Gerne|Immer|Jederzeit|Auf jeden Fall|Sehr gerne} wieder",
    "{Bin|Wir sind|Ich bin} {sehr|rundum|total|wirklich|mehr als} {zufrieden|begeistert|glücklich}",
    "{Sehr|Wirklich|Total|Richtig} {schöner|guter|toller|netter|feiner} {Shop|Laden|Onlineshop}",
    "{Schnell|Freundlich|Zuverlässig|Unkompliziert} und {gut|schön verpackt|nett|günstig|zuverlässig|ohne Probleme}",
    "{Danke|Vielen Dank|Dankeschön|Herzlichen Dank}{| an das Team| nach Hamburg|, weiter so| für alles}",
    "{Weiter so|Macht weiter so|Bitte so bleiben}",
    "{Volle|Klare|Absolute|Uneingeschränkte} {Empfehlung|Weiterempfehlung|Kaufempfehlung}",
    "{Da|Hier|Bei euch|Bei Ihnen} {stimmt|passt} {einfach |wirklich |}alles",
    "Kann {man|ich} {nur|uneingeschränkt|wirklich} {empfehlen|weiterempfehlen}",
    "{Nichts|Gar nichts} zu {meckern|beanstanden|bemängeln}",
    "$der ist {super|klasse|toll|wunderschön|perfekt|genau richtig}",
    "{Schöne|Tolle|Feine|Gute} {Sachen|Produkte|Qualität|Auswahl}{|, faire Preise|, gerne wieder|, netter Kontakt|, schneller Versand}",
];

pub(super) const SHORT_MIDDLING: &[&str] = &[
    "{Ok|Okay|In Ordnung|Soweit gut|Ganz ok|Passt|Geht so|Ganz gut|Im Großen und Ganzen gut|Solide}",
    "{War|Ist|Alles} {ok|in Ordnung|soweit gut|ganz ordentlich}{|, mehr aber auch nicht|, nichts Besonderes|, könnte aber besser sein}",
    "{Gut, aber|Schön, aber|Ok, aber} {teuer|nicht ganz billig|da geht noch was|mit Luft nach oben|etwas langsam}",
    "{Noch|Da ist noch|Hat noch} Luft nach oben",
    "{Kann|Kann ich} noch nicht {viel|mehr} {sagen|dazu sagen}",
    "$der {ist ok|ist ganz ok|ist in Ordnung|erfüllt den Zweck|tut, was es soll}",
    "{Durchschnitt|Durchschnittlich|Mittelmäßig|Weder gut noch schlecht}",
];

pub(super) const SHORT_CROSS: &[&str] = &[
    "{Enttäuschend|Schade|Nie wieder|Leider nein|Unmöglich|Ärgerlich|Schlecht|Mangelhaft|Frechheit|Katastrophe}",
    "{Einmal und nie wieder|Nicht zu empfehlen|Hier nicht mehr|Das war nichts|So nicht|Für mich erledigt}",
    "{Bin|Ich bin|Wir sind} {sehr|ziemlich|wirklich|total|richtig} {enttäuscht|verärgert|sauer|genervt|unzufrieden}",
    "{Hatte|Ich hatte|Wir hatten} {mehr|etwas anderes|deutlich mehr} erwartet",
    "{Geht gar nicht|Das geht besser|Das muss besser werden|Muss man nicht haben}",
    "{Nur Ärger|Nichts als Ärger|Viel Ärger} {mit|wegen} {der Lieferung|der Bestellung|dieser Bestellung}",
];

/// Beginnings and ends of longer comments.
pub(super) const BEGIN_GLAD: &[&str] = &[
    "{Ich bin|Wir sind|Bin} {wirklich|rundum|sehr|total} {zufrieden|begeistert|angetan}",
    "{Hallo|Liebes Team|Moin|Hallo zusammen|Guten Tag}, {einfach mal ein Lob|das muss ich jetzt mal loswerden|ein großes Lob|vielen Dank}",
    "{Habe|Ich habe|Wir haben} {schon oft|schon öfter|zum dritten Mal|zum wiederholten Mal|letzte Woche|gerade} bei {Ihnen|euch} bestellt",
    "{Eine Freundin|Meine Schwester|Ein Kollege|Meine Nachbarin} hat mir {den Shop|Lenz & Sims|Sie} empfohlen, {zu Recht|und sie hatte recht|und das stimmt}",
    "{Selten|Lange nicht mehr} so {gut|entspannt|nett} {eingekauft|online bestellt}",
    "{Seit|Schon seit} {Jahren|drei Jahren|dem Frühjahr|zwei Jahren} {Kunde|Kundin|Stammkundin} und {immer noch|nach wie vor} {zufrieden|begeistert}",
];

pub(super) const BEGIN_CROSS: &[&str] = &[
    "{Leider|Also leider|Es tut mir leid, aber} {bin ich|sind wir} {diesmal|dieses Mal|wirklich|sehr} {enttäuscht|unzufrieden|verärgert}",
    "{Ich habe|Wir haben|Habe} am $tag bestellt und {seitdem nur Ärger|bin sehr enttäuscht|bereue es}",
    "{Eigentlich|Normalerweise|Bisher} war ich immer {zufrieden|sehr zufrieden}, {diesmal|dieses Mal|jetzt aber} {nicht|gar nicht|leider nicht}",
    "{So etwas|Sowas|Das} {habe ich noch nicht erlebt|ist mir noch nie passiert|darf nicht passieren}",
    "{Guten Tag|Hallo|Sehr geehrte Damen und Herren}, {ich muss mich leider beschweren|so geht es nicht|das war leider nichts}",
];

pub(super) const END_GLAD: &[&str] = &[
    "{Gerne|Immer|Jederzeit|Bestimmt|Sicher} wieder",
    "{Vielen Dank|Danke|Herzlichen Dank}{| dafür| und liebe Grüße| und weiter so| an alle}",
    "{Empfehle|Ich empfehle|Wir empfehlen} {den Shop|Sie|euch} {gerne|auf jeden Fall|immer} weiter",
    "{Das nächste Mal|Nächstes Mal|Im Frühjahr|Zum Herbst hin} bestelle ich {wieder hier|bestimmt wieder|mehr}",
    "{Liebe|Viele|Herzliche|Beste} Grüße{| nach Hamburg| aus $land| aus dem Süden}",
    "{Bitte|Bitte genau} so weitermachen",
    "{So muss|So soll|Genau so muss} {Einkaufen|Onlineshopping|das} sein",
];

pub(super) const END_CROSS: &[&str] = &[
    "{Hier bestelle ich|Bei Ihnen kaufe ich|Da bestelle ich} {nicht mehr|nie wieder|so schnell nicht mehr|erstmal nicht mehr}",
    "{Bitte|Bitte unbedingt|Da müssen Sie} {ändern|nachbessern|dringend etwas tun}",
    "{Sehr|Wirklich|Einfach nur} {schade|ärgerlich|enttäuschend}",
    "{Ich erwarte|Erwarte|Wir erwarten} {eine Antwort|eine Rückmeldung|mein Geld zurück|eine Lösung}",
    "{So verliert man|Damit verlieren Sie|Auf diese Weise verliert man} Kunden",
    "{Das geht|Das kann man|Andere können das} besser",
    "{Schade um|Schade, denn eigentlich mag ich} {den schönen Shop|die schönen Sachen|Ihre Produkte}",
];

pub(super) const BUT: &[&str] =
    &["Aber ", "Leider ", "Allerdings: ", "Nur: ", "Einziger Wermutstropfen: ", "Ansonsten: "];

pub(super) const EMOJI_GLAD: &[&str] =
    &["😊", "👍", "🌱", "🌿", "❤️", "🙂", "🌻", "😍", "🪴", "🙏"];
pub(super) const EMOJI_CROSS: &[&str] = &["😡", "😞", "👎", "🙄", "😤", "😕", "☹️"];

/// The sentences about an event.
pub(super) fn lines(what: Event) -> &'static [&'static str] {
    match what {
        Event::Fast => &[
            "{Die Lieferung|Der Versand|Das Paket} {kam|war} {super|sehr|richtig|unglaublich|erfreulich} {schnell|flott|zügig} {da|bei mir|angekommen|hier}",
            "{Schon|Bereits} {nach $tage Tagen|am $tag|zwei Tage später|am übernächsten Tag} {war alles da|war $der da|hatte ich $den in der Hand|kam das Paket}",
            "{Am|Noch am} $tag bestellt{ und|,} {am nächsten Tag verschickt|zwei Tage später da|gleich verschickt}",
            "{Schnelle|Blitzschnelle|Rasche|Sehr schnelle} Lieferung{|, trotz {Feiertagen|Wochenende}| nach $land|, {alles heil|nichts kaputt}| mit $bote}",
            "{Hat keine $tage Tage gedauert|Keine $tage Tage gewartet|So schnell habe ich gar nicht damit gerechnet}",
        ],
        Event::Late => &[
            "{Die Lieferung|Das Paket|Die Sendung|Die Bestellung} {kam|war|kam leider} {$tage Tage|eine gute Woche|viel|deutlich|ganze $tage Tage} {zu spät|später als angekündigt|nach dem versprochenen Termin}",
            "{Angekündigt|Versprochen|Angegeben} waren {drei|drei bis vier|zwei bis drei} {Tage|Werktage}, {gedauert hat es|geworden sind es|es waren dann} $tage",
            "{Lieferzeit|Die Lieferzeit|Der Versand} {viel zu lang|war eine Geduldsprobe|hat ewig gedauert|stimmt hinten und vorne nicht}{|, $tage Tage| mit $bote}",
            "{Musste|Ich musste|Wir mussten} {$tage Tage|über eine Woche|viel zu lange|sehr lange} auf {$den|das Paket|die Lieferung} warten",
            "Seit $bote {liefert|die Pakete bringt|zustellt}, {dauert alles länger|ist auf nichts mehr Verlass|klappt es nicht mehr}",
            "$anlass war {vorbei|längst vorbei|gelaufen}, {bis|ehe|als} {$der|das Paket|alles} {endlich |}{ankam|da war|kam}",
            "Das Paket lag {$tage Tage|tagelang|fast eine Woche} {im Verteilzentrum|im Depot|irgendwo} von $bote",
        ],
        Event::VeryLate => &[
            "{Warte|Ich warte|Wir warten} {seit|jetzt seit|nun schon seit} {$tage Tagen|über zwei Wochen|fast drei Wochen|Wochen} auf {$den|mein Paket|die Lieferung|die Bestellung}",
            "{$tage Tage Lieferzeit|$tage Tage für ein Paket|Fast drei Wochen Lieferzeit}, {unmöglich|das ist ein Witz|das darf nicht sein|geht's noch}",
            "$bote hat das Paket {verloren|zurückgeschickt|zweimal in die falsche Stadt gefahren|angeblich zugestellt, bei mir war niemand}",
            "{Das Paket|Die Sendung|Meine Bestellung} ist {bis heute nicht da|verschwunden|immer noch nicht angekommen|seit $tage Tagen unterwegs}",
            "{Erst|Es brauchte} {drei Mails|zwei Anrufe|mehrere Nachfragen}{, bis|, bevor|, ehe} {sich etwas tat|jemand nachgeforscht hat|mein Paket auftauchte}",
            "{Zugesagter|Versprochener} Liefertermin {dreimal|immer wieder|zweimal} verschoben, {am Ende|schließlich|zuletzt} {$tage Tage|fast drei Wochen} {Verspätung|zu spät}",
        ],
        Event::NoTracking => &[
            "{Die Sendungsverfolgung|Der Link zur Sendung|Das Tracking} {hat nicht funktioniert|zeigt seit Tagen dasselbe|war eine Katastrophe|ist nutzlos|stand tagelang auf „in Zustellung“}",
            "{Keine|Es gab keine|Leider keine} {Nachricht|Info|Auskunft}, wo {das Paket|die Sendung|meine Bestellung} {ist|bleibt|steckt}",
            "{Man erfährt|Ich erfahre|Wir erfuhren} {einfach nicht|nirgends|nicht}, wann {geliefert wird|das Paket kommt|zugestellt wird}",
            "{Von $bote|Vom Zusteller} {gab es|kam} {keine Ankündigung|nicht einmal eine Karte|nichts}",
        ],
        Event::Damaged => &[
            "{$Der|Die Ware|Alles} {kam|ist} {leider |}{kaputt|beschädigt|zerbrochen|mit einem Sprung|in Scherben} {an|bei mir an|hier an}",
            "{Der Karton|Das Paket|Die Schachtel} war {völlig zerdrückt|aufgerissen|total verbeult|nass}{|, $der hat einen Sprung|, zum Glück nur die Kante ab|, und $der war hin}",
            "{Schlecht|Viel zu schlecht|Lieblos|Zu knapp} verpackt, {$der hat den Transport nicht überlebt|deshalb Bruch|alles voller Scherben|und entsprechend beschädigt}",
            "{Ein Stück|Eine Ecke|Der Rand} {abgebrochen|abgeplatzt}, {so kann ich es nicht verschenken|das ist ärgerlich|schade drum}",
            "$bote hat das Paket {geworfen|über den Zaun geworfen|fallen lassen}, {anders kann ich mir den Schaden nicht erklären|entsprechend sah es aus|$der ist hin}",
        ],
        Event::WellPacked => &[
            "{Alles|$Der|Die Ware} {war|kam} {sehr|super|liebevoll|wirklich|unglaublich} {gut|sorgfältig|sicher|schön} verpackt{|, ganz ohne Plastik|, nichts kaputt| und heil an}",
            "{Die Verpackung|Das Paket} {ist|war} {liebevoll gemacht|ganz ohne Plastik|durchdacht|schon ein Geschenk}",
            "{Schön|Toll}, dass {ohne Plastik verpackt wird|alles in Papier verpackt ist|kein Plastik dabei ist}",
            "{Kam heil an|Trotz Keramik alles heil|Kein Kratzer, keine Scherbe}, {gut gepolstert|sehr gut verpackt|prima verpackt}",
        ],
        Event::MuchPaper => &[
            "{Riesiger|Viel zu großer|Ein riesiger} Karton für {ein Tütchen Samen|so wenig Inhalt|eine kleine Bestellung}",
            "{Sehr viel|Etwas viel|Zu viel} {Füllmaterial|Papier|Verpackung}{|, muss das sein|, das geht sparsamer}",
        ],
        Event::WrongItem => &[
            "{Falscher|Leider falscher} Artikel {geliefert|im Paket|bekommen}{|, statt $den etwas ganz anderes|, jetzt muss ich alles zurückschicken}",
            "{Bestellt hatte ich|Ich hatte bestellt:} $den, {gekommen ist|geliefert wurde|bekommen habe ich} {etwas ganz anderes|die falsche Farbe|eine andere Größe}",
            "{Es fehlte|Es fehlt|Im Paket fehlte} {ein Teil|ein Artikel|die Hälfte|der Untersetzer}{|, auf Nachfrage keine Antwort|, das darf nicht passieren}",
            "{Falsche Farbe|Falsche Größe|Die falsche Sorte} {geschickt|erhalten|im Karton}",
        ],
        Event::LeftOutside => &[
            "{Paket|Das Paket|Die Sendung} {einfach|ohne zu klingeln|bei strömendem Regen} {vor die Tür gestellt|in den Hausflur gelegt|neben die Mülltonne gestellt|beim Nachbarn abgegeben}",
            "$bote {klingelt nicht einmal|hat nicht geklingelt|stellt einfach ab}{|, obwohl ich zu Hause war|, das Paket war nass|, so etwas Unverschämtes}",
            "{Der Bote|Der Fahrer|Der Zusteller} war {unfreundlich|sehr unfreundlich|genervt}{| und wollte nicht in den zweiten Stock|, kein schöner Abschluss|}",
        ],
        Event::Lovely => &[
            "{$Der|$Der von Lenz & Sims} {ist|sieht} {wunderschön|richtig schön|noch schöner als auf dem Foto|genau so schön wie abgebildet|einfach toll} {geworden|aus|in echt|anzusehen}",
            "{Bin|Ich bin|Wir sind} {total|ganz|völlig} {verliebt in {$den|unseren Einkauf|die Sachen}|begeistert von {$dem|unserem Einkauf|den Sachen}}",
            "{$Der|$name} {macht sich|steht jetzt und macht sich|sieht} {sehr gut|richtig gut|toll} {auf der Fensterbank|auf dem Balkon|in der Küche|auf der Terrasse}{| aus}",
            "{Habe|Ich habe} {schon viele Komplimente|viele Komplimente|mehrere Nachfragen} {für {$den|die neuen Sachen}|zu {$dem|den neuen Sachen}} {bekommen|gehört}",
            "{Die Farbe|Die Form|Das Design|Die Machart} von $dem ist {ein Traum|genau mein Geschmack|sehr gelungen|wunderbar}",
        ],
        Event::GoodQuality => &[
            "{Die Qualität|Die Verarbeitung|Das Material} {ist|von $dem ist} {hervorragend|sehr gut|spürbar gut|top|wirklich hochwertig}",
            "{Hochwertige|Sehr gute|Tolle|Ordentliche} {Qualität|Verarbeitung|Ware}{|, das merkt man sofort|, hält sicher ewig|, jeden Cent wert}",
            "{$Der|$name} {fühlt sich|ist} {wertig an|sehr stabil|gut verarbeitet|durchdacht bis ins Detail}",
            "{Endlich|Endlich mal} {etwas, das hält|ein Produkt, das hält|Qualität statt Wegwerfware|etwas Haltbares}",
            "{Ich nutze|Nutze|Wir benutzen} {$den|das} {seit Wochen|jeden Tag|täglich} und {es gibt nichts zu meckern|bin immer noch begeistert|alles bestens}",
        ],
        Event::Grows => &[
            "{Nach $tage Tagen|Schon nach $tage Tagen|Innerhalb einer Woche} {war|ist} {alles|$pflanze|fast alles} {aufgegangen|gekeimt|schon zu sehen}",
            "{$pflanze|Mein Saatgut|Fast jedes Korn} {ist aufgegangen|wächst wie verrückt|gedeiht prächtig|keimt wunderbar}",
            "{Die Kinder|Meine Kinder|Unsere Enkel} {gießen jeden Tag|sind begeistert|freuen sich über jedes Blatt}",
            "{Keimrate|Die Keimrate} {super|sehr gut|fast hundert Prozent|besser als aus dem Baumarkt}",
            "{Die Anleitung|Das Heft|Die Beschreibung} {ist verständlich|war eine große Hilfe|ist liebevoll gemacht}{|, sogar ich bekomme $pflanze groß|, selbst für Anfänger}",
        ],
        Event::Poor => &[
            "{$Der|$name} {hat|hatte} {nach zwei Wochen|nach kurzer Zeit|schon nach $tage Tagen} {einen Riss|Flecken|abgeplatzte Stellen|Rost}",
            "{Die Qualität|Die Verarbeitung|Das Material} {lässt zu wünschen übrig|ist für den Preis zu schlecht|hat mich enttäuscht|war früher besser}",
            "{Für den Preis|Bei dem Preis|Dafür} {hätte ich mehr erwartet|ist die Qualität zu schwach|darf das nicht passieren}",
            "{Die Farbe|Der Farbton} {weicht stark ab|ist ganz anders als auf dem Bild|passt nicht zum Foto}",
        ],
        Event::Leaks => &[
            "{$Der|$name} {tropft|ist undicht|leckt} {seit dem ersten Tag|schon|nach $tage Tagen|ständig}",
            "{Der Sprühkopf|Der Hebel|Die Düse} {klemmt|ist nach $tage Tagen abgebrochen|war von Anfang an defekt|funktioniert nicht richtig}",
            "{Nach|Schon nach} {$tage Tagen|zwei Wochen|der dritten Benutzung} {kaputt|undicht|defekt}{|, schade|, ärgerlich|, so etwas kauft man doch nicht zweimal}",
        ],
        Event::NotGrowing => &[
            "{Von den Samen|Vom Saatgut|Von $pflanze} ist {nach drei Wochen|bis heute|trotz genauer Anleitung} {nichts|fast nichts|nur die Hälfte} {aufgegangen|gekeimt|zu sehen}",
            "{Nichts|Fast nichts|Kaum etwas} {gekeimt|aufgegangen}, {trotz Anleitung|obwohl ich alles richtig gemacht habe|sehr schade|vielleicht eine alte Charge}",
            "{Alles schimmelt|Die Samen schimmeln|Hat nicht gekeimt}{|, ich habe es zweimal versucht|, obwohl es warm und hell steht|}",
        ],
        Event::Smaller => &[
            "{$Der|$name} ist {kleiner als gedacht|viel kleiner als auf dem Foto|deutlich kleiner als erwartet}{|, die Maße stehen zu versteckt|, bitte ein Foto mit Maßstab|}",
            "{Größe|Die Größe} {täuscht auf dem Foto|hatte ich mir anders vorgestellt|besser angeben}",
        ],
        Event::FairPrice => &[
            "{Preis|Der Preis|Preis und Leistung} {stimmt|ist fair|passt|sind in Ordnung|stimmen}{| einfach|, gute Qualität|, auch mit Versand}",
            "{Faire|Gute|Angemessene} Preise{| für diese Qualität|, auch wenn es billiger ginge|, und im Angebot richtig gut}",
            "{Nicht billig|Nicht ganz billig}, aber {jeden Euro wert|die Qualität stimmt|es lohnt sich}",
        ],
        Event::Expensive => &[
            "{Etwas|Ziemlich|Schon recht|Leider} teuer{| für das, was es ist|, im Baumarkt die Hälfte| geworden|, aber schön}",
            "{Die Preise|Eure Preise|Ihre Preise} sind {in letzter Zeit stark gestiegen|ganz schön happig|nicht ohne|grenzwertig}",
            "{$Der|So etwas} für den Preis, {da überlege ich beim nächsten Mal zweimal|das ist mir eigentlich zu viel|naja}",
        ],
        Event::ShippingCost => &[
            "{Versandkosten|Die Versandkosten|Das Porto} {zu hoch|sind zu hoch|stören mich|kamen überraschend}{| für so ein kleines Paket| nach $land| bei einem Tütchen Samen}",
            "{4,90 Euro|Fast fünf Euro|So viel} Versand {für ein Tütchen Samen|für eine Kleinigkeit|ist viel}, {das ist zu viel|muss das sein|schade}",
            "{Versandkostenfrei|Kostenloser Versand} erst ab 75 Euro, {schade|das ist zu hoch|für mich zu viel}",
        ],
        Event::EasyOrder => &[
            "{Die Bestellung|Das Bestellen|Der Bestellvorgang|Die Kasse} {war|ging|ist} {ganz einfach|kinderleicht|in zwei Minuten erledigt|schnell und unkompliziert|übersichtlich}",
            "{Einfach|Schnell|Unkompliziert} bestellt, {ohne Konto|ohne Anmeldung|mit wenigen Klicks|sogar am Handy}",
            "{Bezahlen|Die Zahlung|Zahlung} {per Rechnung|mit der Karte|mit dem Handy} {klappte|hat geklappt|ging} {sofort|problemlos|ohne Umwege}",
            "{Alles klar|Alles gut|Schön} {aufgebaut|erklärt|beschrieben}, {schnell gefunden, was ich suche|keine Fragen offen|so mag ich das}",
        ],
        Event::CouponFailed => &[
            "{Der Gutschein|Mein Gutscheincode|Der Rabattcode|Der Code aus dem Newsletter} {hat nicht funktioniert|wurde nicht angenommen|ging nicht|war angeblich ungültig}",
            "{Gutschein|Rabatt} {nicht eingelöst|nicht berücksichtigt|verschwunden}, {Bestellung trotzdem abgeschickt|sehr ärgerlich|das sind immerhin zehn Prozent}",
        ],
        Event::PaymentTrouble => &[
            "{Die Zahlung|Das Bezahlen|Die Kartenzahlung} {ist dreimal abgebrochen|ging erst beim dritten Versuch|hat nicht geklappt|hing ewig}",
            "{Kauf auf Rechnung|Rechnung} {wurde abgelehnt|geht nicht|nicht mehr möglich}, {ohne Begründung|warum auch immer|schade}",
            "{An der Kasse|Beim Bezahlen|Kurz vor dem Ende} {war der Warenkorb leer|kam eine Fehlermeldung|bin ich rausgeflogen}",
        ],
        Event::MustRegister => &[
            "{Warum muss ich|Wieso muss man} {ein Konto anlegen|mich registrieren|mein Geburtsdatum angeben}",
            "{Zu viele Angaben|Zu viele Felder|Zu viele Schritte} {an der Kasse|beim Bestellen|bis zum Kauf}",
        ],
        Event::BeautifulSite => &[
            "{Die Seite|Der Shop|Ihre Seite} {ist|wirkt} {wunderschön|sehr schön gemacht|liebevoll gestaltet|angenehm ruhig|übersichtlich}",
            "{Schöne|Tolle|Sehr schöne} {Fotos|Bilder|Seite}, {da bekommt man Lust aufs Gärtnern|macht Spaß beim Stöbern|man findet sich zurecht}",
        ],
        Event::GoodAdvice => &[
            "{Der Ratgeber|Die Tipps|Die Pflegetipps} {ist|sind} {Gold wert|sehr hilfreich|richtig gut}{|, $pflanze lebt noch|, endlich verstehe ich, was ich falsch mache|}",
            "{Im Ratgeber|Bei den Tipps} {gefunden, was ich zu $pflanze wissen wollte|wurde meine Frage beantwortet|viel gelernt}",
        ],
        Event::HardToFind => &[
            "{Die Suche|Die Suchfunktion} {findet nichts|ist schlecht|liefert alles Mögliche}{|, ich wollte nur $den| und die Filter helfen nicht|}",
            "{Habe|Ich habe} {lange|ewig|vergeblich} nach {den Maßen|der Telefonnummer|$dem|den Versandkosten} gesucht",
        ],
        Event::SlowSite => &[
            "{Die Seite|Der Shop} {lädt|ist} {am Handy |}{ewig|sehr langsam|zäh|unglaublich langsam}",
            "{Am Handy|Auf dem Handy|Auf dem Tablet} {kaum zu bedienen|springt alles hin und her|ist die Schrift zu klein}",
        ],
        Event::SoldOut => &[
            "{Schade, dass|Leider war|Schon wieder war} {$der ausverkauft|so vieles ausverkauft|meine Lieblingsfarbe ausverkauft}{| ist| war|}",
            "{Vieles|Die Hälfte|Das meiste} {ist ausverkauft|nicht lieferbar}, {wann kommt Nachschub|das nervt|schade}",
        ],
        Event::Kind => &[
            "{Sehr|Super|Wirklich|Ausgesprochen} {netter|freundlicher|hilfsbereiter|herzlicher} {Kontakt|Service|Kundendienst|Umgang}",
            "{Die Dame|Der Herr|Die Mitarbeiterin|Der Mitarbeiter} am Telefon war {sehr freundlich|unglaublich nett|richtig geduldig|sehr hilfsbereit}",
            "{Man merkt|Man spürt}, dass {da Menschen arbeiten, die sich kümmern|hier noch jemand mitdenkt|das Team seine Pflanzen mag}",
        ],
        Event::QuickAnswer => &[
            "{Nach einer Stunde|Noch am selben Tag|Am nächsten Morgen|Innerhalb von Minuten} {hatte ich eine Antwort|kam die Antwort|war mein Problem gelöst}",
            "{Problem|Mein Problem|Die Sache} {schnell|sofort|ohne Diskussion} {gelöst|geklärt|aus der Welt geschafft}{|, Ersatz kam nach $tage Tagen|, so stelle ich mir das vor|}",
            "{Ersatz|Neuer Artikel|Ein neues Teil} {kam sofort|war nach $tage Tagen da|wurde anstandslos geschickt}",
        ],
        Event::NoAnswer => &[
            "{Auf meine Mail|Auf zwei Mails|Auf meine Anfrage|Auf drei Nachrichten} {kam|habe ich|gab es} {nach $tage Tagen|bis heute|trotz Nachfrage} {keine Antwort|keine Reaktion|nichts}{| bekommen|}",
            "{Telefonisch|Am Telefon} {niemand zu erreichen|nur Warteschleife|nach 20 Minuten aus der Leitung geflogen|geht keiner ran}",
            "{Der Kundendienst|Der Service|Der Support} {reagiert nicht|antwortet nicht|ist nicht zu erreichen|stellt sich tot}",
        ],
        Event::Unsolved => &[
            "{Mein Problem|Die Sache|Meine Reklamation} ist {noch immer nicht gelöst|nach $tage Tagen noch offen|nicht gelöst worden|immer noch nicht erledigt}",
            "{Werde|Ich werde|Man wird} {nur vertröstet|von einem zum anderen geschickt|hingehalten}{|, keiner ist zuständig|, seit $tage Tagen|}",
        ],
        Event::Canned => &[
            "{Nur|Es kamen nur|Man bekommt nur} {Textbausteine|Standardantworten|automatische Mails}{|, keiner liest, was man schreibt|, das hilft niemandem|}",
            "{Die Antwort|Die Mail} {ging an meiner Frage vorbei|hatte nichts mit meiner Frage zu tun|war ein Textbaustein}",
        ],
        Event::EasyReturn => &[
            "{Die Rücksendung|Rückgabe|Die Rückgabe|Der Umtausch} {war|ging|lief} {ganz einfach|völlig problemlos|ohne Diskussion|unkompliziert}",
            "{Geld|Das Geld|Mein Geld} {war nach $tage Tagen|war sehr schnell|kam sofort} {zurück|wieder auf dem Konto}{|, vorbildlich|, so muss das|}",
            "{Etikett|Das Etikett|Der Rücksendeschein} {lag bei|war schon im Paket|kam sofort per Mail}, {abgegeben, fertig|alles ganz einfach|vorbildlich}",
        ],
        Event::RefundSlow => &[
            "{Warte|Ich warte|Wir warten} {seit $tage Tagen|seit drei Wochen|immer noch|noch immer} auf {mein Geld|die Erstattung|die Gutschrift}",
            "{Die Erstattung|Das Geld|Die Gutschrift} {hat $tage Tage gedauert|kam erst nach zwei Mahnungen|ließ ewig auf sich warten}",
        ],
        Event::LabelMissing => &[
            "{Kein Rücksendeetikett|Kein Etikett|Kein Retourenschein} {im Paket|dabei|beigelegt}, {musste ich extra anfordern|umständlich|warum nicht gleich}",
            "{Rücksendung|Die Rücksendung|Die Retoure} {nur über $bote möglich|sehr umständlich|ist kompliziert}{|, der nächste Shop ist 12 km weg|, das nervt|}",
        ],
        Event::PaidReturn => &[
            "{Rückporto|Das Rückporto|Die Rücksendung} {selbst bezahlen|musste ich selbst zahlen|kostet extra}, {obwohl der Fehler nicht bei mir lag|finde ich nicht gut|schade}",
        ],
        Event::Loyal => &[
            "{Bestelle|Ich bestelle|Wir bestellen} {immer wieder|schon lange|seit Jahren|jedes Frühjahr} {hier|bei Ihnen|bei euch} und {wurde noch nie enttäuscht|bin immer zufrieden|es passt jedes Mal}",
            "{Mein|Unser} {Lieblingsshop|liebster Laden|Lieblingsladen}{ für alles Grüne| für Garten und Balkon|, immer wieder|}",
            "{Unterstütze|Ich unterstütze} {gern|lieber} {kleine Läden|ein kleines Unternehmen|eine kleine Werkstatt}{ als die großen|, und hier stimmt alles|, die ihr Handwerk verstehen}",
        ],
        Event::Gift => &[
            "{War|Ist|Das war} ein Geschenk {für meine Mutter|für eine Freundin|zum Geburtstag|zu $anlass|für meinen Vater}{ und|,} {kam sehr gut an|ist super angekommen|die Freude war groß}",
            "{Als Geschenk|Zum Verschenken} {perfekt|genau richtig|wunderbar}, {schön verpackt|mit Karte dabei|die Beschenkte war hin und weg}",
        ],
        Event::FirstTime => &[
            "{Erste|Meine erste} Bestellung{ und|,} {gleich zufrieden|positiv überrascht|es wird nicht die letzte sein}",
            "{Bin|Ich bin} {zufällig|über den Ratgeber|durch eine Freundin|über Instagram} auf {den Shop|Lenz & Sims|Sie} {gestoßen|aufmerksam geworden}",
        ],
    }
}
