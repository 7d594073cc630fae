// Forty bastions: overview, bastions and health are read on one screen, and every page prints whole.
import { picture } from "./browser.mjs";
import { everyLook } from "./looks.mjs";
import { visitor } from "./visit.mjs";

export const fleet = [inEveryLook, onOneScreen, onPaper];

const NARROW = { width: 400, height: 900 };
const LOOKS = [
  { name: "light", colorScheme: "light" },
  { name: "dark", colorScheme: "dark" },
  { name: "phone", colorScheme: "light", viewport: NARROW },
  { name: "phone-dark", colorScheme: "dark", viewport: NARROW },
];

const PAGES = [
  { name: "fleet-overview", path: "/ui/" },
  { name: "fleet-bastions", path: "/ui/bastions" },
  { name: "fleet-health", path: "/ui/health" },
  { name: "fleet-recordings", path: "/ui/recordings?q=anna" },
  { name: "fleet-sessions", path: "/ui/sessions" },
  { name: "fleet-gaps", path: "/ui/gaps" },
  { name: "fleet-deletions", path: "/ui/deletions" },
  { name: "fleet-holds", path: "/ui/holds" },
  { name: "fleet-day", path: "/ui/days/2025-11-04" },
  { name: "fleet-person", path: "/ui/people/anna.berg%40contoso.example" },
  { name: "fleet-machine", path: "/ui/machines/vm-sql-3" },
];

async function inEveryLook(browser, { site, folder }, wrong) {
  await everyLook(browser, site, PAGES, folder, wrong, LOOKS);
}

/** Rows are one line high, and what is asked first is at the top of the first screen. */
async function onOneScreen(browser, { site }, wrong) {
  for (const viewport of [{ width: 1280, height: 900 }, NARROW]) {
    const { page, go, at, close } = await visitor(browser, site, wrong, { viewport, name: `${viewport.width}` });
    await go("/ui/bastions");
    const rows = page.locator(".heat tbody tr");
    if ((await rows.count()) !== 40) wrong(`${at()} has ${await rows.count()} bastions`);
    const bottom = await rows.last().evaluate((row) => row.getBoundingClientRect().bottom);
    if (bottom > 1.5 * viewport.height) wrong(`${at()}: the last bastion is ${bottom} below the top`);
    const seen = await page.locator(".heat thead th").evaluateAll((heads) => heads.map((head) => [head.innerText, head.getBoundingClientRect().right]));
    for (const [name, right] of seen) if (["7 days", "30 days"].includes(name) && right > viewport.width) wrong(`${at()}: ${name} is not seen`);
    await go("/ui/health");
    const first = await page.locator(".matrix tbody tr").first().innerText();
    if (!first.startsWith("bas-neu-09")) wrong(`${at()}: the worst bastion is not first: ${first}`);
    await go("/ui/sessions");
    const heights = await page.$$eval(".rows tbody tr", (rows) => rows.map((row) => row.getBoundingClientRect().height));
    if (Math.max(...heights) > 38) wrong(`${at()} has a row that is ${Math.max(...heights)} high`);
    const edges = await page.$$eval(".rows thead th", (heads) => heads.slice(0, 2).map((head) => [head.innerText, head.getBoundingClientRect().right]));
    if (String(edges.map(([name]) => name)) !== "Person,Machine" || edges[1][1] > viewport.width) wrong(`${at()} begins with ${edges}`);
    await close();
  }
}

/** On paper every list is whole, with the question on it. */
async function onPaper(browser, { site, folder }, wrong) {
  const { page, go, at, close } = await visitor(browser, site, wrong, { name: "on paper" });
  await page.emulateMedia({ media: "print" });
  for (const { name, path } of PAGES) {
    await go(path);
    await page.setViewportSize({ width: 1000, height: 1400 });
    await picture(page, `${folder}/${name}-print.png`);
    const cut = await page.$$eval(".table", (tables) => tables.filter((table) => table.scrollWidth > table.clientWidth + 1).length);
    if (cut > 0) wrong(`${at()} cuts ${cut} tables`);
    const closed = await page.$$eval("details:not([open]) table tr", (rows) => rows.filter((row) => row.getBoundingClientRect().height === 0).length);
    if (closed > 0) wrong(`${at()} leaves out ${closed} rows`);
  }
  await go("/ui/recordings?q=anna%20tue&state=settled");
  const told = await page.locator(".on-paper").first().innerText();
  if (told !== "Asked for: Search: anna tue. State: settled.") wrong(`${at()} says: ${told}`);
  await close();
}
