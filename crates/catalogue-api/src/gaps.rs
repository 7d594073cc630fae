//! `/gaps`.

use pipeline::query::{self, GapQuery};
use pipeline::view::GapsView;

use crate::values::Values;
use crate::{Api, Body, json};

pub(crate) async fn gaps(api: &Api<'_>, values: &Values) -> Body {
    let query = GapQuery { bastion: values.bastion(), limit: values.limit() };
    let gaps = query::gaps(api.catalogue, api.sessions, api.checkpoints, api.estate, &query).await?;
    json(&GapsView::from_gaps(&gaps, api.estate, api.now))
}
