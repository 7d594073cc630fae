//! Structural tests of the deployment templates, without the Bicep compiler and without Azure.
//!
//! They find mismatches unknown to a compiler: between the templates and the binary, the functions and `azd`. The
//! compiler checks names, types and properties in `.github/workflows/infra.yml`. No template has been deployed yet.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod hook;
mod repository;
mod rules;
mod syntax;
mod template;
mod value;
mod yaml;
