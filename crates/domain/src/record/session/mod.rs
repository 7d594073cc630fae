//! Sessions from the bastion's audit log: one [`SessionEntry`] per tunnel id.
//!
//! A connection has several records, which arrive in any order, repeatedly, hours late or never. Their content is
//! stored as [`Records`], whose merge is a union: any subset in any order gives the same result. A [`Session`] is
//! computed from them and never stored.

mod assemble;
mod burst;
mod coverage;
mod entry;
mod facts;
mod gap;
mod records;
mod spans;
mod texts;
mod tunnel;

pub use assemble::{Session, SessionState, Warning};
pub use burst::BurstKey;
pub use coverage::SessionCoverage;
pub use entry::{IndexKey, SessionEntry};
pub(crate) use facts::set_and_instance;
pub use facts::{SessionFacts, machine_of};
pub use gap::{Gap, GapCause};
pub use records::{Records, TimeSpan, is_failed_login};
pub use spans::TimeSpans;
pub use texts::Texts;
pub use tunnel::{SessionId, TunnelId};
