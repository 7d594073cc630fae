//! The deployment templates, checked by their structure: without the Bicep compiler and without Azure.
//!
//! What the compiler would find first (names that are not declared, properties that are not known, modules that do not
//! fit) is found here as well, and what it does not know: that the templates fit the binary, the functions and `azd`.
//! Nothing of this has been deployed.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod hook;
mod repository;
mod rules;
mod syntax;
mod template;
mod value;
mod yaml;
