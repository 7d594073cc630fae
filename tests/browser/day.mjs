// The sample day: what readers look for is found, with the mouse, with the keyboard alone, and without any script.
import { keyboardAlone } from "./keyboard.mjs";
import { everyLook } from "./looks.mjs";
import { column, links, names, visitor } from "./visit.mjs";

export const day = [
  searchByText,
  searchByWords,
  searchByChoiceAndDay,
  aWrongDay,
  pagingShowsEachOnce,
  aCertainRecording,
  anAmbiguousRecording,
  gaps,
  barsLeadToTheirDays,
  timesInTheZoneOfTheReader,
  everyLinkLeadsSomewhere,
  keyboardAlone,
  withoutScripts,
  inEveryLook,
];

const headings = (page) => page.$$eval("h2", (headings) => headings.map((heading) => heading.textContent));
const search = (page) => page.getByRole("button", { name: "Search" });
const box = (page) => page.getByRole("searchbox", { name: "Search" });
const openFilters = (page) => page.locator("details:not([open]) > summary", { hasText: "Filters" }).click();

/** The first recording of those listed there for which nobody is named, or one that is certain. */
async function recording(page, go, kind) {
  await go(`/ui/recordings?match=${kind}`);
  const [paths, people] = [await links(page), await column(page, "Person")];
  return paths[people.findIndex((person) => (kind === "ambiguous" ? person.startsWith("one of") : person.includes("@")))];
}

async function searchByText(browser, { site }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong);
  await go("/ui/recordings");
  const all = await names(page);
  await box(page).fill("vm-pay");
  await follow(search(page));
  const found = await names(page);
  if (found.length === 0 || !found.every((name) => name.startsWith("vm-pay"))) wrong(`vm-pay finds ${found}`);
  if ((await box(page).inputValue()) !== "vm-pay") wrong("the form forgets what was asked for");

  await go("/ui/recordings");
  await openFilters(page);
  await page.getByLabel("Person").fill("chidi.eze@contoso.com");
  await follow(search(page));
  const people = new Set(await column(page, "Person"));
  if (people.size !== 1 || !people.has("chidi.eze@contoso.com")) wrong(`a person finds recordings of ${[...people]}`);

  await follow(page.getByRole("link", { name: "Clear" }));
  if (String(await names(page)) !== String(all)) wrong("what was searched for is not cleared");
  await openFilters(page);
  await page.getByLabel("Machine").fill("no-such-machine");
  await follow(search(page));
  const said = await page.getByRole("status").innerText();
  if (!said.includes("No matches") && !said.includes("older")) wrong(`nothing is found, and the page says ${said}`);
  await close();
}

/** Several words from the overview, each of them taken away again, and a word that is misspelt. */
async function searchByWords(browser, { site }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong);
  await go("/ui/");
  await page.getByRole("searchbox", { name: "Search recordings" }).fill("chidi matched 2026-03-02");
  await follow(search(page));
  const [people, days] = [await column(page, "Person"), await column(page, "Created")];
  if (people.length === 0 || !people.every((person) => person === "chidi.eze@contoso.com")) wrong(`chidi finds ${people}`);
  if (days.some((at) => !at.startsWith("2026-03-02"))) wrong(`the second of March finds ${days}`);
  const chips = await page.locator(".chips bdi").allInnerTexts();
  const expected = ["Person, machine or name: chidi", "Session: matched", "Monday 2026-03-02"];
  if (String(chips) !== String(expected)) wrong(`the words are understood as ${chips}`);
  await follow(page.getByRole("link", { name: "Remove chidi" }));
  if ((await box(page).inputValue()) !== "matched 2026-03-02") wrong("a word is not removed");

  await box(page).fill("chidy");
  await follow(search(page));
  const said = await page.getByRole("status").innerText();
  if (!said.includes("chidy") || !said.includes("Did you mean")) wrong(`nothing is like chidy, and the page says ${said}`);
  await follow(page.getByRole("link", { name: "chidi", exact: true }));
  if ((await names(page)).length === 0) wrong("a similar word finds nothing");

  await go("/ui/recordings?q=anna%202026-13-40", 400);
  const told = await box(page).getAttribute("aria-describedby");
  const problem = await page.locator(`#${told}`).innerText();
  if (!problem.includes("2026-13-40")) wrong(`a day that does not exist is told as ${problem}`);
  await close();
}

