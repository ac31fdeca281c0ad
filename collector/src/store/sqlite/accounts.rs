//! The tables `accounts`, `sessions`, `links` and `devices`.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Store, time};
use crate::{
    access::{
        Role,
        secret::SecretHash,
        session::{LINK_WORKS, LiveSessions},
    },
    store::{
        StoreError,
        accounts::{Account, AccountChange, Link, LinkOutcome, NewAccount, Purpose, SessionTimes},
    },
};

/// Browsers of one account that are remembered.
const MAX_DEVICES: u32 = 20;
/// The time of a session's last use is updated this often: an update at each request would cost a commit
/// each.
const SEEN_UPDATE_INTERVAL: SignedDuration = SignedDuration::from_mins(5);

impl Store {
    pub(crate) async fn has_admin(&self) -> Result<bool, StoreError> {
        self.read(|connection| {
            let mut admins =
                connection.prepare_cached("SELECT 1 FROM accounts WHERE role = 'admin'")?;
            Ok(admins.exists([])?)
        })
        .await
    }

    /// All accounts, by name.
    pub(crate) async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.read(|connection| {
            let mut all = connection
                .prepare_cached("SELECT * FROM accounts ORDER BY name COLLATE NOCASE, id")?;
            all.query_and_then([], account)?.collect()
        })
        .await
    }

    pub(crate) async fn account(&self, id: i64) -> Result<Option<Account>, StoreError> {
        self.read(move |connection| {
            let mut one = connection.prepare_cached("SELECT * FROM accounts WHERE id = ?")?;
            one.query_and_then([id], account)?.next().transpose()
        })
        .await
    }

    /// The account of that login, and its password's hash.
    pub(crate) async fn account_by_login(
        &self,
        login: &str,
    ) -> Result<Option<(Account, String)>, StoreError> {
        let login = login.to_owned();
        self.read(move |connection| {
            let mut one = connection.prepare_cached("SELECT * FROM accounts WHERE login = ?")?;
            let mut rows = one.query([login])?;
            rows.next()?.map(|row| Ok((account(row)?, row.get("password")?))).transpose()
        })
        .await
    }

    pub(crate) async fn rename(&self, id: i64, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.write(move |ledger| {
            let rename = "UPDATE accounts SET name = ? WHERE id = ?";
            ledger.connection().execute(rename, params![name, id])?;
            Ok(())
        })
        .await
    }

    /// Gives a colleague another role and ends their sessions, which were opened with the old one.
    pub(crate) async fn set_role(&self, id: i64, role: Role) -> Result<AccountChange, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            if is_last_admin(connection, id)? && role != Role::Admin {
                return Ok(AccountChange::LastAdmin);
            }
            let changed = connection.execute(
                "UPDATE accounts SET role = ?2 WHERE id = ?1 AND role <> ?2",
                params![id, role.name()],
            )?;
            if changed > 0 {
                connection.execute("DELETE FROM sessions WHERE account = ?", [id])?;
            }
            let is_there =
                connection.prepare("SELECT 1 FROM accounts WHERE id = ?")?.exists([id])?;
            Ok(if is_there { AccountChange::Done } else { AccountChange::Gone })
        })
        .await
    }

    /// Removes a colleague with their sessions and links.
    pub(crate) async fn remove_account(&self, id: i64) -> Result<AccountChange, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            if is_last_admin(connection, id)? {
                return Ok(AccountChange::LastAdmin);
            }
            let removed = connection.execute("DELETE FROM accounts WHERE id = ?", [id])?;
            Ok(if removed > 0 { AccountChange::Done } else { AccountChange::Gone })
        })
        .await
    }

    /// Sets a password, and ends every session and password link of the account.
    pub(crate) async fn set_password(&self, id: i64, password: &str) -> Result<(), StoreError> {
        let password = password.to_owned();
        self.write(move |ledger| set_password(ledger.connection(), id, &password)).await
    }

    /// Opens a session, and forgets those that have ended.
    pub(crate) async fn open_session(
        &self,
        id: i64,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let live = LiveSessions::at(now);
        self.write(move |ledger| {
            let connection = ledger.connection();
            connection.execute(
                "DELETE FROM sessions WHERE seen_at <= ? OR created_at <= ?",
                params![live.used_after.as_millisecond(), live.opened_after.as_millisecond()],
            )?;
            connection.execute(
                "INSERT INTO sessions (hash, account, created_at, seen_at) VALUES (?1, ?2, ?3, ?3)",
                params![hash.0, id, now.as_millisecond()],
            )?;
            Ok(())
        })
        .await
    }

    /// The account of a session that has not ended. Updates the time of its last use.
    pub(crate) async fn session(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let live = LiveSessions::at(now);
        let found = self
            .read(move |connection| {
                let mut session = connection.prepare_cached(
                    "SELECT accounts.*, seen_at
                     FROM sessions JOIN accounts ON accounts.id = sessions.account
                     WHERE hash = ? AND seen_at > ? AND sessions.created_at > ?",
                )?;
                let mut rows = session.query(params![
                    hash.0,
                    live.used_after.as_millisecond(),
                    live.opened_after.as_millisecond()
                ])?;
                let found = rows.next()?;
                found.map(|row| Ok((account(row)?, row.get::<_, i64>("seen_at")?))).transpose()
            })
            .await?;
        let Some((account, seen_at)) = found else { return Ok(None) };
        if seen_at < (now - SEEN_UPDATE_INTERVAL).as_millisecond() {
            self.write(move |ledger| {
                ledger.connection().execute(
                    "UPDATE sessions SET seen_at = ? WHERE hash = ?",
                    params![now.as_millisecond(), hash.0],
                )?;
                Ok(())
            })
            .await?;
        }
        Ok(Some(account))
    }

    /// The account's sessions, the last used first.
    pub(crate) async fn sessions(
        &self,
        id: i64,
        now: Timestamp,
    ) -> Result<Vec<SessionTimes>, StoreError> {
        let live = LiveSessions::at(now);
        self.read(move |connection| {
            let mut sessions = connection.prepare_cached(
                "SELECT hash, created_at, seen_at FROM sessions
                 WHERE account = ? AND seen_at > ? AND created_at > ? ORDER BY seen_at DESC",
            )?;
            let (used, opened) = (live.used_after, live.opened_after);
            let times = |row: &Row<'_>| {
                Ok(SessionTimes {
                    hash: SecretHash(row.get("hash")?),
                    created_at: time(row, "created_at")?,
                    seen_at: time(row, "seen_at")?,
                })
            };
            let found = params![id, used.as_millisecond(), opened.as_millisecond()];
            sessions.query_and_then(found, times)?.collect()
        })
        .await
    }

    pub(crate) async fn close_session(&self, hash: SecretHash) -> Result<(), StoreError> {
        self.write(move |ledger| {
            ledger.connection().execute("DELETE FROM sessions WHERE hash = ?", [hash.0])?;
            Ok(())
        })
        .await
    }

    /// Ends every session of an account.
    pub(crate) async fn close_sessions(&self, id: i64) -> Result<(), StoreError> {
        self.write(move |ledger| {
            ledger.connection().execute("DELETE FROM sessions WHERE account = ?", [id])?;
            Ok(())
        })
        .await
    }

    /// Remembers a browser that signed in to an account; forgets the oldest of many.
    pub(crate) async fn remember_device(
        &self,
        id: i64,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            connection.execute(
                "INSERT INTO devices (hash, account, created_at) VALUES (?, ?, ?)",
                params![hash.0, id, now.as_millisecond()],
            )?;
            connection.execute(
                "DELETE FROM devices WHERE account = ?1 AND hash NOT IN
                 (SELECT hash FROM devices WHERE account = ?1 ORDER BY created_at DESC LIMIT ?2)",
                params![id, MAX_DEVICES],
            )?;
            Ok(())
        })
        .await
    }

    /// Whether a browser signed in to the account of that login before.
    pub(crate) async fn knows_device(
        &self,
        login: &str,
        hash: SecretHash,
    ) -> Result<bool, StoreError> {
        let login = login.to_owned();
        self.read(move |connection| {
            let mut device = connection.prepare_cached(
                "SELECT 1 FROM devices JOIN accounts ON accounts.id = devices.account
                 WHERE hash = ? AND login = ?",
            )?;
            Ok(device.exists(params![hash.0, login])?)
        })
        .await
    }

    /// Stores a link. A new link for the setup, or for an account's password, replaces the old one.
    pub(crate) async fn put_link(
        &self,
        hash: SecretHash,
        purpose: &Purpose,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let expires_at = now + LINK_WORKS;
        let purpose = purpose.clone();
        self.write(move |ledger| {
            let (name, role, invited, account) = match &purpose {
                Purpose::Setup => ("setup", None, None, None),
                Purpose::Invitation { role, name } => {
                    ("invitation", Some(role.name()), Some(name.as_str()), None)
                }
                Purpose::Password(account) => ("password", None, None, Some(*account)),
            };
            let connection = ledger.connection();
            connection.execute(
                "DELETE FROM links WHERE expires_at <= ?1
                 OR (purpose = ?2 AND purpose <> 'invitation' AND account IS ?3)",
                params![now.as_millisecond(), name, account],
            )?;
            connection.execute(
                "INSERT INTO links (hash, purpose, role, name, account, created_at, expires_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![
                    hash.0,
                    name,
                    role,
                    invited,
                    account,
                    now.as_millisecond(),
                    expires_at.as_millisecond()
                ],
            )?;
            Ok(expires_at)
        })
        .await
    }

    /// The link of that hash, if it still works. Reading it does not use it up.
    pub(crate) async fn link(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<Link>, StoreError> {
        self.read(move |connection| live_link(connection, hash, now)).await
    }

    /// Invitations that nobody has used yet, the newest first.
    pub(crate) async fn invitations(&self, now: Timestamp) -> Result<Vec<Link>, StoreError> {
        self.read(move |connection| {
            let mut invitations = connection.prepare_cached(
                "SELECT * FROM links WHERE purpose = 'invitation' AND expires_at > ?
                 ORDER BY id DESC",
            )?;
            invitations.query_and_then([now.as_millisecond()], link)?.collect()
        })
        .await
    }

    pub(crate) async fn revoke_invitation(&self, id: i64) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let revoke = "DELETE FROM links WHERE id = ? AND purpose = 'invitation'";
            ledger.connection().execute(revoke, [id])?;
            Ok(())
        })
        .await
    }

    /// Uses up a link that creates an account, and creates it: both or neither.
    pub(crate) async fn join(
        &self,
        hash: SecretHash,
        new: &NewAccount,
        now: Timestamp,
    ) -> Result<LinkOutcome, StoreError> {
        let new = new.clone();
        self.write(move |ledger| {
            let connection = ledger.connection();
            let role = match live_link(connection, hash, now)?.map(|link| link.purpose) {
                Some(Purpose::Setup) => Role::Admin,
                Some(Purpose::Invitation { role, .. }) => role,
                Some(Purpose::Password(_)) | None => return Ok(LinkOutcome::Gone),
            };
            let id: Option<i64> = connection
                .query_row(
                    "INSERT INTO accounts (login, name, role, password, created_at)
                     VALUES (?, ?, ?, ?, ?) ON CONFLICT (login) DO NOTHING RETURNING id",
                    params![new.login, new.name, role.name(), new.password, now.as_millisecond()],
                    |row| row.get(0),
                )
                .optional()?;
            // The transaction is rolled back, so the link still works.
            let Some(id) = id else { return Ok(LinkOutcome::LoginTaken) };
            connection.execute("DELETE FROM links WHERE hash = ?", [hash.0])?;
            if role == Role::Admin {
                connection.execute("DELETE FROM links WHERE purpose = 'setup'", [])?;
            }
            Ok(LinkOutcome::Done(id))
        })
        .await
    }

    /// Uses up a link for a new password, and sets it: both or neither.
    pub(crate) async fn reset_password(
        &self,
        hash: SecretHash,
        password: &str,
        now: Timestamp,
    ) -> Result<LinkOutcome, StoreError> {
        let password = password.to_owned();
        self.write(move |ledger| {
            let connection = ledger.connection();
            let link = live_link(connection, hash, now)?;
            let Some(Purpose::Password(id)) = link.map(|link| link.purpose) else {
                return Ok(LinkOutcome::Gone);
            };
            set_password(connection, id, &password)?;
            Ok(LinkOutcome::Done(id))
        })
        .await
    }
}

