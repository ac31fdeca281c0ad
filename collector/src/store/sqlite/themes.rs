//! The themes of answers: the columns `themes*` of `responses`, and the tables `themes`, `theme_changes`,
//! `theme_corrections` and `theme_rules`.
//!
//! The themes of a new answer are found before its transaction begins ([`Arrival`](crate::store::arrival::Arrival)) and
//! written in it. After a change of the rules or of the lexicons [`naming`](super::naming) finds those of all stored
//! answers again.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Store;
use crate::{
    store::{
        StoreError,
        themes::{RuleAdded, StoredRule, ThemeSet},
    },
    themes::{Correction, MAX_RULES, Named, Rule, Rules, Taxonomy, Theme, ThemeSetting},
};

/// The setting with the progress of finding themes again: the edition of the rules, and the row number of the last
/// answer: `EDITION NUMBER`, or `EDITION done`.
const PROGRESS: &str = "themes_progress";
pub(super) const DONE: &str = "done";
/// The setting with the edition of the lexicons by which themes were found last.
const LEXICONS: &str = "themes_lexicons";
/// Stands for every theme in `theme_changes`.
const EVERY: &str = "";

impl Store {
    /// The shop's rules, by theme.
    pub(crate) async fn theme_rules(&self) -> Result<Vec<StoredRule>, StoreError> {
        self.read(stored_rules).await
    }

    /// Adds a rule.
    pub(crate) async fn add_theme_rule(&self, rule: Rule) -> Result<RuleAdded, StoreError> {
        self.write(move |ledger| {
            let added = add_rule(ledger.connection(), &rule)?;
            ledger.rules_change();
            Ok(added)
        })
        .await
    }

    /// Removes a rule; returns whether it existed.
    pub(crate) async fn remove_theme_rule(&self, number: i64) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let theme: Option<String> = connection
                .query_row(
                    "DELETE FROM theme_rules WHERE rule = ? RETURNING theme",
                    [number],
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(theme) = &theme {
                note_change(connection, theme)?;
            }
            start_again(connection)?;
            ledger.rules_change();
            Ok(theme.is_some())
        })
        .await
    }

    /// The shop's themes. Reads only memory.
    pub(crate) fn taxonomy(&self) -> Arc<Taxonomy> {
        self.lists.taxonomy()
    }

    /// Sets the name of a theme, and whether it is looked for.
    pub(crate) async fn set_theme(
        &self,
        theme: Theme,
        setting: ThemeSetting,
    ) -> Result<ThemeSet, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let before = taxonomy(connection)?;
            if !before.all().any(|it| it == theme) {
                return Ok(ThemeSet::Unknown);
            }
            if is_taken(&before, setting.name.as_deref(), Some(theme)) {
                return Ok(ThemeSet::Known);
            }
            let name = setting.name.as_deref().or_else(|| match theme {
                // The shop's own themes need a name, so an empty one does not replace it.
                Theme::Own(_) => before.name(theme),
                _ => None,
            });
            connection.execute(
                "INSERT INTO themes (theme, name, is_off) VALUES (?, ?, ?)
                 ON CONFLICT (theme) DO UPDATE SET name = excluded.name, is_off = excluded.is_off",
                params![theme.id(), name, setting.is_off],
            )?;
            if before.is_off(theme) != setting.is_off {
                note_change(connection, theme.id())?;
                start_again(connection)?;
            }
            ledger.rules_change();
            Ok(ThemeSet::Set)
        })
        .await
    }

    /// Adds a theme of the shop, with the words of its first rule.
    pub(crate) async fn add_theme(&self, name: String, rule: Rule) -> Result<ThemeSet, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let before = taxonomy(connection)?;
            if is_taken(&before, Some(&name), None) {
                return Ok(ThemeSet::Known);
            }
            let own = before.all().count() - Theme::ALL.len();
            let Some(theme) = Theme::own(own) else { return Ok(ThemeSet::NoRoom) };
            if add_rule(connection, &Rule { theme, words: rule.words.clone() })?
                == RuleAdded::NoRoom
            {
                return Ok(ThemeSet::NoRoom);
            }
            connection.execute(
                "INSERT INTO themes (theme, name) VALUES (?, ?)",
                params![theme.id(), name],
            )?;
            ledger.rules_change();
            Ok(ThemeSet::Set)
        })
        .await
    }

    /// Stores corrections of the themes of the answer with a public id; returns whether the answer exists.
    pub(crate) async fn correct_themes(
        &self,
        id: &str,
        corrections: Vec<Correction>,
    ) -> Result<bool, StoreError> {
        let id = self.meant(id).await?;
        self.write(move |ledger| ledger.correct_themes(&id, &corrections)).await
    }

    /// The corrections of the themes of the answer with a public id.
    pub(crate) async fn corrections_of(&self, id: &str) -> Result<Vec<Correction>, StoreError> {
        let id = self.meant(id).await?;
        self.read(move |connection| {
            let number: Option<i64> = connection
                .prepare_cached("SELECT number FROM responses WHERE id = ?")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            number.map_or(Ok(Vec::new()), |number| corrections(connection, number))
        })
        .await
    }

    /// Whether the themes of every stored answer were found by the current rules and lexicons.
    pub(crate) async fn are_themes_found(&self) -> Result<bool, StoreError> {
        self.read(are_found).await
    }
}

