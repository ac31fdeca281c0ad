//! The tables `answer_pages`, `second_ratings` and `withdrawals`.

use afterword_response::{Response, Touchpoint};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params, types::ValueRef};

use super::{
    Store,
    cases::{self, News},
    filter::{NOT_ARCHIVED, Query},
    offsets, response, time,
};
use crate::{
    access::secret::{Secret, SecretHash},
    aside::{Aside, Flagged, Kind},
    report::{
        calendar::{Day, Days},
        facts::{FactsRequest, RatedAgain},
        won_back::{WON_BACK_DAYS, WON_BACK_SCORE},
    },
    store::{
        StoreError,
        answer_pages::{
            AnswerPage, CORRECTION_PERIOD, MAX_SECOND_RATINGS, SecondRating, Withdrawal, end,
            may_last,
        },
        cases::State,
        erasures::{Erase, Receipt},
        zone::DAY,
    },
};

impl Store {
    /// The page with this secret; `None` if there is none, or if its time is over.
    pub(crate) async fn answer_page(
        &self,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<Option<AnswerPage>, StoreError> {
        let found = self.read(move |connection| {
            let Some(Found { number, until, .. }) = find(connection, secret, now)? else {
                return Ok(None);
            };
            let (id, json): (String, String) = connection
                .prepare_cached("SELECT id, response FROM responses WHERE number = ?")?
                .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(Some(AnswerPage {
                number,
                response: response(&id, &json)?,
                until,
                ratings: ratings(connection, number)?,
                withdrawn: withdrawn(connection, number)?,
            }))
        });
        let mut page = found.await?;
        if let Some(page) = &mut page {
            page.response.id = self.public_id(&page.response.id);
        }
        Ok(page)
    }

    /// Whether the customer has a page on which they could read a reply to the answer with a public id.
    pub(crate) async fn has_answer_page(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let id = self.meant(id).await?;
        self.read(move |connection| {
            let mut pages = connection.prepare_cached(
                "SELECT received_at FROM answer_pages JOIN responses USING (number) WHERE id = ? LIMIT 1",
            )?;
            let received_at = pages.query_and_then([id], |row| time(row, "received_at"))?.next();
            Ok(received_at.transpose()?.is_some_and(|received_at| may_last(received_at, now)))
        })
        .await
    }

    /// Makes one more page for the answer with a row number, to send its address to the customer; `None` if there is no such
    /// answer.
    pub(crate) async fn open_answer_page(&self, number: i64) -> Result<Option<Secret>, StoreError> {
        let now = Timestamp::now();
        let secret = Secret::new("").map_err(|error| StoreError::Engine(error.into()))?;
        let hash = secret.hash();
        let made = self.write(move |ledger| {
            let made = ledger.connection().execute(
                "INSERT INTO answer_pages SELECT ?1, number, ?2 FROM responses WHERE number = ?3",
                params![hash.hex(), now.as_millisecond(), number],
            )?;
            Ok(made > 0)
        });
        Ok(made.await?.then_some(secret))
    }

    /// Stores a second rating; returns whether the page exists. One that was given within [`CORRECTION_PERIOD`] is replaced.
    /// A comment makes the case new again.
    pub(crate) async fn rate_again(
        &self,
        secret: SecretHash,
        rating: SecondRating,
    ) -> Result<bool, StoreError> {
        self.write(move |ledger| {
            let connection = ledger.connection();
            let Some(Found { number, .. }) = find(connection, secret, rating.at)? else {
                return Ok(false);
            };
            let (latest, count): (Option<i64>, u32) = connection
                .prepare_cached(
                    "SELECT max(rated_at), count(*) FROM second_ratings WHERE number = ?",
                )?
                .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let at = rating.at.as_millisecond();
            let corrected = latest.filter(|latest| {
                let period = i64::try_from(CORRECTION_PERIOD.as_millis()).unwrap_or(i64::MAX);
                count >= MAX_SECOND_RATINGS || at - latest < period
            });
            let before: Option<String> = match corrected {
                Some(latest) => connection
                    .prepare_cached(
                        "DELETE FROM second_ratings WHERE rating = (
                             SELECT max(rating) FROM second_ratings WHERE number = ? AND rated_at = ?)
                         RETURNING comment",
                    )?
                    .query_row([number, latest], |row| row.get(0))
                    .optional()?
                    .flatten(),
                None => None,
            };
            insert(connection, number, &rating)?;
            if rating.comment.is_some()
                && rating.comment != before
                && let Some(case) = cases::find_numbered(connection, number)?
            {
                cases::renew(connection, &case, News::RatedAgain, at)?;
                ledger.set_case_state(number, Some(State::New))?;
            }
            Ok(true)
        })
        .await
    }