async function searchByChoiceAndDay(browser, { site }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong);
  await go("/ui/recordings");
  await openFilters(page);
  await page.getByLabel("Session").selectOption("ambiguous");
  await page.getByLabel("Created from").fill("2026-03-02");
  await page.getByLabel("Created to").fill("2026-03-02");
  await follow(search(page));
  const [matches, days] = [await column(page, "State"), await column(page, "Created")];
  if (matches.length === 0 || matches.some((match) => !match.startsWith("ambiguous"))) wrong(`ambiguous finds ${matches}`);
  if (days.some((at) => !at.startsWith("2026-03-02"))) wrong(`the second of March finds ${days}`);
  if ((await page.getByLabel("Created from").inputValue()) !== "2026-03-02") wrong("the form forgets the day");

  await page.getByLabel("Created from").fill("2026-03-04");
  await page.getByLabel("Created to").fill("");
  await follow(search(page));
  if ((await names(page)).length !== 0) wrong("there are recordings after the day");

  await go("/ui/sessions");
  await page.getByLabel("State").selectOption("failed");
  await follow(search(page));
  const states = await column(page, "State");
  if (states.length === 0 || states.some((state) => state !== "failed")) wrong(`failed finds sessions that are ${states}`);
  await close();
}

async function aWrongDay(browser, { site }, wrong) {
  const { page, go, close } = await visitor(browser, site, wrong);
  for (const [path, label] of [["/ui/recordings?from=soon&q=vm", "Created from"], ["/ui/sessions?to=2026-02-31", "Began to"]]) {
    await go(path, 400);
    const field = page.getByLabel(label);
    const told = await field.getAttribute("aria-describedby");
    const problem = await page.locator(`#${told}`).innerText();
    const asked = new URL(path, site).searchParams;
    if ((await field.getAttribute("aria-invalid")) !== "true") wrong(`${label} does not say that it is wrong`);
    if (!problem.includes("date")) wrong(`${label} says ${problem}`);
    if ((await field.inputValue()) !== (asked.get("from") ?? asked.get("to"))) wrong(`${label} forgets what was written`);
  }
  await go("/ui/recordings?from=2026-03-02T09:00:00Z");
  if ((await page.getByLabel("Created from").inputValue()) !== "2026-03-02T09:00:00Z") wrong("the form forgets a time");
  await close();
}

async function pagingShowsEachOnce(browser, { site }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong);
  for (const [kind, tile] of [["recordings", 0], ["sessions", 2]]) {
    await go("/ui/");
    const counted = Number((await page.locator(".tiles .value").nth(tile).innerText()).replace(/\D/g, ""));
    await go(`/ui/${kind}`);
    const [first, seen] = [await links(page), []];
    for (;;) {
      seen.push(...(await links(page)));
      const older = page.getByRole("link", { name: "Older" });
      if ((await older.count()) === 0 || seen.length > 2 * counted) break;
      await follow(older);
    }
    if (new Set(seen).size !== seen.length) wrong(`paging through ${kind} shows some twice`);
    if (seen.length !== counted) wrong(`paging shows ${seen.length} of ${counted} ${kind}`);
    await follow(page.getByRole("link", { name: "To the newest" }));
    if (String(await links(page)) !== String(first)) wrong(`the newest ${kind} are not found again`);
  }
  await close();
}