/// The row number after which the themes of answers still have to be found again; `None` if none is left.
pub(super) fn progress(connection: &Connection, edition: u64) -> Result<Option<i64>, StoreError> {
    let progress: Option<String> = connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?")?
        .query_row([PROGRESS], |row| row.get(0))
        .optional()?;
    let of_edition = progress
        .as_deref()
        .and_then(|progress| progress.split_once(' '))
        .filter(|(of, _)| *of == edition.to_string());
    Ok(match of_edition {
        Some((_, DONE)) => None,
        Some((_, number)) => Some(number.parse().unwrap_or_default()),
        None => Some(0),
    })
}

/// Whether the themes of every stored answer were found by the current rules and lexicons.
pub(super) fn are_found(connection: &Connection) -> Result<bool, StoreError> {
    Ok(progress(connection, rules(connection)?.edition())?.is_none())
}

/// Marks a database without answers as done, since there are no themes to find. In any other database, stores that this
/// release finds themes by other lexicons than the last one, if so.
pub(super) fn begin(connection: &Connection) -> Result<(), StoreError> {
    let lexicons = afterword_themes::edition().to_string();
    let before: Option<String> = connection
        .query_row("SELECT value FROM settings WHERE name = ?", [LEXICONS], |row| row.get(0))
        .optional()?;
    if before.as_ref() != Some(&lexicons) {
        if before.is_some() {
            note_change(connection, EVERY)?;
        }
        connection.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![LEXICONS, lexicons],
        )?;
    }
    if connection.prepare("SELECT 1 FROM responses LIMIT 1")?.exists([])? {
        return Ok(());
    }
    let edition = rules(connection)?.edition();
    Ok(note_progress(connection, edition, DONE)?)
}

/// Adds a rule, and stores that its theme is found by other rules from now on.
fn add_rule(connection: &Connection, rule: &Rule) -> Result<RuleAdded, StoreError> {
    let count: i64 =
        connection.query_row("SELECT count(*) FROM theme_rules", [], |row| row.get(0))?;
    if count.unsigned_abs() >= MAX_RULES as u64 {
        return Ok(RuleAdded::NoRoom);
    }
    let added = connection.execute(
        "INSERT INTO theme_rules (theme, words) VALUES (?, ?) ON CONFLICT DO NOTHING",
        params![rule.theme.id(), rule.words],
    )?;
    if added == 0 {
        return Ok(RuleAdded::Known);
    }
    note_change(connection, rule.theme.id())?;
    start_again(connection)?;
    Ok(RuleAdded::Added)
}

/// Stores that a theme is found by other rules from now on.
fn note_change(connection: &Connection, theme: &str) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO theme_changes (theme, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        params![theme, Timestamp::now().as_millisecond()],
    )?;
    Ok(())
}

/// The moments from which on a theme was found by other rules, in Unix milliseconds; `None` stands for every theme.
pub(super) fn changes(connection: &Connection) -> Result<Vec<(Option<Theme>, i64)>, StoreError> {
    let mut all = connection.prepare_cached("SELECT theme, at FROM theme_changes")?;
    let mut rows = all.query([])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let theme = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        changes.push((Theme::from_id(theme), row.get(1)?));
    }
    Ok(changes)
}

