//! The program as a user and the host meet it: exit codes, signals, kills, a full disk, the local run.

mod crash;
mod disk;
mod local;
mod sample;
mod secrets;
mod serve;
mod start;