async function aCertainRecording(browser, { site }, wrong) {
  const { page, go, follow, at, close } = await visitor(browser, site, wrong);
  await go(await recording(page, go, "matched"));
  const parts = String(await headings(page));
  if (parts !== "When,Who,Retention,Reviews,Tags on the blob,Accesses,History") wrong(`${at()} has the parts ${parts}`);
  const timeline = page.getByRole("img", { name: /Recording from 2026.*Session from 2026/ });
  if ((await timeline.locator("rect").count()) !== 2) wrong(`${at()} does not show recording and session on one line`);
  if ((await page.locator("meter").count()) !== 1) wrong(`${at()} does not weigh the evidence of one session`);
  if (!/lead \d+, needed \d+\.$/.test(await page.innerText(".explained"))) wrong(`${at()} does not explain the match`);
  if ((await page.locator(".evidence .speaks").count()) === 0) wrong(`${at()} does not say what speaks for the session`);
  const [who, history] = [await page.innerText("#who + .lead"), await page.innerText(".history")];
  if (!/@contoso\.com is on it/.test(who)) wrong(`${at()} names nobody: ${who}`);
  for (const step of ["catalogued", "matched", "final"]) if (!history.includes(step)) wrong(`${at()} was never ${step}`);
  if (!(await page.innerText(".tags")).includes("bsr-state")) wrong(`${at()} shows no tags`);

  const [path, session] = [new URL(page.url()).pathname, page.locator("article h3 a")];
  await follow(session);
  const ofSession = await page.innerText("main");
  for (const told of ["Person", "Came from", "Audit records"]) if (!ofSession.includes(told)) wrong(`${at()} does not tell: ${told}`);
  await follow(page.getByRole("link", { name: "Show the recording" }));
  if (new URL(page.url()).pathname !== path) wrong(`the session of ${path} leads to ${page.url()}`);
  await close();
}

async function anAmbiguousRecording(browser, { site }, wrong) {
  const { page, go, follow, at, close } = await visitor(browser, site, wrong);
  await go(await recording(page, go, "ambiguous"));
  const who = await page.innerText("#who + .lead");
  if (!who.includes("No person is named") || who.includes("@")) wrong(`${at()} says ${who}`);
  const candidates = page.locator("article h3 a");
  const [path, count] = [new URL(page.url()).pathname, await candidates.count()];
  if (count < 2) wrong(`${at()} is of ${count} sessions`);
  if ((await page.innerText(".tags")).includes("bsr-user")) wrong(`${at()} has the tag of a person`);
  await follow(candidates.first());
  if ((await page.locator(`a[href="${path}"]`).count()) !== 1) wrong(`a candidate of ${path} does not lead back to it`);
  await close();
}

async function gaps(browser, { site }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong);
  await go("/ui/");
  await follow(page.locator(".tiles a", { hasText: "sessions without a recording" }));
  const rows = page.getByRole("region", { name: "Sessions" }).locator("tbody tr");
  if ((await rows.count()) !== 12) wrong(`there are ${await rows.count()} sessions without a recording, and not 12`);
  const causes = new Set((await rows.locator(".pill.gap").allInnerTexts()).map((cause) => cause.trim()));
  const advised = new Set(await page.locator(".advice dt").allInnerTexts());
  for (const cause of causes) if (!advised.has(cause)) wrong(`nothing says what to do about ${cause}`);
  await follow(rows.first().locator("th a"));
  if (!(await page.innerText("main")).includes("None was found.")) wrong("a session without a recording does not say so");
  await close();
}

/** The bars of the overview are links, named by their text and their values. */
async function barsLeadToTheirDays(browser, { site }, wrong) {
  const { page, go, follow, at, close } = await visitor(browser, site, wrong);
  await go("/ui/");
  const bottom = await page.locator(".chart svg").first().evaluate((chart) => chart.getBoundingClientRect().bottom);
  if (bottom > 900) wrong(`the first chart ends ${bottom} below the top`);
  const bars = page.locator(".chart").first().locator("svg a");
  const unnamed = await bars.evaluateAll((bars) =>
    bars.filter((bar) => !bar.querySelector("title").textContent.startsWith(bar.querySelector("text")?.textContent ?? "")).length);
  if ((await page.getByRole("link", { name: /^[A-Z][a-z]{2} \d+: \d+ sessions?, \d+ recordings?/ }).count()) !== 30) wrong("the bars are not named by their values");
  if ((await bars.count()) !== 30 || unnamed > 0) wrong(`${unnamed} of ${await bars.count()} bars have another name than their text`);
  await follow(bars.last());
  if (!new URL(page.url()).pathname.startsWith("/ui/days/2026-")) wrong(`a bar leads to ${at()}`);
  await close();
}