/// The shop's themes.
pub(super) fn taxonomy(connection: &Connection) -> Result<Taxonomy, StoreError> {
    let mut all = connection.prepare_cached("SELECT theme, name, is_off FROM themes")?;
    let mut rows = all.query([])?;
    let mut settings = Vec::new();
    while let Some(row) = rows.next()? {
        let theme = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let theme = Theme::from_id(theme).ok_or(StoreError::unexpected("a theme"))?;
        settings.push((theme, ThemeSetting { name: row.get(1)?, is_off: row.get(2)? }));
    }
    Ok(Taxonomy::new(settings))
}

/// Whether another theme than `own` has that name.
fn is_taken(taxonomy: &Taxonomy, name: Option<&str>, own: Option<Theme>) -> bool {
    let Some(name) = name.map(str::to_lowercase) else { return false };
    taxonomy
        .all()
        .filter(|theme| Some(*theme) != own)
        .any(|theme| taxonomy.name(theme).is_some_and(|it| it.to_lowercase() == name))
}

/// Deletes the progress of finding themes again. A rule that is added and removed again leads back to an edition that was
/// done, but answers may have arrived in between.
fn start_again(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM settings WHERE name = ?", [PROGRESS])?;
    Ok(())
}

/// Stores the progress of finding themes again.
pub(super) fn note_progress(
    connection: &Connection,
    edition: u64,
    progress: &str,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![PROGRESS, format!("{edition} {progress}")],
    )?;
    Ok(())
}

fn stored_rules(connection: &Connection) -> Result<Vec<StoredRule>, StoreError> {
    let mut all = connection
        .prepare_cached("SELECT rule, theme, words FROM theme_rules ORDER BY words, rule")?;
    let mut rows = all.query([])?;
    let mut rules = Vec::new();
    while let Some(row) = rows.next()? {
        let theme = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let theme = Theme::from_id(theme).ok_or(StoreError::unexpected("a rule's theme"))?;
        rules.push(StoredRule { number: row.get(0)?, rule: Rule { theme, words: row.get(2)? } });
    }
    rules.sort_by_key(|it| it.rule.theme);
    Ok(rules)
}

/// The shop's rules, ready to be used.
pub(super) fn rules(connection: &Connection) -> Result<Arc<Rules>, StoreError> {
    let rules: Vec<Rule> = stored_rules(connection)?.into_iter().map(|it| it.rule).collect();
    Ok(Arc::new(Rules::new(&rules, taxonomy(connection)?.wanted())))
}

/// The corrections of an answer, for themes that are not switched off.
pub(super) fn corrections(
    connection: &Connection,
    number: i64,
) -> Result<Vec<Correction>, StoreError> {
    let mut all = connection.prepare_cached(
        "SELECT theme, is_named FROM theme_corrections WHERE number = ?
             AND theme NOT IN (SELECT theme FROM themes WHERE is_off)",
    )?;
    let mut rows = all.query([number])?;
    let mut corrections = Vec::new();
    while let Some(row) = rows.next()? {
        let theme = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let theme = Theme::from_id(theme).ok_or(StoreError::unexpected("a corrected theme"))?;
        corrections.push(Correction { theme, is_named: row.get(1)? });
    }
    Ok(corrections)
}

/// Stores corrections, in place of earlier ones of the same themes.
pub(super) fn correct(
    connection: &Connection,
    number: i64,
    corrections: &[Correction],
) -> rusqlite::Result<()> {
    let mut add = connection.prepare_cached(
        "INSERT INTO theme_corrections VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET is_named = excluded.is_named",
    )?;
    for Correction { theme, is_named } in corrections {
        add.execute(params![number, theme.id(), is_named])?;
    }
    Ok(())
}

/// Removes the corrections of an answer that is erased.
pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM theme_corrections WHERE number = ?")?
        .execute([number])?;
    Ok(())
}

/// Writes the themes of an answer.
pub(super) fn write(
    connection: &Connection,
    number: i64,
    edition: u64,
    named: &Named,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE responses SET themes = ?2, themes_read = ?3, themes_edition = ?4 WHERE number = ?1",
        )?
        .execute(params![number, ids(&named.themes), named.is_read, edition.cast_signed()])?;
    Ok(())
}

/// The column of themes.
pub(super) fn ids(themes: &[Theme]) -> String {
    themes.iter().map(|theme| theme.id()).collect::<Vec<_>>().join(" ")
}

/// Reads the themes of an answer from its columns.
pub(super) fn named(ids: &str, is_read: bool) -> Named {
    Named { themes: ids.split_whitespace().filter_map(Theme::from_id).collect(), is_read }
}
