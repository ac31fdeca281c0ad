//! Reads the roll-ups for the report: counts by day, in the place of single responses.

use std::collections::HashMap;

use afterword_response::Touchpoint;
use rusqlite::{Connection, Row, RowIndex};

use super::{
    Store, answer_pages,
    filter::{NOT_ARCHIVED, Query},
    offsets, settings,
};
use crate::{
    aside::{Flagged, Kind},
    report::{
        self,
        calendar::{Day, Days},
        facts::{
            Answers, AsideCounts, AskedHow, Displays, Facts, FactsRequest, MethodDay, MomentPairs,
            Selection, THEME, THEME_BEYOND, THEME_READ, ThemeFacts, ValueAnswers,
        },
        statistics::{Distribution, Pairs, Segments},
    },
    store::StoreError,
    themes::Theme,
};

impl Store {
    /// The first and the last day that has answers or displays; `None` without any.
    pub(crate) async fn span(&self, survey: Option<&str>) -> Result<Option<Days>, StoreError> {
        let mut query = Query::new("SELECT min(first), max(last) FROM (");
        for (index, table) in
            ["daily_scores", "daily_displays", "daily_aside"].into_iter().enumerate()
        {
            query.push(if index > 0 { " UNION ALL " } else { "" });
            // SQLite reads `min` or `max` from the end of an index only if a query asks for one of them.
            for (side, column) in [("min", "first"), ("max", "last")] {
                query.push(if side == "min" { "SELECT (" } else { ", (" });
                query.push("SELECT ").push(side).push("(day) FROM ").push(table);
                match survey {
                    Some(survey) => query.push(" WHERE survey = ").bind(survey.to_owned()),
                    None => query.push(" WHERE ").push(NOT_ARCHIVED),
                };
                query.push(") AS ").push(column);
            }
        }
        query.push(")");
        self.read(move |connection| {
            let mut span = connection.prepare_cached(&query.sql)?;
            let ends = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let (first, last): (Option<i32>, Option<i32>) =
                span.query_row(&*query.parameters(), ends)?;
            Ok(first.zip(last).map(|(first, last)| Days { first, last }))
        })
        .await
    }

    /// Reads the report's facts, all of them as of one moment.
    pub(crate) async fn facts(&self, wanted: &FactsRequest<'_>) -> Result<Facts, StoreError> {
        let (selection, by) = (wanted.selection.clone(), wanted.by.map(str::to_owned));
        let (days, compare) = (wanted.days, wanted.compare);
        self.read_long(move |connection| {
            let snapshot = connection.unchecked_transaction()?;
            let wanted = FactsRequest { selection: &selection, days, compare, by: by.as_deref() };
            read(&snapshot, &wanted)
        })
        .await
    }
}

