// What a reader comes for: what is typed and clicked, and how many clicks it takes.
import { column, visitor } from "./visit.mjs";

export const jobs = [
  whatAnnaDid,
  playIt,
  playTheArchived,
  deletedByAnother,
  isRecordingWorking,
  whatHappenedOnThatDay,
  everythingAboutAPerson,
  everythingAboutAMachine,
  whatIsDeletedNext,
  whichHoldsExist,
  whatNeedsAttention,
  exportForSomebody,
  keepItFresh,
];

/** A reader who begins at the overview, and whose clicks are counted. */
async function reader(browser, site, wrong) {
  const visit = await visitor(browser, site, wrong);
  let clicks = 0;
  await visit.go("/ui/");
  const click = async (locator) => {
    clicks += 1;
    await visit.follow(locator);
  };
  const search = async (text) => {
    await visit.page.getByRole("searchbox", { name: "Search recordings" }).fill(text);
    await visit.page.keyboard.press("Enter");
    await visit.page.waitForURL("**/ui/recordings?**");
  };
  const download = async (locator) => {
    clicks += 1;
    const [file] = await Promise.all([visit.page.waitForEvent("download"), locator.click()]);
    return file;
  };
  const done = async (job, expected) => {
    if (clicks !== expected) wrong(`${job} takes ${clicks} clicks, and not ${expected}`);
    await visit.close();
  };
  const text = () => visit.page.innerText("main");
  const menu = (name) => visit.page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name });
  return { ...visit, click, download, search, done, text, menu };
}

const says = (text, told, wrong, job) => {
  for (const one of told) if (!text.includes(one)) wrong(`${job} does not tell: ${one}`);
};

async function whatAnnaDid(browser, { site }, wrong) {
  const { page, search, done } = await reader(browser, site, wrong);
  await search("anna sql-3 last tuesday");
  const [people, machines, times] = [await column(page, "Person"), await column(page, "Machine"), await column(page, "Created")];
  if (String([people, machines, times]) !== "anna.berg@contoso.example,vm-sql-3,2025-11-04 11:12") wrong(`Anna did ${people} ${machines} ${times}`);
  const hover = await page.locator("tbody time").first().getAttribute("title");
  if (hover !== "Tuesday, yesterday; 2025-11-04 10:12:00 UTC") wrong(`the time on hover is ${hover}`);
  const id = await page.locator("tbody th a").getAttribute("title");
  if (!/^rec_[a-z0-9]{26} vm-sql-3/.test(id)) wrong(`the hover text of the recording is ${id}`);
  await done("what Anna did", 0);
}

async function playIt(browser, { site }, wrong) {
  const { page, search, click, text, done } = await reader(browser, site, wrong);
  await search("anna sql-3 last tuesday");
  await click(page.locator("tbody td a time").first());
  const play = page.getByRole("link", { name: "Play in the portal" });
  const target = await play.getAttribute("href");
  if (!target.startsWith("https://portal.azure.com/#resource/subscriptions/1/")) wrong(`play leads to ${target}`);
  const [title, button] = [await page.locator("h1").boundingBox(), await play.boundingBox()];
  if (Math.abs(title.y - button.y) > 20) wrong("play is not beside the title");
  const name = await page.locator("code.copy").first().innerText();
  if (name !== (await page.innerText("h1"))) wrong(`the name to copy is ${name}`);
  const chosen = await page.locator("code.copy").first().evaluate((code) => getComputedStyle(code).userSelect);
  if (chosen !== "all") wrong("one click does not select the whole name");
  says(await text(), ["anna.berg@contoso.example is on it", "rec_"], wrong, "playing it");
  await done("playing it", 1);
}

async function playTheArchived(browser, { site }, wrong) {
  const { page, search, click, text, done } = await reader(browser, site, wrong);
  await search("anna sql-3 2025-10-21");
  await click(page.locator("tbody td a time").first());
  says(await text(), ["archive tier: change its tier to Hot first"], wrong, "an archived recording");
  await done("an archived recording", 1);
}

async function deletedByAnother(browser, { site }, wrong) {
  const { page, search, click, text, done } = await reader(browser, site, wrong);
  await search("chidi sql-3 deleted");
  await click(page.locator("tbody td a time").first());
  const banner = await page.locator(".notice.critical").innerText();
  if (!banner.startsWith("Somebody else deleted this recording.")) wrong(`the banner says ${banner}`);
  if (/kept until|stays until/.test(await text())) wrong("a deleted recording is said to be kept");
  await done("a deleted recording", 1);
}

async function isRecordingWorking(browser, { site }, wrong) {
  const { page, menu, click, text, done } = await reader(browser, site, wrong);
  await click(menu("Bastions"));
  const worst = page.getByRole("row", { name: /bas-neu-09/ });
  const cells = await worst.locator("td").allInnerTexts();
  if (!cells.slice(0, 2).every((percent) => Number(percent) < 100)) wrong(`coverage of the worst bastion is ${cells}`);
  const filled = worst.locator("td[class*=heat-] a").first();
  await click(filled);
  const shown = await column(page, "Recording");
  if (shown.length === 0 || shown.some((cause) => cause.startsWith("rec_"))) wrong(`a cell leads to ${shown}`);
  if ((await column(page, "Bastion")).some((bastion) => bastion !== "bas-neu-09")) wrong("a cell leads to another bastion");
  says(await text(), ["Download as CSV"], wrong, "coverage");
  await done("whether recording works", 2);
}

