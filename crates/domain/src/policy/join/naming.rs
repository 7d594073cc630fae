//! Naming scheme: derives recording names from sessions.

use std::sync::Arc;

use regex_lite::Regex;
use thiserror::Error;

use crate::record::join_key::JoinKey;
use crate::record::session::{SessionFacts, set_and_instance};

/// Placeholder of the machine in a template.
const VM: &str = "{vm}";
/// Placeholder of the account in a template.
const USER: &str = "{user}";

/// Template of recording names, with an optional pattern that extracts machine and account from a name.
#[derive(Debug, Clone)]
pub struct Naming {
    template: Arc<str>,
    pattern: Option<Arc<Regex>>,
}

/// Reason why a naming scheme is invalid.
#[derive(Debug, Error)]
pub enum NamingError {
    /// The template does not contain each placeholder exactly once.
    #[error("the template {0:?} must have {{vm}} and {{user}} once each, and no other braces")]
    Template(String),
    /// The pattern is not a regular expression.
    #[error("the pattern is not a regular expression")]
    Pattern(#[from] regex_lite::Error),
    /// The pattern lacks the group for the machine or the account.
    #[error("the pattern has no group named {0:?}")]
    Group(&'static str),
}

impl Naming {
    /// Creates a scheme. If a pattern is given, blob names are read by it alone. Returns an error if the template or
    /// the pattern is invalid.
    pub fn new(template: &str, pattern: Option<&str>) -> Result<Self, NamingError> {
        let rest = template.replacen(VM, "", 1).replacen(USER, "", 1);
        if !template.contains(VM) || !template.contains(USER) || rest.contains(['{', '}']) {
            return Err(NamingError::Template(template.to_owned()));
        }
        let pattern = pattern.map(Regex::new).transpose()?;
        for group in ["vm", "user"] {
            if pattern.as_ref().is_some_and(|pattern| !pattern.capture_names().any(|name| name == Some(group))) {
                return Err(NamingError::Group(group));
            }
        }
        Ok(Self { template: template.into(), pattern: pattern.map(Arc::new) })
    }

    /// Returns the keys of a blob name: of the whole name, and of the name without a numeric suffix (`.digits`). With a
    /// pattern: of the machine and account it extracts, or nothing if it does not match.
    pub fn keys_of_recording(&self, name: &str) -> Vec<JoinKey> {
        let Some(pattern) = &self.pattern else {
            // Folding drops trailing dots and whitespace; remove them first so they do not hide the suffix.
            let end = name.trim_end_matches(|letter: char| letter == '.' || letter.is_whitespace());
            return std::iter::once(name).chain(without_suffix(end)).map(JoinKey::fold).collect();
        };
        let groups = pattern.captures(name);
        let parts = groups.as_ref().and_then(|groups| Some((groups.name("vm")?, groups.name("user")?)));
        parts.map(|(vm, user)| self.key(vm.as_str(), user.as_str())).into_iter().collect()
    }

    /// Returns the keys that a recording of this session may have. A scale set yields set, instance and both joined; a
    /// session without a resource id yields the address. Empty if the account is unknown.
    pub fn keys_of_session(&self, facts: &SessionFacts) -> Vec<JoinKey> {
        let Some(user) = &facts.user_name else { return Vec::new() };
        let mut keys: Vec<JoinKey> = machines(facts).iter().map(|machine| self.key(machine, user)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns the machine names, in the log's spelling, with which recording names of this session begin. `None` if
    /// names do not begin with the machine, or if the session has no machine.
    pub fn beginnings(&self, facts: &SessionFacts) -> Option<Vec<String>> {
        let leads = self.pattern.is_none() && self.template.starts_with(VM);
        Some(machines(facts)).filter(|machines| leads && !machines.is_empty())
    }

    fn key(&self, vm: &str, user: &str) -> JoinKey {
        // Split before replacing: machine and account may contain braces.
        let (before, after) = self.template.split_once(VM).unwrap_or((&self.template, ""));
        JoinKey::fold(&format!("{}{vm}{}", before.replace(USER, user), after.replace(USER, user)))
    }
}

/// Default naming scheme of a bastion.
impl Default for Naming {
    fn default() -> Self {
        Self { template: "{vm}-{user}".into(), pattern: None }
    }
}

impl PartialEq for Naming {
    fn eq(&self, other: &Self) -> bool {
        let pattern = |naming: &Self| naming.pattern.as_ref().map(|pattern| pattern.as_str().to_owned());
        self.template == other.template && pattern(self) == pattern(other)
    }
}

impl Eq for Naming {}

/// Returns the name without the numeric suffix that distinguishes recordings of one machine and account. `None` if
/// there is no suffix.
pub fn without_suffix(name: &str) -> Option<&str> {
    let (base, digits) = name.rsplit_once('.')?;
    (!base.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(base)
}

fn machines(facts: &SessionFacts) -> Vec<String> {
    let names = facts.target_resource_id.as_deref().map(set_and_instance);
    match names {
        Some((Some(set), Some(instance))) => {
            vec![set.to_owned(), instance.to_owned(), format!("{set}_{instance}")]
        }
        Some((None, Some(machine))) => vec![machine.to_owned()],
        _ => facts.target_ip.iter().map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::session::{Records, Session, TunnelId};

    fn facts(target: &str, ip: &str, user: &str) -> SessionFacts {
        let mut records = Records::default();
        records.target_resource_id.add(target);
        records.target_ip.add(ip);
        records.user_name.add(user);
        Session::assemble(&TunnelId::parse("t").unwrap(), &records).facts
    }

    fn texts(keys: &[JoinKey]) -> Vec<&str> {
        keys.iter().map(JoinKey::as_str).collect()
    }

    #[test]
    fn both_readings_of_a_number_at_the_end_are_kept() {
        let naming = Naming::default();
        assert_eq!(texts(&naming.keys_of_recording("Vm-Web-ops.7")), ["vm-web-ops.7", "vm-web-ops"]);
        assert_eq!(texts(&naming.keys_of_recording("vm-ops.")), ["vm-ops"]);
        assert_eq!(texts(&naming.keys_of_recording("vm-ops.x1")), ["vm-ops.x1"]);
    }

    #[test]
    fn a_session_is_named_after_machine_and_account_in_any_case() {
        let naming = Naming::default();
        let vm = facts("/SUBSCRIPTIONS/S/VIRTUALMACHINES/VM-WEB", "10.0.0.1", "CONTOSO\\Ops");
        assert_eq!(texts(&naming.keys_of_session(&vm)), ["vm-web-contoso/ops"]);
        assert_eq!(naming.keys_of_recording("vm-web-CONTOSO/ops")[0], naming.keys_of_session(&vm)[0]);
    }

    #[test]
    fn an_instance_has_three_names_and_an_unnamed_machine_its_address() {
        let naming = Naming::default();
        let instance = facts("/X/VIRTUALMACHINESCALESETS/SET/VIRTUALMACHINES/7", "10.0.0.1", "ops");
        assert_eq!(texts(&naming.keys_of_session(&instance)), ["7-ops", "set-ops", "set_7-ops"]);
        assert_eq!(texts(&naming.keys_of_session(&facts("", "10.0.0.1", "ops"))), ["10.0.0.1-ops"]);
        assert!(naming.keys_of_session(&facts("/X/VIRTUALMACHINES/VM", "10.0.0.1", "")).is_empty());
    }

    #[test]
    fn a_pattern_replaces_the_usual_reading() {
        let naming = Naming::new("{user}@{vm}", Some("^rec/(?<vm>[^/]+)/(?<user>[^/]+)/[0-9]+$")).unwrap();
        assert_eq!(texts(&naming.keys_of_recording("rec/VM-1/Ops/3")), ["ops@vm-1"]);
        assert!(naming.keys_of_recording("vm-1-ops").is_empty());
        assert_eq!(texts(&naming.keys_of_session(&facts("/X/VM-1", "", "ops"))), ["ops@vm-1"]);
    }

    #[test]
    fn recordings_of_a_session_begin_with_one_of_its_machines() {
        let naming = Naming::default();
        let beginnings = |facts| naming.beginnings(&facts).unwrap();
        assert_eq!(beginnings(facts("/X/VIRTUALMACHINES/VM-WEB", "", "OPS")), ["VM-WEB"]);
        assert_eq!(beginnings(facts("", "10.0.0.1", "ops")), ["10.0.0.1"]);
        let instance = facts("/X/VIRTUALMACHINESCALESETS/SET/VIRTUALMACHINES/7", "", "ops");
        assert_eq!(beginnings(instance.clone()), ["SET", "7", "SET_7"]);
        assert_eq!(naming.beginnings(&facts("", "", "ops")), None);
        assert_eq!(Naming::new("{user}@{vm}", None).unwrap().beginnings(&instance), None);
    }

    #[test]
    fn an_account_with_blanks_is_found_by_its_logged_name() {
        let naming = Naming::default();
        let keys = naming.keys_of_session(&facts("/X/VIRTUALMACHINES/VM", "", " Ops "));
        for name in ["vm-ops", "VM-Ops ", "vm- ops", "vm- ops .3", "vm-ops..3", "vm-ops.3 "] {
            assert!(naming.keys_of_recording(name).contains(&keys[0]), "{name:?}");
        }
    }

    #[test]
    fn an_invalid_naming_is_rejected() {
        for template in ["", "{vm}", "{vm}-{user}-{user}", "{vm}{x}{user}"] {
            assert!(matches!(Naming::new(template, None), Err(NamingError::Template(_))), "{template}");
        }
        assert!(matches!(Naming::new("{vm}-{user}", Some("(?<vm>.*)")), Err(NamingError::Group("user"))));
        assert!(matches!(Naming::new("{vm}-{user}", Some("(")), Err(NamingError::Pattern(_))));
    }
}