async function timesInTheZoneOfTheReader(browser, { site }, wrong) {
  const { page, go, follow, at, close } = await visitor(browser, site, wrong);
  await go("/ui/recordings?q=chidi");
  const before = await column(page, "Created");
  await page.getByLabel("Time zone").fill("Asia/Tokyo");
  await follow(page.getByRole("button", { name: "Show times" }));
  const [after, people] = [await column(page, "Created"), new Set(await column(page, "Person"))];
  if (before.length !== after.length || String(before) === String(after)) wrong(`in Tokyo it is still ${after}`);
  if (!people.has("chidi.eze@contoso.com")) wrong("the search is forgotten");
  for (const next of [page.locator("tbody th a").first(), page.getByRole("link", { name: "Sessions", exact: true }), search(page)]) {
    await follow(next);
    if (!(await page.innerText("footer")).includes("Times are Asia/Tokyo, with UTC on hover")) wrong(`${at()} forgets the zone`);
  }
  await page.getByLabel("Time zone").fill("Mars/Olympus");
  await follow(page.getByRole("button", { name: "Show times" }), true);
  if (!(await page.innerText("main")).includes("Europe/Berlin")) wrong("an unknown zone is not explained");
  await close();
}

async function everyLinkLeadsSomewhere(browser, { site }, wrong) {
  const { page, go, close } = await visitor(browser, site, wrong);
  const paths = new Set();
  for (const path of ["/ui/", "/ui/gaps", "/ui/recordings?match=ambiguous"]) {
    await go(path);
    for (const link of await page.$$eval("a", (links) => links.map((link) => link.getAttribute("href")))) paths.add(link);
  }
  for (const path of paths) {
    // A file is downloaded, and is no page.
    if (path.includes("format=csv")) {
      const file = await page.request.get(new URL(path, site).href);
      if (!file.headers()["content-disposition"]?.startsWith("attachment")) wrong(`${path} is no file`);
    } else if (path.startsWith("/")) await go(path);
  }
  await close();
}

async function withoutScripts(browser, { site }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong, { name: "without scripts", javaScriptEnabled: false });
  for (const path of ["/ui/", "/ui/gaps", "/ui/sessions", "/ui/bastions", "/ui/deletions", "/ui/holds", "/ui/days/2026-03-02", "/ui/health", "/ui/live"]) await go(path);
  await go("/ui/recordings");
  await box(page).fill("vm-app");
  await follow(search(page));
  const found = await names(page);
  if (found.length === 0 || !found.every((name) => name.startsWith("vm-app"))) wrong(`without scripts, vm-app finds ${found}`);
  await follow(page.locator("tbody th a").first());
  if ((await page.innerText("h1")) !== found[0]) wrong("without scripts, no recording can be opened");
  await close();
}

async function inEveryLook(browser, { site, folder }, wrong) {
  const { page, go, close } = await visitor(browser, site, wrong);
  const [certain, ambiguous] = [await recording(page, go, "matched"), await recording(page, go, "ambiguous")];
  await go("/ui/sessions?without_recording=true");
  const [session] = await links(page);
  await go("/ui/sessions");
  const subject = (kind) => page.locator(`tbody a[href^="/ui/${kind}/"]`).first().getAttribute("href");
  const [person, machine] = [await subject("people"), await subject("machines")];
  await close();
  const pages = [
    { name: "overview", path: "/ui/" },
    { name: "recordings", path: "/ui/recordings" },
    { name: "recordings-found", path: "/ui/recordings?q=chidi%202026-03-02" },
    { name: "recordings-none", path: "/ui/recordings?q=chidy" },
    { name: "recordings-wrong-word", path: "/ui/recordings?q=2026-13-40", status: 400 },
    { name: "recordings-wrong", path: "/ui/recordings?from=soon", status: 400 },
    { name: "recording", path: certain },
    { name: "recording-ambiguous", path: ambiguous },
    { name: "sessions", path: "/ui/sessions" },
    { name: "session", path: session },
    { name: "person", path: person },
    { name: "machine", path: machine },
    { name: "gaps", path: "/ui/gaps" },
    { name: "deletions", path: "/ui/deletions" },
    { name: "holds", path: "/ui/holds" },
    { name: "day", path: "/ui/days/2026-03-02" },
    { name: "day-people", path: "/ui/days/2026-03-02?by=person" },
    { name: "live", path: "/ui/live" },
    { name: "bastions", path: "/ui/bastions" },
    { name: "health", path: "/ui/health" },
    { name: "missing", path: "/ui/nothing", status: 404 },
  ];
  await everyLook(browser, site, pages, folder, wrong);
}