    /// Withdraws the permission to quote, or the contact; returns whether the page exists.
    pub(crate) async fn withdraw(
        &self,
        secret: SecretHash,
        what: Withdrawal,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let is_done = self
            .write(move |ledger| {
                let connection = ledger.connection();
                let Some(Found { number, .. }) = find(connection, secret, now)? else {
                    return Ok(false);
                };
                match what {
                    Withdrawal::Quote => ledger.withdraw_quote(number)?,
                    Withdrawal::Contact => ledger.erase_contact(number, now.as_millisecond())?,
                }
                connection
                    .prepare_cached("INSERT INTO withdrawals VALUES (?, ?) ON CONFLICT DO NOTHING")?
                    .execute(params![number, what.name()])?;
                Ok(true)
            })
            .await?;
        if is_done {
            self.fold().await?;
        }
        Ok(is_done)
    }

    /// A response without what the customer has withdrawn of the stored answer with its id.
    pub(crate) async fn without_withdrawn(
        &self,
        mut response: Response,
    ) -> Result<Response, StoreError> {
        let id = response.id.clone();
        let found = self.read(move |connection| {
            let number = number_of(connection, &id)?;
            Ok(number.map_or(Ok(Vec::new()), |number| withdrawn(connection, number))?)
        });
        for what in found.await? {
            what.take_off(&mut response);
        }
        Ok(response)
    }

    /// Erases the answer of a page, with everything that is stored about it; `None` if there is no such page.
    pub(crate) async fn erase_by_page(
        &self,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<Option<Receipt>, StoreError> {
        let found = self.read(move |connection| find(connection, secret, now)).await?;
        match found {
            Some(Found { id, .. }) => self.erase(Erase::Response(&id)).await,
            None => Ok(None),
        }
    }

    /// The second ratings that follow the answer with a public id, earliest first.
    pub(crate) async fn second_ratings(&self, id: &str) -> Result<Vec<SecondRating>, StoreError> {
        let id = self.meant(id).await?;
        self.read(move |connection| {
            let number = number_of(connection, &id)?;
            number.map_or(Ok(Vec::new()), |number| ratings(connection, number))
        })
        .await
    }
}

/// The answer of a page.
struct Found {
    number: i64,
    id: String,
    until: Timestamp,
}

fn find(
    connection: &Connection,
    secret: SecretHash,
    now: Timestamp,
) -> Result<Option<Found>, StoreError> {
    let mut pages = connection.prepare_cached(
        "SELECT number, id, made_at, received_at,
             (SELECT max(visible_from) FROM replies r
              WHERE r.number = p.number AND visible_from <= ?2) AS replied_at
         FROM answer_pages p JOIN responses USING (number) WHERE hash = ?1",
    )?;
    let page = pages.query_and_then(params![secret.hex(), now.as_millisecond()], |row| {
        let is_replied = row.get_ref("replied_at")? != ValueRef::Null;
        let replied_at = is_replied.then(|| time(row, "replied_at")).transpose()?;
        let until = end(time(row, "made_at")?, replied_at, time(row, "received_at")?);
        Ok::<_, StoreError>(Found { number: row.get(0)?, id: row.get(1)?, until })
    })?;
    Ok(page.into_iter().next().transpose()?.filter(|found| now < found.until))
}

/// The row number of the answer with this id.
fn number_of(connection: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT number FROM responses WHERE id = ?")?
        .query_row([id], |row| row.get(0))
        .optional()
}

fn ratings(connection: &Connection, number: i64) -> Result<Vec<SecondRating>, StoreError> {
    let mut ratings = connection.prepare_cached(
        "SELECT rated_at, score, comment FROM second_ratings WHERE number = ? ORDER BY rated_at",
    )?;
    let rating = |row: &rusqlite::Row<'_>| {
        Ok(SecondRating { at: time(row, "rated_at")?, score: row.get(1)?, comment: row.get(2)? })
    };
    ratings.query_and_then([number], rating)?.collect()
}

