//! The table `reply_templates`.

use rusqlite::{Row, params};

use super::Store;
use crate::store::{
    StoreError,
    templates::{MAX_TEMPLATES, Template, TemplateText},
};

impl Store {
    /// All templates, by language and name.
    pub(crate) async fn templates(&self) -> Result<Vec<Template>, StoreError> {
        self.read(|connection| {
            let mut templates = connection.prepare_cached(
                "SELECT template, name, language, words FROM reply_templates
                 ORDER BY language, name, template",
            )?;
            Ok(templates.query_map([], template)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Adds a template; returns whether there was room for it.
    pub(crate) async fn add_template(&self, text: TemplateText) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let added = ledger.connection().execute(
                "INSERT INTO reply_templates (name, language, words)
                 SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM reply_templates) < ?4",
                params![text.name, text.language, text.words, MAX_TEMPLATES],
            )?;
            Ok(added > 0)
        })
        .await
    }

    /// Replaces a template; returns whether it exists.
    pub(crate) async fn set_template(
        &self,
        template: i64,
        text: TemplateText,
    ) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let changed = ledger.connection().execute(
                "UPDATE reply_templates SET name = ?2, language = ?3, words = ?4
                 WHERE template = ?1",
                params![template, text.name, text.language, text.words],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Removes a template.
    pub(crate) async fn remove_template(&self, template: i64) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            connection.execute("DELETE FROM reply_templates WHERE template = ?", [template])?;
            Ok(())
        })
        .await
    }
}

fn template(row: &Row<'_>) -> rusqlite::Result<Template> {
    let text = TemplateText {
        name: row.get("name")?,
        language: row.get("language")?,
        words: row.get("words")?,
    };
    Ok(Template { template: row.get("template")?, text })
}
