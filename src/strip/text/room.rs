//! Room to work in, kept on a thread from text to text: memory that is new costs more than what is done with it.
//!
//! Nothing of a text is left in it. It saves two in five of the pages that the system must hand out, a twentieth of the
//! time of a dump of 300 lines and a quarter of that of a text of one line.

use std::cell::Cell;

use super::rows::Row;
use super::shape::Scanner;

/// Buffers for the lines of a text.
pub(crate) struct Room {
    pub(crate) scanner: Scanner,
    pub(crate) rows: Vec<Option<Row>>,
}

/// Lines above which a text's room is given back: 2 MB.
const MAX_LINES: usize = 1 << 14;

thread_local! {
    static ROOM: Cell<Option<Box<Room>>> = const { Cell::new(None) };
}

/// Does `work` with the room of this thread.
pub(crate) fn with_room<T>(work: impl FnOnce(&mut Room) -> T) -> T {
    let mut room =
        ROOM.take().unwrap_or_else(|| Box::new(Room { scanner: Scanner::new(), rows: Vec::new() }));
    let done = work(&mut room);
    room.rows.clear();
    if room.rows.capacity() <= MAX_LINES {
        ROOM.set(Some(room));
    }
    done
}
