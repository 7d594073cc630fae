//! `archivist notify route`.

use clap::Args;
use domain::policy::matcher::ConditionResult;
use domain::policy::route::{RouteDecision, RouteStep};
use domain::record::notification::{Event, Notification, NotificationFact, NotificationId, ValueForm};
use pipeline::Archivist;
use serde_json::json;

use super::{event, sample};
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Version of the JSON form.
const VERSION: u32 = 1;

/// Arguments of `notify route`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist notify route --event recording.deleted_unexpectedly
  archivist notify route --event recording.ready --fact machine=vm-pci-01 --fact person=ada@contoso.example
  archivist notify route --id ntf_507h7sfwqs0kbjad25wp4wz0gm

Exit code 1 if no channel gets it now. Notifications of a channel that is off are kept until it is on again.")]
pub struct RouteArgs {
    /// The event to route, as a sample.
    #[arg(long, value_name = "EVENT", default_value = "recording.ready", value_parser = event, conflicts_with = "id")]
    pub event: Event,
    /// Set a fact of the sample, named as in notifications.
    #[arg(long = "fact", value_name = "NAME=VALUE", value_parser = fact, conflicts_with = "id")]
    pub facts: Vec<(String, String)>,
    /// Route a stored notification instead of a sample.
    #[arg(long, value_name = "ID", value_parser = id)]
    pub id: Option<NotificationId>,
    /// Write one JSON document.
    #[arg(long)]
    pub json: bool,
}

fn fact(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("write it as machine=vm-01")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn id(text: &str) -> Result<NotificationId, &'static str> {
    NotificationId::parse(text).ok_or("it is not the id of a notification; ids begin with ntf_")
}

pub(super) async fn run(args: &RouteArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let notification = match &args.id {
        Some(id) => context
            .archivist
            .channels_shown
            .sent_notification(id)
            .await?
            .ok_or_else(|| CliError::Problems(format!("no notification has the id {}", id.as_str())))?,
        None => with_facts(sample::notification(args.event, context.now), &args.facts)?,
    };
    let steps = context.archivist.channels_shown.way(&notification);
    let recipients = Recipients::for_notification(&notification, context.archivist);
    if args.json {
        write_json(&notification, &steps, &recipients, context)?;
    } else {
        write_text(&notification, &steps, &recipients, context)?;
    }
    Ok(if recipients.by.is_empty() { Exit::Findings } else { Exit::Done })
}

/// Replaces the facts of the sample that have the same names.
///
/// # Errors
/// Returns an error if notifications of the event have no such fact, or not in that form. It names all of
/// them.
fn with_facts(mut sample: Notification, facts: &[(String, String)]) -> Result<Notification, CliError> {
    sample.facts.retain(|known| facts.iter().all(|(name, _)| *name != known.name));
    let given = facts.iter().map(|(name, value)| {
        let is_number = sample.event.facts().any(|known| known.name == name && known.form == ValueForm::Number);
        match value.parse::<u64>() {
            Ok(number) if is_number => NotificationFact::number(name, number),
            _ => NotificationFact::text(name, value),
        }
    });
    let given: Vec<NotificationFact> = given.collect();
    sample.facts.extend(given);
    let problems: Vec<String> = sample.strangers().map(|fact| problem(&sample, &fact.name)).collect();
    if !problems.is_empty() {
        return Err(CliError::Problems(problems.join("\n")));
    }
    Ok(sample)
}

fn problem(sample: &Notification, name: &str) -> String {
    let (event, shown) = (sample.event.name(), human::text(name));
    match sample.event.facts().find(|known| known.name == name).map(|known| known.form) {
        None => {
            let known: Vec<&str> = sample.event.facts().map(|known| known.name).collect();
            format!("--fact {shown}: {event} has no such fact; it has {}", known.join(", "))
        }
        Some(ValueForm::OneOf(words)) => format!("--fact {shown}: it is one of {}", words.join(", ")),
        Some(ValueForm::Time) => format!("--fact {shown}: it is a time such as 2026-03-02T09:12:44Z"),
        Some(ValueForm::Date) => format!("--fact {shown}: it is a date such as 2026-03-02"),
        Some(ValueForm::Number) => format!("--fact {shown}: it is a whole number"),
        Some(ValueForm::Text) => format!("--fact {shown}: it is a text"),
    }
}

