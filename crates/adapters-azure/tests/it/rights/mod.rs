//! Role-based access of Azure: each request needs an action, and the templates grant actions on scopes.
//!
//! A policy before the transport refuses every request whose action the templates do not grant, as Azure would. The
//! functions and the commands run through it on the emulator. The tests fail if a call lacks its right, and if no call
//! needs a granted right. The grants are read from the templates, so a change there is enough to break a test.

mod assignments;
mod builtin;
mod calls;
mod commands;
mod functions;
mod grants;
mod guard;
mod management;
mod need;
mod page;
mod scopes;
mod setup;
mod storage;
mod tables;
mod template;
mod unprocessed;
mod unused;