fn read(snapshot: &Connection, wanted: &FactsRequest<'_>) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    let both = if wanted.compare { wanted.days.with(wanted.days.before()) } else { wanted.days };

    let mut methods = snapshot.prepare_cached(
        "SELECT method, language, question, low_label, high_label, layout, mode FROM methods",
    )?;
    let mut places = HashMap::new();
    let mut rows = methods.query([])?;
    while let Some(row) = rows.next()? {
        places.insert(row.get::<_, i64>(0)?, facts.methods.len());
        facts.methods.push(AskedHow {
            language: row.get(1)?,
            question: row.get(2)?,
            low_label: row.get(3)?,
            high_label: row.get(4)?,
            layout: row.get(5)?,
            mode: row.get(6)?,
        });
    }

    let selection = wanted.selection;
    let mut query = Query::new(
        "SELECT day, survey, touchpoint, method, answers, \
         s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, flagged FROM daily_scores",
    );
    within(&mut query, both, selection);
    // Columns are read by index and not by name, since there are thousands of rows.
    let mut statement = snapshot.prepare_cached(&query.sql)?;
    let mut rows = statement.query(&*query.parameters())?;
    while let Some(row) = rows.next()? {
        let Some(touchpoint) = touchpoint(row, 2)? else { continue };
        let day = row.get(0)?;
        let scores = scores(row, 5)?;
        let is_asked_for =
            wanted.days.contains(day) && selection.touchpoint.is_none_or(|it| it == touchpoint);
        let is_flagged = row.get(16)?;
        if selection.facet.is_none() && is_flagged && is_asked_for {
            facts.flagged.add(&scores.segments());
        }
        if is_flagged && selection.flagged == Flagged::Without {
            continue;
        }
        if is_asked_for {
            facts.everybody.add(&scores.segments());
        }
        if let Some(method) = places.get(&row.get::<_, i64>(3)?) {
            facts.asked.push(MethodDay {
                day,
                survey: row.get(1)?,
                touchpoint,
                method: *method,
                answers: count(row, 4)?,
            });
        }
        if selection.facet.is_none() {
            facts.answers.push(Answers { day, survey: row.get(1)?, touchpoint, scores });
        }
    }
    if let Some(facet) = &selection.facet {
        let mut query = Query::new(
            "SELECT day, survey, touchpoint, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, flagged \
             FROM daily_facets",
        );
        within(&mut query, both, selection);
        query.push(" AND facet = ").bind(facet.name.clone());
        query.push(" AND value = ").bind(facet.value.clone());
        let mut statement = snapshot.prepare_cached(&query.sql)?;
        let mut rows = statement.query(&*query.parameters())?;
        while let Some(row) = rows.next()? {
            let Some(touchpoint) = touchpoint(row, 2)? else { continue };
            let (day, scores) = (row.get(0)?, scores(row, 3)?);
            let is_asked_for =
                wanted.days.contains(day) && selection.touchpoint.is_none_or(|it| it == touchpoint);
            let is_flagged = row.get(14)?;
            if is_flagged && is_asked_for {
                facts.flagged.add(&scores.segments());
            }
            if !is_flagged || selection.flagged == Flagged::With {
                facts.answers.push(Answers { day, survey: row.get(1)?, touchpoint, scores });
            }
        }
    } else {
        facts.themes = Some(themes(snapshot, wanted)?);
        facts.displays = displays(snapshot, wanted)?;
        facts.shown_in_view_from = settings::shown_in_view_from(snapshot)?;
        facts.pairs = pairs(snapshot, wanted)?;
        facts.aside = aside(snapshot, wanted)?;
        facts.rated_again = answer_pages::rated_again(snapshot, wanted)?;
    }

    // Each name is found by a jump in the index, without reading the days between.
    let mut names = snapshot.prepare_cached(
        "WITH RECURSIVE names (name) AS (
             SELECT min(facet) FROM daily_facets
             UNION ALL
             SELECT (SELECT min(facet) FROM daily_facets WHERE facet > name) FROM names
             WHERE name IS NOT NULL)
         SELECT name FROM names WHERE name IS NOT NULL",
    )?;
    let names = names.query_map([], |row| row.get(0))?;
    let mut names: Vec<String> = names.collect::<Result<_, _>>()?;
    names.retain(|name| report::is_facet(name));
    if let Some(survey) = &selection.survey {
        names = of_survey(snapshot, survey, names)?;
    }
    facts.facets = report::in_order(names);
    let mut surveys = snapshot.prepare_cached(
        "SELECT id FROM surveys
         WHERE EXISTS (SELECT 1 FROM responses WHERE survey = surveys.id) ORDER BY id",
    )?;
    let surveys = surveys.query_map([], |row| row.get(0))?;
    facts.surveys = surveys.collect::<Result<_, _>>()?;

    facts.left_out = left_out(snapshot, selection)?;
    if selection.survey.is_none() {
        let mut archived = snapshot
            .prepare_cached("SELECT id FROM surveys WHERE archived_at IS NOT NULL ORDER BY id")?;
        let archived = archived.query_map([], |row| row.get(0))?;
        facts.archived = archived.collect::<Result<_, _>>()?;
    }

    if let Some(by) = wanted.by.or(facts.facets.first().map(String::as_str)) {
        facts.values = values(snapshot, wanted, by)?;
    }
    Ok(facts)
}

/// The facets among these of which the survey has a value that is counted.
fn of_survey(
    snapshot: &Connection,
    survey: &str,
    names: Vec<String>,
) -> rusqlite::Result<Vec<String>> {
    let mut has = snapshot.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM facts JOIN survey_facts USING (fact) WHERE facet = ? AND survey = ?)",
    )?;
    let mut of_survey = Vec::new();
    for name in names {
        if has.query_row([&*name, survey], |row| row.get(0))? {
            of_survey.push(name);
        }
    }
    Ok(of_survey)
}

/// Restricts a query to days and the selection's survey. The touchpoint is filtered later, since the report
/// shows all touchpoints beside the selected one.
fn within(query: &mut Query, days: Days, selection: &Selection) {
    query.push(" WHERE day BETWEEN ").bind(days.first);
    query.push(" AND ").bind(days.last);
    match &selection.survey {
        Some(survey) => query.push(" AND survey = ").bind(survey.clone()),
        None => query.push(" AND ").push(NOT_ARCHIVED),
    };
}

