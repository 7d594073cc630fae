//! The deployed functions. Depends on no function, so anything may look up a function here.

/// A deployed function: its folder name and its `function.json`.
#[derive(Debug, Clone, Copy)]
pub struct DeployedFunction {
    /// Folder, module, route and span.
    pub name: &'static str,
    /// Content of `function.json`.
    pub function_json: &'static str,
}

/// Builds the function of a folder.
macro_rules! function {
    ($name:literal) => {
        DeployedFunction { name: $name, function_json: include_str!(concat!($name, "/function.json")) }
    };
}

/// All functions.
pub const FUNCTIONS: [DeployedFunction; 12] = [
    function!("recording_landed"),
    function!("audit_log_landed"),
    function!("audit_log_tail"),
    function!("reconcile_sweep"),
    function!("retention_sweep"),
    function!("join_sweep"),
    function!("notification_delivery"),
    function!("catalogue_page"),
    function!("recording_hash"),
    function!("catalogue_query"),
    function!("posture_check"),
    function!("resource_changed"),
];

/// The deployed `host.json`.
pub const HOST_JSON: &str = include_str!("../host.json");
