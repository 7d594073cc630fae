// A reader in a browser: every page that is opened is looked at for what no page may do.

/** Opens pages of one site in a context of its own, and tells `wrong` of whatever no page may do. */
export async function visitor(browser, site, wrong, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const refused = new Set();
  const page = await context.newPage();
  const at = () => `${new URL(page.url()).pathname} ${options.name ?? ""}`.trim();
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== site) wrong(`${at()} asks ${request.url()}, which is not ours`);
  });
  context.on("console", (message) => {
    // A browser also writes down that a page was refused, which is right where it was asked for.
    const isRefusal = refused.has(message.location().url) && message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !isRefusal) wrong(`${at()}: the console says ${message.text()}`);
  });
  context.on("weberror", (error) => wrong(`${at()}: ${error.error()}`));
  page.on("dialog", (dialog) => {
    wrong(`${at()} opens a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });

  /** Opens a page that is answered with this status. */
  async function go(path, status = 200) {
    const address = new URL(path, site).href;
    if (status !== 200) refused.add(address);
    const response = await page.goto(address);
    if (response.status() !== status) wrong(`${path} is answered with ${response.status()}, not ${status}`);
    await look();
  }

  /** Follows a link or sends a form, and looks at the page that it leads to once that is there as a whole. */
  async function follow(locator, mayBeRefused = false) {
    if (mayBeRefused) page.once("response", (response) => refused.add(response.url()));
    await Promise.all([page.waitForEvent("domcontentloaded"), locator.click()]);
    await look();
  }

  async function look() {
    for (const found of await page.evaluate(forbidden)) wrong(`${at()}: ${found}`);
  }

  return { page, go, follow, at, close: () => context.close() };
}

/** The names in the first column of what is listed, and where they lead. */
export const names = (page) => page.$$eval("tbody th a", (links) => links.map((link) => link.textContent));
export const links = (page) => page.$$eval("tbody th a", (links) => links.map((link) => link.getAttribute("href")));

/** The cells below a heading of the first table. */
export async function column(page, heading) {
  const headings = await page.locator("table").first().locator("thead th").allInnerTexts();
  const nth = headings.indexOf(heading) + 1;
  return page.$$eval(`tbody tr > :nth-child(${nth})`, (cells) => cells.map((cell) => cell.innerText.trim()));
}

/** What no page may hold, and what each must. Runs in the page. */
function forbidden() {
  const found = [];
  const all = [...document.querySelectorAll("*")];
  const never = all.filter((element) => element.matches("script, iframe, object, embed, img, style, base, [style]"));
  found.push(...never.map((element) => `holds ${element.outerHTML.slice(0, 80)}`));
  for (const element of all) {
    const handlers = element.getAttributeNames().filter((name) => name.startsWith("on"));
    if (handlers.length > 0) found.push(`acts on ${handlers}: ${element.outerHTML.slice(0, 80)}`);
    const target = element.getAttribute("href") ?? element.getAttribute("action");
    if (target !== null && !/^(\/ui\/|#|https:\/\/portal\.azure\.com\/)/.test(target)) found.push(`leads to ${target}`);
  }
  const ids = all.map((element) => element.id).filter((id) => id !== "");
  if (new Set(ids).size !== ids.length) found.push(`has an id twice: ${ids}`);
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) found.push(`has ${headings} first headings`);
  if (!document.title.endsWith(" · Bastion Archivist")) found.push(`is called ${document.title}`);
  if (document.documentElement.lang !== "en") found.push("has no language");
  return found;
}
