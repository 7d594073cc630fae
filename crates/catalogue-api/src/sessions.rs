//! `/sessions` and `/sessions/{tunnel_id}`.

use domain::record::estate::BastionName;
use domain::record::session::{SessionState, TunnelId};
use pipeline::query::{self, SessionQuery};
use pipeline::view::{SessionDetailView, SessionPageView};

use crate::problem::ProblemKind;
use crate::values::Values;
use crate::{Api, Body, Trouble, json};

pub(crate) async fn page(api: &Api<'_>, values: &Values) -> Body {
    let query = SessionQuery {
        bastion: values.bastion(),
        state: values.text("state").and_then(SessionState::parse),
        person: values.owned("person"),
        machine: values.owned("machine"),
        account: values.owned("account"),
        without_recording: values.truth("gap").unwrap_or(false),
        began: values.range(),
        limit: values.limit(),
        cursor: values.sessions_cursor(),
    };
    let page = query::sessions(api.sessions, api.catalogue, &query).await?;
    json(&SessionPageView::from_page(&page))
}

pub(crate) async fn one(api: &Api<'_>, tunnel: &str, values: &Values) -> Body {
    let missing = || Trouble::Problem(ProblemKind::NotFound("no audit log has a session with this id"));
    let tunnel = TunnelId::parse(tunnel).ok_or_else(missing)?;
    let configured = || api.estate.bastions.iter().map(|bastion| bastion.name.clone()).collect();
    let bastions: Vec<BastionName> = values.bastion().map_or_else(configured, |named| vec![named]);
    let found = query::session(api.sessions, api.catalogue, &bastions, &tunnel).await?.ok_or_else(missing)?;
    let candidate_of = query::candidate_of(api.catalogue, &found.entry).await?;
    json(&SessionDetailView::from_session(&found, candidate_of))
}
