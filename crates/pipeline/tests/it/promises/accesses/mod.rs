//! Accesses of recordings: truth by simulation, any order of lines, crashes at every call, and the facts of events.

mod costs;
mod crashes;
mod estate;
mod events;
mod replayed;
mod truth;
mod unread;
