//! `/bastions`.

use pipeline::recording_habits;
use pipeline::view::BastionsView;

use crate::{Api, Body, json};

pub(crate) async fn bastions(api: &Api<'_>) -> Body {
    let habits = recording_habits(api.checkpoints, api.catalogue, api.estate, api.now).await?;
    json(&BastionsView::from_habits(&habits))
}