/// Channels that receive an event.
struct Recipients<'a> {
    /// Channels that are sent the event now.
    by: Vec<&'a str>,
    /// Channels that are off, with the reason. Their deliveries are kept.
    off: Vec<(&'a str, &'a str)>,
}

impl<'a> Recipients<'a> {
    fn for_notification(notification: &Notification, archivist: &'a Archivist) -> Self {
        let mut recipients = Self { by: Vec::new(), off: Vec::new() };
        for channel in archivist.channels_shown.subscribers(notification) {
            match archivist.channel_states.off(channel) {
                Some(reason) => recipients.off.push((channel, reason)),
                None => recipients.by.push(channel),
            }
        }
        recipients
    }
}

fn outcome_in_words(step: &RouteStep<'_>) -> &'static str {
    match (step.taken, step.truth) {
        (RouteDecision::Yes, ConditionResult::True) => "taken",
        (RouteDecision::Yes, _) => "taken, and the next as well: unknown whether it matches",
        (RouteDecision::Muted, _) => "taken, and muted",
        (RouteDecision::No, _) => "not taken",
        (RouteDecision::NotNamed, _) => "not taken: this event takes only routes that name it",
    }
}

fn write_text(
    notification: &Notification,
    steps: &[RouteStep<'_>],
    recipients: &Recipients<'_>,
    context: &mut WorkContext<'_>,
) -> Result<(), CliError> {
    let out = &mut *context.out;
    let (event, severity) = (notification.event.name(), notification.severity().name());
    writeln!(out, "{event} ({severity}): {}", human::text(&notification.subject))?;
    for step in steps {
        let when = step.route.digest.as_ref().map_or(String::new(), |digest| format!(", gathered {digest}"));
        let (name, channels) = (human::text(&step.route.name), step.route.channels.join(", "));
        writeln!(
            out,
            "  {name}: {}{}",
            outcome_in_words(step),
            match step.taken {
                RouteDecision::Yes => format!(" -> {channels}{when}"),
                _ => String::new(),
            }
        )?;
        if step.is_last() {
            writeln!(out, "  it stops here")?;
        }
    }
    if steps.is_empty() {
        writeln!(out, "  no routes: every channel gets every notification")?;
    }
    match recipients.by.as_slice() {
        [] if recipients.off.is_empty() => writeln!(out, "no channel gets it")?,
        [] => writeln!(out, "no channel gets it now")?,
        by => writeln!(out, "sent to {}", by.join(", "))?,
    }
    for (channel, reason) in &recipients.off {
        writeln!(out, "kept for {channel}, which is off: {}", human::text(reason))?;
    }
    Ok(())
}

fn write_json(
    notification: &Notification,
    steps: &[RouteStep<'_>],
    recipients: &Recipients<'_>,
    context: &mut WorkContext<'_>,
) -> Result<(), CliError> {
    let steps: Vec<_> = steps
        .iter()
        .map(|step| {
            let route = step.route;
            let is_taken = matches!(step.taken, RouteDecision::Yes | RouteDecision::Muted);
            json!({
                "route": route.name, "is_meant": step.truth.name(), "is_taken": is_taken, "is_muted": step.taken == RouteDecision::Muted,
                "channels": route.channels, "digest": route.digest.as_ref().map(ToString::to_string), "continue": route.goes_on,
            })
        })
        .collect();
    let event = notification.event.name();
    let off: Vec<_> =
        recipients.off.iter().map(|(channel, reason)| json!({ "channel": channel, "reason": reason })).collect();
    json::write_line(
        &mut *context.out,
        &json!({ "version": VERSION, "event": event, "way": steps, "heard_by": recipients.by, "off": off }),
    )?;
    Ok(())
}
