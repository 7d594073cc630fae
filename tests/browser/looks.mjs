// How pages look: in light, in dark, on a narrow screen; and whether everybody can use them.
import axe from "axe-core";
import { picture } from "./browser.mjs";
import { visitor } from "./visit.mjs";

const LOOKS = [
  { name: "light", colorScheme: "light" },
  { name: "dark", colorScheme: "dark" },
  { name: "narrow", colorScheme: "light", viewport: { width: 360, height: 740 } },
];

/** Opens each of `pages` (a name, a path, its status) in every look, and leaves a picture of each in `folder`. */
export async function everyLook(browser, site, pages, folder, wrong, looks = LOOKS) {
  for (const look of looks) {
    // The page's own policy forbids scripts, and the check is one.
    const reader = await visitor(browser, site, wrong, { ...look, bypassCSP: true });
    for (const { name, path, status } of pages) {
      await reader.go(path, status);
      await picture(reader.page, `${folder}/${name}-${look.name}.png`);
      await fits(reader, wrong);
      await hasItsColours(reader, look.colorScheme, wrong);
      await isAccessible(reader, wrong);
    }
    await reader.close();
  }
}

async function fits({ page, at }, wrong) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if (wide > room) wrong(`${at()} is ${wide} wide where there is room for ${room}`);
}

async function hasItsColours({ page, at }, scheme, wrong) {
  const [ground, ink] = await page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color].map((text) => text.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765);
  });
  const isRight = scheme === "dark" ? ground < 0.15 && ink > 0.8 : ground > 0.85 && ink < 0.2;
  if (!isRight) wrong(`${at()}: the ground is ${ground.toFixed(2)} bright and the ink ${ink.toFixed(2)}`);
}

async function isAccessible({ page, at }, wrong) {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}, ${help}: ${node.html}`));
  });
  for (const violation of violations) wrong(`${at()} is not for everybody: ${violation}`);
}
