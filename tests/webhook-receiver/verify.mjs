// A receiver's half of Standard Webhooks, by the specification's own library.
//
// node verify.mjs < REQUEST
//
// REQUEST is JSON: `secret`, `headers`, `body`, and `now`, the receiver's time in seconds. Says on standard output
// `verified`, or `refused: ` and why.

import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const { secret, headers, body, now } = JSON.parse(readFileSync(process.stdin.fd, "utf8"));
// The library reads the clock of this machine, and tests drive theirs.
Date.now = () => now * 1000;

try {
  new Webhook(secret).verify(body, headers);
  console.log("verified");
} catch (error) {
  // Anything else is a mistake of ours, and ends this with its own words.
  if (!(error instanceof WebhookVerificationError)) throw error;
  console.log(`refused: ${error.message}`);
}
