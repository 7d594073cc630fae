//! Structural tests of the deployment templates, without the Bicep compiler and without Azure.
//!
//! They find errors that the compiler would find first (undeclared names, unknown properties, modules that do not
//! fit), and mismatches it cannot know: between the templates and the binary, the functions and `azd`. No template has
//! been deployed yet.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod hook;
mod repository;
mod rules;
mod syntax;
mod template;
mod value;
mod yaml;
