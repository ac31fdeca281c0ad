//! Sums up what a transaction adds to the roll-ups, and writes each row once at its end.

use std::collections::HashMap;

use afterword_response::Touchpoint;
use rusqlite::{Connection, params};

use crate::{
    aside::{Aside, Flagged},
    store::counted::{Counted, segment},
};

/// Whether a count goes up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

impl Sign {
    const fn one(self) -> i64 {
        match self {
            Self::Plus => 1,
            Self::Minus => -1,
        }
    }
}

/// The number of answers, and of each score from 0 to 10.
type Scores = [i64; 12];

/// A day at one touchpoint of one survey.
#[derive(PartialEq, Eq, Hash)]
struct Day {
    day: i64,
    survey: String,
    touchpoint: &'static str,
    flagged: Flagged,
}

/// Days by a short number, so that the counts of an answer's many facts need no copies of its survey's id.
#[derive(Default)]
struct Days(HashMap<Day, usize>);

impl Days {
    fn number(&mut self, day: Day) -> usize {
        let next = self.0.len();
        *self.0.entry(day).or_insert(next)
    }

    /// Takes all of them, each at the place of its number.
    fn take(&mut self) -> Vec<Day> {
        let mut days: Vec<_> = self.0.drain().collect();
        days.sort_unstable_by_key(|(_, number)| *number);
        days.into_iter().map(|(day, _)| day).collect()
    }
}

#[derive(PartialEq, Eq, Hash)]
/// Counts orders with answers at two touchpoints.
struct PairDay {
    day: i64,
    survey: String,
    touchpoints: (&'static str, &'static str),
    segments: (i8, i8),
    flagged: Flagged,
}

#[derive(PartialEq, Eq, Hash)]
/// Counts answers that are set aside.
struct AsideDay {
    day: i64,
    survey: String,
    touchpoint: &'static str,
    kind: &'static str,
}

/// The number of displays, and of those: dismissed, and answered by promoters, passives and detractors.
type DisplayCounts = [i64; 5];

/// The parts of a display that roll-ups count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CountedDisplay {
    pub(super) day: i64,
    pub(super) survey: String,
    pub(super) touchpoint: Touchpoint,
    pub(super) is_dismissed: bool,
    /// The score of its answer, if there is one.
    pub(super) score: Option<u8>,
    /// Its own reasons to be set aside, and its answer's.
    pub(super) aside: Aside,
}

/// An order's answer at one touchpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) touchpoint: Touchpoint,
    pub(super) day: i64,
    pub(super) segment: i8,
    pub(super) flagged: Flagged,
}

/// The changes of every roll-up.
#[derive(Default)]
pub(super) struct Sums {
    days: Days,
    /// By the number of the day, and the row of the method.
    scores: HashMap<(usize, i64), Scores>,
    /// By the number of the day, and the row of the fact.
    facts: HashMap<(usize, i64), Scores>,
    pairs: HashMap<PairDay, i64>,
    displays: HashMap<Day, DisplayCounts>,
    aside: HashMap<AsideDay, i64>,
}

impl Sums {
    /// Counts an answer of that day, or counts it as set aside. `method` and `facts` are its rows in those
    /// tables.
    pub(super) fn answer(
        &mut self,
        sign: Sign,
        answer: &Counted,
        aside: Aside,
        day: i64,
        method: i64,
        facts: &[i64],
    ) {
        let (survey, touchpoint) = (&answer.survey, answer.touchpoint.name());
        if let Some(kind) = aside.kind() {
            let on = AsideDay { day, survey: survey.clone(), touchpoint, kind: kind.name() };
            *self.aside.entry(on).or_default() += sign.one();
        }
        let Some(flagged) = aside.counted() else { return };
        let count = |scores: &mut Scores| {
            scores[0] += sign.one();
            if let Some(score) = scores.get_mut(usize::from(answer.score) + 1) {
                *score += sign.one();
            }
        };
        let day = self.days.number(Day { day, survey: survey.clone(), touchpoint, flagged });
        count(self.scores.entry((day, method)).or_default());
        for &fact in facts {
            count(self.facts.entry((day, fact)).or_default());
        }
    }

    /// Counts an order's answers at two touchpoints.
    pub(super) fn pair(&mut self, sign: Sign, survey: &str, one: Moment, other: Moment) {
        let place = |it: &Moment| crate::store::counted::place(it.touchpoint);
        let (first, second) = if place(&one) < place(&other) { (one, other) } else { (other, one) };
        let paired = PairDay {
            day: first.day.max(second.day),
            survey: survey.to_owned(),
            touchpoints: (first.touchpoint.name(), second.touchpoint.name()),
            segments: (first.segment, second.segment),
            flagged: first.flagged.max(second.flagged),
        };
        *self.pairs.entry(paired).or_default() += sign.one();
    }

    /// Counts a display, unless it is set aside. An answered display does not count as dismissed.
    pub(super) fn display(&mut self, sign: Sign, display: &CountedDisplay) {
        let CountedDisplay { day, survey, touchpoint, is_dismissed, score, aside } = display;
        let Some(flagged) = aside.counted() else { return };
        let touchpoint = touchpoint.name();
        let shown = Day { day: *day, survey: survey.clone(), touchpoint, flagged };
        let counts = self.displays.entry(shown).or_default();
        counts[0] += sign.one();
        match score.map(segment) {
            None if *is_dismissed => counts[1] += sign.one(),
            None => {}
            Some(1) => counts[2] += sign.one(),
            Some(0) => counts[3] += sign.one(),
            Some(_) => counts[4] += sign.one(),
        }
    }