/// The facets that had more values than are counted.
fn left_out(snapshot: &Connection, selection: &Selection) -> rusqlite::Result<Vec<String>> {
    let mut query = Query::new("SELECT DISTINCT facet FROM left_out WHERE ");
    match &selection.survey {
        Some(survey) => query.push("survey = ").bind(survey.clone()),
        None => query.push("survey IN (SELECT id FROM surveys) AND ").push(NOT_ARCHIVED),
    };
    query.push(" ORDER BY facet");
    let mut facets = snapshot.prepare_cached(&query.sql)?;
    facets.query_map(&*query.parameters(), |row| row.get(0))?.collect()
}

/// Restricts a query to answers that count.
fn counted(query: &mut Query, selection: &Selection) {
    if selection.flagged == Flagged::Without {
        query.push(" AND flagged = 0");
    }
}

/// The number of answers that no figure counts, by the reason.
fn aside(snapshot: &Connection, wanted: &FactsRequest<'_>) -> Result<AsideCounts, StoreError> {
    let mut query = Query::new("SELECT kind, sum(answers) FROM daily_aside");
    within(&mut query, wanted.days, wanted.selection);
    if let Some(touchpoint) = wanted.selection.touchpoint {
        query.push(" AND touchpoint = ").bind(touchpoint.name().to_owned());
    }
    query.push(" GROUP BY kind");
    let mut counts = AsideCounts::default();
    let mut statement = snapshot.prepare_cached(&query.sql)?;
    let mut rows = statement.query(&*query.parameters())?;
    while let Some(row) = rows.next()? {
        let kind = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        if let Some(kind) = Kind::from_name(kind) {
            *counts.of(kind) += count(row, 1)?;
        }
    }
    Ok(counts)
}

fn displays(snapshot: &Connection, wanted: &FactsRequest<'_>) -> Result<Vec<Displays>, StoreError> {
    let mut query = Query::new(
        "SELECT touchpoint, sum(shown) AS shown, sum(dismissed) AS dismissed, \
         sum(promoters) AS promoters, sum(passives) AS passives, sum(detractors) AS detractors \
         FROM daily_displays",
    );
    within(&mut query, wanted.days, wanted.selection);
    counted(&mut query, wanted.selection);
    query.push(" GROUP BY touchpoint");
    let mut displays = Vec::new();
    let mut statement = snapshot.prepare_cached(&query.sql)?;
    let mut rows = statement.query(&*query.parameters())?;
    while let Some(row) = rows.next()? {
        let Some(touchpoint) = touchpoint(row, "touchpoint")? else { continue };
        displays.push(Displays {
            touchpoint,
            shown: count(row, "shown")?,
            dismissed: count(row, "dismissed")?,
            answered: segments(row)?,
        });
    }
    Ok(displays)
}

fn pairs(snapshot: &Connection, wanted: &FactsRequest<'_>) -> Result<Vec<MomentPairs>, StoreError> {
    let mut query = Query::new(
        "SELECT first, second, first_segment, second_segment, sum(pairs) AS pairs FROM daily_pairs",
    );
    within(&mut query, wanted.days, wanted.selection);
    counted(&mut query, wanted.selection);
    query.push(" GROUP BY first, second, first_segment, second_segment ORDER BY first, second");
    let mut found: Vec<MomentPairs> = Vec::new();
    let mut statement = snapshot.prepare_cached(&query.sql)?;
    let mut rows = statement.query(&*query.parameters())?;
    while let Some(row) = rows.next()? {
        let moments = touchpoint(row, "first")?.zip(touchpoint(row, "second")?);
        let Some((first, second)) = moments else { continue };
        if found.last().is_none_or(|last| (last.first, last.second) != (first, second)) {
            found.push(MomentPairs { first, second, pairs: Pairs::default() });
        }
        let place = |column: &str| -> Result<usize, StoreError> {
            let segment: i64 = row.get(column)?;
            Ok(usize::try_from(segment.clamp(-1, 1) + 1).unwrap_or_default())
        };
        let (from, to) = (place("first_segment")?, place("second_segment")?);
        if let Some(last) = found.last_mut() {
            last.pairs.0[from][to] += count(row, "pairs")?;
        }
    }
    Ok(found)
}