async function whatHappenedOnThatDay(browser, { site }, wrong) {
  const { page, click, text, done } = await reader(browser, site, wrong);
  await click(page.getByRole("link", { name: "Today" }));
  await click(page.getByRole("link", { name: "Day before" }));
  says(await text(), ["2025-11-04", "Tuesday, yesterday", "vm-sql-3"], wrong, "a day");
  const lane = page.locator(".lanes li", { hasText: "vm-sql-3" }).getByRole("img");
  if ((await lane.getAttribute("aria-label")) !== "1 session, 0 without a recording, 1 recording, 0 failed logins") wrong("the lane of vm-sql-3 is another");
  await done("what happened on a day", 2);
}

async function everythingAboutAPerson(browser, { site }, wrong) {
  const { page, search, click, text, done } = await reader(browser, site, wrong);
  await search("anna");
  await click(page.locator("tbody a", { hasText: "anna.berg" }).first());
  says(await text(), ["Person anna.berg@contoso.example", "First seen 2025-10-21 10:00 (15 days ago)", "Failed logins", "Sessions as CSV"], wrong, "a person");
  await done("everything about a person", 1);
}

async function everythingAboutAMachine(browser, { site }, wrong) {
  const { page, search, click, text, done } = await reader(browser, site, wrong);
  await search("sql-3");
  await click(page.locator("tbody a", { hasText: "vm-sql-3" }).first());
  says(await text(), ["Machine vm-sql-3", "anna.berg@contoso.example", "Recordings as CSV"], wrong, "a machine");
  await done("everything about a machine", 1);
}

async function whatIsDeletedNext(browser, { site }, wrong) {
  const { page, menu, click, text, done } = await reader(browser, site, wrong);
  await click(menu("Deletions"));
  const rows = page.getByRole("region", { name: "Recordings in their grace period" }).locator("tbody tr");
  if ((await rows.count()) !== 3) wrong(`${await rows.count()} recordings are in their grace period`);
  says(await text(), ["brief", "the default", "vm-old-0", "2025-11-03", "2 days ago"], wrong, "deletions");
  await done("what is deleted next", 1);
}

async function whichHoldsExist(browser, { site }, wrong) {
  const { menu, click, text, done } = await reader(browser, site, wrong);
  await click(menu("Holds"));
  says(await text(), ["2025-17", "letter of counsel", "anna.berg@contoso.example", "counsel"], wrong, "holds");
  await done("which holds exist", 1);
}

async function whatNeedsAttention(browser, { site }, wrong) {
  const { page, text, done } = await reader(browser, site, wrong);
  const items = await page.locator(".attention li").allInnerTexts();
  if (items.length < 4) wrong(`attention is only on ${items}`);
  says(await text(), ["session recording is on", "deleted by somebody else", "bas-neu-09"], wrong, "attention");
  const tones = await page.$$eval(".attention li", (items) => items.map((item) => item.className));
  if (tones.lastIndexOf("critical") > tones.indexOf("warning")) wrong(`the critical ones are not first: ${tones}`);
  await done("what needs attention", 0);
}

async function exportForSomebody(browser, { site }, wrong) {
  const { page, search, download, done } = await reader(browser, site, wrong);
  await search("anna sql-3 last tuesday");
  const file = await download(page.getByRole("link", { name: "Download as CSV" }));
  if (file.suggestedFilename() !== "recordings-2025-11-05.csv") wrong(`the file is called ${file.suggestedFilename()}`);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString("utf8").trim().split("\n");
  if (lines.length !== 2 || !lines[0].startsWith("schema,id,state,match,person,")) wrong(`the file has ${lines}`);
  if (!lines[1].includes("anna.berg@contoso.example")) wrong(`the row is ${lines[1]}`);
  await done("an export", 1);
}

/** Off by default; one click turns it on, and another off. */
async function keepItFresh(browser, { site }, wrong) {
  const { page, go, follow, close } = await visitor(browser, site, wrong);
  for (const path of ["/ui/", "/ui/live", "/ui/days/2025-11-04?by=person"]) {
    await go(path);
    const meta = page.locator('meta[http-equiv="refresh"]');
    if ((await meta.count()) !== 0) wrong(`${path} refreshes itself unasked`);
    await follow(page.getByRole("link", { name: "Refresh every minute" }));
    if ((await meta.getAttribute("content")) !== "60") wrong(`${path} does not refresh itself`);
    await follow(page.getByRole("link", { name: "Stop refreshing" }));
    if ((await meta.count()) !== 0) wrong(`${path} still refreshes itself`);
  }
  await close();
}
