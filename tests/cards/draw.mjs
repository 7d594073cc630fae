// Reads { folder, cards: [{ name, mark, teams, slack }] } from standard input and draws one picture of each card into the
// folder: on the left as Microsoft's renderer of Adaptive Cards shows what Teams is sent, on the right what Slack is sent,
// for which there is no renderer but this one. What is wrong stands in standard output, a line for each.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { withBrowser } from "../browser/browser.mjs";
import { png } from "./png.mjs";
import { drawn } from "./slack.mjs";
import { teams } from "./teams.mjs";

const here = createRequire(import.meta.url);
const FRAME = `<!doctype html><html lang="en"><title>Cards</title><main>
  <section><h2>Teams, as Microsoft's renderer shows it</h2><div id="teams"></div></section>
  <section><h2>Slack, as we draw it</h2><div id="slack"></div></section></main>`;

const { folder, cards } = JSON.parse(readFileSync(0, "utf8"));
const problems = [];
mkdirSync(folder, { recursive: true });
await withBrowser(async (browser) => {
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  for (const { name, mark, teams: message, slack } of cards) {
    const wrong = (what) => problems.push(`${name}: ${what}`);
    await page.setContent(FRAME);
    await page.addStyleTag({ path: new URL("cards.css", import.meta.url).pathname });
    for (const script of ["adaptivecards/dist/adaptivecards.js", "markdown-it/dist/markdown-it.min.js"]) {
      await page.addScriptTag({ path: here.resolve(script) });
    }
    await page.$eval("#slack", (place, html) => (place.innerHTML = html), drawn(slack.blocks, wrong));
    for (const what of await page.evaluate(teams, message.attachments[0].content)) wrong(what);
    const shot = await page.locator("main").screenshot();
    const pixels = await page.evaluate(pixelsOf, shot.toString("base64"));
    writeFileSync(join(folder, `${name}.png`), png({ ...pixels, rgba: Buffer.from(pixels.rgba, "base64") }, mark));
  }
});
process.stdout.write(problems.map((problem) => `${problem}\n`).join(""));
process.exitCode = problems.length === 0 ? 0 : 1;

// Runs in the page: what is in a picture, four bytes for each point.
async function pixelsOf(shot) {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${shot}`)).blob());
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const points = canvas.getImageData(0, 0, width, height).data;
  let text = "";
  for (let at = 0; at < points.length; at += 32768) text += String.fromCharCode(...points.subarray(at, at + 32768));
  return { width, height, rgba: btoa(text) };
}
