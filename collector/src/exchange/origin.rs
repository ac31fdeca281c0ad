//! Recognises the product that wrote a file.

use super::table::Table;

/// The product that wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A collector's export.
    Afterword,
    /// Delighted.
    Delighted,
    /// Wootric, later `InMoment`.
    Wootric,
    /// Google Forms.
    GoogleForms,
    /// Qualtrics.
    Qualtrics,
    /// Typeform.
    Typeform,
    /// `SurveyMonkey`.
    SurveyMonkey,
    /// `LimeSurvey`.
    LimeSurvey,
    /// Formbricks.
    Formbricks,
    /// Trustpilot.
    Trustpilot,
    /// Trusted Shops.
    TrustedShops,
    /// Another product.
    Other,
}

impl Origin {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Afterword => "Afterword",
            Self::Delighted => "Delighted",
            Self::Wootric => "Wootric",
            Self::GoogleForms => "Google Forms",
            Self::Qualtrics => "Qualtrics",
            Self::Typeform => "Typeform",
            Self::SurveyMonkey => "SurveyMonkey",
            Self::LimeSurvey => "LimeSurvey",
            Self::Formbricks => "Formbricks",
            Self::Trustpilot => "Trustpilot",
            Self::TrustedShops => "Trusted Shops",
            Self::Other => "CSV",
        }
    }

    /// The release in the answers' method. It names the product; how the question was asked is not known.
    pub(crate) fn release(self) -> String {
        format!("import-{}", self.name().to_lowercase().replace(' ', "-"))
    }

    /// Whether the product asks for stars and not for scores.
    pub(crate) const fn asks_for_stars(self) -> bool {
        matches!(self, Self::Trustpilot | Self::TrustedShops)
    }
}

/// A name in the form for comparisons: in small letters, without signs.
fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The product that wrote a table.
pub(crate) fn of(table: &Table) -> Origin {
    // The code before a question counts as a name: `submitdate. Date submitted`.
    let names: Vec<String> = table
        .names
        .iter()
        .flat_map(|name| {
            let code = name.split_once(". ").map(|(code, _)| plain(code));
            [Some(plain(name)), code].into_iter().flatten()
        })
        .collect();
    let has = |wanted: &[&str]| wanted.iter().all(|wanted| names.iter().any(|it| it == wanted));
    let names_it = |part: &str| names.iter().any(|name| name.contains(part));
    let is_first = |known: &[&str]| names.first().is_some_and(|it| known.contains(&it.as_str()));
    match () {
        () if table.names.iter().any(|it| it == "received_at")
            && table.names.iter().any(|it| it == "method.question") =>
        {
            Origin::Afterword
        }
        () if has(&["score", "surveytype"]) || has(&["score", "permalink"]) => Origin::Delighted,
        () if has(&["score", "originurl"])
            || has(&["score", "excludedfromcalculations"])
            || has(&["score", "text", "createdat"]) =>
        {
            Origin::Wootric
        }
        () if names_it("trustpilot")
            || has(&["reviewstars"])
            || has(&["stars", "consumername"]) =>
        {
            Origin::Trustpilot
        }
        () if names_it("trustedshops")
            || has(&["rating", "orderreference"])
            || has(&["bewertungstext", "bestellnummer"]) =>
        {
            Origin::TrustedShops
        }
        () if has(&["respondentid", "collectorid"]) => Origin::SurveyMonkey,
        () if names_it("formbricks") || has(&["responseid", "surveyid", "finished"]) => {
            Origin::Formbricks
        }
        () if has(&["submitdate", "startlanguage"]) || has(&["submitdate", "lastpage"]) => {
            Origin::LimeSurvey
        }
        () if has(&["networkid"]) || has(&["submitdateutc"]) => Origin::Typeform,
        // Only Qualtrics has a row of import ids below its codes.
        () if !table.labels.is_empty() || has(&["recordeddate", "responseid"]) => Origin::Qualtrics,
        () if is_first(&["timestamp", "zeitstempel"])
            && table.names.iter().skip(1).any(|name| name.contains(' ')) =>
        {
            Origin::GoogleForms
        }
        () => Origin::Other,
    }
}
