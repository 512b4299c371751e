// Accessibility, best practices and SEO of five pages by Lighthouse, on a phone: `node scripts/lighthouse.mjs`.
//
// It looks at a demonstration that runs (`portico demo`) with the npm package `lighthouse`, which is no dependency of
// Portico: `npm install --prefix /tmp/lighthouse lighthouse`, then
// `node scripts/lighthouse.mjs /tmp/lighthouse http://localhost:8000/portal/nordwind/s/pl_…`, a portal link of the
// demonstration. CHROME_PATH says where Chromium is. Exit status 1 when a page has less than 100.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [, , folder, link] = process.argv;
if (!folder || !link) {
  console.error("Usage: node scripts/lighthouse.mjs FOLDER_WITH_LIGHTHOUSE PORTAL_LINK");
  process.exit(2);
}
const require = createRequire(join(folder, "package.json"));
const { default: lighthouse } = await import(require.resolve("lighthouse"));
const { version } = require("lighthouse/package.json");
const portal = link.replace(/s\/[^/]*$/, "");
const port = 9333;
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", `--remote-debugging-port=${port}`];
const chrome = spawn(process.env.CHROME_PATH ?? "chromium", [...flags, `--user-data-dir=${mkdtempSync(join(tmpdir(), "lh-"))}`, "about:blank"], { stdio: "ignore" });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let browser;
for (let tries = 0; !browser && tries < 60; tries += 1) {
  await pause(500);
  browser = await fetch(`http://127.0.0.1:${port}/json/version`).then((answer) => answer.json(), () => undefined);
}
console.log(`Lighthouse ${version}, ${browser.Browser}`);

// Portals are kept out of search engines on purpose.
const settings = { port, disableStorageReset: true, onlyCategories: ["accessibility", "best-practices", "seo"], skipAudits: ["is-crawlable"] };
let failed = false;
const look = async (name, url) => {
  const { lhr } = await lighthouse(url, settings);
  const scores = Object.values(lhr.categories).map(({ title, score }) => `${title} ${Math.round(score * 100)}`);
  const refs = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs).filter(({ weight }) => weight);
  const wrong = [...new Set(refs.map(({ id }) => id))].filter((id) => lhr.audits[id].score !== null && lhr.audits[id].score < 1);
  failed ||= wrong.length > 0 || lhr.runtimeError !== undefined;
  console.log(`${name}: ${scores.join(", ")}`);
  for (const id of wrong) console.log(`  ${id}: ${lhr.audits[id].title} ${JSON.stringify(lhr.audits[id].details?.items ?? []).slice(0, 600)}`);
  if (lhr.runtimeError) console.log(`  ${lhr.runtimeError.message}`);
};
try {
  await look("Sign in", `${portal}sign-in`);
  const opened = await fetch(link, { redirect: "manual" });
  const Cookie = opened.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  const list = await fetch(`${portal}activity/invoices`, { headers: { Cookie } }).then((answer) => answer.text());
  const invoice = list.match(/\/invoices\/([\w-]+)"/)?.[1];
  // The browser opens the link as well, and keeps its own session.
  await fetch(`http://127.0.0.1:${port}/json/new?${link}`, { method: "PUT" });
  await pause(4000);
  const pages = { "My Account": "", Activity: "activity/invoices", Invoice: `invoices/${invoice}`, Pay: "pay" };
  for (const [name, path] of Object.entries(pages)) await look(name, portal + path);
} finally {
  chrome.kill();
}
process.exit(failed ? 1 : 0);
