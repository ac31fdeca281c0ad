//! The tables `alert_mails` and `alert_mail_rules`, and the messages that are mails.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Store, cases::OPEN, outbox};
use crate::{
    language::Language,
    rules::QuietHours,
    store::{
        StoreError,
        alerts::{DueMail, MailChoice},
    },
};

impl Store {
    /// What a colleague has chosen; `None` for no mails.
    pub(crate) async fn mail_choice(&self, account: i64) -> Result<Option<MailChoice>, StoreError> {
        self.read(move |connection| choice(connection, account)).await
    }

    /// Replaces what a colleague has chosen. Without it, messages that wait for them are erased.
    pub(crate) async fn set_mail_choice(
        &self,
        account: i64,
        choice: Option<MailChoice>,
    ) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            connection.execute("DELETE FROM alert_mail_rules WHERE account = ?", [account])?;
            let Some(choice) = &choice else {
                connection.execute("DELETE FROM alert_mails WHERE account = ?", [account])?;
                connection.execute(
                    "DELETE FROM deliveries WHERE account = ? AND state <> 'delivered'",
                    [account],
                )?;
                return Ok(());
            };
            connection.execute(
                "INSERT INTO alert_mails
                     (account, address, language, quiet_from, quiet_until, own_cases, unowned_cases)
                 VALUES (?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (account) DO UPDATE SET address = excluded.address,
                     language = excluded.language, quiet_from = excluded.quiet_from,
                     quiet_until = excluded.quiet_until, own_cases = excluded.own_cases,
                     unowned_cases = excluded.unowned_cases",
                params![
                    account,
                    choice.address,
                    choice.language.tag(),
                    choice.quiet.map(|quiet| quiet.from),
                    choice.quiet.map(|quiet| quiet.until),
                    choice.own_cases,
                    choice.unowned_cases
                ],
            )?;
            for rule in &choice.rules {
                connection.execute(
                    "INSERT INTO alert_mail_rules (rule, account)
                     SELECT rule, ?2 FROM alert_rules WHERE rule = ?1 ON CONFLICT DO NOTHING",
                    [*rule, account],
                )?;
            }
            Ok(())
        })
        .await
    }

    /// Writes a test mail to a colleague who gets mails.
    pub(crate) async fn test_mail(&self, account: i64, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            if choice(connection, account)?.is_some() {
                outbox::write_test_mail(connection, account, now.as_millisecond())?;
            }
            Ok(())
        })
        .await
    }

    /// The mails that are due: all messages that wait for a colleague go in one.
    pub(crate) async fn due_mails(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<DueMail>, StoreError> {
        let public_ids = std::sync::Arc::clone(&self.public_ids);
        self.read(move |connection| {
            let accounts: Vec<i64> = connection
                .prepare_cached(
                    "SELECT DISTINCT account FROM deliveries INDEXED BY deliveries_next
                     WHERE account IS NOT NULL AND next_at <= ?",
                )?
                .query_map([now.as_millisecond()], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let mut mails = Vec::new();
            for account in accounts {
                let Some(choice) = choice(connection, account)? else { continue };
                let mut deliveries =
                    outbox::due_to(connection, &public_ids, "account", account, now, most)?;
                let outdated = outdated(connection, account, now)?;
                deliveries.retain(|it| !outdated.contains(&it.delivery));
                mails.push(DueMail { choice, deliveries, outdated });
            }
            Ok(mails)
        })
        .await
    }

    /// Erases messages that are not to be sent.
    pub(crate) async fn drop_messages(&self, deliveries: Vec<i64>) -> Result<(), StoreError> {
        self.write(move |ledger| {
            for delivery in &deliveries {
                ledger
                    .connection()
                    .prepare_cached("DELETE FROM deliveries WHERE delivery = ?")?
                    .execute([*delivery])?;
            }
            Ok(())
        })
        .await
    }

    /// Lets messages wait until a moment, without counting an attempt.
    pub(crate) async fn postpone(
        &self,
        deliveries: Vec<i64>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |ledger| {
            for delivery in &deliveries {
                // The 24 hours of attempts begin when the quiet hours end.
                ledger.connection().execute(
                    "UPDATE deliveries SET next_at = ?2, since = max(since, ?2) WHERE delivery = ?1",
                    [*delivery, until.as_millisecond()],
                )?;
            }
            Ok(())
        })
        .await
    }
}

fn choice(connection: &Connection, account: i64) -> Result<Option<MailChoice>, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT address, language, quiet_from, quiet_until, own_cases, unowned_cases
         FROM alert_mails WHERE account = ?",
    )?;
    let columns = |row: &Row<'_>| {
        let from: Option<u16> = row.get(2)?;
        let until: Option<u16> = row.get(3)?;
        let quiet = from.zip(until).map(|(from, until)| QuietHours { from, until });
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, quiet, [row.get(4)?, row.get(5)?]))
    };
    let Some((address, language, quiet, [own_cases, unowned_cases])) =
        found.query_row([account], columns).optional()?
    else {
        return Ok(None);
    };
    let language = Language::from_tag(&language)
        .ok_or_else(|| StoreError::unexpected("a colleague's language"))?;
    let mut rules = connection
        .prepare_cached("SELECT rule FROM alert_mail_rules WHERE account = ? ORDER BY rule")?;
    let rules = rules.query_map([account], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Some(MailChoice { address, language, quiet, rules, own_cases, unowned_cases }))
}

/// Whether a colleague is told of their own cases.
pub(super) fn wants_own_cases(connection: &Connection, account: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM alert_mails WHERE account = ? AND own_cases = 1")?
        .exists([account])
}

/// The colleagues who are told of cases that nobody looks after.
pub(super) fn who_wants_unowned_cases(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached("SELECT account FROM alert_mails WHERE unowned_cases = 1 ORDER BY account")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// Whether a colleague has chosen mails about a rule.
pub(super) fn has_chosen(
    connection: &Connection,
    rule: i64,
    account: i64,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM alert_mail_rules WHERE rule = ? AND account = ?")?
        .exists([rule, account])
}

/// The due messages to a colleague that say what is no longer so: that a case is theirs, or that it waits.
fn outdated(connection: &Connection, account: i64, now: Timestamp) -> rusqlite::Result<Vec<i64>> {
    let sql = format!(
        "SELECT d.delivery FROM deliveries d JOIN alerts a USING (alert)
             JOIN responses r ON r.number = a.number LEFT JOIN cases c ON c.number = a.number
         WHERE d.account = ?1 AND d.next_at <= ?2
             AND a.finding ->> '$.found' IN ('assigned', 'waiting')
             AND (r.case_state NOT IN {OPEN} OR c.owner <> ?1
                 OR (c.owner IS NULL AND a.finding ->> '$.found' = 'assigned'))"
    );
    connection
        .prepare_cached(&sql)?
        .query_map([account, now.as_millisecond()], |row| row.get(0))?
        .collect()
}
