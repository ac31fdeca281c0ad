//! How many connections the process may have: fewer than it may have file descriptors, because the
//! database, the log and the widget's files need some, too.

/// Descriptors that are kept for everything else: the database's connections with three files each, a
/// file that is being served, the log, the event queue.
const RESERVED_DESCRIPTORS: u64 = 64;
/// Connections at a time, however many descriptors there are: each active one takes memory.
const MAX_CONNECTIONS: u64 = 16_384;

/// Raises the limit to what the system allows the process to raise it to, and returns how many
/// connections fit below.
pub(crate) fn connections() -> usize {
    most_of(raised())
}

fn most_of(limit: Option<u64>) -> usize {
    let most = limit.map_or(MAX_CONNECTIONS, |limit| {
        limit.saturating_sub(RESERVED_DESCRIPTORS).max(limit / 4).clamp(1, MAX_CONNECTIONS)
    });
    usize::try_from(most).unwrap_or(1)
}

/// The limit; `None` if there is none.
#[cfg(unix)]
fn raised() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let wanted = limit
        .maximum
        .unwrap_or(MAX_CONNECTIONS + RESERVED_DESCRIPTORS)
        .min(MAX_CONNECTIONS + RESERVED_DESCRIPTORS);
    let current = limit.current?;
    if current >= wanted {
        return Some(current);
    }
    let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => Some(wanted),
        Err(error) => {
            tracing::debug!(%error, "the limit of descriptors could not be raised");
            Some(current)
        }
    }
}

#[cfg(not(unix))]
fn raised() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_everything_else() {
        assert_eq!(most_of(Some(256)), 192);
        assert_eq!(most_of(Some(1_024)), 960);
        assert_eq!(most_of(Some(1 << 20)), 16_384);
        assert_eq!(most_of(None), 16_384);
        // Even with very few descriptors, some connections are allowed.
        assert_eq!(most_of(Some(64)), 16);
        assert_eq!(most_of(Some(1)), 1);
    }
}