    /// Writes the sums to the roll-ups and resets them. Deletes rows that have come down to zero: a fact that
    /// no answer has any more may name a person.
    pub(super) fn write(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let days = self.days.take();
        self.write_scores(connection, &days)?;
        self.write_facts(connection, &days)?;
        self.write_pairs(connection)?;
        self.write_displays(connection)?;
        self.write_aside(connection)
    }

    fn write_scores(&mut self, connection: &Connection, days: &[Day]) -> rusqlite::Result<()> {
        if self.scores.is_empty() {
            return Ok(());
        }
        let mut add = connection.prepare_cached(
            "INSERT INTO daily_scores VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
             ON CONFLICT DO UPDATE SET answers = answers + excluded.answers,
                 s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
                 s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
                 s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
                 s9 = s9 + excluded.s9, s10 = s10 + excluded.s10",
        )?;
        for ((day, method), s) in self.scores.drain() {
            if s == Scores::default() {
                continue;
            }
            let Day { day, survey, touchpoint, flagged } = &days[day];
            add.execute(params![
                day,
                survey,
                touchpoint,
                method,
                *flagged as u8,
                s[0],
                s[1],
                s[2],
                s[3],
                s[4],
                s[5],
                s[6],
                s[7],
                s[8],
                s[9],
                s[10],
                s[11]
            ])?;
            if s[0] < 0 {
                connection
                    .prepare_cached(
                        "DELETE FROM daily_scores WHERE day = ? AND survey = ? AND touchpoint = ?
                         AND method = ? AND flagged = ? AND answers = 0",
                    )?
                    .execute(params![day, survey, touchpoint, method, *flagged as u8])?;
            }
        }
        Ok(())
    }

    fn write_facts(&mut self, connection: &Connection, days: &[Day]) -> rusqlite::Result<()> {
        if self.facts.is_empty() {
            return Ok(());
        }
        let mut add = connection.prepare_cached(
            "INSERT INTO daily_facets
             SELECT facet, ?2, value, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17
             FROM facts WHERE fact = ?1
             ON CONFLICT DO UPDATE SET answers = answers + excluded.answers,
                 s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
                 s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
                 s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
                 s9 = s9 + excluded.s9, s10 = s10 + excluded.s10",
        )?;
        for ((day, fact), s) in self.facts.drain() {
            if s == Scores::default() {
                continue;
            }
            let Day { day, survey, touchpoint, flagged } = &days[day];
            add.execute(params![
                fact,
                day,
                survey,
                touchpoint,
                *flagged as u8,
                s[0],
                s[1],
                s[2],
                s[3],
                s[4],
                s[5],
                s[6],
                s[7],
                s[8],
                s[9],
                s[10],
                s[11]
            ])?;
            if s[0] < 0 {
                connection
                    .prepare_cached(
                        "DELETE FROM daily_facets
                         WHERE (facet, value) = (SELECT facet, value FROM facts WHERE fact = ?)
                         AND day = ? AND survey = ? AND touchpoint = ? AND flagged = ?
                         AND answers = 0",
                    )?
                    .execute(params![fact, day, survey, touchpoint, *flagged as u8])?;
            }
        }
        Ok(())
    }

    fn write_pairs(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        for (paired, count) in self.pairs.drain() {
            if count == 0 {
                continue;
            }
            let PairDay { day, survey, touchpoints: (first, second), segments, flagged } = paired;
            let key = (day, survey, first, second, segments.0, segments.1, flagged as u8);
            connection
                .prepare_cached(
                    "INSERT INTO daily_pairs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT DO UPDATE SET pairs = pairs + excluded.pairs",
                )?
                .execute(params![key.0, key.1, key.2, key.3, key.4, key.5, key.6, count])?;
            if count < 0 {
                connection
                    .prepare_cached(
                        "DELETE FROM daily_pairs WHERE day = ? AND survey = ? AND first = ?
                         AND second = ? AND first_segment = ? AND second_segment = ? AND flagged = ?
                         AND pairs = 0",
                    )?
                    .execute(key)?;
            }
        }
        Ok(())
    }

    fn write_displays(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        for (Day { day, survey, touchpoint, flagged }, counts) in self.displays.drain() {
            if counts == DisplayCounts::default() {
                continue;
            }
            let [shown, dismissed, promoters, passives, detractors] = counts;
            connection
                .prepare_cached(
                    "INSERT INTO daily_displays VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET
                         shown = shown + excluded.shown, dismissed = dismissed + excluded.dismissed,
                         promoters = promoters + excluded.promoters,
                         passives = passives + excluded.passives,
                         detractors = detractors + excluded.detractors",
                )?
                .execute(params![
                    day,
                    survey,
                    touchpoint,
                    flagged as u8,
                    shown,
                    dismissed,
                    promoters,
                    passives,
                    detractors
                ])?;
            if shown < 0 {
                connection
                    .prepare_cached(
                        "DELETE FROM daily_displays
                         WHERE day = ? AND survey = ? AND touchpoint = ? AND flagged = ? AND shown = 0",
                    )?
                    .execute(params![day, survey, touchpoint, flagged as u8])?;
            }
        }
        Ok(())
    }

    fn write_aside(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        for (AsideDay { day, survey, touchpoint, kind }, count) in self.aside.drain() {
            if count == 0 {
                continue;
            }
            connection
                .prepare_cached(
                    "INSERT INTO daily_aside VALUES (?, ?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET answers = answers + excluded.answers",
                )?
                .execute(params![day, survey, touchpoint, kind, count])?;
            if count < 0 {
                connection
                    .prepare_cached(
                        "DELETE FROM daily_aside WHERE day = ? AND survey = ? AND touchpoint = ?
                         AND kind = ? AND answers = 0",
                    )?
                    .execute(params![day, survey, touchpoint, kind])?;
            }
        }
        Ok(())
    }
}