/// The detractors of a report who rated again within the days in which customers can be won back, each with the last
/// rating in these days.
pub(super) fn rated_again(
    snapshot: &Connection,
    wanted: &FactsRequest<'_>,
) -> Result<Vec<RatedAgain>, StoreError> {
    let selection = wanted.selection;
    let counted = match selection.flagged {
        Flagged::Without => Aside::NONE.bits(),
        Flagged::With => Kind::Flagged.bits().1,
    };
    let mut query = Query::new(
        "SELECT s.number, s.received_at, s.touchpoint, s.score FROM second_ratings s
         WHERE s.first_score < ",
    );
    query.bind(i64::from(WON_BACK_SCORE));
    query.push(" AND s.rated_at < s.received_at + ").bind(i64::from(WON_BACK_DAYS) * DAY);
    // A day is counted by the shop's time, which differs from that of Unix by less than a day.
    let Days { first, last } = wanted.days;
    query.push(" AND s.received_at >= ").bind((i64::from(first) - 1) * DAY);
    query.push(" AND s.received_at < ").bind((i64::from(last) + 2) * DAY);
    match &selection.survey {
        Some(survey) => query.push(" AND s.survey = ").bind(survey.clone()),
        None => query.push(" AND s.").push(NOT_ARCHIVED),
    };
    // Only few answers are set aside. SQLite would look up the answers themselves instead of using the small index of these.
    query.push(
        " AND NOT EXISTS (
             SELECT 1 FROM responses r INDEXED BY responses_aside WHERE r.aside > 0 AND r.received_at = s.received_at
                 AND r.number = s.number AND r.aside > ",
    );
    // The order of the index.
    query.bind(i64::from(counted)).push(") ORDER BY s.received_at, s.number, s.rated_at");
    let offsets = offsets::spelled_out(snapshot)?;
    let mut found: Vec<RatedAgain> = Vec::new();
    let mut last_of = None;
    let mut statement = snapshot.prepare_cached(&query.sql)?;
    let mut rows = statement.query(&*query.parameters())?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let Some(touchpoint) = Touchpoint::from_name(name) else { continue };
        let day = Day::try_from(offsets.day(row.get(1)?)).unwrap_or(Day::MAX);
        if !wanted.days.contains(day) {
            continue;
        }
        let rating = RatedAgain { day, touchpoint, score: row.get(3)? };
        let of: i64 = row.get(0)?;
        match found.last_mut() {
            Some(last) if last_of == Some(of) => *last = rating,
            _ => found.push(rating),
        }
        last_of = Some(of);
    }
    Ok(found)
}

/// Tells the second ratings of an answer that its own score was corrected.
pub(super) fn correct_score(
    connection: &Connection,
    number: i64,
    score: u8,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE second_ratings SET first_score = ? WHERE number = ?")?
        .execute([i64::from(score), number])?;
    Ok(())
}

/// What the customer has withdrawn of an answer.
pub(super) fn withdrawn(connection: &Connection, number: i64) -> rusqlite::Result<Vec<Withdrawal>> {
    let mut names = connection.prepare_cached("SELECT what FROM withdrawals WHERE number = ?")?;
    let mut found = Vec::new();
    let mut rows = names.query([number])?;
    while let Some(row) = rows.next()? {
        found.extend(Withdrawal::from_name(row.get_ref(0)?.as_str()?));
    }
    Ok(found)
}

fn insert(connection: &Connection, number: i64, rating: &SecondRating) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO second_ratings
                 (number, rated_at, score, comment, received_at, survey, touchpoint, first_score)
             SELECT number, ?2, ?3, ?4, received_at, survey, touchpoint, score FROM responses
             WHERE number = ?1",
        )?
        .execute(params![number, rating.at.as_millisecond(), rating.score, rating.comment])?;
    Ok(())
}

/// Loads a second rating of the answer with this id, which is stored already.
pub(super) fn load(
    connection: &Connection,
    id: &str,
    rating: &SecondRating,
) -> rusqlite::Result<()> {
    let number = number_of(connection, id)?;
    number.map_or(Ok(()), |number| insert(connection, number, rating))
}

/// Adds the page that an answer names. The first answer that names a page keeps it.
pub(super) fn add(
    connection: &Connection,
    number: i64,
    response: &Response,
    at: i64,
) -> rusqlite::Result<()> {
    let Some(hash) = &response.answer_page else { return Ok(()) };
    connection
        .prepare_cached("INSERT INTO answer_pages VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![hash, number, at])?;
    Ok(())
}

/// Forgets the pages of an answer that is erased, and what was done there.
pub(super) fn remove(connection: &Connection, number: i64) -> rusqlite::Result<()> {
    for table in ["answer_pages", "second_ratings", "withdrawals"] {
        let sql = format!("DELETE FROM {table} WHERE number = ?");
        connection.prepare_cached(&sql)?.execute([number])?;
    }
    Ok(())
}
