//! Converts the configuration to decision rules.

use std::sync::Arc;

use configuration::Configuration;
use domain::decide::context::Rules;
use domain::policy::join::{FailedLogins, MatchingRules, Naming};
use domain::record::notification::Event;

use crate::start::CommandError;

/// Converts a checked configuration.
pub fn rules(configuration: &Configuration, announce_started: bool) -> Result<Rules, CommandError> {
    let (matching, routing) = (&configuration.matching, &configuration.routing);
    let naming =
        Naming::new(&matching.name_template, matching.name_pattern.as_deref()).map_err(CommandError::needed)?;
    let failed_logins = FailedLogins {
        count: usize::try_from(matching.failed_logins.count).unwrap_or(usize::MAX),
        within: matching.failed_logins.within,
    };
    Ok(Rules {
        settle_after: matching.settle_after,
        active_at_most: matching.active_at_most,
        matching: MatchingRules {
            naming,
            start_tolerance: matching.start_tolerance,
            end_tolerance: matching.end_tolerance,
            lead: matching.lead.into(),
            confirm_after: matching.confirm_after,
            session_without_recording_after: matching.session_without_recording_after,
            recording_without_session_after: matching.recording_without_session_after,
            failed_logins,
        },
        retention: configuration.retention.clone().map(Arc::new),
        reviews: Arc::new(configuration.reviews.clone()),
        hash_recordings: configuration.ledger.hash_recordings,
        privacy: configuration.privacy,
        announce_started: announce_started
            || (!routing.is_usual && routing.routes.iter().any(|route| route.names(Event::RecordingStarted))),
        routing: Arc::new(routing.clone()),
    })
}
