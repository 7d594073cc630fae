//! Names and agents that the documentation leaves open.
//!
//! - Scale sets: a fifth of the machines. Each bastion names blobs after the set, the number of the instance, or both.
//! - Addresses: a fifth has no resource id in the log, and the IP address in blob names.
//! - Accounts: `CONTOSO\user` with a slash or a backslash in the blob name, `user@contoso.com`, `user.7`.
//! - Case: resource ids and accounts in any case in the log, and in a different case in blob names.
//! - Two machines and accounts with one text: `web-02` with `ops-user`, and `web-02-ops` with `user`.
//! - Agents: browsers that name no engine, and empty agents; native clients keep their names (guess: kiosks, and
//!   proxies that rewrite the agent).

use crate::worlds::plan::{Agents, EstatePlan, NamingPlan, WorldPlan};

/// Gives machines and accounts odd names.
pub(crate) fn names(plan: WorldPlan) -> WorldPlan {
    WorldPlan { estate: EstatePlan { names: NamingPlan::Odd, ..plan.estate }, ..plan }
}

/// Gives half of the people a browser with an odd agent.
pub(crate) fn some_agents(plan: WorldPlan) -> WorldPlan {
    WorldPlan { estate: EstatePlan { agents: Agents::HalfOdd, ..plan.estate }, ..plan }
}

/// Gives all browsers odd agents.
pub(crate) fn all_agents(plan: WorldPlan) -> WorldPlan {
    WorldPlan { estate: EstatePlan { agents: Agents::AllOdd, ..plan.estate }, ..plan }
}
