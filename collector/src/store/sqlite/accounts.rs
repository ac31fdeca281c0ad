//! The tables `accounts`, `sessions` and `links`: who may sign in, who is, and who is about to.

use jiff::{SignedDuration, Timestamp};
use sqlx::{Row as _, Sqlite, Transaction, sqlite::SqliteRow};

use super::Store;
use crate::{
    access::{
        Role,
        secret::SecretHash,
        session::{LINK_WORKS, Live},
    },
    store::{
        StoreError,
        accounts::{Account, Changed, Link, NewAccount, Purpose, SessionTimes, Used},
    },
};

/// How many browsers of one account are told apart from strangers'.
const MAX_DEVICES: u32 = 20;
/// How stale the time of last use may be: writing it down at each request would cost a commit each.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);
impl Store {
    pub(crate) async fn has_admin(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM accounts WHERE role = 'admin')")
            .fetch_one(&self.reader)
            .await?)
    }

    /// Everybody, by name.
    pub(crate) async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query("SELECT * FROM accounts ORDER BY name COLLATE NOCASE, id")
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(account).collect()
    }

    pub(crate) async fn account(&self, id: i64) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query("SELECT * FROM accounts WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(account).transpose()
    }

    /// The account of that login, and its password's hash.
    pub(crate) async fn account_by_login(
        &self,
        login: &str,
    ) -> Result<Option<(Account, String)>, StoreError> {
        let row = sqlx::query("SELECT * FROM accounts WHERE login = ?")
            .bind(login)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(|row| Ok((account(row)?, row.try_get("password")?))).transpose()
    }

    pub(crate) async fn rename(&self, id: i64, name: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET name = ? WHERE id = ?")
            .bind(name)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Gives a colleague another role and ends their sessions, which were opened with the old one.
    pub(crate) async fn set_role(&self, id: i64, role: Role) -> Result<Changed, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if is_last_admin(&mut transaction, id).await? && role != Role::Admin {
            return Ok(Changed::LastAdmin);
        }
        let changed = sqlx::query("UPDATE accounts SET role = ?2 WHERE id = ?1 AND role <> ?2")
            .bind(id)
            .bind(role.name())
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if changed > 0 {
            sqlx::query("DELETE FROM sessions WHERE account = ?")
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        let is_there = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?)")
            .bind(id)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(if is_there { Changed::Done } else { Changed::Gone })
    }

    /// Removes a colleague with their sessions and links.
    pub(crate) async fn remove_account(&self, id: i64) -> Result<Changed, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if is_last_admin(&mut transaction, id).await? {
            return Ok(Changed::LastAdmin);
        }
        let removed = sqlx::query("DELETE FROM accounts WHERE id = ?")
            .bind(id)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        transaction.commit().await?;
        Ok(if removed > 0 { Changed::Done } else { Changed::Gone })
    }

    /// Sets a password, and ends every session and password link of the account.
    pub(crate) async fn set_password(&self, id: i64, password: &str) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        set_password(&mut transaction, id, password).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Opens a session, and forgets those that have ended.
    pub(crate) async fn open_session(
        &self,
        id: i64,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let live = Live::at(now);
        sqlx::query("DELETE FROM sessions WHERE seen_at <= ? OR created_at <= ?")
            .bind(live.used_after.as_millisecond())
            .bind(live.opened_after.as_millisecond())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (hash, account, created_at, seen_at) VALUES (?, ?, ?3, ?3)",
        )
        .bind(hash.0.as_slice())
        .bind(id)
        .bind(now.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whose session this is, if it has not ended; notes that it is used.
    pub(crate) async fn session(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let live = Live::at(now);
        let row = sqlx::query(
            "SELECT accounts.*, seen_at FROM sessions JOIN accounts ON accounts.id = sessions.account
             WHERE hash = ? AND seen_at > ? AND sessions.created_at > ?",
        )
        .bind(hash.0.as_slice())
        .bind(live.used_after.as_millisecond())
        .bind(live.opened_after.as_millisecond())
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let seen_at: i64 = row.try_get("seen_at")?;
        if seen_at < (now - SEEN_EVERY).as_millisecond() {
            sqlx::query("UPDATE sessions SET seen_at = ? WHERE hash = ?")
                .bind(now.as_millisecond())
                .bind(hash.0.as_slice())
                .execute(&self.writer)
                .await?;
        }
        account(&row).map(Some)
    }

    /// The account's sessions, the last used first.
    pub(crate) async fn sessions(
        &self,
        id: i64,
        now: Timestamp,
    ) -> Result<Vec<SessionTimes>, StoreError> {
        let live = Live::at(now);
        let rows = sqlx::query(
            "SELECT hash, created_at, seen_at FROM sessions
             WHERE account = ? AND seen_at > ? AND created_at > ? ORDER BY seen_at DESC",
        )
        .bind(id)
        .bind(live.used_after.as_millisecond())
        .bind(live.opened_after.as_millisecond())
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let hash: Vec<u8> = row.try_get("hash")?;
                Ok(SessionTimes {
                    hash: SecretHash(
                        hash.try_into().map_err(|_| StoreError::odd("a session's hash"))?,
                    ),
                    created_at: time(row, "created_at")?,
                    seen_at: time(row, "seen_at")?,
                })
            })
            .collect()
    }

    pub(crate) async fn close_session(&self, hash: SecretHash) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE hash = ?")
            .bind(hash.0.as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Ends every session of an account.
    pub(crate) async fn close_sessions(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE account = ?")
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Remembers a browser that signed in to an account; forgets the oldest of many.
    pub(crate) async fn remember_device(
        &self,
        id: i64,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO devices (hash, account, created_at) VALUES (?, ?, ?)")
            .bind(hash.0.as_slice())
            .bind(id)
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "DELETE FROM devices WHERE account = ?1 AND hash NOT IN
             (SELECT hash FROM devices WHERE account = ?1 ORDER BY created_at DESC LIMIT ?2)",
        )
        .bind(id)
        .bind(MAX_DEVICES)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whether a browser signed in to the account of that login before.
    pub(crate) async fn knows_device(
        &self,
        login: &str,
        hash: SecretHash,
    ) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM devices JOIN accounts ON accounts.id = devices.account
                            WHERE hash = ? AND login = ?)",
        )
        .bind(hash.0.as_slice())
        .bind(login)
        .fetch_one(&self.reader)
        .await?)
    }

    /// Keeps a link. A new one for the setup, or for an account's password, replaces the old one.
    pub(crate) async fn put_link(
        &self,
        hash: SecretHash,
        purpose: &Purpose,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let expires_at = now + LINK_WORKS;
        let (name, role, invited, account) = match purpose {
            Purpose::Setup => ("setup", None, None, None),
            Purpose::Invitation { role, name } => {
                ("invitation", Some(role.name()), Some(name.as_str()), None)
            }
            Purpose::Password(account) => ("password", None, None, Some(*account)),
        };
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "DELETE FROM links WHERE expires_at <= ?
             OR (purpose = ?2 AND purpose <> 'invitation' AND account IS ?3)",
        )
        .bind(now.as_millisecond())
        .bind(name)
        .bind(account)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO links (hash, purpose, role, name, account, created_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(hash.0.as_slice())
        .bind(name)
        .bind(role)
        .bind(invited)
        .bind(account)
        .bind(now.as_millisecond())
        .bind(expires_at.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(expires_at)
    }

    /// The link of that hash, if it still works. Looking does not use it up.
    pub(crate) async fn link(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<Link>, StoreError> {
        let row = sqlx::query("SELECT * FROM links WHERE hash = ? AND expires_at > ?")
            .bind(hash.0.as_slice())
            .bind(now.as_millisecond())
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(link).transpose()
    }

    /// Invitations that nobody has used yet, the newest first.
    pub(crate) async fn invitations(&self, now: Timestamp) -> Result<Vec<Link>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM links WHERE purpose = 'invitation' AND expires_at > ? ORDER BY id DESC",
        )
        .bind(now.as_millisecond())
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(link).collect()
    }

    pub(crate) async fn revoke_invitation(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM links WHERE id = ? AND purpose = 'invitation'")
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Uses up a link that creates an account, and creates it: both or neither.
    pub(crate) async fn join(
        &self,
        hash: SecretHash,
        new: &NewAccount,
        now: Timestamp,
    ) -> Result<Used, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let role = match take_link(&mut transaction, hash, now).await? {
            Some(Purpose::Setup) => Role::Admin,
            Some(Purpose::Invitation { role, .. }) => role,
            Some(Purpose::Password(_)) | None => return Ok(Used::Gone),
        };
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO accounts (login, name, role, password, created_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (login) DO NOTHING RETURNING id",
        )
        .bind(&new.login)
        .bind(&new.name)
        .bind(role.name())
        .bind(&new.password)
        .bind(now.as_millisecond())
        .fetch_optional(&mut *transaction)
        .await?;
        // Without a commit the link stays.
        let Some(id) = id else { return Ok(Used::LoginTaken) };
        if role == Role::Admin {
            sqlx::query("DELETE FROM links WHERE purpose = 'setup'")
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(Used::Done(id))
    }

    /// Uses up a link for a new password, and sets it: both or neither.
    pub(crate) async fn reset_password(
        &self,
        hash: SecretHash,
        password: &str,
        now: Timestamp,
    ) -> Result<Used, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let Some(Purpose::Password(id)) = take_link(&mut transaction, hash, now).await? else {
            return Ok(Used::Gone);
        };
        set_password(&mut transaction, id, password).await?;
        transaction.commit().await?;
        Ok(Used::Done(id))
    }
}

