// Goes through the site in Firefox by WebDriver BiDi: node firefox.mjs <firefox> <address>. Prints what was seen, as JSON.
import { launch } from "puppeteer-core";

const [, , executablePath, address] = process.argv;
const browser = await launch({ browser: "firefox", executablePath, headless: true, extraPrefsFirefox: { "intl.accept_languages": "pl" } });
const seen = { errors: [] };
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.setViewport({ width: 1280, height: 800 });
  const text = (selector) => page.$eval(selector, (element) => element.textContent.trim());
  await page.goto(`${address}/`);
  await page.waitForSelector("body[data-ready]");
  seen.lead = await text(".panel-body .lead");
  seen.listed = await page.$$eval(".items .item", (items) => items.length);
  seen.inks = await page.$eval("canvas.map-canvas", (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const found = new Set();
    for (let at = 0; at < data.length; at += 4 * 97) found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
    return found.size;
  });
  await page.click(".items .item");
  await page.waitForSelector(".detail .figures");
  seen.hexagon = await text(".detail h1");
  await page.goto(`${address}/#/report`);
  await page.waitForSelector(".panel-body .alarm");
  const forward = () => page.click(".panel-foot .button.primary");
  const step = async (title) => page.waitForFunction((wanted) => document.querySelector(".panel h1")?.textContent === wanted, {}, title);
  await forward();
  await page.waitForSelector("label.option");
  seen.what = await text(".panel h1");
  await page.click("label.option");
  await step("Gdzie?");
  await page.click("summary");
  await page.type("#lat", "53.1781");
  await page.type("#lon", "22.0594");
  await page.click("details .button");
  for (const title of ["Kiedy?", "Coś jeszcze?", "Czy wszystko się zgadza?"]) {
    await forward();
    await step(title);
  }
  seen.summary = await text(".answers");
  await page.goto(`${address}/dane/`);
  await page.waitForSelector(".card .plot-svg");
  seen.charts = await page.$$eval(".card .plot-svg", (drawn) => drawn.length);
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
