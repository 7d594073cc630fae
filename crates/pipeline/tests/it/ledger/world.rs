//! A ledger and a clock.

use std::sync::Arc;

use adapters_local::memory::MemoryLedger;
use domain::record::ledger::{LedgerEvent, LedgerFact, LedgerLine, LineContent, SegmentNumber};
use jiff::Timestamp;
use pipeline::ledger::{LedgerFinding, VerificationStep, Verified, Verify, append};
use pipeline::ports::{Fault, Ledger};
use pipeline::stored::fact;
use pipeline::testing::TestClock;
use pipeline::testing::sample::second;

use pipeline::testing::schedule::now;

pub fn segment(number: u32) -> SegmentNumber {
    SegmentNumber::parse(&format!("{number:06}")).unwrap()
}

/// A fact that differs for every number.
pub fn told(number: usize) -> LedgerFact {
    let what = LedgerEvent::HoldPlaced {
        hold: format!("hold {number}"),
        case: "Ä \"case\"\n".to_owned(),
        scope: None,
        by: "alice@contoso.example".to_owned(),
    };
    LedgerFact::new(second(number as i64), what)
}

pub fn facts(numbers: std::ops::Range<usize>) -> Vec<LedgerFact> {
    numbers.map(told).collect()
}

/// A ledger at noon of 2026-03-02.
pub struct LedgerWorld {
    pub ledger: Arc<MemoryLedger>,
    pub clock: Arc<TestClock>,
}

impl Default for LedgerWorld {
    fn default() -> Self {
        Self::with(MemoryLedger::default())
    }
}

impl LedgerWorld {
    pub fn with(ledger: MemoryLedger) -> Self {
        Self { ledger: Arc::new(ledger), clock: Arc::default() }
    }

    pub fn port(&self) -> Arc<dyn Ledger> {
        self.ledger.clone()
    }

    pub fn append(&self, facts: &[LedgerFact]) -> Result<usize, Fault> {
        now(append(self.ledger.as_ref(), self.clock.as_ref(), facts))
    }

    pub fn set_clock(&self, at: &str) {
        self.clock.set(at.parse::<Timestamp>().unwrap());
    }

    pub fn segments(&self) -> Vec<SegmentNumber> {
        now(self.ledger.segments()).unwrap()
    }

    pub fn content(&self, number: u32) -> String {
        let bytes = now(self.ledger.read(segment(number), 0, usize::MAX)).unwrap().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Facts of all segments, in order.
    pub fn facts(&self) -> Vec<LedgerFact> {
        let mut facts = Vec::new();
        for number in 1..=self.segments().len() {
            for line in self.content(number as u32).lines() {
                let Ok(LedgerLine { body: LineContent::Fact { text, .. }, .. }) = LedgerLine::parse(line.as_bytes())
                else {
                    continue;
                };
                facts.push(fact::decode(text).unwrap());
            }
        }
        facts
    }

    /// Number of lines of each segment.
    pub fn lines(&self) -> Vec<usize> {
        (1..=self.segments().len()).map(|number| self.content(number as u32).lines().count()).collect()
    }

    pub fn verify(&self) -> (Verified, Vec<LedgerFinding>) {
        verified(&Verify { ledger: self.ledger.as_ref(), recordings: None, from_start: false, head: None }).unwrap()
    }

    /// Asserts that the chain is complete and contains each of these facts at least once, and no other.
    pub fn holds(&self, facts: &[LedgerFact]) {
        let (verified, findings) = self.verify();
        assert_eq!(findings, []);
        assert!(verified.is_sound());
        let held = self.facts();
        assert_eq!(verified.facts, held.len() as u64);
        for fact in facts {
            assert!(held.contains(fact), "{} is lost", fact.id);
        }
        for fact in &held {
            assert!(facts.contains(fact), "{} was never recorded", fact.id);
        }
    }
}

/// Runs a verification; returns its result and its findings.
pub fn verified(verify: &Verify<'_>) -> Result<(Verified, Vec<LedgerFinding>), Fault> {
    let mut findings = Vec::new();
    let mut tell = |step| {
        if let VerificationStep::Found(finding) = step {
            findings.push(finding);
        }
    };
    let verified = now(verify.run(&mut tell))?;
    Ok((verified, findings))
}
