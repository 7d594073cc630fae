//! `/recordings` and `/recordings/{id}`.

use domain::record::catalogue::RecordingState;
use domain::record::recording_id::RecordingId;
use pipeline::query::{self, Query};
use pipeline::view::{DetailView, PageView};

use crate::problem::ProblemKind;
use crate::values::Values;
use crate::{Api, Body, Trouble, json};

pub(crate) async fn page(api: &Api<'_>, values: &Values) -> Body {
    let query = Query {
        person: values.owned("person"),
        machine: values.owned("machine"),
        matching: values.owned("match"),
        state: values.text("state").and_then(RecordingState::parse),
        bastion: values.bastion(),
        created: values.range(),
        class: values.owned("class"),
        held: values.truth("held"),
        search: values.search().at(api.now, api.time_zone),
        limit: values.limit(),
        cursor: values.recordings_cursor(),
    };
    let page = query::recordings(api.catalogue, api.checkpoints, &query).await?;
    json(&PageView::from_page(&page, api.estate, api.now).searched(&query.search, &page))
}

pub(crate) async fn one(api: &Api<'_>, id: &str) -> Body {
    let missing = || Trouble::Problem(ProblemKind::NotFound("the catalogue has no recording with this id"));
    let id = RecordingId::parse(id).map_err(|_| missing())?;
    let entry = query::recording(api.catalogue, api.checkpoints, id).await?.ok_or_else(missing)?;
    let accesses = query::accesses(api.catalogue, api.checkpoints, api.estate, &entry, api.now).await?;
    json(&DetailView::from_entry(&entry, api.estate, api.now).with_accesses(&accesses))
}
