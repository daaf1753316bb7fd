// Opens the playground in headless Chromium, runs the examples and prints what a person would see, as one JSON line.
//   node playground.mjs <path of Chromium> <page address> <file for the screenshot>
import { chromium } from "playwright-core";

const [executablePath, address, screenshot] = process.argv.slice(2);

/** The editor learns the name of a tab's operation a moment after the tab is opened. */
const SETTLE_MS = 400;

const browser = await chromium.launch({
  executablePath,
  args: [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // what the page asks of another machine is taken note of and never leaves this one
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
try {
  console.log(JSON.stringify(await visit(await browser.newPage({ viewport: { width: 1500, height: 950 } }))));
} finally {
  await browser.close();
}

async function visit(page) {
  const complaints = [];
  const requests = [];
  const workers = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("worker", (worker) => workers.push(worker.url()));
  page.context().on("request", (request) => requests.push(request.url()));

  await page.goto(address);
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  const tabs = await page.locator(".graphiql-tab-button").allInnerTexts();

  const answered = page.waitForResponse((response) => {
    const sent = response.request().postDataJSON();
    return sent !== null && sent.operationName !== "IntrospectionQuery";
  });
  await page.locator(".graphiql-execute-button").click();
  const response = await answered;
  const answer = page.locator(".result-window .view-lines");
  await answer.filter({ hasText: '"data"' }).waitFor();
  await page.locator(".plan li").first().waitFor();
  await page.screenshot({ path: screenshot });
  const first = {
    plan: await page.locator(".plan header").innerText(),
    calls: await page.locator(".plan li").allInnerTexts(),
    answer: (await answer.innerText()).replaceAll("\u00a0", " "),
  };

  return {
    tabs,
    sent: response.request().headers(),
    received: await response.json(),
    ...first,
    panels: await measurePanels(page, tabs),
    remembered: await readRemembered(page),
    workers,
    requests,
    complaints,
  };
}

/** Run every example in a smaller window, and return where the plan's header ends there, with the window's own height. */
async function measurePanels(page, tabs) {
  await page.setViewportSize({ width: 1400, height: 900 });
  const panels = {};
  for (const [index, name] of tabs.entries()) {
    await page.locator(".graphiql-tab-button").nth(index).click();
    await page.waitForTimeout(SETTLE_MS);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.locator(".graphiql-execute-button").click();
    await answered;
    await page.locator(".graphiql-execute-button[aria-label^=Execute]").waitFor();
    panels[name] = await page.locator(".plan header").evaluate((header) => [
      header.getBoundingClientRect().bottom,
      innerHeight,
    ]);
  }
  return panels;
}

/** Answer an operation with a plan of which only one call went to the vendor, and return how it is told. */
async function readRemembered(page) {
  const calls = ["miss", "hit", "hit", "shared"].map((cache) => ({ source: "shop", operation: cache, cache, rows: 2 }));
  await page.route("**/graphql", (route) =>
    route.fulfill({ json: { data: null, extensions: { plan: { calls, durationMs: 5 } } } }),
  );
  await page.locator(".graphiql-execute-button").click();
  await page.locator(".plan li").filter({ hasText: "shared" }).first().waitFor();
  const told = [page.locator(".plan header").innerText(), page.locator(".plan li").allInnerTexts()];
  const [plan, shown] = await Promise.all(told);
  return { plan, calls: shown };
}
