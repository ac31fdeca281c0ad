//! The table `tokens`: what programs show to be let in.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row as _;

use super::{Store, accounts::time};
use crate::{
    access::{Scope, secret::SecretHash},
    store::{StoreError, Token},
};

/// How stale the time of last use may be.
const USED_EVERY: SignedDuration = SignedDuration::from_hours(1);

impl Store {
    pub(crate) async fn put_token(
        &self,
        hash: SecretHash,
        name: &str,
        scope: Scope,
        created_by: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO tokens (hash, name, scope, created_by, created_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(hash.0.as_slice())
        .bind(name)
        .bind(scope.name())
        .bind(created_by)
        .bind(now.as_millisecond())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What the token of that hash allows, if there is one; notes that it is used.
    pub(crate) async fn token_scope(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<Scope>, StoreError> {
        let row = sqlx::query("SELECT id, scope, used_at FROM tokens WHERE hash = ?")
            .bind(hash.0.as_slice())
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let used_at: Option<i64> = row.try_get("used_at")?;
        if used_at.is_none_or(|used_at| used_at < (now - USED_EVERY).as_millisecond()) {
            sqlx::query("UPDATE tokens SET used_at = ? WHERE id = ?")
                .bind(now.as_millisecond())
                .bind(row.try_get::<i64, _>("id")?)
                .execute(&self.writer)
                .await?;
        }
        Ok(Scope::from_name(row.try_get("scope")?))
    }

    /// Every token, the newest first.
    pub(crate) async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let rows =
            sqlx::query("SELECT * FROM tokens ORDER BY id DESC").fetch_all(&self.reader).await?;
        rows.iter()
            .map(|row| {
                let used_at: Option<i64> = row.try_get("used_at")?;
                Ok(Token {
                    id: row.try_get("id")?,
                    name: row.try_get("name")?,
                    scope: Scope::from_name(row.try_get("scope")?)
                        .ok_or_else(|| StoreError::odd("a token's scope"))?,
                    created_by: row.try_get("created_by")?,
                    created_at: time(row, "created_at")?,
                    used_at: used_at.map(|_| time(row, "used_at")).transpose()?,
                })
            })
            .collect()
    }

    pub(crate) async fn revoke_token(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM tokens WHERE id = ?").bind(id).execute(&self.writer).await?;
        Ok(())
    }
}
