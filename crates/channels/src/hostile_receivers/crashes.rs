//! Tests of a delivery that dies at any call, as seen by the receiver.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::record::delivery::{CLAIM, Delivery};
use pipeline::testing::{Death, Gate};

use super::world::{ReceiverWorld, webhook};
use super::{ACCEPTED, Receiver};
use crate::testing::{Request, id};

/// Returns the call in which the delivery died (`None` if it completed) and the received requests.
async fn seen_of_one_that_dies(death: Death) -> (Option<&'static str>, Vec<Request>) {
    let mut receiver = Receiver::plain(ACCEPTED).await;
    let (world, channel) = (ReceiverWorld::new().await, webhook(receiver.url("/hook")));
    let gate = Arc::new(Gate::deadly(death));
    world.attempt_behind(&gate, &channel).await;
    let ending = world.deliver_to_the_end(&channel).await;
    assert!(matches!(ending.delivery, Delivery::Delivered { attempts: 1, .. }), "{death:?}: {ending:?}");
    (gate.died_in(), receiver.all_requests())
}

#[tokio::test]
async fn only_a_crash_after_sending_repeats_a_request_under_one_id() {
    let mut repeated = BTreeMap::new();
    for number in 1.. {
        let mut has_died = false;
        for (when, death) in [("before", Death::Before(number)), ("after", Death::After(number))] {
            let (died_in, requests) = seen_of_one_that_dies(death).await;
            has_died |= died_in.is_some();
            for request in &requests {
                assert_eq!(request.header("webhook-id"), Some(id().as_str()), "{death:?}");
                assert_eq!(request.body, requests[0].body, "{death:?}");
            }
            if let [first, second] = &requests[..] {
                let at = |request: &Request| request.header("webhook-timestamp").unwrap().parse::<i64>().unwrap();
                assert!(at(second) - at(first) >= CLAIM.as_secs(), "{death:?}: repeated while the claim counted");
                repeated.insert((number, when), died_in.unwrap());
            } else {
                assert_eq!(requests.len(), 1, "{death:?}");
            }
        }
        if !has_died {
            break;
        }
    }
    assert_eq!(repeated, BTreeMap::from([((4, "after"), "channel.send"), ((5, "before"), "notifications.save")]));
}