/// The themes of comments, in the period and in the one before.
fn themes(snapshot: &Connection, wanted: &FactsRequest<'_>) -> Result<ThemeFacts, StoreError> {
    let mut query = Query::new(
        "SELECT facet, value, day, sum(s9 + s10) AS promoters, sum(s7 + s8) AS passives, \
         sum(answers - s7 - s8 - s9 - s10) AS detractors FROM daily_facets",
    );
    let days = if wanted.compare { wanted.days.with(wanted.days.before()) } else { wanted.days };
    within(&mut query, days, wanted.selection);
    counted(&mut query, wanted.selection);
    query.push(" AND facet IN (");
    for (index, facet) in [THEME, THEME_READ, THEME_BEYOND].into_iter().enumerate() {
        query.push(if index > 0 { ", " } else { "" }).bind(facet.to_owned());
    }
    query.push(")");
    if let Some(touchpoint) = wanted.selection.touchpoint {
        query.push(" AND touchpoint = ").bind(touchpoint.name().to_owned());
    }
    query.push(" GROUP BY 1, 2, 3 ORDER BY 1 = ").bind(THEME_BEYOND.to_owned());
    let mut facts = ThemeFacts::default();
    let mut statement = snapshot.prepare_cached(&query.sql)?;
    let mut rows = statement.query(&*query.parameters())?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        let (facet, theme) = (text(0)?, Theme::from_id(text(1)?));
        let day: Day = row.get(2)?;
        let is_now = wanted.days.contains(day);
        let answers = if is_now { &mut facts.now } else { &mut facts.before };
        let mut of_day = is_now.then(|| facts.days.entry(day).or_default());
        let segments = segments(row)?;
        match (facet, theme) {
            (THEME_READ, _) => {
                answers.base.add(&segments);
                if let Some(day) = &mut of_day {
                    day.base += segments.answers();
                }
            }
            (THEME, Some(theme)) => {
                answers.naming.entry(theme).or_default().add(&segments);
                if let Some(day) = &mut of_day {
                    *day.naming.entry(theme).or_default() += segments.answers();
                }
            }
            (THEME_BEYOND, Some(theme)) => {
                let naming = answers.naming.entry(theme).or_default();
                *naming = naming.without(&segments);
                if let Some(day) = &mut of_day {
                    let naming = day.naming.entry(theme).or_default();
                    *naming = naming.saturating_sub(segments.answers());
                }
            }
            _ => {}
        }
    }
    facts.are_found = super::themes::are_found(snapshot)?;
    let offsets = offsets::spelled_out(snapshot)?;
    for (theme, at) in super::themes::changes(snapshot)? {
        let day = Day::try_from(offsets.day(at)).unwrap_or(Day::MAX);
        facts.changes.push((theme, day));
    }
    Ok(facts)
}

fn values(
    snapshot: &Connection,
    wanted: &FactsRequest<'_>,
    by: &str,
) -> Result<Vec<ValueAnswers>, StoreError> {
    let mut query = Query::new(
        "SELECT value, sum(s9 + s10) AS promoters, sum(s7 + s8) AS passives, \
         sum(answers - s7 - s8 - s9 - s10) AS detractors FROM daily_facets",
    );
    within(&mut query, wanted.days, wanted.selection);
    counted(&mut query, wanted.selection);
    query.push(" AND facet = ").bind(by.to_owned());
    if let Some(touchpoint) = wanted.selection.touchpoint {
        query.push(" AND touchpoint = ").bind(touchpoint.name().to_owned());
    }
    query.push(" GROUP BY value");
    let mut statement = snapshot.prepare_cached(&query.sql)?;
    let value =
        |row: &Row<'_>| Ok(ValueAnswers { value: row.get("value")?, segments: segments(row)? });
    statement.query_and_then(&*query.parameters(), value)?.collect()
}

/// The touchpoint in a column; `None` for an unknown name, which a newer release may have written.
fn touchpoint(row: &Row<'_>, column: impl RowIndex) -> Result<Option<Touchpoint>, StoreError> {
    let name = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(Touchpoint::from_name(name))
}

fn count(row: &Row<'_>, column: impl RowIndex) -> Result<u64, StoreError> {
    let count: i64 = row.get(column)?;
    // A negative count would be the writer's fault, and no reason to fail here.
    Ok(u64::try_from(count).unwrap_or_default())
}

fn segments(row: &Row<'_>) -> Result<Segments, StoreError> {
    Ok(Segments {
        promoters: count(row, "promoters")?,
        passives: count(row, "passives")?,
        detractors: count(row, "detractors")?,
    })
}

/// The counts of the scores 0 to 10, which stand in columns from `first` on.
fn scores(row: &Row<'_>, first: usize) -> Result<Distribution, StoreError> {
    let mut scores = Distribution::default();
    for (score, sum) in scores.0.iter_mut().enumerate() {
        *sum = count(row, first + score)?;
    }
    Ok(scores)
}