async fn set_password(
    transaction: &mut Transaction<'_, Sqlite>,
    id: i64,
    password: &str,
) -> Result<(), StoreError> {
    for (statement, value) in [
        ("UPDATE accounts SET password = ?2 WHERE id = ?1", Some(password)),
        ("DELETE FROM sessions WHERE account = ?", None),
        ("DELETE FROM links WHERE account = ?", None),
    ] {
        let mut query = sqlx::query(statement).bind(id);
        if let Some(value) = value {
            query = query.bind(value);
        }
        query.execute(&mut **transaction).await?;
    }
    Ok(())
}

async fn take_link(
    transaction: &mut Transaction<'_, Sqlite>,
    hash: SecretHash,
    now: Timestamp,
) -> Result<Option<Purpose>, StoreError> {
    let row = sqlx::query("DELETE FROM links WHERE hash = ? AND expires_at > ? RETURNING *")
        .bind(hash.0.as_slice())
        .bind(now.as_millisecond())
        .fetch_optional(&mut **transaction)
        .await?;
    Ok(row.as_ref().map(link).transpose()?.map(|link| link.purpose))
}

async fn is_last_admin(
    transaction: &mut Transaction<'_, Sqlite>,
    id: i64,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND role = 'admin')
         AND NOT EXISTS (SELECT 1 FROM accounts WHERE id <> ?1 AND role = 'admin')",
    )
    .bind(id)
    .fetch_one(&mut **transaction)
    .await?)
}

fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.try_get("id")?,
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        role: role(row)?.ok_or_else(|| StoreError::odd("an account's role"))?,
        created_at: time(row, "created_at")?,
    })
}

fn link(row: &SqliteRow) -> Result<Link, StoreError> {
    let odd = || StoreError::odd("a link");
    let purpose = match row.try_get("purpose")? {
        "setup" => Purpose::Setup,
        "invitation" => Purpose::Invitation {
            role: role(row)?.ok_or_else(odd)?,
            name: row.try_get::<Option<String>, _>("name")?.unwrap_or_default(),
        },
        "password" => Purpose::Password(row.try_get::<Option<i64>, _>("account")?.ok_or_else(odd)?),
        _ => return Err(odd()),
    };
    Ok(Link { id: row.try_get("id")?, purpose, expires_at: time(row, "expires_at")? })
}

fn role(row: &SqliteRow) -> Result<Option<Role>, StoreError> {
    Ok(row.try_get::<Option<&str>, _>("role")?.and_then(Role::from_name))
}

pub(super) fn time(row: &SqliteRow, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(row.try_get(column)?).map_err(|_| StoreError::odd("a time"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;
    use crate::access::{
        secret::Secret,
        session::{SESSION_IDLE, SESSION_MAX_AGE},
    };

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}/a.db", folder.path().display());
        (Store::open(&address, Duration::from_secs(5)).await.unwrap(), folder)
    }

    fn hash() -> SecretHash {
        Secret::new("").unwrap().hash()
    }

    fn new(login: &str) -> NewAccount {
        NewAccount { login: login.into(), name: login.into(), password: "phc".into() }
    }

    async fn joined(store: &Store, login: &str, purpose: Purpose, now: Timestamp) -> i64 {
        let link = hash();
        store.put_link(link, &purpose, now).await.unwrap();
        match store.join(link, &new(login), now).await.unwrap() {
            Used::Done(id) => id,
            other => panic!("{other:?}"),
        }
    }

    fn invitation(role: Role) -> Purpose {
        Purpose::Invitation { role, name: String::new() }
    }

    #[tokio::test]
    async fn a_link_works_once_and_not_too_late() {
        let (store, _folder) = store().await;
        let now = Timestamp::now();
        let first = hash();
        store.put_link(first, &Purpose::Setup, now).await.unwrap();
        assert_eq!(store.link(first, now + LINK_WORKS).await.unwrap(), None);
        assert_eq!(store.join(first, &new("kim"), now + LINK_WORKS).await.unwrap(), Used::Gone);
        assert!(!store.has_admin().await.unwrap());

        let second = hash();
        store.put_link(second, &Purpose::Setup, now).await.unwrap();
        assert_eq!(store.link(first, now).await.unwrap(), None, "a new one replaces it");
        assert!(matches!(store.join(second, &new("kim"), now).await.unwrap(), Used::Done(_)));
        assert!(store.has_admin().await.unwrap());
        assert_eq!(store.join(second, &new("alex"), now).await.unwrap(), Used::Gone);
        assert_eq!(store.accounts().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_login_that_is_taken_leaves_the_invitation_as_it_is() {
        let (store, _folder) = store().await;
        let now = Timestamp::now();
        joined(&store, "kim", Purpose::Setup, now).await;
        let link = hash();
        store.put_link(link, &invitation(Role::Member), now).await.unwrap();
        assert_eq!(store.join(link, &new("kim"), now).await.unwrap(), Used::LoginTaken);
        assert!(matches!(store.join(link, &new("alex"), now).await.unwrap(), Used::Done(_)));
    }

    #[tokio::test]
    async fn a_session_ends_when_idle_and_when_old() {
        let (store, _folder) = store().await;
        let now = Timestamp::now();
        let kim = joined(&store, "kim", Purpose::Setup, now).await;
        let idle = hash();
        store.open_session(kim, idle, now).await.unwrap();
        assert!(
            store
                .session(idle, now + SESSION_IDLE - SignedDuration::from_secs(1))
                .await
                .unwrap()
                .is_some()
        );
        // The use just now counts.
        let later = now + SESSION_IDLE + SESSION_IDLE / 2;
        assert!(store.session(idle, later).await.unwrap().is_some());
        assert!(store.session(idle, later + SESSION_IDLE).await.unwrap().is_none());

        let used = hash();
        store.open_session(kim, used, now).await.unwrap();
        let mut time = now;
        while time + SESSION_IDLE / 2 < now + SESSION_MAX_AGE {
            assert!(store.session(used, time).await.unwrap().is_some());
            time += SESSION_IDLE / 2;
        }
        assert!(
            store.session(used, now + SESSION_MAX_AGE).await.unwrap().is_none(),
            "used all the time"
        );
        store.open_session(kim, hash(), now + SESSION_MAX_AGE).await.unwrap();
        let kept = store.sessions(kim, now + SESSION_MAX_AGE).await.unwrap();
        assert_eq!(kept.len(), 1, "what has ended is forgotten");
    }

    #[tokio::test]
    async fn the_last_admin_stays() {
        let (store, _folder) = store().await;
        let now = Timestamp::now();
        let kim = joined(&store, "kim", Purpose::Setup, now).await;
        let alex = joined(&store, "alex", invitation(Role::Member), now).await;
        assert_eq!(store.remove_account(kim).await.unwrap(), Changed::LastAdmin);
        assert_eq!(store.set_role(kim, Role::Reader).await.unwrap(), Changed::LastAdmin);
        assert_eq!(store.set_role(alex, Role::Admin).await.unwrap(), Changed::Done);
        assert_eq!(store.remove_account(kim).await.unwrap(), Changed::Done);
        assert_eq!(store.remove_account(kim).await.unwrap(), Changed::Gone);
        assert_eq!(store.set_role(kim, Role::Admin).await.unwrap(), Changed::Gone);
        assert_eq!(store.remove_account(alex).await.unwrap(), Changed::LastAdmin);
    }

    #[tokio::test]
    async fn another_role_or_password_ends_every_session() {
        let (store, _folder) = store().await;
        let now = Timestamp::now();
        joined(&store, "kim", Purpose::Setup, now).await;
        let alex = joined(&store, "alex", invitation(Role::Member), now).await;
        let session = hash();
        let reset = hash();
        for change in 0..3 {
            store.open_session(alex, session, now).await.unwrap();
            store.put_link(reset, &Purpose::Password(alex), now).await.unwrap();
            match change {
                0 => {
                    store.set_role(alex, Role::Member).await.unwrap();
                    assert!(store.session(session, now).await.unwrap().is_some(), "the same role");
                    store.set_role(alex, Role::Reader).await.unwrap();
                }
                1 => store.set_password(alex, "other").await.unwrap(),
                _ => assert_eq!(
                    store.reset_password(reset, "third", now).await.unwrap(),
                    Used::Done(alex)
                ),
            }
            assert!(store.session(session, now).await.unwrap().is_none(), "{change}");
        }
        assert_eq!(store.reset_password(reset, "again", now).await.unwrap(), Used::Gone);
        assert_eq!(store.account_by_login("alex").await.unwrap().unwrap().1, "third");
    }
}
