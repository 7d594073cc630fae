//! The same rules in the Common Expression Language, with unknown facts left undeclared.

use core::net::IpAddr;

use cel::common::types::{CelInt, CelString};
use cel::{Context, ExecutionError, Program, Value};

use super::recordings::KnownRecording;
use super::rules::COUNT;
use crate::Measured;

/// Texts are compared case-sensitively, networks are ranges of numbers, times of day are minutes. Each is cheaper than
/// in the rules.
const SOURCES: [&str; COUNT] = [
    "name.startsWith('vm-prod-') || name.contains('-prd-')",
    "person.endsWith('@partner.example') || person.endsWith('@vendor.example')",
    "person in ['ada@contoso.example', 'grace@contoso.example', 'edsger@contoso.example', 'barbara@contoso.example']",
    "resource_group.startsWith('rg-fin-') || resource_group.startsWith('rg-pay-')",
    "!(client_ip >= 167772160 && client_ip < 184549376 || client_ip >= 2886729728 && client_ip < 2887778304 \
     || client_ip >= 3232235520 && client_ip < 3232301056)",
    "duration > 7200 && (protocol == 'rdp' || name.startsWith('sql-01-'))",
    "(minute >= 1320 || minute < 360) && !resource_group.startsWith('rg-lab-')",
    "name.contains('-tmp-') && duration < 60 && !person.endsWith('@partner.example')",
];

/// The compiled rules. They borrow the texts of recordings for `'a`.
pub struct Programs<'a> {
    root: Context<'a, 'a>,
    programs: Vec<Program>,
}

impl<'a> Programs<'a> {
    pub fn compile() -> Measured<Self> {
        let programs = SOURCES.iter().map(|source| Ok(Program::compile(source)?));
        Ok(Self { root: Context::default(), programs: programs.collect::<Measured<_>>()? })
    }

    /// Returns the true rules and the unknown ones as bits.
    pub fn answers(&self, known: &KnownRecording<'a>) -> Measured<(u8, u8)> {
        let scope = self.scope(known);
        let (mut rules, mut unknown) = (0, 0);
        for (place, program) in self.programs.iter().enumerate() {
            match program.execute(&scope) {
                Ok(Value::Bool(answer)) => rules |= u8::from(answer) << place,
                Err(ExecutionError::UndeclaredReference(_)) => unknown |= 1 << place,
                other => return Err(format!("rule {place} comes to {other:?}").into()),
            }
        }
        Ok((rules, unknown))
    }

    fn scope(&self, known: &KnownRecording<'a>) -> Context<'_, 'a> {
        let (facts, mut scope) = (&known.facts, self.root.new_inner_scope());
        let texts = [
            ("person", facts.person),
            ("resource_group", facts.resource_group),
            ("name", facts.name),
            ("protocol", facts.protocol),
        ];
        for (name, text) in texts.into_iter().filter_map(|(name, text)| Some((name, text?))) {
            scope.add_variable_as_val(name, Box::new(CelString::from(text)));
        }
        let address = facts.client_ip.and_then(|address| match address {
            IpAddr::V4(address) => Some(i64::from(address.to_bits())),
            IpAddr::V6(_) => None,
        });
        let numbers = [
            ("client_ip", address),
            ("duration", facts.duration.map(|duration| duration.as_secs())),
            ("minute", known.minute),
        ];
        for (name, number) in numbers.into_iter().filter_map(|(name, number)| Some((name, number?))) {
            scope.add_variable_as_val(name, Box::new(CelInt::from(number)));
        }
        scope
    }
}
