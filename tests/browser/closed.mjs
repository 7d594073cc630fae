// The site where no setting says who stands in front: nobody sees anything but what to do.
import { everyLook } from "./looks.mjs";
import { visitor } from "./visit.mjs";

export const closed = [nobodySeesAnything, inEveryLook];

async function nobodySeesAnything(browser, { site, names }, wrong) {
  const { page, go, close } = await visitor(browser, site, wrong);
  for (const path of ["/ui/", "/ui/recordings", "/ui/sessions", "/ui/gaps", "/ui/bastions", "/ui/nothing"]) {
    await go(path, 403);
    const text = await page.innerText("main");
    for (const told of ["Authentication", "Archivist.Reader", "ARCHIVIST_PAGE_AUTH", "app-service"]) {
      if (!text.includes(told)) wrong(`${path} does not say what to do about ${told}`);
    }
    for (const name of names) if (text.includes(name)) wrong(`${path} shows ${name} to nobody`);
  }
  await close();
}

async function inEveryLook(browser, { site, folder }, wrong) {
  await everyLook(browser, site, [{ name: "closed", path: "/ui/", status: 403 }], folder, wrong);
}
