//! Values that come from app settings.

use crate::fault::Fault;

/// Looks up app settings by name.
#[derive(Clone, Copy)]
pub struct AppSettings<'a>(pub &'a dyn Fn(&str) -> Option<String>);

impl AppSettings<'_> {
    /// The text with each `${NAME}` replaced by the app setting's value; `None` where there is nothing to
    /// replace. What comes in is not looked through again.
    pub fn fill(self, text: &str) -> Result<Option<String>, Vec<Fault>> {
        let mut pieces = text.split("${");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        let (mut replaced, mut faults) = (false, Vec::new());
        for piece in pieces {
            replaced = true;
            let Some((name, rest)) = piece.split_once('}') else {
                faults.push(Fault::new("has ${ without }", "write ${NAME}"));
                continue;
            };
            match self.value(name) {
                Ok(value) => filled.extend([value.as_str(), rest]),
                Err(fault) => faults.push(fault),
            }
        }
        match (replaced, faults.is_empty()) {
            (_, false) => Err(faults),
            (replaced, true) => Ok(replaced.then_some(filled)),
        }
    }

    /// The value of the app setting with this name. The name is repeated only where it can be no secret.
    pub fn value(self, name: &str) -> Result<String, Fault> {
        if !is_name(name) {
            let what = "does not name an app setting";
            return Err(Fault::new(
                what,
                "write a name of letters, digits and _, as in SIEM_SECRET; the app setting holds the value",
            ));
        }
        match (self.0)(name) {
            Some(value) if !value.is_empty() => Ok(value),
            Some(_) => Err(Fault::new(format!("app setting {name} is empty"), "give it a value")),
            None => Err(Fault::new(format!("app setting {name} is not set"), "set it, or correct its name here")),
        }
    }
}

/// Whether an app setting can have this name. What looks like a signing secret is refused, so that a secret
/// put in the place of a name is not printed as one.
fn is_name(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    starts_well && plain && text.len() <= 128 && !text.starts_with("whsec_")
}
