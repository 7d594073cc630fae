//! Schedules kills of the handler by its progress instead of by time.

use host_stand_in::{Calls, Killer, Messages};

/// Message counts, retries included, at which the handler is killed: for odd kills the number of started messages, for
/// even ones that of ended messages, while others are in progress.
const SCHEDULE: [u64; 10] = [3, 14, 30, 47, 65, 84, 104, 125, 147, 170];

/// Number of kills.
pub const KILLS: u64 = SCHEDULE.len() as u64;

/// Kills the handler at each scheduled count.
pub async fn kill(calls: Calls, killer: Killer) {
    let mut messages = calls.messages();
    for (number, count) in (1..).zip(SCHEDULE) {
        let has_come = |messages: &Messages| is_time(number, count, *messages);
        if messages.wait_for(has_come).await.is_err() {
            return;
        }
        killer.kill();
    }
}

fn is_time(number: u64, count: u64, messages: Messages) -> bool {
    let so_far = if number % 2 == 1 { messages.begun } else { messages.ended };
    so_far >= count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_alternate_between_inside_and_after_a_message() {
        assert!(is_time(1, 3, Messages { begun: 3, ended: 0 }));
        assert!(!is_time(2, 3, Messages { begun: 9, ended: 2 }));
        assert!(is_time(2, 3, Messages { begun: 9, ended: 3 }));
    }

    #[test]
    fn kills_are_further_apart_than_the_messages_in_progress() {
        // Maximum number of messages of one queue in progress at a time.
        assert!(SCHEDULE.windows(2).all(|two| two[1] > two[0] + 8));
    }
}