/// Sets a password, and ends the sessions and links of its account.
fn set_password(connection: &Connection, id: i64, password: &str) -> Result<(), StoreError> {
    connection.execute("UPDATE accounts SET password = ? WHERE id = ?", params![password, id])?;
    connection.execute("DELETE FROM sessions WHERE account = ?", [id])?;
    connection.execute("DELETE FROM links WHERE account = ?", [id])?;
    Ok(())
}

fn live_link(
    connection: &Connection,
    hash: SecretHash,
    now: Timestamp,
) -> Result<Option<Link>, StoreError> {
    let mut one =
        connection.prepare_cached("SELECT * FROM links WHERE hash = ? AND expires_at > ?")?;
    one.query_and_then(params![hash.0, now.as_millisecond()], link)?.next().transpose()
}

fn is_last_admin(connection: &Connection, id: i64) -> Result<bool, StoreError> {
    Ok(connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND role = 'admin')
         AND NOT EXISTS (SELECT 1 FROM accounts WHERE id <> ?1 AND role = 'admin')",
        [id],
        |row| row.get(0),
    )?)
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.get("id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        role: role(row)?.ok_or_else(|| StoreError::unexpected("an account's role"))?,
        created_at: time(row, "created_at")?,
    })
}

fn link(row: &Row<'_>) -> Result<Link, StoreError> {
    let odd = || StoreError::unexpected("a link");
    let purpose: String = row.get("purpose")?;
    let purpose = match purpose.as_str() {
        "setup" => Purpose::Setup,
        "invitation" => Purpose::Invitation {
            role: role(row)?.ok_or_else(odd)?,
            name: row.get::<_, Option<String>>("name")?.unwrap_or_default(),
        },
        "password" => Purpose::Password(row.get::<_, Option<i64>>("account")?.ok_or_else(odd)?),
        _ => return Err(odd()),
    };
    Ok(Link { id: row.get("id")?, purpose, expires_at: time(row, "expires_at")? })
}

