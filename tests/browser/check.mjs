// Reads { site, folder, suite, ... } from standard input, drives a browser over that site, and writes what is wrong with
// it to standard output, a line for each. Pictures for people to look at go into the folder.
import { mkdirSync, readFileSync } from "node:fs";
import { withBrowser } from "./browser.mjs";
import { closed } from "./closed.mjs";
import { day } from "./day.mjs";
import { fleet } from "./fleet.mjs";
import { hostile } from "./hostile.mjs";
import { jobs } from "./jobs.mjs";

const SUITES = { closed, day, fleet, hostile, jobs };

const asked = JSON.parse(readFileSync(0, "utf8"));
const problems = new Set();
const wrong = (what) => problems.add(what.replaceAll("\n", " "));
mkdirSync(asked.folder, { recursive: true });
await withBrowser(async (browser) => {
  for (const check of SUITES[asked.suite]) {
    try {
      await check(browser, asked, wrong);
    } catch (error) {
      wrong(`${check.name} broke off: ${error.message}`);
    }
  }
});
process.stdout.write([...problems].map((problem) => `${problem}\n`).join(""));
process.exitCode = problems.size === 0 ? 0 : 1;
