// The browser: Debian's Chromium, installed where it is missing, or the one that BROWSER names.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const INSTALL = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends", "chromium"];

// Nothing but what is asked for: no looking for updates, no first steps, and no name but this machine's leads anywhere.
const QUIET = [
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
  "--no-sandbox",
  // Shared memory is small in containers, and a picture of a long page does not fit.
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where a browser is; installs one where there is none and this user may. */
export function found() {
  const named = process.env.ARCHIVIST_TEST_BROWSER;
  if (named) return named;
  if (!existsSync(CHROMIUM)) install();
  return CHROMIUM;
}

function install() {
  const command = INSTALL.join(" ");
  if (process.getuid() !== 0) {
    throw new Error(`no browser here: run \`sudo ${command}\`, or name one with ARCHIVIST_TEST_BROWSER`);
  }
  const run = (...words) => execFileSync(words[0], words.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
  try {
    run(...INSTALL);
  } catch {
    // A machine that has never looked for packages knows of none, and an interrupted installation blocks the next one.
    run("apt-get", "update");
    run("dpkg", "--configure", "-a");
    run("apt-get", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "--fix-broken");
    run(...INSTALL);
  }
}

/** Starts it with a profile of its own, hands it over, and ends it. */
export async function withBrowser(use) {
  // Its profile, caches and crash reports go where they are removed again.
  const home = mkdtempSync(join(tmpdir(), "archivist-browser-"));
  try {
    const options = { executablePath: found(), args: QUIET, headless: true, artifactsDir: home };
    const browser = await chromium.launch({ ...options, env: { ...process.env, HOME: home, TMPDIR: home } });
    try {
      return await use(browser);
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Saves a picture of the whole page for review. Nothing is checked on it, so a picture that fails, fails no check. */
export async function picture(page, path) {
  await page.screenshot({ path, fullPage: true }).catch((failure) => console.error(`no picture at ${path}: ${failure.message}`));
}
