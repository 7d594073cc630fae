// A catalogue of names that somebody chose to harm whoever reads them: each stays text.
import { everyLook } from "./looks.mjs";
import { links, visitor } from "./visit.mjs";

export const hostile = [namesStayText, everythingIsTold, questionsStayText, inEveryLook];

/** Every page of the catalogue, and on which of them each of `names` is seen. */
async function namesStayText(browser, { site, recordings, sessions }, wrong) {
  const { page, go, close } = await visitor(browser, site, wrong);
  await go("/ui/recordings");
  await areSeen(page, recordings, wrong);
  const ofRecordings = await links(page);
  if (ofRecordings.length !== recordings.length) wrong(`${ofRecordings.length} of ${recordings.length} recordings are listed`);
  await go("/ui/sessions");
  await areSeen(page, sessions, wrong);
  const ofSessions = await links(page);
  const headings = [];
  for (const path of [...ofRecordings, ...ofSessions, "/ui/", "/ui/gaps", "/ui/deletions", "/ui/holds", "/ui/days/2025-11-05?by=person"]) {
    await go(path);
    headings.push(await page.innerText("h1"));
  }
  for (const name of recordings) if (!headings.includes(name)) wrong(`no page is headed ${name}`);
  await close();
}

async function areSeen(page, names, wrong) {
  const text = await page.innerText("main");
  for (const name of names) if (!text.includes(name)) wrong(`${page.url()} does not show ${name} as it is`);
}

/** What a reader asks for is shown in the form again. */
async function questionsStayText(browser, { site, recordings }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong);
  for (const name of [...recordings, `"><script>alert(1)</script>`, `' autofocus onfocus=alert(1) x='`]) {
    await go("/ui/recordings");
    const box = page.getByRole("searchbox", { name: "Search" });
    await box.fill(name.slice(0, 200));
    // A text without a letter is no search.
    await follow(page.getByRole("button", { name: "Search" }), true);
    const kept = await box.inputValue();
    if (kept.trim() !== name.slice(0, 200).trim()) wrong(`${name} was asked for, and the form says ${kept}`);
  }
  for (const path of [`/ui/%22%3E%3Cscript%3Ealert(1)%3C/script%3E`, `/ui/sessions/%3Cb%3E/%3Ci%3E`]) await go(path, 404);
  await go(`/ui/recordings?from=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`, 400);
  await close();
}

/** The page of a recording of which everything is known: rules, a legal hold, its session. */
async function everythingIsTold(browser, { site, certain, told }, wrong) {
  const { page, go, follow, at, close } = await visitor(browser, site, wrong);
  await go(`/ui/recordings?q=${certain}`);
  await follow(page.getByRole("link", { name: certain, exact: true }));
  await areSeen(page, told, wrong);
  for (const part of [".rules > li", ".rules .truth-true", ".rules .truth-false", ".holds li", ".evidence .speaks", ".pill.held"]) {
    if ((await page.locator(part).count()) === 0) wrong(`${at()} has no ${part}`);
  }
  await follow(page.locator("article h3 a"));
  await areSeen(page, ["<script>alert('agent')</script>", "javascript:alert(1)"], wrong);
  await close();
}

async function inEveryLook(browser, { site, folder, certain, recordings }, wrong) {
  const { page, go, close } = await visitor(browser, site, wrong);
  await go("/ui/sessions");
  const [session] = await links(page);
  const person = await page.locator('tbody a[href^="/ui/people/"]').first().getAttribute("href");
  await go("/ui/recordings");
  const path = (name) => page.getByRole("link", { name, exact: true }).getAttribute("href");
  const longest = recordings.reduce((one, other) => (one.length > other.length ? one : other));
  const pages = [
    { name: "hostile-overview", path: "/ui/" },
    { name: "hostile-recordings", path: "/ui/recordings" },
    { name: "hostile-recording", path: await path(certain) },
    { name: "hostile-recording-long", path: await path(longest) },
    { name: "hostile-sessions", path: "/ui/sessions" },
    { name: "hostile-session", path: session },
    { name: "hostile-gaps", path: "/ui/gaps" },
    { name: "hostile-deletions", path: "/ui/deletions" },
    { name: "hostile-holds", path: "/ui/holds" },
    { name: "hostile-day", path: "/ui/days/2025-11-05" },
    { name: "hostile-person", path: person },
  ];
  await close();
  await everyLook(browser, site, pages, folder, wrong);
}
