// Whoever has no mouse reaches everything, and always sees where they are.
import { names, visitor } from "./visit.mjs";

export async function keyboardAlone(browser, { site }, wrong) {
  // A page that still glides to where the focus is tells nothing of what is seen.
  const { page, go, at, close } = await visitor(browser, site, wrong, { reducedMotion: "reduce" });
  const tab = async () => {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(focus);
    if (!focused.isSeen) wrong(`${at()}: nobody sees that ${focused.name} has the focus`);
    return focused.name;
  };
  const until = async (wanted) => {
    const passed = [];
    for (let steps = 0; steps < 120; steps++) {
      const name = await tab();
      passed.push(name);
      if (name === wanted) return passed;
    }
    wrong(`${at()}: ${wanted} is not reached by Tab, only ${passed.join(", ")}`);
    return passed;
  };
  await go("/ui/");
  if ((await tab()) !== "Skip to the content") wrong("the first Tab does not lead to the way past the navigation");
  await page.keyboard.press("Enter");
  if ((await page.evaluate(() => document.activeElement.id)) !== "main") wrong("the way past the navigation leads elsewhere");
  await go("/ui/");
  await until("Recordings");
  await Promise.all([page.waitForURL("**/ui/recordings"), page.keyboard.press("Enter")]);
  const passed = await until("q");
  for (const place of ["Overview", "Recordings", "Sessions", "Gaps"]) if (!passed.includes(place)) wrong(`Tab passes ${place} over`);
  await page.keyboard.type("vm-dc");
  await until("Filters");
  await page.keyboard.press("Enter");
  const fields = await until("held");
  for (const field of ["person", "machine", "class", "from", "to", "bastion", "state", "match", "held"]) {
    if (!fields.includes(field)) wrong(`Tab passes the field ${field} over`);
  }
  await Promise.all([page.waitForURL("**q=vm-dc**"), page.keyboard.press("Enter")]);
  const [first] = await names(page);
  await until(first);
  await Promise.all([page.waitForURL("**/ui/recordings/rec_*"), page.keyboard.press("Enter")]);
  if ((await page.innerText("h1")) !== first) wrong(`Enter on ${first} leads to ${await page.innerText("h1")}`);
  await go("/ui/");
  await until("As a table");
  await page.keyboard.press("Enter");
  if ((await page.locator("details[open] table").count()) !== 1) wrong("Enter does not open the table of a chart");
  await close();
}

/** What has the focus, and whether anybody sees it. Runs in the page. */
function focus() {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { width, height, top, bottom } = element.getBoundingClientRect();
  const isInView = width > 1 && height > 1 && bottom > 0 && top < innerHeight;
  const isSeen = isInView && outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  const name = element.getAttribute("name") ?? element.getAttribute("aria-label") ?? element.innerText.trim();
  return { name, isSeen };
}
