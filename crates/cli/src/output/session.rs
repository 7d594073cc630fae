//! A session in a longer answer.

use pipeline::view::FactsView;

use super::human;

/// Facts of a session, one line each.
pub(crate) fn session_lines(facts: &FactsView) -> Vec<String> {
    let optional = |text: &Option<String>| human::optional(text.as_deref());
    let lines = [
        ("tunnel id", human::text(&facts.tunnel_id)),
        ("person", optional(&facts.user_email)),
        ("account", optional(&facts.user_name)),
        ("from", optional(&facts.client_ip)),
        ("protocol", optional(&facts.protocol)),
        ("machine", optional(&facts.target_resource_id)),
        ("address", optional(&facts.target_ip)),
        ("began", human::second(facts.started_at)),
        ("ended", human::second(facts.ended_at)),
        ("length", human::duration(facts.duration_ms)),
    ];
    lines.map(|(name, value)| format!("{name:<12}  {value}")).into()
}
