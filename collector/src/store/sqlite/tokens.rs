//! The table `tokens`, with the tokens of programs.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Store, time};
use crate::{
    access::{Scope, secret::SecretHash},
    store::{StoreError, Token},
};

/// The time of a token's last use is updated this often.
const USE_UPDATE_INTERVAL: SignedDuration = SignedDuration::from_hours(1);

impl Store {
    pub(crate) async fn put_token(
        &self,
        hash: SecretHash,
        name: &str,
        scope: Scope,
        created_by: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (name, created_by) = (name.to_owned(), created_by.map(str::to_owned));
        self.write(move |ledger| {
            ledger.connection().execute(
                "INSERT INTO tokens (hash, name, scope, created_by, created_at)
                 VALUES (?, ?, ?, ?, ?)",
                params![hash.0, name, scope.name(), created_by, now.as_millisecond()],
            )?;
            Ok(())
        })
        .await
    }

    /// The scope of the token with that hash. Updates the time of its last use.
    pub(crate) async fn token_scope(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<Scope>, StoreError> {
        let found = self
            .read(move |connection| {
                let mut token = connection
                    .prepare_cached("SELECT id, scope, used_at FROM tokens WHERE hash = ?")?;
                let columns = |row: &Row<'_>| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        row.get::<_, String>(1)?,
                        row.get::<_, Option<i64>>(2)?,
                    ))
                };
                Ok(token.query_row([hash.0], columns).optional()?)
            })
            .await?;
        let Some((id, scope, used_at)) = found else { return Ok(None) };
        if used_at.is_none_or(|used_at| used_at < (now - USE_UPDATE_INTERVAL).as_millisecond()) {
            self.write(move |ledger| {
                let used = "UPDATE tokens SET used_at = ? WHERE id = ?";
                ledger.connection().execute(used, params![now.as_millisecond(), id])?;
                Ok(())
            })
            .await?;
        }
        Ok(Scope::from_name(&scope))
    }

    /// Every token, the newest first.
    pub(crate) async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.read(|connection| {
            let mut tokens = connection.prepare_cached("SELECT * FROM tokens ORDER BY id DESC")?;
            tokens.query_and_then([], token)?.collect()
        })
        .await
    }

    pub(crate) async fn revoke_token(&self, id: i64) -> Result<(), StoreError> {
        self.write(move |ledger| {
            ledger.connection().execute("DELETE FROM tokens WHERE id = ?", [id])?;
            Ok(())
        })
        .await
    }
}

fn token(row: &Row<'_>) -> Result<Token, StoreError> {
    let used_at: Option<i64> = row.get("used_at")?;
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        scope: Scope::from_name(&row.get::<_, String>("scope")?)
            .ok_or_else(|| StoreError::unexpected("a token's scope"))?,
        created_by: row.get("created_by")?,
        created_at: time(row, "created_at")?,
        used_at: used_at.map(|_| time(row, "used_at")).transpose()?,
    })
}
