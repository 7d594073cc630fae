//! The program as a user and the host run it: exit codes, signals, kills, a full disk, the local run.

mod api;
mod backfill;
mod command_line;
mod configured;
mod confirm;
mod crash;
mod disk;
mod doors;
mod evidence;
mod holds;
mod leaks;
mod ledger;
mod local;
mod looking;
mod notify;
mod piped;
mod replay;
mod reviews;
mod sample;
mod sample_truth;
mod secrets;
mod serve;
mod start;
mod traces;
