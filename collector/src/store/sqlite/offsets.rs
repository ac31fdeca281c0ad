//! The table `zone_offsets`, by which the roll-ups are counted.

use rusqlite::Connection;

use crate::store::zone::Offsets;

/// The offsets by which the roll-ups are counted.
pub(super) fn spelled_out(connection: &Connection) -> rusqlite::Result<Offsets> {
    let mut offsets = connection.prepare("SELECT since, ahead FROM zone_offsets ORDER BY since")?;
    let offsets = offsets.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Offsets(offsets.collect::<Result<_, _>>()?))
}