fn role(row: &Row<'_>) -> Result<Option<Role>, StoreError> {
    Ok(row.get::<_, Option<String>>("role")?.as_deref().and_then(Role::from_name))
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
            LinkOutcome::Done(id) => id,
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
        assert_eq!(
            store.join(first, &new("kim"), now + LINK_WORKS).await.unwrap(),
            LinkOutcome::Gone
        );
        assert!(!store.has_admin().await.unwrap());

        let second = hash();
        store.put_link(second, &Purpose::Setup, now).await.unwrap();
        assert_eq!(store.link(first, now).await.unwrap(), None, "a new one replaces it");
        assert!(matches!(
            store.join(second, &new("kim"), now).await.unwrap(),
            LinkOutcome::Done(_)
        ));
        assert!(store.has_admin().await.unwrap());
        assert_eq!(store.join(second, &new("alex"), now).await.unwrap(), LinkOutcome::Gone);
        assert_eq!(store.accounts().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_taken_login_does_not_use_up_the_invitation() {
        let (store, _folder) = store().await;
        let now = Timestamp::now();
        joined(&store, "kim", Purpose::Setup, now).await;
        let link = hash();
        store.put_link(link, &invitation(Role::Member), now).await.unwrap();
        assert_eq!(store.join(link, &new("kim"), now).await.unwrap(), LinkOutcome::LoginTaken);
        assert!(matches!(store.join(link, &new("alex"), now).await.unwrap(), LinkOutcome::Done(_)));
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
        // The last check counted as a use.
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
        assert_eq!(store.remove_account(kim).await.unwrap(), AccountChange::LastAdmin);
        assert_eq!(store.set_role(kim, Role::Reader).await.unwrap(), AccountChange::LastAdmin);
        assert_eq!(store.set_role(alex, Role::Admin).await.unwrap(), AccountChange::Done);
        assert_eq!(store.remove_account(kim).await.unwrap(), AccountChange::Done);
        assert_eq!(store.remove_account(kim).await.unwrap(), AccountChange::Gone);
        assert_eq!(store.set_role(kim, Role::Admin).await.unwrap(), AccountChange::Gone);
        assert_eq!(store.remove_account(alex).await.unwrap(), AccountChange::LastAdmin);
    }

    #[tokio::test]
    async fn a_new_role_or_password_ends_every_session() {
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
                    LinkOutcome::Done(alex)
                ),
            }
            assert!(store.session(session, now).await.unwrap().is_none(), "{change}");
        }
        assert_eq!(store.reset_password(reset, "again", now).await.unwrap(), LinkOutcome::Gone);
        assert_eq!(store.account_by_login("alex").await.unwrap().unwrap().1, "third");
    }
}
